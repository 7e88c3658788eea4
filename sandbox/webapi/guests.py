"""clients.*"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox import clients
from sandbox.account import Account
from sandbox.rows import Client, Group
from sandbox.webapi.shapes import flag, text, true
from sandbox.world import World


def get_groups(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    counts: dict[int, int] = {}
    for client in account.clients.values():
        counts[client.group] = counts.get(client.group, 0) + 1
    return [
        _group(account, group)
        | {
            "count_groups_clients": str(counts.get(group.id, 0)),
            "use_ewallet": "0",
            "delete": flag(group.deleted),
        }
        for group in account.groups.values()
    ]


def _group(account: Account, group: Group) -> dict[str, str]:
    return {
        "client_groups_id": str(group.id),
        "client_groups_name": account.word(group.name),
        "client_groups_discount": str(group.percent),
        "loyalty_type": str(group.loyalty),
        "birthday_bonus": "0",
    }


def get_clients(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    rows = list(account.clients.values())
    if group := clients.number(arguments.get("group_id")):
        rows = [row for row in rows if row.group == group]
    if arguments.get("phone"):
        matches = _phone_filter(str(account.fault("phone_filter")), str(arguments["phone"]))
        rows = [row for row in rows if matches(row)]
    if birthday := str(arguments.get("birthday") or ""):
        rows = [row for row in rows if row.birthday[5:].replace("-", "") == birthday]
    if arguments.get("sort") == "desc":
        rows.reverse()
    if account.fault("paging") == "ignored":
        return [client_row(account, row) for row in rows]
    offset = clients.number(arguments.get("offset"))
    rows = rows[offset : offset + (clients.number(arguments.get("num")) or len(rows))]
    if true(arguments.get("client_id_only")):
        return [{"client_id": str(row.id)} for row in rows]
    return [client_row(account, row) for row in rows]


def _phone_filter(how: str, wanted: str) -> Callable[[Client], bool]:
    digits = "".join(character for character in wanted if character.isdigit())
    if how == "ignored":
        return lambda row: True
    if how == "contains":
        return lambda row: bool(digits) and digits in row.digits
    # A raw "+" in a query arrives as a space: then it is no international number.
    spelled = wanted == (f"+{digits}" if how == "e164" else digits)
    return lambda row: spelled and row.digits == digits


def get_client(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    client = account.clients.get(clients.number(arguments.get("client_id")))
    if not arguments.get("client_id"):
        raise clients.Rejected(clients.EMPTY, "Field can not be empty", "client_id")
    return (
        [client_row(account, client) | {"accumulation_products": [], "prize_products": []}] if client else []
    )


def create_client(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return clients.create(world, account, dict(arguments)).id


def update_client(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return clients.change(world, account, dict(arguments)).id


def remove_client(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return clients.remove(world, account, clients.number(arguments.get("client_id"))).id


def client_row(account: Account, client: Client) -> dict[str, Any]:
    zeros = client.zeros
    row: dict[str, Any] = {
        "client_id": str(client.id),
        "firstname": client.firstname,
        "lastname": client.lastname,
        "patronymic": client.patronymic,
        "discount_per": str(client.discount),
        "bonus": str(client.bonus),
        "total_payed_sum": str(client.total_payed),
        "date_activale": client.since or "2024-01-01 00:00:00",
        "phone": client.phone,
        "phone_number": client.digits,
        "email": client.email,
        "birthday": client.birthday,
        "card_number": text(client.card, zeros),
        "client_sex": str(client.sex),
        "country": text(client.country, zeros),
        "city": text(client.city, zeros),
        "address": text(client.address, zeros),
        "comment": text(client.comment, zeros),
        "delete": flag(client.deleted),
        "ewallet": "0",
        "addresses": client.addresses,
    }
    return row | _group(account, account.groups[client.group])
