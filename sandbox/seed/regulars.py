"""Guests of Pechera about whom there is much to tell: for cards, repeated orders, addresses and online orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.account import Account
from sandbox.rows import Client, Incoming, Order, OrderLine

HOUR = 3_600_000
DAY = 24 * HOUR
FIRST_ORDER = 9100
DARYNA, SERHII, MARIIA, OKSANA, OKSANA_TOO = 331, 332, 333, 334, 335

BAR, DELIVERY_DESK = (1, 1, 3), (1, 2, 5)
HOME, OFFICE = ("вул. Лесі Українки, 24", "під'їзд 2, поверх 5, кв. 48"), ("вул. Жилянська, 75", "офіс 301")
MOTHER = ("просп. Перемоги, 12А", "під'їзд 1, кв. 7, код 12К")
TOGETHER, RIVERSIDE = ("вул. Саксаганського, 40", "кв. 8"), ("вул. Басейна, 4", "поверх 3, кв. 19")
SITE = ("вул. Велика Васильківська, 100", "під'їзд 3, кв. 61")

CALLERS = [
    {"from": "0675554433", "kind": "known", "name": "Дарина Гончаренко", "hint": "regular"},
    {"from": "0675554434", "kind": "known", "name": "Сергій Литвиненко", "hint": "open_order"},
    {"from": "0675554435", "kind": "known", "name": "Марія Савчук", "hint": "online_order"},
    {"from": "0675554437", "kind": "known", "name": "Оксана Мельничук", "hint": "same_person"},
]


def people(now: float) -> list[Client]:
    """`now`: Unix seconds; Daryna's birthday is the day after tomorrow."""
    soon = (datetime.fromtimestamp(now, UTC) + timedelta(days=2)).strftime("1991-%m-%d")
    daryna = _guest(
        DARYNA, "Гончаренко", "Дарина", "0675554433", [HOME, OFFICE, MOTHER], group=2, bonus=12850
    )
    daryna.birthday, daryna.comment, daryna.since = soon, "Без цибулі", "2022-05-14 18:20:00"
    return [
        daryna,
        _guest(SERHII, "Литвиненко", "Сергій", "0675554434", [RIVERSIDE]),
        _guest(MARIIA, "Савчук", "Марія", "0675554435", [SITE]),
        _guest(OKSANA, "Мельничук", "Оксана", "0675554436", [TOGETHER], group=2, bonus=300),
        _guest(OKSANA_TOO, "Мельничук", "Оксана", "0675554437", [TOGETHER]),
    ]


def _guest(
    number: int, lastname: str, firstname: str, phone: str, places: list[tuple[str, str]], **more: Any
) -> Client:
    row = Client(number, lastname, firstname, phone=f"+38{phone}", digits=f"38{phone}", sex=2, **more)
    row.city, row.address, row.since = "Київ", places[0][0], "2024-02-01 12:00:00"
    row.addresses = [
        {"id": number * 10 + order, "address1": street, "address2": door, "city": "Київ", "country": "UA",
         "comment": "", "lat": "", "lng": "", "zip_code": "", "delivery_zone_id": 1, "sort_order": order}
        for order, (street, door) in enumerate(places)
    ]  # fmt: skip
    return row


def to(place: tuple[str, str], comment: str = "") -> dict[str, str]:
    rest = {"country": "UA", "city": "Київ", "lat": "50.43", "lng": "30.54", "zip_code": ""}
    return {**rest, "address1": place[0], "address2": place[1], "comment": comment}


def _lines(account: Account) -> dict[str, OrderLine]:
    """What these guests like; "season" is hidden in the menu now, "cake" is gone, `cheap` ones cost less then."""
    price = {dish.id: dish.price for dish in account.dishes.values()}
    extras = '[{"m":511,"a":1},{"m":514,"a":1}]'
    return {
        "small": OrderLine(601, 1, 18500, variant=6011),
        "cheap small": OrderLine(601, 1, 16500, variant=6011),
        "sauced": OrderLine(301, 1, 16400, modification='[{"m":522,"a":1}]'),
        "extras": OrderLine(604, 1, 26900 + 3500 + 1900, modification=extras),
        "lemonade": OrderLine(802, 1, 8500, variant=8021),
        "caesar": OrderLine(503, 1, price[503]),
        "cheap caesar": OrderLine(503, 1, 15900),
        "honey cake": OrderLine(703, 1, price[703]),
        "season": OrderLine(607, 1, 27500, variant=6071),
        "cake": OrderLine(706, 1, 9500),
        "beer": OrderLine(901, 1, 6900, variant=9011),
    }


# days ago, whose, dishes with their counts, where to (None: in the house), what the courier must know
PAST: list[tuple[int, int, dict[str, int], tuple[str, str] | None, str]] = [
    (4, DARYNA, {"small": 2, "lemonade": 1, "caesar": 1}, HOME, "Не дзвонити"),
    (11, DARYNA, {"small": 1, "sauced": 1}, HOME, ""),
    (19, DARYNA, {"small": 1, "caesar": 1, "honey cake": 2}, None, ""),
    (33, DARYNA, {"extras": 1, "lemonade": 2}, OFFICE, "Перепустка на вході"),
    (62, DARYNA, {"season": 1, "cake": 2, "cheap caesar": 1}, MOTHER, ""),
    (120, DARYNA, {"cheap small": 1, "caesar": 1}, HOME, ""),
    (200, DARYNA, {"small": 1, "beer": 2}, None, ""),
    (300, DARYNA, {"cheap small": 1}, HOME, ""),
    (8, OKSANA, {"sauced": 1}, TOGETHER, ""),
    (30, OKSANA_TOO, {"caesar": 1}, TOGETHER, ""),
    (15, MARIIA, {"small": 1, "lemonade": 1}, SITE, ""),
]


def orders(account: Account, now: int) -> list[Order]:
    """Daryna's eight, whose usual is a small Margherita; some of the others'; Serhii's, which is being cooked."""
    menu = _lines(account)
    rows = [
        _past(number, now - days * DAY, client, [_many(menu[name], count) for name, count in dishes.items()],
              to(place, note) if place else None)
        for number, (days, client, dishes, place, note) in enumerate(PAST)
    ]  # fmt: skip
    cooking = _past(len(PAST), now - 18 * 60_000, SERHII, [_many(menu["small"], 3)], to(RIVERSIDE))
    cooking.status, cooking.closed, cooking.comment = 1, 0, "Решта з 1000"
    return [*rows, cooking]


def _many(line: OrderLine, count: int) -> OrderLine:
    return OrderLine(line.product, count, line.price, line.variant, line.modification)


def _past(
    number: int, at: int, client: int, lines: list[OrderLine], delivery: dict[str, str] | None
) -> Order:
    """An order that is over: deliveries are the delivery desk's, the others were eaten at table 5."""
    place = DELIVERY_DESK if delivery else BAR
    row = Order(FIRST_ORDER + number, at + number, *place, at + HOUR, 2, client, lines=lines, card=True)
    row.mode, row.delivery, row.table = (3, delivery, 0) if delivery else (1, None, 5)
    return row


def online(now: int) -> list[Incoming]:
    """Mariia ordered at the site four minutes ago, and nobody accepted it yet."""
    lines = [OrderLine(602, 1, 23500, variant=6021), OrderLine(807, 2, 5900)]
    row = Incoming(74, 1, MARIIA, "+380675554435", 0, now - 4 * 60_000, lines, comment="Без дзвінка", mode=3)
    row.delivery, row.name = {"address1": SITE[0], "address2": SITE[1], "comment": ""}, "Марія"
    return [row]
