"""A telephone company that never was, with every ability that Manage shows something for."""

from __future__ import annotations

from server.calls import CallEvent
from server.providers import checks
from server.providers.abilities import Extension, Failed, Paste, Talk, get, post_json
from server.providers.base import CLOUD, OUT, Delivery, Field, KnownGuest, Reply, Settings, Words
from server.providers.generic import Generic

API = "https://exchange.example.com"


def words(en: str, ua: str, ru: str, pl: str) -> Words:
    return {"en": en, "ua": ua, "ru": ru, "pl": pl}


HOST = words("Address", "Адреса", "Адрес", "Adres")
HINT = words("As the cabinet shows it.", "Як у кабінеті.", "Как в кабинете.", "Jak w panelu.")
MUST = words("such as pbx.lan", "як-от pbx.lan", "вроде pbx.lan", "np. pbx.lan")
KEY = words("API key", "Ключ API", "Ключ API", "Klucz API")
WAY = words("Region", "Регіон", "Регион", "Region")
EUROPE = words("Europe", "Європа", "Европа", "Europa")


class Exchange:
    name = "exchange"
    title = "Exchange"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD, OUT})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("host", HOST, HINT, MUST, required=True, check=checks.host),
            Field("key", KEY, secret=True, check=checks.key),
            Field("region", WAY, check=checks.one_of("eu", "moon"), choices=("eu", "moon"),
                  choice_words={"eu": EUROPE}),
        )  # fmt: skip

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        Generic().verify(delivery, {})

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        return Generic().events(delivery, {})

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        return {"status": "success"}

    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        answer = yield get(f"{API}/extensions", key=_key(settings))
        return [Extension(row["line"], row["name"]) for row in answer.json()]

    def prepare(self, settings: Settings, hook_url: str) -> Talk[None]:
        answer = yield post_json(f"{API}/hook", {"key": _key(settings), "url": hook_url})
        if answer.status == 403:
            raise Failed("rights", "webhooks")
        answer.json()

    def pastes(self, settings: Settings, hook_url: str) -> list[Paste]:
        return [
            Paste("Incoming <Call>", f"{hook_url}/ring?r=$remote&id=$call"),
            Paste("Region", settings.get("region", "eu")),
            Paste("settings.cfg", f"[dzvinok]\nurl = {hook_url}\n" + "keep = yes\n" * 5),
        ]


def _key(settings: Settings) -> str:
    if not settings.get("key"):
        raise Failed("unset", "key")
    return settings["key"]
