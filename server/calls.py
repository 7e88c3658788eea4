"""What a call is and how it moves. Pure: no clock, no database, no socket.

`step(call, event)` returns the call as it stands after the event, or the very same object when the
event changes nothing. Late, repeated and missing events are normal: an event that has no place in
`STEPS` for the state that the call is in only fills in facts that were not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from server import legs
from server.facts import (
    ANSWER,
    END,
    IN,
    INTERNAL,
    MISS,
    NOTE,
    OUT,
    OUTCOMES,
    REGISTER_MARK,
    RING,
    TRANSFER,
    UNKNOWN_WAY,
    Call,
    CallEvent,
)  # fmt: skip
from server.legs import ANSWERED, ENDED, MOVED, RINGING, TALKED

__all__ = [
    "ANSWER", "ANSWERED", "END", "ENDED", "IN", "INTERNAL", "MISS", "MOVED", "NOTE", "OUT", "OUTCOMES",
    "REGISTER_MARK", "RING", "RINGING", "STEPS", "TRANSFER", "UNKNOWN_WAY", "Call", "CallEvent",
    "expire", "is_next", "step",
]  # fmt: skip

RING_EXPIRES = 120.0
TALK_EXPIRES = 2 * 3600.0
TEST_ENDS = 20.0
REPEATS_FOR = 3.0  # a ring with a reused key, so soon after the end and on the same line, is a late one

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
    """Ends a call of which nothing was heard for too long; what became of it is unknown, not invented."""
    ringing = TEST_ENDS if call.test else RING_EXPIRES
    patience = {"": RING_EXPIRES, RINGING: ringing, ANSWERED: TALK_EXPIRES}.get(call.state)
    if patience is None or now - call.touched < patience:
        return call
    outcome = "missed" if call.test else "unknown"
    return step(call, CallEvent(key=call.key, kind=END, at=now, outcome=outcome))


def is_next(call: Call, event: CallEvent) -> bool:
    """Whether the event begins another call than this one, which has the same reused key and is over."""
    if not event.reused or event.kind != RING or call.state != ENDED:
        return False
    other_line = bool(event.line) and event.line not in call.legs
    return other_line or event.at - call.touched >= REPEATS_FOR


def _learn(call: Call, event: CallEvent) -> Call:
    """Facts that no event may take back: who calls whom, and the times that the company states."""
    return replace(
        call,
        direction=call.direction or event.direction,
        caller=call.caller or (call.caller if event.caller is None else event.caller),
        did=call.did or event.did,
        name=call.name or event.name,
        test=call.test or event.test,
        started=event.started or call.started or event.at,
        answered=event.answered or call.answered,
        ended=event.ended or call.ended,
        legs=legs.learn(call.legs, event.legs),
        rang=_rung(call, event),
        group=call.group or event.group,
        recording=call.recording or event.recording,
        late=event.late and (call.late or not call.version),
    )


def _rung(call: Call, event: CallEvent) -> Mapping[str, tuple[float, float]]:
    """Each line's first ring until its last; the very same mapping when nothing is new."""
    known = dict(call.rang)
    for line, began, stopped in event.rang:
        first, last = known.get(line, (began, stopped))
        known[line] = (min(first, began), max(last, stopped))
    return call.rang if known == call.rang else MappingProxyType(known)


def _ring(call: Call, event: CallEvent) -> Call:
    rung = legs.ring(call.legs, event.line)
    return replace(call, state=RINGING, legs=rung, line=legs.alone(rung, RINGING))


def _ring_unheard(call: Call, event: CallEvent) -> Call:
    """The call was answered before we heard that this line rang: it is noted, nothing rings again."""
    return replace(call, legs=legs.add(call.legs, event.line, ENDED))


def _ring_late(call: Call, event: CallEvent) -> Call:
    noted = legs.add(call.legs, event.line, ENDED if call.outcome == "answered" else call.outcome)
    known = _talker(call) or call.answered_by
    return replace(call, legs=noted, line=call.line if known else legs.alone(noted))


def _answer(call: Call, event: CallEvent) -> Call:
    """Somebody picked up. When the call was already passed on, it was before that: the line stays."""
    answerer = event.line or call.line
    line = call.line if MOVED in call.legs.values() else answerer
    hushed = legs.hush(call.legs)
    named = legs.name_first(hushed, answerer) if answerer != line else hushed
    return replace(
        call,
        state=ANSWERED,
        line=line,
        answered_by=call.answered_by or answerer,
        answered=call.answered or event.at,
        legs=legs.put(named, line, ANSWERED),
    )


def _answer_again(call: Call, event: CallEvent) -> Call:
    """Another line says that it picked up: it took the call over, unless it had the call before."""
    if not event.line or event.line == call.line or call.legs.get(event.line) == MOVED:
        return call
    if not call.line:
        return _answer(call, event)
    return _name_first(call, event.line) if "" in call.legs else _move(call, event)


