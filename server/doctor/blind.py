"""Calls whose card reached no register, with the reasons."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass

from server import aside, sightings
from server.db import reading
from server.sightings import HAD, Sighting

WEEK = 7 * 86400.0
MOST = 20
UNSEEN = """SELECT id, started, number, line, legs FROM call INDEXED BY call_started
    WHERE account_id = ? AND started > ? AND direction = 'in' AND late = 0 AND test = 0
    AND EXISTS (SELECT 1 FROM sighting WHERE call_id = call.id)
    AND NOT EXISTS (SELECT 1 FROM sighting WHERE call_id = call.id AND verdict IN (SELECT value FROM json_each(?)))
    ORDER BY started DESC LIMIT ?"""
OF_NUMBER = """SELECT id, started, number, line, legs FROM call INDEXED BY call_number
    WHERE account_id = ? AND number = ? AND direction = 'in' ORDER BY started DESC LIMIT ?"""


@dataclass(frozen=True)
class Seen:
    """A call and what became of its card. `number` is E.164, "" when withheld; `lines` rang."""

    id: str
    started: float
    number: str
    lines: tuple[str, ...]
    sightings: tuple[Sighting, ...]

    @property
    def in_short(self) -> str:
        """`2 offline, 1 nobody`."""
        counted = Counter(one.verdict for one in self.sightings)
        return ", ".join(f"{count} {verdict}" for verdict, count in counted.most_common())


def unseen(account: int, now: float | None = None) -> list[Seen]:
    """The newest first."""
    since = (time.time() if now is None else now) - WEEK
    return _seen(account, aside.rows(UNSEEN, account, since, json.dumps(HAD), MOST))


def of_number(account: int, number: str) -> list[Seen]:
    return _seen(account, aside.rows(OF_NUMBER, account, number, MOST))


def _seen(account: int, found: list[tuple[str, float, str, str, str]]) -> list[Seen]:
    with reading():
        return [
            Seen(id_, started, number, _lines(line, legs), tuple(sightings.of(account, id_)))
            for id_, started, number, line, legs in found
        ]


def _lines(line: str, legs: str) -> tuple[str, ...]:
    rang = [one for one in json.loads(legs) if one and not one.startswith("@")]
    return tuple(dict.fromkeys([*rang, line] if line and not line.startswith("@") else rang))
