"""The registers' socket: `/pos/<account>/socket`, see docs/messages.md chapter 2."""

from __future__ import annotations

import logging
import threading
import time
from fnmatch import fnmatchcase
from typing import Protocol

from flask import Blueprint, request
from flask_sock import Sock
from simple_websocket import ConnectionClosed

from server import journal, messages
from server.config import Settings
from server.db import database, reading
from server.hub import Listener
from server.messages import (
    ACCOUNT,
    CLOSE_WORDS,
    HELLO_WITHIN,
    LATE,
    PING,
    PING_EVERY,
    PROTOCOLS,
    SILENCE,
    TICKET,
    TOO_OLD,
    UNREADABLE,
)  # fmt: skip
from server.models import Account
from server.parts import Parts

log = logging.getLogger("dzvinok.sockets")

OPTIONS = {"max_message_size": 8192}


class Wire(Protocol):
    """What we use of a simple-websocket server."""

    def send(self, data: str) -> None: ...
    def receive(self, timeout: float | None = None) -> str | bytes | None: ...
    def close(self, reason: int | None = None, message: str | None = None) -> None: ...


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("sockets", __name__)
    sock = Sock()

    @sock.route("/pos/<account>/socket", bp=blueprint)  # type: ignore[untyped-decorator]
    def register_socket(ws: Wire, account: str) -> None:
        desk = _greet(parts, ws, account)
        if isinstance(desk, int):
            ws.close(desk, CLOSE_WORDS[desk])
            return
        parts.hub.join(desk)
        try:
            with reading():
                desk.put_first(parts.telling.snapshot(desk))
            threading.Thread(target=_send, args=(ws, desk), daemon=True).start()
            _listen(parts, ws, desk)
        finally:
            parts.hub.leave(desk)
            desk.close(LATE)

    return blueprint


def _greet(parts: Parts, ws: Wire, account: str) -> Listener | int:
    """Who came, or the code to close with. Gives the database connection back: a socket lives for days."""
    if not _from_a_register(parts.settings):
        log.warning("socket refused: origin")
        return TICKET
    hello = messages.read_hello(raw := ws.receive(timeout=HELLO_WITHIN))
    if hello is None:
        return LATE if raw is None else UNREADABLE
    if hello.protocol not in PROTOCOLS:
        return TOO_OLD
    try:
        row = Account.get_or_none(Account.name == account.casefold())
    finally:
        database.close()
    if row is None or not row.rings:
        return ACCOUNT
    ticket = parts.tickets.redeem(hello.ticket, row.id)
    return Listener(row.id, ticket.register, ticket.spot, hello.employee) if ticket else TICKET


def _from_a_register(settings: Settings) -> bool:
    """A browser names its origin and it must be ours; a program that names none has to have a ticket anyway."""
    origin = request.headers.get("Origin", "")
    return not origin or any(fnmatchcase(origin.lower(), allowed.lower()) for allowed in settings.origins)


def _send(ws: Wire, desk: Listener) -> None:
    """The register's own sender: nobody else may send, the socket has no lock."""
    ping_at = time.monotonic() + PING_EVERY
    try:
        while (frames := desk.take(max(0.0, ping_at - time.monotonic()))) is not None:
            for frame in frames:
                ws.send(frame)
            if time.monotonic() >= ping_at:
                ws.send(PING)
                ping_at = time.monotonic() + PING_EVERY
        ws.close(desk.closed, CLOSE_WORDS.get(desk.closed or LATE))
    except (ConnectionClosed, OSError):
        desk.close(LATE)


def _listen(parts: Parts, ws: Wire, desk: Listener) -> None:
    """Reads until the register goes or has been silent for too long."""
    try:
        while desk.closed is None and (raw := ws.receive(timeout=SILENCE)) is not None:
            message = messages.read(raw)
            if message.get("type") == "employee":
                desk.employee = messages.employee_id(message.get("employee"))
                with reading():
                    desk.put(parts.telling.snapshot(desk), messages.SLOW)
            elif message.get("type") == "look":
                _look(parts, desk, str(message.get("call")))
    except ConnectionClosed:
        return


def _look(parts: Parts, desk: Listener, call_id: str) -> None:
    """A guest was created or changed at a register: forget what we knew and find out again."""
    with reading():
        call = journal.get(desk.account, call_id)
        if call is not None:
            parts.guests.forget(desk.account, parts.telling.number_of(call))
            parts.telling.look(call)
