"""The door of the telephone companies: `/hooks/<provider>/<token>`."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Mapping

from flask import Blueprint, Response, abort, request

from server import measures, once, trail
from server.db import first
from server.limits import HOOK, HOOK_REFUSED, HOOK_UNKNOWN
from server.models import Account, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.providers.abilities import Waits
from server.providers.base import Delivery, Foreign, KnownGuest, Provider, Refused, Reply, Text, Unreadable
from server.web import limiting
from server.web.sizes import measured

log = logging.getLogger("dzvinok.hooks")

TRUNK = "SELECT * FROM trunk WHERE token = ? AND provider = ?"
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("webhooks", __name__)

    @blueprint.route("/hooks/<provider>/<token>", methods=METHODS)
    @blueprint.route("/hooks/<provider>/<token>/<path:path>", methods=METHODS)
    @once.remembering()
    def hook(provider: str, token: str, path: str = "") -> Response:
        trail.begin()
        trunk = _trunk(parts, provider, token)
        _not_too_often(parts, trunk)
        adapter = PROVIDERS[trunk.provider]
        if request.method not in adapter.methods or trunk.paused:
            return _said({"status": "ignored"})
        delivery = _delivery(parts, trunk, path)
        settings = parts.trunks.settings_of(trunk)
        try:
            response, verdict, word = _take(parts, trunk, adapter, delivery, settings)
        except Refused as why:
            limiting.counted(parts, HOOK_REFUSED, trunk.id)
            log.warning("trunk=%d refused: %s", trunk.id, why)
            parts.health.trouble(trunk.id, "signature", str(why))
            response, verdict, word = _said({"error": str(why)}, 403), f"refused: {why}", "refused"
        except Unreadable as why:
            limiting.counted(parts, HOOK_REFUSED, trunk.id)
            log.warning("trunk=%d unreadable: %s", trunk.id, why)
            parts.health.trouble(trunk.id, "unreadable", str(why))
            response, verdict, word = _said({"error": str(why)}, 400), f"unreadable: {why}", "unreadable"
        except Foreign as why:
            _tell_once(parts, trunk, why)
            response = _said(adapter.reply(delivery, settings, lambda number: None))
            verdict, word = f"nothing done: {why}", why.word or "foreign"
        if response.status_code >= 400:
            measures.REFUSED.labels(trunk.id, word).inc()
        parts.diary.note(trunk.account_id, trunk.id, _way(delivery), _text(delivery), verdict, word,
                         parts.trunks.secrets_in(trunk, settings))  # fmt: skip
        return response

    return blueprint


def _take(
    parts: Parts, trunk: Trunk, adapter: Provider, delivery: Delivery, settings: Mapping[str, str]
) -> tuple[Response, str, str]:
    account: int = trunk.account_id
    adapter.verify(delivery, settings)
    events = list(adapter.events(delivery, settings))
    kinds = " ".join(event.kind for event in events) or "a question"
    parts.intake.take(account, trunk.id, events)
    log.info("trunk=%d received %s%s", trunk.id, kinds, "".join(f" call={call}" for call in trail.calls()))
    parts.health.heard(trunk.id, adapter, delivery, settings)
    return _said(adapter.reply(delivery, settings, _known(parts, trunk, adapter))), "taken", kinds


def _known(parts: Parts, trunk: Trunk, adapter: Provider) -> KnownGuest:
    """From memory; a phone system that waits for the name anyway may have it looked for, within its patience."""
    account, country = trunk.account_id, trunk.account.country or parts.settings.default_country
    if isinstance(adapter, Waits):
        patience = adapter.patience
        return lambda raw: parts.guests.known_within(account, raw, country, patience)
    return lambda raw: parts.guests.known(account, raw, country)


def _tell_once(parts: Parts, trunk: Trunk, why: Foreign) -> None:
    """An event that we have never heard of is the owner's news the first time, and then only the log's."""
    if why.word and parts.diary.is_news(trunk.id, why.word):
        log.warning("trunk=%d unknown event: %s", trunk.id, why)
        parts.health.trouble(trunk.id, "unknown_word", why.word)
    else:
        log.info("trunk=%d nothing done: %s", trunk.id, why)


def _said(answer: Reply, status: int = 200) -> Response:
    """Exactly this, without a line end: a company may compare the whole body with what it waits for."""
    if isinstance(answer, Text):
        headers = {"X-Content-Type-Options": "nosniff"}
        return Response(answer.text, status, headers, content_type=answer.content_type)
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def _not_too_often(parts: Parts, trunk: Trunk) -> None:
    """Each address has its own measure at each trunk: nobody who learned its token takes the company's away."""
    limiting.not_spent(parts, HOOK_REFUSED, trunk.id)
    limiting.counted(parts, HOOK, trunk.id)


def _trunk(parts: Parts, provider: str, token: str) -> Trunk:
    """What comes for nobody is told so before its body is read; from then on less and less of it."""
    trunk = first(Trunk, TRUNK, token, provider)
    account = Account.at(trunk.account_id) if trunk else None
    if trunk is None or account is None or provider not in PROVIDERS or not account.rings:
        limiting.counted(parts, HOOK_UNKNOWN)
        abort(404)
    trunk.account = account
    return trunk


def _delivery(parts: Parts, trunk: Trunk, path: str) -> Delivery:
    query = request.query_string.decode("latin-1")
    told = parts.trunks.hook_url(trunk) + (f"/{path}" if path else "")
    return Delivery(
        method=request.method,
        body=measured(),
        at=time.time(),
        headers={name.lower(): value for name, value in request.headers.items()},
        query=query,
        peer=request.remote_addr or "",
        raw_url=request.environ.get("RAW_URI", ""),
        path=path,
        url=f"{told}?{query}" if query else told,
    )


def _way(delivery: Delivery) -> str:
    kind = delivery.headers.get("content-type", "").split(";")[0]
    return " ".join(
        part for part in (delivery.method, f"/{delivery.path}" if delivery.path else "", kind) if part
    )


def _text(delivery: Delivery) -> str:
    body = delivery.body.decode("utf-8", "replace")
    return f"?{delivery.query}\n{body}" if delivery.query else body
