"""What a provider is: the dialect of one telephone company, as data and two or three pure functions.

An adapter never sees Flask, the database or the clock. It gets a `Delivery` and returns `CallEvent`s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.calls import CallEvent


class Refused(Exception):
    """Not from the company: answered 403. The message names the reason and carries nothing secret."""


class Unreadable(Exception):
    """Nothing that we can read: answered 400. The message is one sentence for the company's engineer."""


class Foreign(Exception):
    """Readable and not ours to act on (another company's id, a word we don't use): 200, nothing done."""


@dataclass(frozen=True)
class Field:
    """One setting of a trunk; Manage draws its form from these. A secret is never shown again.

    `check` returns the cleaned value or raises ValueError with what it must be.
    """

    name: str
    secret: bool = False
    required: bool = False
    check: Callable[[str], str] = str.strip


@dataclass(frozen=True)
class Delivery:
    """One request of the company as plain data. Header names are lower-case; `at` is when it reached us."""

    method: str
    body: bytes
    at: float
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    peer: str = ""
    raw_url: str = ""


# What is known of a caller without asking anybody: the number as the company spells it
# -> {"name", "description"} or None.
KnownGuest = Callable[[str], Mapping[str, str] | None]


class Provider(Protocol):
    """One file here. `name` is also the word of its test, its recordings, its page and its address."""

    name: str
    title: str
    fields: tuple[Field, ...]
    methods: frozenset[str]

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Raises `Refused` when the delivery is not proved to be the company's."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        """What happened. Raises `Unreadable` or `Foreign`."""

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Mapping[str, Any]:
        """The JSON that the company wants to hear, from memory: the call waits for it."""
