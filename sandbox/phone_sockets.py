"""The WebSockets that stand open at the phone companies."""

from __future__ import annotations

import threading

from simple_websocket import ConnectionClosed, Server


class Sockets:
    """By restaurant and company; only those that have logged in."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], set[Server]] = {}
        self._lock = threading.Lock()

    def join(self, account: str, company: str, socket: Server) -> None:
        with self._lock:
            self._open.setdefault((account, company), set()).add(socket)

    def leave(self, socket: Server) -> None:
        with self._lock:
            for those in self._open.values():
                those.discard(socket)

    def count(self, account: str, company: str) -> int:
        return len(self._open.get((account, company), ()))

    def send(self, account: str, company: str, text: str) -> int:
        """How many heard it."""
        with self._lock:
            those = list(self._open.get((account, company), ()))
        heard = 0
        for socket in those:
            try:
                socket.send(text)
                heard += 1
            except (ConnectionClosed, OSError):
                self.leave(socket)
        return heard

    def close(self) -> None:
        with self._lock:
            those = [socket for some in self._open.values() for socket in some]
            self._open.clear()
        for socket in those:
            try:
                socket.close()
            except (ConnectionClosed, OSError):
                continue
