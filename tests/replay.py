"""Recordings of what phone companies send: deliveries in, events, replies and the call in the end out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

from server.calls import Call, CallEvent, is_next, step
from server.providers import PROVIDERS
from server.providers.base import Delivery

RECORDINGS = Path(__file__).parent / "recordings"
T0 = 1795436400.0
DEFAULTS = {one.name: one.default for one in fields(CallEvent) if one.default is not MISSING}
GUESTS = {"0671112233": {"name": "Kovalenko Olena", "description": "VIP, 8 orders"}}
Json = dict[str, Any]


def names(provider: str) -> list[str]:
    return sorted(path.stem for path in (RECORDINGS / provider).glob("*.json"))


def load(provider: str, name: str) -> Json:
    recording: Json = json.loads((RECORDINGS / provider / f"{name}.json").read_text("utf-8"))
    return recording


def delivery(step_of: Json) -> Delivery:
    return Delivery(
        method=step_of["method"],
        body=step_of.get("body", "").encode(),
        at=T0 + step_of["after"],
        headers={"content-type": step_of["content_type"]} if "content_type" in step_of else {},
        query=step_of.get("query", ""),
    )


def events(provider: str, one: Delivery, settings: Mapping[str, str] | None = None) -> list[CallEvent]:
    return PROVIDERS[provider].events(one, settings or {})


def reply(provider: str, one: Delivery) -> Mapping[str, Any]:
    return PROVIDERS[provider].reply(one, {}, GUESTS.get)


def shape(event: CallEvent) -> Json:
    """What the event says, without what it leaves untold; as it would stand in a recording."""
    said = {name: value for name, value in asdict(event).items() if value != DEFAULTS.get(name, MISSING)}
    return json.loads(json.dumps(said))  # type: ignore[no-any-return]


def final(told: list[CallEvent]) -> Call | None:
    """The call that the events end in; the last one, when they are of several."""
    call = None
    for event in told:
        if call is None or is_next(call, event):
            call = Call("c", 1, 1, event.key)
        call = step(call, event)
    return call


def facts(call: Call | None, wanted: Json) -> Json:
    return {name: dict(call.legs) if name == "legs" else getattr(call, name) for name in wanted}
