"""Whole calls that play by themselves."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

HOSTILE = "\"><script>alert('Dzvinok')</script>'; DROP TABLE call;--"
HIDDEN = ""


@dataclass(frozen=True)
class Step:
    """After so many seconds: `answer`, `transfer` or `end`. `line`: the first, second… of those that ring."""

    after: float
    verb: str
    line: int = 0


@dataclass(frozen=True)
class Story:
    """`rings`: how many lines; 0 is all of them."""

    steps: tuple[Step, ...]
    kind: str = "in"
    rings: int = 1
    caller: str | None = None
    said: str = ""


ANSWERED = (Step(4, "answer"), Step(8, "end"))
STORIES: dict[str, Story] = {
    "answered": Story(ANSWERED),
    "missed": Story((Step(8, "end"),)),
    "group": Story((Step(5, "answer", 1), Step(8, "end")), rings=0),
    "transfer": Story((Step(4, "answer"), Step(4, "transfer", 1), Step(8, "end"))),
    "outgoing": Story(ANSWERED, kind="out"),
    "hidden": Story(ANSWERED, caller=HIDDEN),
    "hostile": Story(ANSWERED, said=HOSTILE),
}
CLICK = (Step(2, "answer"), Step(10, "end"))
"""What becomes of a call that our server asked for."""


class Player:
    """One thread that does things later."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self._jobs: list[tuple[float, int, Callable[[], None]]] = []
        self._orders = count()
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox-stories", daemon=True)
        self._thread.start()

    def later(self, seconds: float, do: Callable[[], None]) -> None:
        with self._wake:
            heapq.heappush(self._jobs, (time.monotonic() + seconds * self.pace, next(self._orders), do))
            self._wake.notify()

    def _run(self) -> None:
        while (do := self._due()) is not None:
            do()

    def _due(self) -> Callable[[], None] | None:
        with self._wake:
            while not self._closed:
                wait = self._jobs[0][0] - time.monotonic() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)[2]
                self._wake.wait(wait)
            return None

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(5)
