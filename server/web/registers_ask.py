"""What a verb of the registers' door gets, and how it reads its body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.models import Account, Employee
from server.parts import Parts

Json = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """A signed request that was accepted. What stands in `body` is the register's claim, the rest is proved."""

    account: Account
    register: int | None
    spot: int | None
    employee: int | None
    body: Json

    def text(self, name: str, longest: int = 500) -> str:
        value = self.body.get(name, "")
        return value.strip()[:longest] if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number that is not negative; 0 for anything else."""
        value = self.body.get(name)
        return value if type(value) is int and 0 < value < 2**53 else 0

    def yes(self, name: str) -> bool:
        return self.body.get(name) is True

    def objects(self, name: str, most: int = 100) -> list[Json]:
        value = self.body.get(name)
        return [one for one in value[:most] if isinstance(one, dict)] if isinstance(value, list) else []

    @property
    def who(self) -> tuple[int, str]:
        """Id and name of the employee who says so; (0, "") when nobody is logged in."""
        row = Employee.get_or_none(
            Employee.account == self.account, Employee.poster_id == (self.employee or 0)
        )
        return (row.poster_id, row.name) if row else (0, "")


Verb = Callable[[Parts, Ask], Json]


def refused(word: str, **more: Any) -> Json:
    return {"ok": False, "error": word, **more}
