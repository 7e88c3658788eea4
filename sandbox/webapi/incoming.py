"""incomingOrders.*: online orders. Bookings stand in `bookings`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox import clients, incoming
from sandbox.account import Account
from sandbox.clients import EMPTY, NO_SUCH_ID, Rejected, number
from sandbox.rows import Incoming, OrderLine
from sandbox.webapi.shapes import moment, zone
from sandbox.world import World

NOT_AN_ARRAY, BAD_VALUE, IN_THE_PAST, SAVE_FAILED, TARIFF = 36, 155, 185, 44, 700
FORM = "%Y-%m-%d %H:%M:%S"
DELIVERY_FIELDS = ("service_mode", "client_address", "delivery_time", "delivery_price", "client_address_id")

Arguments = Mapping[str, Any]


def get_incoming_orders(world: World, account: Account, arguments: Arguments) -> Any:
    return rows(account, arguments, 1)


def get_own_incoming_orders(world: World, account: Account, arguments: Arguments) -> Any:
    return rows(account, arguments, 1, own=True)


def get_incoming_order(world: World, account: Account, arguments: Arguments) -> Any:
    """One object, not a list of one."""
    found = account.incoming.get(number(arguments.get("incoming_order_id")))
    if found is None or found.kind != 1:
        raise Rejected(NO_SUCH_ID, "Order with this id doesn't exist", "incoming_order_id")
    return row_of(account, found)


def rows(account: Account, arguments: Arguments, kind: int, own: bool = False) -> list[dict[str, Any]]:
    found = [row for row in account.incoming.values() if row.kind == kind and (row.own or not own)]
    if arguments.get("status") not in (None, ""):
        found = [row for row in found if row.status == number(arguments["status"])]
    if wanted := number(arguments.get("incoming_order_id")):
        found = [row for row in found if row.id == wanted]
    since, until = str(arguments.get("date_from") or ""), str(arguments.get("date_to") or "9999")
    told = [row_of(account, row) for row in found]
    return [row for row in told if since <= row["created_at"] <= until]


def create_incoming_order(world: World, account: Account, arguments: Arguments) -> Any:
    if account.fault("online_write") == "700":
        raise Rejected(TARIFF, "Tariff restriction")
    if account.fault("online_write") == "refused":
        raise Rejected(SAVE_FAILED, "Save failed")
    row = arrived(world, account, arguments, 1)
    row.lines = [_line(account, one) for one in _products(arguments.get("products"))]
    _delivery(world, account, row, arguments)
    return row_of(account, incoming.keep(world, account, row))


def arrived(world: World, account: Account, arguments: Arguments, kind: int) -> Incoming:
    """Where and for whom; a number that a guest has is that guest's."""
    spot, client = number(arguments.get("spot_id")), number(arguments.get("client_id"))
    if spot not in account.spots:
        raise Rejected(NO_SUCH_ID if spot else EMPTY, "Wrong spot", "spot_id")
    if client and client not in account.clients:
        raise Rejected(NO_SUCH_ID, "Client with this id doesn't exist", "client_id")
    phone = str(arguments.get("phone") or "")
    if not client and not phone:
        raise Rejected(EMPTY, "Field can not be empty", "phone")
    digits = account.clients[client].digits if client else clients.international(phone, account.country)
    if not client and not digits:
        raise Rejected(clients.INVALID_PHONE, "Phone number is not valid", "phone")
    known = (one.id for one in account.clients.values() if one.digits == digits and not one.deleted)
    row = Incoming(
        incoming.next_id(account), spot, client or next(known, 0), digits, 0, int(world.clock() * 1000), []
    )
    row.kind, row.own, row.updated = kind, True, row.created
    row.name, row.comment = str(arguments.get("first_name") or ""), str(arguments.get("comment") or "")
    return row


def _products(value: object) -> list[Mapping[str, Any]]:
    found = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Rejected(NOT_AN_ARRAY, "Field must be an array", "products")
    if not found:
        raise Rejected(EMPTY, "Field can not be empty", "products")
    return found


