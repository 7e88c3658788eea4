"""What a door does with who comes too often: 429 with `Retry-After`, before anything of theirs is read.

A piece for all doors, no door itself.
"""

from __future__ import annotations

import ipaddress
import math
from functools import lru_cache

from flask import Response, abort, jsonify, request

from server.limits import Limit
from server.parts import Parts

SENTENCE = "Too many requests. Come again after as many seconds as Retry-After says."


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


def spent(parts: Parts, limit: Limit, *who: object) -> bool:
    """Whether this address has used up its measure; nothing is counted."""
    return bool((address := caller()) and parts.limits.wait(limit, *who, address, count=False))


def too_many(wait: float) -> Response:
    response = jsonify(ok=False, error="busy", told=SENTENCE)
    response.status_code = 429
    response.headers["Retry-After"] = str(math.ceil(wait))
    response.headers["Cache-Control"] = "no-store"
    return response
