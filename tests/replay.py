"""Recordings of what phone companies send: deliveries in, events, replies and the call in the end out."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, fields
from itertools import chain, combinations, permutations
from pathlib import Path
from typing import Any, TypeVar

from server.calls import Call, CallEvent, expire, is_next, step
from server.journal import REUSED_FOR
from server.providers.abilities import Answer, Ask, Talk
from server.providers.base import Delivery, Foreign, Provider

RECORDINGS = Path(__file__).parent / "recordings"
T0 = 1795436400.0
DEFAULTS = {one.name: one.default for one in fields(CallEvent) if one.default is not MISSING}
GUEST = {"name": "Kovalenko Olena", "description": "VIP, 8 orders"}
Json = dict[str, Any]
T = TypeVar("T")


def names(provider: str) -> list[str]:
    return sorted(path.stem for path in (RECORDINGS / provider).glob("*.json"))


def calls(provider: str) -> list[str]:
    """Those of its recordings that are of a call; others are of a question or of a word that nobody knows."""
    return [name for name in names(provider) if "call" in load(provider, name)]


def path(provider: str, name: str) -> Path:
    return RECORDINGS / provider / f"{name}.json"


def load(provider: str, name: str) -> Json:
    recording: Json = json.loads(path(provider, name).read_text("utf-8"))
    return recording


def known(number: str) -> Json | None:
    """Who is in memory: one guest, however her number is spelled."""
    return GUEST if number.endswith("671112233") else None


def delivery(step_of: Json) -> Delivery:
    return Delivery(
        method=step_of["method"],
        body=step_of.get("body", "").encode(),
        at=T0 + step_of["after"],
        headers={
            **({"content-type": step_of["content_type"]} if "content_type" in step_of else {}),
            **step_of.get("headers", {}),
        },
        query=step_of.get("query", ""),
        path=step_of.get("path", ""),
        url=step_of.get("url", ""),
    )


def told(adapter: Provider, recording: Json) -> list[CallEvent]:
    """All events of a recording's requests, each as the company sent it."""
    return [*chain(*requests(adapter, recording))]


def requests(adapter: Provider, recording: Json) -> list[list[CallEvent]]:
    """The events of each of its requests (`settings` are the trunk's); none of one that is not ours to act on."""
    return [heard(adapter, one, recording.get("settings", {})) or [] for one in recording["steps"]]


def heard(adapter: Provider, one: Json, settings: Mapping[str, str]) -> list[CallEvent] | None:
    try:
        return adapter.events(delivery(one), settings)
    except Foreign:
        return None


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
    """{} when the events made no call."""
    if call is None:
        return {}
    return {name: dict(call.legs) if name == "legs" else getattr(call, name) for name in wanted}


# Disorder: what a company's network may do to the events of one call, and what must not depend on it.

KNOWABLE = ("state", "outcome", "direction", "caller", "did", "line", "answered_by")
SHUFFLES = 200
Events = list[CallEvent]


class Book:
    """The journal of one trunk in memory: finds calls by their key and by their other ids, as the real one does."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self._ids: dict[str, str] = {}

    def take(self, event: CallEvent) -> Call:
        call = self._find(event) or Call(f"c{len(self.calls)}", 1, 1, event.key)
        if is_next(call, event):
            self._ids = {value: its for value, its in self._ids.items() if its != call.id}
            call = Call(f"c{len(self.calls)}", 1, 1, event.key)
        self.calls[call.id] = call = step(call, event)
        self._ids |= {value: call.id for value in (event.key, event.alias) if value}
        return call

    def _find(self, event: CallEvent) -> Call | None:
        known = self.calls.get(self._ids.get(event.key, "")) or self.calls.get(self._ids.get(event.alias, ""))
        stale = known and event.reused and known.state == "ended" and known.touched < event.at - REUSED_FOR
        return None if stale and known and known.key != event.key else known


def journaled(told: Events) -> list[Json]:
    """What the journal says in the end of each call, without times: these are our clock's in a webhook."""
    book = Book()
    for event in told:
        book.take(event)
    ended = [expire(call, call.touched + 3 * 3600) for call in book.calls.values()]
    return sorted(
        ({name: getattr(one, name) for name in KNOWABLE} for one in ended if one.direction), key=repr
    )


def orders(told: Events, seed: int = 7) -> Iterator[Events]:
    """The events in every order, or in two hundred of them; each once more with every event told twice."""
    if len(told) <= 5:
        shuffled = [list(order) for order in permutations(told)]
    else:
        dice = random.Random(seed)
        shuffled = [dice.sample(told, len(told)) for _ in range(SHUFFLES)]
    for order in shuffled:
        yield order
        yield [event for event in order for _ in range(2)]


def losses(told: list[T]) -> Iterator[list[T]]:
    """All but one of them, and all but each two."""
    for lost in [*combinations(range(len(told)), 1), *combinations(range(len(told)), 2)]:
        yield [one for place, one in enumerate(told) if place not in lost]


def inventions(requests: list[Events]) -> Iterator[tuple[list[str], Json]]:
    """What was left after a loss, and the facts that the journal then claims though they are not so.

    "" and `unknown` claim nothing. A request is lost with all that it tells.
    """
    (truth,) = journaled([*chain(*requests)])
    for left in losses(requests):
        told = [*chain(*left)]
        for call in journaled(told):
            wrong = {name: its for name, its in call.items() if its not in ("", None, "unknown", truth[name])}
            if wrong:
                yield [event.kind for event in told], wrong


def invented(told: Events) -> list[str]:
    return [f"{kinds} -> {wrong}" for kinds, wrong in inventions([[event] for event in told])]


# What is asked of a company: the answers by hand.


def asked(talk: Talk[T], *answers: Answer) -> tuple[list[Ask], T]:
    """Drives a talk with these answers; returns what was asked and what was learned."""
    asks: list[Ask] = []
    left = list(answers)
    try:
        asks.append(next(talk))
        while True:
            asks.append(talk.send(left.pop(0)))
    except StopIteration as done:
        assert not left, "more was answered than asked"
        result: T = done.value
        return asks, result


def answer(value: Any, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode())
