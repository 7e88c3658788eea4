"""Rows of Poster's become the guest card of docs/messages.md. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from server.poster.rows import as_dict, count, dicts, moment, money, to_decimal, to_int, to_text

FOUND, COMPLETE, UNKNOWN, FAILED = "found", "complete", "unknown", "failed"
LOYALTY = {1: "bonus", 2: "discount"}

CLOSED, REMOVED, CANCELLED = 2, 3, 4
REMOVED_IN_KITCHEN = 70
DELIVERY = 3
YEAR = 365 * 86400
MOST_ITEMS = 200

Json = dict[str, Any]
# (product id, modification id) -> (dish, its variant); ("", "") when nobody knows
Names = Callable[[int, int], tuple[str, str]]


def card(stage: str, number: str, guests: Iterable[Json] = (), hidden: Iterable[int] = ()) -> Json:
    return {"stage": stage, "number": number, "hidden": sorted(hidden), "guests": list(guests)}


def guest(row: Mapping[str, Any], number: str) -> Json:
    """A row of clients.getClients, before anything is known of the orders."""
    loyalty = LOYALTY.get(to_int(row.get("loyalty_type")), "none")
    address = address_of(row)
    return {
        "id": to_int(row.get("client_id")),
        "name": name_of(row),
        "phone": number,
        "group": to_text(row.get("client_groups_name"), 100),
        "group_id": to_int(row.get("client_groups_id")),
        "loyalty": loyalty,
        "bonus": money(row.get("bonus")) if loyalty == "bonus" else None,
        "discount": _discount(row) if loyalty == "discount" else None,
        "comment": to_text(row.get("comment")),
        "address": address,
        "last_address": address,
        "last_order": None,
    }


def name_of(row: Mapping[str, Any]) -> str:
    """Which half is the given name nobody knows: old accounts keep the whole name in `lastname`."""
    parts = (to_text(row.get("lastname"), 200), to_text(row.get("firstname"), 200))
    return " ".join(part for part in parts if part)


def deleted(row: Mapping[str, Any]) -> bool:
    return to_int(row.get("delete")) != 0


def _discount(row: Mapping[str, Any]) -> str:
    """The guest's own percentage, else the group's."""
    own = row.get("discount_per")
    return count(own if to_decimal(own) else row.get("client_groups_discount"))


def address_of(row: Mapping[str, Any]) -> str:
    """The first of the profile's addresses in the restaurant's own order, else the old single text."""
    rows = [
        (to_int(one.get("sort_order")), -to_int(one.get("id")), one) for one in dicts(row.get("addresses"))
    ]
    texts = [text for _, _, one in sorted(rows, key=lambda key: key[:2]) if (text := place(one))]
    return texts[0] if texts else to_text(row.get("address")) or to_text(row.get("address1"))


def place(row: Mapping[str, Any]) -> str:
    """Street and house, then entrance, floor and flat; the town where there is no street."""
    parts = [text for name in ("address1", "address2") if (text := to_text(row.get(name), 200))]
    return ", ".join(parts) or to_text(row.get("city"), 200)


def orders_of(answer: object, client_id: int) -> list[Json]:
    """The guest's transactions, newest first. Poster does not say in what order it sends them."""
    rows = [row for row in dicts(answer) if to_int(row.get("client_id", client_id)) == client_id]
    return sorted(rows, key=when, reverse=True)


def when(row: Mapping[str, Any]) -> int:
    return moment(row.get("date_close")) or moment(row.get("date_start"))


def last_closed(orders: Iterable[Json], now: float) -> Json | None:
    closed = (row for row in orders if to_int(row.get("status")) == CLOSED and not _removed(row))
    return next((row for row in closed if when(row) > now - YEAR), None)


def last_address(orders: Iterable[Json]) -> str:
    """Where the newest delivery went, or goes now."""
    ours = (row for row in orders if not _removed(row))
    return next((text for row in ours if (text := place(as_dict(row.get("delivery"))))), "")


def _removed(row: Mapping[str, Any]) -> bool:
    gone = to_int(row.get("processing_status")) == REMOVED_IN_KITCHEN
    return gone or to_int(row.get("status")) in (REMOVED, CANCELLED)


def order(row: Mapping[str, Any], items: list[Json]) -> Json:
    delivery = to_int(row.get("service_mode")) == DELIVERY or bool(as_dict(row.get("delivery")))
    return {"at": when(row), "sum": money(row.get("sum")), "delivery": delivery, "items": items}


def named_items(answer: object) -> list[Json]:
    """Rows of dash.getTransactionProducts, which carry the names."""
    items = [
        _item(
            to_text(row.get("product_name"), 200), to_text(row.get("modificator_name"), 200), row.get("num")
        )
        for row in dicts(answer)
    ]
    return [item for item in items if item["name"]][:MOST_ITEMS]


def items(row: Mapping[str, Any], names: Names) -> list[Json]:
    """The products of a transaction, which carry ids; a dish that the menu has no more is left out."""
    found = [
        _item(*names(to_int(one.get("product_id")), to_int(one.get("modification_id"))), one.get("num"))
        for one in dicts(row.get("products"))
    ]
    return [item for item in found if item["name"]][:MOST_ITEMS]


def _item(name: str, modification: str, number: object) -> Json:
    return {"name": name, "modification": modification, "count": count(number)}


def group(row: Mapping[str, Any]) -> Json:
    """A row of clients.getGroups."""
    percent = to_decimal(row.get("client_groups_discount"))
    return {
        "id": to_int(row.get("client_groups_id")),
        "name": to_text(row.get("client_groups_name"), 100),
        "discount": int(percent) if percent == int(percent) else float(percent),
        "loyalty": LOYALTY.get(to_int(row.get("loyalty_type")), "none"),
    }
