"""Whether a number called lately already, who spoke with them and what it was about."""

from __future__ import annotations

from server import orders
from server.calls import ANSWERED, ENDED, IN
from server.db import rows
from server.messages import Json, clean

DAY = 86400.0
MOST = 50

# Newest first: what they called, and what we called if somebody was there. The call itself may be among them.
LATELY = """SELECT call.id, call.started, call.direction, call.state, call.outcome, call.line, call.answered_by,
        coalesce(call_note.outcome, ''), coalesce(call_note.text, '')
    FROM call LEFT JOIN call_note ON call_note.call_id = call.id
    WHERE call.account_id = ? AND call.number = ? AND call.started > ? AND call.test = 0
    AND (call.direction = 'in' OR (call.direction = 'out' AND (call.state = 'answered' OR call.outcome = 'answered')))
    ORDER BY call.started DESC LIMIT ?"""
WHOSE = """SELECT employee.name FROM line_owner JOIN employee ON employee.account_id = line_owner.account_id
    AND employee.poster_id = line_owner.owner
    WHERE line_owner.account_id = ? AND line_owner.line = ? AND line_owner.kind = 'employee' LIMIT 2"""


def of(account: int, number: str, call_id: str, now: float) -> Json | None:
    """The `again` of docs/messages.md; None when nothing is known of earlier calls in a day.

    `call_id` is the call that the card belongs to, "" when they don't call now; what came after it is not earlier.
    """
    found = rows(LATELY, account, number, now - DAY, MOST) if number else []
    at = next((row[1] for row in found if row[0] == call_id), now)
    earlier = [row for row in found if row[0] != call_id and row[1] <= at]
    heard = next((row for row in earlier if row[3] in (ANSWERED, ENDED)), None)
    if heard is None:
        return None
    incoming = sum(row[2] == IN for row in earlier)
    minutes = max(0, int((at - earlier[0][1]) / 60))
    return {"count": incoming + bool(call_id), "minutes": minutes, "last": _last(account, heard)}


def _last(account: int, row: tuple[str, float, str, str, str, str, str, str, str]) -> Json:
    call_id, at, _, state, outcome, line, answered_by, note, text = row
    spoke = outcome or state
    by = who_has(account, line or answered_by) if spoke == ANSWERED else ""
    # An order that the back office does not know yet has no number to speak of.
    order = orders.of_call(account, call_id)
    order = order if order and order["id"] else None
    return {"call": call_id, "at": at, "outcome": spoke, "by": by, "note": note, "text": text, "order": order}


def who_has(account: int, line: str) -> str:
    """The employee whose line it is; the line where several share it, since nobody knows which of them."""
    names = rows(WHOSE, account, line) if line else []
    return clean(names[0][0] if len(names) == 1 else line)
