"""What is still open when somebody goes home: promises to guests, and what was said about guests in this shift."""

from __future__ import annotations

from server import flags
from server.db import rows
from server.messages import Json, clean

SHIFT = 12 * 3600.0
LATE_FOR = 6 * 3600.0  # a promise that much older than now is nobody's any more
MOST = 50

PROMISES = """SELECT call_order.order_id, call_order.call_id, coalesce(guest.name, ''), call_order.due,
        call_order.by_name
    FROM call_order INDEXED BY call_order_due LEFT JOIN guest ON guest.account_id = call_order.account_id
        AND guest.client_id = call_order.client_id
    WHERE call_order.account_id = ? AND call_order.due > ? AND call_order.closed_at IS NULL
        AND (? IS NULL OR call_order.spot IN (0, ?))
    ORDER BY call_order.due LIMIT ?"""
RAISED = """SELECT flag.id, flag.kind, flag.text, flag.by_name, flag.at, flag.client_id, coalesce(guest.name, '')
    FROM flag LEFT JOIN guest ON guest.account_id = flag.account_id AND guest.client_id = flag.client_id
    WHERE flag.account_id = ? AND flag.at > ? AND flag.gone_at IS NULL ORDER BY flag.at DESC LIMIT ?"""


def promises(account: int, spot: int | None, now: float) -> list[Json]:
    """Orders of this spot (None: of all) with a promised time that are not paid yet, the next due first."""
    found = rows(PROMISES, account, now - LATE_FOR, spot, spot, MOST)
    return [
        {"order": order, "call": call, "name": clean(name), "due": due, "by": by}
        for order, call, name, due, by in found
    ]


def raised(account: int, now: float) -> list[Json]:
    """The flags that were put up in this shift, the most important first, with whose they are."""
    told = [
        {"id": flag, "kind": kind, "text": text, "by": by, "at": at, "guest": guest, "name": clean(name)}
        for flag, kind, text, by, at, guest, name in rows(RAISED, account, now - SHIFT, MOST)
    ]
    return sorted(told, key=lambda flag: flags.KINDS.index(flag["kind"]))
