"""Registers that listen and a phone company that rings, in one process beside the server: `python -m bench.load`.

Open loop: each ring has its moment, decided before, and its time runs from that moment, whether or not the server
(or this process) was late for it. So a server that stops for a second has a second in its figures, for each ring of
that second. Read `late` first: how far behind its own plan this process was.

Talks JSON lines: a plan on the first line of stdin, then orders; each is answered with one line.
"""

from __future__ import annotations

import gc
import json
import random
import re
import resource
import select
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from typing import Any

from bench.dialects import DIALECTS, Seat, connect, seat_of, sources
from bench.figures import spread

Json = dict[str, Any]

FROM = re.compile(rb'"from":"\+38067(\d{7})"')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
AT_ONCE = 8
PORTION = 200  # registers that come in before the pings of the others are answered
MOST_MOUTHS = 256  # connections of the company; beyond that a ring waits for one, and that counts
GRACE = 10.0  # seconds after the last ring in which its frame still counts


@dataclass
class Ear:
    """A register's socket."""

    socket: socket.socket
    tail: bytes = b""


@dataclass
class Mouth:
    """One of the company's connections: `busy` while an answer is owed."""

    socket: socket.socket
    busy: bool = False
    read: bytes = b""
    ring: int = -1


@dataclass
class Run:
    """What happened to the rings of one run, by their index; 0.0 is not yet."""

    first: int
    due: list[float]
    sent: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    heard: list[float] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.sent, self.answered, self.heard = ([0.0] * len(self.due) for _ in range(3))

    @property
    def over(self) -> bool:
        return 0.0 not in self.heard and 0.0 not in self.answered


