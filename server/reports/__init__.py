"""What the owner is told of calls: sums by day, hour, line, employee, number and spot. Read beside, from `figure`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from server import aside, days, figures
from server.figures import NAMES, Sums
from server.figures.writing import MONTH, month_of
from server.reports.money import Band, lost_money
from server.reports.scope import Scope, Stretch, previous
from server.reports.shifts import staffed

__all__ = [
    "Band", "Scope", "Sums", "band", "by_day", "by_did", "by_employee", "by_hour", "by_line", "by_spot",
    "by_weekday_hour", "previous", "staffed", "totals",
]  # fmt: skip

T = TypeVar("T")

SUMMED = ", ".join(f"sum({name})" for name in NAMES)
# The day's number in a count of days that began on a Monday, by whole divisions: what both databases can say.
_SPRING = "(14 - day / 100 % 100) / 12"  # a year that begins in March ends with its leap day
_YEAR, _MONTH = f"(day / 10000 + 4800 - {_SPRING})", f"(day / 100 % 100 + 12 * ({_SPRING}) - 3)"
_LEAPS = f"{_YEAR} / 4 - {_YEAR} / 100 + {_YEAR} / 400"
WEEKDAY = f"((day % 100 + (153 * {_MONTH} + 2) / 5 + 365 * {_YEAR} + {_LEAPS} - 32045) % 7)"
WITHIN = "FROM figure WHERE account_id = ? AND by = ? AND day BETWEEN ? AND ?"
READ = f"hour, spot, key, {', '.join(NAMES)}"


def totals(scope: Scope) -> Sums:
    found = _summed(scope, "hour", "1", scope.stretches())
    return Sums(*found[0][1:]) if found else Sums()


def by_hour(scope: Scope) -> dict[int, Sums]:
    return _by(scope, "hour", "hour", int)


def by_weekday_hour(scope: Scope) -> dict[tuple[int, int], Sums]:
    """Weekday 0 is Monday; it is that of the business day, so a call at one in the night may be Friday's."""
    found = _by(scope, "hour", f"{WEEKDAY} * 100 + hour", int, by_month=False)
    return {divmod(key, 100): sums for key, sums in found.items()}


def by_day(scope: Scope) -> dict[date, Sums]:
    return _by(scope, "hour", "day", days.day_of, by_month=False)


def by_spot(scope: Scope) -> dict[int, Sums]:
    """0: nobody knows at which."""
    return _by(scope, "hour", "spot", int)


def by_line(scope: Scope) -> dict[str, Sums]:
    """Under "" calls that rang several lines in vain, or none that we know."""
    return _by(scope, "line", "key", str)


def by_employee(scope: Scope) -> dict[int, Sums]:
    """Under 0 the calls of lines that are nobody's alone."""
    return _by(scope, "employee", "CAST(key AS BIGINT)", int)


def by_did(scope: Scope) -> dict[str, Sums]:
    return _by(scope, "did", "key", str)


def band(scope: Scope) -> Band | None:
    return lost_money(totals(scope))


def _by(scope: Scope, by: str, key: str, read: Callable[[Any], T], by_month: bool = True) -> dict[T, Sums]:
    stretches = scope.stretches() if by_month else [Stretch(scope.first, scope.last)]
    return {read(row[0]): Sums(*row[1:]) for row in _summed(scope, by, key, stretches)}


def _summed(scope: Scope, by: str, key: str, stretches: list[Stretch]) -> list[tuple[Any, ...]]:
    figures.catch_up(scope.account)
    parts = [_part(scope, by, stretch) for stretch in stretches]
    within = " UNION ALL ".join(f"SELECT day, {READ} {sql}" for sql, _ in parts)
    values = [value for _, its in parts for value in its]
    sql = f"SELECT {key} AS its, {SUMMED} FROM ({within}) AS part GROUP BY its ORDER BY its"  # noqa: S608
    return aside.rows(sql, *values)


def _part(scope: Scope, by: str, stretch: Stretch) -> tuple[str, list[Any]]:
    first, last = days.number(stretch.first), days.number(stretch.last)
    if stretch.months:
        by, first, last = MONTH + by, month_of(first), month_of(last)
    sql, values = WITHIN, [scope.account, by, first, last]
    if scope.spot is not None:
        sql, values = f"{sql} AND spot = ?", [*values, scope.spot]
    return f"{sql} AND open <> 0" if scope.open_only else sql, values
