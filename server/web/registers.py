"""The registers' signed door: `POST /pos/<account>/<verb>`, see docs/messages.md chapter 1."""

from __future__ import annotations

import base64
import json
import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, request
from peewee import IntegrityError

from server.db import database, first, transaction, write
from server.hub import Poller
from server.messages import PROTOCOLS, employee_id
from server.models import Account, Register
from server.parts import Parts
from server.poster import bodies, signature
from server.poster.trouble import Trouble
from server.providers.abilities import Failed
from server.tickets import LIFE
from server.unfit import Unfit
from server.web.sizes import measured

log = logging.getLogger("dzvinok.registers")

REGISTER = "SELECT * FROM register WHERE account_id = ? AND poster_id = ?"
USE_NONCE = "INSERT INTO nonce (account_id, value, expires) VALUES (?, ?, ?)"
NONCE = re.compile(r"^[A-Za-z0-9_-]{16,64}$")

Json = dict[str, Any]


class Refusal(Exception):
    """The request is not accepted; the word goes to the log and to the register."""


@dataclass(frozen=True)
class Ask:
    """A signed request that was accepted. What stands in `body` is the register's claim, the rest is proved."""

    account: Account
    register: int | None
    spot: int | None
    employee: int | None
    body: Json


Answer = Callable[[Parts, Ask], Json]


def hello(parts: Parts, ask: Ask) -> Json:
    desk = Poller(ask.account.id, ask.register, ask.spot, ask.employee)
    parts.hub.asked(desk)
    ticket = parts.tickets.issue(ask.account.id, ask.register, ask.spot)
    socket = f"{parts.settings.socket_url}/pos/{ask.account.name}/socket"
    message = json.loads(parts.telling.snapshot(desk))
    return {"ok": True, "ticket": ticket, "expires_in": int(LIFE), "socket": socket, "message": message}


def find(parts: Parts, ask: Ask) -> Json:
    number = _text(ask.body, "number")
    database.close()
    return {
        "ok": True,
        "guest": {**parts.guests.find(ask.account.id, number), "version": int(time.time() * 1000)},
    }


def groups(parts: Parts, ask: Ask) -> Json:
    database.close()
    try:
        return {"ok": True, "groups": parts.guests.groups(ask.account.id)}
    except Trouble:
        return {"ok": False, "error": "unavailable"}


def create(parts: Parts, ask: Ask) -> Json:
    group = ask.body.get("group")
    texts = [_text(ask.body, name) for name in ("name", "phone", "address", "comment")]
    if type(group) is not int or not texts[0]:
        return {"ok": False, "error": "refused"}
    database.close()
    created: Json = parts.guests.create(ask.account.id, texts[0], group, *texts[1:])
    return created


def dial(parts: Parts, ask: Ask) -> Json:
    """Rings a line of the employee who asks (the first, if none is named), then the guest."""
    person = parts.telling.person("employee", ask.account.id, ask.employee)
    lines = person.lines if person else ()
    line = _text(ask.body, "line") or next(iter(lines), "")
    database.close()
    if not line or line not in lines:
        return {"ok": False, "error": "line"}
    return _asked(lambda: parts.calling.dial(ask.account, line, _text(ask.body, "number")))


def hangup(parts: Parts, ask: Ask) -> Json:
    database.close()
    return _asked(lambda: parts.calling.hang_up(ask.account, _text(ask.body, "call")))


def _asked(work: Callable[[], object]) -> Json:
    try:
        work()
    except (Unfit, Failed) as why:
        return {"ok": False, "error": why.word}
    return {"ok": True}


VERBS: dict[str, Answer] = {
    "hello": hello, "find": find, "groups": groups, "create": create, "dial": dial, "hangup": hangup,
}  # fmt: skip


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("registers", __name__)

    @blueprint.post("/pos/<account>/<verb>")
    def signed(account: str, verb: str) -> Response | tuple[Response, int]:
        if verb not in VERBS:
            return jsonify(ok=False, error="verb"), 404
        try:
            ask = _accept(parts, account)
        except Refusal as why:
            log.warning("signed request refused: %s", why)
            return jsonify(ok=False, error=str(why)), 400 if str(why) == "unreadable" else 403
        if ask.body.get("protocol") not in PROTOCOLS:
            return jsonify(ok=False, error="protocol")
        return jsonify(VERBS[verb](parts, ask))

    return blueprint


def _accept(parts: Parts, account: str) -> Ask:
    """Who asks: proved by Poster's signature, fresh, accepted once, from an account that is connected."""
    raw = measured()
    try:
        signed = signature.check(_request(raw), account, parts.settings, time.time())
    except signature.SignatureRefused as why:
        raise Refusal(str(why)) from None
    row = Account.named(signed.account)
    if row is None or not row.rings:
        raise Refusal("not_connected")
    if signed.number not in ("", row.number):
        raise Refusal("account")
    body = _envelope(raw, request.content_type or "")
    _use_nonce(row, body.get("nonce"), parts.settings.signature_window)
    register = first(Register, REGISTER, row.id, signed.register)
    spot = register.spot if register else signed.spot
    return Ask(row, signed.register, spot, employee_id(body.get("employee")), body)


def _request(raw: bytes) -> signature.Request:
    return signature.Request(
        target=request.environ.get("RAW_URI") or request.full_path.rstrip("?"),
        body=raw,
        content_type=request.content_type or "",
        headers=list(request.headers.items()),
    )


def _envelope(raw: bytes, content_type: str) -> Json:
    """`{"p": base64url of JSON}`, as JSON or as a form; anything else cannot be read."""
    outer = bodies.parse(raw, content_type)
    packed = str(outer.get("p")) if isinstance(outer, dict) else ""
    try:
        inner = json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    except (ValueError, TypeError, RecursionError):
        raise Refusal("unreadable") from None
    if not isinstance(inner, dict):
        raise Refusal("unreadable")
    return inner


def _use_nonce(account: Account, nonce: object, window: int) -> None:
    if not isinstance(nonce, str) or not NONCE.match(nonce):
        raise Refusal("unreadable")
    try:
        with transaction():
            write(USE_NONCE, account.id, nonce, time.time() + 2 * window)
    except IntegrityError:
        raise Refusal("replayed") from None


def _text(body: Json, name: str) -> str:
    value = body.get(name, "")
    return value.strip()[:500] if isinstance(value, str) else ""
