"""What a call is and how it moves. Pure: no clock, no database, no socket.

`step(call, event)` returns the call as it stands after the event, or the very same object when the
event changes nothing. Late, repeated and missing events are normal: an event that has no place in
`STEPS` for the state that the call is in only fills in facts that were not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

RING, ANSWER, TRANSFER, MISS, END = "ring", "answer", "transfer", "miss", "end"
RINGING, ANSWERED, ENDED = "ringing", "answered", "ended"
MOVED = "moved"  # a leg only: the call went on to another line
REGISTER_MARK = "@"  # a test ring of one register has the leg "@<register>" instead of a line
IN, OUT, INTERNAL, UNKNOWN_WAY = "in", "out", "internal", ""

# Outcomes, the weakest first: of two things told about one call the stronger is kept, in whatever order they came.
OUTCOMES = ("unknown", "missed", "declined", "busy", "failed", "voicemail", "answered")

RING_EXPIRES = 120.0
TALK_EXPIRES = 2 * 3600.0
TEST_ENDS = 20.0


@dataclass(frozen=True)
class CallEvent:
    """One thing that happened to a call, in our words.

    `key` is the company's own id of the call, unique within a trunk. `caller` is the outside party and
    `did` the restaurant's number, both as the company spells them ("" = not told). `line` is an extension.
    `at` is when it happened or, where the company does not say, when it reached us (Unix seconds).
    `started`, `answered` and `ended` are set only where the company states them: they beat our clock.
    `legs` are lines with what became of them, told afterwards by a call record.
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


