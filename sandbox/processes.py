"""The two processes of `make run`: started together, watched, stopped together."""

from __future__ import annotations

import ctypes
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

STARTUP = 30.0
FAREWELL = 8.0


class LaunchError(Exception):
    """Why the sandbox can't run; one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])


def start(name: str, command: list[str], environment: Mapping[str, str], log: Path) -> Child:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent,
        )
    return Child(name, process, log)


LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the child: Linux ends it politely when the launcher dies, whatever the launcher dies of."""
    if sys.platform == "linux":
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def must_be_free(host: str, port: int, setting: str) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError:
        raise LaunchError(
            f"Port {port} is busy: stop what listens there, or choose another, for example "
            f"make run {setting}={host}:{port + 1}"
        ) from None


def wait_until_up(child: Child, address: str) -> None:
    deadline = time.monotonic() + STARTUP
    while time.monotonic() < deadline:
        check(child)
        try:
            if requests.get(f"{address}/healthz", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            time.sleep(0.05)
    raise LaunchError(f"The {child.name} doesn't answer at {address}; see {child.log}.")


def check(child: Child) -> None:
    if child.process.poll() is not None:
        raise LaunchError(f"The {child.name} stopped. Its last words:\n{child.last_words()}")


def stop(children: list[Child]) -> None:
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + FAREWELL
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()
