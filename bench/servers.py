"""The two servers under measurement, each in a process of its own, and the crowd of registers at one of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from server.db import open_database, transaction
from server.models import CONNECTED, Account, Employee, LineOwner, Register, Spot, Trunk
from tests.wire import ROOT, Server, free_port

BIN = Path(sys.executable).parent
SECRET = "bench-token-of-the-only-trunk"
MOST = 1001


@dataclass
class Side:
    """One server: how a ring is posted to it, and the process whose memory counts. `line` "" rings everybody."""

    kind: str
    url: str
    pid: int
    session: requests.Session

    def ring(self, call: str, caller: str, line: str) -> None:
        if self.kind == "ours":
            body = {"event": "ring", "call": call, "from": caller, "to": "0441234567", "line": line}
            answer = self.session.post(f"{self.url}/hooks/generic/{SECRET}", data=body, timeout=20)
        else:
            answer = self.session.post(
                f"{self.url}/hook", data={"call": call, "from": caller, "line": line}, timeout=20
            )
        answer.raise_for_status()


def start_ours(folder: Path) -> tuple[Server, Side]:
    server = Server(folder / "ours.db")
    open_database(server.env["DATABASE_URL"])
    _furnish()
    return server, Side("ours", server.url, _worker(server.process.pid), requests.Session())


def start_socketio(folder: Path) -> tuple[subprocess.Popen[bytes], Side]:
    port = free_port()
    environ = {**os.environ, "PEER_DATABASE": str(folder / "peer.db")}
    command = [str(BIN / "gunicorn"), "-c", os.devnull, "-k", "gevent", "-w", "1", "--worker-connections", "12000",
               "--no-control-socket", "-b", f"127.0.0.1:{port}", "bench.peers.socketio_app:app"]  # fmt: skip
    with (folder / "peer.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            requests.get(f"{url}/healthz", timeout=1)
            break
        except requests.RequestException:
            time.sleep(0.05)
    return process, Side("socketio", url, _worker(process.pid), requests.Session())


def _furnish() -> None:
    """One account, with a register, an employee and a line for each number."""
    with transaction():
        account = Account.create(
            name="bench", number="1", state=CONNECTED, country="UA", mirrored_at=time.time()
        )
        Spot.create(account=account, poster_id=1, name="Bench")
        Trunk.create(account=account, provider="generic", token=SECRET, created_at=time.time())
        for number in range(1, MOST + 1):
            Register.create(account=account, poster_id=number, name=str(number), spot=1)
            Employee.create(account=account, poster_id=number, name=str(number))
            LineOwner.create(account=account, line=str(1000 + number), kind="employee", owner=number)


def _worker(master: int) -> int:
    found = subprocess.run(["pgrep", "-P", str(master)], capture_output=True, text=True, check=True)
    return int(found.stdout.split()[0])


class Crowd:
    """So many registers, numbered from `first`, in one process."""

    def __init__(self, side: Side, first: int, count: int) -> None:
        command = [sys.executable, "-m", "bench.crowd", side.kind, side.url, str(first), str(count)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        assert self._process.stdout.readline().strip() == "ready"

    def report(self) -> dict[str, Any]:
        """number that called -> [registers that heard it, when the last of them did]"""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("report\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def leave(self) -> None:
        self._process.kill()
        self._process.wait()
