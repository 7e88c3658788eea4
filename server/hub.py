"""Who is listening, in this process. A register is a `Listener`: on a socket of its own, or one that polls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import islice

from server import trail
from server.messages import PING
from server.rooms import Others, Room, Seat
from server.routing import Audience

OUTBOX = 64
POLLER_LIVES = 10.0
"""Seconds: registers that poll ask every three."""
NOWHERE: frozenset[int] = frozenset()
MOST_PINGS = 8  # that nobody has answered yet


class Listener:
    """A register at the other end of a socket. `employee` is the poster_id of who is logged in, or None.
    `said` holds the last frame of each kind that is told only when it changes.

    `since`: when that was stored which waits in the outbox, 0 unless it is of a call.
    `version` is its program's. `wake` tells the greenlet that empties the outbox that there is something to do.
    """

    polls = False

    def __init__(
        self, account: int, register: int | None, spot: int | None, employee: int | None,
        wake: Callable[[], None] = lambda: None, version: str = "",
    ) -> None:  # fmt: skip
        self.account = account
        self.register = register
        self.spot = spot
        self.employee = employee
        self.version = version
        self.closed: int | None = None
        self.since = 0.0
        self.said: dict[str, str] = {}
        self._outbox: deque[str] = deque()
        self._wake = wake
        # Pings that wait for their pong, oldest first: of a card (its call, when it began), or None.
        self._pings: list[tuple[str, float] | None] = []

    def put(self, frame: str, full: int) -> bool:
        """Never waits. A full outbox closes the listener with the code `full`: it comes back to a snapshot."""
        if self.closed is not None:
            return False
        if len(self._outbox) >= OUTBOX:
            self.close(full)
            return False
        if not self._outbox:
            self.since = trail.stored_at()
        self._outbox.append(frame)
        self._wake()
        return True

    @property
    def waiting(self) -> int:
        """Frames in the outbox."""
        return len(self._outbox)

    def put_first(self, snapshot: str) -> None:
        """The snapshot goes before what was told while it was being made: it cannot be newer than that."""
        self._outbox.appendleft(snapshot)
        self._wake()

    def ping(self, full: int) -> None:
        """Whether it is still there."""
        self._pings = [*self._pings[-MOST_PINGS:], None]
        self.put(PING, full)

    def probe(self, call: str, begun: float) -> None:
        """Behind a card: the pong says that the register has worked through it. A busy one is left in peace."""
        if len(self._pings) < MOST_PINGS and len(self._outbox) < OUTBOX // 2 and self.closed is None:
            self._pings.append((call, begun))
            self._outbox.append(PING)
            self._wake()

    def pong(self) -> tuple[str, float] | None:
        """Answers come in the order of the questions; the call whose card was asked about, if it was one."""
        return self._pings.pop(0) if self._pings else None

    def close(self, code: int) -> None:
        self.closed = self.closed or code
        self._wake()

    def take(self) -> list[str]:
        """The frames to send now."""
        return [self._outbox.popleft() for _ in range(len(self._outbox))]


class Poller(Listener):
    """A register without a socket: what is told meanwhile stands in the snapshot that it asks for next."""

    polls = True

    def put(self, frame: str, full: int) -> bool:
        return self.closed is None

    def probe(self, call: str, begun: float) -> None:
        """It says when it asks: see `server.sightings`."""


class Hub:
    """The listeners of each account."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._rooms: dict[int, Room[Listener]] = {}
        # account -> register -> who asked, and until when that counts
        self._pollers: dict[int, dict[int | None, tuple[Poller, float]]] = {}
        self._lock = threading.Lock()
        self.others: Others | None = None

    def join(self, listener: Listener) -> None:
        with self._lock:
            self._rooms.setdefault(listener.account, Room()).add(listener)
            self._pollers.get(listener.account, {}).pop(listener.register, None)
        self._note("+", listener)

    def leave(self, listener: Listener) -> None:
        with self._lock:
            room = self._rooms.get(listener.account)
            if room:
                room.remove(listener)
                if not room.all:
                    del self._rooms[listener.account]
        self._note("-", listener)

    def logged_in(self, listener: Listener, employee: int | None) -> None:
        """Somebody else stands at the register now, or nobody."""
        with self._lock:
            room = self._rooms.get(listener.account)
            there = room is not None and listener in room.all
            if room and there:
                room.remove(listener)
            listener.employee = employee
            if room and there:
                room.add(listener)
        if there:
            self._note("+", listener)

    def asked(self, poller: Poller) -> None:
        """It listens from now on for as long as it may take to ask again."""
        with self._lock:
            pollers = self._fresh(poller.account)
            pollers[poller.register] = (poller, self._now() + POLLER_LIVES)
            self._pollers[poller.account] = pollers
        self._note("?", poller)

    def listeners(self, account: int, to: Audience | None = None) -> list[Listener]:
        """Each register once: one that has a socket and asks as well is the socket's. With `to` only those."""
        with self._lock:
            room = self._rooms.get(account)
            found = [one for one in room.of(to) if to is None or to(one)] if room else []
            if pollers := self._fresh(account):
                there = {one.register for one in room.all} if room else set()
                asking = (poller for register, (poller, _) in pollers.items() if register not in there)
                found += [poller for poller in asking if to is None or to(poller)]
            return found

    def present(self, account: int, to: Audience | None = None) -> list[Seat]:
        """As `listeners`, wherever they listen: who asks and has a socket, at whichever worker, is the socket's."""
        if self.others is None:
            return list(self.listeners(account, to))
        found = [*self.listeners(account, to), *self.others.of(account, to)]
        if not any(one.polls for one in found):
            return found
        there = [one for one in (*self.listeners(account), *self.others.of(account)) if not one.polls]
        sat = {one.register for one in there}
        asking = {one.register: one for one in found if one.polls and one.register not in sat}
        return [*(one for one in found if not one.polls), *asking.values()]

    def present_everywhere(self) -> list[Seat]:
        """Of all accounts."""
        more = self.others.accounts() if self.others else set()
        return [one for account in {*self._rooms, *self._pollers, *more} for one in self.present(account)]

    def elsewhere(self, account: int) -> frozenset[int]:
        """Registers that listen at other workers."""
        if self.others is None:
            return NOWHERE
        return frozenset(one.register for one in self.others.of(account) if one.register is not None)

    def accounts(self) -> set[int]:
        """That have somebody here."""
        return {*self._rooms, *(account for account in self._pollers if self._fresh(account))}

    def some(self, account: int, most: int) -> tuple[list[Listener], bool]:
        """So many of them, and whether these are all."""
        with self._lock:
            crowded = len(room.all) > most if (room := self._rooms.get(account)) else False
            if room and crowded:
                return list(islice(room.all, most)), False
        return self.listeners(account), True

    def publish(
        self, account: int, frame_for: Callable[[Listener], str | None], full: int, to: Audience | None = None
    ) -> int:
        """Gives each of them its frame; returns how many got one."""
        heard = self.listeners(account, to)
        return sum(1 for one in heard if (frame := frame_for(one)) and one.put(frame, full))

    def sockets(self) -> list[Listener]:
        """Of all accounts, without those who only ask."""
        with self._lock:
            return [one for room in self._rooms.values() for one in room.all]

    def everybody(self) -> list[Listener]:
        """Of all accounts."""
        return [one for account in {*self._rooms, *self._pollers} for one in self.listeners(account)]

    def count(self) -> int:
        return len(self.everybody())

    def _note(self, way: str, one: Listener) -> None:
        if self.others is not None:
            self.others.note(way, one)

    def _fresh(self, account: int) -> dict[int | None, tuple[Poller, float]]:
        now = self._now()
        return {key: entry for key, entry in self._pollers.get(account, {}).items() if entry[1] > now}
