"""What a Poster account is made of. Money is kopecks; times are Unix milliseconds, as Poster keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Names = dict[str, str]
"""One name in the four languages: `{"ua": …, "ru": …, "en": …, "pl": …}`."""

LANGUAGES = ("ua", "ru", "en", "pl")


def same(text: str) -> Names:
    """A name that is alike in every language."""
    return dict.fromkeys(LANGUAGES, text)


@dataclass
class Spot:
    id: int
    name: Names
    address: Names
    did: str


@dataclass
class Tablet:
    id: int
    spot: int
    name: Names


@dataclass
class Employee:
    id: int
    name: str
    pin: str
    role: str
    """Key of `ROLES` in `sandbox.people`: waiter, admin, manager, owner, cashier."""
    last_in: str = ""
    deleted: bool = False
    touched: bool = False


@dataclass
class Group:
    id: int
    name: Names
    percent: int
    loyalty: int
    """1 bonus, 2 discount."""
    deleted: bool = False


@dataclass
class Client:
    id: int
    lastname: str = ""
    firstname: str = ""
    patronymic: str = ""
    phone: str = ""
    """As somebody once typed it."""
    digits: str = ""
    """What the web API calls `phone_number`; a few old rows hold it without the country."""
    group: int = 1
    discount: int = 0
    bonus: int = 0
    total_payed: int = 0
    birthday: str = "0000-00-00"
    card: str = ""
    sex: int = 0
    email: str = ""
    country: str = ""
    city: str = ""
    address: str = ""
    comment: str = ""
    addresses: list[dict[str, Any]] = field(default_factory=list)
    since: str = ""
    deleted: bool = False
    zeros: bool = False
    """An old row: its empty texts are written "0"."""
    made_at: int = 0
    """The register where it was created: visible there at once."""
    at_registers: bool = True
    rev: int = 0
    touched: bool = False


@dataclass
class Variant:
    id: int
    name: Names
    price: int


@dataclass
class ModifierGroup:
    id: int
    name: Names
    min: int
    max: int
    modifiers: list[Variant]


@dataclass
class Category:
    id: int
    name: Names
    color: str


@dataclass
class Dish:
    id: int
    name: Names
    category: int
    price: int
    type: int
    """2 a dish (may have modifier groups), 3 a product (may have variants)."""
    variants: list[Variant] = field(default_factory=list)
    groups: list[ModifierGroup] = field(default_factory=list)
    hidden: bool = False
    deleted: bool = False


@dataclass
class OrderLine:
    product: int
    count: float
    price: int
    """Of one piece, modifiers included."""
    variant: int = 0
    modification: str = ""
    """JSON text of a dish's modifiers, or empty."""


@dataclass
class Order:
    id: int
    started: int
    spot: int
    tablet: int
    user: int
    closed: int = 0
    status: int = 1
    """1 open, 2 closed, 3 removed; of online orders also 0 waiting, 4 cancelled."""
    client: int = 0
    table: int = 0
    mode: int = 1
    """1 in house, 2 takeaway, 3 delivery."""
    lines: list[OrderLine] = field(default_factory=list)
    delivery: dict[str, str] | None = None
    comment: str = ""
    guests: int = 1
    card: bool = False
    discount: int = 0
    reason: int = 0
    extras: dict[str, str] = field(default_factory=dict)
    rev: int = 0
    touched: bool = False
    incoming: int = 0

    @property
    def total(self) -> int:
        return round(sum(line.price * line.count for line in self.lines) * (100 - self.discount) / 100)


@dataclass
class Incoming:
    """An order that came through the internet, or a table that was booked."""

    id: int
    spot: int
    client: int
    phone: str
    status: int
    """0 new, 1 accepted, 7 cancelled."""
    created: int
    lines: list[OrderLine]
    comment: str = ""
    transaction: int | None = None
    address: str = ""
    kind: int = 1
    """1 an order, 2 a booking."""
    mode: int = 0
    name: str = ""
    delivery: dict[str, str] | None = None
    until: str = ""
    """When it must be there, in the account's zone."""
    table: int = 0
    guests: int = 0
    seconds: int = 0
    """Of a booking, which begins at `until`."""
    own: bool = False
    """Made by the application, not by a site."""
    updated: int = 0
    touched: bool = False

    @property
    def service(self) -> int:
        return self.mode or (3 if self.address else 1)
