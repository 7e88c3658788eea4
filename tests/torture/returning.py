"""A thousand registers come back at once after a restart, while companies go on calling."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.servers import ACCOUNT, SECRET, furnish
from server.db import close_database, open_database
from tests.torture.killing import kill_worker
from tests.waiting import until
from tests.wire import ROOT, Server


class Crowd:
    """So many registers in a process of their own, see `tests.torture.crowd`."""

    def __init__(self, url: str, first: int, count: int) -> None:
        command = [sys.executable, "-m", "tests.torture.crowd", url, ACCOUNT, str(first), str(count)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, word: str = "") -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class Caller(threading.Thread):
    """Rings a line every 50 ms, again until it is taken; how long each delivery that was answered took."""

    def __init__(self, port: int, registers: int) -> None:
        super().__init__(daemon=True)
        self.port, self.registers = port, registers
        self.took: list[tuple[float, float]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        count = 0
        while not self.enough.wait(0.05):
            begun = time.monotonic()
            if self._rings(count):
                self.took.append((begun, time.monotonic() - begun))
                count += 1

    def _rings(self, count: int) -> bool:
        body = {"event": "ring", "call": f"c{count}", "from": f"067{count:07d}", "to": "0441234567",
                "line": str(1001 + count % self.registers)}  # fmt: skip
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", f"/hooks/generic/{SECRET}", urlencode(body),
                               {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def run(folder: Path, registers: int) -> tuple[list[str], list[tuple[str, str]]]:
    """(what was wrong, what was measured)"""
    server = Server(folder / "dzvinok.db")
    open_database(server.env["DATABASE_URL"])
    furnish(registers)
    close_database()
    crowd, caller = Crowd(server.url, 1, registers), Caller(server.port, registers)
    try:
        until(crowd.ask, lambda said: said["connected"] == registers, seconds=120)
        caller.start()
        crowd.ask("anew")
        kill_worker(server)
        down = time.monotonic()
        said = until(crowd.ask, lambda said: said["connected"] == registers <= said["came"], seconds=150)
        caller.enough.set()
        caller.join(timeout=30)
        measured = list(_figures(said, down, caller.took))
        return list(said["wrong"]), measured
    finally:
        crowd.close()
        server.kill()


def _figures(said: dict[str, Any], down: float, took: list[tuple[float, float]]) -> Iterable[tuple[str, str]]:
    first, last = said["first"], said["last"]
    yield "registers that lost their socket", str(said["came"])
    yield "killed to the first one back", f"{first - down:.2f} s"
    yield "from the first to the last one back", f"{last - first:.2f} s"
    meanwhile = sorted(1000 * lasted for begun, lasted in took if begun <= last and begun + lasted >= first)
    if meanwhile:
        p50, p99 = statistics.median(meanwhile), meanwhile[int(0.99 * (len(meanwhile) - 1))]
        told = f"{len(meanwhile)}, p50 {p50:.0f} ms, p99 {p99:.0f} ms, worst {meanwhile[-1]:.0f} ms"
        yield "webhooks answered meanwhile", told
