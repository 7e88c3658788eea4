"""The door of the register's program: `/bundle.js`, stamped with this box's address."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server import bundle
from server.parts import Parts

HEADERS = {
    "Content-Type": "text/javascript; charset=utf-8",
    "Cache-Control": "no-cache",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    # A register's page on the internet may load the program from a box in the restaurant's own network.
    "Access-Control-Allow-Private-Network": "true",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


def door(parts: Parts) -> Blueprint:
    blueprint = Blueprint("bundle", __name__)

    @blueprint.get("/bundle.js", provide_automatic_options=False)
    def serve() -> Response:
        try:
            body = bundle.stamped(parts.settings.public_url)
        except bundle.NotBuilt as why:
            return Response(f"// {why}\n", status=503, headers=HEADERS)
        response = Response(body, headers=HEADERS)
        response.add_etag()
        response.make_conditional(request)
        return response

    @blueprint.route("/bundle.js", methods=["OPTIONS"])
    def preflight() -> Response:
        return Response(status=204, headers={**HEADERS, "Access-Control-Max-Age": "600"})

    return blueprint
