"""How each setting is read from its text. Whatever is wrong is said as the end of "NAME must be …"."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from phonenumbers import SUPPORTED_REGIONS

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT_NAME = re.compile(r"^[a-z0-9][a-z0-9-]{0,62}$")


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def unique(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def text(value: str) -> str:
    if any(char.isspace() for char in value):
        raise ValueError("a text without spaces")
    return value


def url(value: str) -> str:
    value = value.rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address such as https://phone.example.com")
    try:
        parts.port  # noqa: B018 - reading it proves that it is a number
    except ValueError:
        raise ValueError("an address with a port from 0 to 65535, or with none") from None
    return value


def account_url(value: str) -> str:
    if re.search(r"[{}]", value.replace("{account}", "")):
        raise ValueError("an address such as https://{account}.joinposter.com")
    return url(value)


def secret_key(value: str) -> str:
    if len(value) < 16:
        raise ValueError(
            'at least 16 characters; make one: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return value


def database(value: str) -> str:
    if re.match(r"^postgres(ql)?://[^/]*/[^/?]+", value):
        return "postgresql" + value[value.index("://") :]
    if not value.startswith("sqlite:///") or value == "sqlite:///":
        raise ValueError(
            "sqlite:///path/to/file.db (four slashes for an absolute path), or postgresql://user:password@host/name"
        )
    path = Path(value.removeprefix("sqlite:///"))
    return f"sqlite:///{path if path.is_absolute() else ROOT / path}"


def hub(value: str) -> str:
    if value and not re.match(r"^(rediss?|unix)://\S+$", value):
        raise ValueError(
            "an address of Redis, such as redis://127.0.0.1:6379/0 or unix:///run/redis/redis.sock"
        )
    return value


def folder(value: str) -> str:
    if not Path(value).is_absolute():
        raise ValueError("the absolute path of a folder")
    return value


def bind(value: str) -> str:
    match = re.match(r"^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]*):([0-9]{1,5})$", value)
    if not match or int(match[1]) > 65535:
        raise ValueError("host:port, such as 127.0.0.1:8080")
    return value


def accounts(value: str) -> frozenset[str]:
    names = [name.strip().casefold() for name in value.split(",") if name.strip()]
    if not all(ACCOUNT_NAME.match(name) for name in names):
        raise ValueError("account names with commas between them, such as pechera,kaffka")
    return frozenset(names)


def origins(value: str) -> tuple[str, ...]:
    return tuple(origin_of(url(part.strip())) for part in value.split(",") if part.strip())


def proxies(value: str) -> frozenset[str]:
    try:
        return frozenset(str(ip_address(part.strip())) for part in value.split(",") if part.strip())
    except ValueError:
        raise ValueError("addresses of proxies with commas between them, such as 127.0.0.1,::1") from None


def country(value: str) -> str:
    if value.upper() not in SUPPORTED_REGIONS:
        raise ValueError("two letters of a country, such as UA")
    return value.upper()


def apprise(value: str) -> str:
    if value and not re.match(r"^[a-z0-9]{2,20}://\S+$", value):
        raise ValueError("an address of Apprise, such as tgram://bot/chat, in one line without spaces")
    return value


def smtp(value: str) -> str:
    if value and not re.match(r"^mailtos?://\S+$", value):
        raise ValueError(
            "an address of Apprise such as mailtos://user:password@smtp.example.com?from=phone@example.com"
        )
    return value


def schemas(value: str) -> tuple[str, ...]:
    names = [name.strip().casefold().removesuffix("://") for name in value.split(",") if name.strip()]
    if not all(re.match(r"^[a-z0-9]{2,20}$", name) for name in names):
        raise ValueError("names of services with commas between them, such as ntfy,gotify")
    return unique(*names)


def log_format(value: str) -> str:
    if value not in ("text", "json"):
        raise ValueError("text or json")
    return value


def token(value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{16,}", value):
        raise ValueError("at least 16 letters and digits, as a Bearer token may have them")
    return value


def number(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(value)

    return parse
