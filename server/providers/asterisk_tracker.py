"""Follows an Asterisk's messages: channels into calls, calls into events. Pure and replayable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from server.calls import CallEvent
from server.providers import values
from server.providers.ami import Message
from server.providers.asterisk_calls import MARK, PbxCall
from server.providers.channels import NOBODY, RINGING, TRUNK, UP, Channel, Channels

MOST = 5000  # channels at once; a small PBX has dozens

GROUP = "ext-group"  # FreePBX's ring groups; the group is the extension there
MAILBOX = re.compile(r"^(?:macro-|sub-)?(?:vm|voicemail)", re.IGNORECASE)
RESTRICTED = 0x20  # of CID-CallingPres, bits 0x60: the caller does not want to be known

Calls = list[PbxCall]


class Tracker:
    def __init__(self, trunks: frozenset[str] = frozenset()) -> None:
        self.channels = Channels(trunks)
        self.wishes: dict[str, str] = {}  # our marks -> the numbers that we asked to be dialled
        self._calls: dict[str, PbxCall] = {}
        self._of: dict[str, PbxCall] = {}

    def __len__(self) -> int:
        return len(list(self.calls()))

    def step(self, said: Message, now: float) -> list[CallEvent]:
        handle = HANDLERS.get(said.get("event", ""))
        return self.told(handle(self, said, now), now) if handle else []

    def reminded(self, now: float) -> list[CallEvent]:
        return [event for call in self.calls() for event in call.still_rings(now)]

    def told(self, touched: Iterable[PbxCall], now: float) -> list[CallEvent]:
        events = []
        for call in touched:
            events += call.news(self.channels, now)
            if not call.channels:
                self._forget(call)
        return events

    def calls(self) -> Iterable[PbxCall]:
        return list({id(call): call for call in self._calls.values()}.values())

    def call_of(self, channel: Channel | None) -> PbxCall | None:
        return self._of.get(channel.uid) if channel else None

    # Whose channel it is

    def meet(self, said: Message, now: float, side: str = "") -> Channel | None:
        channel, new = self.channels.meet(said, now, side)
        if channel is None:
            return None
        linked = said.get(side + "linkedid") or channel.linked
        if new:
            self._join(channel, linked)
        elif linked != channel.linked:
            channel.linked = linked
            self._relink(channel, linked)
        if not side:
            self._look_around(channel, said)
        return channel

    def _join(self, channel: Channel, linked: str) -> None:
        call = self._calls.get(linked)
        if call is None:
            match = MARK.match(linked)
            call = PbxCall(values.key(linked), channel, channel.born, match[1] if match else "")
            call.number = self.wishes.get(call.mark, "")
            self._know(call, linked)
        elif channel.uid == linked and not call.has_head():
            call.first = channel
        self._move(channel, call)
        if len(self.channels) > MOST and (crowded := self.drop(next(iter(self.channels)))):
            crowded.over = True
            self._forget(crowded)

    def _know(self, call: PbxCall, linked: str) -> None:
        call.ids.add(linked)
        self._calls[linked] = call

    def _move(self, channel: Channel, call: PbxCall) -> None:
        before = self._of.get(channel.uid)
        if before is not None and before is not call:
            before.channels.pop(channel.uid, None)
            if not before.channels:
                self._forget(before)
        self._of[channel.uid] = call
        call.channels[channel.uid] = channel

    def _relink(self, channel: Channel, linked: str) -> None:
        """Two calls became one, under the older's id. A guest keeps the call that was told, under both ids."""
        call, other = self._of.get(channel.uid), self._calls.get(linked)
        if call is None or other is call:
            return
        if other is None or (channel.kind == TRUNK and channel is call.guest and not other.has_guest()):
            self._know(call, linked)

    def _look_around(self, channel: Channel, said: Message) -> None:
        """Where the dialplan has the call now: in a ring group, at the mailbox."""
        call, context = self._of.get(channel.uid), said.get("context", "")
        if call is None or channel is not call.first:
            return
        if context == GROUP:
            call.group = call.group or values.text(said.get("exten"))
        if channel.state == UP and MAILBOX.match(context):
            call.mailbox = True

    def drop(self, channel: Channel) -> PbxCall | None:
        call = self._of.pop(channel.uid, None)
        if call:
            call.note(channel, self.channels)
            call.channels.pop(channel.uid, None)
            if call.over and not call.channels:
                self._forget(call)
        self.channels.hang_up(channel)
        return call

    def _forget(self, call: PbxCall) -> None:
        for linked in call.ids:
            if self._calls.get(linked) is call:
                del self._calls[linked]

    def _calls_of(self, *channels: Channel | None) -> Calls:
        found = [self._of[one.uid] for one in channels if one and one.uid in self._of]
        return found[:1] if len(found) == 2 and found[0] is found[1] else found

    # What the messages mean

    def _seen(self, said: Message, now: float) -> Calls:
        return self._calls_of(self.meet(said, now))

    def _caller(self, said: Message, now: float) -> Calls:
        touched = self._seen(said, now)
        shown = re.match(r"\d+", said.get("cid-callingpres", ""))
        for call in touched:
            if shown and int(shown[0]) & 0x60 == RESTRICTED and said.get("uniqueid") == call.first.uid:
                call.hidden = True
        return touched

    def _dial(self, said: Message, now: float) -> Calls:
        dialler, dialled = self.meet(said, now), self.meet(said, now, "dest")
        if dialled is None:
            return self._calls_of(dialler)
        dialled.dialled_by = dialler.uid if dialler else NOBODY
        call = self._of.get(dialler.uid) if dialler else None
        if call:
            self._move(dialled, call)
        if dialled.kind == TRUNK:
            number = _dialled(said)
            dialled.line = values.line(number) or dialled.line
            for one in self._calls_of(dialled):
                one.note_number(number, values.number(said.get("calleridnum")))
        return self._calls_of(dialler, dialled)

    def _dialling(self, said: Message, now: float) -> Calls:
        dialler, dialled = self.meet(said, now), self.meet(said, now, "dest")
        if dialled and said.get("dialstatus") == "RINGING" and dialled.state != UP:
            dialled.state = RINGING
        return self._calls_of(dialler, dialled)

    def _dialled(self, said: Message, now: float) -> Calls:
        dialler, dialled = self.meet(said, now), self.meet(said, now, "dest")
        if dialled:
            dialled.status = said.get("dialstatus", "")
            for call in self._calls_of(dialled):
                call.note(dialled, self.channels)
            call_of_dialler = self.call_of(dialler)
            if dialler and call_of_dialler and dialled.status == "ANSWER":
                call_of_dialler.promise(dialler, dialled, now)
        return self._calls_of(dialler, dialled)

    def _entered(self, said: Message, now: float) -> Calls:
        channel = self.meet(said, now)
        if channel:
            channel.listed = False
            self.channels.enter(channel, said.get("bridgeuniqueid", ""), said.get("bridgetechnology", ""))
        return self._in_bridge(channel)

    def _left(self, said: Message, now: float) -> Calls:
        channel = self.meet(said, now)
        if channel:
            self.channels.leave(channel, said.get("bridgeuniqueid", ""))
        return self._calls_of(channel)

    def _merged(self, said: Message, now: float) -> Calls:
        self.channels.merge(said.get("tobridgeuniqueid", ""), said.get("frombridgeuniqueid", ""))
        return list(self._of.values())

    def _in_bridge(self, channel: Channel | None) -> Calls:
        """The calls of everybody who is connected now: each of them may be somebody's guest."""
        together = [channel, *(self.channels.with_whom(channel) if channel else [])]
        return list({id(call): call for one in together for call in self._calls_of(one)}.values())

    def _hanging_up(self, said: Message, now: float) -> Calls:
        channel = self.meet(said, now)
        if channel:
            channel.cause = said.get("cause", "") or channel.cause
        return self._calls_of(channel)

    def _hung_up(self, said: Message, now: float) -> Calls:
        channel = self.channels.get(said.get("uniqueid", ""))
        if channel is None:
            return []
        channel.cause = channel.cause or said.get("cause", "")
        call = self.drop(channel)
        return [call] if call else []

    def _on_hold(self, said: Message, now: float) -> Calls:
        channel = self.meet(said, now)
        if channel:
            channel.held = said["event"] == "Hold"
        return self._in_bridge(channel)

    def _queued(self, said: Message, now: float) -> Calls:
        touched = self._seen(said, now)
        for call in touched:
            call.queued = said["event"] == "QueueCallerJoin"
            call.group = call.group or values.text(said.get("queue"))
        return touched


