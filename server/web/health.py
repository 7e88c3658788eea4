"""`/healthz`: the process is up and its database answers. `/readyz`: it may be sent calls. `/metrics`: how it fares."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from server import db, measures
from server.clock import Clock
from server.gauges import Gauges
from server.parts import Parts
from server.readiness import Readiness

# Whoever was sent here by a proxy is not on this box, wherever the proxy is.
PROXIED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")
LOCAL = ("localhost", "127.0.0.1", "::1")


def door(parts: Parts, clock: Clock) -> Blueprint:
    blueprint = Blueprint("health", __name__)
    readiness, gauges = Readiness(parts.settings, clock), CollectorRegistry(auto_describe=False)
    gauges.register(Gauges(parts.hub))
    counted = measures.of_all_workers() or measures.REGISTRY

    @blueprint.get("/healthz")
    def alive() -> Response:
        db.rows("SELECT 1")
        return _fresh(jsonify(ok=True, registers=parts.hub.count()))

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons = readiness.reasons()
        told = {"ready": not reasons, "reasons": reasons, **parts.crew.told()}
        return _fresh(jsonify(told)), 503 if reasons else 200

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not _may_read(parts.settings.metrics_token):
            abort(404)
        text = generate_latest(counted) + generate_latest(gauges)
        return Response(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return blueprint


def _may_read(token: str) -> bool:
    """With a token set only whoever has it; else whoever asks from this box itself, by its own name."""
    if token:
        return hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
        )
    if (
        any(name in request.headers for name in PROXIED)
        or urlsplit(f"//{request.host}").hostname not in LOCAL
    ):
        return False
    return ip_address(request.environ.get("REMOTE_ADDR", "0.0.0.0") or "0.0.0.0").is_loopback  # noqa: S104


def _fresh(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response
