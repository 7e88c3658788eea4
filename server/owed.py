"""What Poster should have been told and was not: when it is tried again, and for how long it has been owed.

What is to be said is worked out anew at each attempt; here stands only that one failed. It outlives a restart.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from server.db import rows, transaction, write

# Lines in an employee's extras, flags in a guest's, and whether a token works that came without a browser.
STAFF, CLIENT, TOKEN = "staff", "client", "token"
FIRST_PAUSE, LAST_PAUSE = 30.0, 3600.0

TRIED = "SELECT since, tries FROM owed WHERE account_id = ? AND kind = ? AND thing = ?"
LATER = """INSERT INTO owed (account_id, kind, thing, since, tries, next_at) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (account_id, kind, thing) DO UPDATE SET tries = excluded.tries, next_at = excluded.next_at"""
PAID = "DELETE FROM owed WHERE account_id = ? AND kind = ? AND thing = ?"
# A clock that was put back does not make anything wait longer than the longest pause.
RESTING = "SELECT account_id, thing FROM owed WHERE kind = ? AND next_at > ? AND next_at <= ?"
STANDING = """SELECT kind, count(*), min(since), max(tries), min(next_at) FROM owed WHERE account_id = ?
    GROUP BY kind ORDER BY kind"""
FORGOTTEN = "DELETE FROM owed WHERE next_at < ?"


@dataclass(frozen=True)
class Debt:
    """So many things of one kind, owed since (Unix seconds), tried so often, and tried again at."""

    kind: str
    count: int
    since: float
    tries: int
    again: float


def later(account: int, kind: str, thing: int = 0) -> None:
    """An attempt failed: the next one after a rest, each twice as long as the last."""
    now = time.time()
    with transaction(account):
        found = rows(TRIED, account, kind, thing)
        since, tries = found[0] if found else (now, 0)
        pause = min(LAST_PAUSE, FIRST_PAUSE * 2 ** min(tries, 10))
        write(LATER, account, kind, thing, since, tries + 1, now + pause)


def paid(account: int, kind: str, thing: int = 0) -> None:
    """Inside the caller's transaction."""
    write(PAID, account, kind, thing)


def resting(kind: str) -> set[tuple[int, int]]:
    """(account, thing) of those that are not to be tried yet. Needs an open connection."""
    now = time.time()
    return {(account, thing) for account, thing in rows(RESTING, kind, now, now + LAST_PAUSE)}


def standing(account: int) -> list[Debt]:
    """Needs an open connection."""
    return [Debt(*row) for row in rows(STANDING, account)]


def sweep(now: float) -> None:
    """What nobody has tried for a day is nobody's: the employee left, the guest was erased."""
    write(FORGOTTEN, now - 86400.0)
