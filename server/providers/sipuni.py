"""Sipuni (Kazakhstan and others): HTTP events by GET or POST here, the same ones by WebSocket in `sipuni_live`.

Nothing is signed: the secret is the address.
"""

from __future__ import annotations

from typing import Any

from server.calls import CallEvent
from server.providers import checks, forms
from server.providers import sipuni_calls as calls
from server.providers.abilities import Ask, Failed, Talk
from server.providers.base import CLOUD, OUT, Delivery, Field, KnownGuest, Reply, Settings, Words
from server.providers.sipuni_live import SipuniLive

KEY: Words = {
    "en": "WebSocket authentication code",
    "ua": "Код автентифікації WebSocket",
    "ru": "Код аутентификации WebSocket",
    "pl": "Kod uwierzytelniania WebSocket",
}
KEY_HINT: Words = {
    "en": "In Sipuni: Settings → API → PBX events. With it nothing has to be reachable from the internet.",
    "ua": "У Sipuni: Налаштування → API → Події на АТС. З ним сервер може бути не видно з інтернету.",
    "ru": "В Sipuni: Настройки → API → События на АТС. С ним сервер может быть не виден из интернета.",
    "pl": "W Sipuni: Ustawienia → API → Zdarzenia centrali. Z nim serwer nie musi być widoczny z internetu.",
}
KEY_MUST: Words = {
    "en": "the code as Sipuni shows it, without spaces",
    "ua": "код, як його показує Sipuni, без пробілів",
    "ru": "код, как его показывает Sipuni, без пробелов",
    "pl": "kod tak, jak pokazuje go Sipuni, bez spacji",
}


class Sipuni:
    name = "sipuni"
    title = "Sipuni"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD, OUT})
    tried = False
    fields: tuple[Field, ...] = (Field("key", KEY, KEY_HINT, KEY_MUST, secret=True, check=checks.key),)
    recording_hosts = calls.HOSTS

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        """Nothing to check: Sipuni signs nothing; the token in the address is the proof."""

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        return [calls.event(_read(delivery), delivery.at)]

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        """Anything else, and Sipuni may stop sending."""
        return {"success": True}

    def link(self, settings: Settings) -> SipuniLive | None:
        return SipuniLive(settings["key"]) if settings.get("key") else None

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]:
        """The link that came with the call is the sound; nothing has to be asked for."""
        yield from ()
        if not reference:
            raise Failed("odd", "there is no address of the recording")
        return Ask("GET", reference)


def _read(delivery: Delivery) -> dict[str, Any]:
    query = forms.query(delivery.query)
    return query if delivery.method == "GET" else {**query, **forms.body(delivery)}
