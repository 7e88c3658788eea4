"""What Poster says of guests and orders goes into the directory: in small transactions, so that no ring waits."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from server import kin, menu, orders, places
from server.db import database, reading, rows, transaction, unhurried, write
from server.directory import shaping
from server.guests import cards
from server.models import Account
from server.poster.rows import as_dict, dicts, to_int, to_text

GUESTS_AT_ONCE, ORDERS_AT_ONCE = 50, 25
PAUSE = 0.002
OLD = 30 * 86400.0  # what was ordered earlier is no news to calls and promises

GUEST = """INSERT INTO guest (client_id, name, folded, group_id, group_name, loyalty, bonus, discount, comment,
    address, place, birthday, paid, since, deleted, account_id, read_at, pass)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account_id, client_id) DO UPDATE SET name = excluded.name, folded = excluded.folded,
    group_id = excluded.group_id, group_name = excluded.group_name, loyalty = excluded.loyalty,
    bonus = excluded.bonus, discount = excluded.discount, comment = excluded.comment, address = excluded.address,
    place = excluded.place, birthday = excluded.birthday, paid = excluded.paid,
    since = coalesce(excluded.since, guest.since), deleted = excluded.deleted, read_at = excluded.read_at,
    pass = CASE WHEN excluded.pass > guest.pass THEN excluded.pass ELSE guest.pass END"""
OTHER_NUMBERS = "DELETE FROM guest_number WHERE account_id = ? AND client_id = ? AND number != ? AND ours = 0"
NUMBER = """INSERT INTO guest_number (account_id, number, client_id, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (account_id, number, client_id) DO NOTHING"""
GONE = "UPDATE guest SET deleted = 1, read_at = ? WHERE account_id = ? AND client_id = ?"
ORDER = """INSERT INTO guest_order (transaction_id, client_id, started, closed, sum, status, processing, spot,
    employee, delivery, address, items, account_id, read_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account_id, transaction_id) DO UPDATE SET client_id = excluded.client_id,
    started = excluded.started, sum = excluded.sum, status = excluded.status, processing = excluded.processing,
    spot = excluded.spot, employee = excluded.employee, delivery = excluded.delivery, address = excluded.address,
    items = CASE WHEN guest_order.named <> 0 AND guest_order.closed = excluded.closed THEN guest_order.items
    ELSE excluded.items END,
    named = CASE WHEN guest_order.closed = excluded.closed THEN guest_order.named ELSE 0 END,
    closed = excluded.closed, read_at = excluded.read_at"""
NOBODYS = (
    "DELETE FROM guest_order WHERE account_id = ?"
    " AND transaction_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
)
READ = "UPDATE guest SET orders_at = ? WHERE account_id = ? AND client_id = ?"
LOST = """DELETE FROM guest_order WHERE account_id = ? AND client_id = ? AND started >= ?
    AND transaction_id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
ITEMS = "SELECT items FROM guest_order WHERE account_id = ? AND transaction_id = ?"
NAMED = "UPDATE guest_order SET items = ?, named = 1 WHERE account_id = ? AND transaction_id = ?"
ONLINE = """INSERT INTO online_order (incoming_id, client_id, number, spot, status, at, sum, address,
    transaction_id, account_id, read_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account_id, incoming_id) DO UPDATE SET client_id = excluded.client_id, number = excluded.number,
    spot = excluded.spot, status = excluded.status, at = excluded.at, sum = excluded.sum,
    address = excluded.address, transaction_id = excluded.transaction_id, read_at = excluded.read_at"""
WAITING_NO_MORE = """UPDATE online_order INDEXED BY online_order_waiting SET status = 7
    WHERE account_id = ? AND status = 0 AND incoming_id NOT IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""

Row = Mapping[str, Any]


def take_clients(account: int, found: Iterable[Row], country: str, pass_: int = 0) -> list[int]:
    """Rows of clients.getClients; returns whose they were. `pass_` is the reconciling pass that read them."""
    taken: list[int] = []
    for chunk in _chunks((row for row in found if to_int(row.get("client_id")) > 0), GUESTS_AT_ONCE):
        shaped = [(shaping.guest(row, kin.folded), shaping.number_of(row, country)) for row in _gently(chunk)]
        with unhurried(account):
            if not _rings(account):
                break
            _write_guests(account, shaped, pass_)
        taken += [row[0] for row, _ in shaped]
    return taken


def _write_guests(account: int, shaped: list[tuple[tuple[Any, ...], str]], pass_: int) -> None:
    now = time.time()
    _many(GUEST, [(*row, account, now, pass_) for row, _ in shaped])
    told = [(row[0], number) for row, number in shaped]
    _many(OTHER_NUMBERS, [(account, client, number) for client, number in told])
    _many(NUMBER, [(account, number, client, now) for client, number in told if number])


def gone(account: int, client_id: int) -> None:
    """Poster knows this guest no more."""
    with transaction(account):
        write(GONE, time.time(), account, client_id)


def take_orders(account: int, found: Iterable[Row]) -> set[int]:
    """Rows of dash.getTransactions; returns the guests whose they are. An order of nobody is not kept."""
    clients: set[int] = set()
    with reading():
        names = menu.names(account)
        for chunk in _chunks((row for row in found if to_int(row.get("transaction_id")) > 0), ORDERS_AT_ONCE):
            shaped = [shaping.order(row, names) for row in _gently(chunk)]
            with unhurried(account):
                if not _rings(account):
                    break
                _write_orders(account, chunk, shaped)
            clients |= {row[1] for row in shaped if row[1]}
    return clients


def _write_orders(account: int, found: Sequence[Row], shaped: list[tuple[Any, ...]]) -> None:
    now = time.time()
    _many(ORDER, [(*row, account, now) for row in shaped if row[1] and row[5]])
    write(NOBODYS, account, json.dumps([row[0] for row in shaped if not (row[1] and row[5])]))
    for row in found:
        delivery, client = as_dict(row.get("delivery")), to_int(row.get("client_id"))
        if client and delivery and shaping.status(row) in (shaping.OPEN, shaping.CLOSED):
            street, rest, note = (to_text(delivery.get(name)) for name in ("address1", "address2", "comment"))
            if street:
                places.learn(account, client, street, rest, note, shaping.when(row))
    orders.note_transaction(account, [row for row in found if shaping.when(row) > now - OLD])


def take_orders_of(account: int, client_id: int, found: object, since: float) -> None:
    """All orders of one guest since then: what is not among them is theirs no more."""
    theirs = cards.orders_of(found, client_id)
    take_orders(account, [{**row, "client_id": client_id} for row in theirs])
    kept = json.dumps([to_int(row.get("transaction_id")) for row in theirs])
    with transaction(account):
        write(LOST, account, client_id, int(since * 1000), kept)
        write(READ, time.time(), account, client_id)


def take_names(account: int, transaction_id: int, found: object) -> None:
    """Rows of dash.getTransactionProducts, which name dishes that the menu has no more, and their modifiers."""
    told = [row for row in dicts(found) if to_text(row.get("product_name"))]
    with transaction(account):
        stored = rows(ITEMS, account, transaction_id)
        if not stored or not told:
            return
        items = json.loads(stored[0][0])
        for item in items:
            row = next((row for row in told if to_int(row.get("product_id")) == item[0]), None)
            if row is not None:
                told.remove(row)
                item[4:] = [to_text(row.get(name), 200) for name in ("product_name", "modificator_name")]
        write(NAMED, json.dumps(items, ensure_ascii=False, separators=(",", ":")), account, transaction_id)


def take_online(account: int, found: Iterable[Row], country: str, all_waiting: bool = False) -> None:
    """Rows of incomingOrders.getIncomingOrders; `all_waiting`: what is not among them waits no more."""
    shaped = [row for row in (shaping.online(row, country) for row in found) if row[0] > 0]
    now = time.time()
    with transaction(account):
        if not _rings(account):
            return
        _many(ONLINE, [(*row, account, now) for row in shaped])
        if all_waiting:
            write(WAITING_NO_MORE, account, json.dumps([row[0] for row in shaped]))


def _rings(account: int) -> bool:
    """Nothing is kept of an account that was disconnected meanwhile."""
    row = Account.at(account)
    return row is not None and row.rings


def _many(sql: str, values: list[tuple[Any, ...]]) -> None:
    """One statement for many rows, inside the caller's `transaction()`."""
    database.cursor().executemany(sql, values)


def _chunks(found: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(found)
    while chunk := list(islice(left, size)):
        yield chunk


def _gently(found: Sequence[Row]) -> Iterator[Row]:
    """With half of the processor's time at most, in bits of a millisecond: a ring goes through many hands, and must
    not wait at each of them. Sleeping for no time would let the others in only every few milliseconds."""
    for index, row in enumerate(found):
        if index % 5 == 4:
            time.sleep(PAUSE)
        yield row
