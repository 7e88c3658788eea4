"""Binotel's calls, the same in webhooks, WebSocket and REST: its words and how one of its objects becomes an event."""

from __future__ import annotations

import re
from typing import Any

from server.calls import ANSWER, END, IN, INTERNAL, MOVED, OUT, RING, CallEvent
from server.phones import SHORTEST, digits
from server.providers import forms, values
from server.providers.base import Unreadable

PUSHES = {"receivedTheCall": RING, "answeredTheCall": ANSWER, "hangupTheCall": END}
TRANSFERRED = re.compile(r"^transfer", re.IGNORECASE)  # the exact word differs between accounts
COMPLETED = "apiCallCompleted"
# "Who is this?", asked before anything rings; the old name too.
LOOKUPS = ("apiCallSettings", "gettingCallSettings")

# Their names, the newest first.
DID = ("pbxNumber", "didNumber", "did")
LINE = ("internalNumber", "extNumber")
CALLER = {OUT: ("externalNumber", "dstNumber"), IN: ("externalNumber", "srcNumber"), "": ("externalNumber",)}
DIRECTIONS = {"0": IN, "1": OUT}

OUTCOMES = {
    "ANSWER": "answered", "TRANSFER": "answered", "ONLINE": "answered",
    "NOANSWER": "missed", "CANCEL": "missed",
    "BUSY": "busy",
    "CONGESTION": "failed", "CHANUNAVAIL": "failed",
    "VM": "voicemail", "VM-SUCCESS": "voicemail",
}  # fmt: skip
GOES_ON = ("", "ONLINE", "CALLING")  # a call with such a disposition is not over
LEGS = {**OUTCOMES, "TRANSFER": MOVED}


def pushed(kind: str, word: str, fields: dict[str, Any], at: float) -> CallEvent:
    """What happened just now. A hang-up carries no numbers and no direction, only the call's id."""
    who = parties(fields, IN if kind == RING and not {"dstNumber", "extNumber"} & fields.keys() else "")
    if kind == RING and who["caller"] is None:
        who["caller"] = ""
    outcome = OUTCOMES.get(disposition(fields), "unknown") if kind == END else ""
    return CallEvent(key(fields, word), kind, at, outcome=outcome, **who)


def completed(record: dict[str, Any], at: float, untold: str = "") -> CallEvent:
    """The record of a call that is over: knows everything, and may be all that we ever hear of the call."""
    outcome = OUTCOMES.get(disposition(record), "unknown")
    who = parties(record, untold)
    line = who["line"]
    legs = _legs(record, line)
    started = values.moment(record.get("startTime"), at)
    picked_up = _after(started, record, "waitsec")
    ended = _after(picked_up, record, "billsec")
    return CallEvent(
        key(record, COMPLETED),
        END,
        values.stated(ended, at) or at,
        outcome=outcome,
        started=started,
        answered=picked_up if outcome == "answered" else None,
        ended=ended,
        legs=legs,
        recording=_sound(record, outcome),
        **who | {"line": line if not legs or line in dict(legs) else ""},
    )


def key(fields: dict[str, Any], word: str) -> str:
    found = values.key(fields.get("generalCallID"))
    if not found:
        raise Unreadable(
            f"There is no generalCallID in this {word[:40]}; without it nobody knows which call is meant."
        )
    return found


def parties(fields: dict[str, Any], untold: str) -> dict[str, Any]:
    """Who calls whom. An employee's own number on both ends is a call inside the house."""
    direction = DIRECTIONS.get(values.text(fields.get("callType")), untold)
    told = values.first(fields, *CALLER[direction])
    caller = None if told is None else values.number(told)
    own = forms.nested(fields.get("pbxNumberData")).get("number")
    did = values.number(own) or values.number(values.first(fields, *DID))
    line = values.line(values.first(fields, *LINE))
    if line and line == caller:
        direction = INTERNAL if len(digits(line)) < SHORTEST else direction
        line = ""
    return {"direction": direction, "caller": caller, "did": did, "line": line, "name": values.name(told)}


def disposition(fields: dict[str, Any]) -> str:
    return values.text(fields.get("disposition")).upper()


def _sound(record: dict[str, Any], outcome: str) -> str:
    """A recording is asked for by the call's own id, and only when it is there to be had."""
    there = values.text(record.get("recordingStatus")).casefold() == "uploaded"
    return key(record, COMPLETED) if there and outcome in ("answered", "voicemail") else ""


def _after(start: float | None, record: dict[str, Any], name: str) -> float | None:
    span = values.span(record.get(name))
    return None if start is None or span is None else start + span


def _legs(record: dict[str, Any], line: str) -> tuple[tuple[str, str], ...]:
    """Each line that rang or talked, in that order; the record's own line when there is no history."""
    history = forms.rows(record.get("historyData"))[:50]
    told = [(values.line(leg.get("internalNumber")), LEGS.get(disposition(leg), "")) for leg in history]
    told = told or [(line, LEGS.get(disposition(record), ""))]
    return tuple((rung, became) for rung, became in told if rung and became)
