"""The lines of one call and what became of each of them. Pure.

A leg is `ringing`, `answered` (it talks, or talked last), `moved` (it passed the call on), `ended` (it rang,
another line picked up) or an outcome. The leg "" is a line that had the call and that nobody has named yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RINGING, ANSWERED, MOVED, ENDED = "ringing", "answered", "moved", "ended"
TALKED = (ANSWERED, MOVED)

Legs = Mapping[str, str]
NONE: Legs = MappingProxyType({})


def put(legs: Legs, line: str, state: str) -> Legs:
    return MappingProxyType({**legs, line: state}) if line else legs


def add(legs: Legs, line: str, state: str) -> Legs:
    """With this line too; what is known of it already stays."""
    return legs if line in legs else put(legs, line, state)


def learn(legs: Legs, told: tuple[tuple[str, str], ...]) -> Legs:
    return MappingProxyType({**legs, **dict(told)}) if told else legs


def ring(legs: Legs, line: str) -> Legs:
    """One more line rings; none does any more that the call was passed on from."""
    return add(legs, line, MOVED if MOVED in legs.values() else RINGING)


def hush(legs: Legs) -> Legs:
    """Somebody picked up: nothing rings any more."""
    return MappingProxyType({line: ENDED if state == RINGING else state for line, state in legs.items()})


def pass_on(legs: Legs, to: str, state: str) -> Legs:
    """The call goes to another line; some line had it before, even when nobody has told us which."""
    after = {line: MOVED if its in (RINGING, ANSWERED) else its for line, its in legs.items()} | {to: state}
    before = any(its == MOVED for line, its in after.items() if line != to)
    return MappingProxyType(after if before else after | {"": MOVED})


def name_first(legs: Legs, line: str) -> Legs:
    """The line that nobody had named has a name now."""
    return MappingProxyType({name: state for name, state in legs.items() if name} | {line: MOVED})


def close(legs: Legs, outcome: str) -> Legs:
    """The call is over: what rang until then shares its outcome."""
    became = ENDED if outcome == ANSWERED else outcome
    return MappingProxyType({line: became if state == RINGING else state for line, state in legs.items()})


def alone(legs: Legs, state: str = "") -> str:
    """The only line in this state, or the only one that has not passed the call on; else ""."""
    lines = [line for line, its in legs.items() if its == state or (not state and its != MOVED)]
    return lines[0] if len(lines) == 1 else ""
