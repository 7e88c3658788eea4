"""What a door does with who comes too often: 429 with `Retry-After`, before anything of theirs is read.

A piece for all doors, no door itself.
"""

from __future__ import annotations

import ipaddress
import math
from functools import lru_cache

from flask import Flask, Response, abort, jsonify, request

from server.limits import CODE, CONNECT, FILE, MANAGE, PLAIN, Limit
from server.parts import Parts

SENTENCE = "Too many requests. Come again after as many seconds as Retry-After says."

# What each address may ask of a door; of those that are not here, PLAIN. None: the door itself knows better whose
# measure it is (a trunk, a register), or must take all of them (Poster holds back what comes after one that is not).
DOORS: dict[str, Limit | None] = {
    "webhooks.hook": None,
    "registers.signed": None,
    "sockets.register_socket": None,
    "poster_hooks.webhook": None,
    "connect.begin": CONNECT,
    "connect.confirm": CONNECT,
    "connect.returned": CODE,
    "manage.page": MANAGE,
    "manage.form": MANAGE,
    "manage.events": MANAGE,
    "downloads.download": FILE,
    "sounds.recording": FILE,
}


def install(app: Flask, parts: Parts) -> None:
    @app.before_request
    def measure() -> None:
        limit = DOORS.get(request.endpoint or "", PLAIN)
        if limit is not None:
            counted(parts, limit)


def caller() -> str:
    """Whose measure it is: an address, of IPv6 the whole net that one household gets; "" for this box itself.

    A proxy beside us that does not say for whom it asks is this box too: see `server.web.proxies`.
    """
    return _whose(request.remote_addr or "")


@lru_cache(maxsize=4096)
def _whose(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return _whose(str(ip.ipv4_mapped))
        return "" if ip.is_loopback else str(ipaddress.IPv6Network((ip, 64), strict=False))
    return "" if ip.is_loopback else str(ip)


def counted(parts: Parts, limit: Limit, *who: object) -> None:
    """One more of this address (and of `who`); answers 429 instead of going on when it is one too many."""
    if address := caller():
        of_anybody(parts, limit, *who, address)


def of_anybody(parts: Parts, limit: Limit, *who: object) -> None:
    """As `counted`, wherever it comes from."""
    if wait := parts.limits.wait(limit, *who):
        abort(too_many(wait))


def not_spent(parts: Parts, limit: Limit, *who: object) -> None:
    """Answers 429 when this address has used up its measure; nothing is counted."""
    if (address := caller()) and (wait := parts.limits.wait(limit, *who, address, count=False)):
        abort(too_many(wait))


def too_many(wait: float) -> Response:
    """For a person a sentence, for a program the register's shape of an error."""
    if request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html":
        response = Response(SENTENCE, mimetype="text/plain")
    else:
        response = jsonify(ok=False, error="busy", told=SENTENCE)
    response.status_code = 429
    response.headers["Retry-After"] = str(math.ceil(wait))
    response.headers["Cache-Control"] = "no-store"
    return response
