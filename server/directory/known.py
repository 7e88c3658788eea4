"""Questions to the directory, in plain SQL: a ring waits for their answers.

CROSS JOIN and INDEXED BY say how to look: nothing here is ever counted by ANALYZE, and SQLite left alone would rather
walk through all guests of an account than sort two.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from server.db import reading, rows

COLUMNS = ("id", "name", "group_id", "group", "loyalty", "bonus", "discount", "comment", "address", "birthday", "paid",
           "since", "deleted", "orders_at", "read_at", "ours")  # fmt: skip
GUESTS = """SELECT guest.client_id, name, group_id, group_name, loyalty, bonus, discount, comment, address, birthday,
    paid, since, deleted, orders_at, read_at, ours FROM guest_number AS known
    CROSS JOIN guest ON guest.account_id = known.account_id AND guest.client_id = known.client_id
    WHERE known.account_id = ? AND number = ? ORDER BY known.client_id LIMIT 100"""
READ = """SELECT guests_at, orders_at, orders_from, timezone, account.id FROM account
    LEFT JOIN directory ON directory.account_id = account.id WHERE account.id = ?"""
FIGURES = """SELECT count(*), coalesce(sum(sum), 0) FROM guest_order
    WHERE account_id = ? AND client_id = ? AND started >= ? AND status = 'closed'"""
ORDER = """transaction_id, started, closed, sum, status, processing, spot, employee, delivery, address, items, read_at
    FROM guest_order WHERE account_id = ? AND client_id = ?"""
LATELY = f"SELECT {ORDER} AND started >= 0 AND status != 'removed' ORDER BY started DESC LIMIT 200"
NAMED = """SELECT transaction_id, named FROM guest_order WHERE account_id = ? AND client_id = ? AND started >= 0
    AND status = 'closed' ORDER BY started DESC LIMIT 1"""
ONLINE = """SELECT incoming_id, spot, status, at, sum, address, transaction_id, client_id FROM online_order
    INDEXED BY online_order_number WHERE account_id = ? AND number = ? AND status IN (0, 1)
    UNION SELECT incoming_id, spot, status, at, sum, address, transaction_id, client_id FROM online_order
    INDEXED BY online_order_client WHERE account_id = ?
    AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))
    AND status IN (0, 1) ORDER BY incoming_id DESC LIMIT 10"""
NUMBERS = """SELECT DISTINCT number FROM guest_number INDEXED BY guest_number_client
    WHERE account_id = ? AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""

Json = dict[str, Any]


class Order(NamedTuple):
    """A row of guest_order; `started` and `closed` are milliseconds, `sum` kopecks, `items` JSON."""

    id: int
    started: int
    closed: int
    sum: int
    status: str
    processing: int
    spot: int
    employee: str
    delivery: int
    address: str
    items: str
    read_at: float


class Read(NamedTuple):
    """What of an account was read when; all may be None."""

    guests_at: float | None
    orders_at: float | None
    orders_from: float | None
    timezone: str


def guests_with(account: int, number: str) -> list[Json]:
    """Everybody who has the number, by Poster's word or by an employee's (`ours`); the `deleted` ones too.

    Keys: see COLUMNS. Money is kopecks, times are Unix seconds.
    """
    with reading():
        return [dict(zip(COLUMNS, row, strict=True)) for row in rows(GUESTS, account, number)]


def read(account: int) -> Read:
    found = rows(READ, account)
    return Read(*found[0][:4]) if found else Read(None, None, None, "")


def figures(account: int, client_id: int, since: float) -> tuple[int, int]:
    """How many closed orders since then, and what they came to in kopecks."""
    count, total = rows(FIGURES, account, client_id, int(since * 1000))[0]
    return count, total


def lately(account: int, client_id: int) -> list[Order]:
    """What the guest ordered, newest first, whatever became of it but removed; of very many the newest."""
    return [Order(*row) for row in rows(LATELY, account, client_id)]


def unnamed(account: int, client_id: int) -> int:
    """Their newest closed order, if Poster has not said yet what its dishes are called; else 0."""
    with reading():
        found = rows(NAMED, account, client_id)
    return int(found[0][0]) if found and not found[0][1] else 0


def online(account: int, number: str, clients: list[int]) -> list[tuple[Any, ...]]:
    return rows(ONLINE, account, number, account, json.dumps(clients))


def numbers_of(account: int, clients: list[int]) -> list[str]:
    return [number for (number,) in rows(NUMBERS, account, json.dumps(clients))]


def items(order: Order) -> list[list[Any]]:
    found: list[list[Any]] = json.loads(order.items)
    return found
