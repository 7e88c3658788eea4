"""The two servers under measurement, each in a process of its own, and the crowd of registers at one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from server.db import close_database, open_database, transaction
from server.models import CONNECTED, Account, Employee, LineOwner, Register, Spot, Trunk
from tests.wire import ROOT, Server, free_port

BIN = Path(sys.executable).parent
ACCOUNT = "bench"
SECRET = "bench-token-of-the-only-trunk"
MOST = 1001
FORM = "application/x-www-form-urlencoded"


@dataclass
class Side:
    """One server: how a ring is posted to it, and the process whose memory counts.

    Over one kept connection, with the standard library's plain client: the client's own work is not the servers'.
    """

    kind: str
    url: str
    pid: int
    hook: str
    company: HTTPConnection

    def ring(self, call: str, caller: str, line: str) -> None:
        """`line` "" rings everybody. Returns when the server has answered."""
        body = {"event": "ring", "call": call, "from": caller, "to": "0441234567", "line": line}
        self.company.request("POST", self.hook, urlencode(body), {"Content-Type": FORM})
        answer = self.company.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()


@contextmanager
def ours(folder: Path) -> Iterator[Side]:
    server = Server(folder / "ours.db")
    open_database(server.env["DATABASE_URL"])
    furnish()
    close_database()
    with company_at(server.port) as company:
        hook = f"/hooks/generic/{SECRET}"
        try:
            yield Side("Dzvinok", server.url, worker(server.process.pid), hook, company)
        finally:
            server.kill()


@contextmanager
def socketio(folder: Path) -> Iterator[Side]:
    port = free_port()
    environ = {**os.environ, "PEER_DATABASE": str(folder / "peer.db")}
    command = [str(BIN / "gunicorn"), "-c", os.devnull, "-k", "gevent", "-w", "1", "--worker-connections", "12000",
               "--no-control-socket", "-b", f"127.0.0.1:{port}", "bench.peers.socketio_app:app"]  # fmt: skip
    with (folder / "peer.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    _wait(f"{url}/healthz")
    with company_at(port) as company:
        try:
            yield Side("Flask-SocketIO", url, worker(process.pid), "/hook", company)
        finally:
            process.terminate()
            process.wait()


SIDES: dict[str, Callable[[Path], AbstractContextManager[Side]]] = {"ours": ours, "socketio": socketio}


def company_at(port: int) -> AbstractContextManager[HTTPConnection]:
    return closing(HTTPConnection("127.0.0.1", port, timeout=20))


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=1)
            return
        except requests.RequestException:
            time.sleep(0.05)


def furnish() -> None:
    """One account, with a register, an employee and a line for each number."""
    with transaction():
        account = Account.create(
            name=ACCOUNT, number="1", state=CONNECTED, country="UA", mirrored_at=time.time()
        )
        Spot.create(account=account, poster_id=1, name="Bench")
        Trunk.create(account=account, provider="generic", token=SECRET, created_at=time.time())
        for number in range(1, MOST + 1):
            Register.create(account=account, poster_id=number, name=str(number), spot=1)
            line = str(1000 + number)
            Employee.create(account=account, poster_id=number, name=line, extras_line=line)
            LineOwner.create(account=account, line=line, kind="employee", owner=number)


def worker(master: int) -> int:
    """gunicorn's one worker: the process that serves."""
    found = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True)
    return int(found.stdout.split()[0])


class Crowd:
    """So many registers, numbered from `first`, in one process, which leaves with the `with`.

    `seconds`: how long it took them all to get in.
    """

    def __init__(self, kind: str, url: str, account: str, first: int, count: int) -> None:
        command = [sys.executable, "-m", "bench.crowd", kind, url, account, str(first), str(count)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.count = count
        self.seconds = float(self._line())

    def report(self) -> dict[str, Any]:
        """number that called -> [registers that heard it, when the last of them did]"""
        assert self._process.stdin
        self._process.stdin.write("report\n")
        self._process.stdin.flush()
        return dict(json.loads(self._line()))

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()
