"""Whose calls are meant by a name: guests of the directory, and whoever the phone company has named.

Few people are known by their numbers. Of a name that thousands have, each call is asked instead whether it is one
of theirs: there the next page is never far.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.aside import Connection
from server.callbook.filters import Sought

MOST = 3_000
NAMES = 12_000  # different names of the company's that are looked through, alphabetically

GUESTS = """SELECT guest_number.number FROM guest INDEXED BY guest_name CROSS JOIN guest_number
    INDEXED BY guest_number_client ON guest_number.account_id = guest.account_id
    AND guest_number.client_id = guest.client_id
    WHERE guest.account_id = ? AND {} AND guest.deleted = 0 LIMIT ?"""
# From one name to the next in the index, however many calls each of them has.
NAMED = """WITH RECURSIVE one (name) AS (
        SELECT (SELECT min(name) FROM call INDEXED BY call_name WHERE account_id = ? AND name <> '')
        UNION ALL SELECT (SELECT min(name) FROM call INDEXED BY call_name WHERE account_id = ? AND name > one.name
            AND name <> '') FROM one WHERE one.name IS NOT NULL)
    SELECT DISTINCT number FROM (SELECT name FROM (SELECT name FROM one LIMIT ?) AS found WHERE {}) AS fit
    CROSS JOIN call INDEXED BY call_name
    ON call.account_id = ? AND call.name = fit.name AND call.name <> '' WHERE number <> '' LIMIT ?"""
# Not EXISTS: PostgreSQL would rather look through all guests and all calls at once than ask of some.
IS_GUEST = """(SELECT 1 FROM guest_number JOIN guest ON guest.account_id = guest_number.account_id
    AND guest.client_id = guest_number.client_id WHERE guest_number.account_id = ?
    AND guest_number.number = piece.number AND guest.deleted = 0 AND {} LIMIT 1) = 1"""
IS_CALLER = "(SELECT 1 FROM call WHERE call.id = piece.id AND {} LIMIT 1) = 1"


@dataclass(frozen=True)
class People:
    """`numbers` of all who are meant, or None when they are too many; then `asked` is what to ask of each call."""

    numbers: list[str] | None
    asked: str = ""
    values: tuple[Any, ...] = ()

    @property
    def condition(self) -> tuple[str, list[Any]]:
        if self.numbers is None:
            return self.asked, [*self.values]
        return "number IN (SELECT value FROM json_each(?))", [json.dumps(self.numbers)]


def people(connection: Connection, account: int, sought: Sought) -> People | None:
    """None when no name is sought."""
    if not sought.names:
        return None
    fits, (spelt, values) = (
        " AND ".join("instr(guest.folded, ?) > 0" for _ in sought.names),
        _spelt(sought.said),
    )
    found = connection.execute(GUESTS.format(fits), [account, *sought.names, MOST + 1]).fetchall()
    if len(found) <= MOST:
        named = [account, account, NAMES, *values, account, MOST + 1]
        found += connection.execute(NAMED.format(spelt), named).fetchall()
    if len(found) <= MOST:
        return People(sorted({number for (number,) in found}))
    asked = f"{IS_GUEST.format(fits)} OR {IS_CALLER.format(spelt)}"
    return People(None, asked, (account, *sought.names, *values))


def _spelt(said: str) -> tuple[str, list[str]]:
    """SQLite folds only Latin letters, so each word is looked for as people write names."""
    words = [[word.lower(), word.capitalize(), word.upper()] for word in said.split()]
    fits = " AND ".join(f"({' OR '.join('instr(name, ?) > 0' for _ in one)})" for one in words)
    return fits, [word for one in words for word in one]
