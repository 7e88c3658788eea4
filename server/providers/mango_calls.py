"""What Mango's notifications say about a call: its legs while it goes on, its record, its recording."""

from __future__ import annotations

from typing import Any

from server.calls import ANSWER, END, ENDED, IN, INTERNAL, NOTE, OUT, RING, TRANSFER, CallEvent
from server.facts import silent
from server.phones import SHORTEST, bare, digits
from server.providers import forms, values
from server.providers.base import Foreign

MARK = "dzvinok-"  # before our mark in a command's id: other programs count their commands too
STATES = {"appeared": RING, "connected": ANSWER, "disconnected": END}
ON_HOLD = "onhold"
WAITS = ("ivr", "queue")  # locations where nobody's phone rings

WAYS = {"0": INTERNAL, "1": IN, "2": OUT}
RESULTS = {"1": "answered", "0": "missed"}
LATE = 300.0  # seconds; a timestamp that is further from our clock was counted from another zone
NEVER_CONNECTED = 2.0  # of a leg: appeared is 1, and disconnected is 2 when nothing was between


def leg(key: str, fields: dict[str, Any], at: float) -> CallEvent:
    """One leg appeared, was connected or is over."""
    state = values.text(fields.get("call_state")).casefold()
    if state not in (*STATES, ON_HOLD):
        raise Foreign(f"{state[:40]} is not a state that is used here", state[:40])
    told = values.stated(_told(fields.get("timestamp"), at), at, LATE)
    when = told or at
    if state == ON_HOLD:  # it ends when the line is connected once more
        return CallEvent(key, NOTE, when, held=True)
    here, there = _sides(fields)
    parties = _parties(fields, here, there)
    if state == "appeared" and parties["direction"] == IN and parties["caller"] is None:
        parties["caller"] = ""
    if _waits(fields):
        if state == "disconnected":
            raise Foreign("the call went on from a menu or a queue")
        return CallEvent(key, RING, when, **parties | {"line": ""})
    if state == "disconnected":
        return _leg_over(key, fields, when, parties)
    kind = TRANSFER if state == "connected" and _passed_on(here, there) else STATES[state]
    return CallEvent(key, kind, when, answered=told if kind == ANSWER else None, **parties)


def _leg_over(key: str, fields: dict[str, Any], when: float, parties: dict[str, Any]) -> CallEvent:
    """A phone that nobody picked up rings no more: the next one may ring, or another one was faster."""
    here, there = _sides(fields)
    count = values.span(fields.get("seq"))
    given = any(str(side.get("was_transferred")).casefold() in ("1", "true") for side in (here, there))
    if count is None or given or fields.get("transfer") or _passed_on(here, there):
        raise Foreign("a leg of the call is over; the summary says what became of the call")
    if count > NEVER_CONNECTED:
        return CallEvent(key, END, when, outcome="unknown", **parties)
    line = parties.pop("line")
    return silent(key, line if parties["direction"] == IN else "", ENDED, when, **parties)


def whole(key: str, fields: dict[str, Any], at: float) -> CallEvent:
    """The record of a call. Its `to` is who answered first, or who missed it first: that one is no news."""
    here, there = _sides(fields)
    direction = WAYS.get(values.text(fields.get("call_direction")), "")
    parties = _parties(fields, here, there) | ({"direction": direction} if direction else {})
    began, picked_up, ended = (_told(fields.get(f"{name}_time"), at) for name in ("create", "talk", "end"))
    outcome = RESULTS.get(values.text(fields.get("entry_result")), "unknown")
    if outcome != "answered":
        picked_up = None
        parties["line"] = parties["line"] if direction == OUT else ""
    when = values.stated(ended, at) or at
    return CallEvent(
        key, END, when, outcome=outcome, started=began, answered=picked_up, ended=ended, **parties
    )


def sound(key: str, fields: dict[str, Any], at: float) -> CallEvent:
    if values.text(values.first(fields, "recording_state") or "completed").casefold() != "completed":
        raise Foreign("the recording goes on")
    return CallEvent(key, NOTE, at, recording=values.text(fields.get("recording_id"), 300))


def _parties(fields: dict[str, Any], here: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """Who has an extension is ours. Two of ours are colleagues, or one asks the other before passing a guest on."""
    first, second = values.line(here.get("extension")), values.line(there.get("extension"))
    asks = _passed_on(here, there)
    if first and second:
        direction = "" if asks else INTERNAL
    else:
        direction = OUT if first else IN if second or _waits(fields) else ""
    guest = here.get("extension") if first and second else (there if first else here).get("number")
    ours = values.number(values.first({**there, **fields}, "line_number") or here.get("line_number"))
    command = values.text(fields.get("command_id"))
    return {
        "direction": direction,
        "caller": None if asks or guest is None else values.number(guest),
        "did": ours if len(digits(bare(ours))) >= SHORTEST else "",
        "line": second or first,
        "group": values.text(there.get("acd_group"), 32),
        "mark": command.removeprefix(MARK) if command.startswith(MARK) else "",
    }


def _sides(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return forms.nested(fields.get("from")), forms.nested(fields.get("to"))


def _waits(fields: dict[str, Any]) -> bool:
    """Mango's own examples misspell the location."""
    return values.text(values.first(fields, "location", "locaton")).casefold() in WAITS


def _passed_on(here: dict[str, Any], there: dict[str, Any]) -> bool:
    """A colleague rings a colleague out of a call that he has already."""
    ours = values.line(here.get("extension")) and values.line(there.get("extension"))
    return bool(ours and values.key(here.get("taken_from_call_id")))


def _told(value: Any, at: float) -> float | None:
    found = values.moment(value, at)
    return found if found is not None and found <= at + LATE else None
