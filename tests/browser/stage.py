"""The stage of every browser test: the sandbox and the server, real processes, connected to each other."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import requests

from sandbox import first_steps
from tests.wire import APPLICATION_SECRET, ROOT, Binotel, Json, Server, free_port

ACCOUNT = "pechera"
SADOVA, PODIL = "0443334455", "0445556677"
"""The outside numbers of spot 1 (registers 1 and 2) and of spot 2 (register 3)."""

MARTA, BOHDAN, SOLOMIYA, ANDRII = "3333", "4444", "5555", "6666"
"""PINs of employees 3, 4, 5, 6, who have lines 101, 102, 103, 104."""

GRACE = 2


class Poster:
    """The sandbox in a process of its own, driven through its API."""

    def __init__(self, folder: Path, port: int, server_url: str, crowd: int = 0) -> None:
        self.url = f"http://localhost:{port}"
        self.platform = f"http://127.0.0.1:{port}"
        self.environment = {
            "SANDBOX_BIND": f"127.0.0.1:{port}",
            "SANDBOX_SERVER_URL": server_url,
            "SANDBOX_STATE": str(folder / "world.json"),
            "SANDBOX_APPLICATION_SECRET": APPLICATION_SECRET,
            "SANDBOX_CROWD": str(crowd),
            "PATH": "/usr/bin:/bin",
        }
        self.log = folder / "sandbox.log"
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "sandbox"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if requests.get(f"{self.platform}/healthz", timeout=1).ok:
                    return
            except requests.RequestException:
                time.sleep(0.05)
        raise AssertionError(f"the sandbox did not start:\n{self.log.read_text()[-3000:]}")

    def ask(self, what: str, **query: Any) -> Json:
        asked = {"account": ACCOUNT, **query}
        return dict(requests.get(f"{self.platform}/sandbox/api/{what}", params=asked, timeout=10).json())

    def tell(self, what: str, **body: Any) -> Json:
        told = {"account": ACCOUNT, **body}
        reply = requests.post(f"{self.platform}/sandbox/api/{what}", json=told, timeout=20)
        assert reply.ok, reply.text
        return dict(reply.json())

    def faults(self, **switches: str | int) -> None:
        self.tell("faults", **switches)

    def guests(self, **wanted: Any) -> list[Json]:
        """Guests that the first register knows, whose fields are these."""
        clients = self.ask("state", tablet=1)["clients"]
        return [one for one in clients if all(one[name] == value for name, value in wanted.items())]

    def order(self, number: int) -> Json:
        return next(one for one in self.ask("state", tablet=1)["orders"] if one["id"] == number)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=15)


class Stage:
    """Pechera is connected, its waiters have lines, its outside numbers ring their spots, Binotel has our address."""

    def __init__(self, folder: Path, crowd: int = 0) -> None:
        poster_port, server_port = free_port(), free_port()
        self.poster = Poster(folder, poster_port, f"http://127.0.0.1:{server_port}", crowd)
        self.server = Server(
            folder / "dzvinok.db",
            server_port,
            POSTER_URL=self.poster.url,
            POSTER_ACCOUNT_URL=f"{self.poster.url}/{{account}}",
            POSTER_PLATFORM_URL=self.poster.platform,
            CALL_GRACE=str(GRACE),
        )
        first_steps.take(self.poster.url, self.server.url, self.server.env)
        self.hook = str(self.poster.ask("phone")["settings"]["hook"])

    def close(self) -> None:
        self.server.kill()
        self.poster.stop()


strangers = count(73_555_0000)


def stranger() -> str:
    """A number that nobody has called from in this run."""
    return f"0{next(strangers)}"


def shown(number: str) -> str:
    """`0671112233` as people read it."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


class Phone:
    """The phone company: rings, and what becomes of them."""

    def __init__(self, hook: str) -> None:
        self.company = Binotel(hook)
        self.rings: list[Ring] = []

    def ring(self, caller: str, did: str = SADOVA) -> Ring:
        """An empty number is withheld."""
        ring = Ring(self.company, f"{time.time_ns()}", caller)
        self.rings.append(ring)
        ring.told(self.company.ring(ring.id, caller, did))
        return ring

    def hang_up(self) -> None:
        """Every call that a test left in the air."""
        for ring in self.rings:
            if not ring.over:
                ring.end()


class Ring:
    def __init__(self, company: Binotel, id: str, caller: str) -> None:
        self.company, self.id, self.caller, self.over = company, id, caller, False

    def told(self, reply: requests.Response) -> None:
        assert reply.ok, reply.text

    def answer(self, line: str) -> None:
        self.told(self.company.answer(self.id, line, self.caller))

    def move(self, line: str) -> None:
        self.told(self.company.transfer(self.id, line))

    def end(self, disposition: str = "ANSWER") -> None:
        self.over = True
        self.told(self.company.hangup(self.id, disposition))

    def miss(self) -> None:
        self.end("NOANSWER")