class Load:
    def __init__(self, plan: Json) -> None:
        self._kind, self._port = plan["kind"], plan["port"]
        self._dialect = DIALECTS[self._kind]
        self._accounts: list[str] = plan["accounts"]
        self._each: int = plan["each"]
        self._hooks: list[str] = plan["hooks"]
        self._town: int = plan["registers"]
        self._callers = self.lost = 0
        self._poll = select.epoll()
        self._ears: dict[int, Ear] = {}
        self._mouths: dict[int, Mouth] = {}
        self._idle: list[Mouth] = []
        self._queue: list[int] = []

    def seats(self) -> Iterator[Seat]:
        return (Seat(account, number) for account in self._accounts for number in range(1, self._each + 1))

    def join(self) -> Json:
        begun = time.perf_counter()
        wanted, addresses = islice(self.seats(), self._town), cycle(sources())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            while jobs := [(seat, next(addresses)) for seat in islice(wanted, PORTION)]:
                made = list(pool.map(lambda job: self._dialect.join(self._port, *job), jobs))
                for one in made:
                    one.setblocking(False)
                    self._ears[one.fileno()] = Ear(one)
                    self._poll.register(one.fileno(), select.EPOLLIN)
                while self._listen(Run(0, [0.0]), 0.0):  # whoever is in already is pinged meanwhile
                    pass
        return {"registers": len(self._ears), "seconds": round(time.perf_counter() - begun, 2)}

    def open(self, rate: float, seconds: float, warm: int = 20) -> Json:
        """Rings at random moments (Poisson) with this rate; the first ones are not counted."""
        chance, at, due = random.Random(7), time.perf_counter() + 0.1, []
        for _ in range(max(2, int(rate * seconds)) + warm):
            due.append(at)
            at += chance.expovariate(rate) if rate > 1.5 else 1 / rate
        return self._run(due, warm, mouths=32)

    def flood(self, rings: int, mouths: int) -> Json:
        """Closed loop: each connection rings again as soon as it was answered."""
        return self._run([0.0] * rings, 0, mouths)

    def _run(self, due: list[float], warm: int, mouths: int) -> Json:
        while len(self._mouths) < mouths:
            self._add_mouth()
        run = Run(self._callers, due)
        self._callers += len(due)
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        self._play(run)
        took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return self._told(run, warm, begun, took) | {"driver CPU %": round(100 * cpu / took)}

    def _told(self, run: Run, warm: int, begun: float, took: float) -> Json:
        frames = [heard - due for heard, due in zip(run.heard, run.due, strict=True) if heard][warm:]
        last = max([*run.heard, *run.answered])
        told: Json = {"rings": len(run.due), "missing": run.heard.count(0.0), "refused": run.refused, "lost": self.lost,
                      "rings/s": round(len(run.due) / max(1e-9, last - begun))}  # fmt: skip
        if run.due[-1]:
            answers = [at - due for at, due in zip(run.answered, run.due, strict=True) if at][warm:]
            late = [sent - due for sent, due in zip(run.sent, run.due, strict=True) if sent][warm:]
            told |= spread(frames or [0.0]) | {"answered p99": spread(answers or [0.0])["p99"],
                    "late p99": spread(late or [0.0])["p99"]}  # fmt: skip
        return told

    def _play(self, run: Run) -> None:
        next_, end = 0, 0.0
        while not run.over:
            now = time.perf_counter()
            while next_ < len(run.due) and run.due[next_] <= now:
                if not self._idle and not run.due[next_]:
                    break  # a closed loop rings when somebody is free
                self._ring(run, next_)
                next_ += 1
            if next_ == len(run.due):
                end = end or now + GRACE
                if now > end:
                    return
                wait = end - now
            else:
                wait = run.due[next_] - now if run.due[next_] else 1.0
            self._listen(run, max(0.0, wait))

    def _listen(self, run: Run, wait: float) -> bool:
        """Whether there was something. `epoll` itself counts in whole milliseconds, `select` does not."""
        if not select.select([self._poll.fileno()], [], [], wait)[0]:
            return False
        for number, _ in self._poll.poll(0, 512):
            ear = self._ears.get(number)
            if ear:
                self._hear(run, ear)
            elif mouth := self._mouths.get(number):
                self._answered(run, mouth)
        return True

    def _hear(self, run: Run, ear: Ear) -> None:
        try:
            data = ear.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self.lost += 1
            self._poll.unregister(ear.socket.fileno())
            del self._ears[ear.socket.fileno()]
            ear.socket.close()
            return
        now, data = time.perf_counter(), ear.tail + data
        for found in FROM.findall(data):
            ring = int(found) - run.first
            if 0 <= ring < len(run.heard) and not run.heard[ring]:
                run.heard[ring] = now
        ear.tail = data[-24:] if FROM.search(data[-24:]) is None else b""
        if self._dialect.ping and self._dialect.ping in data:
            ear.socket.send(self._dialect.pong * data.count(self._dialect.ping))
            ear.tail = b""

    def _ring(self, run: Run, index: int) -> None:
        if not self._idle and len(self._mouths) < MOST_MOUTHS:
            self._add_mouth()
        if not self._idle:
            self._queue.append(index)
            return
        mouth = self._idle.pop()
        caller = run.first + index
        place = seat_of(caller, self._town)
        seat = Seat(self._accounts[place // self._each], place % self._each + 1)
        line = seat.line if self._kind == "ours" else f"{seat.account}:{seat.line}"
        body = f"event=ring&call={caller}&from=%2B38067{caller:07d}&to=0441234567&line={line}".encode()
        hook = self._hooks[place // self._each]
        head = (f"POST {hook} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()  # fmt: skip
        mouth.busy, mouth.ring, mouth.read = True, index, b""
        run.sent[index] = time.perf_counter()
        mouth.socket.send(head + body)

    def _answered(self, run: Run, mouth: Mouth) -> None:
        try:
            data = mouth.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            self._replace(mouth)
            return
        mouth.read += data
        head, found, body = mouth.read.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not found or (length and len(body) < int(length[1])):
            return
        run.answered[mouth.ring] = time.perf_counter()
        if b" 200 " not in head[:20]:
            run.refused += 1
            if run.refused == 1:
                print(mouth.read[:300], file=sys.stderr)
        mouth.busy = False
        self._idle.append(mouth)
        if self._queue:
            self._ring(run, self._queue.pop(0))

    def _add_mouth(self) -> None:
        made = connect(self._port, sources()[len(self._mouths) % len(sources())])
        made.setblocking(False)
        self._mouths[made.fileno()] = mouth = Mouth(made)
        self._poll.register(made.fileno(), select.EPOLLIN)
        self._idle.append(mouth)

    def _replace(self, mouth: Mouth) -> None:
        """The server closed it, as it may while nothing is asked."""
        assert not mouth.busy, "the server hung up instead of answering"
        del self._mouths[mouth.socket.fileno()]
        self._idle.remove(mouth)
        self._poll.unregister(mouth.socket.fileno())
        mouth.socket.close()
        self._add_mouth()


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.disable()
    load = Load(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        order: Json = json.loads(line)
        told = getattr(load, order.pop("do"))(**order)
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
