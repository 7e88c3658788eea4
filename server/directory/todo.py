"""What Poster said has changed: written down at once, read again a little later, once for many words."""

from __future__ import annotations

import json
import time
from typing import NamedTuple

from server.db import NOBODYS, rows, transaction, write

CLIENT, ORDER, ONLINE, PASS = "client", "order", "online", "pass"

SAID = """INSERT INTO todo (account_id, kind, thing, times, at) VALUES (?, ?, ?, 1, ?)
    ON CONFLICT (account_id, kind, thing) DO UPDATE SET times = todo.times + 1"""
DUE = """SELECT id, kind, thing, times FROM todo WHERE account_id = ? AND at <= ? AND kind != 'pass'
    ORDER BY at, id LIMIT 100"""
OF_GUESTS = "SELECT id, kind, thing, times FROM todo WHERE account_id = ? AND kind = 'client'"
ANY = """SELECT 1 FROM todo WHERE account_id = ? AND (kind = 'pass'
    OR (kind = 'client' AND thing IN (SELECT CAST(value AS BIGINT) FROM json_each(?)))) LIMIT 1"""
WAITING = "SELECT DISTINCT account_id FROM todo WHERE at <= ? AND kind != 'pass'"
DONE = "DELETE FROM todo WHERE id = ? AND times = ?"
AGAIN = "UPDATE todo SET at = ? WHERE id = ?"


class Todo(NamedTuple):
    id: int
    kind: str
    thing: int
    times: int


def say(account: int, kind: str, thing: int = 0) -> None:
    """Inside the caller's transaction."""
    write(SAID, account, kind, thing, time.time())


def dirty(account: int, client_id: int | None) -> None:
    """A guest must be read again; None: all of them, in a pass of their own."""
    with transaction(account):
        say(account, CLIENT if client_id else PASS, client_id or 0)


def due(account: int, before: float) -> list[Todo]:
    return [Todo(*row) for row in rows(DUE, account, before)]


def of_guests(account: int) -> list[Todo]:
    return [Todo(*row) for row in rows(OF_GUESTS, account)]


def any_of(account: int, clients: list[int]) -> bool:
    """Whether Poster said that one of them changed, and nobody has looked yet."""
    return bool(rows(ANY, account, json.dumps(clients)))


def waiting(before: float) -> set[int]:
    """Accounts with something to do."""
    return {account for (account,) in rows(WAITING, before)}


def done(things: list[Todo]) -> None:
    """What was said again while it was read stays, and has its turn once more."""
    if not things:
        return
    now = time.time()
    with transaction(NOBODYS):
        for one in things:
            write(AGAIN, now, one.id)
            write(DONE, one.id, one.times)
