"""Each code is exchanged once, however often and at once the browser asks for the same page."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from server.bus import Slips
from server.connecting.outcome import Outcome
from server.db import reading
from server.models import Code

LONGEST = 60.0
AGAIN = 0.2


class Once:
    """`slips` say to other workers that one of them is at it."""

    def __init__(self, slips: Slips) -> None:
        self._slips = slips
        self._running: dict[str, Future[Outcome]] = {}
        self._lock = threading.Lock()

    def run(self, kind: str, code: str, lives: float, work: Callable[[str], Outcome]) -> Outcome:
        """What came of this code, now or in the last `lives` seconds. `work` stores it under the given key."""
        key = digest(kind, code)
        with self._lock:
            running = self._running.get(key)
            mine: Future[Outcome] | None = None if running else Future()
            if mine:
                self._running[key] = mine
        if running:
            return running.result(LONGEST)
        assert mine is not None
        return self._run(key, lives, work, mine)

    def _run(self, key: str, lives: float, work: Callable[[str], Outcome], mine: Future[Outcome]) -> Outcome:
        try:
            outcome = _recall(key, lives) or self._first(key, lives, work)
            mine.set_result(outcome)
            return outcome
        except BaseException as error:
            mine.set_exception(error)
            raise
        finally:
            with self._lock:
                self._running.pop(key, None)

    def _first(self, key: str, lives: float, work: Callable[[str], Outcome]) -> Outcome:
        """Whoever is not the first finds what came of it, or tries when nothing did."""
        while not self._slips.first("once", key, LONGEST):
            time.sleep(AGAIN)
            if found := _recall(key, lives):
                return found
        try:
            return work(key)
        finally:
            self._slips.take("once", key)


def digest(kind: str, code: str) -> str:
    return hashlib.sha256(f"{kind}:{code}".encode()).hexdigest()


def _recall(key: str, lives: float) -> Outcome | None:
    with reading():
        row = Code.get_or_none(Code.hash == key)
        if row is None or row.at < time.time() - lives:
            return None
        return Outcome(account=row.account, parked=None if row.account else row.parked)