def _answer_late(call: Call, event: CallEvent) -> Call:
    """The answer of a call that is over. One without a line is the mailbox's, if that took the call."""
    if not event.line and call.outcome == "voicemail":
        return call
    answered = replace(call, outcome="answered")
    if not event.line or call.legs.get(event.line) in TALKED:
        return answered
    if "" in call.legs:
        return _name_first(answered, event.line)
    by = call.answered_by or event.line
    if _talker(call):
        return replace(answered, answered_by=by)
    return replace(answered, answered_by=by, line=event.line, legs=legs.put(call.legs, event.line, ANSWERED))


def _name_first(call: Call, line: str) -> Call:
    return replace(call, answered_by=line, legs=legs.name_first(call.legs, line))


def _move(call: Call, event: CallEvent) -> Call:
    """Another line has the call now; a call that nobody answered yet goes on ringing there."""
    if not event.line:
        return call if call.state else _ring(call, event)
    state = ANSWERED if call.state == ANSWERED else RINGING
    return replace(call, state=state, line=event.line, legs=legs.pass_on(call.legs, event.line, state))


def _move_late(call: Call, event: CallEvent) -> Call:
    """The call was over when we heard where it had gone; a line that the record names was there already."""
    if not event.line or (call.legs.get(event.line) in TALKED and MOVED in call.legs.values()):
        return call
    return replace(call, line=event.line, legs=legs.pass_on(call.legs, event.line, call.outcome))


def _miss(call: Call, event: CallEvent) -> Call:
    """One line gave up; the call ends with the last of them."""
    given_up = legs.put(call.legs, event.line, event.outcome or "missed")
    if event.line and RINGING in given_up.values():
        return replace(call, legs=given_up, line=legs.alone(given_up, RINGING))
    outcomes = [state for state in given_up.values() if state in OUTCOMES]
    worst = _strongest(event.outcome or "missed", *outcomes)
    return _end(replace(call, legs=given_up), replace(event, outcome=worst))


def _end(call: Call, event: CallEvent) -> Call:
    """It is over; or it was, and a record came that may know better than the first word that we heard."""
    told = event.outcome or ("answered" if call.answered else "missed")
    outcome = _strongest(_seen(call, told), call.outcome, told)
    closed = legs.close(legs.add(call.legs, event.line, RINGING), outcome)
    over = replace(call, state=ENDED, outcome=outcome, ended=call.ended or event.at, legs=closed)
    return _with_talkers(over, event) if outcome == "answered" else replace(over, line=legs.alone(closed))


def _seen(call: Call, told: str) -> str:
    """An answer that no line gave is the mailbox's, when that is where the call ended."""
    by_nobody = not call.answered_by and "voicemail" in (told, call.outcome)
    return "answered" if call.answered_by or (call.answered and not by_nobody) else ""


def _with_talkers(call: Call, event: CallEvent) -> Call:
    """Who talked, first and last: by the record when it tells of several, else by what we heard live."""
    told = [(line, state) for line, state in event.legs if state in TALKED]
    last = [line for line, state in told if state == ANSWERED]
    if len(told) > 1:
        return replace(call, answered_by=told[0][0], line=last[-1] if last else call.line or told[-1][0])
    known = told[0][0] if told else event.line
    line = _talker(call) or known or ("" if call.legs.get(call.line) in OUTCOMES else call.line)
    if known and known != line and "" in call.legs:
        return _name_first(call, known)
    talked = call.legs if told or known != line else legs.put(call.legs, known, ANSWERED)
    return replace(call, answered_by=call.answered_by or known, line=line, legs=talked)


def _talker(call: Call) -> str:
    """The line that talks, talked last or was given the call; not one that only rang."""
    return call.line if call.legs.get(call.line) in TALKED or MOVED in call.legs.values() else ""


def _strongest(*words: str) -> str:
    return max(words, key=lambda word: OUTCOMES.index(word) if word else -1)


# The rules of a call. What is absent moves nothing: a NOTE never does, a late ring does not revive a call.
STEPS: dict[tuple[str, str], Step] = {
    ("", RING): _ring,
    ("", ANSWER): _answer,
    ("", TRANSFER): _move,
    ("", MISS): _miss,
    ("", END): _end,
    (RINGING, RING): _ring,
    (RINGING, ANSWER): _answer,
    (RINGING, TRANSFER): _move,
    (RINGING, MISS): _miss,
    (RINGING, END): _end,
    (ANSWERED, RING): _ring_unheard,
    (ANSWERED, ANSWER): _answer_again,
    (ANSWERED, TRANSFER): _move,
    (ANSWERED, END): _end,
    (ENDED, RING): _ring_late,
    (ENDED, ANSWER): _answer_late,
    (ENDED, TRANSFER): _move_late,
    (ENDED, MISS): _end,
    (ENDED, END): _end,
}
