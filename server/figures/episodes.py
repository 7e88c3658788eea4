"""Guests who called in vain: from the first such call until they were met, or until nobody waits any more. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from server.callbacks import IN_VAIN
from server.calls import ENDED, IN, OUT

WAITS = 48 * 3600
ANEW = 90 * 86400
ANSWERED = "answered"

# What becomes of a guest; each is guests, met, met_after, settled, lost, waiting of the first call in vain.
SETTLED, LOST, WAITING, NONE = (1, 0, 0, 1, 0, 0), (1, 0, 0, 0, 1, 0), (1, 0, 0, 0, 0, 1), (0, 0, 0, 0, 0, 0)
End = tuple[int, int, int, int, int, int]


class CallRow(NamedTuple):
    """What counts of a call; times in whole seconds, as they are exported."""

    id: str
    number: str
    did: str
    direction: str
    state: str
    outcome: str
    line: str
    answered_by: str
    started: int
    answered: int | None
    ended: int | None
    test: int

    @property
    def over(self) -> bool:
        return self.state == ENDED and not self.test and self.direction in (IN, OUT)

    @property
    def in_vain(self) -> bool:
        return self.direction == IN and self.outcome in IN_VAIN

    @property
    def meets(self) -> bool:
        return self.outcome == ANSWERED


def ends(calls: Sequence[CallRow], done: Sequence[int], now: float) -> dict[str, End]:
    """First calls in vain of one number, with what became of the guest. `done`: when somebody said that all is well.

    A call or a word meets who called before; where a call still rang when somebody said so, it was not meant.
    """
    found: dict[str, End] = {}
    pending: list[CallRow] = []
    for at, call in _timeline(calls, done):
        if pending and at - pending[-1].started >= WAITS:
            found[pending[0].id], pending = LOST, []
        if call is not None and call.in_vain:
            pending.append(call)
        elif call is not None and pending:
            found[pending[0].id], pending = (1, 1, at - pending[0].started, 0, 0, 0), []
        elif pending and _ended(pending[0]) <= at:
            found[pending[0].id], pending = SETTLED, [one for one in pending if _ended(one) > at]
    if pending:
        found[pending[0].id] = LOST if now - pending[-1].started >= WAITS else WAITING
    return found


def _timeline(calls: Sequence[CallRow], done: Sequence[int]) -> Iterator[tuple[int, CallRow | None]]:
    """Calls in vain when they began, meetings when they were answered, words; in this order within one second."""
    moments: list[tuple[int, int, str, CallRow | None]] = [(at, 2, "", None) for at in done]
    for one in calls:
        if one.over and one.in_vain:
            moments.append((one.started, 0, one.id, one))
        elif one.over and one.meets:
            moments.append((one.answered or one.started, 1, one.id, one))
    for at, _, _, call in sorted(moments, key=lambda moment: moment[:3]):
        yield at, call


def _ended(call: CallRow) -> int:
    return call.ended or call.started


def new_ones(calls: Sequence[CallRow]) -> set[str]:
    """Calls of one number before which there was none, either way, for ninety days."""
    found, before = set[str](), -ANEW
    for call in sorted((one for one in calls if one.over), key=lambda one: (one.started, one.id)):
        if call.started - before > ANEW:
            found.add(call.id)
        before = call.started
    return found
