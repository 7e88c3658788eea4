"""Zadarma (Ukraine, Poland and wide around): signed webhooks of the cloud PBX, and its REST interface."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from server.calls import ANSWER, END, IN, MISS, NOTE, OUT, RING, CallEvent
from server.providers import checks, forms, values
from server.providers.base import (
    CLOUD,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Settings,
    Text,
    Unreadable,
    Words,
)
from server.providers.zadarma_rest import (
    DIRECTIONS,
    Cabinet,
    between,
    extension,
    outcome,
    recorded,
    signature,
)

EVENTS = {
    "NOTIFY_START": RING, "NOTIFY_IVR": RING, "NOTIFY_INTERNAL": RING, "NOTIFY_ANSWER": ANSWER,
    "NOTIFY_END": END, "NOTIFY_OUT_START": RING, "NOTIFY_OUT_END": END, "NOTIFY_RECORD": NOTE,
}  # fmt: skip
OUTGOING = ("NOTIFY_OUT_START", "NOTIFY_OUT_END")
ASKS_FOR_A_NAME = "NOTIFY_START"

# What is signed of each event, one after the other without anything between.
_INCOMING = ("caller_id", "called_did", "call_start")
SIGNED = {
    "NOTIFY_START": _INCOMING, "NOTIFY_IVR": _INCOMING, "NOTIFY_INTERNAL": _INCOMING, "NOTIFY_END": _INCOMING,
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": ("internal", "destination", "call_start"),
    "NOTIFY_OUT_END": ("internal", "destination", "call_start"),
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}  # fmt: skip

LONGEST_ECHO = 256
LONGEST_NAME = 60  # of a guest on a phone's small screen
SILENCE = Text("")

KEY: Words = {"en": "API key (Key)", "ua": "Ключ API (Key)", "ru": "Ключ API (Key)", "pl": "Klucz API (Key)"}
SECRET: Words = {
    "en": "API secret (Secret)",
    "ua": "Секрет API (Secret)",
    "ru": "Секрет API (Secret)",
    "pl": "Sekret API (Secret)",
}
HINT: Words = {
    "en": "Both are in your cabinet: Settings → Integrations and API → Keys.",
    "ua": "Обидва є в кабінеті: Налаштування → Інтеграції та API → Ключі.",
    "ru": "Оба есть в кабинете: Настройки → Интеграции и API → Ключи.",
    "pl": "Oba znajdziesz w panelu: Ustawienia → Integracje i API → Klucze.",
}
MUST: Words = {
    "en": "copied whole from the cabinet, without spaces",
    "ua": "скопійовано з кабінету повністю, без пробілів",
    "ru": "скопировано из кабинета целиком, без пробелов",
    "pl": "skopiowane z panelu w całości, bez spacji",
}


class Zadarma(Cabinet):
    name = "zadarma"
    title = "Zadarma"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("key", KEY, HINT, MUST, secret=True, required=True, check=checks.key),
            Field("secret", SECRET, HINT, MUST, secret=True, required=True, check=checks.key),
        )

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        """What says nothing of calls needs no proof: a look whether the address is ours, and an event that we
        don't know, so neither what is signed of it. An error would stop the other events of the call."""
        fields = {} if delivery.method == "GET" else _read(delivery)
        if _word(fields) not in SIGNED:
            return
        told, secret = delivery.headers.get("signature", "").strip(), settings.get("secret", "")
        if not told or not secret:
            raise Refused("unsigned")
        if _signed_how(told, fields, secret) is None:
            raise Refused("signature")

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        if delivery.method == "GET":
            raise Foreign("only a look whether the address answers")
        fields = _read(delivery)
        word = _word(fields)
        if not word:
            raise Unreadable("There is no event in this request; its name is one of NOTIFY_….")
        if word not in EVENTS:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return [_event(word, fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        """The caller hears nothing until we have answered, so the name is one that is in memory."""
        if delivery.method == "GET":
            return Text(values.text(forms.query(delivery.query).get("zd_echo"), LONGEST_ECHO))
        fields = _read(delivery)
        if _word(fields) != ASKS_FOR_A_NAME:
            return SILENCE
        number = values.number(fields.get("caller_id"))
        guest = (known(number) if number else None) or {}
        said = [text for name in ("name", "description") if (text := values.text(guest.get(name)))]
        return {"caller_name": ", ".join(said)[:LONGEST_NAME]} if guest.get("name") else SILENCE

    def doubts(self, delivery: Delivery, settings: Settings) -> tuple[str, str] | None:
        fields = {} if delivery.method == "GET" else _read(delivery)
        if _word(fields) not in SIGNED:
            return None
        how = _signed_how(delivery.headers.get("signature", "").strip(), fields, settings.get("secret", ""))
        return ("signature", f"accepted, made {how}") if how else None


def _read(delivery: Delivery) -> dict[str, Any]:
    fields = forms.body(delivery)
    if not fields:
        raise Unreadable("The body is empty; a notification is a form with event in it.")
    return fields


def _word(fields: Mapping[str, Any]) -> str:
    return values.text(fields.get("event"))


def _signed_how(told: str, fields: Mapping[str, Any], secret: str) -> str | None:
    """ "" as it should be, else what is odd with it; None when it is not the company's."""
    for how, text in _spellings(fields):
        if hmac.compare_digest(signature(secret, text).encode(), told.encode("utf-8", "replace")):
            return how
    return None


def _spellings(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A number may be signed without the plus that it is sent with, or come with the plus read as a space."""
    names = SIGNED[_word(fields)]
    told = (fields.get(name) for name in names)
    parts = [part.rstrip("\r\n") if isinstance(part, str) else "" for part in told]
    yield "", "".join(parts)
    yield "without the plus of the number", "".join(part.removeprefix("+") for part in parts)
    yield (
        "with a plus that is sent as a space",
        "".join("+" + part[1:] if part[:1] == " " else part for part in parts),
    )


def _event(word: str, fields: Mapping[str, Any], at: float) -> CallEvent:
    key = values.key(fields.get("pbx_call_id"))
    if not key:
        raise Unreadable(
            f"There is no pbx_call_id in this {word}; without it nobody knows which call is meant."
        )
    kind, parties = EVENTS[word], _parties(word, key, fields)
    if kind == NOTE:
        return CallEvent(key, kind, at, recording=values.text(fields.get("call_id_with_rec")))
    if kind != END:
        return CallEvent(key, kind, at, **parties)
    became = outcome(fields)
    if word not in OUTGOING and parties["line"] and became != "answered":
        kind = MISS  # of one phone that rang; another may still ring or talk
    sound = values.text(fields.get("call_id_with_rec")) if recorded(fields) else ""
    return CallEvent(key, kind, at, outcome=became, recording=sound, **parties)


def _parties(word: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Who calls whom. Only the answer leaves it to the call's id which way the call goes."""
    incoming = OUT if word in OUTGOING else IN
    if word == "NOTIFY_ANSWER":
        incoming = next((way for begin, way in DIRECTIONS.items() if key.startswith(begin)), "")
    theirs, ours = ("destination", "caller_id") if incoming == OUT else ("caller_id", "called_did")
    told = fields.get(theirs) if incoming else None
    caller = values.number(told) if told is not None else None
    line = values.line(fields.get("internal"))
    return {
        "direction": between(incoming, caller),
        "caller": "" if caller is None and EVENTS[word] == RING else caller,
        "did": "" if extension(fields.get(ours)) else values.number(fields.get(ours)),
        "line": line or (extension(fields.get("destination")) if incoming == IN else ""),
        "name": values.name(told),
    }