def _line(account: Account, asked: Mapping[str, Any]) -> OrderLine:
    dish, count = account.dishes.get(number(asked.get("product_id"))), float(asked.get("count") or 0)
    if dish is None or dish.deleted:
        raise Rejected(NO_SUCH_ID, "Product with this id doesn't exist", "product_id")
    if count <= 0:
        raise Rejected(BAD_VALUE, "Wrong value", "count")
    variant = number(asked.get("modificator_id"))
    if dish.variants and variant not in {one.id for one in dish.variants}:
        raise Rejected(EMPTY, "Field can not be empty", "modificator_id")
    return incoming.line(account, dish.id, count, variant, _modification(dish, asked.get("modification")))


def _modification(dish: Any, value: object) -> str:
    """JSON text `[{"m":19,"a":1}]` of the dish's own modifiers; each group wants its least number of them."""
    known = {one.id: group.id for group in dish.groups for one in group.modifiers}
    try:
        chosen = [int(one["m"]) for one in json.loads(value)] if isinstance(value, str) and value else []
    except (ValueError, TypeError, KeyError):
        raise Rejected(BAD_VALUE, "Wrong value", "modification") from None
    if not set(chosen) <= known.keys():
        raise Rejected(BAD_VALUE, "Wrong value", "modification")
    for group in dish.groups:
        if sum(known[one] == group.id for one in chosen) < group.min:
            raise Rejected(EMPTY, "Field can not be empty", "modification")
    return str(value) if chosen else ""


def _delivery(world: World, account: Account, row: Incoming, arguments: Arguments) -> None:
    given = [name for name in DELIVERY_FIELDS if name in arguments]
    if given and account.fault("delivery_fields") == "refused":
        raise Rejected(EMPTY, "Field can not be empty", given[0])
    if "service_mode" in arguments and number(arguments["service_mode"]) not in (1, 2, 3):
        raise Rejected(BAD_VALUE, "Wrong value", "service_mode")
    row.mode, row.address = number(arguments.get("service_mode")), str(arguments.get("address") or "")
    place = arguments.get("client_address")
    if place is not None and not isinstance(place, dict):
        raise Rejected(NOT_AN_ARRAY, "Field must be an array", "client_address")
    if place:
        row.delivery = {name: str(place.get(name) or "") for name in ("address1", "address2", "comment")}
    if text := str(arguments.get("delivery_time") or ""):
        if date(account, text, FORM, BAD_VALUE, "delivery_time") < world.clock() - 60:
            raise Rejected(IN_THE_PAST, "Delivery time is in the past", "delivery_time")
        row.until = text


def date(account: Account, text: str, form: str, code: int, field: str) -> float:
    """Unix seconds of a moment in the account's zone."""
    try:
        return datetime.strptime(text, form).replace(tzinfo=zone(account)).timestamp()
    except ValueError:
        raise Rejected(code, "Wrong date", field) from None


def row_of(account: Account, row: Incoming) -> dict[str, Any]:
    client = account.clients.get(row.client)
    made, changed = moment(row.created, zone(account)), moment(row.updated or row.created, zone(account))
    told = {
        "incoming_order_id": str(row.id) if account.fault("incoming_id") == "text" else row.id,
        "type": row.kind,
        "spot_id": row.spot,
        "status": row.status,
        "client_id": row.client or None,
        "client_address_id": 0,
        "table_id": row.table or None,
        "comment": row.comment or None,
        "created_at": made,
        "updated_at": changed,
        "transaction_id": row.transaction and str(row.transaction),
        "service_mode": row.service,
        "first_name": client.firstname if client else row.name or None,
        "last_name": client.lastname if client else None,
        "phone": row.phone,
        "email": None,
        "address": row.address,
    }
    if row.kind == 2:
        booked = {
            "guests_count": str(row.guests),
            "date_reservation": row.until,
            "duration": str(row.seconds),
        }
        return told | booked
    place = row.delivery and {**row.delivery, "city": "", "country": "", "lat": "", "lng": "", "zip_code": ""}
    return told | {
        "delivery_time": row.until or None,
        "delivery": place,
        "products": [_product(row, index, made) for index in range(len(row.lines))],
    }


def _product(row: Incoming, index: int, made: str) -> dict[str, Any]:
    line = row.lines[index]
    return {
        "io_product_id": row.id * 10 + index,
        "product_id": line.product,
        "modificator_id": line.variant or None,
        "modification": line.modification or None,
        "incoming_order_id": row.id,
        "count": f"{line.count:g}",
        "created_at": made,
    }
