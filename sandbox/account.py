"""One restaurant business: its rows, and the ways in which they change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox import faults
from sandbox.rows import (
    Category,
    Client,
    Dish,
    Employee,
    Group,
    Incoming,
    Names,
    Order,
    Spot,
    Tablet,
)


@dataclass(frozen=True)
class Change:
    """Something that Poster tells the apps about."""

    account: str
    object: str
    object_id: int
    action: str
    data: dict[str, Any] | None = None


@dataclass
class Account:
    name: str
    number: str
    title: Names
    owner: dict[str, Any]
    country: str = "UA"
    timezone: str = "Europe/Kyiv"
    currency: tuple[str, str] = ("UAH", "&#8372;")
    lang: str = "ua"
    spots: dict[int, Spot] = field(default_factory=dict)
    tablets: dict[int, Tablet] = field(default_factory=dict)
    employees: dict[int, Employee] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    clients: dict[int, Client] = field(default_factory=dict)
    categories: dict[int, Category] = field(default_factory=dict)
    dishes: dict[int, Dish] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    incoming: dict[int, Incoming] = field(default_factory=dict)
    callers: list[dict[str, str]] = field(default_factory=list)
    """Who may be picked at the phone panel: from, kind, name, hint."""
    extras: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the app wrote on rows: `"staff:5"` -> `{"line": "101"}`; `"settings:0"` on the account."""
    switches: dict[str, faults.Value] = field(default_factory=dict)
    connected: bool = False
    bundle: str = "dev"
    rev: int = 1
    arriving: list[tuple[float, int]] = field(default_factory=list)
    """(when, client id): clients that the registers don't know yet."""
    tell: Callable[[Change], None] = lambda change: None

    def fault(self, name: str) -> faults.Value:
        return self.faults()[name]

    def faults(self) -> dict[str, faults.Value]:
        return faults.normal() | {"lang": self.lang} | self.switches

    def speak(self, lang: str) -> None:
        """In another language the spots, groups and dishes have other names, of which the apps are told."""
        before, self.switches["lang"] = self.fault("lang"), lang
        if lang != before:
            self.changed("spot", next(iter(self.spots)), "changed")
            self.changed("clients_group", next(iter(self.groups)), "changed")
            self.changed("dish", next(iter(self.dishes)), "changed")

    def milliseconds(self, name: str) -> int:
        return int(self.fault(name))

    def word(self, names: Names) -> str:
        """The name in the language that the account speaks now."""
        return names[str(self.fault("lang"))]

    def next_rev(self) -> int:
        self.rev += 1
        return self.rev

    def changed(self, object: str, object_id: int, action: str, data: dict[str, Any] | None = None) -> None:
        self.tell(Change(self.name, object, object_id, action, data))

    def keep_client(self, client: Client, action: str) -> None:
        client.touched, client.rev = True, self.next_rev()
        self.clients[client.id] = client
        self.changed("client", client.id, action)

    def keep_order(self, order: Order, action: str, history: str) -> None:
        order.touched, order.rev = True, self.next_rev()
        self.orders[order.id] = order
        note = {"type_history": history, "time": order.closed or order.started, "value": order.client}
        note |= {"user_id": order.user, "spot_tablet_id": order.tablet}
        self.changed("transaction", order.id, action, {"transactions_history": note})

    def keep_incoming(self, incoming: Incoming, action: str) -> None:
        incoming.touched = True
        self.incoming[incoming.id] = incoming
        self.next_rev()
        self.changed("incoming_order", incoming.id, action, {"type": incoming.kind})

    def keep_employee(self, employee: Employee, action: str) -> None:
        employee.touched = True
        self.employees[employee.id] = employee
        self.next_rev()
        self.changed("waiter", employee.id, action)

    def write_extras(self, kind: str, row: int, extras: dict[str, str]) -> None:
        """Adds to what is there, as Poster most likely does."""
        self.extras.setdefault(f"{kind}:{row}", {}).update(extras)
        self.next_rev()

    def read_extras(self, kind: str, row: int = 0) -> dict[str, str]:
        return dict(self.extras.get(f"{kind}:{row}", {}))

    def settle(self, now: float) -> None:
        """Lets the clients whose time has come appear at the registers."""
        due = [client for when, client in self.arriving if when <= now]
        if not due:
            return
        self.arriving = [(when, client) for when, client in self.arriving if when > now]
        for client in due:
            self.clients[client].at_registers = True
            self.clients[client].rev = self.next_rev()

    def order_started_at(self, started: int) -> Order | None:
        return next((order for order in self.orders.values() if order.started == started), None)

    def live_dishes(self) -> list[Dish]:
        return [dish for dish in self.dishes.values() if not dish.deleted]

    def offered(self) -> list[Dish]:
        return [dish for dish in self.live_dishes() if not dish.hidden]

    def live_employees(self) -> list[Employee]:
        return [employee for employee in self.employees.values() if not employee.deleted]
