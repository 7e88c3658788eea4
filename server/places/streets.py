"""The streets that a restaurant has delivered to: suggestions while somebody types."""

from __future__ import annotations

import json

from server.db import rows, write
from server.places.folding import folded, street_key

MOST = 8
LONGEST = 60
LAST = "\U0010ffff"
RARE = 500  # what begins more words than this is met soon in the index of use

BEGINS = "SELECT street_id FROM street_word WHERE account_id = ? AND word >= ? AND word < ? LIMIT ?"
BY_USE = "SELECT name FROM street WHERE account_id = ? {more} ORDER BY count DESC LIMIT ?"
BY_WORD = (
    "SELECT name FROM street WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) {more}"
    " ORDER BY +count DESC LIMIT ?"
)
WORD = " AND instr(' ' || folded, ?) > 0"
USED = """INSERT INTO street (account_id, folded, name, count) VALUES (?, ?, ?, 1)
    ON CONFLICT (account_id, folded) DO UPDATE SET count = street.count + 1 RETURNING id, count"""
LESS = "UPDATE street SET count = count - 1 WHERE account_id = ? AND folded = ?"
NONE = "DELETE FROM street WHERE account_id = ? AND folded = ? AND count <= 0"
HAS_WORD = "INSERT OR IGNORE INTO street_word (account_id, word, street_id) VALUES (?, ?, ?)"


def suggest(account: int, typed: str) -> list[str]:
    """Streets of which each typed word begins some word, the most used first."""
    words = street_key(typed[:LONGEST]).split() or folded(typed[:LONGEST]).split()
    if not words:
        return []
    longest, marked = max(words, key=len), [f" {word}" for word in words]
    more = WORD * len(words)
    rare = [street for (street,) in rows(BEGINS, account, longest, longest + LAST, RARE)]
    if len(rare) == RARE:
        found = rows(BY_USE.format(more=more), account, *marked, MOST)
    else:
        found = rows(BY_WORD.format(more=more), json.dumps(rare), *marked, MOST)
    return [name for (name,) in found]


def uncount(account: int, street: str) -> None:
    """One address less on it, inside the caller's transaction; a street without any is forgotten."""
    key = street_key(street.rpartition(",")[2].strip()[:LONGEST])
    write(LESS, account, key)
    write(NONE, account, key)


def count(account: int, street: str) -> None:
    """One more address on it, inside the caller's transaction. A town before the street is not part of it."""
    name = street.rpartition(",")[2].strip()[:LONGEST]
    key = street_key(name)
    if not any(char.isalpha() for char in key):
        return
    ((street_id, times),) = rows(USED, account, key, name)
    if times == 1:
        for word in set(key.split()):
            write(HAS_WORD, account, word, street_id)
