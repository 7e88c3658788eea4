"""Which bus these settings ask for. What speaks with Redis is loaded only where there is one."""

from __future__ import annotations

import hashlib

from server.bus.base import Bus
from server.config import Settings


def bus_for(settings: Settings) -> Bus:
    if not settings.hub_url:
        return Bus()
    from server.bus.radio import Radio

    return Radio(settings.hub_url, hashlib.sha256(f"bus:{settings.secret_key}".encode()).hexdigest()[:12])