@dataclass(frozen=True)
class Call:
    """Where one call stands. `legs` maps each line to `ringing answered moved ended` or an outcome.

    `caller` is None while no event told it, "" when withheld. `line` is the line that rings alone, talks or
    talked last; `answered_by` the line that picked up first. `version` grows with each change.
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
    legs: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    started: float = 0.0
    answered: float | None = None
    ended: float | None = None
    touched: float = 0.0
    test: bool = False
    version: int = 0

    @property
    def incoming(self) -> bool:
        return self.direction == IN


Step = Callable[[Call, CallEvent], Call]


def step(call: Call, event: CallEvent) -> Call:
    """The call after the event; the same object when nothing changed."""
    known = _learn(call, event)
    move = STEPS.get((call.state, event.kind))
    after = move(known, event) if move else known
    if after == call:
        return call
    return replace(after, version=call.version + 1, touched=max(call.touched, event.at))


def expire(call: Call, now: float) -> Call:
    """Ends a call of which nothing was heard for too long; what became of it is then unknown, not invented."""
    patience = {RINGING: TEST_ENDS if call.test else RING_EXPIRES, ANSWERED: TALK_EXPIRES}.get(call.state)
    if patience is None or now - call.touched < patience:
        return call
    outcome = "missed" if call.test else "unknown"
    return step(call, CallEvent(key=call.key, kind=END, at=now, outcome=outcome))


def _learn(call: Call, event: CallEvent) -> Call:
    """Facts that no event may take back: who calls whom, and the times that the company states."""
    return replace(
        call,
        direction=call.direction or event.direction,
        caller=event.caller if call.caller is None else call.caller,
        did=call.did or event.did,
        name=call.name or event.name,
        test=call.test or event.test,
        started=event.started or call.started or event.at,
        answered=event.answered or call.answered,
        ended=event.ended or call.ended,
        legs=_with_told(call.legs, event.legs),
    )


def _with_told(legs: Mapping[str, str], told: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return MappingProxyType({**legs, **dict(told)}) if told else legs


def _ring(call: Call, event: CallEvent) -> Call:
    legs = _with_leg(call.legs, event.line, RINGING)
    return replace(call, state=RINGING, legs=legs, line=_alone(legs, RINGING))


def _ring_late(call: Call, event: CallEvent) -> Call:
    """The call went on without us hearing that this line rang: the line is noted, nothing rings again."""
    legs = _with_leg(call.legs, event.line, _leg_after(RINGING, call.outcome or "answered"))
    unanswered = call.state == ENDED and call.outcome != "answered"
    return replace(call, legs=legs, line=_alone(legs) if unanswered else call.line)


def _with_leg(legs: Mapping[str, str], line: str, state: str) -> Mapping[str, str]:
    return legs if not line or line in legs else MappingProxyType({**legs, line: state})


def _alone(legs: Mapping[str, str], state: str = "") -> str:
    """The line that is the only one (in this state), else ""."""
    lines = [line for line, its in legs.items() if its == state or not state]
    return lines[0] if len(lines) == 1 else ""


def _answer(call: Call, event: CallEvent) -> Call:
    answerer = event.line or call.line
    line = call.line if MOVED in call.legs.values() else answerer
    legs = {name: ENDED if state == RINGING else state for name, state in call.legs.items()}
    legs |= {answerer: MOVED} if answerer else {}
    legs |= {line: ANSWERED} if line else {}
    return replace(
        call,
        state=ANSWERED,
        line=line,
        answered_by=call.answered_by or answerer,
        answered=call.answered or event.at,
        legs=MappingProxyType(legs),
    )


def _move(call: Call, event: CallEvent) -> Call:
    """Another line has the call now: the company said so, or somebody else picked it up."""
    if not event.line or event.line == call.line or call.legs.get(event.line) == MOVED:
        return call
    legs = {name: MOVED if state in (RINGING, ANSWERED) else state for name, state in call.legs.items()}
    if call.line and call.line not in legs:
        legs[call.line] = MOVED
    legs[event.line] = RINGING if call.state == RINGING else ANSWERED
    return replace(call, line=event.line, legs=MappingProxyType(legs))


def _miss(call: Call, event: CallEvent) -> Call:
    """One line gave up; the call ends with the last of them."""
    legs = MappingProxyType({**call.legs, event.line: "missed"}) if event.line else call.legs
    if event.line and RINGING in legs.values():
        return replace(call, legs=legs, line=_alone(legs, RINGING))
    return _end(replace(call, legs=legs), replace(event, outcome=event.outcome or "missed"))


def _end(call: Call, event: CallEvent) -> Call:
    told = event.outcome or ("answered" if call.answered else "missed")
    outcome = _stronger("answered" if call.answered_by or call.answered else "", told)
    told_legs = _with_leg(call.legs, event.line, RINGING)
    legs = {line: _leg_after(state, outcome) for line, state in told_legs.items()}
    return replace(
        call,
        state=ENDED,
        outcome=outcome,
        line=call.line or event.line or _alone(legs),
        ended=call.ended or event.at,
        legs=MappingProxyType(legs),
    )


def _leg_after(state: str, outcome: str) -> str:
    if state == RINGING:
        return ENDED if outcome == "answered" else outcome
    return ENDED if state == ANSWERED else state


def _end_again(call: Call, event: CallEvent) -> Call:
    """A record of a call that is over: it may know better than the first word that we heard."""
    outcome = _stronger(call.outcome, event.outcome)
    line = event.line or call.line
    answerer = call.answered_by or (event.line if outcome == "answered" else "")
    return replace(call, outcome=outcome, line=line, answered_by=answerer)


def _answer_late(call: Call, event: CallEvent) -> Call:
    answerer = call.answered_by or event.line
    return replace(call, outcome="answered", answered_by=answerer, line=call.line or answerer)


def _move_late(call: Call, event: CallEvent) -> Call:
    return replace(call, line=event.line) if event.line else call


def _stronger(one: str, other: str) -> str:
    return max((one, other), key=lambda word: OUTCOMES.index(word) if word else -1)


# The rules of a call. What is absent changes nothing: a late ring does not revive a call that was answered or ended.
STEPS: dict[tuple[str, str], Step] = {
    ("", RING): _ring,
    ("", ANSWER): _answer,
    ("", TRANSFER): _answer,
    ("", MISS): _end,
    ("", END): _end,
    (RINGING, RING): _ring,
    (RINGING, ANSWER): _answer,
    (RINGING, TRANSFER): _move,
    (RINGING, MISS): _miss,
    (RINGING, END): _end,
    (ANSWERED, RING): _ring_late,
    (ANSWERED, ANSWER): _move,
    (ANSWERED, TRANSFER): _move,
    (ANSWERED, END): _end,
    (ENDED, RING): _ring_late,
    (ENDED, ANSWER): _answer_late,
    (ENDED, TRANSFER): _move_late,
    (ENDED, MISS): _end_again,
    (ENDED, END): _end_again,
}
