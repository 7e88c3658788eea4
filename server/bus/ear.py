"""What this worker hears: one connection to Redis that listens to the channels of those whose registers are here."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from redis import ConnectionPool

log = logging.getLogger("dzvinok.bus")

AT_ONCE = 500  # channels in one subscription
ASKS = 2.0  # seconds between two questions whether the line still stands
PATIENCE = 2.0  # for which a register's snapshot waits until its account is heard
PAUSE = 0.2


class Line(Protocol):
    """What we use of redis-py's connection. One greenlet reads, any may write."""

    def connect(self) -> None: ...
    def disconnect(self) -> None: ...
    def send_command(self, *words: Any) -> None: ...
    def read_response(self) -> Any: ...


class Ear:
    """`heard` gets the channel and the text of every word; `gap` is called when the connection was made anew."""

    def __init__(
        self, pool: ConnectionPool, always: str, heard: Callable[[str, str], None], gap: Callable[[], None]
    ) -> None:
        self._pool = pool
        self._heard = heard
        self._gap = gap
        self._wanted: dict[str, threading.Event] = {always: threading.Event()}
        self._line: Line | None = None
        self._lock = threading.RLock()
        self._stopped = False
        self._began = False
        self.away_since: float | None = time.time()

    def start(self) -> None:
        threading.Thread(target=self._run, name="bus-ear", daemon=True).start()
        threading.Thread(target=self._ask, name="bus-ear-asks", daemon=True).start()

    def stop(self) -> None:
        """Only who reads on the line may close it: the answer wakes them."""
        self._stopped = True
        self._send("PING")

    def want(self, channel: str) -> None:
        """Returns when Redis has said that it will tell us. Without Redis at once: after the gap all is told anew."""
        with self._lock:
            told = self._wanted.get(channel)
            if told is None:
                told = self._wanted[channel] = threading.Event()
                self._send("SUBSCRIBE", channel)
        if self._line is not None and not told.is_set():
            told.wait(PATIENCE)

    def leave(self, channel: str, still: Callable[[], bool]) -> None:
        """Unless somebody came `still`."""
        with self._lock:
            if channel in self._wanted and not still():
                del self._wanted[channel]
                self._send("UNSUBSCRIBE", channel)

    def channels(self) -> list[str]:
        return list(self._wanted)

    def _run(self) -> None:
        while not self._stopped:
            try:
                self._listen(self._connect())
            except (RedisError, OSError) as why:
                if not self._stopped:
                    log.warning("Redis is away: %s", type(why).__name__)
            self._drop()
            self.away_since = self.away_since or time.time()
            if not self._stopped:
                time.sleep(PAUSE)

    def _connect(self) -> Line:
        line: Line = self._pool.make_connection()
        line.connect()
        with self._lock:
            for told in self._wanted.values():
                told.clear()
            names, self._line = list(self._wanted), line
            for first in range(0, len(names), AT_ONCE):
                line.send_command("SUBSCRIBE", *names[first : first + AT_ONCE])
        return line

    def _listen(self, line: Line) -> None:
        while not self._stopped:
            answer = line.read_response()
            kind = bytes(answer[0])
            if kind == b"message":
                self._heard(answer[1].decode(), answer[2].decode())
            elif kind == b"subscribe":
                self._subscribed(answer[1].decode())

    def _subscribed(self, channel: str) -> None:
        told = self._wanted.get(channel)
        if told:
            told.set()
        if self.away_since and all(one.is_set() for one in list(self._wanted.values())):
            self.away_since = None
            if self._began:
                log.info("Redis is back: everybody gets a fresh snapshot")
                self._gap()
            self._began = True

    def _ask(self) -> None:
        """A line that nobody answers on is given up by its own patience, which needs something to wait for."""
        while not self._stopped:
            time.sleep(ASKS)
            self._send("PING")

    def _send(self, *words: Any) -> None:
        with self._lock:
            line = self._line
            if line is None:
                return
            try:
                line.send_command(*words)
            except (RedisError, OSError):
                self._line = None  # whoever reads on it finds out as well

    def _drop(self) -> None:
        with self._lock:
            line, self._line = self._line, None
        if line is not None:
            line.disconnect()
