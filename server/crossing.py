"""Calls and routes on their way from one worker to another: frozen facts <-> plain JSON. Pure.

Workers of two versions hear each other while a box is upgraded: what a reader does not know it passes over, what it
misses is as nobody has told it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from server.calls import Call
from server.routing import Owner, Route

Json = dict[str, Any]

CALL = tuple(field.name for field in fields(Call))
MAPS = ("legs", "rang", "gave_up")
BARE = Call(id="", account=0, trunk=None, key="")


def call_out(call: Call) -> Json:
    """Without what stands as it is by default: most calls have few facts."""
    facts = {name: getattr(call, name) for name in CALL}
    return {name: _plain(value) for name, value in facts.items() if value != getattr(BARE, name)}


def call_in(told: Mapping[str, Any]) -> Call:
    facts = {name: told[name] for name in CALL if name in told}
    facts |= {name: MappingProxyType(dict(facts[name])) for name in MAPS if name in facts}
    if "rang" in facts:
        spans = {line: (began, stopped) for line, (began, stopped) in facts["rang"].items()}
        facts["rang"] = MappingProxyType(spans)
    return Call(**{"id": "", "account": 0, "trunk": None, "key": "", **facts})


def route_out(route: Route) -> Json:
    return {
        "owners": {line: sorted(owners) for line, owners in route.owners.items()},
        "did_spot": route.did_spot,
        "cover": sorted(route.cover),
        "covering": route.covering,
    }


def route_in(told: Mapping[str, Any]) -> Route:
    owners = {line: _owners(some) for line, some in told["owners"].items()}
    return Route(owners, told.get("did_spot"), frozenset(told.get("cover", ())), told.get("covering", False))


def _owners(some: list[list[Any]]) -> frozenset[Owner]:
    return frozenset((kind, who) for kind, who in some)


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
