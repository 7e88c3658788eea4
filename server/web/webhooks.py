"""The door of the telephone companies: `/hooks/<provider>/<token>`."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Response, abort, jsonify, request

from server.models import Account, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.providers.base import Delivery, Foreign, Provider, Refused, Unreadable

log = logging.getLogger("dzvinok.hooks")

LARGEST = 64 * 1024
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("webhooks", __name__)

    @blueprint.route("/hooks/<provider>/<token>", methods=METHODS)
    def hook(provider: str, token: str) -> Response | tuple[Response, int]:
        trunk = _trunk(provider, token)
        adapter = PROVIDERS[trunk.provider]
        if request.method not in adapter.methods:
            return jsonify(status="ignored")
        delivery = _delivery()
        try:
            return _take(parts, trunk, adapter, delivery)
        except Refused as why:
            log.warning("trunk=%d refused: %s", trunk.id, why)
            return jsonify(error=str(why)), 403
        except Unreadable as why:
            log.warning("trunk=%d unreadable: %s", trunk.id, why)
            return jsonify(error=str(why)), 400
        except Foreign as why:
            log.info("trunk=%d nothing done: %s", trunk.id, why)
            return jsonify(adapter.reply(delivery, {}, lambda number: None))

    return blueprint


def _take(parts: Parts, trunk: Trunk, adapter: Provider, delivery: Delivery) -> Response:
    settings = parts.trunks.settings_of(trunk)
    account: int = trunk.account_id
    adapter.verify(delivery, settings)
    parts.intake.take(account, trunk.id, adapter.events(delivery, settings))
    country = trunk.account.country or parts.settings.default_country
    return jsonify(adapter.reply(delivery, settings, lambda raw: parts.guests.known(account, raw, country)))


def _trunk(provider: str, token: str) -> Trunk:
    trunk = Trunk.get_or_none(Trunk.token == token, Trunk.provider == provider)
    if trunk is None or provider not in PROVIDERS or not Account.get_by_id(trunk.account_id).rings:
        abort(404)
    return trunk


def _delivery() -> Delivery:
    request.max_content_length = LARGEST
    return Delivery(
        method=request.method,
        body=request.get_data(cache=False),
        at=time.time(),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.query_string.decode("latin-1"),
        peer=request.remote_addr or "",
        raw_url=request.environ.get("RAW_URI", ""),
    )
