"""Many registers in one process: `python -m bench.crowd <ours|socketio> <url> <first> <count>`.

Prints "ready" when all are in. On a line "report" from its stdin prints, for each call heard, how many registers heard
it and when the last of them did (seconds of the machine's monotonic clock).
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
from gevent.pool import Pool  # noqa: E402
from websocket import WebSocket, create_connection  # noqa: E402

from tests.wire import Register  # noqa: E402

heard: dict[str, list[float]] = {}


def note(call: str) -> None:
    entry = heard.setdefault(call, [0, 0.0])
    entry[0] += 1
    entry[1] = time.perf_counter()


def ours(url: str, number: int) -> WebSocket:
    register = Register(url, "bench", register=number, spot=1, employee=number)
    register.connect()
    assert register.socket
    return register.socket


def socketio(url: str, number: int) -> WebSocket:
    """The least that Socket.IO's protocol asks of a client: open, connect with a token, answer pings."""
    socket = create_connection(
        url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket", timeout=20
    )
    socket.recv()
    socket.send("40" + json.dumps({"line": str(1000 + number)}))
    while not socket.recv().startswith("42"):
        pass
    return socket


def read_ours(socket: WebSocket, frame: str) -> str | None:
    message: dict[str, Any] = json.loads(frame)
    if message["type"] == "ping":
        socket.send('{"type":"pong"}')
    call = message.get("call")
    return call["from"] if message["type"] == "call" and call["state"] == "ringing" else None


def read_socketio(socket: WebSocket, frame: str) -> str | None:
    if frame == "2":
        socket.send("3")
    return json.loads(frame[2:])[1]["from"] if frame.startswith("42") else None


KINDS: dict[str, tuple[Callable[[str, int], WebSocket], Callable[[WebSocket, str], str | None]]] = {
    "ours": (ours, read_ours),
    "socketio": (socketio, read_socketio),
}


def listen(socket: WebSocket, read: Callable[[WebSocket, str], str | None]) -> None:
    socket.settimeout(None)
    while frame := socket.recv():
        if call := read(socket, str(frame)):
            note(call)


def main(kind: str, url: str, first: int, count: int) -> None:
    join, read = KINDS[kind]
    sockets = Pool(20).map(lambda number: join(url, number), range(first, first + count))
    for socket in sockets:
        gevent.spawn(listen, socket, read)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "report":
            print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
