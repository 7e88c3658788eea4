"""A year of orders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

from sandbox.account import Account
from sandbox.rows import Client, Dish, Order, OrderLine
from sandbox.seed.menu import source

DAY = 86_400_000
HOURS = ((11, 1), (12, 3), (13, 5), (14, 4), (15, 2), (16, 2), (17, 3), (18, 5), (19, 6), (20, 5), (21, 2))


def fill(
    account: Account,
    guests: list[Client],
    random: Random,
    now_ms: int,
    per_day: tuple[int, int],
    first_id: int,
) -> None:
    """Closed orders (and some removed ones) of the last 365 days; nothing from the future."""
    # Guests differ: a few come every week, most once or twice a year.
    weights = [1 / (1 + index % 37) for index in range(len(guests))]
    midnight = now_ms - now_ms % DAY
    fresh = first_id
    for day in range(365, -1, -1):
        for _ in range(random.randint(*per_day)):
            guest = random.choices(guests, weights)[0] if random.random() < 0.6 else None
            order = _order(account, random, fresh, midnight - day * DAY + _moment(random, fresh), guest)
            fresh += 1
            if order.closed < now_ms:
                account.orders[order.id] = order


def _moment(random: Random, id: int) -> int:
    hour = random.choices([hour for hour, _ in HOURS], [weight for _, weight in HOURS])[0] - 2
    return ((hour * 60 + random.randrange(60)) * 60 + random.randrange(60)) * 1000 + id % 1000


def _order(account: Account, random: Random, id: int, started: int, guest: Client | None) -> Order:
    tablet = random.choice(list(account.tablets.values()))
    user = random.choice([employee.id for employee in account.employees.values()])
    order = Order(id, started, tablet.spot, tablet.id, user, status=3 if random.random() < 0.03 else 2)
    order.closed = started + random.randrange(15, 110) * 60_000
    order.lines = list(_lines(random, account.offered()))
    order.card, order.guests = random.random() < 0.6, random.randint(1, 4)
    if guest:
        order.client, order.discount = guest.id, _discount(account, guest)
    if guest and guest.address and random.random() < 0.7:
        order.mode, order.delivery = (
            3,
            delivery(guest, random.choice(source("people.json")["order_comments"])),
        )
    else:
        order.mode = random.choices((1, 2), (85, 15))[0]
        order.table = random.randint(1, 14) if order.mode == 1 else 0
    if guest and order.status == 2:
        guest.total_payed += order.total
    return order


def _discount(account: Account, guest: Client) -> int:
    group = account.groups[guest.group]
    return group.percent if group.loyalty == 2 else 0


def delivery(guest: Client, comment: str = "") -> dict[str, str]:
    known = guest.addresses[0] if guest.addresses else {}
    place = {"address1": guest.address, "address2": str(known.get("address2", "")), "comment": comment}
    return {"country": "UA", "city": "Київ", **place, "lat": "50.43", "lng": "30.54", "zip_code": ""}


def _lines(random: Random, dishes: list[Dish]) -> Iterator[OrderLine]:
    for dish in random.sample(dishes, random.randint(1, min(5, len(dishes)))):
        yield line(dish, random.choice((1, 1, 1, 2, 3)), random)


def line(dish: Dish, count: float, random: Random) -> OrderLine:
    if dish.variants:
        variant = random.choice(dish.variants)
        return OrderLine(dish.id, count, variant.price, variant=variant.id)
    chosen = [
        modifier
        for group in dish.groups
        for modifier in random.sample(group.modifiers, random.randint(group.min, 1))
    ]
    text = (
        json.dumps([{"m": modifier.id, "a": 1} for modifier in chosen], separators=(",", ":"))
        if chosen
        else ""
    )
    return OrderLine(
        dish.id, count, dish.price + sum(modifier.price for modifier in chosen), modification=text
    )
