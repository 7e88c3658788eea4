"""Rows of calls and their sums, changed together: the sums by what the rows changed, so that it takes a moment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from server.db import database, write
from server.figures.counting import Change
from server.figures.facts import Fact
from server.figures.sums import CALLS, NAMES, PLACED
from server.figures.taking import COLUMNS, FACT_COLUMNS

BY = ("hour", "line", "employee", "did")
# By the same within a whole month, whose day is 0: a year is twelve of these rows and not 365.
MONTH = "month_"
NO_HOUR = -1

UNMARK = "DELETE FROM stale_call WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
DROP = "DELETE FROM call_fact WHERE call_id = ?"
KEEP = f"""INSERT INTO call_fact (account_id, {FACT_COLUMNS})
    VALUES ({", ".join("?" * (1 + len(COLUMNS.split(", ")) + len(NAMES)))})"""  # noqa: S608 - our own words
KEY = "account_id, by, day, hour, spot, open, key"
ADD = f"""INSERT INTO figure ({KEY}, {", ".join(NAMES)}) VALUES ({", ".join("?" * (7 + len(NAMES)))})
    ON CONFLICT ({KEY}) DO UPDATE SET {", ".join(f"{name} = figure.{name} + excluded.{name}" for name in NAMES)}"""  # noqa: S608 - our own words
EMPTY = f"DELETE FROM figure WHERE ({KEY}) = (?, ?, ?, ?, ?, ?, ?) AND calls = 0 AND placed = 0"  # noqa: S608 - our own words
# The same sums, from nothing; `{key}` and `{hour}` differ by what they are added up. Months from their days.
SUMMED = ", ".join(f"sum({name})" for name in NAMES)
ALL = f"""INSERT INTO figure ({KEY}, {", ".join(NAMES)}) SELECT account_id, ?, day, {{hour}}, spot, open, {{key}},
    {SUMMED} FROM call_fact WHERE account_id = ? AND (calls <> 0 OR placed <> 0)
    GROUP BY 1, 3, 4, 5, 6, 7"""  # noqa: S608 - our own words
MONTHS = f"""INSERT INTO figure ({KEY}, {", ".join(NAMES)}) SELECT account_id, '{MONTH}' || by, day / 100 * 100, hour,
    spot, open, key, {SUMMED} FROM figure WHERE account_id = ? AND by IN (SELECT value FROM json_each(?))
    GROUP BY 1, 2, 3, 4, 5, 6, 7"""  # noqa: S608 - our own words
KEYS = {"hour": "''", "line": "line", "employee": "CAST(employee AS TEXT)", "did": "did"}

Row = tuple[Any, ...]


class Overtaken(Exception):
    """Somebody else has counted these meanwhile."""


def settle(account: int, marks: Iterable[int], changed: Iterable[Change]) -> None:
    """Inside the caller's transaction. Raises Overtaken.

    Whoever counts takes the oldest marks: of two who count at the same time, the second finds them gone.
    """
    marks, changed = list(marks), list(changed)
    if database.execute_sql(UNMARK, (json.dumps(marks),)).rowcount != len(marks):
        raise Overtaken
    cursor = database.cursor()
    cursor.executemany(DROP, [(old.call_id,) for old, _ in changed if old])
    cursor.executemany(KEEP, [(account, *new[:-1], *new.sums) for _, new in changed if new])
    added = difference(changed)
    cursor.executemany(ADD, [(account, *key, *sums) for key, sums in added.items() if any(sums)])
    less = [key for key, sums in added.items() if sums[CALLS] < 0 or sums[PLACED] < 0]
    cursor.executemany(EMPTY, [(account, *key) for key in less])


def difference(changed: Iterable[Change]) -> dict[Row, list[int]]:
    """By what the sums change, under their keys without the account."""
    found: dict[Row, list[int]] = {}
    for sign, row in (
        (sign, row) for pair in changed for sign, row in zip((-1, 1), pair, strict=True) if row
    ):
        if any(row.sums):
            for key in keys(row):
                sums = found.setdefault(key, [0] * len(NAMES))
                for index, value in enumerate(row.sums):
                    if value:
                        sums[index] += sign * value
    return found


def keys(row: Fact) -> Iterator[Row]:
    """Under what a call is added up: by, day, hour, spot, open, key."""
    for by, key in zip(BY, ("", row.line, str(row.employee), row.did), strict=True):
        rest = (row.hour if by == "hour" else NO_HOUR, row.spot, row.open, key)
        yield by, row.day, *rest
        yield MONTH + by, month_of(row.day), *rest


def month_of(day: int) -> int:
    """`20261123` -> `20261100`"""
    return day // 100 * 100


def add_up(account: int) -> None:
    """All sums of an account anew, from its calls' rows; inside the caller's transaction."""
    write("DELETE FROM figure WHERE account_id = ?", account)
    for by, key in KEYS.items():
        hour = "hour" if by == "hour" else str(NO_HOUR)
        write(ALL.format(hour=hour, key=key), by, account)
    write(MONTHS, account, json.dumps(BY))
