"""Many registers in one process: `python -m bench.crowd ours <url> <account> <first> <count>`.

Prints how many seconds it took them all to get in. On a line "report" from its stdin prints, for each call heard, how
many registers heard it and when the last of them did (seconds of the machine's monotonic clock). It reads frames with
as little work as can be, because its own time is measured too.
"""

from __future__ import annotations

import json
import selectors
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from websocket import WebSocket

from tests.wire import Register

AT_ONCE = 50
LENGTHS = {126: 2, 127: 8}

heard: dict[str, list[float]] = {}


def ours(url: str, account: str, number: int) -> WebSocket:
    register = Register(url, account, register=number, spot=1, employee=number)
    register.connect()
    assert register.socket
    return register.socket


def read_ours(frame: str) -> tuple[str, str]:
    """(what to answer, who calls); both may be empty."""
    if frame.startswith('{"type":"call"'):
        call = json.loads(frame)["call"]
        return "", call["from"] if call["state"] == "ringing" else ""
    return ('{"type":"pong"}' if frame == '{"type":"ping"}' else ""), ""


KINDS: dict[str, tuple[Callable[[str, str, int], WebSocket], Callable[[str], tuple[str, str]]]] = {
    "ours": (ours, read_ours),
}


@dataclass
class Ear:
    """One register's socket, and what came of a frame whose end is still on the way."""

    socket: WebSocket
    read: Callable[[str], tuple[str, str]]
    rest: bytes = field(default=b"")

    def listen(self) -> None:
        at = time.perf_counter()
        self.rest += self.socket.sock.recv(65536)
        for frame in self._frames():
            answer, caller = self.read(frame)
            if answer:
                self.socket.send(answer)
            if caller:
                entry = heard.setdefault(caller, [0, 0.0])
                heard[caller] = [entry[0] + 1, at]

    def _frames(self) -> Iterator[str]:
        """Whole text frames; a server's are not masked."""
        while len(self.rest) > 1:
            size, start = self.rest[1], 2
            if size in LENGTHS:
                start += LENGTHS[size]
                size = int.from_bytes(self.rest[2:start], "big")
            if len(self.rest) < start + size:
                return
            frame, self.rest = self.rest[start : start + size], self.rest[start + size :]
            yield frame.decode()


def gather(kind: str, url: str, account: str, first: int, count: int) -> list[Ear]:
    join, read = KINDS[kind]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sockets = list(pool.map(lambda number: join(url, account, number), range(first, first + count)))
    return [Ear(socket, read) for socket in sockets]


def main(kind: str, url: str, account: str, first: int, count: int) -> None:
    ears = selectors.DefaultSelector()
    started = time.perf_counter()
    for ear in gather(kind, url, account, first, count):
        ears.register(ear.socket.sock, selectors.EVENT_READ, ear)
    print(round(time.perf_counter() - started, 2), flush=True)
    ears.register(sys.stdin, selectors.EVENT_READ, None)
    while True:
        for key, _ in ears.select():
            if key.data:
                key.data.listen()
            elif sys.stdin.readline().strip() == "report":
                print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
