"""What only some providers can do. An adapter has an ability when it has the method; nothing is declared.

Whatever asks the company is a generator: it yields an `Ask`, is sent the `Answer`, and returns what it learned.
So the adapter stays pure, a test answers by hand, and `server.asking` answers over HTTPS. Both stand in `asks`, and
may be imported from here:

    def extensions(self, settings):
        answer = yield post_json(URL, {"key": settings["key"]})
        rows = forms.rows(answer.object().get("people"))
        return [Extension(line, values.text(row.get("name"))) for row in rows if (line := values.line(row.get("ext")))]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from server.calls import CallEvent
from server.providers.asks import TROUBLES as TROUBLES
from server.providers.asks import Answer as Answer
from server.providers.asks import Ask as Ask
from server.providers.asks import Failed as Failed
from server.providers.asks import Talk as Talk
from server.providers.asks import get as get
from server.providers.asks import post_form as post_form
from server.providers.asks import post_json as post_json
from server.providers.base import Delivery, Settings


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
