"""A clock that is put forward makes no call older: how long ago something was is told by a clock that only goes on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

log = logging.getLogger("dzvinok.steady")

JUMP = 5.0  # seconds; a clock that is merely corrected stays within
LASTS = 3.5 * 3600  # seconds that a jump matters: no call is waited for longer than that


class Steady:
    """Asked every second or so, it sees when the wall's clock goes on faster than time does."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._steady = wall, steady
        self._seen = wall(), steady()
        self._ahead = self._until = 0.0

    def now(self) -> float:
        """The time (Unix seconds) without what the clock was lately put forward by: for asking how old a call is."""
        wall, steady = self._wall(), self._steady()
        jump = (wall - self._seen[0]) - (steady - self._seen[1])
        self._seen = wall, steady
        if abs(jump) > JUMP:
            log.warning("the clock was put %s by %.0f s", "forward" if jump > 0 else "back", abs(jump))
            self._ahead, self._until = max(0.0, self._ahead + jump), steady + LASTS
        if steady > self._until:
            self._ahead = 0.0
        return wall - self._ahead
