"""The phone company's way to our server: one thread, and a log of what was said and answered."""

from __future__ import annotations

import heapq
import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.companies import COMPANIES
from sandbox.companies.base import PhoneCall, Push
from sandbox.companies.wire import on_the_wire, written
from sandbox.phone_setup import RIGHT, Setup

REMEMBERED = 100
PATIENCE = 5.0
HELD = 4.0
"""Seconds after which a push that waits to be overtaken goes anyway."""

DISORDER = 4.0
"""Seconds that a push of a disturbed story may be late; one of every three comes twice."""


@dataclass(order=True)
class Job:
    due: float
    order: int
    row: dict[str, Any] = field(compare=False)
    """Its line in the log."""
    push: Push = field(compare=False)
    call: PhoneCall = field(compare=False)
    first: bool = field(default=True, compare=False)
    """Not the repetition: its reply counts."""
    held: bool = field(default=False, compare=False)


class PhoneLine:
    """What goes wrong is read anew for each push. `socket` sends a frame and says how many heard it."""

    def __init__(
        self,
        setup: Setup,
        socket: Callable[[str, str], int] = lambda company, text: 0,
        retries: tuple[float, ...] = (),
        pace: float = 1.0,
    ) -> None:
        self.setup, self.socket, self.retries, self.pace = setup, socket, retries, pace
        self.log: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._jobs: list[Job] = []
        self._count = 0
        self._closed = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="sandbox-phone", daemon=True)
        self._thread.start()

    def send(self, call: PhoneCall, *pushes: Push) -> None:
        """Queues them in their order."""
        for push in pushes:
            self._send(call, push, push.after, 1)

    def _send(self, call: PhoneCall, push: Push, after: float, attempt: int) -> None:
        with self._wake:
            if self.setup.fault("drop") == push.kind:
                self._write(call, push, attempt, error="dropped on purpose", pending=False)
                return
            dice = random.Random(f"{call.id} {push.kind} {self._count}")
            late, twice, hold = 0.0, bool(self.setup.fault("duplicate")), False
            if not push.frame:  # frames of one socket stay in their order
                late = dice.uniform(0, DISORDER * self.pace) if call.disturbed else 0.0
                twice = twice or _comes_twice(call)
                hold = bool(self.setup.fault("shuffle")) and not self._release(call.id)
            due = time.time() + after + late + float(self.setup.fault("delay")) + (HELD if hold else 0)
            for first in (True, False) if twice else (True,):
                self._queue(Job(due, 0, self._write(call, push, attempt), push, call, first, hold))
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
        self, call: PhoneCall, push: Push, attempt: int, error: str = "", pending: bool = True
    ) -> dict[str, Any]:
        way = "frame" if push.frame else push.method
        return self._note(
            call=call.id, company=call.company, way=way, type=push.kind, attempt=attempt, error=error, pending=pending
        )  # fmt: skip

    def _note(self, **facts: Any) -> dict[str, Any]:
        self._count += 1
        row: dict[str, Any] = {
            "id": self._count,
            "at": time.time(),
            "call": "",
            "company": "",
            "way": "",
            "type": "",
            "url": "",
            "body": "",
            "status": None,
            "reply": "",
            "ms": None,
            "error": "",
            "attempt": 1,
            "next": None,
            "pending": False,
            "times": 1,
        }
        row.update(facts)
        self.log.appendleft(row)
        return row

    def asked(self, company: str, what: str, body: str, status: int, reply: str) -> None:
        """What our server asked the company; a question that is repeated stays one line."""
        with self._wake:
            for row in list(self.log)[:6]:
                if (row["way"], row["type"], row["company"]) == ("rest", what, company):
                    row.update(at=time.time(), body=body, status=status, reply=reply, times=row["times"] + 1)
                    return
            self._note(company=company, way="rest", type=what, body=body, status=status, reply=reply)

    def _run(self) -> None:
        while (job := self._due()) is not None:
            status, reply = self._frame(job) if job.push.frame else self._post(job)
            if job.first:
                self._heard(job, status, reply)

    def _heard(self, job: Job, status: int | None, reply: str) -> None:
        push, attempt = job.push, job.row["attempt"]
        if push.heard and status == 200:
            job.call.notes.update(push.heard(reply))
        if push.insist and not is_success(status, reply) and attempt <= len(self.retries):
            after = self.retries[attempt - 1]
            job.row["next"] = time.time() + after
            self._send(job.call, push.insist(attempt + 1), after, attempt + 1)

    def _due(self) -> Job | None:
        with self._wake:
            while not self._closed:
                wait = self._jobs[0].due - time.time() if self._jobs else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._jobs)
                self._wake.wait(wait)
            return None

    def _frame(self, job: Job) -> tuple[int | None, str]:
        text = written(job.push.fields)
        heard = self.socket(job.call.company, text)
        status = 200 if heard else None
        job.row.update(body=text, status=status, error="" if heard else "no socket is open", pending=False)
        return status, ""

    def _post(self, job: Job) -> tuple[int | None, str]:
        company = COMPANIES[job.call.company]
        keys, spoilt = self.setup.keys(company), self.setup.fault("signature") != RIGHT
        wire = on_the_wire(company, job.push, job.call, keys, time.time(), spoilt)
        started, status, reply, error = time.monotonic(), None, "", ""
        try:
            answer = requests.request(
                wire.method,
                wire.url,
                data=wire.body.encode() or None,
                headers=wire.headers,
                timeout=PATIENCE,
                allow_redirects=False,
            )
            status, reply = answer.status_code, answer.text[:2000]
        except requests.RequestException as trouble:
            error = type_name(trouble)
        taken = round((time.monotonic() - started) * 1000)
        shown = wire.url.removeprefix(str(keys["hook"]))
        job.row.update(
            url=shown, body=wire.body, status=status, reply=reply, error=error, ms=taken, pending=False
        )
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


def _comes_twice(call: PhoneCall) -> bool:
    """Of a disturbed story one of every three pushes, whichever: no story gets through undisturbed by good luck."""
    if not call.disturbed:
        return False
    group, place = divmod(call.told, 3)
    call.told += 1
    return place == random.Random(f"{call.id} {group}").randrange(3)


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
