"""Starts the process that makes a file and hands on what it writes; two at once, so that the ring has a core."""

from __future__ import annotations

import logging
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

from server.config import ROOT
from server.downloads import File
from server.exporting.jobs import XLSX, Job
from server.unfit import Unfit

log = logging.getLogger("dzvinok.exporting")

AT_ONCE = 2
CHUNK = 64 * 1024
LOOK = 1.0  # seconds between two looks whether somebody still waits
TYPES = {
    "csv": "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_slots = threading.Semaphore(AT_ONCE)


class Broken(Exception):
    """The file ends in the middle; its download must not look as if it were whole."""


def _nobody_leaves() -> bool:
    return False


def busy() -> bool:
    if _slots.acquire(blocking=False):
        _slots.release()
        return False
    return True


def start(job: Job, name: str) -> File:
    """Raises Unfit `export_busy`."""
    if not _slots.acquire(blocking=False):
        raise Unfit("export_busy")
    try:
        made = Made(job)
    except OSError:
        _slots.release()
        raise
    return File(name, TYPES[job.format], made.chunks(), made.close, made.watch)


class Made:
    def __init__(self, job: Job) -> None:
        command = [sys.executable, "-m", "server.exporting"]
        self._process = subprocess.Popen(  # noqa: S603 - our own program; the job is told on its input
            command,
            bufsize=0,
            cwd=ROOT,
            env={"PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._open, self._gone = True, _nobody_leaves
        assert self._process.stdin
        self._process.stdin.write(job.packed())
        self._process.stdin.close()

    def chunks(self) -> Iterator[bytes]:
        out = self._process.stdout
        assert out
        try:
            while self._waited(out.fileno()) and (block := out.read(CHUNK)):
                yield block
            if self._process.wait() != 0:
                log.warning("a file was not finished: code=%d", self._process.returncode)
                raise Broken
        finally:
            self.close()

    def watch(self, gone: Callable[[], bool]) -> None:
        """How to know that nobody waits any more: a workbook says nothing for minutes, so no write tells it."""
        self._gone = gone

    def _waited(self, out: int) -> bool:
        """Until there is something to read. Raises Broken when the download was cancelled."""
        while not select.select([out], [], [], LOOK)[0]:
            if self._gone():
                raise Broken
        return True

    def close(self) -> None:
        """Also when the download was cancelled: then nobody needs the rest."""
        if not self._open:
            return
        self._open = False
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        _slots.release()
