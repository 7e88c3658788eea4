"""Poster's webhooks: `/poster/webhook`. 200 whatever comes: one that is not accepted holds back all later ones."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from server.noticing import LARGEST, Noticing
from server.parts import Parts
from server.web.sizes import measured

log = logging.getLogger("dzvinok.hooks")


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("poster_hooks", __name__)

    @blueprint.route("/poster/webhook", methods=["GET", "POST"])
    def webhook() -> Response:
        if request.method == "POST":
            _take(parts.noticing)
        return jsonify(status="accept")

    return blueprint


def _take(noticing: Noticing) -> None:
    try:
        noticing.take(measured(LARGEST))
    except HTTPException as why:
        noticing.refuse("too large" if why.code == 413 else "unreadable")
    except Exception:
        # The edge: a fault of ours must not stop Poster's queue.
        log.exception("a webhook of Poster's was lost")
