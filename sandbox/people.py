"""Roles of employees, as Poster numbers them."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.rows import Names
from sandbox.seed.menu import names


@dataclass(frozen=True)
class Role:
    id: int
    user_type: int | None
    """Missing in some rows of Poster's replies."""
    mask: int
    name: Names
    admin: bool = False


ROLES = {
    "owner": Role(3, 90, 1023, names(["Власник", "Владелец", "Owner", "Właściciel"]), admin=True),
    "manager": Role(2, 50, 255, names(["Керуючий", "Управляющий", "Manager", "Kierownik"]), admin=True),
    "admin": Role(
        5, 4, 257, names(["Адміністратор залу", "Администратор зала", "Floor admin", "Kierownik sali"])
    ),
    "cashier": Role(
        6, None, 1, names(["Оператор доставки", "Оператор доставки", "Delivery operator", "Operator dostaw"])
    ),
    "waiter": Role(1, 0, 1, names(["Офіціант", "Официант", "Waiter", "Kelner"])),
}
