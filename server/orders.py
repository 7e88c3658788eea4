"""Orders: which call brought which, what was promised, and how many are open now."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server import preferences
from server.db import NOBODYS, rows, transaction, write
from server.poster.rows import moment, money, to_decimal, to_int

log = logging.getLogger("dzvinok.orders")

OPEN, CLOSED = 1, 2  # Poster's states; 3 is removed, 4 cancelled, 0 an online order that nobody accepted yet
DELIVERED = 50  # of its states in the kitchen: from here on nobody waits for it
OLDEST = 24 * 3600.0

Json = dict[str, Any]

OF_CALL = """SELECT transaction_id, sum FROM call_order WHERE account_id = ? AND call_id = ?
    ORDER BY at DESC, id DESC LIMIT 1"""
COUNT = "SELECT count(*) FROM open_order WHERE account_id = ? AND started > ? AND (? IS NULL OR spot = ?)"
COUNTS = "SELECT account_id, spot, count(*) FROM open_order WHERE started > ? GROUP BY account_id, spot"
FORGET = "DELETE FROM open_order WHERE started <= ?"
OPENED = """INSERT INTO open_order (account_id, transaction_id, spot, started) VALUES (?, ?, ?, ?)
    ON CONFLICT (account_id, transaction_id) DO UPDATE SET spot = excluded.spot"""
OVER = """DELETE FROM open_order WHERE account_id = ?
    AND transaction_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
OVER_HERE = "DELETE FROM open_order WHERE account_id = ? AND started = ? AND spot IN (0, ?)"
BROUGHT = """SELECT id, order_id, spot FROM call_order
    WHERE account_id = ? AND order_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
ORDERED = """INSERT INTO call_order (account_id, call_id, order_id, client_id, spot, due, by_id, by_name, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, order_id) DO UPDATE SET
    client_id = coalesce(nullif(excluded.client_id, 0), call_order.client_id),
    due = CASE WHEN ? <> 0 THEN excluded.due ELSE call_order.due END"""
LEARN = """UPDATE call_order SET transaction_id = ?, client_id = coalesce(nullif(?, 0), client_id),
    sum = coalesce(?, sum), closed_at = coalesce(?, closed_at) WHERE id = ?"""
PAID = """UPDATE call_order SET sum = coalesce(sum, ?), closed_at = coalesce(closed_at, ?),
    client_id = coalesce(nullif(?, 0), client_id) WHERE account_id = ? AND order_id = ? AND spot IN (0, ?)"""
HERE = """SELECT transaction_id FROM open_order WHERE account_id = ? AND started = ? AND spot = ?
    UNION SELECT transaction_id FROM guest_order WHERE account_id = ? AND started = ? AND spot = ?"""
NUMBER = (
    "UPDATE call_order SET transaction_id = ? WHERE account_id = ? AND order_id = ? AND transaction_id = 0"
)
ONLINE = """SELECT ask.call_id, ask.due, ask.by_id, ask.by_name, ask.at, coalesce(nullif(ask.transaction_id, 0),
    online_order.transaction_id) FROM online_ask AS ask LEFT JOIN online_order
    ON online_order.account_id = ask.account_id AND online_order.incoming_id = ask.incoming_id
    WHERE ask.account_id = ? AND ask.call_id <> '' AND coalesce(nullif(ask.transaction_id, 0),
    online_order.transaction_id) IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
ACCEPTED = """SELECT ask.account_id, ask.call_id, seen.started, ask.client_id, seen.spot, ask.due, ask.by_id,
    ask.by_name, ask.at, seen.transaction_id FROM online_ask AS ask JOIN online_order AS online
    ON online.account_id = ask.account_id AND online.incoming_id = ask.incoming_id JOIN open_order AS seen
    ON seen.account_id = ask.account_id AND seen.transaction_id = online.transaction_id
    WHERE ask.call_id <> '' AND online.transaction_id > 0 AND NOT EXISTS (SELECT 1 FROM call_order
    WHERE call_order.account_id = ask.account_id AND call_order.order_id = seen.started)"""


@dataclass(frozen=True)
class Order:
    """What we take from a row of dash.getTransactions. `started` is milliseconds, `sum` kopecks."""

    id: int
    started: int
    spot: int
    client: int
    status: int
    kitchen: int
    sum: int
    closed: float

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Order:
        return cls(
            to_int(row.get("transaction_id")), int(to_decimal(row.get("date_start"))), to_int(row.get("spot_id")),
            to_int(row.get("client_id")), to_int(row.get("status")), to_int(row.get("processing_status")),
            int(to_decimal(row.get("sum"))), float(moment(row.get("date_close"))),
        )  # fmt: skip

    @property
    def open(self) -> bool:
        return self.status == OPEN and self.kitchen < DELIVERED

    @property
    def over(self) -> bool:
        return self.status > OPEN


