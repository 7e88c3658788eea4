"""What is told about a call, and what is known of it. Pure facts; the rules are in `server.calls`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from server import legs
from server.legs import Legs

RING, ANSWER, TRANSFER, MISS, END, NOTE = "ring", "answer", "transfer", "miss", "end", "note"
REGISTER_MARK = "@"  # a test ring of one register has the leg "@<register>" instead of a line
IN, OUT, INTERNAL, UNKNOWN_WAY = "in", "out", "internal", ""
NEVER: Mapping[str, tuple[float, float]] = MappingProxyType({})
NOBODY: Mapping[str, float] = MappingProxyType({})

# The weakest first: of two things told about one call the stronger is kept, in whatever order they came.
OUTCOMES = ("unknown", "missed", "declined", "busy", "failed", "voicemail", "answered")


@dataclass(frozen=True)
class CallEvent:
    """One thing that happened to a call, in our words. Its `kind`:

    RING      the call, or one more `line` of ours, rings; of an outgoing call: our side calls
    ANSWER    the other side is there, so not when a waiter lifts the receiver to call; whatever the end says,
              this call was answered
    TRANSFER  the call goes to `line`
    MISS      `line` gave up, at a company that does not tell when the whole call is over: the last one's MISS
              ends it, and the next line's RING within two minutes goes on with it. Else see `silent`
    END       the whole call is over, with its `outcome`; of two the stronger is kept, see `OUTCOMES`
    NOTE      facts only (where the recording is, what became of a leg, `held`), nothing happens

    `key` is the company's own id of the call, unique within a trunk. `caller` is the outside party and
    `did` the restaurant's number, both as the company spells them ("" = not told). `line` is an extension.
    `at` is when it happened or, where the company does not say, when it reached us (Unix seconds).
    `started` (the call, not one phone's ring), `answered` and `ended` are set only where the company states
    them: they beat our clock, and tell of two answers which was the first in whatever order they come.
    `legs` are lines with what became of each, in that order: an outcome; `ended` where another line picked up;
    of those who talked `moved` for who passed the call on and `answered` for who talked last.
    `reused` says that `key` is made of the caller's number: it comes again with the caller's next call.
    `alias` is another id of the same call (a phone's own, a company's id in its history): events that carry
    only that one as their key find the call by it; a reused one for ten minutes after the call's end.
    `rang` says of lines when they began and stopped ringing. `group` is the queue or ring group that the call
    went through, `recording` what the company needs to find its sound. `mark` is our own id of a call that we
    placed. `late` is told by a history, not while it happened: no card appears for it. `held` says that the guest
    was put on hold or taken back; None: not told.
    """

    key: str
    kind: str
    at: float
    direction: str = UNKNOWN_WAY
    caller: str | None = None
    did: str = ""
    line: str = ""
    name: str = ""
    outcome: str = ""
    started: float | None = None
    answered: float | None = None
    ended: float | None = None
    legs: tuple[tuple[str, str], ...] = ()
    test: bool = False
    reused: bool = False
    alias: str = ""
    rang: tuple[tuple[str, float, float], ...] = ()
    group: str = ""
    recording: str = ""
    mark: str = ""
    late: bool = False
    held: bool | None = None


def silent(key: str, line: str, became: str, at: float, **facts: Any) -> CallEvent:
    """One phone rings no more, and the call goes on: the next one rings, or another was faster (`ended`).

    That is a ring nowhere in particular: after it, the only phone that still rings is known to be alone.
    """
    return CallEvent(key, RING, at, legs=((line, became),) if line else (), **facts)


@dataclass(frozen=True)
class Call:
    """Where one call stands. `caller` is None while no event told it, "" when withheld.

    `soft`: it is over only because every line that rang gave up, so that the next line may still be tried.
    `held`: the guest waits on hold, which only some companies tell.
    `legs` maps each line to what it does, see `server.legs`; `rang` to when it began and stopped ringing, where
    the PBX says so, `gave_up` to when we heard that it rings no more. `line` is the line that rings alone, talks or
    talked last; `answered_by` the one that picked up first. `version` grows with each change.
    """

    id: str
    account: int
    trunk: int | None
    key: str
    direction: str = UNKNOWN_WAY
    caller: str | None = None
    did: str = ""
    name: str = ""
    state: str = ""
    outcome: str = ""
    line: str = ""
    answered_by: str = ""
    legs: Legs = field(default_factory=lambda: legs.NONE)
    started: float = 0.0
    answered: float | None = None
    ended: float | None = None
    touched: float = 0.0
    test: bool = False
    rang: Mapping[str, tuple[float, float]] = field(default_factory=lambda: NEVER)
    gave_up: Mapping[str, float] = field(default_factory=lambda: NOBODY)
    group: str = ""
    recording: str = ""
    late: bool = False
    dial: int | None = None
    soft: bool = False
    held: bool = False
    version: int = 0

    @property
    def incoming(self) -> bool:
        return self.direction == IN

    @property
    def wait(self) -> float | None:
        """Seconds until somebody picked up, or until the caller gave up; None while it rings."""
        until = self.answered or self.ended
        return max(0.0, until - self.started) if until else None

    @property
    def talk(self) -> float | None:
        """Seconds of talk; None when nobody picked up or the call goes on."""
        return max(0.0, self.ended - self.answered) if self.answered and self.ended else None
