"""Phonet (Ukraine): it calls us, or we ask it every few seconds who is calling. Nothing is signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.calls import ANSWER, END, IN, INTERNAL, MISS, RING, CallEvent
from server.providers import checks, forms, values
from server.providers.abilities import Step, Talk
from server.providers.base import (
    CLOUD,
    OUT,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Reply,
    Settings,
    Unreadable,
    Words,
)
from server.providers.phonet_rest import (
    DIRECTIONS,
    PAUSES,
    PERSON,
    Rest,
    employee,
    ids,
    named,
    own_number,
)

EVENTS = {"call.dial": RING, "call.bridge": ANSWER, "call.hangup": END}
ASKS, HEARS = "ask", "hear"  # the two ways, as they stand in the settings
EVERY = 2.0  # seconds between two questions

DOMAIN: Words = {
    "en": "Your Phonet address",
    "ua": "Ваша адреса у Phonet",
    "ru": "Ваш адрес в Phonet",
    "pl": "Twój adres w Phonet",
}
DOMAIN_HINT: Words = {
    "en": "As in the browser when you are in the cabinet: name.phonet.com.ua",
    "ua": "Як у браузері, коли ви в кабінеті: назва.phonet.com.ua",
    "ru": "Как в браузере, когда вы в кабинете: название.phonet.com.ua",
    "pl": "Jak w przeglądarce, gdy jesteś w panelu: nazwa.phonet.com.ua",
}
DOMAIN_MUST: Words = {
    "en": "an address that ends in .phonet.com.ua",
    "ua": "адреса, що закінчується на .phonet.com.ua",
    "ru": "адрес, который заканчивается на .phonet.com.ua",
    "pl": "adres, który kończy się na .phonet.com.ua",
}
KEY: Words = {"en": "API key", "ua": "Ключ API", "ru": "Ключ API", "pl": "Klucz API"}
KEY_HINT: Words = {
    "en": "In the cabinet: Settings → Integrations.",
    "ua": "У кабінеті: Налаштування → Інтеграції.",
    "ru": "В кабинете: Настройки → Интеграции.",
    "pl": "W panelu: Ustawienia → Integracje.",
}
KEY_MUST: Words = {
    "en": "the key as it stands in the cabinet, without spaces",
    "ua": "ключ, як у кабінеті, без пробілів",
    "ru": "ключ, как в кабинете, без пробелов",
    "pl": "klucz taki jak w panelu, bez spacji",
}
WAY: Words = {
    "en": "How calls come in",
    "ua": "Як надходять дзвінки",
    "ru": "Как поступают звонки",
    "pl": "Jak docierają połączenia",
}
WAY_HINT: Words = {
    "en": "If you are not sure, leave it as it is.",
    "ua": "Якщо не певні, залиште як є.",
    "ru": "Если не уверены, оставьте как есть.",
    "pl": "Jeśli nie wiesz, zostaw jak jest.",
}
WAYS: dict[str, Words] = {
    ASKS: {
        "en": "we ask Phonet every two seconds; nothing else to set up",
        "ua": "ми питаємо Phonet кожні дві секунди; більше нічого не треба",
        "ru": "мы спрашиваем Phonet каждые две секунды; больше ничего не нужно",
        "pl": "pytamy Phonet co dwie sekundy; nic więcej nie trzeba",
    },
    HEARS: {
        "en": "Phonet tells us at once; enter our address in its cabinet",
        "ua": "Phonet повідомляє одразу; впишіть нашу адресу в його кабінеті",
        "ru": "Phonet сообщает сразу; впишите наш адрес в его кабинете",
        "pl": "Phonet zgłasza od razu; wpisz nasz adres w jego panelu",
    },
}


class Phonet(Rest):
    name = "phonet"
    title = "Phonet"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD, OUT})
    tried = False

    def __init__(self) -> None:
        super().__init__()
        self.fields: tuple[Field, ...] = (
            Field("domain", DOMAIN, DOMAIN_HINT, DOMAIN_MUST, required=True, check=_domain),
            Field("key", KEY, KEY_HINT, KEY_MUST, secret=True, required=True, check=checks.key),
            Field("way", WAY, WAY_HINT, check=checks.one_of(*WAYS), choices=tuple(WAYS), choice_words=WAYS),
        )

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        """Nothing to check: Phonet signs nothing and its addresses may change; the token is the proof."""

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        fields = forms.body(delivery)
        if not fields:
            raise Unreadable("The body is empty; an event of Phonet's is a JSON object with uuid in it.")
        domain, ours = values.text(fields.get("accountDomain")).casefold(), settings.get("domain", "")
        if domain and ours and domain != ours:
            raise Foreign("the event is of another company")
        return [_event(fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        return {"status": "success"}

    def look_every(self, settings: Settings) -> float:
        return 0.0 if settings.get("way") == HEARS else EVERY

    def look(self, settings: Settings, now: float) -> Talk[Step]:
        said = yield from self._listed(settings, "rest/calls/active/v3")
        rows = forms.rows(said)
        found: list[CallEvent] = []
        strange = ""
        for row in rows:
            try:
                found.append(_event(row, now))
            except Unreadable:
                continue
            except Foreign as why:
                strange = strange or why.word
        live = frozenset(ids(row)[0] for row in rows if _goes_on(row)) - {""}
        # A list that can't be read in full ends no call.
        return Step(events=tuple(found), live=live if len(rows) == len(said) else None, strange=strange)


def _goes_on(row: Mapping[str, Any]) -> bool:
    """Also a call of which something is told that we don't know."""
    over = EVENTS.get(values.text(row.get("lastEvent"))) == END
    return not over and values.text(row.get("lgDirection")) not in PAUSES


