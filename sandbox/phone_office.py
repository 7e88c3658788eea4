"""The restaurant as its PBX knows it: internal numbers, who sits there, the outside number."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.account import Account
from sandbox.rows import Employee


@dataclass(frozen=True)
class Office:
    account: Account

    def lines_of(self, employee: int) -> list[str]:
        """As the application wrote them into the employee's extras: `101,102`."""
        text = self.account.read_extras("staff", employee).get("line", "")
        return [part.strip() for part in text.split(",") if part.strip()]

    def owners(self) -> dict[str, Employee]:
        return {line: row for row in self.account.live_employees() for line in self.lines_of(row.id)}

    def people(self) -> dict[str, str]:
        return {line: row.name for line, row in self.owners().items()}

    def extensions(self) -> list[str]:
        """One for each employee, 101 and up, and a spare."""
        return [str(101 + index) for index in range(len(self.account.live_employees()) + 1)]

    def group(self) -> list[str]:
        """The lines that somebody sits at; they ring together."""
        people = self.people()
        return [line for line in self.extensions() if line in people] or self.extensions()[:2]

    def did(self) -> str:
        return next(iter(self.account.spots.values())).did
