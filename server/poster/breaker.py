"""A Poster that does not answer costs nobody time: after a few failures in a row nothing is read from it for a while.

Then one request tries; what it finds goes for all. Each account has its own: Poster may serve one and not another.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from server.poster.trouble import Limited, PosterDown, Silent, Unasked

FAILURES = 5
FIRST_REST, LAST_REST = 5.0, 60.0
FAIR = 1.0  # seconds: who gives Poster less may not complain of its silence


class Resting(PosterDown):
    """It was not asked, because it did not answer before."""


@dataclass
class _State:
    failures: int = 0
    rest: float = FIRST_REST
    until: float = 0.0


class Breaker:
    """Times are of `time.monotonic()`."""

    def __init__(self) -> None:
        self._states: dict[str, _State] = {}
        self._lock = threading.Lock()

    def check(self, key: str) -> None:
        """Raises `Resting`. When the rest is over the first to come may try, the others wait for what it finds."""
        now = time.monotonic()
        with self._lock:
            state = self._states.get(key)
            if state is None or state.failures < FAILURES:
                return
            if now < state.until:
                raise Resting(f"Poster did not answer, it is asked again in {state.until - now:.0f} s")
            state.until = now + state.rest

    def failed(self, key: str, why: PosterDown, waited: float) -> None:
        """After `waited` seconds. What is no fault of Poster's says nothing of it."""
        if isinstance(why, Unasked | Limited | Resting) or (isinstance(why, Silent) and waited < FAIR):
            return
        with self._lock:
            state = self._states.setdefault(key, _State())
            state.failures += 1
            if state.failures > FAILURES:
                state.rest = min(LAST_REST, 2 * state.rest)
            state.until = time.monotonic() + state.rest

    def worked(self, key: str) -> None:
        with self._lock:
            self._states.pop(key, None)

    def resting(self, key: str) -> bool:
        with self._lock:
            state = self._states.get(key)
            return state is not None and state.failures >= FAILURES
