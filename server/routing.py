"""Which registers a call's card belongs on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from server.calls import ANSWERED, MOVED, REGISTER_MARK, RINGING, Call

Owner = tuple[str, int]  # ("employee", 5) or ("register", 2)


class Desk(Protocol):
    """A register as it stands: `employee` is who is logged in there."""

    @property
    def register(self) -> int | None: ...
    @property
    def spot(self) -> int | None: ...
    @property
    def employee(self) -> int | None: ...


@dataclass(frozen=True)
class Audience:
    """Registers, decided once for however many are then asked: those where one of these employees is logged in, these
    registers themselves, and those of these spots where anybody is logged in (None = of all spots)."""

    employees: frozenset[int] = frozenset()
    registers: frozenset[int] = frozenset()
    spots: frozenset[int] | None = frozenset()

    def __call__(self, desk: Desk) -> bool:
        if desk.employee in self.employees or desk.register in self.registers:
            return True
        return desk.employee is not None and (self.spots is None or desk.spot in self.spots)

    def __or__(self, other: Audience) -> Audience:
        everywhere = self.spots is None or other.spots is None
        spots = None if everywhere else frozenset(self.spots or ()) | frozenset(other.spots or ())
        return Audience(self.employees | other.employees, self.registers | other.registers, spots)


NOBODY = Audience()


@dataclass(frozen=True)
class Route:
    """What decides: who owns each line of the call, and the spot that its outside number rings (None = not set).

    `cover`: registers that the owner chose to show such calls when nobody is there who should; `covering`: they do.
    """

    owners: Mapping[str, frozenset[Owner]]
    did_spot: int | None = None
    cover: frozenset[int] = frozenset()
    covering: bool = False

    def shows(self, call: Call, desk: Desk) -> bool:
        return self.audience(call)(desk)

    def audience(self, call: Call) -> Audience:
        """Whom the card belongs to.

        Extension known: whoever has it. Else the outside number's spot. Else everybody who is logged in. The cover
        registers besides, once they cover this call.
        """
        own = self._own(call)
        return own | Audience(registers=self.cover) if self._covers(call) else own

    def covers(self, call: Call, desk: Desk) -> bool:
        """Whether the register has the card only because it covers for others."""
        return self._covers(call) and desk.register in self.cover and not self._own(call)(desk)

    def settled(self, before: Call, call: Call, desks: Iterable[Desk]) -> Route:
        """This route, after it was seen who listens now: the cover registers have a call that else nobody would see.

        Whoever covers keeps the call until it is over, or until somebody takes it who is there.
        """
        return self if not self.cover else replace(self, covering=self._needs_cover(before, call, desks))

    def _needs_cover(self, before: Call, call: Call, desks: Iterable[Desk]) -> bool:
        taken = call.state == ANSWERED and (before.state, before.line) != (ANSWERED, call.line)
        if (self.covering and not taken) or call.state not in (RINGING, ANSWERED):
            return self.covering
        if not call.incoming or call.test or call.late:
            return False
        own = self._own(call)
        if any(own(desk) for desk in desks):
            return False
        # A line of nobody's that took it is somebody we know nothing of: no card comes up for that.
        return self.covering or own != NOBODY

    def _covers(self, call: Call) -> bool:
        return self.covering and call.incoming

    def _own(self, call: Call) -> Audience:
        if not call.incoming:
            return NOBODY
        lines = lines_of(call)
        if rung := frozenset(int(line[1:]) for line in lines if line.startswith(REGISTER_MARK)):
            return Audience(registers=rung)
        if owned := self._owned(lines):
            return _at(owned)
        picked_up = call.answered_by and call.state != RINGING
        return NOBODY if lines and (picked_up or call.test) else self._everybody

    def rung(self, call: Call) -> Audience:
        """Whether the ended call belongs into a register's list of callers."""
        if not call.incoming or any(line.startswith(REGISTER_MARK) for line in call.legs):
            return self.audience(call)
        cover = self.cover if self._covers(call) else frozenset()
        return _at(self._owned(tuple(call.legs))) | self._everybody | Audience(registers=cover)

    def holds(self, line: str) -> Audience:
        """Whether the line is one of a register's or of who is logged in there."""
        return _at(self._owned((line,)))

    def strays(self, call: Call) -> list[tuple[str, str]]:
        """What the owner has not set up: lines that are nobody's, an outside number without a spot."""
        if not call.incoming or call.test:
            return []
        lines = lines_of(call)
        found = [("line", line) for line in lines if not self.owners.get(line)]
        if not self._owned(lines) and self.did_spot is None:
            found.append(("did", call.did))
        return found

    def _owned(self, lines: tuple[str, ...]) -> frozenset[Owner]:
        return frozenset().union(*(self.owners.get(line, frozenset()) for line in lines))

    @property
    def _everybody(self) -> Audience:
        return Audience(spots=None if self.did_spot is None else frozenset({self.did_spot}))


def lines_of(call: Call) -> tuple[str, ...]:
    """The lines that the call is at: those that ring, the one that talks, or those that rang in vain.

    A leg without a name (a line that nobody has told us) is no line to look for.
    """
    if call.state == RINGING:
        return tuple(line for line, state in call.legs.items() if line and state == RINGING)
    if call.state == ANSWERED or call.outcome == "answered":
        return (call.line,) if call.line else ()
    return tuple(line for line, state in call.legs.items() if line and state != MOVED)


def _at(owned: frozenset[Owner]) -> Audience:
    employees = frozenset(who for kind, who in owned if kind == "employee")
    return Audience(employees, frozenset(who for kind, who in owned if kind == "register"))
