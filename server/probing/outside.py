"""What the network says of our own address: whether it answers, how long its certificate is good for."""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

SPAN = 6.0  # seconds
DAY = 86400.0


@dataclass(frozen=True)
class Outside:
    """`reached`: HTTP status, 0 when nothing answered. `days` that the certificate is good for, None without one.

    `tls`: "", `none` (plain http), `name` (made for another), `expired`, `untrusted` or `silent`.
    """

    reached: int
    days: int | None
    tls: str


def look(url: str) -> Outside:
    """Takes as long as it may; nobody waits for it."""
    days, tls = certificate(url)
    return Outside(_status(url), days, tls)


def _status(url: str) -> int:
    try:
        return requests.get(f"{url}/healthz", timeout=SPAN, allow_redirects=False).status_code
    except requests.RequestException:
        return 0


def certificate(url: str) -> tuple[int | None, str]:
    """Days that are left, and what is wrong with it."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None, "none"
    host = parts.hostname or ""
    try:
        with (
            socket.create_connection((host, parts.port or 443), timeout=SPAN) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as wire,
        ):
            told = wire.getpeercert() or {}
    except ssl.SSLCertVerificationError as why:
        return None, _wrong(why)
    except OSError:  # an SSLError is one
        return None, "silent"
    return int((ssl.cert_time_to_seconds(str(told["notAfter"])) - time.time()) // DAY), ""


def _wrong(why: ssl.SSLCertVerificationError) -> str:
    expired, other_name = 10, 62  # OpenSSL's numbers
    return {expired: "expired", other_name: "name"}.get(why.verify_code, "untrusted")
