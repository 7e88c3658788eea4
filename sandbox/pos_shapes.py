"""The register's view: the shapes of the POS runtime. Money is currency units, ids are numbers."""

from __future__ import annotations

from typing import Any

from sandbox.account import Account
from sandbox.people import ROLES
from sandbox.rows import Client, Dish, Employee, ModifierGroup, Order, OrderLine, Tablet, Variant
from sandbox.webapi.shapes import text


def units(kopecks: int) -> float:
    return kopecks / 100


def pos_client(account: Account, client: Client) -> dict[str, Any]:
    zeros = client.zeros
    return {
        "id": client.id,
        "firstname": client.firstname,
        "lastname": client.lastname,
        "patronymic": client.patronymic,
        "phone": client.phone,
        "cardNumber": text(client.card, zeros),
        "groupId": client.group,
        "discount": client.discount,
        "bonus": units(client.bonus),
        "totalPayedSum": units(client.total_payed),
        "loyaltyType": account.groups[client.group].loyalty,
        "city": text(client.city, zeros),
        "address": text(client.address, zeros),
        "comment": text(client.comment, zeros),
        "email": client.email,
        "birthday": client.birthday,
        "hidden": int(client.deleted),
        "extras": account.read_extras("client", client.id),
    }


def knows(tablet: Tablet, client: Client) -> bool:
    """Whether the client has reached this register's own database."""
    return client.at_registers or client.made_at == tablet.id


def pos_order(account: Account, order: Order) -> dict[str, Any]:
    return {
        "id": order.started,
        "orderName": str(order.id),
        "incomingOrderId": order.incoming,
        "clientId": order.client,
        "userId": order.user,
        "tableId": order.table,
        "spotId": order.spot,
        "tabletId": order.tablet,
        "status": order.status,
        "products": {str(index): _line(account, line) for index, line in enumerate(order.lines)},
        "subtotal": sum(units(line.price) * line.count for line in order.lines),
        "total": units(order.total),
        "discount": order.discount,
        "comment": order.comment,
        "extras": order.extras,
        "serviceMode": order.mode,
        "deliveryAddress": _address(order),
        "dateStart": order.started,
        "dateClose": order.closed,
    }


def _address(order: Order) -> str:
    place = order.delivery or {}
    return ", ".join(text for name in ("address1", "address2", "comment") if (text := place.get(name)))


def _line(account: Account, line: OrderLine) -> dict[str, Any]:
    dish = account.dishes.get(line.product)
    row: dict[str, Any] = {"id": line.product, "count": line.count, "price": units(line.price)}
    row["name"] = account.word(dish.name) if dish else ""
    if line.variant or line.modification:
        row["modification"] = line.variant or line.modification
    return row


def pos_product(account: Account, dish: Dish) -> dict[str, Any]:
    return {
        "id": dish.id,
        "name": account.word(dish.name),
        "categoryId": dish.category,
        "price": units(dish.price),
        "type": dish.type,
        "hidden": int(dish.hidden),
        "deleted": int(dish.deleted),
        "color": account.categories[dish.category].color,
        "modifications": [_variant(account, variant) for variant in dish.variants],
        "groups": [_group(account, group) for group in dish.groups],
    }


def _variant(account: Account, variant: Variant) -> dict[str, Any]:
    return {"id": variant.id, "name": account.word(variant.name), "price": units(variant.price)}


def _group(account: Account, group: ModifierGroup) -> dict[str, Any]:
    rows = [_variant(account, modifier) for modifier in group.modifiers]
    return {
        "id": group.id,
        "name": account.word(group.name),
        "min": group.min,
        "max": group.max,
        "modifications": rows,
    }


def employee_row(account: Account, employee: Employee) -> dict[str, Any]:
    role = ROLES[employee.role]
    extras = account.read_extras("staff", employee.id)
    user: dict[str, Any] = {
        "id": employee.id,
        "name": employee.name,
        "posPass": employee.pin,
        "admin": role.admin,
        "deleted": False,
        "inn": "",
    }
    row = {"id": employee.id, "name": employee.name, "pin": employee.pin, "role": account.word(role.name)}
    return row | {
        "admin": role.admin,
        "extras": extras,
        "user": user | with_extras(account, {"extras": extras}),
    }


def with_extras(account: Account, named: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Extras as the switch wants them: objects, absent, or PHP's empty lists."""
    match account.fault("extras"):
        case "missing":
            return {}
        case "array":
            return {name: [] for name in named}
    return dict(named)


def pos_settings(account: Account, tablet: Tablet, application_id: str, application: str) -> dict[str, Any]:
    """Exactly what `Poster.settings` shows. There is no account number in it."""
    code, symbol = account.currency
    extras = {
        "extras": account.read_extras("settings"),
        "spotExtras": account.read_extras("spot", tablet.spot),
        "spotTabletExtras": account.read_extras("tablet", tablet.id),
    }
    return {
        "accountUrl": account.name,
        "country": account.country,
        "currencyCodeIso": code,
        "currency": "грн",
        "currencySymbol": symbol,
        "lang": account.fault("lang"),
        "spotId": tablet.spot,
        "spotTabletId": tablet.id,
        "subnetMask": "255.255.255.0",
        "timezone": account.timezone,
        "usesTables": True,
        "workshops": {"0": {"id": 1, "name": "Кухня"}, "1": {"id": 2, "name": "Бар"}},
        "applicationId": application_id,
        "applicationName": application,
        **with_extras(account, extras),
    }
