"""Of which calls a report tells, and with which days it is compared. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """Days, both included; `months`: they are whole months."""

    first: date
    last: date
    months: bool = False


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

    def stretches(self) -> list[Stretch]:
        """The same days, whole months together."""
        begins, ends = _month_from(self.first), _month_from(self.last + DAY, before=True)
        if ends <= begins:
            return [Stretch(self.first, self.last)]
        parts = [
            Stretch(self.first, begins - DAY),
            Stretch(begins, ends - DAY, True),
            Stretch(ends, self.last),
        ]
        return [one for one in parts if one.first <= one.last]


def previous(scope: Scope) -> Scope:
    """As many days right before; of whole months as many months before, whatever their length."""
    if (months := _whole_months(scope)) > 0:
        first = _months_before(scope.first, months)
    else:
        first = scope.first - scope.length * DAY
    return replace(scope, first=first, last=scope.first - DAY)


def _month_from(day: date, before: bool = False) -> date:
    """The first of a month on this day or next after it, or before it."""
    first = day.replace(day=1)
    return first if before or day == first else _months_before(first, -1)


def _whole_months(scope: Scope) -> int:
    """0 when the days are not whole months."""
    if scope.first.day != 1 or scope.last.day != monthrange(scope.last.year, scope.last.month)[1]:
        return 0
    return 12 * (scope.last.year - scope.first.year) + scope.last.month - scope.first.month + 1


def _months_before(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, day.day)
