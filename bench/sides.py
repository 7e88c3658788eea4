"""The servers that are measured, each in a process of its own, and the load beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import town
from bench.figures import Json, cpu, pss
from bench.nodes import node
from bench.servers import wait, worker
from tests.wire import ROOT, Server, free_port

BIN = Path(sys.executable).parent


@dataclass
class Side:
    """`kind` is a dialect's; `name` stands in the table."""

    kind: str
    name: str
    port: int
    pid: int
    hooks: list[str]

    @property
    def cpu(self) -> float:
        """Seconds that it has worked."""
        return cpu(self.pid)

    @property
    def pss(self) -> float:
        return pss(self.pid)


@contextmanager
def ours(folder: Path, registers: int) -> Iterator[Side]:
    database = folder / "ours.db"
    town.build(f"sqlite:///{database}", registers)
    server = Server(database, LOG_FORMAT="text")
    try:
        yield Side("ours", "Dzvinok", server.port, worker(server.process.pid), town.hooks(registers))
    finally:
        server.kill()


@contextmanager
def socketio(folder: Path, registers: int) -> Iterator[Side]:
    port = free_port()
    command = [str(BIN / "gunicorn"), "-c", os.devnull, "-k", "gevent", "-w", "1", "--worker-connections", "12000",
               "--keep-alive", "30", "--no-control-socket", "--backlog", "4096", "-b", f"127.0.0.1:{port}",
               "bench.peers.socketio_app:app"]  # fmt: skip
    with _peer(command, folder, port) as process:
        yield Side(
            "socketio", "Flask-SocketIO", port, worker(process.pid), [HOOK] * len(town.names(registers))
        )


@contextmanager
def ws(folder: Path, registers: int) -> Iterator[Side]:
    port = free_port()
    command = [node(), "--no-warnings", str(ROOT / "bench" / "peers" / "ws_app.mjs"), str(port)]
    with _peer(command, folder, port) as process:
        yield Side("ws", "ws on Node", port, process.pid, [HOOK] * len(town.names(registers)))


@contextmanager
def bare(folder: Path, registers: int) -> Iterator[Side]:
    port = free_port()
    command = [sys.executable, "-m", "bench.peers.bare", str(port)]
    with _peer(command, folder, port) as process:
        yield Side("bare", "bare limit", port, process.pid, [HOOK] * len(town.names(registers)))


HOOK = "/hook"
SIDES: dict[str, Callable[[Path, int], Any]] = {"ours": ours, "socketio": socketio, "ws": ws, "bare": bare}


@contextmanager
def _peer(command: list[str], folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "PEER_DATABASE": str(folder / "peer.db")}
    with (folder / "peer.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=log, stderr=log)
    try:
        wait(f"http://127.0.0.1:{port}/healthz")
        yield process
    finally:
        process.terminate()
        process.wait()


class Load:
    """The registers and the company, beside."""

    def __init__(self, side: Side, registers: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.load"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say({"kind": side.kind, "port": side.port, "accounts": town.names(registers), "each": town.EACH,
                   "hooks": side.hooks, "registers": registers})  # fmt: skip

    def ask(self, do: str, **more: object) -> Json:
        self._say({"do": do, **more})
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the load broke, see above")
        return dict(json.loads(line))

    def _say(self, order: Json) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *raised: object) -> None:
        self._process.kill()
        self._process.communicate()
