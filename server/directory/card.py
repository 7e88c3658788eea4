"""The card of docs/messages.md, put together from the directory alone: Poster may be slow or gone."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server import flags, kin, menu, places
from server.db import reading
from server.directory import known
from server.directory.known import Order, Read
from server.directory.shaping import CLOSED, OPEN
from server.guests.cards import COMPLETE, FOUND, MOST_ITEMS, UNKNOWN, YEAR, Names
from server.poster.rows import money

MOST_GUESTS = 20
MOST_LAST, MOST_OPEN = 5, 10  # orders on a card
USUAL = 3
BIRTHDAY_WITHIN = 7
KITCHEN = {20: "cooking", 30: "ready", 40: "on_the_way", 50: "delivered"}
WORDS = {0: "waiting", 1: "accepted"}

Json = dict[str, Any]


def card(account: int, number: str) -> Json | None:
    """Who has the number, with everything that is known of them; None when the directory knows nobody.

    `stage` is found while nobody has read the orders, unknown where only deleted guests have the number.
    """
    with reading():
        guests = known.guests_with(account, number)
        if not guests:
            return None
        here = [one for one in guests if not one["deleted"]][:MOST_GUESTS]
        read, names = known.read(account), menu.names(account)
        told = flags.of(account, {one["id"]: one["paid"] for one in here})
        online = known.online(account, number, [one["id"] for one in here])
        return {
            "stage": _stage(here, read),
            "number": number,
            "hidden": [one["id"] for one in guests if one["deleted"]],
            "at": _at(here or guests, read),
            "behind": False,
            "guests": [
                {
                    **_guest(one, number),
                    "flags": told[one["id"]],
                    **_facts(account, number, one, read, names, online),
                }
                for one in here
            ],
        }


def _stage(guests: list[Json], read: Read) -> str:
    if not guests:
        return UNKNOWN
    return COMPLETE if all(_orders_at(one, read) for one in guests) else FOUND


def _orders_at(guest: Json, read: Read) -> float:
    """When the guest's orders were last read, 0 for never."""
    return max(guest["orders_at"] or 0.0, read.orders_at or 0.0)


def _at(guests: list[Json], read: Read) -> float:
    """The oldest of what stands on the card. Orders that nobody has read yet don't stand there."""
    times = [(one["read_at"], _orders_at(one, read)) for one in guests]
    return float(min(moment for pair in times for moment in pair if moment))


def _guest(one: Json, number: str) -> Json:
    return {
        "id": one["id"], "name": one["name"], "phone": number, "group": one["group"], "group_id": one["group_id"],
        "loyalty": one["loyalty"], "bonus": money(one["bonus"]) if one["loyalty"] == "bonus" else None,
        "discount": one["discount"] if one["loyalty"] == "discount" else None, "comment": one["comment"],
        "address": one["address"],
    }  # fmt: skip


def _facts(
    account: int, number: str, one: Json, read: Read, names: Names, online: list[tuple[Any, ...]]
) -> Json:
    client, year_ago = one["id"], 1000 * (time.time() - YEAR)
    lately = known.lately(account, client)
    closed = [order for order in lately if order.status == CLOSED]
    newest = next((order for order in closed if order.started >= year_ago), None)
    return {
        "last_address": next((order.address for order in lately if order.address), one["address"]),
        "last_order": _last(newest, names) if newest else None,
        "hints": _hints(one, read.timezone),
        "figures": _figures(account, one, read),
        "orders": [_order(row, names) for row in lately[:MOST_LAST]],
        "usual": usual([known.items(order) for order in closed], names),
        "open": _open(client, lately, online),
        "addresses": places.of(account, client, one["address"], one["since"] or 0),
        "numbers": kin.numbers_of(account, client, number),
    }


def _last(row: Order, names: Names) -> Json:
    items = [{key: item[key] for key in ("name", "modification", "count")} for item in _items(row, names)]
    return {"at": _when(row), "sum": money(row.sum), "delivery": bool(row.delivery), "items": items}


def _when(row: Order) -> int:
    return (row.closed or row.started) // 1000


