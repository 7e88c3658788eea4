"""Poster's webhooks: whether one is Poster's, and what it says. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from server.poster.bodies import compact, php
from server.poster.rows import to_int


class HookRefused(Exception):
    """The message is one word: `empty`, `unreadable` or `signature`."""


@dataclass(frozen=True)
class Notice:
    """Something changed at Poster. `number` is not signed; `data` is JSON text, "" when there was none.

    `digest` is the same for every delivery of one notice.
    """

    account: str
    number: str
    entity: str
    id: int
    action: str
    at: int
    data: str
    digest: str

    def content(self) -> dict[str, Any]:
        try:
            value = json.loads(self.data)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def read(raw: bytes, secret: str) -> Notice:
    """Reads it as JSON whatever its header says. Raises HookRefused."""
    if not raw.strip():
        raise HookRefused("empty")
    try:
        body = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise HookRefused("unreadable") from None
    if not isinstance(body, dict):
        raise HookRefused("unreadable")
    data = _proved(body, secret)
    return Notice(
        account=str(body["account"]).strip().casefold(),
        number=_part(body.get("account_number")),
        entity=str(body["object"]).replace(" ", "_"),
        id=to_int(body["object_id"]),
        action=str(body["action"]),
        at=to_int(body["time"]),
        data=data,
        digest=_digest(body, data),
    )


def claimed(raw: bytes) -> str:
    """The account that a refused one names, unproved; "" where it names none."""
    try:
        body = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return ""
    return _part(body.get("account")).strip().casefold() if isinstance(body, dict) else ""


def _proved(body: dict[str, Any], secret: str) -> str:
    """The data as it was signed: text goes into the hash as it came, an object in one of its spellings."""
    given = _part(body.get("verify")).casefold().encode()
    names = ("account", "object", "object_id", "action", "time")
    if any(_part(body.get(name)) == "" for name in names):
        raise HookRefused("unreadable")
    proved: list[str] = []
    for data in _datas(body.get("data")):
        if hmac.compare_digest(verify(body, data, secret).encode(), given):
            proved.append(data or "")
    if not proved:
        raise HookRefused("signature")
    return proved[0]


def _datas(data: Any) -> list[str | None]:
    if data is None:
        return [None]
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict | list):
        return [text.decode("utf-8", "replace") for text in (compact(data), php(data))]
    return [_part(data)]


def verify(body: dict[str, Any], data: str | None, secret: str) -> str:
    parts = [_part(body[name]) for name in ("account", "object", "object_id", "action")]
    parts += [data] if data is not None else []
    text = ";".join([*parts, _part(body["time"]), secret])
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _digest(body: dict[str, Any], data: str) -> str:
    names = ("account_number", "account", "object", "object_id", "action", "time")
    parts = [_part(body.get(name)) for name in names]
    return hashlib.sha256("\n".join([*parts, data]).encode("utf-8", "surrogatepass")).hexdigest()


def _part(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
