"""Orders made at a register, as they reach Poster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.clients import number
from sandbox.parts import BadRequest
from sandbox.rows import Order, OrderLine, Tablet
from sandbox.world import Unknown, World

FIRST_ID = 50_000
"""Orders of people begin here; below are the seeded ones."""


def keep(world: World, account: Account, tablet: Tablet, asked: Mapping[str, Any]) -> Order:
    """Creates or changes the order that was opened at this millisecond."""
    started = number(asked.get("id"))
    if started <= 0:
        raise BadRequest("An order needs an id: the millisecond at which it was opened.")
    with world.lock:
        order = account.order_started_at(started)
        action = "changed" if order else "added"
        order = order or Order(_next_id(account), started, tablet.spot, tablet.id, 0)
        if order.status != 1:
            raise BadRequest("This order is closed.")
        pieces = _pieces(order)
        _write(account, order, asked)
        account.keep_order(order, action, _history(action, pieces, _pieces(order)))
    return order


def _pieces(order: Order) -> float:
    return sum(line.count for line in order.lines)


def _history(action: str, before: float, after: float) -> str:
    """Poster's word for what was done at the register."""
    if action == "added":
        return "open"
    return "additem" if after > before else "changeitemcount" if after < before else "changeorder"


def _next_id(account: Account) -> int:
    return max([FIRST_ID, *account.orders]) + 1


def _write(account: Account, order: Order, asked: Mapping[str, Any]) -> None:
    client = number(asked.get("clientId"))
    if client and client not in account.clients:
        raise Unknown(f"There is no client {client}.")
    lines = [_line(row) for row in _products(asked.get("products"))]
    order.user, order.client = number(asked.get("userId")), client
    order.table = number(asked.get("tableId"))
    order.comment = str(asked.get("comment") or "")
    order.mode = number(asked.get("serviceMode"), order.mode) or 1
    _place(order, str(asked.get("deliveryAddress") or ""))
    order.lines = [line for line in lines if line.count > 0]
    group = account.groups[account.clients[client].group] if client else None
    order.discount = group.percent if group and group.loyalty == 2 else 0
    if isinstance(asked.get("extras"), dict):
        order.extras = {str(key): str(value) for key, value in asked["extras"].items()}


def _place(order: Order, text: str) -> None:
    """The register keeps one line of it; what an online order brought stays as it is."""
    if order.mode != 3:
        order.delivery = None
    elif text and not order.incoming:
        order.delivery = {"address1": text, "address2": "", "comment": ""}


def _products(products: object) -> list[Mapping[str, Any]]:
    rows = list(products.values()) if isinstance(products, dict) else products
    if not isinstance(rows, list):
        return []
    return [row for row in rows if isinstance(row, dict)]


def _line(row: Mapping[str, Any]) -> OrderLine:
    modification = row.get("modification")
    variant = number(modification) if not str(modification or "").startswith("[") else 0
    line = OrderLine(
        number(row.get("id")), float(row.get("count") or 0), round(float(row.get("price") or 0) * 100)
    )
    line.variant, line.modification = variant, "" if variant else str(modification or "")
    return line


def find(account: Account, id: object) -> Order:
    """By the register's id, the millisecond of opening."""
    order = account.order_started_at(number(id))
    if order is None:
        raise Unknown(f"There is no order {str(id)[:20]!r}.")
    return order


def finish(world: World, account: Account, id: object, status: int, card: bool = False) -> Order:
    """`status` 2 closes and counts the money, 3 removes."""
    with world.lock:
        order = find(account, id)
        if order.status != 1:
            raise BadRequest("This order is closed already.")
        order.status, order.closed, order.card = status, int(world.clock() * 1000), card
        guest = account.clients.get(order.client)
        account.keep_order(
            order, "closed" if status == 2 else "removed", "close" if status == 2 else "delete"
        )
        if guest and status == 2:
            guest.total_payed += order.total
            account.keep_client(guest, "changed")
    return order
