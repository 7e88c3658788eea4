"""Whether a register's request was signed by Poster: `md5(url + body + X-Poster-Time + secret)`. Pure.

The signature does not cover the `X-Poster-*` headers that say whose register it is, so the account stands
in the signed address too and both must agree.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from server.config import ACCOUNT_NAME, Settings
from server.poster.bodies import spellings

PREFIX = "x-poster-"
NEEDED = ("x-poster-signature", "x-poster-time", "x-poster-url")
TIME = re.compile(r"[0-9]{9,11}")
ID = re.compile(r"[0-9]{1,18}")


class SignatureRefused(Exception):
    """The message is one word: `headers`, `stale`, `signature` or `account`."""


@dataclass(frozen=True)
class Request:
    """`target` is path and query exactly as they came, never decoded. `headers` may repeat a name."""

    target: str
    body: bytes = b""
    content_type: str = ""
    headers: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Signed:
    """Who asks, as Poster says. `number` is the account's number where Poster names it, else ""."""

    account: str
    register: int | None = None
    spot: int | None = None
    number: str = ""


def check(request: Request, account: str, settings: Settings, now: float) -> Signed:
    """Who asks. `account` is what stands in the signed address. Raises SignatureRefused."""
    headers = _poster_headers(request.headers)
    at = headers["x-poster-time"]
    if not TIME.fullmatch(at) or abs(now - int(at)) > settings.signature_window:
        raise SignatureRefused("stale")
    if not _signed(request, headers["x-poster-signature"], at, settings):
        raise SignatureRefused("signature")
    name = account_of(headers["x-poster-url"], settings.poster_account_url)
    if not name or name != account.strip().casefold():
        raise SignatureRefused("account")
    return Signed(
        name,
        _id(headers.get("x-poster-tablet-id", "")),
        _id(headers.get("x-poster-spot-id", "")),
        headers.get("x-poster-account-number", ""),
    )


def _poster_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Poster's headers, each once: WSGI joins repeated ones with a comma, and none of Poster's has one."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower().replace("_", "-")
        if not key.startswith(PREFIX):
            continue
        if key in found or "," in value:
            raise SignatureRefused("headers")
        found[key] = value.strip()
    if not all(found.get(name) for name in NEEDED):
        raise SignatureRefused("headers")
    return found


def _signed(request: Request, signature: str, at: str, settings: Settings) -> bool:
    """Compares with every candidate, so that the time it takes says nothing about which one came close."""
    given = signature.casefold().encode()
    good = False
    for url in addresses(request.target, settings.public_url):
        for body in spellings(request.body, request.content_type):
            good |= hmac.compare_digest(sign(url, body, at, settings.application_secret).encode(), given)
    return good


def sign(url: str, body: bytes, at: str, secret: str) -> str:
    text = url.encode() + body + at.encode() + secret.encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def addresses(target: str, public_url: str) -> list[str]:
    """The address as the register wrote it: a proxy may or may not have taken our path prefix away."""
    if not target.startswith("/"):
        try:
            parts = urlsplit(target)
        except ValueError:
            return []
        target = parts.path + (f"?{parts.query}" if parts.query else "")
    prefix = urlsplit(public_url).path
    found = [public_url + target]
    if prefix and target.startswith(prefix):
        found.append(public_url.removesuffix(prefix) + target)
    return found


def account_of(header: str, account_url: str) -> str:
    """`acme`, `acme.joinposter.com`, `https://acme.joinposter.com/` -> `acme`; else ""."""
    text = header.strip().casefold()
    pattern = re.escape(account_url.casefold().split("://")[-1].rstrip("/"))
    pattern = pattern.replace(re.escape("{account}"), "(?P<name>[a-z0-9-]+)", 1)
    pattern = pattern.replace(re.escape("{account}"), "(?P=name)")
    bare = re.sub(r"^https?://", "", text).rstrip("/")
    match = re.fullmatch(pattern, bare)
    name = match["name"] if match and "name" in match.groupdict() else re.split(r"[./:]", bare)[0]
    return name if ACCOUNT_NAME.fullmatch(name) else ""


def _id(value: str) -> int | None:
    return int(value) if ID.fullmatch(value) else None
