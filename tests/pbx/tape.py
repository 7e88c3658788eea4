"""The wire between a PBX and our product: it lets everything through, keeps what was said, and can be cut."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class Tape:
    def __init__(self, port: int) -> None:
        self._to = port
        self._lock = threading.Lock()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._open = threading.Event()
        self._open.set()
        self._closed = False
        self.said: list[tuple[float, str, bytes]] = []  # when, "pbx" or "us", what
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def since(self, moment: float, who: str = "pbx") -> list[tuple[float, bytes]]:
        with self._lock:
            return [(at, data) for at, its, data in self.said if its == who and at >= moment]

    def connected(self) -> bool:
        with self._lock:
            return bool(self._pairs)

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        """Nothing goes through while the `with` lasts; who comes meanwhile is kept waiting."""
        self._open.clear()
        self._drop()
        yield
        self._open.set()

    def close(self) -> None:
        self._closed = True
        self._open.set()
        self._server.close()
        self._drop()

    def _drop(self) -> None:
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for one in (one for pair in pairs for one in pair):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _serve(self) -> None:
        while not self._closed:
            try:
                ours, _ = self._server.accept()
            except OSError:
                return
            self._open.wait()
            try:
                theirs = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                ours.close()
                continue
            with self._lock:
                self._pairs.append((ours, theirs))
            for one, other, who in ((ours, theirs, "us"), (theirs, ours, "pbx")):
                threading.Thread(target=self._pass_on, args=(one, other, who), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, who: str) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                with self._lock:
                    self.said.append((time.time(), who, data))
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._pairs = [pair for pair in self._pairs if one not in pair]
        if who == "us":
            return
        one.close()
        other.close()
