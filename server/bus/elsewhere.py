"""Who listens at other workers: mirrored here, because who covers and who talks is decided by all who listen.

Each worker numbers its news. Who hears a gap in the numbers, or of a worker that it does not know, asks for the whole
list; a worker that is not heard for ten seconds is gone.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from server.bus.base import Bus, Json
from server.hub import POLLER_LIVES
from server.rooms import Room, Seat
from server.routing import Audience

log = logging.getLogger("dzvinok.bus")

BEATS = 2.0  # seconds
SILENCE = 10.0
ASKS_EVERY = 1.0
JOIN, LEAVE, POLL = "+", "-", "?"


@dataclass(frozen=True, eq=False)
class Distant:
    """A register that listens at another worker, in the words of a `Listener`."""

    account: int
    register: int | None
    spot: int | None
    employee: int | None
    version: str = ""
    polls: bool = False
    closed: int | None = None


@dataclass
class Worker:
    """`number` is of the news last heard; `seats` by the worker's own key of each listener."""

    heard: float
    number: int = -1
    asked: float = -ASKS_EVERY
    seats: dict[int, Distant] = field(default_factory=dict)


class Elsewhere:
    def __init__(self, bus: Bus, mine: Callable[[], Iterable[Seat]]) -> None:
        """`mine`: who listens here, for those who ask."""
        self._bus = bus
        self._mine = mine
        self._workers: dict[str, Worker] = {}
        self._rooms: dict[int, Room[Distant]] = {}
        self._pollers: dict[int, dict[int | None, tuple[Distant, float]]] = {}
        self._number = 0
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self.died: Callable[[], None] = lambda: None
        for topic, handler in (("seats", self._seats), ("all seats", self._all_seats), ("beat", self._beat),
                               ("who", self._who), ("bye", self._bye)):  # fmt: skip
            bus.on(topic, handler)

    def start(self) -> None:
        self._bus.tell_all("who", {"of": None})
        threading.Thread(target=self._run, name="bus-beats", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        self._bus.tell_all("bye", {"of": self._bus.worker})

    def note(self, way: str, one: Seat) -> None:
        """One of ours came, left, asked, or has somebody else before it (then it comes again)."""
        with self._lock:
            self._number += 1
            news = {"of": self._bus.worker, "n": self._number, "way": way, "seat": _told(one)}
            self._bus.tell_all("seats", news)

    def of(self, account: int, to: Audience | None = None) -> list[Distant]:
        with self._lock:
            room, now = self._rooms.get(account), time.monotonic()
            found = [one for one in room.of(to) if to is None or to(one)] if room else []
            asking = [one for one, until in self._pollers.get(account, {}).values() if until > now]
        return found + [one for one in asking if to is None or to(one)]

    def accounts(self) -> set[int]:
        return {*self._rooms, *self._pollers}

    @property
    def workers(self) -> int:
        """How many others there are."""
        return len(self._workers)

    def _run(self) -> None:
        while not self._stop.wait(BEATS):
            with self._lock:
                self._bus.tell_all("beat", {"of": self._bus.worker, "n": self._number})
            self._bury()

    def _bury(self) -> None:
        """While Redis is away nobody can be heard: who was there last is the best guess."""
        now, away = time.monotonic(), self._bus.away_since is not None
        for name, one in list(self._workers.items()):
            one.heard = now if away else one.heard
            if now - one.heard > SILENCE:
                log.warning("worker %s is not heard any more", name)
                self._forget(name)
                self.died()

    def _known(self, name: str) -> Worker:
        one = self._workers.setdefault(name, Worker(time.monotonic()))
        one.heard = time.monotonic()
        return one

    def _seats(self, account: int, body: Json) -> None:
        with self._lock:
            one = self._known(body["of"])
            if body["n"] != one.number + 1:
                self._wonder(body["of"], one)
            one.number = body["n"]
            self._put(one, body["way"], *body["seat"])

    def _put(self, one: Worker, way: str, key: int, *facts: Any) -> None:
        seat = Distant(*facts)
        if way == POLL:
            asking = {"polls": True, **{k: v for k, v in vars(seat).items() if k != "polls"}}
            until = time.monotonic() + POLLER_LIVES
            self._pollers.setdefault(seat.account, {})[seat.register] = (Distant(**asking), until)
            return
        self._remove(one, key)
        if way == JOIN:
            one.seats[key] = seat
            self._rooms.setdefault(seat.account, Room()).add(seat)

    def _remove(self, one: Worker, key: int) -> None:
        seat = one.seats.pop(key, None)
        room = self._rooms.get(seat.account) if seat else None
        if seat and room:
            room.remove(seat)
            if not room.all:
                del self._rooms[seat.account]

    def _all_seats(self, account: int, body: Json) -> None:
        with self._lock:
            one = self._known(body["of"])
            for key in list(one.seats):
                self._remove(one, key)
            one.number = body["n"]
            for seat in body["seats"]:
                self._put(one, JOIN, *seat)

    def _beat(self, account: int, body: Json) -> None:
        with self._lock:
            one = self._known(body["of"])
            if body["n"] != one.number:
                self._wonder(body["of"], one)

    def _wonder(self, name: str, one: Worker) -> None:
        if time.monotonic() - one.asked >= ASKS_EVERY:
            one.asked = time.monotonic()
            self._bus.tell_all("who", {"of": name})

    def _who(self, account: int, body: Json) -> None:
        if body["of"] in (None, self._bus.worker):
            with self._lock:
                seats = [_told(one) for one in self._mine()]
                self._bus.tell_all("all seats", {"of": self._bus.worker, "n": self._number, "seats": seats})

    def _bye(self, account: int, body: Json) -> None:
        self._forget(body["of"])

    def _forget(self, name: str) -> None:
        with self._lock:
            one = self._workers.pop(name, None)
            for key in list(one.seats) if one else ():
                assert one
                self._remove(one, key)


def _told(one: Seat) -> list[Any]:
    """What `Distant` is made of, behind a key that is this listener's as long as it lives."""
    return [id(one), one.account, one.register, one.spot, one.employee, one.version]
