"""A company's story without a sandbox: its calls in memory, its wire as deliveries, its REST asked in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sandbox.companies import COMPANIES
from sandbox.companies.base import Asked, Company, Desk, Keys, PhoneCall, Push, Said, Scene
from sandbox.companies.wire import on_the_wire, written
from sandbox.phone_setup import Setup
from sandbox.phone_stories import STORIES
from server.providers.abilities import Answer, Ask, Talk
from server.providers.base import Delivery

T0 = 1795436400.0
HOOK = "https://pos.example.com/hooks/{name}/T0ken"
PEOPLE = {"101": "Марта Гнатюк", "102": "Богдан Лисенко", "103": "Соломія Ткачук"}
OLENA, SADOVA = "0671112233", "0443334455"
T = TypeVar("T")


def keys_of(company: Company, **more: Any) -> dict[str, Any]:
    setup = Setup({}, "pechera", "700123", SADOVA, lambda: None)
    return setup.keys(company) | {"hook": HOOK.format(name=company.name)} | more


def settings_of(company: Company, keys: Keys) -> dict[str, str]:
    """As the owner copies them into Manage."""
    typed = {key.name: str(keys[key.name]) for key in company.keys if key.kind == "key"}
    return typed | company.shown(keys)


class Told:
    """One call of a story as the company tells it."""

    def __init__(self, company: Company, story: str, caller: str = OLENA, **keys: Any) -> None:
        self.company, self.keys = company, keys_of(company, **keys)
        self.pushes: list[tuple[Push, float]] = []
        played = STORIES[story]
        rings = tuple(list(PEOPLE)[: played.rings or None]) if played.kind == "in" else ()
        number = caller if played.caller is None else played.caller
        self.call = PhoneCall(
            str(int(T0 * 10)), played.kind, number, SADOVA, T0, company.name, rings, played.said
        )
        self.call.line = "" if played.kind == "in" else "101"
        self._say(company.began, T0)
        at = T0
        for step in played.steps:
            at += step.after
            self._step(step.verb, list(PEOPLE)[step.line], at)

    def _step(self, verb: str, line: str, at: float) -> None:
        call = self.call
        if verb == "end":
            ends = self.company.ends
            call.state, call.ended = "ended", at
            call.disposition = (ends.answered if call.answered else ends.ringing)[0]
            if len(call.lines) > 1 and ends.transferred:
                call.disposition = ends.transferred
            return self._say(self.company.ended, at)
        call.line = line if call.incoming else call.line
        call.take(at)
        if verb == "answer":
            call.state, call.answered = "answered", at
        return self._say(self.company.answered if verb == "answer" else self.company.moved, at)

    def _say(self, moment: Any, at: float) -> None:
        said = moment(self.call, Scene(self.keys, PEOPLE, at))
        self.pushes += [(push, at + push.after) for push in said]

    @property
    def settings(self) -> dict[str, str]:
        return settings_of(self.company, self.keys)

    def deliveries(self, spoilt: bool = False) -> list[Delivery]:
        return [self.delivery(push, at, spoilt) for push, at in self.pushes if not push.frame]

    def delivery(self, push: Push, at: float, spoilt: bool = False) -> Delivery:
        wire = on_the_wire(self.company, push, self.call, self.keys, at, spoilt)
        base = str(self.keys["hook"])
        parts = urlsplit(wire.url)
        headers = {name.lower(): value for name, value in wire.headers.items()}
        path = parts.path.removeprefix(urlsplit(base).path).strip("/")
        return Delivery(wire.method, wire.body.encode(), at, headers, parts.query, path=path, url=wire.url)

    def frames(self) -> list[tuple[str, float]]:
        return [(written(push.fields), at) for push, at in self.pushes if push.frame]

    def desk(self, dialled: list[tuple[str, str]] | None = None, ended: list[str] | None = None) -> Desk:
        def dial(line: str, number: str, **notes: str) -> PhoneCall:
            (dialled if dialled is not None else []).append((line, number))
            return replace(self.call, id="17954365000", kind="out", line=line, external=number, notes=notes)

        return Desk(
            self.keys,
            PEOPLE,
            self.call.ended or T0,
            calls=(self.call,),
            extensions=("101", "102", "103"),
            dial=dial,
            hang_up=(ended if ended is not None else []).append,
        )


def asked_of(ask: Ask) -> Asked:
    parts = urlsplit(ask.url)
    query = "&".join(one for one in (parts.query, ask.query) if one)
    headers = {name.lower(): value for name, value in ask.headers.items()}
    return Asked(
        ask.method,
        parts.netloc,
        parts.path.strip("/") if parts.path == "/" else parts.path[1:],
        query,
        headers,
        ask.body.decode(),
    )


def said_to(ask: Ask, desk: Desk) -> Said:
    """What the sandbox would answer."""
    asked = asked_of(ask)
    company = next(one for one in COMPANIES.values() if one.serves(asked.host))
    if not company.admits(asked, desk.keys):
        return company.refusal
    assert company.answer
    return company.answer(asked, desk) or Said({"status": "error", "message": "there is no such method"}, 404)


def answer_of(said: Said) -> Answer:
    body = said.body if isinstance(said.body, bytes) else _text(said.body).encode()
    headers = {"content-type": said.content_type} | {name.lower(): its for name, its in said.headers.items()}
    return Answer(said.status, body, headers)


def _text(body: Any) -> str:
    return body if isinstance(body, str) else json.dumps(body)


def talked(talk: Talk[T], desk: Desk) -> T:
    """Drives an adapter's talk against the company's REST."""
    try:
        ask = next(talk)
        while True:
            ask = talk.send(answer_of(said_to(ask, desk)))
    except StopIteration as done:
        result: T = done.value
        return result


def stories() -> Iterator[tuple[str, str]]:
    for name in COMPANIES:
        for story in STORIES:
            yield name, story
