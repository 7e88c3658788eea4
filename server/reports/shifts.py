"""How many minutes somebody was logged in at a register, by weekday and hour."""

from __future__ import annotations

from datetime import timedelta, tzinfo

from server import aside, days, preferences
from server.db import reading, rows
from server.reports.scope import Scope

HOUR = 3600
ZONE = "SELECT timezone FROM account WHERE id = ?"
MINUTES = """SELECT hour, sum(minutes) FROM presence WHERE account_id = ? AND hour >= ? AND hour <= ?
    AND spot = coalesce(?, spot) AND employee <> 0 GROUP BY hour"""


def staffed(scope: Scope) -> dict[tuple[int, int], int]:
    """Minutes of all people together; weekday 0 is Monday, of the business day."""
    with reading():
        named, begins = rows(ZONE, scope.account), preferences.of(scope.account).day_starts
    zone = days.zone(named[0][0] if named else "")
    first, beyond = (days.start(day, zone, begins) for day in (scope.first, scope.last + timedelta(days=1)))
    hours = (int(first) // HOUR, int(beyond) // HOUR)
    found = aside.rows(MINUTES, scope.account, *hours, scope.spot)
    return aside.run(_placed, found, zone, begins, (first, beyond))


def _placed(
    found: list[tuple[int, int]], zone: tzinfo, begins: int, span: tuple[float, float]
) -> dict[tuple[int, int], int]:
    """They are kept by hours of Unix time, of which half may be another hour on the restaurant's clock."""
    minutes: dict[tuple[int, int], int] = {}
    for hour, some in found:
        for at, part in ((HOUR * hour, some // 2), (HOUR * hour + HOUR // 2, some - some // 2)):
            if span[0] <= at < span[1]:
                day, its = days.place(at, zone, begins)
                key = (day.weekday(), its)
                minutes[key] = minutes.get(key, 0) + part
    return minutes
