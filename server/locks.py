"""Codes of people: their hashes, and how often a wrong one may be typed. Both stand still for nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache

from werkzeug.security import check_password_hash, generate_password_hash

from server.db import rows, transaction, write

LEAST, LONGEST = 6, 64  # characters of a code
TRIES, WITHIN = 5, 900.0  # wrong codes in so many seconds, for one person
METHOD = "scrypt"

KNOWN = "SELECT name FROM member WHERE account_id = ? AND id = ? AND gone_at IS NULL"
OLD = "DELETE FROM code_try WHERE at <= ? OR at > ?"  # or of a clock that was put right since
TRIED = "SELECT at FROM code_try WHERE account_id = ? AND member = ? ORDER BY at"
TRY = "INSERT INTO code_try (account_id, member, at) VALUES (?, ?, ?)"
BACK = "DELETE FROM code_try WHERE id = (SELECT max(id) FROM code_try WHERE account_id = ? AND member = ?)"


def hashed(code: str) -> str:
    return generate_password_hash(code, METHOD)


def matches(sealed: str, code: str) -> bool:
    """Without a hash to compare with it takes as long as with one: who has a code is nobody's business."""
    fits = check_password_hash(sealed or _somebody_elses(), code[:LONGEST])
    return fits and bool(sealed)


@lru_cache
def _somebody_elses() -> str:
    return hashed("nobody has this code")


class Tries:
    """Counted before a code is looked at, so that a hundred tries at once are no more than five.

    Each person has their own, and all ids that are nobody's share one. They stand in the database: a restart gives
    none back. A right code takes back its own try only: wrong ones before it still count.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now

    def begin(self, account: int, member: int) -> float:
        """Seconds to wait; 0: try now."""
        with transaction(account):
            now, whose = self._now(), _whose(account, member)
            write(OLD, now - WITHIN, now + WITHIN)
            tried = rows(TRIED, account, whose)
            if len(tried) >= TRIES:
                return float(min(tried[0][0] + WITHIN - now, WITHIN))
            write(TRY, account, whose, now)
        return 0.0

    def right(self, account: int, member: int) -> None:
        with transaction(account):
            write(BACK, account, _whose(account, member))

    def spent(self, account: int, member: int) -> bool:
        """Whether that was the last."""
        return len(rows(TRIED, account, _whose(account, member))) >= TRIES


def name_of(account: int, member: int) -> str:
    found = rows(KNOWN, account, member)
    return str(found[0][0]) if found else ""


def _whose(account: int, member: int) -> int:
    return member if rows(KNOWN, account, member) else 0
