"""How fast we ask. Nothing is documented; integrators stay under five requests a second for each account."""

from __future__ import annotations

import threading
import time
from collections import deque

from server.poster.trouble import Unasked

MOST = 4
MOST_IN_BACKGROUND = 3  # one of the four is kept for a phone that rings
SPAN = 1.05


class Pace:
    """Lets at most four requests of one account go in any second; the others wait for their turn."""

    def __init__(self) -> None:
        self._sent: dict[str, deque[float]] = {}
        self._resting: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, key: str, until: float, urgent: bool) -> None:
        """Returns when the request may go; raises Unasked when its time is up first."""
        while pause := self._take(key, time.monotonic(), MOST if urgent else MOST_IN_BACKGROUND):
            if time.monotonic() + pause >= until:
                raise Unasked("no time left to ask")
            time.sleep(pause)

    def rest(self, key: str, seconds: float) -> None:
        """Poster asked us to slow down."""
        with self._lock:
            self._resting[key] = max(self._resting.get(key, 0.0), time.monotonic() + seconds)

    def _take(self, key: str, now: float, most: int) -> float:
        """0 when the request may go now, and then it counts; else how long to wait before asking again."""
        with self._lock:
            resting = self._resting.get(key, 0.0) - now
            if resting > 0:
                return resting
            sent = self._sent.setdefault(key, deque())
            while sent and sent[0] <= now - SPAN:
                sent.popleft()
            if len(sent) >= most:
                return max(0.001, sent[len(sent) - most] + SPAN - now)
            sent.append(now)
            return 0.0
