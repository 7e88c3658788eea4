"""What a report looks at: the account, the days asked for, how figures are written, what things are called."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from server import days, figures, preferences, reports
from server.db import rows
from server.figures import Sums
from server.models import Account
from server.web.manage_reports_asked import Asked
from server.web.manage_reports_numbers import Numbers
from server.web.manage_words import Say

EMPLOYEES = "SELECT poster_id, name FROM employee WHERE account_id = ?"
OWNERS = "SELECT line, kind, owner FROM line_owner WHERE account_id = ? ORDER BY line, kind, owner"
SINCE = "SELECT min(hour) FROM presence WHERE account_id = ?"
REGISTERS = "SELECT poster_id, name FROM register WHERE account_id = ?"


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
        """None where nothing was counted then, so that there is nothing to compare with.

        A day that is not over is compared with one up to the same hour: noon with a whole day would always be bad
        news.
        """
        scope, asked = self.asked.before, self.asked
        sums = reports.totals(
            scope if not asked.running else replace(scope, last=scope.last - timedelta(days=1))
        )
        if asked.running:
            last = reports.by_hour(replace(scope, first=scope.last))
            sums += figures.total(its for hour, its in last.items() if hour in self.hours[: self.passed])
        return sums if sums.calls or sums.placed else None

    @cached_property
    def passed(self) -> int:
        """Hours of the business day that are over, to the nearest."""
        now = datetime.fromtimestamp(time.time(), days.zone(self.account.timezone))
        return self.hours.index(now.hour) + (now.minute >= 30)

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

    @cached_property
    def staffed_since(self) -> date | None:
        """The first day of which it is known who was at the registers; None: of no day."""
        found = rows(SINCE, self.account.id)[0][0]
        begins = preferences.of(self.account.id).day_starts
        return (
            days.place(3600 * found, days.zone(self.account.timezone), begins)[0]
            if found is not None
            else None
        )

    def hour(self, hour: int) -> str:
        return f"{hour:02}:00"

    def day(self, day: date) -> str:
        written = f"{day:%-d %b}" if self.say("lang") == "en" else f"{day:%d.%m}"
        return f"{self.say(f'reports.weekday_{day.weekday()}')} {written}"

    def line(self, line: str) -> str:
        names = ", ".join(self.owners.get(line, []))
        return f"{line} · {names}" if names else line or self.say("reports.no_line")

    def employee(self, employee: int) -> str:
        return self.employees.get(employee) or self.say("reports.nobody" if not employee else "reports.employee_gone",
                                                        id=employee)  # fmt: skip

    def spot(self, spot: int) -> str:
        return self.asked.spots.get(spot) or self.say("reports.no_spot")
