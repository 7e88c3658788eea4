"""What a register page and its container ask: the local database, orders, requests to the outside."""

from __future__ import annotations

import json
import time
from typing import Any

from flask import Blueprint, request

from sandbox import clients, incoming, orders, proxy
from sandbox.account import Account
from sandbox.answering import answer
from sandbox.page_words import APPLICATION, account_words
from sandbox.parts import BadRequest, account_of, body, origins, sandbox, tablet_of
from sandbox.pos_shapes import employee_row, knows, pos_client, pos_order, pos_product, pos_settings
from sandbox.rows import Tablet
from sandbox.upload import bundle_url

door = Blueprint("register", __name__, url_prefix="/sandbox/api")
TABLES = 14


@door.get("/state")
def state() -> dict[str, Any]:
    account, tablet = _here(request.args)
    with sandbox().world.lock:
        account.settle(time.time())
        return (
            {"rev": account.rev}
            | _living(account, tablet)
            | _fixed(account, tablet)
            | {
                "clients": [
                    pos_client(account, row) for row in account.clients.values() if knows(tablet, row)
                ],
                "orders": [
                    pos_order(account, row)
                    for row in account.orders.values()
                    if row.status == 1 and row.spot == tablet.spot
                ],
            }
        )


@door.get("/changes")
def changes() -> dict[str, Any]:
    account, tablet = _here(request.args)
    with sandbox().world.lock:
        account.settle(time.time())
        since = clients.number(request.args.get("since"))
        fresh = [row for row in account.clients.values() if row.rev > since and knows(tablet, row)]
        moved = [row for row in account.orders.values() if row.rev > since and row.spot == tablet.spot]
        return (
            {"rev": account.rev}
            | _living(account, tablet)
            | {
                "clients": [pos_client(account, row) for row in fresh],
                "orders": [pos_order(account, row) for row in moved],
            }
            | ({"products": _products(account)} if account.rev > since else {})
        )


def _products(account: Account) -> list[dict[str, Any]]:
    return [pos_product(account, row) for row in account.dishes.values()]


def _here(arguments: Any) -> tuple[Account, Tablet]:
    account = account_of(arguments)
    return account, tablet_of(account, arguments)


def _living(account: Account, tablet: Tablet) -> dict[str, Any]:
    """What may change while a page is open."""
    return {
        "employees": [employee_row(account, row) for row in account.live_employees()],
        "groups": [
            {
                "id": row.id,
                "name": account.word(row.name),
                "discount": row.percent,
                "loyalty": "bonus" if row.loyalty == 1 else "discount",
            }
            for row in account.groups.values()
            if not row.deleted
        ],
        "settings": pos_settings(account, tablet, sandbox().settings.application_id, APPLICATION),
        "bundle": bundle_url(sandbox().settings, account, origins()[1]),
        "bundleSource": account.bundle,
        "incoming": [
            incoming.pos_incoming(account, row)
            for row in account.incoming.values()
            if row.status == 0 and row.spot == tablet.spot
        ],
        "connected": account.connected,
        "faults": account.faults(),
    }


def _fixed(account: Account, tablet: Tablet) -> dict[str, Any]:
    word = account.word
    return {
        "account": account_words(account),
        "tablet": {"id": tablet.id, "name": word(tablet.name), "spot": tablet.spot},
        "spots": [
            {"id": row.id, "name": word(row.name), "address": word(row.address)}
            for row in account.spots.values()
        ],
        "tablets": [
            {"id": row.id, "name": word(row.name), "spot": row.spot} for row in account.tablets.values()
        ],
        "categories": [
            {"id": row.id, "name": word(row.name), "color": row.color} for row in account.categories.values()
        ],
        "products": _products(account),
        "tables": [{"id": table, "name": str(table)} for table in range(1, TABLES + 1)],
    }


@door.post("/clients")
def create_client() -> dict[str, Any]:
    asked = body()
    account, tablet = _here(asked)
    fields = asked.get("client")
    if not isinstance(fields, dict):
        raise BadRequest("Name the client's fields in `client`.")
    try:
        client = clients.create(sandbox().world, account, fields, tablet.id)
    except clients.Rejected as refusal:
        return {"error": {"code": refusal.code, "message": refusal.message, "field": refusal.field}}
    return {"client": pos_client(account, client)}


