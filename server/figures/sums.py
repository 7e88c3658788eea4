"""What is added up of calls: numbers of calls and guests, whole seconds, kopecks. See docs/figures.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Sums:
    """Of counted calls: those that came in and are over, that are no test and not from a number that never pops up.

    `vain`: missed, busy, declined, failed, voicemail; `unclear`: nobody knows how it ended. `timed`: answered, and
    known when; of these alone are `quick` (within 20 seconds), `wait_answered` and `talk`. `guests` who called in
    vain, each counted at the first of such calls: `met` after `met_after` seconds, `settled` by hand, `lost` or still
    `waiting`. `converted`: answered calls that brought an order; `orders` also of calls in vain, whose guests were
    called back; `bills`: those of them whose sum is known, `revenue` their sum.
    `placed`, `reached`: calls that we made, and those of them that were answered.
    """

    calls: int = 0
    answered: int = 0
    timed: int = 0
    vain: int = 0
    unclear: int = 0
    quick: int = 0
    wait_answered: int = 0
    wait_vain: int = 0
    talk: int = 0
    guests: int = 0
    met: int = 0
    met_after: int = 0
    settled: int = 0
    lost: int = 0
    waiting: int = 0
    fresh: int = 0
    known: int = 0
    hidden: int = 0
    converted: int = 0
    orders: int = 0
    bills: int = 0
    revenue: int = 0
    placed: int = 0
    reached: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(getattr(self, name) + getattr(other, name) for name in NAMES))


NAMES = tuple(field.name for field in fields(Sums))
CALLS, PLACED = NAMES.index("calls"), NAMES.index("placed")


def total(some: Iterable[Sums]) -> Sums:
    return sum(some, Sums())
