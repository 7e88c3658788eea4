"""The register's program: read, stamped with this box's address, checked before it goes to Poster."""

from __future__ import annotations

import gzip
from functools import lru_cache

from server.config import ROOT, Settings

BUILT = ROOT / "pos_bundle" / "dist" / "bundle.js"
PLACEHOLDER = "__DZVINOK_PUBLIC_URL__"
LARGEST = 25 * 1024


class NotBuilt(Exception):
    """There is no bundle to serve; the message says what to do."""


class Unsafe(Exception):
    """The bundle must not go to customers' registers; the message says why."""


def stamped(public_url: str) -> bytes:
    """The bundle with this box's address in it."""
    try:
        changed = BUILT.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotBuilt("The register's program is not built yet. Run: make build") from None
    return _stamp(changed, public_url)


@lru_cache(maxsize=4)
def _stamp(changed: int, public_url: str) -> bytes:
    return BUILT.read_text("utf-8").replace(PLACEHOLDER, public_url).encode()


def check(body: bytes, settings: Settings) -> None:
    """Refuses a bundle that is too big, unstamped, no plain script, or carries a secret. Raises `Unsafe`."""
    script = body.decode("utf-8", "replace")
    real = settings.poster_platform_url.startswith("https://")
    plain = settings.public_url.startswith("http://")
    secrets = (settings.application_secret, settings.secret_key)
    wrong = {
        "it is over 25 KB when packed": len(gzip.compress(body, 9)) > LARGEST,
        "it does not carry this box's address": settings.public_url not in script or PLACEHOLDER in script,
        "PUBLIC_URL is not https, so no register could reach it": real and plain,
        "a secret of this box stands in it": any(secret in script for secret in secrets),
        "it is not one plain script": "\nimport " in script or "\nexport " in script or "eval(" in script,
    }
    for why, found in wrong.items():
        if found:
            raise Unsafe(f"The bundle was not uploaded: {why}.")
