"""Online orders and bookings: made through the Web API, accepted or declined at a register."""

from __future__ import annotations

import json
from typing import Any

from sandbox.account import Account
from sandbox.parts import BadRequest
from sandbox.rows import Incoming, Order, OrderLine, Tablet
from sandbox.world import Unknown, World

NEW, ACCEPTED, CANCELLED = 0, 1, 7
FIRST_ID = 1000
"""Those of people begin here; below are the seeded ones."""


def keep(world: World, account: Account, row: Incoming) -> Incoming:
    """A new order waits for somebody at a register, unless the account accepts by itself."""
    with world.lock:
        account.keep_incoming(row, "added")
        how = account.fault("online_orders")
        if row.kind == 1 and how == "at_once":
            accept(world, account, row.id)
        elif row.kind == 1 and how == "waiting":
            order = _order(world, account, row, None, 0)
            order.status = 0
            row.transaction = order.id
            account.keep_order(order, "added", "open")
    return row


def next_id(account: Account) -> int:
    return max([FIRST_ID, *account.incoming]) + 1


def accept(
    world: World, account: Account, number: int, tablet: Tablet | None = None, user: int = 0
) -> Order | None:
    """The order that it became; a booking becomes one only when the guests come."""
    with world.lock:
        row = _new(account, number)
        row.status, row.updated = ACCEPTED, int(world.clock() * 1000)
        order = None
        if row.kind == 1:
            order = account.orders.get(row.transaction or 0) or _order(world, account, row, tablet, user)
            order.status, row.transaction = 1, order.id
            account.keep_order(order, "added", "open")
        account.keep_incoming(row, "changed")
    return order


def decline(world: World, account: Account, number: int) -> Incoming:
    with world.lock:
        row = _new(account, number)
        row.status, row.updated = CANCELLED, int(world.clock() * 1000)
        if order := account.orders.get(row.transaction or 0):
            order.status, order.closed = 4, row.updated
            account.keep_order(order, "removed", "delete")
        account.keep_incoming(row, "changed")
    return row


def _new(account: Account, number: int) -> Incoming:
    row = account.incoming.get(number)
    if row is None:
        raise Unknown(f"There is no online order {number}.")
    if row.status != NEW:
        raise BadRequest("This online order is accepted or declined already.")
    return row


def _order(world: World, account: Account, row: Incoming, tablet: Tablet | None, user: int) -> Order:
    tablet = tablet or next(one for one in account.tablets.values() if one.spot == row.spot)
    taken = {order.started for order in account.orders.values()}
    started = int(world.clock() * 1000)
    while started in taken:
        started += 1
    order = Order(
        max([50_000, *account.orders]) + 1, started, tablet.spot, tablet.id, user, client=row.client
    )
    order.lines, order.comment, order.incoming = list(row.lines), row.comment, row.id
    order.mode, order.delivery = row.service, row.delivery or _old_address(row)
    return order


def _old_address(row: Incoming) -> dict[str, str] | None:
    return {"address1": row.address, "address2": "", "comment": ""} if row.address else None


def line(account: Account, product: int, count: float, variant: int, modification: str) -> OrderLine:
    """At the menu's price."""
    dish = account.dishes[product]
    base = next((one.price for one in dish.variants if one.id == variant), dish.price)
    prices = {one.id: one.price for group in dish.groups for one in group.modifiers}
    chosen = json.loads(modification) if modification else []
    price = base + sum(prices[int(one["m"])] * int(one.get("a", 1)) for one in chosen)
    return OrderLine(product, count, price, variant, modification)


def pos_incoming(account: Account, row: Incoming) -> dict[str, Any]:
    """The register's view; money is currency units."""
    dishes = account.dishes
    return {
        "id": row.id,
        "type": row.kind,
        "status": row.status,
        "spotId": row.spot,
        "clientId": row.client,
        "firstName": row.name,
        "phone": row.phone,
        "comment": row.comment,
        "serviceMode": row.service,
        "address": ", ".join(filter(None, (row.delivery or {}).values())) or row.address,
        "deliveryTime": row.until,
        "tableId": row.table,
        "guestsCount": row.guests,
        "dateCreate": row.created,
        "sum": sum(one.price * one.count for one in row.lines) / 100,
        "products": [
            {"id": one.product, "count": one.count, "name": account.word(dishes[one.product].name)}
            for one in row.lines
            if one.product in dishes
        ],
    }