# Which messages say something. What is absent is dropped before it is read.
HANDLERS: dict[str, Callable[[Tracker, Message, float], Calls]] = {
    "Newchannel": Tracker._seen,
    "Newstate": Tracker._seen,
    "NewConnectedLine": Tracker._seen,
    "NewCallerid": Tracker._caller,
    "DialBegin": Tracker._dial,
    "DialState": Tracker._dialling,
    "DialEnd": Tracker._dialled,
    "BridgeEnter": Tracker._entered,
    "BridgeLeave": Tracker._left,
    "BridgeMerge": Tracker._merged,
    "HangupRequest": Tracker._hanging_up,
    "Hangup": Tracker._hung_up,
    "Hold": Tracker._on_hold,
    "Unhold": Tracker._on_hold,
    "QueueCallerJoin": Tracker._queued,
    "QueueCallerLeave": Tracker._queued,
}


def _dialled(said: Message) -> str:
    """The number that is dialled outside: `0671112233@trunk`, `trunk/0671112233`, `trunk/sip:0671112233@host`."""
    told = said.get("dialstring", "")
    target = told.rpartition("sip:")[2] if "sip:" in told else told.rpartition("/")[2]
    number = values.number(target.partition("@")[0].lstrip("wW"))
    return number or values.number(said.get("destcalleridnum")) or values.number(said.get("exten"))
