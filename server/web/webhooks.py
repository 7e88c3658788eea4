"""The door of the telephone companies: `/hooks/<provider>/<token>`."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, request

from server.db import first
from server.models import Account, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.providers.base import Delivery, Foreign, Provider, Refused, Unreadable
from server.web.sizes import measured

log = logging.getLogger("dzvinok.hooks")

TRUNK = "SELECT * FROM trunk WHERE token = ? AND provider = ?"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("webhooks", __name__)

    @blueprint.route("/hooks/<provider>/<token>", methods=METHODS)
    def hook(provider: str, token: str) -> Response:
        trunk = _trunk(provider, token)
        adapter = PROVIDERS[trunk.provider]
        if request.method not in adapter.methods:
            return _said({"status": "ignored"})
        delivery = _delivery()
        try:
            return _take(parts, trunk, adapter, delivery)
        except Refused as why:
            log.warning("trunk=%d refused: %s", trunk.id, why)
            return _said({"error": str(why)}, 403)
        except Unreadable as why:
            log.warning("trunk=%d unreadable: %s", trunk.id, why)
            return _said({"error": str(why)}, 400)
        except Foreign as why:
            log.info("trunk=%d nothing done: %s", trunk.id, why)
            return _said(adapter.reply(delivery, {}, lambda number: None))

    return blueprint


def _take(parts: Parts, trunk: Trunk, adapter: Provider, delivery: Delivery) -> Response:
    settings = parts.trunks.settings_of(trunk)
    account: int = trunk.account_id
    adapter.verify(delivery, settings)
    events = list(adapter.events(delivery, settings))
    log.info("trunk=%d received %s", trunk.id, " ".join(event.kind for event in events) or "a question")
    parts.intake.take(account, trunk.id, events)
    country = trunk.account.country or parts.settings.default_country
    return _said(adapter.reply(delivery, settings, lambda raw: parts.guests.known(account, raw, country)))


def _said(answer: Mapping[str, Any], status: int = 200) -> Response:
    """Exactly this JSON, without a line end: a company may compare the whole body with what it waits for."""
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def _trunk(provider: str, token: str) -> Trunk:
    trunk = first(Trunk, TRUNK, token, provider)
    account = Account.at(trunk.account_id) if trunk else None
    if trunk is None or account is None or provider not in PROVIDERS or not account.rings:
        abort(404)
    trunk.account = account
    return trunk


def _delivery() -> Delivery:
    return Delivery(
        method=request.method,
        body=measured(),
        at=time.time(),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.query_string.decode("latin-1"),
        peer=request.remote_addr or "",
        raw_url=request.environ.get("RAW_URI", ""),
    )
