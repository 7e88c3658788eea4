"""What a report looks at: the account, the days asked for, how figures are written, what things are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from server import preferences, reports
from server.db import rows
from server.figures import Sums
from server.models import Account
from server.web.manage_reports_asked import Asked
from server.web.manage_reports_numbers import Numbers
from server.web.manage_words import Say

EMPLOYEES = "SELECT poster_id, name FROM employee WHERE account_id = ?"
OWNERS = "SELECT line, kind, owner FROM line_owner WHERE account_id = ? ORDER BY line, kind, owner"
REGISTERS = "SELECT poster_id, name FROM register WHERE account_id = ?"

K = TypeVar("K", int, str)


@dataclass(frozen=True)
class Look:
    account: Account
    asked: Asked
    say: Say

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.say, self.account.currency)

    @cached_property
    def now(self) -> Sums:
        return reports.totals(self.asked.scope)

    @cached_property
    def before(self) -> Sums | None:
        """None where nothing was counted then, so that there is nothing to compare with."""
        sums = reports.totals(self.asked.before)
        return sums if sums.calls or sums.placed else None

    @cached_property
    def hours(self) -> list[int]:
        """Those of a business day, in its order."""
        begins = preferences.of(self.account.id).day_starts
        return [(begins + hour) % 24 for hour in range(24)]

    @cached_property
    def employees(self) -> dict[int, str]:
        return dict(rows(EMPLOYEES, self.account.id))

    @cached_property
    def owners(self) -> dict[str, list[str]]:
        """Names by line."""
        registers: dict[int, str] = dict(rows(REGISTERS, self.account.id))
        found: dict[str, list[str]] = {}
        for line, kind, owner in rows(OWNERS, self.account.id):
            name = (self.employees if kind == "employee" else registers).get(owner, "")
            found.setdefault(line, []).extend([name] if name else [])
        return found

    def hour(self, hour: int) -> str:
        return f"{hour:02}:00"

    def day(self, day: date) -> str:
        return f"{self.say(f'reports.weekday_{day.weekday()}')} {day:%d.%m}"

    def line(self, line: str) -> str:
        names = ", ".join(self.owners.get(line, []))
        return f"{line} · {names}" if names else line or self.say("reports.no_line")

    def employee(self, employee: int) -> str:
        return self.employees.get(employee) or self.say("reports.nobody" if not employee else "reports.employee_gone",
                                                        id=employee)  # fmt: skip

    def spot(self, spot: int) -> str:
        return self.asked.spots.get(spot) or self.say("reports.no_spot")


def apart(titled: Iterable[tuple[str, Sums]]) -> dict[str, Sums]:
    """Rows by their titles; two of one name (two waiters called Olena) stay two rows."""
    found: dict[str, Sums] = {}
    for title, sums in titled:
        count = 2
        name = title
        while name in found:
            name, count = f"{title} ({count})", count + 1
        found[name] = sums
    return found


def most_first(sums: Mapping[K, Sums], by: str) -> list[tuple[K, Sums]]:
    return sorted(sums.items(), key=lambda pair: (-getattr(pair[1], by), str(pair[0])))
