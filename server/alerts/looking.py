"""What a look at an account finds: what is wrong, and what of it is well again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, Protocol

from server.preferences import Preferences
from server.speech import Say

Json = dict[str, Any]
Key = tuple[str, str]  # kind, thing

MISSED = "missed"
TRUNK_SILENT, TRUNK_TROUBLE, TRUNK_LOST = "trunk_silent", "trunk_trouble", "trunk_connecting"
REGISTER_GONE = "register_gone"
TOKEN_REFUSED, TOKEN_EXPIRES, BOX = "token_refused", "token_expires", "box"
DIGEST = "digest"


BAD = "bad"


class Finding(Protocol):
    """What the doctor says. He knows everything that this house is made of, us too: so we know only his words."""

    @property
    def kind(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def thing(self) -> str: ...
    @property
    def facts(self) -> Json: ...


# What the doctor finds of an account, or of the box (None).
Ask = Callable[[int | None], Iterable[Finding]]


@dataclass(frozen=True)
class Wrong:
    """`since`: when it began. `now`: whether this is a time to tell of it; outside working hours it waits."""

    kind: str
    thing: str
    since: float
    facts: Json = field(default_factory=dict)
    now: bool = True


@dataclass
class Look:
    """`well` are things that were looked at and are all right, with what is to be told of that.

    What stands in neither, such as a trunk that somebody removed, ends without a word.
    """

    wrong: list[Wrong] = field(default_factory=list)
    well: dict[Key, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Reader:
    """Whom it is told: an account (None: the box), its language, clock and choices. `open_at(spot, moment)`."""

    account: int | None
    title: str
    country: str
    currency: str
    say: Say
    where: tzinfo
    chosen: Preferences
    open_at: Callable[[int, float], bool]
