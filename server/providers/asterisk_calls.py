"""One call of an Asterisk: made of channels, told as events. Pure.

Nothing here follows the PBX event by event. After each of its messages the call is looked at as it stands: who
rings, who is connected with the guest, who is gone. What differs from what was told is told. So a message that
comes twice changes nothing, and a list of channels in the middle of a call serves as well as its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.calls import ANSWER, IN, INTERNAL, MISS, NOTE, OUT, RING, TRANSFER, CallEvent
from server.phones import SHORTEST, digits
from server.providers import channels
from server.providers.asterisk_legs import TOLD_AT_ONCE, Leg, became
from server.providers.asterisk_told import Known
from server.providers.channels import PHONE, SOMEBODY, TRUNK, Channel, Channels

MARK = re.compile(r"^dzvinok-([0-9A-Za-z]{1,20})-[0-9]+$")


@dataclass(slots=True, eq=False)
class PbxCall(Known):
    """What it is now, and what is new in it."""

    def news(self, pbx: Channels, now: float) -> list[CallEvent]:
        """What is to be told of the call as it stands now."""
        if self.over:
            return []
        self.direction = self.direction or self._direction()
        self.guest = self._guest(pbx)
        ringing = self._ringing(pbx, now)
        if not self.direction:
            return [] if self.has_head() or self.channels else [self.beheaded(now)]
        events = [*self._rings(ringing, pbx, now), *self._misses(ringing, now), *self._talks(pbx, now),
                  *self._holds(pbx, now)]  # fmt: skip
        return [*events, self.ended(now)] if self.is_over() else events

    def lost(self, now: float) -> list[CallEvent]:
        """The PBX does not have the call any more and nobody saw how it ended."""
        if self.over or not self.told:
            self.over = True
            return []
        return [self.ended(now, seen=False)]

    def still_rings(self, now: float) -> list[CallEvent]:
        """For a journal that gives calls up of which it hears nothing for two minutes."""
        lines = [line for line, leg in self.legs.items() if leg.told == RING]
        waits = lines and not self.over and not self.talkers
        return [self.event(RING, now, line=lines[0])] if waits else []

    def has_guest(self) -> bool:
        return not self.over and self.direction in (IN, OUT)

    def has_head(self) -> bool:
        """Whether the channel is known that the call began with; a call without it tells nothing but its end."""
        return self.first.uid in self.ids

    # Who is who

    def _direction(self) -> str:
        first = self.first
        if self.mark:
            return OUT
        if not self.has_head():
            return ""
        if first.kind == TRUNK:
            return OUT if first.dialled_by else IN if first.state else ""
        dialled = [one for one in self.channels.values() if one.dialled_by and one is not first]
        outside = [one for one in dialled if one.kind == TRUNK]
        if first.kind == PHONE and not first.dialled_by:
            if len(digits(first.exten)) >= SHORTEST:
                return OUT
            if any(one.dialled_by in (first.uid, SOMEBODY) for one in outside):
                return OUT
            return INTERNAL if any(one.kind == PHONE for one in dialled) else ""
        return OUT if outside else ""

    def _guest(self, pbx: Channels) -> Channel | None:
        if self.direction != OUT:
            return self.first if self.direction else None
        legs = [one for one in self.channels.values() if one.kind == TRUNK and one.dialled_by]
        return next((one for one in legs if pbx.with_whom(one)), legs[-1] if legs else self.guest)

    def _is_for_us(self, one: Channel, pbx: Channels) -> bool:
        """Whether this dialled channel rings for the call's guest: a colleague asked for advice does not."""
        if not one.dialled_by or one is self.guest or one.kind not in (PHONE, TRUNK):
            return False
        whom = pbx.for_whom(one)
        if self.direction in (IN, INTERNAL) or self.talkers:
            return whom == SOMEBODY or (self.guest is not None and whom == self.guest.uid)
        return one.kind == PHONE

    # What happens

    def note_number(self, number: str, own: str = "") -> None:
        """What is dialled outside, and as whom; of an incoming call it is a mobile that rings too."""
        if self.direction in ("", OUT):
            self.number = self.number or number
            if len(digits(own)) >= SHORTEST and digits(own) != digits(number):
                self.own = own

    def note(self, one: Channel, pbx: Channels) -> None:
        """What Asterisk said of a leg, of one that never rang too."""
        if one.line in self.legs or (one.status not in ("", "ANSWER") and self._is_for_us(one, pbx)):
            leg = self.legs.setdefault(one.line, Leg())
            leg.status, leg.cause = one.status or leg.status, one.cause or leg.cause

    def promise(self, dialler: Channel, dialled: Channel, now: float) -> None:
        """Asterisk says that it was picked up; who hangs up at once is never seen together with the guest."""
        if dialler is self.guest or (self.direction == OUT and dialled is self.guest):
            who = dialler if dialled is self.guest else dialled
            if who.kind == PHONE and not self.promised:
                self.promised = (who.line, now)

    def _ringing(self, pbx: Channels, now: float) -> list[str]:
        """The lines that ring now; notes when they began and stopped."""
        lines: dict[str, None] = {}
        for one in self.channels.values():
            if one.state == channels.RINGING and self._is_for_us(one, pbx):
                lines[one.line] = None
                leg = self.legs.setdefault(one.line, Leg())
                leg.began, leg.stopped = leg.began or (one.born if one.listed else now), None
        for line, leg in self.legs.items():
            if leg.began and leg.stopped is None and line not in lines:
                leg.stopped = now
        return list(lines)

    def _rings(self, ringing: list[str], pbx: Channels, now: float) -> Iterator[CallEvent]:
        if self.direction == OUT and not self.talkers:
            ringing = [] if self.told else self._dialler(ringing)
        for line in ringing:
            leg = self.legs.setdefault(line, Leg())
            if leg.told == RING:
                continue
            leg.told = RING
            alone = self.guest is not None and not pbx.with_whom(self.guest)
            if self.talkers and alone and not self.given and line != self.talkers[-1]:
                self.given = line
                yield self.event(TRANSFER, now, line=line)
            else:
                yield self.event(RING, now, line=line)

    def _dialler(self, ringing: list[str]) -> list[str]:
        """The line that an outgoing call is from, once it is known whom it calls."""
        if self.first.kind == PHONE and not self.first.dialled_by:
            return [self.first.line] if self.guest else []
        up = [one.line for one in self.channels.values() if one.kind == PHONE and one.state == channels.UP]
        return (ringing or up)[:1]

    def _misses(self, ringing: list[str], now: float) -> Iterator[CallEvent]:
        """Lines that gave up while others go on: the last one's miss would end the call. A queue rings the same
        lines again and again, so there only the end tells."""
        if self.talkers or self.queued or not any(self.legs[line].told == RING for line in ringing):
            return
        for line, leg in self.legs.items():
            if leg.told == RING and line not in ringing and leg.status in TOLD_AT_ONCE:
                leg.told = MISS
                yield self.event(MISS, now, line=line, outcome=became(leg))

    def _talks(self, pbx: Channels, now: float) -> Iterator[CallEvent]:
        others = pbx.with_whom(self.guest) if self.guest and self.guest.bridge else []
        lines = {one.line: one for one in others if self._may_talk(one)}
        if not lines or (self.talkers and self.talkers[-1] in lines):
            return
        line = self.given if self.given in lines else next(iter(lines))
        kind = "" if line == self.given else TRANSFER if self.talkers else ANSWER
        if not self.talkers and not lines[line].listed:
            self.answered = now
        self.talkers.append(line)
        self.given, self.held = "", False
        self.legs.setdefault(line, Leg())
        if kind:
            yield self.event(kind, now, line=line)

    def _holds(self, pbx: Channels, now: float) -> Iterator[CallEvent]:
        """Who talks with the guest has put them on hold, or took them back. That the guest did so is no news."""
        others = pbx.with_whom(self.guest) if self.guest and self.talkers else []
        held = any(one.held for one in others if one.line == self.talkers[-1])
        if others and held != self.held:
            self.held = held
            yield self.event(NOTE, now, held=held)

    def _may_talk(self, one: Channel) -> bool:
        return one.kind == PHONE or (self.direction != OUT and bool(one.dialled_by))

    def is_over(self) -> bool:
        if self.direction != OUT:
            return self.first.uid not in self.channels
        if self.talkers:
            return not self.guest or self.guest.uid not in self.channels
        return self.first.uid not in self.channels if self.first.kind == PHONE else not self.channels
