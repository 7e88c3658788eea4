"""What only some providers can do. An adapter has an ability when it has the method; nothing is declared.

Whatever asks the company is a generator: it yields an `Ask`, is sent the `Answer`, and returns what it learned.
So the adapter stays pure, a test answers by hand, and `server.asking` answers over HTTPS:

    def extensions(self, settings):
        answer = yield post_json(URL, {"key": settings["key"]})
        return [Extension(row["number"], row["name"]) for row in dicts(answer.json())]
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar, runtime_checkable
from urllib.parse import urlencode

from server.calls import CallEvent
from server.providers.base import Delivery, Settings

T = TypeVar("T")


class Failed(Exception):
    """The company did not do what was asked. `word` is one of `TROUBLES`; `detail` carries nothing secret."""

    def __init__(self, word: str, detail: str = "") -> None:
        super().__init__(f"{word}: {detail}" if detail else word)
        self.word = word
        self.detail = detail[:200]


# What can be wrong with a trunk. Manage says each in words and with what to do (trouble.<word> in its i18n).
TROUBLES = (
    "unreachable",  # nobody answers at the address
    "tls",  # the certificate cannot be trusted
    "login",  # key, secret, user or password are refused
    "rights",  # logged in, but what we need is not allowed (detail: what)
    "busy",  # too many questions, it will be asked again later
    "odd",  # it answered something that we can't read (detail: what)
    "refused",  # it understood and refuses (detail: its own words)
    "silent",  # connected, but it stopped answering
    "signature",  # requests come with a wrong signature
    "unreadable",  # requests come that we can't read (detail: why)
    "unfilled",  # a phone sends a variable's name instead of its value (detail: the variable)
    "unset",  # a setting that this needs is not filled in (detail: its name)
    "sealed",  # SECRET_KEY was changed, the settings can't be read
    "unknown_word",  # an event that we have never heard of (detail: its name)
)


@dataclass(frozen=True)
class Ask:
    """One HTTPS request to the company. `query` is appended to the address as it is."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: bytes = b""
    seconds: float = 10.0


@dataclass(frozen=True)
class Answer:
    """Any status; header names are lower-case."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Raises `Failed`: 401 and 403 are `login`, 429 is `busy`, anything that is no JSON is `odd`."""
        if self.status in (401, 403):
            raise Failed("login")
        if self.status == 429:
            raise Failed("busy")
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            raise Failed("odd", f"HTTP {self.status}") from None


Talk = Generator[Ask, Answer, T]


def get(url: str, headers: Mapping[str, str] | None = None, **query: str) -> Ask:
    return Ask("GET", url, headers or {}, urlencode(query))


def post_form(url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Ask:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Ask("POST", url, {**kind, **(headers or {})}, body=urlencode(fields).encode())


def post_json(url: str, value: Any, headers: Mapping[str, str] | None = None) -> Ask:
    kind = {"Content-Type": "application/json"}
    return Ask("POST", url, {**kind, **(headers or {})}, body=json.dumps(value).encode())


@dataclass(frozen=True)
class Extension:
    """An internal number as the company lists it; whatever else the list holds (SIP passwords) is dropped."""

    line: str
    name: str = ""


@dataclass(frozen=True)
class Paste:
    """A text for the owner to paste somewhere. `title` is a name as the other side's pages have it."""

    title: str
    text: str


@dataclass(frozen=True)
class Step:
    """What a connection says next, and what it has learned.

    `live`: the keys of all calls that exist now; our others of this trunk are over, nobody knows how.
    `ready`: we are logged in. `trouble`: a word of `TROUBLES`; `close`: hang up and come back later.
    `dialled`: what became of our own calls, mark -> "" or the reason why not. `strange`: an event's name that was
    never heard of; it is told once.
    """

    send: tuple[bytes | str, ...] = ()
    events: tuple[CallEvent, ...] = ()
    live: frozenset[str] | None = None
    ready: bool = False
    trouble: str = ""
    detail: str = ""
    close: bool = False
    dialled: Mapping[str, str] = field(default_factory=dict)
    strange: str = ""


NOTHING = Step()


@dataclass(frozen=True)
class Place:
    """Where a connection goes. `kind` is ws (`url`), tcp, tls or udp (`host`, `port`).

    `trust`: of tls whether the certificate must be one that the world trusts; PBXs make their own.
    """

    kind: str
    url: str = ""
    host: str = ""
    port: int = 0
    trust: bool = True


class Link(Protocol):
    """A connection of our own as a pure conversation; one object lives as long as its trunk's settings.

    `tick` is called about once a second. `received` gets a text frame of a WebSocket as str, anything else as
    bytes: of a stream whatever arrived, of udp one packet.
    """

    place: Place

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        """Connected; whatever was said on an earlier connection is forgotten, the calls are not."""

    def received(self, data: bytes | str, now: float) -> Step: ...

    def tick(self, now: float) -> Step: ...


@runtime_checkable
class DialsItself(Protocol):
    """A `Link` that can place a call: what to send."""

    def dial(self, line: str, number: str, mark: str, now: float) -> Step: ...


@runtime_checkable
class HangsUpItself(Protocol):
    def hang_up_now(self, key: str, now: float) -> Step: ...


@runtime_checkable
class Connects(Protocol):
    def link(self, settings: Settings) -> Link | None:
        """None when these settings do not ask for a connection."""


@runtime_checkable
class Looks(Protocol):
    """Asks which calls there are now. Repeats of what was told before are harmless: `calls.step` drops them."""

    def look_every(self, settings: Settings) -> float:
        """Seconds between two looks; 0: only after each reconnect."""

    def look(self, settings: Settings, now: float) -> Talk[Step]: ...


@runtime_checkable
class Remembers(Protocol):
    """A history: calls since a moment, as END events under the same keys that the live events have."""

    def history(self, settings: Settings, since: float, now: float) -> Talk[list[CallEvent]]: ...


@runtime_checkable
class Dials(Protocol):
    def originate(self, settings: Settings, line: str, number: str, mark: str) -> Talk[str]:
        """Rings `line`, then calls `number` (E.164). Returns the call's key, or "" where nobody tells it."""


@runtime_checkable
class HangsUp(Protocol):
    def hang_up(self, settings: Settings, key: str) -> Talk[None]: ...


@runtime_checkable
class Records(Protocol):
    """`recording` returns the request whose answer is the sound; its host must be one of `recording_hosts`
    ("example.com", or ".example.com" for all below it)."""

    recording_hosts: frozenset[str]

    def recording(self, settings: Settings, key: str, reference: str) -> Talk[Ask]: ...


@runtime_checkable
class Suggests(Protocol):
    def extensions(self, settings: Settings) -> Talk[list[Extension]]:
        """The company's own list of internal numbers. Also serves to test the settings."""


@runtime_checkable
class Prepares(Protocol):
    def prepare(self, settings: Settings, hook_url: str) -> Talk[None]:
        """Enters our address at the company and switches its events on."""


@runtime_checkable
class Pastes(Protocol):
    def pastes(self, settings: Settings, hook_url: str) -> list[Paste]:
        """Lines for the owner to paste into a phone, a PBX or a company's cabinet."""


@runtime_checkable
class Doubts(Protocol):
    def doubts(self, delivery: Delivery, settings: Settings) -> tuple[str, str] | None:
        """A word of `TROUBLES` and its detail for something that works, but not as well as it could."""


@runtime_checkable
class Waits(Protocol):
    """`patience`: seconds that `reply` may wait for a guest's name that is not in memory."""

    patience: float
