"""Poster's rows of guests and orders become rows of ours. Nothing is asked or written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from server import phones, places
from server.guests import cards
from server.poster.rows import as_dict, count, dicts, moment, to_decimal, to_int, to_text

OPEN, CLOSED, REMOVED = "open", "closed", "removed"
STATUSES = {1: OPEN, 2: CLOSED, 3: REMOVED, 4: REMOVED}  # 0, on online orders, waits: it is no order yet
WAITING, ACCEPTED, CANCELLED = 0, 1, 7
SERVER_ZONE = timezone(timedelta(hours=3))  # of Poster's text dates, wherever the account is

Row = Mapping[str, Any]
Names = Callable[[int, int], tuple[str, str]]


def kopecks(value: object) -> int:
    """Poster's sums are whole kopecks; one that is not is rounded."""
    return int(to_decimal(value).to_integral_value())


def number_of(row: Row, country: str) -> str:
    """E.164, or "" where nobody could be called: the digits are Poster's own, the other is text for the eye."""
    for name in ("phone_number", "phone"):
        if (found := phones.read(to_text(row.get(name), 64), country)) and found.matchable:
            return found.e164
    return ""


def guest(row: Row, folded: Callable[[str], str]) -> tuple[Any, ...]:
    """In the order of `taking.GUEST`, from client_id to deleted."""
    shaped = cards.guest(row, "")
    return (
        shaped["id"], shaped["name"], folded(shaped["name"]), shaped["group_id"], shaped["group"],
        shaped["loyalty"], kopecks(row.get("bonus")) if shaped["loyalty"] == "bonus" else 0,
        shaped["discount"] or "", shaped["comment"], shaped["address"], places.key(shaped["address"]),
        birthday(row.get("birthday")), kopecks(row.get("total_payed_sum")), since(row.get("date_activale")),
        cards.deleted(row),
    )  # fmt: skip


def birthday(value: object) -> str:
    """`1990-05-31` -> `05-31`; zeros are no birthday."""
    text = to_text(value, 10)[-5:]
    try:
        datetime.strptime(f"2000-{text}", "%Y-%m-%d")
    except ValueError:
        return ""
    return text


def since(value: object) -> float | None:
    """Unix seconds of a text date of Poster's."""
    try:
        return (
            datetime.strptime(to_text(value, 19), "%Y-%m-%d %H:%M:%S").replace(tzinfo=SERVER_ZONE).timestamp()
        )
    except (ValueError, OverflowError):
        return None


def status(row: Row) -> str:
    """ "" for what is no order (yet)."""
    if to_int(row.get("processing_status")) == cards.REMOVED_IN_KITCHEN:
        return REMOVED
    return STATUSES.get(to_int(row.get("status")), "")


def order(row: Row, names: Names) -> tuple[Any, ...]:
    """In the order of `taking.ORDER`, from transaction_id to items."""
    delivery = as_dict(row.get("delivery"))
    return (
        to_int(row.get("transaction_id")), to_int(row.get("client_id")), to_int(row.get("date_start")),
        to_int(row.get("date_close")), kopecks(row.get("sum")), status(row), to_int(row.get("processing_status")),
        to_int(row.get("spot_id")), to_text(row.get("name"), 100), cards.order(row, [])["delivery"],
        cards.place(delivery), json.dumps(items(row, names), ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


def items(row: Row, names: Names) -> list[list[Any]]:
    """See `models.GuestOrder`. Dishes that nobody can name stay: the menu may learn of them later."""
    found = []
    for one in dicts(row.get("products"))[: cards.MOST_ITEMS]:
        product, modification = to_int(one.get("product_id")), to_int(one.get("modification_id"))
        if product:
            found.append(
                [product, modification, count(one.get("num")), _price(one), *names(product, modification)]
            )
    return found


def _price(row: Row) -> int:
    """Of one, in kopecks."""
    number = to_decimal(row.get("num"))
    if row.get("product_price") not in (None, "") or not number:
        return kopecks(row.get("product_price"))
    return int((to_decimal(row.get("payed_sum")) / number).to_integral_value())


def online(row: Row, country: str) -> tuple[Any, ...]:
    """In the order of `taking.ONLINE`, from incoming_id to transaction_id."""
    lines = dicts(row.get("products"))
    total = sum(
        (to_decimal(one.get("price")) * to_decimal(one.get("count") or 1) for one in lines), Decimal(0)
    )
    address = cards.place(as_dict(row.get("client_address"))) or to_text(row.get("address"))
    number = phones.read(to_text(row.get("phone"), 64), country)
    return (
        to_int(row.get("incoming_order_id")), to_int(row.get("client_id")), number.e164 if number.matchable else "",
        to_int(row.get("spot_id")), to_int(row.get("status")), to_text(row.get("created_at"), 19),
        int(total.to_integral_value()), address, to_int(row.get("transaction_id")),
    )  # fmt: skip


def when(row: Row) -> float:
    """Unix seconds at which an order was opened."""
    return float(moment(row.get("date_start")))
