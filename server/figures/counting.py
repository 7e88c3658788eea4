"""From a portion to the rows that must change. Pure but for its pauses: a ring goes first."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from server import phones
from server.figures import episodes
from server.figures.episodes import NONE, CallRow
from server.figures.facts import NOTHING, Around, Fact, Place, counts, fact, placed_by_us
from server.figures.sums import NAMES, PLACED
from server.figures.taking import Portion

# What a guest's other calls change of a call, as columns of `Sums`.
OTHERS = slice(NAMES.index("guests"), NAMES.index("hidden"))
BREATH, PAUSE = 80, 0.0005
LIKELY = re.compile(r"^\+[0-9]{7,15}$")

T = TypeVar("T")
Change = tuple[Fact | None, Fact | None]  # the row as it is, and as it must be


def changes(found: Portion, place: Place, now: float) -> list[Change]:
    around: dict[str, Around] = {}
    for number, calls in _gently(found.by_number().items(), lambda pair: len(pair[1])):
        around |= surroundings(number, calls, found.done.get(number, ()), place, now)
    changed: list[Change] = []
    for call_id in _gently(sorted(_worth(found, around, place)), lambda _: 2):
        old, call = found.facts.get(call_id), found.calls.get(call_id)
        new = None
        if call is not None and call.direction:
            orders = found.orders.get(call_id, NOTHING)
            new = fact(call, place, around.get(call_id, Around()), orders, old)
        if new != old:
            changed.append((old, new))
    return changed


def surroundings(
    number: str, calls: Sequence[CallRow], done: Iterable[int], place: Place, now: float
) -> dict[str, Around]:
    """What each of one number's calls is among the others; of couriers and suppliers nobody asks."""
    if number in place.never or not recognised(number):
        return {}
    ends = episodes.ends(calls, sorted(done), now)
    fresh = episodes.new_ones(calls)
    return {call.id: Around(ends.get(call.id, NONE), True, call.id in fresh) for call in calls}


def recognised(number: str) -> bool:
    """Whether a guest can be known by it: not withheld, not masked by the company. Whoever was erased still can be:
    it is not known any more who, but which calls were theirs."""
    return phones.stands_in(number) or (bool(LIKELY.match(number)) and phones.read(number, "UA").matchable)


def _worth(found: Portion, around: dict[str, Around], place: Place) -> Iterator[str]:
    """Calls that were marked, and those of the guests whose others were, if that made a difference to them."""
    yield from found.marked
    for call in found.calls.values():
        beside = call.number in found.spread and call.id not in found.marked
        if beside and _differs(call, found.facts.get(call.id), around.get(call.id, Around()), place):
            yield call.id


def _differs(call: CallRow, old: Fact | None, its: Around, place: Place) -> bool:
    counted, placed = counts(call, place), placed_by_us(call, place)
    if old is None or (bool(old.counted), bool(old.sums[PLACED])) != (counted, placed):
        return True
    others = (*its.end, int(its.recognised and its.fresh), int(its.recognised and not its.fresh))
    return counted and old.sums[OTHERS] != others


def _gently(some: Iterable[T], weigh: Callable[[T], int]) -> Iterator[T]:
    """With a pause after each millisecond or so of work; a fact weighs about two of a number's calls."""
    done = 0
    for one in some:
        yield one
        done += weigh(one)
        if done >= BREATH:
            done = 0
            time.sleep(PAUSE)
