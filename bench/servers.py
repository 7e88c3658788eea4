"""The two servers under measurement, each in a process of its own, and the crowd of registers at one of them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import AbstractContextManager, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import requests

from server.db import transaction
from server.models import CONNECTED, Account, Employee, LineOwner, Register, Spot, Trunk
from tests.wire import ROOT

BIN = Path(sys.executable).parent
ACCOUNT = "bench"
SECRET = "bench-token-of-the-only-trunk"
MOST = 1001
FORM = "application/x-www-form-urlencoded"


def company_at(port: int) -> AbstractContextManager[HTTPConnection]:
    return closing(HTTPConnection("127.0.0.1", port, timeout=20))


def wait(url: str) -> None:
    for _ in range(200):
        try:
            requests.get(url, timeout=1)
            return
        except requests.RequestException:
            time.sleep(0.05)


def furnish(registers: int = MOST) -> None:
    """One account, with a register, an employee and a line for each number."""
    with transaction():
        account = Account.create(
            name=ACCOUNT, number="1", state=CONNECTED, country="UA", mirrored_at=time.time()
        )
        Spot.create(account=account, poster_id=1, name="Bench")
        Trunk.create(account=account, provider="generic", token=SECRET, created_at=time.time())
        for number in range(1, registers + 1):
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