@door.post("/orders")
def keep_order() -> dict[str, Any]:
    asked = body()
    account, tablet = _here(asked)
    if not isinstance(asked.get("order"), dict):
        raise BadRequest("Send the order in `order`.")
    return {"order": pos_order(account, orders.keep(sandbox().world, account, tablet, asked["order"]))}


@door.post("/orders/close")
def close_order() -> dict[str, Any]:
    asked = body()
    payment = asked.get("payment")
    card = isinstance(payment, dict) and bool(payment.get("card"))
    account = account_of(asked)
    return {"order": pos_order(account, orders.finish(sandbox().world, account, asked.get("id"), 2, card))}


@door.post("/orders/remove")
def remove_order() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    return {"order": pos_order(account, orders.finish(sandbox().world, account, asked.get("id"), 3))}


@door.post("/incoming")
def decide() -> dict[str, Any]:
    """Somebody at the register accepts an online order or declines it."""
    asked = body()
    account, tablet = _here(asked)
    world, wanted = sandbox().world, clients.number(asked.get("id"))
    if not asked.get("accept"):
        row = incoming.decline(world, account, wanted)
        return {"incomingOrder": incoming.pos_incoming(account, row)}
    order = incoming.accept(world, account, wanted, tablet, clients.number(asked.get("user")))
    told = {"incomingOrder": incoming.pos_incoming(account, account.incoming[wanted])}
    return told | ({"order": pos_order(account, order)} if order else {})


@door.post("/dish")
def change_dish() -> dict[str, Any]:
    """The back office hides a dish, deletes it or gives it another price (currency units)."""
    asked = body()
    account, world = account_of(asked), sandbox().world
    with world.lock:
        dish = account.dishes.get(clients.number(asked.get("id")))
        if dish is None:
            raise BadRequest("There is no such dish.")
        dish.hidden, dish.deleted = bool(asked.get("hidden")), bool(asked.get("deleted"))
        dish.price = round(float(asked["price"]) * 100) if "price" in asked else dish.price
        account.next_rev()
        account.changed(
            "dish" if dish.type == 2 else "product", dish.id, "removed" if dish.deleted else "changed"
        )
    return {"product": pos_product(account, dish)}


@door.post("/extras")
def write_extras() -> dict[str, Any]:
    """Poster insists on texts for both key and value."""
    asked = body()
    account, key, value = account_of(asked), asked.get("key"), asked.get("value")
    if not isinstance(key, str) or not isinstance(value, str):
        return {"success": False}
    with sandbox().world.lock:
        if asked.get("type") == "client":
            account.write_extras("client", clients.number(asked.get("id")), {key: value})
        else:
            order = orders.find(account, asked.get("id"))
            order.extras[key] = value
            account.keep_order(order, "changed", "extras")
        sandbox().world.dirty()
    return {"success": True}


@door.post("/proxy")
def make_request() -> dict[str, Any]:
    asked = body()
    account, tablet = _here(asked)
    secret = sandbox().settings.application_secret
    return proxy.carry(account, secret, tablet.spot, tablet.id, proxy.read(asked))


@door.post("/rest")
def make_api_request() -> dict[str, Any]:
    """`Poster.makeApiRequest`: Poster adds the token; the reply's shape differs from app to app."""
    asked = body()
    account, options = account_of(asked), asked.get("options")
    options = options if isinstance(options, dict) else {}
    token = sandbox().world.current_token(account.name) or ""
    data = options.get("data")
    arguments = data if isinstance(data, dict) else {}
    verb = str(options.get("method") or options.get("type") or "get").upper()
    reply = answer(sandbox().world, str(asked.get("method") or ""), verb, token, arguments)
    return {"result": _reshaped(reply.text, str(account.fault("rest_result")))}


def _reshaped(text: str, shape: str) -> Any:
    if shape == "false":
        return False
    if shape == "error":
        return {"error": {"code": 44, "message": "Something went wrong"}}
    try:
        value = json.loads(text)
    except ValueError:
        return False
    if "response" not in value:
        return value
    return {"unwrapped": value["response"], "response": value, "result": {"result": value["response"]}}[shape]
