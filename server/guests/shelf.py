"""Guest cards that were read before."""

from __future__ import annotations

import json
import time
from typing import Any

from server.db import database, reading, rows, transaction
from server.guests.cards import COMPLETE, UNKNOWN
from server.models import Account, GuestCard

FRESH = 600.0  # Poster's webhooks are quicker; this is for those that never come

# In plain SQL: a snapshot asks it for each call in its list.
CARD = "SELECT card, at, stale FROM guest_card WHERE account_id = ? AND number = ?"

Json = dict[str, Any]


def load(account: int, number: str) -> tuple[Json | None, bool]:
    """The card, and whether it is fresh. That nobody has a number is never fresh: it may change."""
    with reading():
        found = rows(CARD, account, number)
    if not found:
        return None, False
    text, at, stale = found[0]
    card: Json = json.loads(text)
    fresh = card["stage"] == COMPLETE and not stale and time.time() - at < FRESH
    return card, fresh


def save(account: int, card: Json, stale: bool = False) -> None:
    """Keeps it, unless the account was disconnected meanwhile."""
    if card["stage"] not in (COMPLETE, UNKNOWN):
        return
    with transaction():
        row = Account.at(account)
        if row is None or not row.rings:
            return
        GuestCard.delete().where(GuestCard.account == account, GuestCard.number == card["number"]).execute()
        GuestCard.create(
            account=account, number=card["number"], card=json.dumps(card), at=time.time(), stale=stale
        )


def drop(account: int, number: str) -> None:
    with transaction():
        GuestCard.delete().where(GuestCard.account == account, GuestCard.number == number).execute()


def drop_client(account: int, client_id: int) -> None:
    """Every card that names this guest: who they are, or whether they still are, must be asked again."""
    with transaction():
        database.execute_sql(
            "DELETE FROM guest_card WHERE account_id = ? AND EXISTS"
            " (SELECT 1 FROM json_each(card, '$.guests') WHERE json_extract(value, '$.id') = ?)",
            (account, client_id),
        )


def mark_stale(account: int) -> None:
    """All cards of the account are shown once more while they are read anew."""
    with transaction():
        GuestCard.update(stale=True).where(GuestCard.account == account, GuestCard.stale == False).execute()  # noqa: E712


def wipe(account: int) -> None:
    with transaction():
        GuestCard.delete().where(GuestCard.account == account).execute()
