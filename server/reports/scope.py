"""Of which calls a report tells, and with which days it is compared. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """Business days, both included; `spot` None is all of them, 0 those calls of which nobody knows it."""

    account: int
    first: date
    last: date
    spot: int | None = None
    open_only: bool = False

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1


def previous(scope: Scope) -> Scope:
    """As many days right before; of whole months as many months before, whatever their length."""
    if (months := _whole_months(scope)) > 0:
        first = _months_before(scope.first, months)
    else:
        first = scope.first - scope.length * DAY
    return replace(scope, first=first, last=scope.first - DAY)


def _whole_months(scope: Scope) -> int:
    """0 when the days are not whole months."""
    if scope.first.day != 1 or scope.last.day != monthrange(scope.last.year, scope.last.month)[1]:
        return 0
    return 12 * (scope.last.year - scope.first.year) + scope.last.month - scope.first.month + 1


def _months_before(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, day.day)
