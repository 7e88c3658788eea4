"""Telnyx: signed events of every leg of a call. We only listen: what happens to a call is decided by an application.

The guest's leg comes in; the phones that the application rings for him are outgoing legs of the same session.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.calls import ANSWER, END, ENDED, IN, OUT, RING, CallEvent
from server.facts import silent
from server.phones import SHORTEST, bare, digits
from server.providers import forms, values
from server.providers.base import (
    CLOUD,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Unreadable,
    Words,
)

WINDOW = 300.0  # seconds that a signed request may be old, or ahead of our clock
LATEST = 24 * 3600.0  # what happened longer ago than this was written down wrong

# What an event says of the guest's own leg, and of a phone that is rung for him. An application picks up before
# anybody does; and that the guest was joined with somebody is the time of the answer, his phone says whose it was.
GUEST = {"call.initiated": RING, "call.answered": RING, "call.bridged": RING, "call.hangup": END}
PHONE = {"call.initiated": RING, "call.answered": ANSWER, "call.bridged": ANSWER, "call.hangup": END}
JOINED = "call.bridged"
OURS = "call."  # Telnyx has dozens of others, of sounds played and digits pressed

# hangup_cause -> what became of the call, and of a phone.
OUTCOMES = {
    "originator_cancel": "missed", "timeout": "missed", "no_answer": "missed",
    "call_rejected": "declined",
    "user_busy": "busy",
    "not_found": "failed",
    "normal_clearing": "unknown", "time_limit": "unknown", "unspecified": "unknown",
}  # fmt: skip
TALKED = ("normal_clearing", "time_limit")

KEY: Words = {
    "en": "Public key",
    "ua": "Публічний ключ",
    "ru": "Публичный ключ",
    "pl": "Klucz publiczny",
}
KEY_HINT: Words = {
    "en": "In Telnyx’s portal: Account → Keys & Credentials → Public Key. Requests that it does not fit are refused.",
    "ua": "У порталі Telnyx: Account → Keys & Credentials → Public Key. Запити, що до нього не пасують, відхиляються.",
    "ru": "В портале Telnyx: Account → Keys & Credentials → Public Key. Запросы, которые ему не подходят, отклоняются.",
    "pl": "W portalu Telnyx: Account → Keys & Credentials → Public Key. Żądania niepasujące do niego są odrzucane.",
}
KEY_MUST: Words = {
    "en": "44 characters, the last of them =",
    "ua": "44 символи, останній із них =",
    "ru": "44 символа, последний из них =",
    "pl": "44 znaki, ostatni z nich to =",
}


def public_key(value: str) -> str:
    cleaned = value.strip()
    if len(_decoded(cleaned)) != 32:
        raise ValueError
    return cleaned


class Telnyx:
    name = "telnyx"
    title = "Telnyx"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("public_key", KEY, KEY_HINT, KEY_MUST, required=True, check=public_key),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Ed25519 over `<telnyx-timestamp>|<body>`, and not an old request sent again."""
        ours = _decoded(settings.get("public_key", ""))
        told = delivery.headers.get("telnyx-timestamp", "").strip()
        theirs = _decoded(delivery.headers.get("telnyx-signature-ed25519", ""))
        if len(ours) != 32:
            raise Refused("no public key is set")
        if not told or not theirs:
            raise Refused("unsigned")
        if not (told.isascii() and told.isdigit() and abs(delivery.at - int(told[:12])) <= WINDOW):
            raise Refused("stale")
        try:
            Ed25519PublicKey.from_public_bytes(ours).verify(theirs, told.encode() + b"|" + delivery.body)
        except InvalidSignature:
            raise Refused("signature") from None

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        data = forms.nested(forms.body(delivery).get("data"))
        word = values.text(data.get("event_type")).casefold()
        if not word:
            raise Unreadable(
                "There is no data.event_type in this request; a TeXML application tells something else."
            )
        if word not in GUEST:
            raise Foreign(f"{word[:40]} is not used", "" if word.startswith(OURS) else word[:40])
        leg = forms.nested(data.get("payload"))
        if not values.key(leg.get("call_session_id")):
            raise Unreadable(
                f"There is no call_session_id in this {word[:40]}; nobody knows which call is meant."
            )
        told = _moment(data.get("occurred_at"), delivery.at)
        if values.text(leg.get("direction")).casefold() == "outgoing":
            return [_phone(word, leg, told, delivery.at)]
        return [_guest(word, leg, told or delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        return {"status": "success"}


def _guest(word: str, leg: dict[str, Any], at: float) -> CallEvent:
    """The leg that came in: a guest's; or that of a phone of ours, which calls one."""
    caller, called = values.number(leg.get("from")), values.number(leg.get("to"))
    ours = 0 < len(digits(bare(caller))) < SHORTEST
    parties: dict[str, Any] = {"direction": IN, "caller": caller, "did": called}
    if ours:
        parties = {"direction": OUT, "caller": called, "line": values.line(leg.get("from"))}
    key = values.key(leg.get("call_session_id"))
    if word == JOINED:
        return CallEvent(key, ANSWER if ours else RING, at, answered=at, **parties)
    if GUEST[word] != END:
        return CallEvent(key, GUEST[word], at, **parties)
    began, ended = _moment(leg.get("start_time"), at), _moment(leg.get("end_time"), at)
    became = OUTCOMES.get(_cause(leg), "unknown")
    return CallEvent(key, END, at, outcome=became, started=began, ended=ended, **parties)


def _phone(word: str, leg: dict[str, Any], told: float | None, now: float) -> CallEvent:
    """A phone that is rung: it may be anybody's, so it says neither who calls nor which way."""
    at, picked_up = told or now, told if PHONE[word] == ANSWER else None
    key, line = values.key(leg.get("call_session_id")), values.line(leg.get("to"))
    if len(digits(bare(line))) >= SHORTEST:
        raise Foreign("a number that is dialled may be a guest's or a waiter's")
    if PHONE[word] != END:
        return CallEvent(key, PHONE[word], at, line=line, answered=picked_up)
    if _cause(leg) in TALKED:
        raise Foreign("a phone has hung up; the guest's own leg says when the call is over")
    became = OUTCOMES.get(_cause(leg), "unknown")
    faster = _cause(leg) == "originator_cancel"  # another phone, maybe
    return silent(key, line, ENDED if faster else became, at)


def _cause(leg: dict[str, Any]) -> str:
    return values.text(leg.get("hangup_cause")).casefold()


def _moment(value: Any, now: float) -> float | None:
    """ISO 8601 with its zone, not of the future and not long past."""
    try:
        found = datetime.fromisoformat(values.text(value))
    except ValueError:
        return None
    when = found.timestamp() if found.tzinfo else 0.0
    return when if now - LATEST <= when <= now else None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
