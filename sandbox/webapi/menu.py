"""menu.*: prices of dishes are kopecks, those of modifiers inside groups are whole currency units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.clients import NO_SUCH_ID, Rejected, number
from sandbox.rows import Dish
from sandbox.webapi.shapes import flag
from sandbox.world import World


def get_products(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    kinds = {"products": (3,), "batchtickets": (2,)}.get(str(arguments.get("type")), (2, 3))
    wanted = number(arguments.get("category_id"))
    rows = [dish for dish in account.live_dishes() if dish.type in kinds]
    return [_row(account, dish) for dish in rows if not wanted or dish.category == wanted]


def get_product(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    dish = account.dishes.get(number(arguments.get("product_id")))
    if dish is None or dish.deleted:
        raise Rejected(NO_SUCH_ID, "Product with this id doesn't exist", "product_id")
    return _row(account, dish)


def _row(account: Account, dish: Dish) -> dict[str, Any]:
    row: dict[str, Any] = {
        "product_id": str(dish.id),
        "product_name": account.word(dish.name),
        "category_name": account.word(account.categories[dish.category].name),
        "menu_category_id": str(dish.category),
        "type": str(dish.type),
        "hidden": flag(dish.hidden),
        "photo": "",
        "photo_origin": None,
        "workshop": "1",
        "cost": "0",
        "unit": "",
        "weight_flag": "0",
        "nodiscount": "0",
    }
    if dish.variants:
        return row | {
            "modifications": [_variant(account, dish, index) for index in range(len(dish.variants))]
        }
    row["spots"] = [
        {"spot_id": str(spot), "price": str(dish.price), "visible": "1"} for spot in account.spots
    ]
    if account.fault("menu_price") == "full":
        row["price"] = {str(spot): str(dish.price) for spot in account.spots}
    return row | ({"group_modifications": _groups(account, dish)} if dish.groups else {})


def _variant(account: Account, dish: Dish, index: int) -> dict[str, Any]:
    variant = dish.variants[index]
    spots = [{"spot_id": str(spot), "price": str(variant.price), "visible": "1"} for spot in account.spots]
    return {"modificator_id": str(variant.id), "modificator_name": account.word(variant.name), "spots": spots}


def _groups(account: Account, dish: Dish) -> list[dict[str, Any]]:
    return [
        {
            "dish_modification_group_id": group.id,
            "name": account.word(group.name),
            "num_min": group.min,
            "num_max": group.max,
            "type": 1 if group.max == 1 else 2,
            "modifications": [
                {"dish_modification_id": row.id, "name": account.word(row.name), "price": row.price / 100}
                for row in group.modifiers
            ],
        }
        for group in dish.groups
    ]
