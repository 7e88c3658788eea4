"""Starts the sending process and listens to it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from server.config import ROOT

Json = dict[str, Any]

PATIENCE = 60.0  # seconds for all of it; the process itself gives up before
COMMAND = [sys.executable, "-m", "server.alerts"]

# Questions of pages: a process each, and never more than these at once.
_page = threading.BoundedSemaphore(2)


def carry(question: Json, tell: Callable[[Json], None]) -> None:
    """Asks, and tells each answer as it comes. What it does not tell of in time is lost with its process."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    watch = threading.Timer(PATIENCE, process.kill)
    watch.start()
    try:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(question).encode())
        process.stdin.close()
        for line in process.stdout:
            tell(json.loads(line))
    except BrokenPipeError:
        pass  # it died before it had read the question: told nothing, like one that was killed
    finally:
        watch.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def ask(question: Json) -> Json:
    """One question with one answer, {} when there was none. Somebody looks at a page and waits."""
    heard: list[Json] = []
    with _page:
        carry(question, heard.append)
    return heard[0] if heard else {}
