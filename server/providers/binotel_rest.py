"""Binotel's REST 4.0: what calls there are and were, placing calls, the sound, the employees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.calls import ANSWER, IN, RING, CallEvent
from server.providers import binotel_calls as calls
from server.providers import forms, values
from server.providers.abilities import NOTHING, Ask, Extension, Failed, Step, Talk, post_json
from server.providers.base import Settings

API = "https://api.binotel.com/api/4.0/"
RINGS_FOR = 45.0  # seconds that placing a call may take where `async` is not heeded
LOOK_EVERY = 5.0

TALKS = ("ANSWER", "TRANSFER", "ONLINE")
LOGIN = re.compile(r"\b(key|secret|signature|auth\w*|password|access)\b", re.IGNORECASE)
BUSY = re.compile(r"\brate\b|limit|too many|too often|frequent", re.IGNORECASE)


class BinotelRest:
    """Without both keys nothing is asked by itself; what somebody wanted and cannot have fails with `rights`."""

    recording_hosts = frozenset({".binotel.com", ".binotel.ua"})

    def look_every(self, settings: Settings) -> float:
        live = settings.get("ws_key") and settings.get("ws_secret")
        return LOOK_EVERY if _has_keys(settings) and not live else 0.0

    def look(self, settings: Settings, now: float) -> Talk[Step]:
        """A list that we don't understand in full must not end any call: then it does not say which go on."""
        if not _has_keys(settings):
            return NOTHING
        told = yield from _told("stats/online-calls", settings)
        listed, records = told.get("callDetails"), _records(told)
        whole = isinstance(listed, list | dict) and len(listed) == len(records)
        return Step(
            events=tuple(_going_on(record, now) for record in records),
            live=frozenset(calls.key(record, "list") for record in records) if whole else None,
        )

    def history(self, settings: Settings, since: float, now: float) -> Talk[list[CallEvent]]:
        if not _has_keys(settings):
            return []
        told = yield from _told("stats/all-incoming-calls-since", settings, timestamp=int(since))
        over = [one for one in _records(told) if calls.disposition(one) not in calls.GOES_ON]
        return [replace(calls.completed(record, now, untold=IN), late=True) for record in over]

    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        told = yield from _told("settings/list-of-employees", settings)
        people = forms.rows(told.get("listOfEmployees"))
        found = {
            line: Extension(line, values.text(one.get("name"))) for one in people for line in _lines(one)
        }
        return list(found.values())

    def originate(self, settings: Settings, line: str, number: str, mark: str) -> Talk[str]:
        told = yield from _told(
            "calls/internal-number-to-external-number",
            settings,
            seconds=RINGS_FOR,
            internalNumber=line,
            externalNumber=_spelled(number),
            **{"async": "TRUE"},
        )
        return values.key(told.get("generalCallID"))

    def hang_up(self, settings: Settings, key: str) -> Talk[None]:
        yield from _told("calls/hangup-call", settings, generalCallID=key)

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]:
        """The address that Binotel gives lives for a quarter of an hour: it is asked for each time."""
        told = yield from _told("stats/call-record", settings, generalCallID=reference or key)
        url = told.get("url")
        if not isinstance(url, str) or not url.startswith("https://"):
            raise Failed("odd", "there is no address of the recording")
        return Ask("GET", url)


def _has_keys(settings: Settings) -> bool:
    return bool(settings.get("api_key") and settings.get("api_secret"))


def _told(method: str, settings: Settings, seconds: float = 10.0, **more: Any) -> Talk[dict[str, Any]]:
    """What Binotel answers to one method; raises `Failed` for its refusals too."""
    if not _has_keys(settings):
        raise Failed("unset", "the REST API key and secret")
    keys = {"key": settings["api_key"], "secret": settings["api_secret"]}
    answer = yield replace(post_json(f"{API}{method}.json", {**more, **keys}), seconds=seconds)
    told = answer.json()
    if not isinstance(told, dict):
        raise Failed("odd", f"HTTP {answer.status}")
    if values.text(told.get("status")) == "success":
        return told
    raise _refusal(told, answer.status, keys)


def _refusal(told: dict[str, Any], status: int, keys: Mapping[str, str]) -> Failed:
    said = " ".join(values.text(told.get(name)) for name in ("code", "message")).strip()
    if not said:
        return Failed("odd", f"HTTP {status}")
    word = "busy" if BUSY.search(said) else "login" if LOGIN.search(said) else "refused"
    return Failed(word, "" if any(secret in said for secret in keys.values()) else said)


def _records(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls, which come as a list or as an object by their ids."""
    return [one for one in forms.rows(told.get("callDetails")) if values.key(one.get("generalCallID"))]


def _going_on(record: dict[str, Any], now: float) -> CallEvent:
    kind = ANSWER if calls.disposition(record) in TALKS else RING
    who = calls.parties(record, "")
    if kind == RING and who["caller"] is None:
        who["caller"] = ""
    started = values.moment(record.get("startTime"), now)
    return CallEvent(calls.key(record, "list"), kind, now, started=started, **who)


def _lines(employee: dict[str, Any]) -> list[str]:
    """An employee has one endpoint or a list of them; the SIP password beside the number is left where it is."""
    endpoint = forms.nested(employee.get("endpointData"))
    places = [endpoint] if "internalNumber" in endpoint else forms.rows(employee.get("endpointData"))
    told = [values.line(place.get("internalNumber")) for place in [*places, employee]]
    return [line for line in told if line]


def _spelled(number: str) -> str:
    """`+380671112233` -> `0671112233`; other countries in full, without the plus."""
    plain = number.removeprefix("+")
    return plain.removeprefix("38") if plain.startswith("380") and len(plain) == 12 else plain