def _order(row: Order, names: Names) -> Json:
    return {
        "id": row.id, "order": row.started, "at": row.started // 1000, "closed": row.closed // 1000 or None,
        "open": row.status == OPEN, "sum": money(row.sum), "delivery": bool(row.delivery), "address": row.address,
        "by": row.employee, "spot": row.spot, "items": _items(row, names),
    }  # fmt: skip


def _items(row: Order, names: Names) -> list[Json]:
    """A dish that nobody can name is there by its number: whoever repeats the order must hear of it."""
    shaped = [_item(item, names) for item in known.items(row)]
    there = [item for item in shaped if item["name"] or item["count"] != "0"][:MOST_ITEMS]
    return [{**item, "name": item["name"] or f"№ {item['product']}"} for item in there]


def _item(item: list[Any], names: Names) -> Json:
    """As it was called when it was ordered, else as the menu calls it now."""
    product, modification, count, price, name, variant = item
    if not name:
        name, variant = names(product, modification)
    return {"product": product, "modification_id": modification, "name": name, "modification": variant,
            "count": count, "price": money(price)}  # fmt: skip


def usual(orders: list[list[list[Any]]], names: Names) -> list[Json]:
    """What is in most of the orders (newest first); of two that are in as many, what was ordered last."""
    times: Counter[tuple[int, int]] = Counter()
    newest: dict[tuple[int, int], list[Any]] = {}
    for items in orders:
        times.update({(item[0], item[1]) for item in items})
        for item in items:
            newest.setdefault((item[0], item[1]), item)
    ranked = sorted(newest, key=lambda key: -times[key])  # stable: the newest stay first
    shaped = ({**_item(newest[key], names), "times": times[key]} for key in ranked)
    return [item for item, _ in zip((item for item in shaped if item["name"]), range(USUAL), strict=False)]


def _figures(account: int, one: Json, read: Read) -> Json | None:
    known_from = [
        *([one["orders_at"] - YEAR] if one["orders_at"] else []),
        *([read.orders_from] if read.orders_from else []),
    ]
    if not known_from:
        return None
    since = min(known_from)
    count, total = known.figures(account, one["id"], since)
    average = money(total / count) if count else "0.00"
    known_since = int(one["since"]) if one["since"] else None
    return {"since": known_since, "orders": count, "total": money(total), "average": average,
            "paid": money(one["paid"]), "from": int(since)}  # fmt: skip


def _open(client: int, lately: list[Order], online: list[tuple[Any, ...]]) -> list[Json]:
    """What goes on: orders, and online orders that somebody must accept or that are not yet orders."""
    running = [order for order in lately if order.status == OPEN][:MOST_OPEN]
    found: list[Json] = [
        {"kind": "order", "id": row.id, "order": row.started, "at": row.started // 1000, "sum": money(row.sum),
         "address": row.address, "spot": row.spot, "status": KITCHEN.get(row.processing, "open")} for row in running
    ]  # fmt: skip
    day_ago = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
    for id_, spot, status, at, total, address, transaction, theirs in online:
        # An accepted one is an order like any other as soon as it has its number.
        over = status and (transaction or at[:10] < day_ago)
        if theirs in (0, client) and not over:
            found.append({"kind": "online", "id": id_, "order": None, "at": None, "sum": money(total),
                          "address": address, "spot": spot, "status": WORDS[status]})  # fmt: skip
    return found


def _hints(one: Json, timezone: str) -> list[Json]:
    found: list[Json] = []
    days = until_birthday(one["birthday"], _today(timezone))
    if days is not None and days <= BIRTHDAY_WITHIN:
        found.append({"kind": "birthday", "days": days})
    if one["loyalty"] == "bonus" and one["bonus"] > 0:
        found.append({"kind": "bonus", "sum": money(one["bonus"])})
    return found


def until_birthday(birthday: str, today: date) -> int | None:
    """Days until `MM-DD`, 0 on the day; who was born on 29 February has it on 1 March in other years."""
    if not birthday:
        return None
    month, day = int(birthday[:2]), int(birthday[3:])
    for year in (today.year, today.year + 1):
        try:
            on = date(year, month, day)
        except ValueError:
            on = date(year, 3, 1)
        if on >= today:
            return (on - today).days
    return None


def _today(timezone: str) -> date:
    try:
        return datetime.now(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError):  # an account whose zone nobody knows, a box without tzdata
        return datetime.now(UTC).date()
