"""One look-up in progress and everybody who wants to hear of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Card = dict[str, Any]
Tell = Callable[[Card], None]
Key = tuple[int, str]


class Look:
    def __init__(self, tell: Tell) -> None:
        self._tells = [tell]
        self._last: Card | None = None
        # Held while telling, so that nobody hears an older card after a newer one.
        self._lock = threading.RLock()

    def say(self, card: Card) -> None:
        with self._lock:
            self._last = card
            for tell in self._tells:
                tell(card)

    def join(self, tell: Tell) -> None:
        with self._lock:
            self._tells.append(tell)
            if self._last:
                tell(self._last)


class Looks:
    """The look-ups in progress: one number of an account is asked once at a time."""

    def __init__(self) -> None:
        self._running: dict[Key, Look] = {}
        self._lock = threading.Lock()

    def join(self, key: Key, tell: Tell) -> Look | None:
        """A new look-up that the caller must run; None when this number is already being looked up."""
        with self._lock:
            running = self._running.get(key)
            if running is None:
                fresh = self._running[key] = Look(tell)
                return fresh
        running.join(tell)
        return None

    def leave(self, key: Key, look: Look) -> None:
        with self._lock:
            if self._running.get(key) is look:
                del self._running[key]

    def forget(self, account: int) -> None:
        """What is being read now may be old already: whoever asks from now on starts anew."""
        with self._lock:
            for key in [key for key in self._running if key[0] == account]:
                del self._running[key]
