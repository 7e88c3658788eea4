"""Who is listening. In-process: one register = one `Listener` with a bounded outbox, emptied by its own thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable

OUTBOX = 64


class Listener:
    """A register at the other end of a socket. `employee` is the poster_id of who is logged in, or None."""

    def __init__(self, account: int, register: int | None, spot: int | None, employee: int | None) -> None:
        self.account = account
        self.register = register
        self.spot = spot
        self.employee = employee
        self._outbox: deque[str] = deque()
        self._waiting = threading.Condition()
        self.closed: int | None = None

    def put(self, frame: str, full: int) -> bool:
        """Never waits. A full outbox closes the listener with the code `full`: it comes back to a snapshot."""
        with self._waiting:
            if self.closed is not None:
                return False
            if len(self._outbox) >= OUTBOX:
                self.closed = full
            else:
                self._outbox.append(frame)
            self._waiting.notify()
            return self.closed is None

    def put_first(self, snapshot: str) -> None:
        """The snapshot goes before what was told while it was being made: it cannot be newer than that."""
        with self._waiting:
            self._outbox.appendleft(snapshot)
            self._waiting.notify()

    def close(self, code: int) -> None:
        with self._waiting:
            self.closed = self.closed or code
            self._waiting.notify()

    def take(self, patience: float) -> list[str] | None:
        """The frames to send now; [] when `patience` seconds passed in silence; None when closed."""
        with self._waiting:
            if not self._outbox and self.closed is None:
                self._waiting.wait(patience)
            if self.closed is not None:
                return None
            frames = list(self._outbox)
            self._outbox.clear()
            return frames


class Hub:
    """The listeners of each account."""

    def __init__(self) -> None:
        self._rooms: dict[int, set[Listener]] = {}
        self._lock = threading.Lock()

    def join(self, listener: Listener) -> None:
        with self._lock:
            self._rooms.setdefault(listener.account, set()).add(listener)

    def leave(self, listener: Listener) -> None:
        with self._lock:
            room = self._rooms.get(listener.account, set())
            room.discard(listener)
            if not room:
                self._rooms.pop(listener.account, None)

    def listeners(self, account: int) -> list[Listener]:
        with self._lock:
            return list(self._rooms.get(account, ()))

    def publish(self, account: int, frame_for: Callable[[Listener], str | None], full: int) -> int:
        """Gives each listener of the account its frame; returns how many got one."""
        return sum(1 for one in self.listeners(account) if (frame := frame_for(one)) and one.put(frame, full))

    def close(self, listeners: Iterable[Listener], code: int) -> None:
        for listener in listeners:
            listener.close(code)

    def count(self) -> int:
        with self._lock:
            return sum(map(len, self._rooms.values()))
