"""Mango Office (Russia, Kazakhstan): signed notifications, one path for each kind, commands signed alike.

A whole call is an entry (`entry_id`), each stretch of it a leg (`call_id`) whose events are counted by `seq`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from server.calls import CallEvent
from server.phones import digits
from server.providers import checks, forms, values
from server.providers.abilities import Ask, Extension, Failed, Talk, post_form
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
from server.providers.mango_calls import MARK, leg, sound, whole

API = "https://app.mango-office.ru/vpbx/"

# What Mango adds to the address that it was given.
CALL, SUMMARY = "events/call", "events/summary"
SOUNDS = ("events/recording", "events/record/added")
UNUSED = (
    "events/dtmf", "events/sms", "events/record/tagged", "result/callback", "result/sms", "result/stat", "ping",
)  # fmt: skip
PLACED = "1000"

API_KEY: Words = {
    "en": "Unique code of your PBX (vpbx_api_key)",
    "ua": "Унікальний код вашої АТС (vpbx_api_key)",
    "ru": "Уникальный код вашей АТС (vpbx_api_key)",
    "pl": "Unikalny kod centrali (vpbx_api_key)",
}
API_SALT: Words = {
    "en": "Key for signatures (vpbx_api_salt)",
    "ua": "Ключ для створення підпису (vpbx_api_salt)",
    "ru": "Ключ для создания подписи (vpbx_api_salt)",
    "pl": "Klucz do podpisu (vpbx_api_salt)",
}
BOTH_HINT: Words = {
    "en": "In Mango’s cabinet: Integrations → API connector.",
    "ua": "У кабінеті Mango: Інтеграції → API коннектор.",
    "ru": "В личном кабинете Mango: Интеграции → API коннектор.",
    "pl": "W panelu Mango: Integracje → konektor API.",
}
BOTH_MUST: Words = {
    "en": "as the cabinet shows it, without spaces",
    "ua": "як у кабінеті, без пробілів",
    "ru": "как в кабинете, без пробелов",
    "pl": "tak jak w panelu, bez spacji",
}


class Mango:
    name = "mango"
    title = "Mango Office"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD})
    tried = False
    recording_hosts = frozenset({"app.mango-office.ru", ".mango-office.ru"})

    def __init__(self) -> None:
        key = checks.key
        self.fields: tuple[Field, ...] = (
            Field("api_key", API_KEY, BOTH_HINT, BOTH_MUST, secret=True, required=True, check=key),
            Field("api_salt", API_SALT, BOTH_HINT, BOTH_MUST, secret=True, required=True, check=key),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """SHA-256 of key, the JSON exactly as it came, and salt."""
        fields = forms.body(delivery)
        told, theirs = fields.get("json"), values.text(fields.get("sign"))
        if not (settings.get("api_key") and settings.get("api_salt")):
            raise Refused("no key and salt are set")
        if not isinstance(told, str) or not told or not theirs:
            raise Refused("unsigned")
        if not hmac.compare_digest(_sign(settings, told).encode(), theirs.casefold().encode()):
            raise Refused("signature")

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        path = delivery.path.strip("/").casefold()
        if path in UNUSED:
            raise Foreign(f"{path} is not used")
        if path not in (CALL, SUMMARY, *SOUNDS):
            raise Foreign(f"{path[:40]} is not a notification that is used here", path[:40])
        fields = forms.nested(forms.body(delivery).get("json"))
        key = values.key(fields.get("entry_id"))
        if not key:
            raise Unreadable("There is no json with an entry_id in this request.")
        if path == CALL:
            return [leg(key, fields, delivery.at)]
        return [whole(key, fields, delivery.at) if path == SUMMARY else sound(key, fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        return {"status": "success"}

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        wish = {"command_id": MARK + mark, "from": {"extension": line}, "to_number": digits(number)}
        said = (yield _signed(settings, "commands/callback", wish)).object()
        result = values.text(said.get("result"))
        if result != PLACED:
            raise Failed("refused", f"result {result}" if result else "")
        return ""

    def recording(self, settings: Mapping[str, str], key: str, reference: str) -> Talk[Ask]:
        """Answered with an address that works once; not before the recording is ready."""
        yield from ()
        if not reference:
            raise Failed("refused", "this call has no recording")
        return _signed(settings, "queries/recording/post", {"recording_id": reference, "action": "download"})

    def extensions(self, settings: Mapping[str, str]) -> Talk[list[Extension]]:
        said = (yield _signed(settings, "config/users/request", {})).object()
        found = []
        for user in forms.rows(said.get("users")):
            line = values.line(forms.nested(user.get("telephony")).get("extension"))
            if line:
                found.append(Extension(line, values.text(forms.nested(user.get("general")).get("name"))))
        return found


def _sign(settings: Mapping[str, str], text: str) -> str:
    whole = settings.get("api_key", "") + text + settings.get("api_salt", "")
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()


def _signed(settings: Mapping[str, str], path: str, value: dict[str, Any]) -> Ask:
    if not (settings.get("api_key") and settings.get("api_salt")):
        raise Failed("unset", "key and salt")
    text = json.dumps(value, separators=(",", ":"))
    return post_form(
        API + path, {"vpbx_api_key": settings["api_key"], "sign": _sign(settings, text), "json": text}
    )
