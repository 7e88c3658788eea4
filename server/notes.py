"""What a call was about, in one tap and perhaps a few words: one note for each call, the last one counts."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from server.db import rows, transaction, write

OUTCOMES = ("", "order", "question", "complaint", "wrong")
LONGEST = 300

OF_CALLS = """SELECT call_id, outcome, text FROM call_note
    WHERE account_id = ? AND call_id IN (SELECT value FROM json_each(?))"""
CALL = "SELECT 1 FROM call WHERE account_id = ? AND id = ? AND direction <> ''"
KEEP = """INSERT INTO call_note (account_id, call_id, outcome, text, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (call_id) DO UPDATE SET outcome = excluded.outcome, text = excluded.text, by_id = excluded.by_id,
    by_name = excluded.by_name, at = excluded.at"""
DROP = "DELETE FROM call_note WHERE account_id = ? AND call_id = ?"


def keep(account: int, call_id: str, outcome: str, text: str, who: tuple[int, str]) -> bool:
    """False when the account has no such call. An empty note takes away what was there."""
    with transaction(account):
        if not rows(CALL, account, call_id):
            return False
        if outcome or text:
            write(KEEP, account, call_id, outcome, text[:LONGEST], *who, time.time())
        else:
            write(DROP, account, call_id)
    return True


def of_calls(account: int, calls: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Outcome and text of each of these calls that has a note."""
    found = rows(OF_CALLS, account, json.dumps(list(calls)))
    return {call: (outcome, text) for call, outcome, text in found}
