"""Sockets that are slow, half open, or never stop: closed by their names, while others are served."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from server.messages import LATE
from server.models import Account
from tests.torture.killing import worker_of
from tests.torture.long import only_long
from tests.wire import Binotel, Register, Server

TOO_BIG, PROTOCOL = 1009, 1002
PERSISTENT = b"GET /pos/%s/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
             b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"  # fmt: skip
MB = 1024 * 1024


def resident(server: Server) -> int:
    """Bytes of the worker."""
    status = Path(f"/proc/{worker_of(server)}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


class Rude:
    """A socket by hand."""

    def __init__(self, server: Server, account: Account) -> None:
        place = urlsplit(server.url)
        self.sock = socket.create_connection((str(place.hostname), int(place.port or 0)), timeout=20)
        self.account = account.name

    def upgrade(self) -> Rude:
        self.sock.sendall(PERSISTENT % self.account.encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.sock.recv(1)
        assert b" 101 " in head
        return self

    def frame(self, text: bytes, opcode: int = 1, last: bool = True, size: int | None = None) -> None:
        size = len(text) if size is None else size
        length = bytes([0x80 | size]) if size < 126 else b"\xff" + struct.pack(">Q", size)
        self.sock.sendall(bytes([0x80 * last | opcode]) + length + b"\0\0\0\0" + text)

    def code(self) -> int:
        """With which it was closed; 0: without a word."""
        rest = b""
        try:
            while piece := self.sock.recv(65536):
                rest += piece
        except ConnectionError:
            return 0
        at = rest.rfind(b"\x88")
        return int.from_bytes(rest[at + 2 : at + 4], "big") if at >= 0 else 0


@pytest.fixture
def rude(served: Server, place: Account) -> Iterator[Callable[[], Rude]]:
    met: list[Rude] = []

    def one() -> Rude:
        met.append(Rude(served, place))
        return met[-1]

    yield one
    for each in met:
        each.sock.close()


@pytest.fixture
def olena(served: Server, place: Account) -> Iterator[Register]:
    register = Register(served.url, place.name, register=1, spot=1, employee=5)
    register.connect()
    yield register
    register.close()


def greeted(served: Server, place: Account, one: Rude) -> Rude:
    register = Register(served.url, place.name, register=2, spot=1, employee=6)
    ticket = register.ask("hello").json()["ticket"]
    one.upgrade()
    hello = {"type": "hello", "ticket": ticket, "protocol": 1, "bundle": "x", "employee": 6, "lang": "ua"}
    one.frame(json.dumps(hello).encode())
    return one


def still_served(binotel: Binotel, olena: Register, call: str) -> None:
    assert binotel.ring(call).ok
    while olena.hear_until("call")["call"]["state"] != "ringing":
        pass


@only_long
def test_who_says_nothing_after_the_handshake_is_late(
    rude: Callable[[], Rude], olena: Register, binotel: Binotel
) -> None:
    silent = [rude().upgrade() for _ in range(30)]
    still_served(binotel, olena, "1")
    assert {one.code() for one in silent} == {LATE}


def test_a_frame_of_a_megabyte_a_frame_without_end_and_fragments_without_end_are_too_big(
    rude: Callable[[], Rude], served: Server, place: Account, olena: Register, binotel: Binotel
) -> None:
    before = resident(served)
    for misdeed in (_megabyte, _endless, _fragments):
        for _ in range(5):
            one = greeted(served, place, rude())
            assert misdeed(one) in (TOO_BIG, 0)
    still_served(binotel, olena, "1")
    assert resident(served) - before < 30 * MB


def _megabyte(one: Rude) -> int:
    return _until_closed(one, lambda: one.frame(b"x" * MB))


def _endless(one: Rude) -> int:
    """It says that 2 GB will come."""

    def pour() -> None:
        one.frame(b"x" * 1000, size=2**31)
        while True:
            one.sock.sendall(b"x" * 65536)

    return _until_closed(one, pour)


def _fragments(one: Rude) -> int:
    def pour() -> None:
        one.frame(b"x", last=False)
        while True:
            one.frame(b"x" * 100, opcode=0, last=False)

    return _until_closed(one, pour)


def _until_closed(one: Rude, work: Callable[[], Any]) -> int:
    try:
        work()
    except OSError:
        return 0  # it was closed while it still spoke
    return one.code()


def test_who_floods_with_pings_and_never_reads_is_no_trouble_to_others(
    rude: Callable[[], Rude], served: Server, place: Account, olena: Register, binotel: Binotel
) -> None:
    before = resident(served)
    flooding = [greeted(served, place, rude()) for _ in range(5)]
    for one in flooding:
        one.sock.setblocking(False)
    until_ = time.monotonic() + 1.5
    while time.monotonic() < until_:
        for one in flooding:
            _pour(one)
        time.sleep(0.001)
    for call in range(5):
        still_served(binotel, olena, str(call))
    assert resident(served) - before < 30 * MB


def _pour(one: Rude) -> None:
    try:
        one.sock.send((b"\x89\xfd" + b"\0\0\0\0" + b"p" * 125) * 20)
    except OSError:
        return


@pytest.fixture
def dripping(served: Server, binotel: Binotel) -> Iterator[list[socket.socket]]:
    """A hundred requests of which a byte comes every 200 ms: half of them of their first line, half of their body."""
    address = ("127.0.0.1", int(urlsplit(served.url).port or 0))
    head = f"POST {urlsplit(binotel.hook).path} HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n".encode()
    slow = [socket.create_connection(address, timeout=40) for _ in range(100)]
    enough = threading.Event()

    def drip() -> None:
        for number, one in enumerate(slow):
            one.sendall(head if number % 2 else b"POST /hooks/")
        while not enough.wait(0.2):
            for one in slow:
                _send(one)

    thread = threading.Thread(target=drip)
    thread.start()
    yield slow
    enough.set()
    thread.join()
    for one in slow:
        one.close()


def test_requests_that_come_byte_by_byte_hold_nobody_up(
    dripping: list[socket.socket], binotel: Binotel, olena: Register
) -> None:
    for call in range(5):
        still_served(binotel, olena, str(call))


@only_long
def test_a_body_that_does_not_come_in_time_is_given_up(dripping: list[socket.socket]) -> None:
    assert b" 408 " in dripping[1].recv(4096).partition(b"\r\n")[0]


def _send(one: socket.socket) -> None:
    try:
        one.send(b"x")
    except OSError:
        return
