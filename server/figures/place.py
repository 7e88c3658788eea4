"""How the account is set up, read for a portion of calls."""

from __future__ import annotations

import json
from collections.abc import Iterable

from server import days, hours, popping, preferences
from server.db import rows
from server.figures.facts import Owner, Place

ZONE = "SELECT timezone FROM account WHERE id = ?"
OWNERS = "SELECT line, kind, owner FROM line_owner WHERE account_id = ?"
DIDS = "SELECT number, spot FROM did WHERE account_id = ?"
REGISTERS = "SELECT poster_id, spot FROM register WHERE account_id = ?"
SPOTS = "SELECT poster_id FROM spot WHERE account_id = ? AND gone = 0 LIMIT 2"
WHERE = """SELECT employee, hour, spot FROM presence WHERE account_id = ?
    AND hour IN (SELECT CAST(value AS BIGINT) FROM json_each(?)) AND employee <> 0 GROUP BY employee, hour, spot
    ORDER BY sum(minutes), spot DESC"""


def place(account: int) -> Place | None:
    """None when the account is gone."""
    named = rows(ZONE, account)
    if not named:
        return None
    owners: dict[str, set[Owner]] = {}
    for line, kind, owner in rows(OWNERS, account):
        owners.setdefault(line, set()).add((kind, owner))
    spots = rows(SPOTS, account)
    return Place(
        account=account,
        zone=days.zone(named[0][0]),
        day_starts=preferences.of(account).day_starts,
        never={one.number for one in popping.silent(account)},
        works=hours.open_at(account),
        owners=owners,
        dids=dict(rows(DIDS, account)),
        registers=dict(rows(REGISTERS, account)),
        only=spots[0][0] if len(spots) == 1 else 0,
    )


def presence(account: int, wanted: Iterable[int]) -> dict[tuple[int, int], int]:
    """Where employees were in these hours (Unix hours): at the spot where they were longest."""
    found = rows(WHERE, account, json.dumps(sorted(set(wanted))))
    return {(employee, hour): spot for employee, hour, spot in found}
