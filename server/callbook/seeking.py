"""Finds calls among a million: in one index after the other's choice, a piece at a time, never longer than a blink.

Whatever combination is asked for, the calls that may fit are walked through newest first (or oldest first) in an
index that holds everything the other conditions need. What cannot be found soon is told as far as it was searched.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, replace
from typing import Any

from server.aside import Connection
from server.callbook.filters import Sought
from server.callbook.names import People

PATIENCE = 0.035  # seconds of searching for one page
PIECE = 40_000  # rows of an index that holds all, about 8 ms
DEAR = 8_000  # rows whose other facts must be looked up one by one
FEW = 15_000  # calls that are sorted at once
LAST = "\U0010ffff"
ALL_OF_THEM = 1 << 62  # rows

Mark = tuple[float, str]
NEWEST: Mark = (4e9, LAST)
OLDEST: Mark = (-1.0, "")

FACTS = "started, call_id AS id, direction, outcome, employee, spot, line, number"
BY = "call_fact INDEXED BY call_fact_{} WHERE account_id = ?"
WITH_NUMBER = BY.format("number") + " AND number <> ''"
IDS_OF_NUMBERS = f"SELECT call_id FROM {WITH_NUMBER} AND number IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own words
IDS_OF_HEAD = f"SELECT call_id FROM {WITH_NUMBER} AND number >= ? AND number < ?"  # noqa: S608 - our own words
IDS_OF_TAIL = f"""SELECT call_id FROM {BY.format("tail")} AND number <> '' AND substr(number, -4) = ?
    AND number LIKE ?"""  # noqa: S608 - our own words


@dataclass(frozen=True)
class Found:
    """Calls in the order asked for. `more`: others follow. `reached`: nobody knows yet, it was searched until there."""

    marks: list[Mark]
    more: bool = False
    reached: Mark | None = None


@dataclass(frozen=True)
class Way:
    """One way through the calls: what is read, entered with which values, how many rows at once (0: all of them)."""

    what: str
    source: str
    values: tuple[Any, ...] = ()
    piece: int = PIECE


# Without any condition the calls themselves are read: they are there before their figures.
CALLS = Way("started, id", "call INDEXED BY call_started WHERE account_id = ? AND direction <> ''")
ALL = Way(FACTS, BY.format("started"))


def seek(
    connection: Connection, account: int, sought: Sought, people: People | None, mark: Mark, size: int,
    newer: bool = False, patience: float = PATIENCE,
) -> Found:  # fmt: skip
    """`numbers` are those of the people whose name is sought. What lies before `mark` in the order is not found."""
    way, until = _way(connection, account, sought, people), time.monotonic() + patience
    if people and people.numbers is None and way.piece:
        way = replace(way, piece=min(way.piece, DEAR))
    also = _conditions(sought, people)
    found: list[Mark] = []
    while True:
        sql, values = _piece(way, account, sought, mark, newer)
        conditions = " AND ".join([f"({one})" for one, _ in also] or ["1 = 1"])
        rest = [value for _, its in also for value in its]
        left = size + 1 - len(found)
        found += connection.execute(
            f"SELECT started, id FROM ({sql}) AS piece WHERE {conditions} {_kept(newer)} LIMIT ?",  # noqa: S608 - our own words
            [*values, *rest, left],
        ).fetchall()
        if len(found) > size:
            return Found(found[:size], True)
        end = _end(connection, way, sql, values)
        if end is None:
            return Found(found)
        mark = end
        if time.monotonic() > until:
            return Found(found, True, mark)


def _piece(way: Way, account: int, sought: Sought, mark: Mark, newer: bool) -> tuple[str, list[Any]]:
    """Entered at the mark, left where the span ends: two conditions, or the index is not used for both."""
    order, than, until = ("ASC", ">", "started < ?") if newer else ("DESC", "<", "started >= ?")
    id_ = "id" if way is CALLS else "call_id"
    sql = f"""SELECT {way.what} FROM {way.source} AND (started, {id_}) {than} (?, ?) AND {until}
        ORDER BY started {order}, {id_} {order} LIMIT ?"""  # noqa: S608 - our own words
    edge, until_ = (
        (max(mark, (sought.begins, "")), sought.ends)
        if newer
        else (min(mark, (sought.ends, "")), sought.begins)
    )
    if way is not CALLS:
        edge, until_ = _whole(edge, newer), math.ceil(until_)
    return sql, [account, *way.values, *edge, until_, way.piece or ALL_OF_THEM]


def _whole(mark: Mark, newer: bool) -> Mark:
    """`call_fact` has whole seconds, and PostgreSQL enters an index only with a number of the same kind."""
    started, id_ = mark
    if started == int(started):
        return int(started), id_
    return (math.floor(started), LAST) if newer else (math.ceil(started), "")


def _kept(newer: bool) -> str:
    """The piece is in its order already, and SQLite hands it on so; PostgreSQL wants to be told."""
    order = "ASC" if newer else "DESC"
    return f"/* still: ORDER BY started {order}, id {order} */"


def _end(connection: Connection, way: Way, sql: str, values: list[Any]) -> Mark | None:
    """Where the piece ends; None when nothing comes after it."""
    if not way.piece:
        return None
    last = f"SELECT started, id FROM ({sql}) AS piece LIMIT 1 OFFSET ?"  # noqa: S608 - our own words
    found = connection.execute(last, [*values, way.piece - 1]).fetchone()
    return (found[0], found[1]) if found else None


def _way(connection: Connection, account: int, sought: Sought, people: People | None) -> Way:
    """The shortest way. Counting stops where it would take longer than it saves."""
    if sought.exact:
        return Way(FACTS, f"{WITH_NUMBER} AND number = ?", (sought.exact,), DEAR)
    few = _few(connection, account, sought, people)
    if few is not None:
        return few
    ways = _facets(sought)
    if not ways:
        bare = not _conditions(sought, people)
        return CALLS if bare else ALL
    return min([*ways, ALL], key=lambda way: _length(connection, account, sought, way))


def _facets(sought: Sought) -> list[Way]:
    ways = []
    if sought.employee:
        ways.append(
            Way(FACTS, BY.format("employee") + " AND employee <> 0 AND employee = ?", (sought.employee,))
        )
    if sought.line:
        ways.append(Way(FACTS, BY.format("line") + " AND line <> '' AND line = ?", (sought.line,)))
    if len(sought.outcomes) == 1 and sought.outcomes != ("answered",):
        ways.append(
            Way(FACTS, BY.format("outcome") + " AND outcome <> 'answered' AND outcome = ?", sought.outcomes)
        )
    return ways


def _length(connection: Connection, account: int, sought: Sought, way: Way) -> int:
    rows = f"SELECT 1 FROM {way.source} AND started >= ? AND started < ? LIMIT ?"  # noqa: S608 - our own words
    counted = f"SELECT count(*) FROM ({rows}) AS found"  # noqa: S608 - our own words
    values = [account, *way.values, math.ceil(sought.begins), math.ceil(sought.ends), PIECE]
    return int(connection.execute(counted, values).fetchone()[0])


def _few(connection: Connection, account: int, sought: Sought, people: People | None) -> Way | None:
    """The calls of these people or numbers, where they are few enough to be sorted."""
    parts = _parts(account, sought, people)
    if not parts:
        return None
    values = [value for _, its in parts for value in its]
    every = " UNION ALL ".join(f"SELECT * FROM ({sql} LIMIT {FEW}) AS its" for sql, _ in parts)  # noqa: S608 - our own words
    counted = f"SELECT count(*) FROM ({every}) AS found"  # noqa: S608 - our own words
    if connection.execute(counted, values).fetchone()[0] >= FEW:
        return None
    ids = " UNION ".join(sql for sql, _ in parts)
    return Way(FACTS, f"call_fact WHERE +account_id = ? AND call_id IN ({ids})", tuple(values), 0)


def _parts(account: int, sought: Sought, people: People | None) -> list[tuple[str, list[Any]]]:
    """Each a question for ids; [] when they cannot be had without walking through all."""
    if people and people.numbers is not None:
        return [(IDS_OF_NUMBERS, [account, json.dumps(people.numbers)])]
    if sought.tail and len(sought.tail) < 4:
        return []
    heads = [(IDS_OF_HEAD, [account, head, head + LAST]) for head in sought.heads]
    tail = [account, sought.tail[-4:], f"%{sought.tail}"]
    return [*heads, *([(IDS_OF_TAIL, tail)] if sought.tail else [])]


def _conditions(sought: Sought, people: People | None) -> list[tuple[str, list[Any]]]:
    """Everything that a call must fulfil, whichever way it was found."""
    same = {"employee": sought.employee, "line": sought.line or None, "direction": sought.direction or None,
            "spot": sought.spot}  # fmt: skip
    found: list[tuple[str, list[Any]]] = [
        (f"{name} = ?", [its]) for name, its in same.items() if its is not None
    ]
    if sought.outcomes:
        found.append((f"outcome IN ({', '.join('?' for _ in sought.outcomes)})", [*sought.outcomes]))
    spelt = [("number >= ? AND number < ?", [head, head + LAST]) for head in sought.heads]
    spelt += [("number LIKE ?", [f"%{sought.tail}"])] if sought.tail else []
    if sought.exact or spelt:
        either = [("number = ?", [sought.exact])] if sought.exact else spelt
        words = " OR ".join(f"({one})" for one, _ in either)
        found.append((words, [value for _, its in either for value in its]))
    return [*found, people.condition] if people else found  # the dearest is asked last
