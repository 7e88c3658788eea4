"""Giving Poster a new bundle: without moderation, live for all customers when their registers restart."""

from __future__ import annotations

import hashlib
import time

from server.config import Settings
from server.poster.trouble import PosterDown
from server.poster.wire import Wire, error_of

METHOD = "/api/application.uploadPOSPlatformBundle"
SPAN = 60.0


def sign(application_id: str, content: bytes, secret: str) -> str:
    return _md5(f"{application_id}:{_md5(content)}:{secret}".encode())


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def upload(settings: Settings, content: bytes, wire: Wire | None = None) -> None:
    """Uploads exactly these bytes. Raises PosterError (refused) or PosterDown (nobody knows)."""
    reply = (wire or Wire()).send(
        "POST",
        settings.poster_platform_url + METHOD,
        time.monotonic() + SPAN,
        params={"format": "json"},
        data={
            "application_id": settings.application_id,
            "sign": sign(settings.application_id, content, settings.application_secret),
        },
        files={"bundle": ("bundle.js", content, "application/javascript")},
    )
    refusal = error_of(reply.body)
    if refusal:
        raise refusal
    if reply.body is None or reply.status >= 300:
        raise PosterDown(f"HTTP {reply.status}, no JSON" if reply.body is None else f"HTTP {reply.status}")
