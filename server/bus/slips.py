"""Words that work once and soon: written by one worker, taken by another. In memory where there is only one."""

from __future__ import annotations

import threading
import time
from typing import Any

Json = dict[str, Any]
MANY = 1000


class Slips:
    """Each has a kind, a word and a body. What is too old is as if it had never been."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], tuple[float, Json]] = {}
        self._lock = threading.Lock()

    def put(self, kind: str, word: str, body: Json, life: float) -> None:
        """For so many seconds; one with the same word is replaced."""
        now = time.monotonic()
        with self._lock:
            if len(self._open) >= MANY:
                self._open = {key: one for key, one in self._open.items() if one[0] > now}
            self._open[kind, word] = (now + life, body)

    def take(self, kind: str, word: str) -> Json | None:
        """The body, once: of two who ask at the same moment one gets it."""
        with self._lock:
            until, body = self._open.pop((kind, word), (0.0, {}))
        return body if until > time.monotonic() else None

    def see(self, kind: str, word: str) -> Json | None:
        """The body, which stays."""
        until, body = self._open.get((kind, word), (0.0, {}))
        return body if until > time.monotonic() else None

    def first(self, kind: str, word: str, life: float) -> bool:
        """Whether nobody said this word before, in so many seconds."""
        with self._lock:
            if self._open.get((kind, word), (0.0, {}))[0] > time.monotonic():
                return False
            self._open[kind, word] = (time.monotonic() + life, {})
            return True
