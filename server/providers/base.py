"""What a provider is: the dialect of one telephone company, as data and a few pure functions.

An adapter never sees Flask, the database, a socket or the clock. It gets a `Delivery` and returns `CallEvent`s.
What only some companies can do (a history, click-to-call, a connection of our own) is in `abilities`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.calls import CallEvent

# One text in the four languages of the product: {"en": ..., "ua": ..., "ru": ..., "pl": ...}.
Words = Mapping[str, str]
Settings = Mapping[str, str]
NO_WORDS: Words = {}


class Refused(Exception):
    """Not from the company: answered 403. The message names the reason and carries nothing secret."""


class Unreadable(Exception):
    """Nothing that we can read: answered 400. The message is one sentence for the company's engineer."""


class Foreign(Exception):
    """Readable and not ours to act on (another company's id, a word we don't use): 200, nothing done.

    `word` is the event's name when it is one that this adapter has never heard of: told once to the owner.
    """

    def __init__(self, message: str, word: str = "") -> None:
        super().__init__(message)
        self.word = word


@dataclass(frozen=True)
class Field:
    """One setting of a trunk; Manage draws its form from these. A secret is never shown again.

    `check` returns the cleaned value or raises ValueError; `must` then says what it must be ("digits only,
    such as 12345"). `choices` draws a list, the first is the default; `choice_words` says what each is called.
    """

    name: str
    label: Words = field(default_factory=lambda: NO_WORDS)
    hint: Words = field(default_factory=lambda: NO_WORDS)
    must: Words = field(default_factory=lambda: NO_WORDS)
    secret: bool = False
    required: bool = False
    check: Callable[[str], str] = str.strip
    choices: tuple[str, ...] = ()
    choice_words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """One request of the company as plain data. Header names are lower-case; `at` is when it reached us.

    `path` is what follows our token in the address ("" or "ring" or "events/call"); `url` is the whole public
    address as the company was given it, with the query that came.
    """

    method: str
    body: bytes
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    peer: str = ""
    raw_url: str = ""
    path: str = ""
    url: str = ""


@dataclass(frozen=True)
class Text:
    """An answer that is not JSON: exactly this text."""

    text: str
    content_type: str = "text/plain; charset=utf-8"


# What is known of a caller without asking anybody: the number as the company spells it
# -> {"name", "description"} or None.
KnownGuest = Callable[[str], Mapping[str, str] | None]
Reply = Mapping[str, Any] | Text

# How calls reach us. CLOUD: the company calls our public address. OUT: we connect or ask, nothing has to be
# reachable. LAN: phones and PBXs of the house call our address inside it.
CLOUD, OUT, LAN = "cloud", "out", "lan"


class Provider(Protocol):
    """One file here. `name` is also the word of its test, its recordings, its page and its address."""

    name: str
    title: str
    reach: frozenset[str]  # of CLOUD, OUT, LAN: the ways that this adapter offers
    tried: bool  # on the real thing, not only by its documentation
    fields: tuple[Field, ...]
    methods: frozenset[str]

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        """Raises `Refused` when the delivery is not proved to be the company's."""

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        """What happened. Raises `Unreadable` or `Foreign`."""

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        """What the company wants to hear, from memory: the call waits for it. Also asked after `Foreign`."""


class Deaf:
    """For adapters that no company calls: their webhook address takes nothing."""

    methods: frozenset[str] = frozenset()

    def verify(self, delivery: Delivery, settings: Settings) -> None:
        raise Refused("this connection has no webhook")

    def events(self, delivery: Delivery, settings: Settings) -> list[CallEvent]:
        return []

    def reply(self, delivery: Delivery, settings: Settings, known: KnownGuest) -> Reply:
        return {"status": "ignored"}
