"""Guests who called in vain and whom nobody called back: who they are, said without their number."""

from __future__ import annotations

import json

from server import callbacks, flags, phones
from server.alerts.looking import MISSED, Json, Look, Reader, Wrong
from server.alerts.names import defused
from server.callbook import masks
from server.db import rows
from server.flags import KINDS
from server.messages import clean

MOST, LONGEST = 60, 60

WAITING = """SELECT callback.id, callback.first_at, callback.claimed_at, coalesce(did.spot, 0) FROM callback
    LEFT JOIN call ON call.id = callback.call_id
    LEFT JOIN did ON did.account_id = callback.account_id AND did.number = call.did AND call.did <> ''
    WHERE callback.account_id = ? AND callback.closed_at IS NULL AND callback.first_at <= ?
    ORDER BY callback.first_at LIMIT ?"""
THESE = """SELECT callback.id, callback.number, callback.calls, callback.first_at, callback.at, callback.closed_at,
        coalesce(callback.closed_how, ''), coalesce(call.name, '')
    FROM callback LEFT JOIN call ON call.id = callback.call_id
    WHERE +callback.account_id = ? AND callback.id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
NAMES = """SELECT guest_number.number, guest.client_id, guest.name, guest.paid FROM guest_number
    JOIN guest ON guest.account_id = guest_number.account_id AND guest.client_id = guest_number.client_id
    WHERE guest_number.account_id = ? AND guest.deleted = 0
        AND guest_number.number IN (SELECT value FROM json_each(?)) ORDER BY guest.paid, guest.client_id DESC"""


def look(found: Look, reader: Reader, told_of: set[str], now: float) -> None:
    """`told_of`: those that an open alert is about (ids of callbacks)."""
    limit = reader.chosen.alert_missed * 60.0
    if not limit or reader.account is None:
        return
    waiting = rows(WAITING, reader.account, now - limit, MOST + len(told_of))
    for id_, first, claimed, spot in waiting:
        held = bool(claimed) and claimed >= now - callbacks.CLAIM_LASTS
        found.wrong.append(Wrong(MISSED, str(id_), first, {}, not held and reader.open_at(spot, now)))
    gone = [thing for thing in told_of if thing not in {str(row[0]) for row in waiting}]
    if gone:
        for thing, facts in about(reader, gone).items():
            if facts["how"]:
                found.well[MISSED, thing] = {"how": facts["how"]}


def about(reader: Reader, things: list[str]) -> dict[str, Json]:
    """For sentences only, never kept: names and flags live where a person can be erased."""
    assert reader.account is not None
    found = rows(THESE, reader.account, json.dumps([int(thing) for thing in things]))
    named = _named(reader.account, [row[1] for row in found])
    return {str(row[0]): _facts(reader, row, named.get(row[1], ("", ()))) for row in found}


def _named(account: int, numbers: list[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Number -> name and flags of the guest who paid most."""
    found = rows(NAMES, account, json.dumps(numbers))
    raised = flags.of(account, {guest: paid for _, guest, _, paid in found})
    return {
        number: (name, tuple(dict.fromkeys(flag["kind"] for flag in raised.get(guest, []))))
        for number, guest, name, _ in found
    }


def _short(name: str) -> str:
    """Cut at a word where there is one, and seen to be cut."""
    if len(name) <= LONGEST:
        return name
    head, _, _ = name[:LONGEST].rpartition(" ")
    return f"{head or name[: LONGEST - 1]}…"


def _facts(reader: Reader, row: tuple[object, ...], named: tuple[str, tuple[str, ...]]) -> Json:
    _, number, calls, first, last, closed, how, called = row
    whole = reader.chosen.alert_numbers
    read = phones.read(str(number), reader.country)
    name = defused(_short(clean(masks.words(named[0] or str(called), whole), 200)))
    return {
        "name": name, "number": read.shown if whole else read.masked, "calls": calls, "first": first, "last": last,
        "closed": closed, "how": str(how), "flags": [kind for kind in KINDS if kind in named[1]],
    }  # fmt: skip
