"""Anything that can open an address: a PBX, a desk phone, a script. See docs/providers/generic.md."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from server.calls import ANSWER, END, IN, INTERNAL, MISS, OUT, OUTCOMES, RING, CallEvent
from server.phones import SHORTEST, bare, digits
from server.providers import forms, values
from server.providers.base import (
    CLOUD,
    LAN,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Unreadable,
    Words,
)

EVENTS = {"ring": RING, "answer": ANSWER, "end": END, "missed": MISS}
DIRECTIONS = {"": IN, "in": IN, "out": OUT, "internal": INTERNAL}
ENDS = {word: word for word in OUTCOMES} | {
    # What Asterisk leaves in DIALSTATUS, so that a dialplan may pass it as it is.
    "answer": "answered", "noanswer": "missed", "cancel": "missed", "congestion": "failed",
    "chanunavail": "failed", "invalidargs": "failed", "dontcall": "declined", "torture": "declined",
}  # fmt: skip

# The spellings that each parameter may have.
CALL = ("call", "id", "call_id")
LINE = ("line", "ext")

WINDOW = 300  # seconds that a signed request may be old, or ahead of our clock
LATEST = 24 * 3600.0  # an `at` older than this is a clock that was never set
SHORTEST_SECRET = 16
EXTENSION = 4  # digits that a colleague's number has at most
SUBSCRIBER = 9  # last digits that are the same however the country is spelled

SECRET: Words = {
    "en": "Signing secret",
    "ua": "Секрет для підпису",
    "ru": "Секрет для подписи",
    "pl": "Sekret do podpisu",
}
SECRET_HINT: Words = {
    "en": "At least 16 characters. When set, only signed requests are accepted.",
    "ua": "Від 16 символів. Якщо вказати, приймаються лише підписані запити.",
    "ru": "От 16 символов. Если указать, принимаются только подписанные запросы.",
    "pl": "Co najmniej 16 znaków. Jeśli podasz, przyjmowane będą tylko podpisane żądania.",
}
SECRET_MUST: Words = {
    "en": "at least 16 characters; make one: openssl rand -hex 16",
    "ua": "щонайменше 16 символів; створити: openssl rand -hex 16",
    "ru": "не меньше 16 символов; создать: openssl rand -hex 16",
    "pl": "co najmniej 16 znaków; utwórz: openssl rand -hex 16",
}


class Generic:
    name = "generic"
    title = "Generic webhook"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD, LAN})
    tried = True

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("secret", SECRET, SECRET_HINT, SECRET_MUST, secret=True, check=_secret),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """With a secret set: HMAC-SHA256 of `<X-Dzvinok-Time>.<body, or the query when there is no body>`."""
        secret = settings.get("secret", "")
        if not secret:
            return
        told, signature = (
            delivery.headers.get(f"x-dzvinok-{name}", "").strip() for name in ("time", "signature")
        )
        if not told or not signature:
            raise Refused("unsigned")
        if not (told.isascii() and told.isdigit() and abs(delivery.at - int(told[:12])) <= WINDOW):
            raise Refused("stale")
        signed = told.encode() + b"." + _payload(delivery)
        ours = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(ours.encode(), signature.casefold().encode("utf-8", "replace")):
            raise Refused("signature")

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = _read(delivery, signed=bool(settings.get("secret")))
        word = values.text(fields.get("event")).casefold()
        if not word:
            raise Unreadable(f"There is no event in this request; event is one of: {', '.join(EVENTS)}.")
        if word not in EVENTS:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return [_event(EVENTS[word], fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        return {"status": "success"}


def _payload(delivery: Delivery) -> bytes:
    in_body = delivery.method != "GET" and delivery.body
    return delivery.body if in_body else delivery.query.encode("latin-1", "replace")


def _read(delivery: Delivery, signed: bool) -> dict[str, Any]:
    """Query and body together, the body wins; of a signed request only the part that the signature covers."""
    if delivery.method == "GET" or not delivery.body:
        return forms.query(delivery.query)
    body = forms.body(delivery)
    return body if signed else {**forms.query(delivery.query), **body}


def _event(kind: str, fields: dict[str, Any], now: float) -> CallEvent:
    parties = _parties(fields)
    key, reused = _key(fields, parties["caller"])
    at = _at(fields, now)
    return CallEvent(
        key,
        kind,
        at or now,
        answered=at if kind == ANSWER else None,
        outcome=_outcome(fields) if kind in (END, MISS) else "",
        reused=reused,
        **parties,
    )


def _parties(fields: dict[str, Any]) -> dict[str, Any]:
    """`from` calls `to`. The guest is the first of a call that comes in, the second of one that goes out."""
    direction = _direction(fields)
    ours, theirs = ("from", "to") if direction == OUT else ("to", "from")
    told, own = values.first(fields, theirs), values.number(values.first(fields, ours))
    extension = len(digits(bare(own))) < SHORTEST
    return {
        "direction": direction,
        "caller": None if told is None else values.number(told),
        "did": "" if extension else own,
        "line": values.line(values.first(fields, *LINE)) or (values.line(own) if extension else ""),
        "name": values.text(values.first(fields, "name")) or values.name(told),
    }


def _direction(fields: dict[str, Any]) -> str:
    """Incoming when nobody says; but a desk phone doesn't say, and a colleague is no guest."""
    word = values.text(values.first(fields, "direction")).casefold()
    if word not in DIRECTIONS:
        raise Unreadable(f"direction is {word[:40]!r}; it may be in, out or internal, or left out.")
    colleague = 0 < len(digits(bare(values.number(values.first(fields, "from"))))) <= EXTENSION
    return INTERNAL if not word and colleague else DIRECTIONS[word]


def _key(fields: dict[str, Any], caller: str | None) -> tuple[str, bool]:
    """The call's id; from those who have none, the guest's number, which comes again with the next call."""
    key = values.key(values.first(fields, *CALL))
    if key:
        return key, False
    if caller is None:
        raise Unreadable(
            "There is neither call nor from in this request; say by one of them which call it is."
        )
    return "from:" + digits(bare(caller))[-SUBSCRIBER:], True


def _outcome(fields: dict[str, Any]) -> str:
    word = values.text(values.first(fields, "outcome")).casefold()
    if word and word not in ENDS:
        raise Unreadable(f"outcome is {word[:40]!r}; it may be one of: {', '.join(OUTCOMES)}.")
    return ENDS.get(word, "")


def _at(fields: dict[str, Any], now: float) -> float | None:
    """When it happened, if the sender says and its clock can be right."""
    told = values.first(fields, "at")
    if not told:
        return None
    moment = values.moment(told, now)
    if moment is None:
        raise Unreadable("at is not a time; it is Unix seconds, such as 1795436400, or left out.")
    return values.stated(moment, now, LATEST)


def _secret(value: str) -> str:
    cleaned = value.strip()
    if cleaned and len(cleaned) < SHORTEST_SECRET:
        raise ValueError
    return cleaned
