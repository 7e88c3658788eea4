"""What a setting may look like: each returns the cleaned value or raises ValueError. Words that several need."""

from __future__ import annotations

import re
from collections.abc import Callable

from server.providers.base import Words

_HOST = re.compile(
    r"^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\.?$"
)
_IPV6 = re.compile(r"^[0-9A-Fa-f:]{2,45}$")


def word(value: str) -> str:
    """A key, a token, a password: printable, nothing in it that could begin another header line."""
    cleaned = value.strip()
    if not cleaned.isprintable() or len(cleaned) > 500:
        raise ValueError
    return cleaned


def key(value: str) -> str:
    """As `word`, and without spaces inside."""
    cleaned = word(value)
    if any(char.isspace() for char in cleaned) or not cleaned.isascii():
        raise ValueError
    return cleaned


def digits(longest: int = 20) -> Callable[[str], str]:
    def check(value: str) -> str:
        cleaned = value.strip()
        if not (cleaned.isascii() and cleaned.isdigit() and len(cleaned) <= longest):
            raise ValueError
        return cleaned

    return check


def host(value: str) -> str:
    """A name or an address without scheme, port or path: `pbx.lan`, `192.168.1.5`."""
    cleaned = value.strip().casefold()
    if not (_HOST.match(cleaned) or (":" in cleaned and _IPV6.match(cleaned))):
        raise ValueError
    return cleaned


def host_below(*domains: str) -> Callable[[str], str]:
    """A host of one of these domains; what a cabinet's address bar shows (https://, a path) is cut off."""

    def check(value: str) -> str:
        cleaned = host(re.sub(r"^https?://", "", value.strip().casefold()).split("/")[0])
        if not any(cleaned == domain or cleaned.endswith("." + domain) for domain in domains):
            raise ValueError
        return cleaned

    return check


PORT: Words = {"en": "Port", "ua": "Порт", "ru": "Порт", "pl": "Port"}
PORT_MUST: Words = {
    "en": "a number from 1 to 65535",
    "ua": "число від 1 до 65535",
    "ru": "число от 1 до 65535",
    "pl": "liczba od 1 do 65535",
}


def port(value: str) -> str:
    cleaned = value.strip()
    if not (cleaned.isascii() and cleaned.isdigit() and 0 < int(cleaned[:9]) < 65536):
        raise ValueError
    return str(int(cleaned))


def one_of(*choices: str) -> Callable[[str], str]:
    def check(value: str) -> str:
        cleaned = value.strip()
        if cleaned not in choices:
            raise ValueError
        return cleaned

    return check
