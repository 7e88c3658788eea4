"""dash.*: orders as the back office sees them. Sums are kopecks, times are milliseconds, all of them text."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.account import Account
from sandbox.clients import EMPTY, Rejected, number
from sandbox.rows import Order, OrderLine
from sandbox.webapi.shapes import SERVER_ZONE, moment, true, zone
from sandbox.world import World

BAD_DATES = 52
PROCESSING = {0: "10", 1: "10", 2: "60", 3: "70", 4: "70"}


def get_transactions(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    since, until = _window(world, account, arguments)
    rows = [row for row in account.orders.values() if since <= row.started < until]
    if status := number(arguments.get("status"), 2):
        rows = [row for row in rows if row.status == status]
    if after := number(arguments.get("next_tr")):
        rows = [row for row in rows if row.id > after]
    rows = _of(rows, str(arguments.get("type") or ""), number(arguments.get("id")))
    if mode := number(arguments.get("service_mode")):
        rows = [row for row in rows if row.mode == mode]
    return [transaction(account, row, arguments) for row in sorted(rows, key=lambda row: row.id)]


def _of(rows: list[Order], kind: str, id: int) -> list[Order]:
    """`type` and `id` count only together."""
    if not kind or not id:
        return rows
    fields = {"waiters": "user", "spots": "spot", "clients": "client"}
    if kind not in fields:
        raise Rejected(155, "Wrong value", "type")
    return [row for row in rows if getattr(row, fields[kind]) == id]


def _window(world: World, account: Account, arguments: Mapping[str, Any]) -> tuple[int, int]:
    """The last month unless dates are given; both ends included, in the account's days."""
    today = datetime.fromtimestamp(world.clock(), zone(account)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    since = _day(account, arguments.get("dateFrom")) or today - timedelta(days=30)
    until = (_day(account, arguments.get("dateTo")) or today) + timedelta(days=1)
    return int(since.timestamp() * 1000), int(until.timestamp() * 1000)


def _day(account: Account, value: object) -> datetime | None:
    if not value:
        return None
    try:
        return datetime.strptime(str(value), "%Y%m%d").replace(tzinfo=zone(account))
    except ValueError:
        raise Rejected(BAD_DATES, "Wrong date range", "dateFrom") from None


def get_transaction(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    if not arguments.get("transaction_id"):
        raise Rejected(EMPTY, "Field can not be empty", "transaction_id")
    order = account.orders.get(number(arguments["transaction_id"]))
    if order is None or number(arguments.get("status"), 2) not in (0, order.status):
        return []
    return [transaction(account, order, arguments)]


def transaction(account: Account, order: Order, arguments: Mapping[str, Any]) -> dict[str, Any]:
    where = zone(account) if arguments.get("timezone") == "client" else SERVER_ZONE
    row = _row(account, order, moment(order.closed, where) if order.closed else "0000-00-00 00:00:00")
    if true(arguments.get("include_products")):
        row["products"] = [_line(line) for line in order.lines]
    if true(arguments.get("include_history")):
        row["history"] = [
            {"type_history": "open", "time": str(order.started), "value": "0", "value_text": []}
        ]
    if true(arguments.get("include_delivery")):
        row["delivery"] = _delivery(order)
    return row


def _row(account: Account, order: Order, closed_text: str) -> dict[str, Any]:
    client, user = account.clients.get(order.client), account.employees.get(order.user)
    payed = order.total if order.status == 2 else 0
    return {
        "transaction_id": str(order.id),
        "date_start": str(order.started),
        "date_close": str(order.closed),
        "date_close_date": closed_text,
        "status": str(order.status),
        "guests_count": str(order.guests),
        "discount": str(order.discount),
        "bonus": "0",
        "pay_type": str(0 if not payed else 2 if order.card else 1),
        "payed_bonus": "0",
        "payed_card": str(payed if order.card else 0),
        "payed_cash": str(0 if order.card else payed),
        "payed_sum": str(payed),
        "tip_sum": "0",
        "round_sum": "0",
        "sum": str(order.total),
        "spot_id": str(order.spot),
        "table_id": str(order.table),
        "table_name": str(order.table or ""),
        "name": user.name if user else "",
        "user_id": str(order.user),
        "client_id": str(order.client),
        "client_firstname": client.firstname if client else None,
        "client_lastname": client.lastname if client else None,
        "client_phone": client.phone if client else "",
        "transaction_comment": order.comment or None,
        "reason": str(order.reason),
        "print_fiscal": "0",
        "service_mode": str(order.mode),
        "processing_status": PROCESSING[order.status],
        "extras": order.extras or [],
    }


def _line(line: OrderLine) -> dict[str, Any]:
    """No names here: they come from menu.getProducts or getTransactionProducts."""
    return {
        "product_id": str(line.product),
        "modification_id": str(line.variant or _combination(line)),
        "type": "2" if line.modification else "3",
        "num": f"{line.count:.7f}",
        "product_price": str(line.price),
        "payed_sum": str(round(line.price * line.count)),
        "product_cost": "0",
        "product_profit": str(round(line.price * line.count)),
    }


def _combination(line: OrderLine) -> int:
    """A dish with modifiers has an id of that combination, which the menu does not name."""
    return zlib.crc32(line.modification.encode()) % 100_000 + 900_000 if line.modification else 0


def _delivery(order: Order) -> dict[str, Any] | None:
    if order.delivery is None:
        return None
    paid = {"payment_method_id": 1, "delivery_zone_id": 1, "bill_amount": 0, "delivery_price": 5000}
    when = datetime.fromtimestamp(order.started / 1000 + 3600, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return paid | order.delivery | {"delivery_time": when, "courier_id": 4}


def get_transaction_products(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    if not arguments.get("transaction_id"):
        raise Rejected(EMPTY, "Field can not be empty", "transaction_id")
    order = account.orders.get(number(arguments["transaction_id"]))
    return [_named_line(account, line) for line in order.lines] if order else []


def _chosen(account: Account, line: OrderLine) -> str | None:
    dish = account.dishes.get(line.product)
    names = {
        one.id: account.word(one.name) for group in (dish.groups if dish else ()) for one in group.modifiers
    }
    return ", ".join(names.get(int(one["m"]), "") for one in json.loads(line.modification or "[]")) or None


def _named_line(account: Account, line: OrderLine) -> dict[str, Any]:
    dish = account.dishes.get(line.product)
    variant = next((row for row in dish.variants if row.id == line.variant), None) if dish else None
    return {
        "product_id": str(line.product),
        "product_name": account.word(dish.name) if dish else "",
        "modification_id": str(line.variant or _combination(line)),
        "modificator_name": account.word(variant.name) if variant else _chosen(account, line),
        "category_id": str(dish.category) if dish else "0",
        "num": f"{line.count:.7f}",
        "product_sum": str(round(line.price * line.count)),
        "payed_sum": str(round(line.price * line.count)),
        "weight_flag": "0",
    }
