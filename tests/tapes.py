"""Recordings of a PBX's manager interface, and a PBX that says again what it said then.

`told` are its messages with the seconds since the recording began; `truth` is what the phones saw (taken from
their SIP messages), `journal` what must stand in our journal in the end.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterable, Iterator
from typing import Any

from server.calls import Call, CallEvent
from server.providers import asterisk
from server.providers.abilities import Step
from server.providers.ami import Message, read
from server.providers.asterisk_link import AsteriskLink
from tests import replay
from tests.replay import T0

Json = dict[str, Any]
Told = list[tuple[float, str]]

SETTINGS = {"host": "192.168.1.5", "user": "dzvinok", "secret": "correct horse"}
CHALLENGE = "424242"
GREETING = "Asterisk Call Manager/11.0.0"
TIMES = ("started", "answered", "ended")
FACTS = ("key", "direction", "caller", "did", "name", "outcome", "line", "answered_by", "group")


def link(**settings: str) -> AsteriskLink:
    made = asterisk.Asterisk().link(SETTINGS | settings)
    assert isinstance(made, AsteriskLink)
    return made


def told(recording: Json) -> Told:
    return [(at, text) for at, text in recording["told"]]


def messages(told: Told) -> Iterator[tuple[float, Message]]:
    for at, text in told:
        yield at, read(text.encode())


class Pbx:
    """The other side of a link. It lets us in, answers pings and lists, and says what it is told to say.

    `rows` is what a list of its channels shows; `dice` cuts what it says into pieces of any length.
    """

    def __init__(
        self, link: AsteriskLink, greeting: str = GREETING, dice: random.Random | None = None
    ) -> None:
        self.link = link
        self.greeting = greeting
        self.dice = dice
        self.rows: list[str] = []
        self.heard: list[Message] = []
        self.steps: list[Step] = []
        self.refuses: dict[str, str] = {}  # an action -> what is said instead of doing it

    def connect(self, at: float = 0.0) -> Pbx:
        self.took(self.link.opened(T0 + at, ("192.168.1.9", 40000)), at)
        self.send(self.greeting + "\r\n", at)
        return self

    def says(self, text: str, at: float) -> None:
        self.send(text + "\r\n\r\n", at)

    def plays(self, told: Iterable[tuple[float, str]]) -> Pbx:
        for at, text in told:
            self.says(text, at)
        return self

    def send(self, text: str, at: float) -> None:
        data = text.encode()
        while data:
            size = self.dice.randint(1, 300) if self.dice else len(data)
            piece, data = data[:size], data[size:]
            self.took(self.link.received(piece, T0 + at), at)

    def tick(self, at: float) -> None:
        self.took(self.link.tick(T0 + at), at)

    def took(self, step: Step, at: float) -> None:
        self.steps.append(step)
        for data in step.send:
            asked = read(data if isinstance(data, bytes) else data.encode())
            self.heard.append(asked)
            for answer in self._answers(asked):
                self.says(answer, at)

    def _answers(self, asked: Message) -> list[str]:
        name, mark = asked["action"], asked["actionid"]
        if name in self.refuses:
            return (
                [f"Response: Error\r\nActionID: {mark}\r\nMessage: {self.refuses[name]}"]
                if self.refuses[name]
                else []
            )
        if name == "Challenge":
            return [f"Response: Success\r\nActionID: {mark}\r\nChallenge: {CHALLENGE}"]
        if name == "Login":
            key = hashlib.md5((CHALLENGE + SETTINGS["secret"]).encode(), usedforsecurity=False).hexdigest()
            good = key == asked.get("key") or SETTINGS["secret"] == asked.get("secret")
            said = ("Success", "Authentication accepted") if good else ("Error", "Authentication failed")
            return [f"Response: {said[0]}\r\nActionID: {mark}\r\nMessage: {said[1]}"]
        if name == "CoreShowChannels":
            rows = [re.sub(r"\r\nActionID: [^\r]*", f"\r\nActionID: {mark}", row) for row in self.rows]
            end = f"Event: CoreShowChannelsComplete\r\nActionID: {mark}\r\nListItems: {len(rows)}"
            return [f"Response: Success\r\nActionID: {mark}\r\nMessage: Channels will follow", *rows, end]
        return [f"Response: Success\r\nActionID: {mark}\r\nPing: Pong"] if name == "Ping" else []

    @property
    def events(self) -> list[CallEvent]:
        return [event for step in self.steps for event in step.events]

    def journal(self) -> list[Call]:
        book = replay.Book()
        for event in self.events:
            book.take(event)
        return list(book.calls.values())


def played(recording: Json, **settings: str) -> Pbx:
    return Pbx(link(**settings), recording["greeting"]).connect().plays(told(recording))


def facts(calls: Iterable[Call]) -> list[Json]:
    """The journal as a recording has it, times in seconds since the recording began."""
    return [_facts(call) for call in sorted(calls, key=lambda call: call.started)]


def _facts(call: Call) -> Json:
    times = {name: getattr(call, name) for name in TIMES}
    return {
        **{name: getattr(call, name) for name in FACTS if getattr(call, name) not in ("", None)},
        "caller": call.caller,
        "legs": dict(call.legs),
        "rang": {line: [round(one - T0, 3) for one in span] for line, span in call.rang.items()},
        **{name: round(its - T0, 3) for name, its in times.items() if its},
    }


class Channels:
    """What a list of channels would have shown at some moment of a recording, made from what was told until then."""

    def __init__(self) -> None:
        self._all: dict[str, Message] = {}
        self._now = 0.0

    def after(self, told: Told) -> list[str]:
        for at, said in messages(told):
            self._now = at
            self._take(said, "", at)
            self._take(said, "dest", at)
        return [self._row(one) for one in self._all.values()]

    def _take(self, said: Message, side: str, at: float) -> None:
        uid = said.get(side + "uniqueid", "")
        if not uid or said.get("event") == "CoreShowChannel":
            return
        if said["event"] == "Hangup":
            self._all.pop(uid, None)
            return
        one = self._all.setdefault(uid, {"since": str(at)})
        for name in ("channel", "channelstate", "calleridnum", "calleridname", "connectedlinenum", "context",
                     "exten", "uniqueid", "linkedid"):  # fmt: skip
            one[name] = said.get(side + name, one.get(name, ""))
        self._learn(one, said, side)

    def _learn(self, one: Message, said: Message, side: str) -> None:
        event = said["event"]
        if event == "DialBegin":
            one["application"] = "AppDial" if side else "Dial"
        if event in ("BridgeEnter", "BridgeLeave") and not side:
            one["bridgeid"] = said["bridgeuniqueid"] if event == "BridgeEnter" else ""
        if event == "QueueCallerJoin" and not side:
            one["application"], one["applicationdata"] = "Queue", said["queue"] + ",tT"

    def _row(self, one: Message) -> str:
        seconds = int(self._now - float(one["since"]))
        told = {"event": "CoreShowChannel", "actionid": "?", **one, "duration": f"00:00:{seconds:02}"}
        told.setdefault("bridgeid", "")
        return "\r\n".join(
            f"{_NAMES.get(name, name)}: {value}" for name, value in told.items() if name != "since"
        )


_NAMES = {"event": "Event", "actionid": "ActionID"}
