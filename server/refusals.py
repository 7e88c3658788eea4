"""Poster's notices that were refused: anybody may send one, so a refused one alone is no fault yet."""

from __future__ import annotations

import time

from server.db import rows, write

BOX, ALL = "poster webhook: ", 0
HOUR, DAY = 3600.0, 86400.0
LASTING = 3 * DAY  # as long as those that were taken are remembered

COUNT = """INSERT INTO tally (name, count, last_at) VALUES (?, 1, ?)
    ON CONFLICT (name) DO UPDATE SET count = tally.count + 1, last_at = excluded.last_at"""
# Of a signature it is remembered since when none was right any more.
SINCE = """INSERT INTO tally (name, count, last_at) VALUES (?1, 1, ?2) ON CONFLICT (name) DO UPDATE
    SET count = CASE WHEN tally.last_at < ?3 THEN 1 ELSE tally.count + 1 END,
    last_at = CASE WHEN tally.last_at < ?3 THEN ?2 ELSE tally.last_at END"""
ONE = "SELECT count, last_at FROM tally WHERE name = ?"
LATEST = "SELECT at FROM hook ORDER BY at DESC LIMIT 1"
LATEST_OF = "SELECT at FROM hook WHERE account = ? ORDER BY at DESC LIMIT 1"
CALLED = "SELECT id FROM account WHERE name = ?"
FORGET = "DELETE FROM tally WHERE name = ?"


def note(reason: str, name: str = "") -> None:
    """`name`: the account that a wrongly signed one named. Inside the caller's transaction."""
    now = time.time()
    write(COUNT, BOX + reason, now)
    if reason == "signature":
        write(SINCE, _name(ALL), now, max(_good(), now - LASTING))
        for (account,) in rows(CALLED, name):
            write(SINCE, _name(account), now, max(_good(name), now - LASTING))


def standing(now: float, account: int = ALL, name: str = "") -> tuple[bool, int, float] | None:
    """Whether it is a fault, how many were refused and since when; None where none was. An account's, or of all."""
    found = rows(ONE, _name(account))
    if not found or found[0][1] < now - LASTING:
        return None
    (count, since), good = found[0], _good(name)
    if good > since and since < now - DAY:
        return None
    return good <= since < now - HOUR, count, since


def forget(account: int) -> None:
    """Inside the caller's transaction."""
    write(FORGET, _name(account))


def _name(account: int) -> str:
    return f"poster webhook of {account}: signature"


def _good(name: str = "") -> float:
    """When the last notice of it was taken; of anybody's."""
    found = rows(LATEST_OF, name) if name else rows(LATEST)
    return float(found[0][0]) if found else 0.0
