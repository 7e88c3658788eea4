"""Who may be the same person: guests alike by name or address, and numbers that are kept with a guest."""

from __future__ import annotations

from typing import Any

from server.db import rows
from server.places.folding import words_in_order

Json = dict[str, Any]

NUMBERS = "SELECT number FROM guest_number WHERE account_id = ? AND client_id = ? AND number != ? ORDER BY at DESC, id"


def folded(name: str) -> str:
    """How `guest.folded` is written: the words of the name in any order are one."""
    return words_in_order(name)


def numbers_of(account: int, client_id: int, but: str) -> list[str]:
    """The other numbers of a guest."""
    return [number for (number,) in rows(NUMBERS, account, client_id, but)]
