"""What a phone company of the sandbox is: a list of its settings and pure functions, one file each.

A call is told in four moments: it began, somebody answered, it moved to another line, it ended. For each the
company says what goes on the wire (`Push`). `answer` is its REST, `socket` its WebSocket; both see the panel's calls.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

IN, OUT, INTERNAL = "in", "out", "internal"

Keys = Mapping[str, Any]


@dataclass
class PhoneCall:
    """`kind`: in, out or internal. For an internal call `external` is the other extension."""

    id: str
    kind: str
    external: str
    did: str
    started: float
    company: str = "binotel"
    rings: tuple[str, ...] = ()
    """The lines that ring together when a call comes in."""
    said: str = ""
    """The caller's name as the phone network shows it."""
    line: str = ""
    state: str = "ringing"
    notes: dict[str, str] = field(default_factory=dict)
    """What our server's replies said: `name` of the guest for the desk phone, addresses for what follows."""
    answered: float | None = None
    ended: float | None = None
    disposition: str | None = None
    lines: list[str] = field(default_factory=list)
    """Everyone who talked, in order."""
    taken: list[float] = field(default_factory=list)
    """When each of them took it."""
    disturbed: bool = False
    told: int = 0
    """So many pushes of a disturbed one were sent."""

    @property
    def name(self) -> str:
        return self.notes.get("name", "")

    @property
    def incoming(self) -> bool:
        return self.kind == IN

    @property
    def before(self) -> str:
        """Who had it before it moved."""
        return self.lines[-2] if len(self.lines) > 1 else ""

    def take(self, at: float) -> None:
        """The line has the call from now on."""
        self.lines.append(self.line)
        self.taken.append(at)

    def taken_by(self, line: str) -> float | None:
        return dict(zip(self.lines, self.taken, strict=True)).get(line)

    @property
    def lost(self) -> list[str]:
        """The lines that rang and did not get it."""
        return [line for line in self.rings if line not in self.lines]

    def seconds(self) -> int:
        return round(self.ended - self.answered) if self.answered and self.ended else 0

    def waited(self) -> int:
        return round((self.answered or self.ended or self.started) - self.started)


@dataclass(frozen=True)
class Key:
    """One setting of a company: to copy into Manage, to choose, or to switch."""

    name: str
    default: Any = ""
    choices: tuple[str, ...] = ()
    digits: bool = False

    @property
    def kind(self) -> str:
        if isinstance(self.default, bool):
            return "flag"
        return "choice" if self.choices else "key"


@dataclass(frozen=True)
class Push:
    """One thing that the company says by itself. `kind` is its own word for it.

    `fields` are spelled by `shape`: form, json, field (nested data as JSON text in a form) or query. A `frame`
    goes to connected sockets. `heard` takes notes of the reply. `insist`: the next attempt, until the reply is right.
    """

    kind: str
    fields: Mapping[str, Any]
    shape: str = "form"
    path: str = ""
    method: str = "POST"
    after: float = 0.0
    frame: bool = False
    heard: Callable[[str], dict[str, str]] | None = None
    insist: Callable[[int], Push] | None = None
    to: str = ""
    """The note that says where to, when an earlier reply of the server named an address."""


@dataclass(frozen=True)
class Wire:
    """A request as it leaves."""

    method: str
    url: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Scene:
    """What a company knows besides the call: its settings, who sits at which line, what time it is."""

    keys: Keys
    people: Mapping[str, str]
    now: float
    account: str = "pechera"

    def person(self, line: str) -> str:
        return self.people.get(line) or f"Line {line}"


Moment = Callable[[PhoneCall, Scene], list[Push]]


