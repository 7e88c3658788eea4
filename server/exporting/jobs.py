"""What is to be written, as it goes from the server to the process that writes it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from server.callbook.filters import Sought

CSV, XLSX = "csv", "xlsx"


@dataclass(frozen=True)
class Job:
    """`where` is the database (`aside.place`), which may hold its password: a job goes by a pipe and stands nowhere.
    `sees`: whole numbers are written."""

    where: str
    account: int
    format: str
    lang: str
    timezone: str
    sees: bool
    sought: Sought

    def packed(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def unpack(text: bytes) -> Job:
    facts: dict[str, Any] = json.loads(text)
    sought = facts.pop("sought")
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in sought.items()
    }
    return Job(**facts, sought=Sought(**lists))
