"""One thing that the doctor found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

GOOD, WARN, BAD = "good", "warn", "bad"
LEVELS = (BAD, WARN, GOOD)


@dataclass(frozen=True)
class Finding:
    """`kind` names its words (`doctor.<kind>`, `cure.<kind>`), `thing` which of several it is about: a trunk's or a
    register's id, a line, a section. `facts` fill the words: names as they are, `…_at` in Unix seconds, `trouble` a
    word of `providers.abilities.TROUBLES`.
    """

    kind: str
    level: str
    thing: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def worst(levels: Iterable[str]) -> str:
    return min(levels, key=LEVELS.index, default=GOOD)


def sorted_(findings: Iterable[Finding]) -> list[Finding]:
    """What needs a cure first; the order within a level stays."""
    return sorted(findings, key=lambda one: LEVELS.index(one.level))
