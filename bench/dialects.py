"""How a register gets in at each server, and how it answers a ping: the least that each asks of a client."""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

from tests.wire import Register

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
PATIENCE = 60.0


@dataclass(frozen=True)
class Seat:
    """Register `number` of an account: employee `number` is logged in there and has the line 1000 + `number`."""

    account: str
    number: int

    @property
    def line(self) -> str:
        return str(1000 + self.number)


@dataclass(frozen=True)
class Dialect:
    """`join` returns the open socket behind its first frame. `ping` in what was read is answered with `pong`."""

    join: Callable[[int, Seat, str], socket.socket]
    ping: bytes = b""
    pong: bytes = b""


def masked(text: str) -> bytes:
    """A client's text frame, with a mask of zeros."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0xFE]) + struct.pack(">H", len(data))
    return b"\x81" + size + b"\0\0\0\0" + data


def connect(port: int, source: str) -> socket.socket:
    """From an address of its own: a server that counts by address sees many companies and shops."""
    made = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE, source_address=(source, 0))
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def ours(port: int, seat: Seat, source: str) -> socket.socket:
    register = Register(f"http://127.0.0.1:{port}", seat.account, seat.number, 1, seat.number)
    made = connect(port, source)
    url, body = f"{register.base}/hello", register.body()
    headers = register.headers(url, body) | {"Host": f"127.0.0.1:{port}", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    made.sendall(f"POST /pos/{seat.account}/hello HTTP/1.1\r\n{lines}\r\n{body}".encode())
    answer = until(made, b"}")
    ticket = json.loads(answer[answer.index(b"{") :])["ticket"]
    made.sendall(UPGRADE.format(path=f"/pos/{seat.account}/socket").encode())
    until(made, b"\r\n\r\n")
    hello = {
        "type": "hello",
        "ticket": ticket,
        "protocol": 1,
        "bundle": "bench",
        "employee": seat.number,
        "lang": "ua",
    }
    made.sendall(masked(json.dumps(hello)))
    until(made, b'"snapshot"')
    return made


def socketio(port: int, seat: Seat, source: str) -> socket.socket:
    made = connect(port, source)
    made.sendall(UPGRADE.format(path="/socket.io/?EIO=4&transport=websocket").encode())
    until(made, b'"pingInterval"')
    made.sendall(masked("40" + json.dumps({"account": seat.account, "line": f"{seat.account}:{seat.line}"})))
    until(made, b"snapshot")
    return made


def plain(port: int, seat: Seat, source: str) -> socket.socket:
    made = connect(port, source)
    path = f"/?account={seat.account}&line={seat.account}:{seat.line}"
    made.sendall(UPGRADE.format(path=path).encode())
    until(made, b"snapshot")
    return made


def until(made: socket.socket, mark: bytes) -> bytes:
    read = b""
    while mark not in read:
        data = made.recv(65536)
        if not data:
            raise ConnectionError(f"the server hung up after {read[:200]!r}")
        read += data
    return read


def seat_of(caller: int, registers: int) -> int:
    """Whom the caller rings, counted from 0: another one each time."""
    return caller * 7919 % registers


def sources() -> list[str]:
    return [f"127.0.{high}.{low}" for high in range(1, 3) for low in range(2, 52)]


DIALECTS = {
    "ours": Dialect(ours, b'{"type":"ping"}', masked('{"type":"pong"}')),
    "socketio": Dialect(socketio, b"\x81\x012", masked("3")),
    "ws": Dialect(plain),
    "bare": Dialect(plain),
}
assert os.name == "posix"  # /proc and addresses of 127.0.0.0/8
