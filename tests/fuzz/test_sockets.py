"""Frames on a live socket that no register would send: passed over or closed with a word, and nobody else notices."""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websocket import WebSocket, WebSocketException, create_connection

from server import messages
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.real import Real, open_real
from tests.wire import Register

TEXT, BINARY, CLOSE, PING, PONG, MORE = 1, 2, 8, 9, 10, 0
CODES = {None, 1000, 1002, 1003, 1006, 1007, 1009, 4400, 4401, 4403, 4408, 4409, 4426, 4429}
NEWS = {"guest", "call", "recent", "missed", "load", "talking"}  # of the calls that the house had before


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    with open_real(tmp_path_factory.mktemp("real")) as one:
        yield one


@pytest.fixture(scope="module")
def witness(real: Real) -> Iterator[Register]:
    """A register that must not notice anything."""
    desk = Register(real.server.url, "pechera", register=2, spot=1, employee=6)
    desk.connect()
    yield desk
    desk.close()


def hello(ticket: Any = "x" * 43, **more: Any) -> dict[str, Any]:
    return {
        "type": "hello",
        "ticket": ticket,
        "protocol": 1,
        "bundle": "t",
        "employee": 5,
        "lang": "ua",
        **more,
    }


known = st.sampled_from(["hello", "employee", "look", "pong", "ping", "snapshot", "call", ""])
spoken = st.one_of(
    st.dictionaries(st.sampled_from(["type", "ticket", "protocol", "employee", "call", "bundle"]), mutants.values),
    st.builds(lambda kind, its: {"type": kind, **its}, known, st.dictionaries(
        st.sampled_from(["employee", "call", "ticket", "protocol"]), mutants.leaves, max_size=3)),
    mutants.values,
).map(lambda value: json.dumps(value).encode())  # fmt: skip


@st.composite
def frames(draw: st.DrawFn) -> bytes:
    """One frame as bytes on the wire, right or wrong in its head, its mask, its length or its letters."""
    body = draw(
        st.one_of(spoken, st.binary(max_size=200), mutants.deep.map(str.encode), st.just(b"x" * 9000))
    )
    kind = draw(st.sampled_from([TEXT, TEXT, TEXT, BINARY, MORE, PING, PONG, CLOSE, 3, 11]))
    first = kind | (0x80 if draw(st.integers(0, 4)) else 0) | (draw(st.sampled_from([0, 0, 0, 0x40, 0x10])))
    if first & 0x40:
        body = zlib.compress(b"a" * 5_000_000)[
            2:-4
        ]  # small on the wire, five megabytes if somebody unpacked it
    length = draw(st.sampled_from([len(body), len(body), len(body), len(body) + 5, 2**40, 2**63 - 1, 0]))
    return head(first, length, masked=draw(st.integers(0, 5)) > 0) + mask(body)


def head(first: int, length: int, masked: bool) -> bytes:
    bit = 0x80 if masked else 0
    if length < 126:
        told = struct.pack("!BB", first, bit | length)
    elif length < 65536:
        told = struct.pack("!BBH", first, bit | 126, length)
    else:
        told = struct.pack("!BBQ", first, bit | 127, length)
    return told + (KEY if masked else b"")


KEY = b"\1\2\3\4"


def mask(body: bytes) -> bytes:
    return bytes(byte ^ KEY[place % 4] for place, byte in enumerate(body))


@tries(40)
@given(told=st.lists(frames(), max_size=4), proved=st.booleans())
def test_whatever_is_said_on_a_socket_is_borne(
    real: Real, witness: Register, told: list[bytes], proved: bool
) -> None:
    desk = Register(real.server.url, "pechera", register=1, spot=1, employee=5)
    wire = entered(desk) if proved else opened(real)
    try:
        wire.sock.sendall(b"".join(told))
        assert ending(wire) in CODES
    except OSError:
        pass  # the other side had hung up already
    finally:
        wire.shutdown()
    assert {one["type"] for one in witness.heard_before_sentinel()} <= NEWS


def entered(desk: Register) -> WebSocket:
    desk.connect()
    assert desk.socket
    return desk.socket


def opened(real: Real) -> WebSocket:
    return create_connection(real.server.url.replace("http", "ws") + "/pos/pechera/socket", timeout=10)


def ending(wire: WebSocket) -> int | None:
    """With what it was closed by the other side; None when it goes on, or went without a word."""
    wire.sock.sendall(head(0x80 | CLOSE, 2, masked=True) + mask(struct.pack("!H", 1000)))
    wire.sock.settimeout(10)
    try:
        while True:
            opcode, data = wire.recv_data(control_frame=True)
            if opcode == CLOSE:
                return int.from_bytes(data[:2], "big") if len(data) >= 2 else None
    except WebSocketException:
        return None


@tries(60)
@given(raw=st.one_of(spoken, st.binary(max_size=100), mutants.deep.map(str.encode), st.none(), mutants.texts))
def test_a_frame_is_read_or_it_is_not(raw: Any) -> None:
    told = messages.read(raw)
    json.dumps(told, ensure_ascii=False).encode()
    greeting = messages.read_hello(raw)
    if greeting:
        assert greeting.bundle.isprintable()
        assert isinstance(greeting.ticket, str)


def test_a_handshake_that_never_ends_holds_nobody_up(real: Real, witness: Register) -> None:
    half = [socket.create_connection(("127.0.0.1", real.server.port)) for _ in range(20)]
    for one in half:
        one.sendall(
            b"GET /pos/pechera/socket HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            + os.urandom(3).hex().encode()
        )
    assert {one["type"] for one in witness.heard_before_sentinel()} <= NEWS
    for one in half:
        one.close()


def test_nothing_broke(real: Real) -> None:
    assert "Traceback" not in real.server.log.read_text("utf-8", "replace")
