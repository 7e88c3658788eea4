"""Binotel (Ukraine): webhooks here, the WebSocket in `binotel_live`, REST in `binotel_rest`; one key for all three.

Nothing is signed: the secret is the address, and `company_id` if set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.calls import IN, TRANSFER, CallEvent
from server.providers import binotel_calls as calls
from server.providers import forms, values
from server.providers.base import CLOUD, OUT, Delivery, Foreign, KnownGuest, Reply, Settings, Unreadable
from server.providers.binotel_fields import FIELDS
from server.providers.binotel_live import BinotelLive
from server.providers.binotel_rest import BinotelRest

LONGEST_GUEST = {"name": 43, "description": 70}  # what Binotel's phone window shows
SUCCESS = {"status": "success"}


class Binotel(BinotelRest):
    name = "binotel"
    title = "Binotel"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD, OUT})
    tried = False
    fields = FIELDS

    def link(self, settings: Settings) -> BinotelLive | None:
        return BinotelLive(settings) if settings.get("ws_key") and settings.get("ws_secret") else None

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: Binotel signs nothing and its own addresses drift; the token is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = _read(delivery)
        word = _word(fields)
        if not word:
            raise Unreadable(
                "There is no requestType in this request; Binotel's webhooks name the event there."
            )
        _check_company(fields, settings)
        if word in calls.LOOKUPS:
            return []
        if word == calls.COMPLETED:
            return [calls.completed(forms.nested(fields.get("callDetails")), delivery.at)]
        kind = TRANSFER if calls.TRANSFERRED.match(word) else calls.PUSHES.get(word)
        if kind is None:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return [calls.pushed(kind, word, fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """A call record must be answered with exactly this, or Binotel sends it again for two days."""
        fields = _read(delivery)
        if _word(fields) not in calls.LOOKUPS:
            return SUCCESS
        direction = calls.DIRECTIONS.get(values.text(fields.get("callType")), IN)
        number = values.number(values.first(fields, *calls.CALLER[direction]))
        guest = known(number) if number else None
        said = {
            name: values.text((guest or {}).get(name), longest) for name, longest in LONGEST_GUEST.items()
        }
        return {"customerData": said} if said["name"] else {}


def _read(delivery: Delivery) -> dict[str, Any]:
    fields = forms.body(delivery)
    if not fields:
        raise Unreadable("The body is empty; Binotel's webhooks carry a form with requestType in it.")
    return fields


def _word(fields: dict[str, Any]) -> str:
    return values.text(values.first(fields, "requestType", "method"))


def _check_company(fields: dict[str, Any], settings: Mapping[str, str]) -> None:
    ours = settings.get("company_id", "")
    record = forms.nested(fields.get("callDetails"))
    theirs = values.text(fields.get("companyID")) or values.text(record.get("companyID"))
    if ours and theirs and ours != theirs:
        raise Foreign("the event is of another company")
