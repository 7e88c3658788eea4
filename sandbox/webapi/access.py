"""access.* and spots.*: the same things under different names and types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.people import ROLES
from sandbox.world import World


def get_employees(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    rows = []
    for employee in account.live_employees():
        role = ROLES[employee.role]
        row = {
            "user_id": employee.id,
            "name": employee.name,
            "role_id": role.id,
            "role_name": account.word(role.name),
        }
        if role.user_type is not None:
            row["user_type"] = role.user_type
        rows.append(row | {"access_mask": role.mask, "last_in": employee.last_in or "0000-00-00 00:00:00"})
    return rows


def get_spots(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return [
        {
            "spot_id": str(spot.id),
            "spot_name": account.word(spot.name),
            "spot_adress": account.word(spot.address),
            "storages": [{"storage_id": spot.id, "storage_name": account.word(spot.name)}],
        }
        for spot in account.spots.values()
    ]


def spots_get_spots(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return [
        {"spot_id": spot.id, "name": account.word(spot.name), "address": account.word(spot.address)}
        for spot in account.spots.values()
    ]


def get_tablets(world: World, account: Account, arguments: Mapping[str, Any]) -> Any:
    return [
        {"tablet_id": str(row.id), "tablet_name": account.word(row.name), "spot_id": str(row.spot)}
        for row in account.tablets.values()
    ]