@dataclass(frozen=True)
class Asked:
    """A request of our server to the company's REST."""

    method: str
    host: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    @property
    def words(self) -> dict[str, str]:
        """Query and form together."""
        form = self.body if "json" not in self.headers.get("content-type", "") else ""
        return dict(parse_qsl(self.query, keep_blank_values=True)) | dict(
            parse_qsl(form, keep_blank_values=True)
        )

    @property
    def data(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def either(self) -> dict[str, Any]:
        """JSON where it is JSON, else the form."""
        return self.data or dict(self.words)


@dataclass(frozen=True)
class Said:
    """What the REST answers: an object, a text or a sound."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True)
class Desk(Scene):
    """The scene, and what REST may do in it. `calls` are this company's, the newest first."""

    calls: tuple[PhoneCall, ...] = ()
    extensions: tuple[str, ...] = ()
    dial: Callable[..., PhoneCall] = field(default=lambda line, number, **notes: _nobody())
    """Line and number; more is noted at the call."""
    hang_up: Callable[[str], None] = field(default=lambda call: None)
    keep: Callable[[dict[str, Any]], None] = field(default=lambda changes: None)
    check: Callable[[str], bool] = field(default=lambda url: True)
    """Asks the server's address the way this company proves it."""

    @property
    def live(self) -> list[PhoneCall]:
        return [call for call in self.calls if call.state != "ended"]

    @property
    def over(self) -> list[PhoneCall]:
        return [call for call in self.calls if call.state == "ended"]

    def call(self, key: str, spell: Callable[[PhoneCall], str] = lambda call: call.id) -> PhoneCall | None:
        """The call that the company calls so."""
        return next((call for call in self.calls if spell(call) == key), None)

    def since(self, start: float, end: float = float("inf")) -> list[PhoneCall]:
        return [call for call in self.over if start <= call.started <= end]


def _nobody() -> PhoneCall:
    raise LookupError


@dataclass(frozen=True)
class Heard:
    """What a WebSocket says back, and whether its other side is now known."""

    send: tuple[str, ...] = ()
    login: bool = False
    close: bool = False


@dataclass(frozen=True)
class Socket:
    hosts: tuple[str, ...]
    greeting: tuple[str, ...]
    hear: Callable[[str, Keys], Heard | None]
    """None: this is not for these keys, ask another restaurant's."""
    refusal: Heard


@dataclass(frozen=True)
class Ends:
    """The company's own words for how a call ends; the first is the usual one."""

    ringing: tuple[str, ...]
    answered: tuple[str, ...]
    busy: str
    transferred: str = ""


def _silent(call: PhoneCall, scene: Scene) -> list[Push]:
    return []


def _unsigned(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    return wire


@dataclass(frozen=True)
class Company:
    name: str
    title: str
    sends: tuple[str, ...]
    ends: Ends
    began: Moment
    answered: Moment
    ended: Moment
    moved: Moment = _silent
    keys: tuple[Key, ...] = ()
    sign: Callable[[Wire, Push, Keys, float], Wire] = _unsigned
    signed_with: str = ""
    """The setting that the signature is made of: spoilt by the fault "wrong signature"."""
    shown: Callable[[Keys], dict[str, str]] = field(default=lambda keys: {})
    """More to copy into Manage, made of the settings: a public key."""
    hosts: tuple[str, ...] = ()
    admits: Callable[[Asked, Keys], bool] = field(default=lambda asked, keys: True)
    refusal: Said = field(default=Said({"error": "unauthorized"}, 401))
    answer: Callable[[Asked, Desk], Said | None] | None = None
    socket: Socket | None = None
    webhook: bool = True

    def serves(self, host: str) -> bool:
        return any(host == one or (one.startswith("*.") and host.endswith(one[1:])) for one in self.hosts)


def named(*path: str) -> Callable[[str], dict[str, str]]:
    """Notes the guest's name, that stands so deep in a JSON reply."""

    def heard(reply: str) -> dict[str, str]:
        try:
            found = json.loads(reply)
            for step in path:
                found = found[step]
        except (ValueError, KeyError, TypeError):
            return {}
        return {"name": str(found)[:200]}

    return heard
