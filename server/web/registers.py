"""The registers' signed door: `POST /pos/<account>/<verb>`, see docs/messages.md chapter 1."""

from __future__ import annotations

import base64
import json
import logging
import re
import threading
import time
from contextlib import nullcontext
from typing import Any

from flask import Blueprint, Response, jsonify, request
from peewee import IntegrityError

from server import acting, limits, together
from server.acting import REGISTER as REGISTER_ACTS
from server.acting import Actor
from server.db import first, write
from server.messages import PROTOCOLS, employee_id, whole
from server.models import Account, Register
from server.parts import Parts
from server.poster import bodies, signature
from server.web import (
    limiting,
    registers_calls,
    registers_guests,
    registers_orders,
    registers_sheets,
    registers_verbs,
)
from server.web.registers_ask import Ask, Verb
from server.web.sizes import measured

log = logging.getLogger("dzvinok.registers")

REGISTER = "SELECT * FROM register WHERE account_id = ? AND poster_id = ?"
USE_NONCE = "INSERT INTO nonce (account_id, value, expires) VALUES (?, ?, ?)"
NONCE = re.compile(r"^[A-Za-z0-9_-]{16,64}$")

# A thousand registers come back at once after a restart. So many are let in at a time, and between them rings go on:
# whoever waits here has said all that it has to say, and keeps nobody waiting.
ARRIVALS = threading.BoundedSemaphore(6)

Json = dict[str, Any]


class Refusal(Exception):
    """The request is not accepted; the word goes to the log and to the register."""


VERBS: dict[str, Verb] = {
    **registers_verbs.VERBS, **registers_guests.VERBS, **registers_orders.VERBS, **registers_calls.VERBS,
    **registers_sheets.VERBS,
}  # fmt: skip


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("registers", __name__)

    @blueprint.post("/pos/<account>/<verb>")
    def signed(account: str, verb: str) -> Response | tuple[Response, int]:
        if verb not in VERBS:
            return jsonify(ok=False, error="verb"), 404
        raw = measured()
        with ARRIVALS if verb == "hello" else nullcontext():
            return _answer(parts, account, verb, raw)

    return blueprint


def _answer(parts: Parts, account: str, verb: str, raw: bytes) -> Response | tuple[Response, int]:
    try:
        ask = _accept(parts, account, raw)
    except Refusal as why:
        # Poster asks for the registers of all its accounts: what is signed right is taken from any address.
        limiting.counted(parts, limits.REGISTER_REFUSED)
        log.warning("signed request refused: %s", why)
        return jsonify(ok=False, error=str(why)), 400 if str(why) == "unreadable" else 403
    if ask.number("protocol") not in PROTOCOLS:
        return jsonify(ok=False, error="protocol")
    limiting.of_anybody(parts, limits.REGISTER, ask.account.id, ask.register)
    limiting.of_anybody(parts, limits.REGISTER_ACCOUNT, ask.account.id)
    with acting.as_(Actor(REGISTER_ACTS)):
        return jsonify(VERBS[verb](parts, ask))


def _accept(parts: Parts, account: str, raw: bytes) -> Ask:
    """Who asks: proved by Poster's signature, fresh, accepted once, from an account that is connected."""
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
        inner = whole(json.loads(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))))
    except (ValueError, TypeError, RecursionError):
        raise Refusal("unreadable") from None
    if not isinstance(inner, dict):
        raise Refusal("unreadable")
    return inner


def _use_nonce(account: Account, nonce: object, window: int) -> None:
    if not isinstance(nonce, str) or not NONCE.match(nonce):
        raise Refusal("unreadable")
    expires = time.time() + 2 * window
    try:
        together.write(account.id, lambda: write(USE_NONCE, account.id, nonce, expires))
    except IntegrityError:
        raise Refusal("replayed") from None
