"""A portion of what is to be counted again: the calls, their guests' other calls, their orders, the rows they have.

Read beside in a thread, in one moment. What changes after the marks were read has a newer mark.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server import aside
from server.aside import Connection
from server.figures.episodes import CallRow
from server.figures.facts import Fact, Ordered
from server.figures.sums import NAMES

COLUMNS = (
    "call_id, started, day, hour, spot, line, employee, did, direction, outcome, open, counted, owned, number"
)
FACT_COLUMNS = f"{COLUMNS}, {', '.join(NAMES)}"
FIXED = len(COLUMNS.split(", "))

CALL = """SELECT id, number, did, direction, state, outcome, line, answered_by, CAST(started AS INTEGER),
    CAST(answered AS INTEGER), CAST(ended AS INTEGER), test FROM call"""
AMONG = "IN (SELECT value FROM json_each(?))"
MARKS = "SELECT id, call_id, number FROM stale_call WHERE account_id = ? ORDER BY id LIMIT ?"
CALLS = f"{CALL} WHERE +account_id = ? AND id {AMONG}"
THEIRS = f"{CALL} WHERE account_id = ? AND number {AMONG}"
FACTS = f"SELECT {FACT_COLUMNS} FROM call_fact WHERE +account_id = ? AND call_id {AMONG}"  # noqa: S608 - our own words
ORDERS = f"""SELECT call_id, count(*), count(sum), coalesce(sum(sum), 0) FROM call_order
    WHERE account_id = ? AND call_id {AMONG} GROUP BY call_id"""  # noqa: S608 - our own words
DONE = f"""SELECT number, CAST(closed_at AS INTEGER) FROM callback
    WHERE account_id = ? AND number {AMONG} AND closed_how = 'done'"""  # noqa: S608 - our own words


@dataclass(frozen=True)
class Portion:
    """`marked`: calls to be counted whatever is known; `spread`: numbers all of whose calls may have changed."""

    marks: tuple[int, ...]
    marked: frozenset[str]
    spread: frozenset[str]
    calls: dict[str, CallRow]
    facts: dict[str, Fact]
    orders: dict[str, Ordered]
    done: dict[str, list[int]]

    def by_number(self) -> dict[str, list[CallRow]]:
        found: dict[str, list[CallRow]] = {}
        for call in self.calls.values():
            if call.number:
                found.setdefault(call.number, []).append(call)
        return found


def portion(where: str, account: int, most: int) -> Portion | None:
    """None when nothing is to be counted again."""
    with aside.opened(where) as connection:
        return _portion(connection, account, most)


def _portion(connection: Connection, account: int, most: int) -> Portion | None:
    def ask(sql: str, among: Iterable[str]) -> list[tuple[Any, ...]]:
        return connection.execute(sql, (account, json.dumps(sorted(among)))).fetchall()

    marks = connection.execute(MARKS, (account, most)).fetchall()
    if not marks:
        return None
    marked = frozenset(call for _, call, _ in marks if call)
    spread = frozenset(number for _, _, number in marks if number)
    calls = {row[0]: CallRow._make(row) for row in ask(CALLS, marked)}
    numbers = {call.number for call in calls.values()} | spread
    calls |= {row[0]: CallRow._make(row) for row in ask(THEIRS, numbers - {""})}
    wanted = marked | {call.id for call in calls.values() if call.number in spread}
    return Portion(
        tuple(mark for mark, _, _ in marks), marked, spread, calls,
        {row[0]: stored(row) for row in ask(FACTS, wanted)},
        {row[0]: Ordered._make(row[1:]) for row in ask(ORDERS, wanted)},
        _lists(ask(DONE, numbers - {""})),
    )  # fmt: skip


def stored(row: tuple[Any, ...]) -> Fact:
    return Fact._make((*row[:FIXED], row[FIXED:]))


def _lists(pairs: list[tuple[Any, ...]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
