"""The switches that make Poster misbehave: their names, what each may be, and what is normal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Value = str | int

CHOICES: dict[str, tuple[str, ...]] = {
    "state_echo": ("no", "yes"),
    "exchange_error": ("none", "a", "b", "c"),
    "exchange_encoding": ("any", "multipart"),
    "code_reuse": ("refuse", "allow"),
    "result": ("text", "object", "false", "never"),
    "answer_key": ("code", "status"),
    "proxy_code": ("none", "0", "1", "401", "503"),
    "api": ("up", "down", "html", "700", "limit429"),
    "token": ("ok", "revoked", "expired"),
    "create_client": ("wrapped", "raw", "rejected", "hang", "object_without_id"),
    "clients_find": ("both", "missing_arrays", "fail", "empty"),
    "get_active": ("ok", "fail", "hang"),
    "orders_create": ("ok", "refused", "hang"),
    "set_client": ("ok", "refused", "late"),
    "extras": ("object", "missing", "array"),
    "active_user": ("ok", "false", "hang"),
    "event_payload": ("full", "empty"),
    "manage_code": ("query", "alias", "path", "bare", "doubled"),
    "manage_params": ("none", "all"),
    "sockets": ("open", "blocked"),
    "offline_start": ("no", "yes"),
    "webhook_data": ("string", "object"),
    "phone_filter": ("e164", "digits", "ignored", "contains"),
    "signature": ("ok", "wrong", "stale", "replayed"),
    "body_form": ("raw", "php", "compact", "form"),
    "url_header": ("name", "host", "url", "upper"),
    "popup": ("ok", "missing"),
    "rest_result": ("unwrapped", "response", "result", "error", "false"),
    "paging": ("ok", "ignored"),
    "menu_price": ("full", "missing"),
    "online_orders": ("by_hand", "at_once", "waiting"),
    "online_write": ("ok", "done_502", "done_hang", "refused", "700"),
    "delivery_fields": ("known", "refused"),
    "incoming_id": ("number", "text"),
    "reservations": ("ok", "700", "20", "dates"),
    "add_product": ("ok", "fail_2", "fail_all", "hang_2"),
    "products_get": ("ok", "missing"),
    "upload": ("ok", "error", "html"),
    "lang": ("ua", "ru", "en", "pl"),
}
"""The first word of each is the normal behaviour (an account may be seeded with another `lang`)."""

MILLISECONDS: dict[str, tuple[int, int]] = {
    "latency_ms": (0, 12000),
    "api_latency_ms": (0, 30000),
    "rest_client_delay_ms": (5000, 600000),
}
"""Name -> (normal, greatest)."""

LATE_LIMIT = 600000


class FaultError(ValueError):
    """A switch or a position that doesn't exist; the text is for the person."""


@dataclass(frozen=True)
class Kinds:
    """Everything a page needs to draw the switches."""

    choices: dict[str, Any]
    defaults: dict[str, Value]


def kinds() -> Kinds:
    choices: dict[str, Any] = {name: list(words) for name, words in CHOICES.items()}
    choices |= {name: {"min": 0, "max": most} for name, (_, most) in MILLISECONDS.items()}
    choices["poster_global"] = ["bare", "window"]
    return Kinds(choices=choices, defaults=normal())


def normal() -> dict[str, Value]:
    values: dict[str, Value] = {name: words[0] for name, words in CHOICES.items()}
    values |= {name: usual for name, (usual, _) in MILLISECONDS.items()}
    values["poster_global"] = "bare"
    return values


def check(name: str, value: object) -> Value:
    """The value as it is kept, or FaultError."""
    if name in CHOICES:
        return _word(name, str(value), CHOICES[name])
    if name in MILLISECONDS:
        return _milliseconds(name, value, MILLISECONDS[name][1])
    if name == "poster_global":
        if str(value) in ("bare", "window"):
            return str(value)
        return _milliseconds(name, value, LATE_LIMIT, "bare, window or ")
    raise FaultError(f"There is no switch {name[:40]!r}.")


def _word(name: str, value: str, words: tuple[str, ...]) -> str:
    if value not in words:
        raise FaultError(f"{name} may be {', '.join(words)}; not {value[:40]!r}.")
    return value


def _milliseconds(name: str, value: object, most: int, other: str = "") -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or int(text) > most:
        raise FaultError(f"{name} may be {other}0 to {most} milliseconds; not {text[:40]!r}.")
    return int(text)
