"""What everybody must know about a guest before they pick up.

A flag that was taken down stays in the table with who did it and when. Poster's extras get a copy, see `copies`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from server import acting, audit, preferences
from server.db import rows, transaction, write
from server.messages import clean
from server.unfit import Unfit

REFUSE, PREPAY, CAREFUL, ALLERGY, NOTE, VIP = "refuse", "prepay", "careful", "allergy", "note", "vip"
KINDS = (REFUSE, PREPAY, CAREFUL, ALLERGY, NOTE, VIP)  # the most important first
LONGEST, MOST = 120, 12

Json = dict[str, Any]

OF = """SELECT client_id, id, kind, text, by_name, at FROM flag WHERE account_id = ? AND gone_at IS NULL
    AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) ORDER BY at DESC, id DESC"""
KNOWN = "SELECT paid, deleted FROM guest WHERE account_id = ? AND client_id = ?"
STANDING = "SELECT kind, text FROM flag WHERE account_id = ? AND client_id = ? AND gone_at IS NULL"
RAISE = (
    "INSERT INTO flag (account_id, client_id, kind, text, by_id, by_name, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
LOWER = """UPDATE flag SET gone_at = ?, gone_by = ? WHERE account_id = ? AND client_id = ? AND id = ?
    AND gone_at IS NULL RETURNING kind"""
TO_COPY = """INSERT INTO flag_copy (account_id, client_id, at) VALUES (?, ?, ?)
    ON CONFLICT (account_id, client_id) DO UPDATE SET at = CASE WHEN flag_copy.at + 0.001 > excluded.at
    THEN flag_copy.at + 0.001 ELSE excluded.at END"""


def of(account: int, guests: Mapping[int, int]) -> dict[int, list[Json]]:
    """The flags of each guest as the wire has them. `guests`: Poster's id -> kopecks paid in all times."""
    found: dict[int, list[Json]] = {client: [] for client in guests}
    for client, id_, kind, text, by, at in rows(OF, account, json.dumps(list(guests))):
        found[client].append({"id": id_, "kind": kind, "text": text, "by": by, "at": at})
    _add_vips(found, guests, preferences.of(account).vip_from)
    for flags in found.values():
        flags.sort(key=lambda flag: KINDS.index(flag["kind"]))
    return found


def of_guest(account: int, client_id: int) -> list[Json]:
    known = rows(KNOWN, account, client_id)
    return of(account, {client_id: known[0][0] if known else 0})[client_id]


def put_up(account: int, client_id: int, kind: str, text: str, who: tuple[int, str]) -> None:
    """Raises Unfit: `guest_unknown`, `kind`, `text` (a note needs words), `many`. The same flag twice is one."""
    words = clean(text, LONGEST)
    if kind not in KINDS:
        raise Unfit("kind", value=kind)
    if kind == NOTE and not words:
        raise Unfit("text")
    with transaction(account):
        known = rows(KNOWN, account, client_id)
        if not known or known[0][1]:
            raise Unfit("guest_unknown")
        standing = rows(STANDING, account, client_id)
        if (kind, words) in standing:
            return
        if len(standing) >= MOST:
            raise Unfit("many", most=MOST)
        write(RAISE, account, client_id, kind, words, *who, time.time())
        write(TO_COPY, account, client_id, time.time())
        with acting.named(who[1]):
            audit.note(account, "flag", f"#{client_id}", "", kind)


def take_down(account: int, client_id: int, flag: int, who: tuple[int, str]) -> bool:
    """Whether it stood until now."""
    with transaction(account):
        gone = rows(LOWER, time.time(), who[1], account, client_id, flag)
        if gone:
            write(TO_COPY, account, client_id, time.time())
            with acting.named(who[1]):
                audit.note(account, "flag", f"#{client_id}", gone[0][0], "")
    return bool(gone)


def _add_vips(found: dict[int, list[Json]], guests: Mapping[int, int], vip_from: int) -> None:
    """The owner's rule: who paid so much (in currency units) is a VIP, unless somebody already said so."""
    for client, paid in guests.items():
        if 0 < 100 * vip_from <= paid and all(flag["kind"] != VIP for flag in found[client]):
            found[client].append({"id": None, "kind": VIP, "text": "", "by": "", "at": 0})
