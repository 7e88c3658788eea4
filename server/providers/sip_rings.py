"""Calls that ring at us and that we never answer. Part of `server.providers.sip`.

A PBX that stops ringing us says why, or does not. Somebody else answered: the call goes on, and nobody will tell
when it is over. The guest gave up: it is over. Asterisk's cause 0 is neither: the time of a group or a queue was
up, and a queue rings us again after a moment, with a new Call-ID, for the same guest.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from server.calls import ANSWER, END, IN, INTERNAL, RING, CallEvent
from server.phones import SHORTEST, bare, digits
from server.providers import sip_messages as sip
from server.providers import values
from server.providers.abilities import NOTHING, Step
from server.providers.sip_messages import Message

EXTENSION = 4  # digits that a colleague's number has at most
RETURNS = 7.0  # seconds after which a queue has rung us again, if it does
TALK = 300.0  # nobody tells when the talk is over: as long a card stays
RINGS = 100.0  # a call that began longer ago is not continued: its card may be gone
DEAF = 180.0  # nothing rings longer; the CANCEL got lost
REMEMBERED = 32.0  # as long as SIP repeats a packet
MOST = 200
# Where a PBX may say which number was called; the last is the one that the extension itself has.
DIALLED = ("x-did", "x-called-number", "x-original-to", "p-called-party-id", "diversion", "to")


@dataclass
class Ring:
    """One INVITE. Two of them may be one call: `key` is the call's."""

    invite: Message
    key: str
    who: str
    began: float
    tag: str
    said: bytes = b""
    rings: bool = True
    stopped: float = 0.0
    held: bool = False  # stopped, and perhaps it comes again
    answered: float = 0.0
    unheard: float = 0.0  # until when our last word is repeated, because nobody said that it arrived
    repeats: float = 0.0


class Rings:
    def __init__(self, user: str, line: str, contact: Callable[[], str]) -> None:
        self._user, self._line, self._contact = user, line, contact
        self._rings: dict[str, Ring] = {}
        self._left: dict[str, float] = {}
        self._comes_again = False  # this PBX rings us again for one guest, as queues do

    @property
    def live(self) -> frozenset[str]:
        return frozenset(one.key for one in self._rings.values() if one.rings or one.held or one.answered)

    def invited(self, invite: Message, now: float) -> Step:
        known = self._rings.get(invite.branch)
        if known:
            return Step(send=(known.said,))
        if invite.in_dialog:
            return Step(send=(sip.reply(invite, 481),))
        if invite.get("require"):
            return Step(send=(sip.reply(invite, 420, "x", [("Unsupported", invite.get("require"))]),))
        if len(self._rings) >= MOST:
            return Step(send=(sip.reply(invite, 486, "x"),))
        one, events = self._began(invite, now)
        self._rings[invite.branch] = one
        one.said = sip.reply(invite, 180, one.tag, [("Contact", self._contact())])
        return Step(send=(sip.reply(invite, 100), one.said), events=events)

    def cancelled(self, cancel: Message, now: float) -> Step:
        one = self._rings.get(cancel.branch)
        if one is None:
            return Step(send=(sip.reply(cancel, 481, "x"),))
        yes = sip.reply(cancel, 200, one.tag)
        if not one.rings:
            return Step(send=(yes,))
        one.rings, one.stopped = False, now
        one.said = sip.reply(one.invite, 487, one.tag)
        one.unheard, one.repeats = now + REMEMBERED, now + 1.0
        return Step(send=(yes, one.said), events=self._stopped(one, cancel, now))

    def acknowledged(self, ack: Message) -> Step:
        one = self._rings.get(ack.branch)
        if one:
            one.unheard = 0.0
        return NOTHING

    def tick(self, now: float) -> Step:
        send: list[bytes] = []
        events: list[CallEvent] = []
        for branch, one in list(self._rings.items()):
            if one.unheard > now >= one.repeats:
                one.repeats = now + 4.0
                send.append(one.said)
            events += self._over(one, now)
            if one.rings and now - one.began >= DEAF:
                one.rings, one.stopped, one.said = False, now, sip.reply(one.invite, 480, one.tag)
                send.append(one.said)
            if one.stopped and not one.held and not one.answered and now - one.stopped >= REMEMBERED:
                del self._rings[branch]
        return Step(send=tuple(send), events=tuple(events)) if send or events else NOTHING

    def _began(self, invite: Message, now: float) -> tuple[Ring, tuple[CallEvent, ...]]:
        caller = sip.caller(invite)
        who = digits(caller.user) or invite.get("from").partition(";tag")[0]
        tag = secrets.token_hex(6)
        before = self._before(who, invite.call_id, now)
        if before:
            before.held = False
            return Ring(invite, before.key, who, before.began, tag), ()
        if now - self._left.get(who, 0.0) < RETURNS:
            self._comes_again = True
        one = Ring(invite, self._key(invite), who, now, tag)
        short = 0 < len(digits(bare(caller.user))) <= EXTENSION
        number = values.number(caller.user)
        return one, (CallEvent(one.key, RING, now, INTERNAL if short else IN, number, line=self._line,
                               did=self._did(invite), name=caller.name),)  # fmt: skip

    def _before(self, who: str, call_id: str, now: float) -> Ring | None:
        """The ring that this one goes on with: another branch of the same INVITE, or a queue's last attempt."""
        same = (one for one in self._rings.values() if one.rings and one.invite.call_id == call_id)
        held = (
            one for one in self._rings.values() if one.held and one.who == who and now - one.began < RINGS
        )
        return next(same, None) or next(held, None)

    def _key(self, invite: Message) -> str:
        taken = {one.key for one in self._rings.values()}
        key = values.key(invite.call_id) or values.key(invite.branch)
        return key if key not in taken else values.key(f"{key} {invite.branch}")

    def _stopped(self, one: Ring, cancel: Message, now: float) -> tuple[CallEvent, ...]:
        elsewhere, causes = sip.stopped_because(cancel)
        if any(other.rings and other.key == one.key for other in self._rings.values()) and not elsewhere:
            return ()
        if elsewhere:
            one.answered = now
            return (CallEvent(one.key, ANSWER, now, line=self._line),)
        if ("Q.850", 0) in causes or (self._comes_again and not causes):
            one.held = True
            return ()
        return (self._missed(one),)

    def _over(self, one: Ring, now: float) -> list[CallEvent]:
        if one.held and now - one.stopped >= RETURNS:
            one.held = False
            return [self._missed(one)]
        if one.answered and now - one.answered >= TALK:
            told, one.answered = one.answered, 0.0
            return [CallEvent(one.key, END, now, outcome="unknown", ended=told)]
        return []

    def _missed(self, one: Ring) -> CallEvent:
        self._left[one.who] = one.stopped
        self._left = dict(list(self._left.items())[-MOST:])
        return CallEvent(one.key, END, one.stopped, outcome="missed")

    def _did(self, invite: Message) -> str:
        """The restaurant's number, where it is told: not the extension that we are."""
        for name in DIALLED:
            told = sip.address(invite.get(name)).user or values.number(invite.get(name))
            if told != self._user and len(digits(bare(told))) >= SHORTEST:
                return values.number(told)
        return ""
