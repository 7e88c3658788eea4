"""A register that comes back by itself, and says whether what it then saw was right."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterable

import requests
from websocket import WebSocketException

from tests.torture.phones import Told
from tests.wire import Json, Register

LOST = (OSError, WebSocketException, requests.RequestException, ValueError, KeyError)


class Desk(threading.Thread):
    """`came`: when (monotonic) each snapshot was asked for and when it was there. `wrong`: what it should not have
    shown, or should have."""

    def __init__(self, register: Register, line: str, told: Callable[[], Iterable[Told]]) -> None:
        super().__init__(daemon=True)
        self.register, self.line, self._told = register, line, told
        self.came: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                self._stay()
            except LOST:
                time.sleep(random.uniform(0.02, 0.1))
        self.register.close()

    def _stay(self) -> None:
        asked = time.monotonic()
        snapshot = self.register.connect()
        there = time.monotonic()
        if snapshot["type"] != "snapshot":
            self.wrong.append(f"the first frame was {snapshot['type']}")
        self.wrong += list(self._compare(snapshot, asked, there))
        self.came.append((asked, there))
        while not self.enough.is_set():
            try:
                self.register.hear(timeout=0.5)
            except TimeoutError:
                continue
            except WebSocketException as lost:
                if "timed out" not in str(lost):
                    raise

    def _compare(self, snapshot: Json, asked: float, there: float) -> Iterable[str]:
        live = {entry["call"]["from"] for entry in snapshot["calls"] if entry["call"]["state"] != "ended"}
        latest = {told.number: told for told in list(self._told()) if told.began <= there}
        for told in latest.values():
            rings = told.rung is not None and told.rung < asked
            if (
                told.line == self.line
                and rings
                and (told.over_sent or there) >= there
                and told.number not in live
            ):
                yield f"{told.company}'s call of {told.number} was missing"
            if told.over is not None and told.over < asked and told.number in live:
                yield f"{told.company}'s call of {told.number} was over, but on the screen"
