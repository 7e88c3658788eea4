"""Codes of people: their hashes, and how often a wrong one may be typed. Both stand still for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache

from werkzeug.security import check_password_hash, generate_password_hash

LEAST, LONGEST = 6, 64  # characters of a code
TRIES, WITHIN = 5, 900.0  # wrong codes in so many seconds, for a whole account
METHOD = "scrypt"


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

    A right code takes back its own try only: whoever has a code cannot guess another's between two of their own.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at: dict[int, list[float]] = {}
        self._lock = threading.Lock()

    def begin(self, account: int) -> float:
        """Seconds to wait; 0: try now."""
        with self._lock:
            now = self._now()
            tried = [at for at in self._at.get(account, []) if at > now - WITHIN]
            if len(tried) >= TRIES:
                return tried[0] + WITHIN - now
            self._at[account] = [*tried, now]
            return 0.0

    def right(self, account: int) -> None:
        with self._lock:
            self._at[account] = self._at.get(account, [])[:-1]

    def spent(self, account: int) -> bool:
        """Whether that was the last."""
        with self._lock:
            return len(self._at.get(account, [])) >= TRIES
