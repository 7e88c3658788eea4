"""Reads menu.json: dishes, products with variants, modifiers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.rows import LANGUAGES, Category, Dish, ModifierGroup, Names, Variant

HERE = Path(__file__).parent
VARIANT_KEYS = ("sizes", "volumes", "glasses")


@cache
def source(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((HERE / name).read_text(encoding="utf-8"))
    return data


def names(row: list[str]) -> Names:
    return dict(zip(LANGUAGES, row, strict=True))


def categories(wanted: set[int] | None = None) -> dict[int, Category]:
    rows = [
        Category(row["id"], names(row["name"]), row["color"]) for row in source("menu.json")["categories"]
    ]
    return {row.id: row for row in rows if wanted is None or row.id in wanted}


def dishes(key: str = "dishes") -> dict[int, Dish]:
    return {row[0]: _dish(row) for row in source("menu.json")[key]}


def _dish(row: list[Any]) -> Dish:
    number, category, price, title = row[:4]
    more: dict[str, Any] = row[4] if len(row) > 4 else {}
    groups = [_group(group) for group in more.get("groups", [])]
    variants = _variants(number, more)
    kind = 3 if variants or (category in (8, 9) and not groups) else 2
    away = {key: bool(more.get(key)) for key in ("hidden", "deleted")}
    return Dish(number, names(title), category, price * 100, kind, variants, groups, **away)


def _variants(dish: int, more: dict[str, Any]) -> list[Variant]:
    titles = source("menu.json")["variants"]
    return [
        Variant(dish * 10 + index + 1, names(titles[key][index]), price * 100)
        for key in VARIANT_KEYS
        for index, price in enumerate(more.get(key, []))
    ]


def _group(number: int) -> ModifierGroup:
    row = next(row for row in source("menu.json")["groups"] if row["id"] == number)
    modifiers = [Variant(item["id"], names(item["name"]), item["price"] * 100) for item in row["modifiers"]]
    return ModifierGroup(number, names(row["name"]), row["min"], row["max"], modifiers)
