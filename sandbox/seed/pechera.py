"""Pechera, number 700123: two spots, three registers, six employees, and guests of every difficult kind."""

from __future__ import annotations

from random import Random
from typing import Any

from sandbox.account import Account
from sandbox.rows import Client, Employee, Group, Incoming, Order, OrderLine, Spot, Tablet
from sandbox.seed import guests, history, menu, regulars
from sandbox.seed.menu import names

HOUR = 3_600_000
DAY = 24 * HOUR
OPEN_IDS = 9900
STORY_IDS = 9000
SUPPER = ((503, 1), (807, 2))
"""Dishes and how many, besides two pizzas."""

TITLE = ["Печера", "Пещера", "Pechera", "Peczera"]
SADOVA = ["Печера на Садовій", "Пещера на Садовой", "Pechera on Sadova", "Peczera na Sadowej"]
PODIL = ["Печера на Подолі", "Пещера на Подоле", "Pechera in Podil", "Peczera na Podolu"]


def pechera(now: float) -> Account:
    owner = {"id": 1, "name": "Ірина Мельник", "email": "iryna@pechera.example", "phone": "+380441112200"}
    account = Account("pechera", "700123", names(TITLE), owner)
    _places(account)
    _staff(account)
    account.categories, account.dishes = menu.categories(), menu.dishes()
    random = Random(700123)
    account.clients = guests.people(random, 290)
    ordinary = list(account.clients.values())
    account.clients |= {client.id: client for client in [*_characters(), *regulars.people(now)]}
    now_ms = int(now * 1000)
    history.fill(account, ordinary, random, now_ms, (3, 7), first_id=10_001)
    _stories(account, now_ms)
    account.orders |= {row.id: row for row in regulars.orders(account, now_ms)}
    _open_orders(account, now_ms)
    _from_the_internet(account, now_ms)
    account.incoming |= {row.id: row for row in regulars.online(now_ms)}
    account.callers = [*CALLERS, *regulars.CALLERS]
    return account


def _places(account: Account) -> None:
    sadova = ["вул. Садова, 5", "ул. Садовая, 5", "5 Sadova St", "ul. Sadowa 5"]
    podil = ["вул. Сагайдачного, 18", "ул. Сагайдачного, 18", "18 Sahaidachnoho St", "ul. Sahajdacznego 18"]
    account.spots = {
        1: Spot(1, names(SADOVA), names(sadova), "0443334455"),
        2: Spot(2, names(PODIL), names(podil), "0445556677"),
    }
    account.tablets = {
        1: Tablet(1, 1, names(["Бар", "Бар", "Bar", "Bar"])),
        2: Tablet(2, 1, names(["Доставка", "Доставка", "Delivery desk", "Dostawa"])),
        3: Tablet(3, 2, names(["Каса Поділ", "Касса Подол", "Podil counter", "Kasa Podół"])),
    }


def _staff(account: Account) -> None:
    rows = [
        Employee(1, "Ірина Мельник", "1111", "owner", "2026-01-12 09:14:00"),
        Employee(2, "Тарас Бондар", "2222", "manager", "2026-01-12 10:02:00"),
        Employee(3, "Марта Гнатюк", "3333", "waiter", "2026-01-12 11:30:00"),
        Employee(4, "Богдан Лисенко", "4444", "waiter", "2026-01-11 22:05:00"),
        Employee(5, "Соломія Ткачук", "5555", "cashier", "2026-01-12 11:41:00"),
        Employee(6, "Андрій Кравець", "6666", "waiter", ""),
    ]
    account.employees = {row.id: row for row in rows}
    account.groups = {
        1: Group(1, names(["Гості", "Гости", "Guests", "Goście"]), 5, 1),
        2: Group(2, names(["Постійні", "Постоянные", "Regulars", "Stali goście"]), 10, 1),
        3: Group(3, names(["VIP", "VIP", "VIP", "VIP"]), 15, 2),
        4: Group(4, names(["Свої", "Свои", "Staff and family", "Pracownicy"]), 30, 2),
        5: Group(5, names(["Старий клуб", "Старый клуб", "Old club", "Stary klub"]), 3, 1, deleted=True),
    }


def _characters() -> list[Client]:
    """Guests whom tests and the phone panel know by id."""
    return [*_regulars(), *_oddities()]


def _regulars() -> list[Client]:
    sadova = "вул. Садова, 5/7"
    home = {"id": 1, "address1": sadova, "address2": "кв. 12", "city": "Київ", "country": "UA", "comment": ""}
    home |= {"lat": "50.43", "lng": "30.54", "zip_code": "", "delivery_zone_id": 1, "sort_order": 0}
    return [
        Client(
            318,
            "Коваленко",
            "Олена",
            phone="+38 (067) 111-22-33",
            digits="380671112233",
            group=2,
            bonus=4500,
            address=sadova,
            city="Київ",
            addresses=[home],
            comment="Алергія на горіхи",
            since="2023-03-08 18:00:00",
        ),
        Client(319, "Шевчук", "Андрій", phone="050 222 33 44", digits="380502223344", group=3, discount=15),
        Client(320, "Шевчук", "Ірина", phone="+380502223344", digits="380502223344", group=1, bonus=1250),
        Client(
            321,
            "ТОВ «Ромашка»",
            "",
            phone="+38 050 222-33-44",
            digits="380502223344",
            group=1,
            address="вул. Антоновича, 33",
            comment="Офіс, 4 поверх; рахунок на фірму",
        ),
    ]


