"""What the owner is told of calls: sums by day, hour, line, employee, number and spot. Read beside, from `figure`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from server import aside, days, figures
from server.db import reading
from server.figures import NAMES, Sums
from server.reports.money import Band, lost_money
from server.reports.scope import Scope, previous
from server.reports.shifts import staffed

__all__ = [
    "Band", "Scope", "Sums", "band", "by_day", "by_did", "by_employee", "by_hour", "by_line", "by_spot",
    "by_weekday_hour", "previous", "staffed", "totals",
]  # fmt: skip

T = TypeVar("T")

SUMMED = ", ".join(f"sum({name})" for name in NAMES)
# Sunday is 0 to SQLite.
WEEKDAY = "(strftime('%w', printf('%04d-%02d-%02d', day / 10000, day / 100 % 100, day % 100)) + 6) % 7"
WITHIN = "FROM figure WHERE account_id = ? AND by = ? AND day BETWEEN ? AND ?"


def totals(scope: Scope) -> Sums:
    found = _summed(scope, "hour", "1")
    return Sums(*found[0][1:]) if found else Sums()


def by_hour(scope: Scope) -> dict[int, Sums]:
    return _by(scope, "hour", "hour", int)


def by_weekday_hour(scope: Scope) -> dict[tuple[int, int], Sums]:
    """Weekday 0 is Monday; it is that of the business day, so a call at one in the night may be Friday's."""
    found = _by(scope, "hour", f"{WEEKDAY} * 100 + hour", int)
    return {divmod(key, 100): sums for key, sums in found.items()}


def by_day(scope: Scope) -> dict[date, Sums]:
    return _by(scope, "hour", "day", days.day_of)


def by_spot(scope: Scope) -> dict[int, Sums]:
    """0: nobody knows at which."""
    return _by(scope, "hour", "spot", int)


def by_line(scope: Scope) -> dict[str, Sums]:
    """Under "" calls that rang several lines in vain, or none that we know."""
    return _by(scope, "line", "key", str)


def by_employee(scope: Scope) -> dict[int, Sums]:
    """Under 0 the calls of lines that are nobody's alone."""
    return _by(scope, "employee", "CAST(key AS INTEGER)", int)


def by_did(scope: Scope) -> dict[str, Sums]:
    return _by(scope, "did", "key", str)


def band(scope: Scope) -> Band | None:
    return lost_money(totals(scope))


def _by(scope: Scope, by: str, key: str, read: Callable[[Any], T]) -> dict[T, Sums]:
    return {read(row[0]): Sums(*row[1:]) for row in _summed(scope, by, key)}


def _summed(scope: Scope, by: str, key: str) -> list[tuple[Any, ...]]:
    with reading():
        figures.catch_up(scope.account)
    values: list[Any] = [scope.account, by, days.number(scope.first), days.number(scope.last)]
    within = WITHIN
    if scope.spot is not None:
        within, values = f"{within} AND spot = ?", [*values, scope.spot]
    if scope.open_only:
        within = f"{within} AND open"
    return aside.rows(f"SELECT {key} AS its, {SUMMED} {within} GROUP BY its ORDER BY its", *values)
