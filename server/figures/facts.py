"""What one call adds to the figures. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, NamedTuple

from server import days
from server.calls import IN, OUT
from server.figures.episodes import ANSWERED, NONE, CallRow, End

QUICK = 20
HOUR = 3600
LATEST = 4102444800  # the year 2100: a company whose clock tells later has it wrong, and its call counts all the same
Owner = tuple[str, int]


class Fact(NamedTuple):
    """A row of `call_fact` without its account. `sums`: the columns of `Sums`, in their order.

    `owned`: whose it is was decided when the call was counted first, and is not asked again.
    """

    call_id: str
    started: int
    day: int
    hour: int
    spot: int
    line: str
    employee: int
    did: str
    direction: str
    outcome: str
    open: int
    counted: int
    owned: int
    number: str
    sums: tuple[int, ...]


class Ordered(NamedTuple):
    """Orders that a call brought: how many, of how many the sum is known, and those sums together."""

    orders: int
    bills: int
    revenue: int


NOTHING = Ordered(0, 0, 0)


@dataclass(frozen=True)
class Place:
    """The account as it is set up now. `only`: its one spot, or 0; `was_at`: at which spot an employee was in an
    hour (Unix hours)."""

    account: int
    zone: tzinfo
    day_starts: int
    never: Set[str]
    works: Callable[[int, float], bool]
    owners: Mapping[str, Set[Owner]]
    dids: Mapping[str, int]
    registers: Mapping[int, int]
    only: int = 0
    was_at: Mapping[tuple[int, int], int] = field(default_factory=dict)


class Around(NamedTuple):
    """What a guest's other calls make of this one."""

    end: End = NONE
    recognised: bool = False
    fresh: bool = False


def fact(call: CallRow, place: Place, around: Around, ordered: Ordered, old: Fact | None) -> Fact:
    """`old` is the row that the call has."""
    at = min(max(call.started, 0), LATEST)
    day, hour = days.place(at, place.zone, place.day_starts)
    line = call.answered_by or call.line
    same = old if old is not None and old.line == line else None
    kept = same is not None and bool(same.owned)
    employee = same.employee if same and kept else sole_owner(place.owners.get(line, ()))
    spot = (same.spot if same and same.did == call.did else 0) or _spot(call, line, employee, place)
    return Fact(
        call.id, call.started, days.number(day), hour, spot, line, employee, call.did, call.direction, call.outcome,
        int(place.works(spot, at)), int(counts(call, place)),
        int(call.over and (kept or not line or bool(place.owners.get(line)))),
        call.number, _sums(call, place, around, ordered),
    )  # fmt: skip


def counts(call: CallRow, place: Place) -> bool:
    return call.over and call.direction == IN and call.number not in place.never


def placed_by_us(call: CallRow, place: Place) -> bool:
    return call.over and call.direction == OUT and call.number not in place.never


def sole_owner(owners: Any) -> int:
    """An employee, if the line is theirs and nobody else's; else 0."""
    if len(owners) != 1:
        return 0
    kind, owner = next(iter(owners))
    return owner if kind == "employee" else 0


def _spot(call: CallRow, line: str, employee: int, place: Place) -> int:
    """That of the outside number, else of the register whose line it is, else where the employee was then."""
    if place.only or call.did in place.dids:
        return place.only or place.dids[call.did]
    spots = {
        place.registers.get(owner, 0) for kind, owner in place.owners.get(line, ()) if kind == "register"
    }
    if len(spots) == 1:
        return spots.pop()
    hour = call.started // HOUR
    return place.was_at.get((employee, hour)) or place.was_at.get((employee, hour - 1)) or 0


def _sums(call: CallRow, place: Place, around: Around, ordered: Ordered) -> tuple[int, ...]:
    """In the order of `Sums`."""
    if not counts(call, place):
        placed = int(placed_by_us(call, place))
        return (0,) * 22 + (placed, placed * (call.outcome == ANSWERED))
    answered, vain = call.outcome == ANSWERED, call.in_vain
    wait = max(0, (call.answered or 0) - call.started) if answered and call.answered else None
    ended = call.ended or call.started
    return (
        1, int(answered), int(wait is not None), int(vain), int(not answered and not vain),
        int(wait is not None and wait <= QUICK), wait or 0, max(0, ended - call.started) * vain,
        max(0, ended - (call.answered or 0)) * (wait is not None), *around.end,
        int(around.recognised and around.fresh), int(around.recognised and not around.fresh),
        int(not around.recognised), int(answered and ordered.orders > 0), *ordered, 0, 0,
    )  # fmt: skip
