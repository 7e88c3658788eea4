"""When a spot works: a span of each weekday, on the restaurant's own clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from server import audit, days
from server.db import rows, transaction, write
from server.unfit import Unfit

# Weekday (0 = Monday) -> minutes of the day; an end over 1440 is the next morning. A weekday that is not in it is
# closed; a week without any is one that nobody set: open always.
Week = Mapping[int, tuple[int, int]]

DAY = 1440
ALL_HOURS = "SELECT spot, weekday, opens, closes FROM spot_hours WHERE account_id = ?"
HOURS = "SELECT weekday, opens, closes FROM spot_hours WHERE account_id = ? AND spot = ? ORDER BY weekday"
SPOTS = "SELECT poster_id FROM spot WHERE account_id = ? AND gone = 0"
SPOT = "SELECT name FROM spot WHERE account_id = ? AND poster_id = ? AND gone = 0"
ZONE = "SELECT timezone FROM account WHERE id = ?"
FORGET = "DELETE FROM spot_hours WHERE account_id = ? AND spot = ?"
KEEP = "INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) VALUES (?, ?, ?, ?, ?)"

_CLOCK = re.compile(r"^([01]?[0-9]|2[0-4])(?:[:. -]?([0-5][0-9]))?$")


def works(account: int, spot: int, at: float) -> bool:
    """Whether the spot works at a moment; spot 0: whether any does."""
    return open_at(account)(spot, at)


def open_at(account: int) -> Callable[[int, float], bool]:
    """The same for many moments: reads what is set once."""
    weeks: dict[int, dict[int, tuple[int, int]]] = {}
    for spot, weekday, opens, closes in rows(ALL_HOURS, account):
        weeks.setdefault(spot, {})[weekday] = (opens, closes)
    named = rows(ZONE, account)
    where = days.zone(named[0][0] if named else "")
    spots = [spot for (spot,) in rows(SPOTS, account)] if weeks else []

    def works_at(spot: int, at: float) -> bool:
        if not weeks:
            return True
        weekday, minute = _clock(at, where)
        mine = spots if spot == 0 else (spot,)
        return not mine or any(open_on(weeks.get(one, {}), weekday, minute) for one in mine)

    return works_at


def open_on(week: Week, weekday: int, minute: int) -> bool:
    """By the clock on the wall: where it is put back, an hour counts twice; where it is put on, one is missing."""
    if not week:
        return True
    opens, closes = week.get(weekday, (0, 0))
    late = week.get((weekday - 1) % 7, (0, 0))[1] - DAY
    return opens <= minute < closes or minute < late


def _clock(at: float, where: tzinfo) -> tuple[int, int]:
    local = datetime.fromtimestamp(at, where)
    return local.weekday(), 60 * local.hour + local.minute


def week(account: int, spot: int) -> dict[int, tuple[int, int]]:
    return {weekday: (opens, closes) for weekday, opens, closes in rows(HOURS, account, spot)}


def set_week(account: int, spot: int, wanted: Week) -> None:
    """Replaces the spot's hours; an empty week makes it open always. Raises Unfit."""
    with transaction(account):
        named = rows(SPOT, account, spot)
        if not named:
            raise Unfit("spot_unknown")
        was = week(account, spot)
        if dict(wanted) == was:
            return
        write(FORGET, account, spot)
        for weekday, (opens, closes) in sorted(wanted.items()):
            write(KEEP, account, spot, weekday, opens, closes)
        audit.note(account, "hours", named[0][0], in_short(was), in_short(wanted))


def span(opens: str, closes: str) -> tuple[int, int] | None:
    """`("10:00", "02:00")` -> `(600, 1560)`: what ends before it begins ends the next morning. Both empty: closed."""
    if not opens.strip() and not closes.strip():
        return None
    begin, end = minutes(opens), minutes(closes)
    if begin == DAY:
        raise Unfit("hours", value=opens.strip())
    return begin, end if end > begin else end + DAY


def minutes(text: str) -> int:
    found = _CLOCK.match(text.strip())
    total = 60 * int(found[1]) + int(found[2] or 0) if found else DAY + 1
    if total > DAY:
        raise Unfit("hours", value=text.strip())
    return total


def clock(minute: int) -> str:
    """`1560` -> `02:00`; midnight at the end of a day stays `24:00`."""
    shown = minute if minute <= DAY else minute - DAY
    return f"{shown // 60:02}:{shown % 60:02}"


def in_short(week: Week) -> str:
    """For the history: `1-5 10:00-22:00, 6 10:00-02:00`, Monday is 1."""
    runs: list[tuple[int, int, tuple[int, int]]] = []
    for day, span in sorted(week.items()):
        first, last, same = runs[-1] if runs else (-1, -1, (0, 0))
        runs[-1:] = (
            [(first, day, span)] if last == day - 1 and same == span else [*runs[-1:], (day, day, span)]
        )
    return ", ".join(
        f"{first + 1}{f'-{last + 1}' if last > first else ''} {clock(opens)}-{clock(closes)}"
        for first, last, (opens, closes) in runs
    )
