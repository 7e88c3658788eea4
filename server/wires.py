"""Connections that we open ourselves: WebSocket, TCP, TLS, UDP. Bytes and frames only; who says what is a `Link`'s."""

from __future__ import annotations

import select
import socket
import ssl
import time
from typing import Protocol

import websocket

from server.asking import through
from server.providers.abilities import Failed, Place

OPENS_WITHIN = 10.0
PING_EVERY = 30.0
SILENT = 75.0
CHUNK = 64 * 1024


class Gone(Exception):
    """The other side hung up, or the network did."""


class Wire(Protocol):
    local: tuple[str, int]

    def send(self, data: bytes | str) -> None: ...

    def receive(self, seconds: float) -> bytes | str | None:
        """What came next; None when nothing did for so long. Raises `Gone`."""

    def close(self) -> None: ...


def open_wire(place: Place, companies_url: str = "") -> Wire:
    """Raises `Failed`: unreachable or tls."""
    try:
        if place.kind == "ws":
            return WebSocketWire(through(companies_url, place.url))
        return UdpWire(place) if place.kind == "udp" else StreamWire(place)
    except ssl.SSLError:
        raise Failed("tls") from None
    except (OSError, websocket.WebSocketException) as why:
        raise Failed("unreachable", _reason(why)) from None


def _reason(why: Exception) -> str:
    if isinstance(why, OSError) and why.strerror:
        return why.strerror
    return type(why).__name__


class WebSocketWire:
    """Text frames. Pings by itself; a side that answers nothing for over a minute is gone."""

    def __init__(self, url: str) -> None:
        self._socket = websocket.create_connection(url, timeout=OPENS_WITHIN, http_no_proxy=["*"])
        assert self._socket.sock
        self.local = self._socket.sock.getsockname()[:2]
        self._heard = self._pinged = time.monotonic()

    def send(self, data: bytes | str) -> None:
        try:
            self._socket.settimeout(OPENS_WITHIN)
            self._socket.send(data)
        except (OSError, websocket.WebSocketException) as why:
            raise Gone(_reason(why)) from None

    def receive(self, seconds: float) -> bytes | str | None:
        try:
            self._keep_alive()
            self._socket.settimeout(seconds)
            opcode, data = self._socket.recv_data(control_frame=True)
        except websocket.WebSocketTimeoutException:
            return None
        except (OSError, websocket.WebSocketException) as why:
            raise Gone(_reason(why)) from None
        self._heard = time.monotonic()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise Gone("closed")
        if opcode == websocket.ABNF.OPCODE_TEXT:
            return bytes(data).decode("utf-8", "replace")
        return None

    def _keep_alive(self) -> None:
        now = time.monotonic()
        if now - self._heard > SILENT:
            raise OSError("silent")
        if now - self._pinged > PING_EVERY:
            self._pinged = now
            self._socket.ping()

    def close(self) -> None:
        self._socket.shutdown()  # type: ignore[no-untyped-call]


class StreamWire:
    """TCP, with TLS on top where the place says so."""

    def __init__(self, place: Place) -> None:
        # The timeout of create_connection stays on the socket: from here on `select` is what waits.
        raw = socket.create_connection((place.host, place.port), timeout=OPENS_WITHIN)
        self._socket = _secured(raw, place) if place.kind == "tls" else raw
        self._socket.settimeout(OPENS_WITHIN)
        self.local = self._socket.getsockname()[:2]

    def send(self, data: bytes | str) -> None:
        try:
            self._socket.sendall(data.encode() if isinstance(data, str) else data)
        except OSError as why:
            raise Gone(_reason(why)) from None

    def receive(self, seconds: float) -> bytes | str | None:
        try:
            if not self._pending() and not select.select([self._socket], [], [], seconds)[0]:
                return None
            data = self._socket.recv(CHUNK)
        except TimeoutError:
            return None
        except OSError as why:
            raise Gone(_reason(why)) from None
        if not data:
            raise Gone("closed")
        return data

    def _pending(self) -> bool:
        return isinstance(self._socket, ssl.SSLSocket) and bool(self._socket.pending())

    def close(self) -> None:
        self._socket.close()


class UdpWire:
    """Packets to and from one place; what comes from elsewhere is dropped by the system."""

    def __init__(self, place: Place) -> None:
        family, kind, protocol, _, address = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_DGRAM
        )[0]
        self._socket = socket.socket(family, kind, protocol)
        self._socket.connect(address)
        self.local = self._socket.getsockname()[:2]

    def send(self, data: bytes | str) -> None:
        try:
            self._socket.send(data.encode() if isinstance(data, str) else data)
        except OSError as why:
            raise Gone(_reason(why)) from None

    def receive(self, seconds: float) -> bytes | str | None:
        try:
            self._socket.settimeout(seconds)
            return self._socket.recv(CHUNK)
        except TimeoutError:
            return None
        except OSError as why:
            raise Gone(_reason(why)) from None

    def close(self) -> None:
        self._socket.close()


def _secured(raw: socket.socket, place: Place) -> socket.socket:
    context = ssl.create_default_context()
    if not place.trust:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        return context.wrap_socket(raw, server_hostname=place.host)
    except OSError:
        raw.close()
        raise
