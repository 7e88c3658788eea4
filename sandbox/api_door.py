"""HTTP door of the Web API: `/api/<section>.<method>`, on the common host or on the account's."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, Response, request

from sandbox.answering import answer
from sandbox.forms import inflate
from sandbox.parts import sandbox

door = Blueprint("api", __name__)


@door.route("/api/<string:section>.<string:name>", methods=["GET", "POST"])
@door.route("/<string:host>/api/<string:section>.<string:name>", methods=["GET", "POST"])
def call(section: str, name: str, host: str = "") -> Response:
    """The token stands in the query, for POST too; in a body it counts for nothing."""
    started, token = time.monotonic(), request.args.get("token", "")
    reply = answer(sandbox().world, f"{section}.{name}", request.method, token, _arguments())
    remember(f"{section}.{name}", token, reply.status, started)
    return Response(reply.text, reply.status, reply.headers, content_type=f"{reply.type}; charset=utf-8")


def _arguments() -> dict[str, Any]:
    if request.method == "GET":
        return inflate(request.args.items(multi=True))
    if request.is_json:
        data = request.get_json(silent=True)
        return data if isinstance(data, dict) else {}
    return inflate(request.form.items(multi=True))


def remember(method: str, token: str, status: int, started: float) -> None:
    """A line in the list of requests that the page shows; never with a token or a secret."""
    known = sandbox().world.tokens.get(token)
    query = {key: value for key, value in request.args.items() if key != "token"}
    row = {
        "at": time.time(),
        "account": known.account if known else None,
        "method": method,
        "verb": request.method,
    }
    sandbox().requests.appendleft(
        row | {"query": query, "status": status, "ms": round((time.monotonic() - started) * 1000)}
    )
