"""FreePBX asks who is calling before it rings anybody (CallerID Lookup Sources). See docs/providers/freepbx.md.

The question is all that we hear of the call: it rings, and the name goes onto every phone. No answer and no
hang-up follow, so what became of the call stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from server.calls import IN, INTERNAL, RING, CallEvent
from server.phones import bare, digits
from server.providers import checks, forms, values
from server.providers.abilities import Paste
from server.providers.base import (
    CLOUD,
    LAN,
    Delivery,
    Field,
    KnownGuest,
    Reply,
    Text,
    Unreadable,
    Words,
)

NUMBER = "[NUMBER]"  # FreePBX puts the caller's number in its place, in whatever version
UNIQUEID = "[UNIQUEID]"  # Asterisk's id of the call; older versions leave the word as it is

LONGEST = 30  # what phones show of a name
EXTENSION = 4  # digits that a colleague's number has at most
SUBSCRIBER = 9  # last digits that are the same however the country is spelled

RINGS: Words = {
    "en": "Ring the registers",
    "ua": "Дзвонити на каси",
    "ru": "Звонить на кассы",
    "pl": "Dzwonić na kasy",
}
RINGS_HINT: Words = {
    "en": "Choose no if another connection tells the calls of this PBX; then only names are told to its phones.",
    "ua": "Оберіть «ні», якщо про дзвінки цієї АТС уже повідомляє інше з’єднання: тоді телефони лише отримують імена.",
    "ru": "Выберите «нет», если о звонках этой АТС уже сообщает другое соединение: тогда телефоны лишь получают имена.",
    "pl": "Wybierz „nie”, jeśli o połączeniach tej centrali mówi już inne połączenie: telefony dostaną tylko nazwiska.",
}
YES_NO: Mapping[str, Words] = {
    "yes": {"en": "Yes", "ua": "Так", "ru": "Да", "pl": "Tak"},
    "no": {"en": "No", "ua": "Ні", "ru": "Нет", "pl": "Nie"},
}


class FreePbx:
    name = "freepbx"
    title = "FreePBX: names on the phones"
    methods = frozenset({"GET"})
    reach = frozenset({LAN, CLOUD})
    tried = False
    patience = 0.8  # the guest hears nothing until we answer

    def __init__(self) -> None:
        words = tuple(YES_NO)
        ring = Field(
            "ring", RINGS, RINGS_HINT, check=checks.one_of(*words), choices=words, choice_words=YES_NO
        )
        self.fields: tuple[Field, ...] = (ring,)

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: FreePBX signs nothing, the token is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = forms.query(delivery.query)
        if "number" not in fields:
            raise Unreadable(f"There is no number in this address; the query must hold number={NUMBER}.")
        return [] if settings.get("ring") == "no" else [_rings(fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """The name alone; that of the telephone company, if FreePBX passed it on, when we know none."""
        fields = forms.query(delivery.query)
        number = _number(fields)
        guest = known(number) if number else None
        return Text(values.text((guest or {}).get("name"), LONGEST) or _name(fields)[:LONGEST].strip())

    def doubts(self, delivery: Delivery, settings: Mapping[str, str]) -> tuple[str, str] | None:
        told = values.text(forms.query(delivery.query).get("number"))
        return ("unfilled", told[:40]) if told[:1] in ("[", "$") else None

    def pastes(self, settings: Mapping[str, str], hook_url: str) -> list[Paste]:
        """Under the names of FreePBX's form."""
        parts = urlsplit(hook_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return [
            Paste("Source type", parts.scheme.upper()),
            Paste("Cache Results", "No"),
            Paste("Host", parts.hostname or ""),
            Paste("Port", str(port)),
            Paste("Path", parts.path),
            Paste("Query", f"number={NUMBER}&id={UNIQUEID}"),
        ]


def _rings(fields: dict[str, Any], at: float) -> CallEvent:
    number = _number(fields)
    call = values.key(values.first(fields, "id"))
    colleague = 0 < len(digits(bare(number))) <= EXTENSION
    return CallEvent(
        call or "from:" + digits(bare(number))[-SUBSCRIBER:],
        RING,
        at,
        INTERNAL if colleague else IN,
        number,
        did=values.number(values.first(fields, "did")),
        name=_name(fields),
        reused=not call,
    )


def _number(fields: dict[str, Any]) -> str:
    return values.number(values.first(fields, "number"))


def _name(fields: dict[str, Any]) -> str:
    """What the telephone company calls the guest; many repeat the number there."""
    name = values.text(values.first(fields, "name"))
    return name if any(char.isalpha() for char in name) else ""
