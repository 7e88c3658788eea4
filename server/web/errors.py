"""The edge: what is said when a door has nothing better to say, and giving connections back."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, Response, abort, jsonify, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

from server.db import database

log = logging.getLogger("dzvinok.web")

SENTENCES = {
    404: "There is nothing at this address. Check that it was copied whole.",
    405: "This address does not answer that kind of request.",
    408: "The request did not come whole within 10 seconds. Please send it again.",
    413: "The request is too large: at most 64 KB.",
    500: "Something broke on our side. Please send it again.",
}


class Typed(ImmutableMultiDict[str, str]):
    """What stands in a query or a form, without NUL, which no person types and no database keeps."""

    def __init__(self, told: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__([(name.replace("\0", ""), value.replace("\0", "")) for name, value in told])


class Asked(Request):
    parameter_storage_class = Typed


HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(
        f"{name}=()"
        for name in ("accelerometer", "bluetooth", "camera", "display-capture", "geolocation", "gyroscope", "hid",
                     "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get",
                     "screen-wake-lock", "serial", "usb", "xr-spatial-tracking")
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}  # fmt: skip


class House(Flask):
    request_class = Asked

    def log_exception(self, exc_info: Any) -> None:
        """Which door broke, not the address that was asked for: addresses carry tokens and codes."""
        log.error("%s broke", request.endpoint, exc_info=exc_info)


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _told)
    app.before_request(_nowhere)
    app.teardown_request(_give_back)
    app.after_request(_headers)


def _told(error: HTTPException) -> Response | tuple[Response, int]:
    code = error.code or 500
    return jsonify(error=SENTENCES.get(code, error.name)), code


def _nowhere() -> None:
    if "\0" in request.path:
        abort(404)


def _give_back(error: BaseException | None) -> None:
    if not database.is_closed():
        database.close()


def _headers(response: Response) -> Response:
    """Every answer is strict; a door that needs more says so itself."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
