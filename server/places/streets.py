"""The streets that a restaurant has delivered to: suggestions while somebody types."""

from __future__ import annotations

from server.db import rows, write
from server.places.folding import folded, street_key

MOST = 8
LONGEST = 60

# In the order of the index: what is common is found after a few rows, and nothing is sorted.
LIKE = "SELECT name FROM street WHERE account_id = ? {more} ORDER BY count DESC LIMIT ?"
WORD = "AND instr(' ' || folded, ?)"
COUNT = """INSERT INTO street (account_id, folded, name, count) VALUES (?, ?, ?, 1)
    ON CONFLICT (account_id, folded) DO UPDATE SET count = count + 1"""


def suggest(account: int, typed: str) -> list[str]:
    """Streets of which each typed word begins some word, the most used first."""
    words = street_key(typed[:LONGEST]).split() or folded(typed[:LONGEST]).split()
    if not words:
        return []
    sql = LIKE.format(more=" ".join([WORD] * len(words)))
    return [name for (name,) in rows(sql, account, *(f" {word}" for word in words), MOST)]


def count(account: int, street: str) -> None:
    """One more address on it, inside the caller's transaction. A town before the street is not part of it."""
    name = street.rpartition(",")[2].strip()[:LONGEST]
    if any(char.isalpha() for char in street_key(name)):
        write(COUNT, account, street_key(name), name)
