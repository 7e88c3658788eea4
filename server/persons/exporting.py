"""What is known of somebody as a file that machines read: JSON, times as UTC, money in hundredths of the currency."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

from server.persons.finding import Found, Person

MOMENTS = {"at", "answered", "ended", "due", "closed_at", "first_at", "gone_at"}

Json = dict[str, Any]


def document(person: Person, found: list[Found], account: str) -> bytes:
    """`account` is the restaurant's name at Poster."""
    told: dict[str, list[Json]] = {}
    for one in found:
        told.setdefault(one.held.table, []).extend(_row(row) for row in one.rows)
    whole = {
        "made_at": _moment(time.time()),
        "restaurant": account,
        "times": "UTC",
        "money": "hundredths",
        "numbers": person.numbers,
        "guests": [{"client_id": client, "name": name} for client, name in person.guests],
        "data": told,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _row(row: Json) -> Json:
    return {name: _moment(value) if name in MOMENTS else value for name, value in row.items()}


def _moment(at: float | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds") if at else None
