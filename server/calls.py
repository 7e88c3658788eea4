"""What a call is and how it moves. Pure: no clock, no database, no socket.

`step(call, event)` returns the call as it stands after the event, or the very same object when the
event changes nothing. Late, repeated and missing events are normal: an event that has no place in
`STEPS` for the state that the call is in only fills in facts that were not known.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from server.legs import ANSWERED, ENDED, MOVED, RINGING
from server.steps import STEPS

__all__ = [
    "ANSWER", "ANSWERED", "END", "ENDED", "IN", "INTERNAL", "MISS", "MOVED", "NOTE", "OUT", "OUTCOMES",
    "REGISTER_MARK", "RING", "RINGING", "STEPS", "TRANSFER", "UNKNOWN_WAY", "Call", "CallEvent",
    "expire", "is_next", "step",
]  # fmt: skip

RING_EXPIRES = 120.0
TALK_EXPIRES = 2 * 3600.0
TEST_ENDS = 20.0
STILL_RINGS = 30.0
LATE_FOR = 60.0  # an answer with a reused key, so long after the end, is of a call whose ring was lost
REPEATS_FOR = 3.0  # a ring with a reused key, so soon after the end and on the same line, is a late one


def step(call: Call, event: CallEvent) -> Call:
    """The call after the event; the same object when nothing changed."""
    known = _learn(call, event)
    move = STEPS.get((call.state, event.kind))
    after = move(known, event) if move else known
    if after == call:
        return _kept_alive(call, event)
    return replace(after, version=call.version + 1, touched=max(call.touched, event.at))


def _kept_alive(call: Call, event: CallEvent) -> Call:
    """That it still rings is news now and then: guests wait in queues for longer than calls are remembered."""
    still = event.kind == RING and call.state == RINGING and event.at - call.touched >= STILL_RINGS
    return replace(call, touched=event.at) if still else call


def expire(call: Call, now: float) -> Call:
    """Ends a call of which nothing was heard for too long; what became of it is unknown, not invented."""
    ringing = TEST_ENDS if call.test else RING_EXPIRES
    patience = {"": RING_EXPIRES, RINGING: ringing, ANSWERED: TALK_EXPIRES}.get(call.state)
    if patience is None or now - call.touched < patience:
        return call
    outcome = "missed" if call.test else "unknown"
    return step(call, CallEvent(key=call.key, kind=END, at=now, outcome=outcome))


def is_next(call: Call, event: CallEvent, same_id: bool = False) -> bool:
    """Whether the event begins another call than this one, which has the same reused key and is over.

    `same_id`: the phone's own small number of the call is the same too, which takes longer to come again.
    """
    if not event.reused:
        return False
    quiet = event.at - call.touched
    if same_id and quiet < LATE_FOR:
        return False
    if (
        call.state == ANSWERED
    ):  # its end was lost: a line that talks with a guest is not rung by the same guest
        return event.kind == RING and event.line == call.line != "" and quiet >= REPEATS_FOR
    if call.state != ENDED or event.kind != RING:
        return call.state == ENDED and event.kind == ANSWER and quiet >= LATE_FOR
    other_line = bool(event.line) and event.line not in call.legs
    return quiet >= REPEATS_FOR or (other_line and not call.soft)


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
        answered=call.answered if event.kind == ANSWER else _first_of(event.answered, call.answered),
        ended=event.ended or call.ended,
        legs=legs.learn(call.legs, event.legs),
        rang=_rung(call, event),
        group=call.group or event.group,
        recording=call.recording or event.recording,
        late=event.late and (call.late or not call.version),
    )


def _first_of(*moments: float | None) -> float | None:
    """The first answer; what a company states is before what reached us."""
    return min((at for at in moments if at), default=None)


def _rung(call: Call, event: CallEvent) -> Mapping[str, tuple[float, float]]:
    """Each line's first ring until its last; the very same mapping when nothing is new."""
    known = dict(call.rang)
    for line, began, stopped in event.rang:
        first, last = known.get(line, (began, stopped))
        known[line] = (min(first, began), max(last, stopped))
    return call.rang if known == call.rang else MappingProxyType(known)
