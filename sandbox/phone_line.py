"""The phone company's way to our webhook: one thread, and a log of what was said and answered."""

from __future__ import annotations

import heapq
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.phone_bodies import spelled

REMEMBERED = 100
PATIENCE = 5.0
HELD = 4.0
"""Seconds after which a push that waits to be overtaken goes anyway."""


@dataclass(order=True)
class Job:
    due: float
    order: int
    row: dict[str, Any] = field(compare=False)
    """Its line in the log."""
    fields: dict[str, Any] = field(compare=False)
    done: Callable[[int | None, str], None] = field(compare=False)
    held: bool = field(default=False, compare=False)


class PhoneLine:
    """`settings` is read anew for each push: hook, encoding, duplicate, shuffle, drop."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.log: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._jobs: list[Job] = []
        self._count = 0
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox-phone", daemon=True)
        self._thread.start()

    def send(
        self,
        call: str,
        fields: dict[str, Any],
        done: Callable[[int | None, str], None] = lambda status, reply: None,
        after: float = 0.0,
        attempt: int = 1,
    ) -> None:
        """Queues one body; `done` hears the answer."""
        kind = str(fields["requestType"])
        with self._wake:
            if self.settings["drop"] == kind:
                self._write(call, kind, attempt, error="dropped on purpose", pending=False)
                return
            hold = bool(self.settings["shuffle"]) and not self._release(call)
            due = time.time() + after + (HELD if hold else 0)
            self._queue(Job(due, 0, self._write(call, kind, attempt), fields, done, hold))
            if self.settings["duplicate"]:
                self._queue(
                    Job(due, 0, self._write(call, kind, attempt), fields, lambda status, reply: None, hold)
                )
            self._wake.notify()

    def _release(self, call: str) -> bool:
        """Lets the pushes that were held for this call go, right after the one that overtakes them."""
        held = [job for job in self._jobs if job.held and job.row["call"] == call]
        for job in held:
            job.held, job.due = False, time.time() + 0.05
        heapq.heapify(self._jobs)
        return bool(held)

    def _queue(self, job: Job) -> None:
        job.order = job.row["id"]
        heapq.heappush(self._jobs, job)

    def _write(
        self, call: str, kind: str, attempt: int, error: str = "", pending: bool = True
    ) -> dict[str, Any]:
        self._count += 1
        row: dict[str, Any] = {
            "id": self._count,
            "at": time.time(),
            "call": call,
            "type": kind,
            "encoding": self.settings["encoding"],
            "body": "",
            "status": None,
            "reply": "",
            "ms": None,
            "error": error,
            "attempt": attempt,
            "next": None,
            "pending": pending,
        }
        self.log.appendleft(row)
        return row

    def _run(self) -> None:
        while (job := self._due()) is not None:
            status, reply = self._post(job)
            job.done(status, reply)

    def _due(self) -> Job | None:
        with self._wake:
            while not self._closed:
                wait = self._jobs[0].due - time.time() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)
                self._wake.wait(wait)
            return None

    def _post(self, job: Job) -> tuple[int | None, str]:
        content, text = spelled(job.fields, str(self.settings["encoding"]))
        started, status, reply, error = time.monotonic(), None, "", ""
        try:
            answer = requests.post(
                str(self.settings["hook"]),
                data=text.encode(),
                headers={"Content-Type": content},
                timeout=PATIENCE,
                allow_redirects=False,
            )
            status, reply = answer.status_code, answer.text[:2000]
        except requests.RequestException as trouble:
            error = type_name(trouble)
        taken = round((time.monotonic() - started) * 1000)
        job.row.update(body=text, status=status, reply=reply, error=error, ms=taken, pending=False)
        return status, reply

    def rows(self) -> list[dict[str, Any]]:
        """The log, newest first."""
        with self._wake:
            return [dict(row) for row in self.log]

    def clear(self) -> None:
        with self._wake:
            self.log.clear()

    def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(PATIENCE + 1)


def type_name(trouble: Exception) -> str:
    """For the panel: what happened, without addresses and ports of urllib3's prose."""
    names = {"ConnectionError": "nobody answers at this address", "ConnectTimeout": "no answer in time"}
    names |= {"ReadTimeout": "no answer in time", "MissingSchema": "the hook address is missing"}
    return names.get(type(trouble).__name__, type(trouble).__name__)


def is_success(status: int | None, reply: str) -> bool:
    """Binotel wants exactly this of apiCallCompleted."""
    try:
        return status == 200 and json.loads(reply) == {"status": "success"}
    except ValueError:
        return False
