"""Forgets whom Poster knew, once an account is disconnected. What employees said here stays for the day when it
comes back: flags, and numbers that they kept with a guest."""

from __future__ import annotations

import time

from server.db import reading, transaction
from server.models import (
    BROKEN,
    CONNECTED,
    Account,
    Directory,
    Guest,
    GuestNumber,
    GuestOrder,
    GuestPlace,
    MenuItem,
    OnlineOrder,
    Street,
    Todo,
)

AT_ONCE = 500

Table = (
    type[Guest] | type[GuestNumber] | type[GuestOrder] | type[OnlineOrder] | type[GuestPlace] | type[Street]
    | type[MenuItem] | type[Todo] | type[Directory]
)  # fmt: skip

TABLES: tuple[Table, ...] = (
    Guest, GuestNumber, GuestOrder, OnlineOrder, GuestPlace, Street, MenuItem, Todo, Directory,
)  # fmt: skip


def leftovers() -> list[int]:
    """Disconnected accounts of whose guests something is still here."""
    silent = Account.select(Account.id).where(Account.state.not_in((CONNECTED, BROKEN)))
    return [row.id for row in silent if any(_some(table, row.id, 1) for table in TABLES)]


def wipe(account: int) -> None:
    """Bit by bit, so that no ring waits for it; stops when the account is connected again."""
    for table in TABLES:
        while _delete(table, account):
            time.sleep(0.002)


def _some(table: Table, account: int, most: int) -> list[int]:
    found = table.select(table.id).where(table.account == account)
    if table is GuestNumber:
        found = found.where(GuestNumber.ours == False)  # noqa: E712
    return [row.id for row in found.limit(most)]


def _delete(table: Table, account: int) -> bool:
    with reading(), transaction(account):
        row = Account.at(account)
        if row is None or row.rings:
            return False
        ids = _some(table, account, AT_ONCE)
        table.delete().where(table.id.in_(ids)).execute()
        return bool(ids)
