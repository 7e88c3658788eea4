"""The channels of an Asterisk: which are phones, which lead outside, who is connected with whom. Pure."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

from server.providers import values
from server.providers.ami import Message

PHONE, TRUNK, LOCAL, OTHER = "phone", "trunk", "local", "other"

# What a channel is, by the word before the slash; everything else is a phone or a trunk.
TECHNOLOGIES = {
    "Local": LOCAL,
    **dict.fromkeys(("Message", "Recorder", "Announcer", "CBAnn", "CBRec", "Snoop", "Surrogate", "MulticastRTP",
                     "UnicastRTP", "AudioSocket", "WebSocket", "Console", "AsyncGoto"), OTHER),
}  # fmt: skip

# Where calls from outside begin in a dialplan, and where those of our phones do.
OUTSIDE = re.compile(
    r"^(?:from-(?:trunk|pstn|did|sip-external|external|outside|provider|analog|dahdi|zaptel|digital|isdn|anon)"
    r"|ext-did|incoming|inbound|public$|trunk)",
    re.IGNORECASE,
)
INSIDE = re.compile(r"^(?:from-)?(?:internal|inside|phones?$|users?$|office$|extensions?$)", re.IGNORECASE)
EXTENSION = re.compile(r"^[0-9]{2,6}$")

RING, RINGING, UP = "4", "5", "6"
DIALLED_APPS = ("AppDial", "AppDial2", "AppQueue")  # how a list says that a channel was dialled
SOMEBODY = "?"  # it was dialled, and we were not there to see by whom
NOBODY = "-"  # it was dialled by no channel: by a program
HOLDING = "holding_bridge"  # those who wait in one bridge do not talk with each other
MOST_GONE = 2000
LISTED = "CoreShowChannel"
BEGINNINGS = ("Newchannel", LISTED)
UNKNOWN = frozenset({"", "<unknown>", "unknown"})


@dataclass(slots=True, eq=False)
class Channel:
    """`line` is a phone's extension; of a trunk the number that was dialled there, or its name.

    `number`, `name`, `exten` and `context` are what it came with: the dialplan overwrites them later.
    """

    uid: str
    label: str
    kind: str
    line: str
    linked: str
    born: float
    number: str = ""
    name: str = ""
    exten: str = ""
    context: str = ""
    state: str = ""
    dialled_by: str = ""
    bridge: str = ""
    status: str = ""
    cause: str = ""
    held: bool = False  # this telephone has put whom it talks with on hold
    listed: bool = False  # found in a list of all channels: it began by the second, when it talked nobody saw


class Channels:
    """Those that exist now, by their Uniqueid. `trunks` are names that lead outside, whatever they look like."""

    def __init__(self, trunks: frozenset[str] = frozenset()) -> None:
        self._trunks = {name.casefold() for name in trunks}
        self._all: dict[str, Channel] = {}
        self._locals: dict[str, str] = {}
        self._bridges: dict[str, set[str]] = {}
        self._gone: OrderedDict[str, None] = OrderedDict()

    def __iter__(self) -> Iterator[Channel]:
        return iter(list(self._all.values()))

    def __len__(self) -> int:
        return len(self._all)

    def get(self, uid: str) -> Channel | None:
        return self._all.get(uid)

    def meet(self, said: Message, now: float, side: str = "") -> tuple[Channel | None, bool]:
        """The channel that a message speaks of, and whether it is new; none for one that has hung up.

        Only its own beginning or a list bring a new one: what else is said of a channel that nobody knows is late.
        """
        uid = said.get(side + "uniqueid", "")
        channel = self._all.get(uid)
        new = channel is None and bool(uid) and uid not in self._gone and said.get("event") in BEGINNINGS
        if new:
            channel = self._all[uid] = self._made(uid, said, now, side)
            if channel.kind == LOCAL:
                self._locals[channel.label] = uid
        state = said.get(side + "channelstate", "")
        if channel and state in (RING, RINGING, UP) and channel.state != UP:
            channel.state = state
        return channel, new

    def hang_up(self, channel: Channel) -> None:
        self.leave(channel)
        self._all.pop(channel.uid, None)
        self._locals.pop(channel.label, None)
        self._gone[channel.uid] = None
        if len(self._gone) > MOST_GONE:
            self._gone.popitem(last=False)

    def enter(self, channel: Channel, bridge: str, technology: str = "") -> None:
        if channel.bridge != bridge:
            self.leave(channel)
        if bridge and technology != HOLDING:
            channel.bridge = bridge
            self._bridges.setdefault(bridge, set()).add(channel.uid)

    def leave(self, channel: Channel, bridge: str = "") -> None:
        """Leaves this bridge, if it is still the one that the channel is in."""
        if bridge in ("", channel.bridge) and channel.bridge:
            members = self._bridges.get(channel.bridge, set())
            members.discard(channel.uid)
            if not members:
                self._bridges.pop(channel.bridge, None)
            channel.bridge = ""

    def merge(self, into: str, gone: str) -> None:
        for uid in list(self._bridges.get(gone, ())):
            self.enter(self._all[uid], into)

    def with_whom(self, channel: Channel) -> list[Channel]:
        """Everybody who is connected with this one, through however many Local channels."""
        seen, found, todo = {channel.uid}, [], [channel]
        while todo:
            one = todo.pop()
            for uid in self._bridges.get(one.bridge, ()):
                if uid not in seen:
                    seen.add(uid)
                    other = self._all[uid]
                    half = self.other_half(other) if other.kind == LOCAL else None
                    if half and half.uid not in seen:
                        seen.add(half.uid)
                        todo.append(half)
                    elif other.kind in (PHONE, TRUNK):
                        found.append(other)
        return sorted(found, key=lambda one: one.uid)

    def other_half(self, channel: Channel) -> Channel | None:
        """A Local channel is two, that are one pipe: `…;1` was dialled, `…;2` goes through the dialplan."""
        ends = {"1": "2", "2": "1"}
        label = channel.label[:-1] + ends.get(channel.label[-1:], "")
        return self._all.get(self._locals.get(label, ""))

    def for_whom(self, channel: Channel) -> str:
        """The Uniqueid of the channel that it rings for in the end; `SOMEBODY`, or `NOBODY`."""
        for _ in range(10):
            dialler = self._all.get(channel.dialled_by)
            if dialler is None or dialler.kind != LOCAL:
                break
            half = self.other_half(dialler)
            if half is None or not half.dialled_by:
                return NOBODY
            channel = half
        return channel.dialled_by

    def _made(self, uid: str, said: Message, now: float, side: str) -> Channel:
        label = said.get(side + "channel", "")
        number, context = said.get(side + "calleridnum", ""), said.get(side + "context", "")
        name, exten = said.get(side + "calleridname", ""), said.get(side + "exten", "")
        kind, line = self.sort(label, context, number, begins=said.get("event") != LISTED)
        return Channel(
            uid, label, kind, line, said.get(side + "linkedid") or uid, now,
            "" if number in UNKNOWN else number, "" if name in UNKNOWN else name, exten, context,
        )  # fmt: skip

    def sort(self, label: str, context: str, number: str, begins: bool = True) -> tuple[str, str]:
        """What this channel is, and its line. Later than at its beginning the dialplan may have it anywhere."""
        technology, _, rest = label.partition("/")
        own = rest.rpartition("-")[0] or rest
        if kind := TECHNOLOGIES.get(technology):
            return kind, ""
        line = values.line(own) or values.line(technology) or TRUNK
        if own.casefold() in self._trunks or OUTSIDE.match(context):
            return TRUNK, line
        if EXTENSION.match(own):
            return PHONE, own
        is_extension = bool(EXTENSION.match(number))
        if INSIDE.match(context) and (begins or is_extension):
            return PHONE, number if is_extension else line
        return TRUNK, line