def _domain(value: str) -> str:
    cleaned = checks.host_below("phonet.com.ua")(value.strip().split("?")[0].split("#")[0].removesuffix("/"))
    if cleaned == "phonet.com.ua":
        raise ValueError
    return cleaned


def _event(fields: Mapping[str, Any], now: float) -> CallEvent:
    word = values.text(fields.get("event")) or values.text(fields.get("lastEvent"))
    if not word:
        raise Unreadable("There is no event in this request; it is call.dial, call.bridge or call.hangup.")
    if word not in EVENTS:
        raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
    if values.text(fields.get("lgDirection")) in PAUSES:
        raise Foreign("an employee's break, not a call")
    key, alias = ids(fields)
    if not key:
        raise Unreadable(f"There is no uuid in this {word}; without it nobody knows which call is meant.")
    picked_up = values.moment_ms(fields.get("bridgeAt"), now)
    kind, outcome = EVENTS[word], ""
    if kind == END:
        kind, outcome = (END, "answered") if picked_up else (MISS, "missed")
    at = {RING: values.moment_ms(fields.get("dialAt"), now), ANSWER: picked_up}.get(kind)
    whole = not alias  # a leg begins later than its call
    return CallEvent(
        key,
        kind,
        values.stated(at, now) or now,
        outcome=outcome,
        started=values.moment_ms(fields.get("dialAt"), now) if whole else None,
        answered=picked_up if kind != RING else None,
        alias=alias,
        **_parties(fields),
    )


def _parties(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`leg` is always an employee or a group of theirs, `otherLegs` is the guest, whoever called."""
    direction = DIRECTIONS.get(values.text(fields.get("lgDirection")), "")
    others = forms.rows(fields.get("otherLegs"))
    caller = next((number for other in others if (number := values.number(other.get("num")))), "")
    if direction == INTERNAL:
        caller = caller or employee(fields.get("leg2"))
    leg = fields.get("leg") if isinstance(fields.get("leg"), dict) else {}
    assert isinstance(leg, dict)
    return {
        "direction": direction,
        "caller": caller if others or direction in (IN, INTERNAL) else None,
        "did": own_number(fields.get("trunkNum")),
        "line": employee(leg),
        "group": values.text(leg.get("displayName")) if values.text(leg.get("type")) not in PERSON else "",
        "name": named(*(other.get(part) for other in others for part in ("name", "companyName"))),
    }
