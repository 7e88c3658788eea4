"""An online order with delivery fields: the kitchen and the courier see the address where Poster shows it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server import menu
from server.db import reading
from server.incoming import Incoming, Unclear, Wish, guest, said, zone
from server.models import Account
from server.poster.client import Poster
from server.poster.rows import to_decimal
from server.poster.trouble import FATAL, NO_ACCESS, TARIFF, NotConnected, PosterError

DELIVERY = 3
EMPTY, WRONG, BAD_REQUEST, PAST = 34, 155, 400, 185
# Its fields for a delivery stand in no old documentation: an account that refuses one gets the order without them.
ABOUT_FIELDS = frozenset({EMPTY, WRONG, BAD_REQUEST, PAST})
OPTIONAL = ("service_mode", "client_address", "delivery_time", "first_name")
MOST_PIECES = 999

# Poster's language -> what stands before each part of an address
LABELS = {
    "ua": {"entrance": "під'їзд", "floor": "поверх", "flat": "кв.", "code": "код"},
    "ru": {"entrance": "подъезд", "floor": "этаж", "flat": "кв.", "code": "код"},
    "en": {"entrance": "entrance", "floor": "floor", "flat": "flat", "code": "code"},
    "pl": {"entrance": "klatka", "floor": "piętro", "flat": "m.", "code": "kod"},
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """As the register says it; `lines` and `place` are the wire's, see docs/messages.md."""

    spot: int
    client: int
    number: str
    name: str
    lines: list[Json]
    place: Mapping[str, Any]
    comment: str
    minutes: int


class Online:
    def __init__(self, poster: Poster, incoming: Incoming) -> None:
        self._poster = poster
        self._incoming = incoming

    def order(self, account: Account, call: str, wanted: Wanted, who: tuple[int, str] = (0, "")) -> Json:
        """`{"ok": True, "id", "order"}`, or `refused`, `plan`, `unclear`, `unavailable`."""
        products = [line for one in _as_sold(account.id, wanted) if (line := product(one))]
        if not wanted.spot or not products or len(products) != len(wanted.lines):
            return _no("refused")
        if not wanted.client and not wanted.number:
            return _no("refused")
        due = time.time() + 60 * wanted.minutes if wanted.minutes else None
        fields = _fields(account, wanted, products, due)
        plain: list[bool] = []

        def create(mark: str, until: float) -> Any:
            body = {**fields, "comment": said(wanted.comment, mark)}
            try:
                return self._poster.post(account.id, "incomingOrders.createIncomingOrder", body, until)
            except PosterError as error:
                if error.code not in ABOUT_FIELDS or not any(name in body for name in OPTIONAL):
                    raise
            plain.append(True)
            body = _without_fields(account, fields, wanted, mark)
            return self._poster.post(account.id, "incomingOrders.createIncomingOrder", body, until)

        what = {**vars(wanted), "place": dict(wanted.place)}
        own = "incomingOrders.getOwnIncomingOrders"
        try:
            made = self._incoming.make(
                Wish(account.id, what, create, own, call, wanted.client, due=due, who=who)
            )
        except (PosterError, NotConnected, Unclear) as why:
            return _no(word(why, "plan"))
        return {"ok": True, "id": made.id, "order": made.transaction or None, "plain": bool(plain)}


def word(why: Exception, forbidden: str) -> str:
    """What went wrong in a word that the register knows; `forbidden` when the account may not do this at all."""
    if isinstance(why, Unclear):
        return "unclear"
    if not isinstance(why, PosterError) or why.code in FATAL:
        return "unavailable"
    return forbidden if why.code in (TARIFF, NO_ACCESS) else "refused"


def _no(error: str) -> Json:
    return {"ok": False, "error": error}


def product(line: Mapping[str, Any]) -> Json | None:
    """A line as Poster wants it, at the menu's price; None when it can't be ordered."""
    dish, count = line.get("product"), to_decimal(line.get("count"))
    if type(dish) is not int or dish <= 0 or not 0 < count <= MOST_PIECES:
        return None
    one: Json = {"product_id": dish, "count": int(count) if count == int(count) else float(count)}
    modification, variant = line.get("modification"), line.get("modification_id")
    if isinstance(modification, str) and modification.startswith("["):
        return {**one, "modification": modification[:2000]}
    return {**one, "modificator_id": variant} if type(variant) is int and variant > 0 else one


def _as_sold(account: int, wanted: Wanted) -> list[Json]:
    """An old order of a dish with modifiers names a combination of them; only a product's variant can be asked for."""
    ids = [one["product"] for one in wanted.lines if type(one.get("product")) is int]
    with reading():
        sold = {one["id"]: one for one in menu.products(account, ids, None) if not one["deleted"]}
    variants = {key: {one["id"] for one in row["variants"]} for key, row in sold.items()}

    def known(line: Json) -> bool:
        return line.get("product") not in sold or line.get("modification_id") in variants[line["product"]]

    return [line if known(line) else {**line, "modification_id": 0} for line in wanted.lines]


def _fields(account: Account, wanted: Wanted, products: list[Json], due: float | None) -> Json:
    body: Json = {
        "spot_id": wanted.spot,
        "products": products,
        **guest(wanted.client, wanted.number, wanted.name),
    }
    address1, address2 = address(wanted.place, account.lang)
    if address1:
        where = {"address1": address1, "address2": address2, "comment": str(wanted.place.get("note") or "")}
        body |= {"service_mode": DELIVERY, "client_address": where}
    here = zone(account)
    if due and here:
        body["delivery_time"] = datetime.fromtimestamp(due, here).strftime("%Y-%m-%d %H:%M:%S")
    return body


def _without_fields(account: Account, fields: Json, wanted: Wanted, mark: str) -> Json:
    """The same order as old accounts know it: where to and by when stand in its comment."""
    body = {name: value for name, value in fields.items() if name not in OPTIONAL}
    where = ", ".join(part for part in address(wanted.place, account.lang) if part)
    note, by = str(wanted.place.get("note") or ""), str(fields.get("delivery_time", ""))[11:16]
    comment = "; ".join(part for part in (where, note, by, wanted.comment) if part)
    return {**body, "comment": said(comment, mark), **({"address": where} if where else {})}


def address(place: Mapping[str, Any], lang: str) -> tuple[str, str]:
    """Street and house, then how to get to the door, as Poster's two lines have them."""
    parts = {name: str(value or "").strip()[:200] for name, value in place.items()}
    street = " ".join(parts.get(name, "") for name in ("street", "house")).strip()
    labels = LABELS.get(lang, LABELS["en"])
    door = ", ".join(f"{label} {parts[name]}" for name, label in labels.items() if parts.get(name))
    return (street, door) if street else (parts.get("text", ""), "")