def of_call(account: int, call_id: str) -> Json | None:
    """The newest order that a call brought: `{"id": the back office's number or 0, "sum": "345.00" or None}`."""
    found = rows(OF_CALL, account, call_id)
    if not found:
        return None
    transaction_id, total = found[0]
    return {"id": transaction_id, "sum": None if total is None else money(total)}


def load(account: int, spot: int | None) -> Json:
    """How many orders of the spot (None: of all of them) are open, and what to promise then."""
    count = rows(COUNT, account, _oldest(time.time()), spot, spot)[0][0]
    chosen = preferences.of(account)
    return {"open": count, "minutes": chosen.promise + chosen.promise_each * count}


def _oldest(now: float) -> int:
    """Milliseconds: what is open for longer was forgotten, not cooked."""
    return int((now - OLDEST) * 1000)


def note_transaction(account: int, found: Iterable[Mapping[str, Any]]) -> None:
    """Orders as dash.getTransactions has them, inside the caller's transaction: those that calls brought learn
    their numbers and sums, and the count of open ones is right again."""
    orders = {order.id: order for order in map(Order.of, found) if order.id > 0 and order.started > 0}
    oldest = _oldest(time.time())
    for order in orders.values():
        if order.open and order.started > oldest:
            write(OPENED, account, order.id, order.spot, order.started)
    write(OVER, account, json.dumps([order.id for order in orders.values() if not order.open]))
    _link_online(account, orders)
    by_start: dict[int, list[Order]] = {}
    for order in orders.values():
        by_start.setdefault(order.started, []).append(order)
    for row, started, spot in rows(BROUGHT, account, json.dumps(list(by_start))):
        for order in by_start[started]:
            if spot in (0, order.spot):
                _learn(row, order)


def _learn(row: int, order: Order) -> None:
    """A removed order is over without a sum."""
    total = order.sum if order.status == CLOSED else None
    closed = (order.closed or time.time()) if order.over else None
    write(LEARN, order.id, order.client, total, closed, row)


def _link_online(account: int, orders: Mapping[int, Order]) -> None:
    """An online order that a call brought is an order like any other once it was accepted."""
    for call_id, due, by_id, by_name, at, known in rows(ONLINE, account, json.dumps(list(orders))):
        order = orders[known]
        write(
            ORDERED, account, call_id, order.started, order.client, order.spot, due, by_id, by_name, at, False
        )


def link_accepted() -> None:
    """Poster may tell of an order before it tells that this is the one that waited."""
    found = rows(ACCEPTED)
    if found:
        with transaction(NOBODYS):
            for row in found:
                write(ORDERED, *row[:-1], False)
                write(NUMBER, row[-1], row[0], row[2])


def ordered(
    account: int, call_id: str, order: int, spot: int | None, client: int, minutes: int | None,
    who: tuple[int, str] = (0, ""),
) -> None:  # fmt: skip
    """A call brought this order, `order` being the register's id of it. Said again it changes the guest and the
    promise (`minutes` 0: nothing is promised, None: as it was); the first call keeps the order."""
    now = time.time()
    due = now + 60 * minutes if minutes else None
    with transaction(account):
        write(ORDERED, account, call_id, order, client, spot or 0, due, *who, now, minutes is not None)
        known = rows(HERE, account, order, spot, account, order, spot)
        if known:
            write(NUMBER, known[0][0], account, order)
    log.info("call=%s brought order=%d account=%d", call_id, order, account)


def closed(account: int, order: int, spot: int | None, kopecks: int | None, client: int) -> None:
    """An order is paid, as the register says; Poster's own word about the sum comes later and wins."""
    with transaction(account):
        write(PAID, kopecks, time.time(), client, account, order, spot or 0)
        write(OVER_HERE, account, order, spot or 0)


class Loads:
    """Tells whose count of open orders is another than a moment ago, however it came to be so."""

    def __init__(self, tell: Callable[[int], object]) -> None:
        self._tell = tell
        self._told: dict[tuple[int, int], int] = {}

    def tend(self) -> None:
        now = {(account, spot): count for account, spot, count in rows(COUNTS, _oldest(time.time()))}
        changed = {key[0] for key in now.keys() | self._told.keys() if now.get(key) != self._told.get(key)}
        self._told = now
        for account in sorted(changed):
            self._tell(account)


def forget_old() -> None:
    """Inside the caller's transaction."""
    write(FORGET, _oldest(time.time()))
