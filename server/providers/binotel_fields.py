"""Binotel's settings, in the owner's words."""

from __future__ import annotations

from server.providers import checks
from server.providers.base import Field, Words

COMPANY_ID: Words = {
    "en": "Company ID (companyID)",
    "ua": "ID компанії (companyID)",
    "ru": "ID компании (companyID)",
    "pl": "ID firmy (companyID)",
}
COMPANY_ID_HINT: Words = {
    "en": "Digits only. When set, events that name another company are ignored. You find it in the company’s cabinet.",
    "ua": "Лише цифри. Якщо вказати, дзвінки інших компаній відкидатимуться. Номер є в кабінеті компанії.",
    "ru": "Только цифры. Если указать, звонки других компаний будут отбрасываться. Номер есть в кабинете компании.",
    "pl": "Tylko cyfry. Jeśli podasz, zdarzenia innych firm będą pomijane. Numer znajdziesz w panelu operatora.",
}
COMPANY_ID_MUST: Words = {
    "en": "the number that Binotel gave your company, digits only, such as 12345",
    "ua": "номер, який Binotel дав вашій компанії, лише цифри, наприклад 12345",
    "ru": "номер, который Binotel дал вашей компании, только цифры, например 12345",
    "pl": "numer, który Binotel nadał Twojej firmie, same cyfry, np. 12345",
}

WS_KEY: Words = {
    "en": "WebSocket key",
    "ua": "Ключ WebSocket",
    "ru": "Ключ WebSocket",
    "pl": "Klucz WebSocket",
}
WS_HINT: Words = {
    "en": "For a box without a public address. Ask Binotel’s support for a WebSocket key and secret.",
    "ua": "Якщо сервер не видно з інтернету. Ключ і секрет WebSocket дає підтримка Binotel.",
    "ru": "Если сервер не виден из интернета. Ключ и секрет WebSocket даёт поддержка Binotel.",
    "pl": "Gdy serwer nie jest widoczny z internetu. Klucz i sekret WebSocket daje wsparcie Binotel.",
}
WS_SECRET: Words = {
    "en": "WebSocket secret",
    "ua": "Секрет WebSocket",
    "ru": "Секрет WebSocket",
    "pl": "Sekret WebSocket",
}
WS_SECRET_HINT: Words = {
    "en": "Came with the WebSocket key; without both nothing is connected.",
    "ua": "Надсилають разом із ключем WebSocket; потрібні обидва.",
    "ru": "Присылают вместе с ключом WebSocket; нужны оба.",
    "pl": "Przychodzi razem z kluczem WebSocket; potrzebne są oba.",
}
API_KEY: Words = {"en": "REST API key", "ua": "Ключ REST API", "ru": "Ключ REST API", "pl": "Klucz REST API"}
API_HINT: Words = {
    "en": "For missed calls after an outage, recordings and calling from the register. Support sends it.",
    "ua": "Щоб не губити дзвінки після збою, слухати записи й дзвонити з каси. Дає підтримка Binotel.",
    "ru": "Чтобы не терять звонки после сбоя, слушать записи и звонить с кассы. Даёт поддержка Binotel.",
    "pl": "Do połączeń z czasu awarii, nagrań i dzwonienia z kasy. Daje wsparcie Binotel.",
}
API_SECRET: Words = {
    "en": "REST API secret",
    "ua": "Секрет REST API",
    "ru": "Секрет REST API",
    "pl": "Sekret REST API",
}
API_SECRET_HINT: Words = {
    "en": "Came with the REST key; both are needed.",
    "ua": "Надсилають разом із ключем REST; потрібні обидва.",
    "ru": "Присылают вместе с ключом REST; нужны оба.",
    "pl": "Przychodzi razem z kluczem REST; potrzebne są oba.",
}
KEY_MUST: Words = {
    "en": "exactly as Binotel sent it, Latin letters and digits without spaces",
    "ua": "точно так, як надіслав Binotel: латинські літери й цифри без пробілів",
    "ru": "точно так, как прислал Binotel: латинские буквы и цифры без пробелов",
    "pl": "dokładnie tak, jak przysłał Binotel: litery łacińskie i cyfry bez spacji",
}

FIELDS: tuple[Field, ...] = (
    Field("company_id", COMPANY_ID, COMPANY_ID_HINT, COMPANY_ID_MUST, check=checks.digits(12)),
    Field("ws_key", WS_KEY, WS_HINT, KEY_MUST, secret=True, check=checks.key),
    Field("ws_secret", WS_SECRET, WS_SECRET_HINT, KEY_MUST, secret=True, check=checks.key),
    Field("api_key", API_KEY, API_HINT, KEY_MUST, secret=True, check=checks.key),
    Field("api_secret", API_SECRET, API_SECRET_HINT, KEY_MUST, secret=True, check=checks.key),
)
