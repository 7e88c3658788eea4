"""The registers' socket: `/pos/<account>/socket`, see docs/messages.md chapter 2."""

from __future__ import annotations

import logging
import socket
import threading
import time
from fnmatch import fnmatchcase
from typing import Protocol

from flask import Blueprint, request
from flask_sock import Sock
from wsproto import WSConnection
from wsproto.events import TextMessage
from wsproto.utilities import LocalProtocolError

from server import journal, measures, messages
from server.config import Settings
from server.db import database, reading
from server.hub import Listener
from server.limits import FRAME, JOIN, PONG, SOCKET
from server.messages import (
    ACCOUNT,
    BUSY,
    CLOSE_WORDS,
    HELLO_WITHIN,
    LATE,
    PING_EVERY,
    PROTOCOLS,
    SILENCE,
    SLOW,
    TICKET,
    TOO_OLD,
    UNREADABLE,
)  # fmt: skip
from server.models import Account
from server.parts import Parts
from server.web import limiting

log = logging.getLogger("dzvinok.sockets")

OPTIONS = {"max_message_size": 8192}
STUCK = SILENCE + 10.0
"""Seconds after which a send that the other end does not take is given up."""


class Wire(Protocol):
    """What we use of a simple-websocket server. It reads in its own greenlet and then sets `event`."""

    ws: WSConnection
    sock: socket.socket
    event: threading.Event
    connected: bool
    input_buffer: list[str | bytes]

    def receive(self, timeout: float | None = None) -> str | bytes | None: ...
    def close(self, reason: int | None = None, message: str | None = None) -> None: ...


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("sockets", __name__)
    sock = Sock()

    @blueprint.before_request
    def refuse_compression() -> None:
        """It would cost a quarter of a megabyte per register, for frames of a few hundred bytes."""
        request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)

    @sock.route("/pos/<account>/socket", bp=blueprint)  # type: ignore[untyped-decorator]
    def register_socket(ws: Wire, account: str) -> None:
        desk = _greet(parts, ws, account)
        if isinstance(desk, int):
            ws.close(desk, CLOSE_WORDS[desk])
            return
        parts.hub.join(desk)
        try:
            parts.crew.bus.hear(desk.account)
            with reading():
                desk.put_first(parts.telling.snapshot(desk))
            _talk(parts, ws, desk)
            ws.close(desk.closed, CLOSE_WORDS.get(desk.closed or LATE))
        except (OSError, LocalProtocolError):
            log.info("socket lost: register %s", desk.register)
        finally:
            parts.hub.leave(desk)
            desk.close(LATE)
            measures.CLOSED.labels(desk.closed).inc()

    return blueprint


def _greet(parts: Parts, ws: Wire, account: str) -> Listener | int:
    """Who came, or the code to close with. Gives the database connection back: a socket lives for days."""
    if not _from_a_register(parts.settings):
        log.warning("socket refused: origin")
        return TICKET
    if (address := limiting.caller()) and parts.limits.wait(SOCKET, address):
        return BUSY
    hello = messages.read_hello(raw := ws.receive(timeout=HELLO_WITHIN))
    if hello is None:
        return LATE if raw is None else UNREADABLE
    if hello.protocol not in PROTOCOLS:
        return TOO_OLD
    try:
        row = Account.named(account.casefold())
    finally:
        database.close()
    if row is None or not row.rings:
        return ACCOUNT
    ticket = parts.tickets.redeem(hello.ticket, row.id)
    if ticket is None:
        return TICKET
    if parts.limits.wait(JOIN, row.id, ticket.register):
        return BUSY
    return Listener(row.id, ticket.register, ticket.spot, hello.employee, ws.event.set, hello.bundle)


def _from_a_register(settings: Settings) -> bool:
    """A browser names its origin and it must be ours; a program that names none has to have a ticket anyway."""
    origin = request.headers.get("Origin", "")
    return not origin or any(fnmatchcase(origin.lower(), allowed.lower()) for allowed in settings.origins)


def _talk(parts: Parts, ws: Wire, desk: Listener) -> None:
    """Sends what is told and reads what is said, until the desk is closed. Nobody else sends: the socket has no lock.

    The event is cleared before both are looked at, so what comes meanwhile ends the wait at once.
    """
    ws.sock.settimeout(STUCK)
    heard = pinged = time.monotonic()
    while desk.closed is None:
        ws.event.clear()
        while ws.input_buffer or not ws.connected:
            _obey(parts, desk, ws.receive())
            heard = time.monotonic()
        _send(ws, desk.take(), desk.since)
        now = time.monotonic()
        if now >= heard + SILENCE:
            desk.close(LATE)
        elif now >= pinged + PING_EVERY:
            desk.ping(SLOW)
            pinged = now
        else:
            ws.event.wait(min(heard + SILENCE, pinged + PING_EVERY) - now)


def _send(ws: Wire, frames: list[str], since: float) -> None:
    """All of it: simple-websocket's own `send` leaves the rest of a frame that the system took in part."""
    if frames and ws.connected:
        ws.sock.sendall(b"".join(ws.ws.send(TextMessage(data=frame)) for frame in frames))
        measures.sent(len(frames), since)


def _obey(parts: Parts, desk: Listener, raw: str | bytes | None) -> None:
    message = messages.read(raw)
    limit = PONG if message.get("type") == "pong" else FRAME
    if parts.limits.wait(limit, desk.account, desk.register):
        desk.close(BUSY)
    elif message.get("type") == "employee":
        parts.hub.logged_in(desk, messages.employee_id(message.get("employee")))
        with reading():
            desk.put(parts.telling.snapshot(desk), SLOW)
    elif message.get("type") == "pong":
        parts.sightings.ponged(desk)
    elif message.get("type") == "look":
        _look(parts, desk, str(message.get("call")))


def _look(parts: Parts, desk: Listener, call_id: str) -> None:
    """A guest was created or changed at a register: forget what we knew and find out again."""
    with reading():
        call = journal.get(desk.account, call_id)
        if call is not None:
            parts.guests.forget(desk.account, parts.telling.number_of(call))
            parts.telling.look(call)
