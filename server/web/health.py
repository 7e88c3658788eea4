"""`/healthz`: the process is up and its database answers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from server import db
from server.parts import Parts


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        db.rows("SELECT 1")
        response = jsonify(ok=True, registers=parts.hub.count())
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
