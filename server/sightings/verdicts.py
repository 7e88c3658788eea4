"""Why a register has a call's card, or has not. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from server.calls import ANSWERED, ENDED, REGISTER_MARK, RINGING, Call
from server.routing import Route, lines_of

SHOWN, JOINED, QUIET, ON_ANSWER, NEVER, COVERED = "shown", "joined", "quiet", "on_answer", "never", "covered"
OFFLINE, GONE, NOBODY, OTHER_SPOT, OTHER_LINE = "offline", "gone", "nobody", "other_spot", "other_line"
TAKEN, TEST, OVER, LATE, UNRECORDED = "taken", "test", "over", "late", "unrecorded"

# The card came up by itself, or lies there as a small one.
UP = (SHOWN, JOINED, COVERED)
HAD = (*UP, QUIET, ON_ANSWER, NEVER)
VERDICTS = (*HAD, OFFLINE, GONE, NOBODY, OTHER_SPOT, OTHER_LINE, TAKEN, TEST, OVER, LATE, UNRECORDED)


@dataclass(frozen=True)
class Seat:
    """A register as it stood when a call was told. `alive`: what was said went to it; `polls`: it has no socket."""

    register: int
    spot: int | None
    employee: int | None
    alive: bool = True
    polls: bool = False


@dataclass(frozen=True)
class Mood:
    """What keeps a card from coming up where it belongs: the number, the owner's choice, the employee's."""

    never: bool = False
    on_answer: bool = False
    quiet: bool = False


def verdict(call: Call, route: Route, seat: Seat | None, mood: Mood) -> str:
    """`seat` None: the register did not listen."""
    if seat is None:
        return OFFLINE
    if not seat.alive:
        return GONE
    if call.state == ENDED:
        return OVER
    if route.audience(call)(seat):
        how = _how(call, mood)
        return COVERED if how == SHOWN and route.covers(call, seat) else how
    return _why_not(call, route, seat)


def _how(call: Call, mood: Mood) -> str:
    if mood.never:
        return NEVER
    if mood.on_answer and call.state == RINGING:
        return ON_ANSWER
    return QUIET if mood.quiet else SHOWN


def _why_not(call: Call, route: Route, seat: Seat) -> str:
    lines = lines_of(call)
    if any(line.startswith(REGISTER_MARK) for line in lines):
        return TEST
    if call.state == ANSWERED:
        return TAKEN
    if any(route.owners.get(line) for line in lines):
        return OTHER_LINE
    if seat.employee is None:
        return NOBODY
    return OTHER_SPOT if route.did_spot not in (None, seat.spot) else OTHER_LINE


def better(old: str | None, new: str) -> bool:
    """Whether what happened later is the more to tell: a card that came up after all."""
    if old is None:
        return True
    if old == ON_ANSWER:
        return new in UP
    return old not in HAD and new in HAD