def _oddities() -> list[Client]:
    """Deleted, hostile, without a number, with zeros for texts, from abroad."""
    return [
        Client(322, "Петренко", "Галина", phone="+380933334455", digits="380933334455", deleted=True),
        Client(
            323, "Петренко", "Галина Нова", phone="093 333 44 55", digits="380933334455", group=2, bonus=800
        ),
        Client(324, "Чорний", "Список", phone="+380664445566", digits="380664445566", deleted=True),
        Client(
            325,
            "<b>Vasyl</b> <script>alert(1)</script>",
            'O\'Reilly & "Co"',
            phone="+380995556677",
            digits="380995556677",
            comment="<img src=x onerror=alert(2)>",
        ),
        Client(326, "Стара", "Картка", phone="0676667788", digits="0676667788", zeros=True),
        Client(327, "Мовчун", "Без телефону"),
        Client(328, "Давній", "Гість", phone="+380967778899", digits="380967778899", bonus=300),
        Client(329, "Відмінюк", "Остап", phone="+380988889900", digits="380988889900", group=3, discount=15),
        Client(330, "Nowak", "Zofia", phone="+48 604 111 222", digits="48604111222", group=2, bonus=2300),
    ]


CALLERS = [
    {"from": "0671112233", "kind": "known", "name": "Олена Коваленко", "hint": "delivery"},
    {"from": "0502223344", "kind": "several", "name": "Шевчук / Ромашка", "hint": "three_guests"},
    {"from": "0631239876", "kind": "unknown", "name": "", "hint": "new_guest"},
    {"from": "", "kind": "withheld", "name": "", "hint": "withheld"},
    {"from": "48604111222", "kind": "foreign", "name": "Zofia Nowak", "hint": "abroad"},
    {"from": "0933334455", "kind": "known", "name": "Галина Петренко", "hint": "one_deleted"},
    {"from": "0664445566", "kind": "unknown", "name": "", "hint": "only_deleted"},
    {"from": "0676667788", "kind": "known", "name": "Стара Картка", "hint": "old_row"},
    {"from": "0995556677", "kind": "hostile", "name": "<script>", "hint": "hostile"},
]


def _stories(account: Account, now: int) -> None:
    """Orders that make the characters' cards interesting."""
    dishes, home = account.dishes, history.delivery(account.clients[318], "Домофон 12")
    supper = [
        OrderLine(601, 2, 18500, variant=6011),
        *(OrderLine(dish, count, dishes[dish].price) for dish, count in SUPPER),
    ]
    bar, delivery_desk, podil = (1, 1, 3), (1, 2, 5), (2, 3, 4)
    rows = [
        _past(0, now - 22 * HOUR, delivery_desk, 318, supper, mode=3, delivery=home, card=True),
        _past(1, now - 6 * DAY - 3 * HOUR, bar, 318, [OrderLine(401, 1, 28500)], hours=2, table=4),
        _past(2, now - 95 * DAY, podil, 319, [OrderLine(403, 2, 39500)], table=2),
        # Nothing in the last 365 days, and only orders that don't count.
        _past(3, now - 400 * DAY, bar, 328, [OrderLine(201, 1, 15500)]),
        _past(4, now - 3 * DAY, bar, 329, [OrderLine(702, 9, 11500)], status=3),
        _past(5, now - 40 * DAY, bar, 329, [OrderLine(402, 1, 34500)]),
    ]
    account.orders |= {row.id: row for row in rows}


def _past(
    number: int, at: int, place: tuple[int, int, int], client: int, lines: list[OrderLine],
    hours: int = 1, status: int = 2, **more: Any,
) -> Order:  # fmt: skip
    """An order that is over; `place` is its spot, register and waiter."""
    over = at + hours * HOUR
    return Order(STORY_IDS + number, at, *place, over, status, client, lines=lines, **more)


def _open_orders(account: Account, now: int) -> None:
    started = now - now % 60_000 - 25 * 60_000
    rows = [
        Order(
            OPEN_IDS,
            started,
            1,
            1,
            3,
            table=6,
            guests=2,
            lines=[OrderLine(201, 2, 15500), OrderLine(803, 2, 6500)],
        ),
        Order(OPEN_IDS + 1, started + 7_001, 2, 3, 4, table=3, lines=[OrderLine(604, 1, 26900)]),
    ]
    account.orders |= {row.id: row for row in rows}


def _from_the_internet(account: Account, now: int) -> None:
    lines = [OrderLine(601, 1, 24500, variant=6012), OrderLine(801, 1, 4500, variant=8011)]
    account.incoming = {
        71: Incoming(
            71,
            1,
            318,
            "+380671112233",
            1,
            now - 22 * HOUR,
            lines,
            transaction=STORY_IDS,
            address="вул. Садова, 5/7",
        ),
        72: Incoming(72, 1, 320, "+380502223344", 7, now - 9 * DAY, lines, comment="Передумали"),
        73: Incoming(73, 2, 0, "+380631234567", 0, now - 5 * 60_000, lines),
    }
