"""The list of those who wait for a call, as registers see it: with names and in the order of urgency."""

from __future__ import annotations

import json
from dataclasses import dataclass

from server import callbacks, flags, journal, messages, phones
from server.callbacks import Waiting
from server.calls import Call
from server.db import rows
from server.messages import Json
from server.poster.rows import money

MOST = 60
FIRST, LAST = "vip", "refuse"

# Guests of these numbers, whoever paid most first, and whether something of theirs is on its way.
GUESTS = """SELECT guest_number.number, guest.client_id, guest.name, guest.paid,
        EXISTS (SELECT 1 FROM guest_order WHERE guest_order.account_id = guest.account_id
            AND guest_order.client_id = guest.client_id AND guest_order.status = 'open')
    FROM guest_number JOIN guest ON guest.account_id = guest_number.account_id
        AND guest.client_id = guest_number.client_id
    WHERE guest_number.account_id = ? AND guest.deleted = 0
        AND guest_number.number IN (SELECT value FROM json_each(?)) ORDER BY guest.paid DESC, guest.client_id"""
ONLINE = """SELECT DISTINCT number FROM online_order WHERE account_id = ? AND status = 0
    AND number IN (SELECT value FROM json_each(?))"""


@dataclass(frozen=True)
class Known:
    """What the directory says of a number. `paid` is kopecks, `kinds` of flags the most important first."""

    guest: int | None = None
    name: str = ""
    paid: int = 0
    open: bool = False
    kinds: tuple[str, ...] = ()


def rows_for(account: int, country: str, now: float) -> list[tuple[Call, Json]]:
    """Each open row with the call that decides which registers see it, the most urgent first."""
    waiting = callbacks.waiting(account, now, MOST)
    if not waiting:
        return []
    calls = journal.some(account, [one.call for one in waiting])
    known = _known(account, [one.number for one in waiting])
    there = [(one, calls[one.call]) for one in waiting if one.call in calls]
    there.sort(key=lambda pair: _urgency(pair[0], known.get(pair[0].number, Known())))
    return [(call, _row(one, call, known.get(one.number), country)) for one, call in there]


def _known(account: int, numbers: list[str]) -> dict[str, Known]:
    found = rows(GUESTS, account, json.dumps(numbers))
    raised = flags.of(account, {guest: paid for _, guest, _, paid, _ in found})
    ordered = {number for (number,) in rows(ONLINE, account, json.dumps(numbers))}
    known: dict[str, Known] = {number: Known(open=True) for number in ordered}
    for number, guest, name, paid, is_open in reversed(found):  # who paid most speaks for the number
        before = known.get(number, Known())
        kinds = dict.fromkeys([*(flag["kind"] for flag in raised.get(guest, [])), *before.kinds])
        known[number] = Known(guest, name, paid, bool(is_open) or before.open, tuple(kinds))
    return known


def _urgency(row: Waiting, known: Known) -> tuple[int, bool, int, float]:
    """Flags, then something on its way, then money, then whoever called last: they still sit by the telephone."""
    flag = 2 if LAST in known.kinds else 0 if FIRST in known.kinds else 1
    return flag, not known.open, -known.paid, -row.at


def _row(row: Waiting, call: Call, known: Known | None, country: str) -> Json:
    number, about = phones.read(row.number, country), known or Known()
    claimed = dict(zip(("employee", "name", "at"), row.claimed, strict=True)) if row.claimed else None
    return {
        "id": row.id, "call": call.id, "from": number.e164, "shown": number.shown, "masked": number.masked,
        "name": messages.clean(about.name or call.name), "guest": about.guest,
        "flags": list(about.kinds), "open": about.open, "paid": money(about.paid), "calls": row.calls,
        "first": row.first, "at": row.at, "line": messages.line(call.line), "claimed": claimed, "late": call.late,
    }  # fmt: skip
