"""application.* and settings.*"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.clients import EMPTY, NO_SUCH_ID, Rejected, number
from sandbox.world import World

NOT_AN_ARRAY = 36
BAD_VALUE = 155

ENTITIES = (
    "spot",
    "tablet",
    "staff",
    "clients_group",
    "product",
    "ingredient",
    "menu_category",
    "ingredients_category",
    "client",
    "settings",
    "transactions",
)


def set_entity_extras(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    kind, row = str(arguments.get("entity_type") or ""), number(arguments.get("entity_id"))
    extras = arguments.get("extras")
    if not kind or (kind != "settings" and not row):
        raise Rejected(EMPTY, "Field can not be empty", "entity_id" if kind else "entity_type")
    if kind not in ENTITIES:
        raise Rejected(BAD_VALUE, "Wrong value", "entity_type")
    if not isinstance(extras, dict):
        raise Rejected(NOT_AN_ARRAY, "Field must be an array", "extras")
    _must_exist(account, kind, row)
    with world.lock:
        account.write_extras(
            kind, 0 if kind == "settings" else row, {key: str(value) for key, value in extras.items()}
        )
        world.dirty()
    return True


def _must_exist(account: Account, kind: str, row: int) -> None:
    places: dict[str, Mapping[int, Any]] = {
        "spot": account.spots,
        "tablet": account.tablets,
        "staff": account.employees,
        "client": account.clients,
        "clients_group": account.groups,
        "transactions": account.orders,
    }
    if kind in places and row not in places[kind]:
        raise Rejected(NO_SUCH_ID, "Entity with this id doesn't exist", "entity_id")


def get_info(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    owner = account.owner
    user = {"id": str(owner["id"]), "name": owner["name"], "access_mask": "1023", "email": owner["email"]}
    return {"user": user, "ownerInfo": owner_info(account), "tariff": tariff()}


def owner_info(account: Account) -> dict[str, Any]:
    owner = account.owner
    place = {"city": "", "country": account.country, "company_name": account.word(account.title)}
    return {"email": owner["email"], "phone": owner["phone"], "name": owner["name"], **place}


def tariff() -> dict[str, Any]:
    return {"key": "pro", "next_pay_date": "2027-05-31 11:52:41", "price": 2}


def get_all_settings(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    code, symbol = account.currency
    currency = {"currency_id": "1", "currency_name": "Гривня", "currency_code": code.lower()}
    currency |= {"currency_symbol": symbol, "currency_code_iso": code}
    return {
        "COMPANY_ID": account.name,
        "company_name": account.word(account.title),
        "timezones": account.timezone,
        "lang": account.fault("lang"),
        "currency": currency,
        "uses_tables": "1",
        "uses_cash_shifts": "1",
        "company_type": "1",
        "extras": account.read_extras("settings") or [],
    }
