"""Calls that somebody asked us to place, and how they are known when the company tells of them.

A company tells its own id of the call, or gives our mark back, or neither: then it is the line's next call to
that number. Every writer holds `db.transaction()`.
"""

from __future__ import annotations

import time
from dataclasses import replace

from server import phones
from server.calls import OUT, Call, CallEvent
from server.db import rows, write
from server.models import Dial

COMES_WITHIN = 120.0
LONG_KNOWN = 900.0  # a company that gave us its id may tell of the call much later, by its history

OPEN = """SELECT id, line, number, key, at FROM dial
    WHERE account_id = ? AND trunk_id = ? AND call_id = '' AND problem = '' AND at > ? ORDER BY id"""
KNOWN = "UPDATE dial SET call_id = ? WHERE id = ?"


def begin(account: int, trunk: int, line: str, number: str) -> int:
    """Written down before the company is asked: its events may overtake its answer. Returns the mark."""
    return int(Dial.create(account=account, trunk_id=trunk, line=line, number=number, at=time.time()).id)


def told(dial: int, key: str = "", problem: str = "") -> None:
    """What the company answered: its id of the call, or why there is none."""
    Dial.update(key=key, problem=problem).where(Dial.id == dial).execute()


def recognise(call: Call, event: CallEvent, country: str) -> tuple[Call, CallEvent]:
    """A call of ours goes out, whatever it looks like; it keeps the number of the wish that it came from."""
    assert call.trunk is not None
    since = event.at - LONG_KNOWN
    for dial, line, number, key, at in rows(OPEN, call.account, call.trunk, since):
        ours = (key and key in (event.key, event.alias)) or event.mark == str(dial)
        if ours or (event.at - at < COMES_WITHIN and _looks_like(call, event, line, number, country)):
            write(KNOWN, call.id, dial)
            event = replace(event, direction=OUT, caller=number, line=event.line or line)
            return replace(call, dial=dial, direction=OUT, caller=number), event
    return call, event


def _looks_like(call: Call, event: CallEvent, line: str, number: str, country: str) -> bool:
    outgoing = OUT in (call.direction, event.direction)
    same_line = line in (event.line, call.line)
    return outgoing and same_line and phones.same(event.caller or call.caller or "", number, country)
