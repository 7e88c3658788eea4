"""A few hundred guests, whose phones were typed by many hands over the years."""

from __future__ import annotations

from random import Random
from typing import Any

from sandbox.rows import Client
from sandbox.seed.menu import source

CODES = ("67", "50", "63", "93", "95", "96", "97", "98", "66", "99", "73", "68")
WRITTEN = (
    "+380{a}{b}{c}{d}",
    "+380{a}{b}{c}{d}",
    "+38 (0{a}) {b}-{c}-{d}",
    "+38 0{a} {b} {c} {d}",
    "380{a}{b}{c}{d}",
    "0{a} {b} {c} {d}",
    "0{a}{b}{c}{d}",
    "(0{a}) {b}-{c}-{d}",
    "0{a}-{b}-{c}-{d}",
    "+380 {a} {b} {c} {d}",
    "8 0{a} {b} {c} {d}",
)
SPELLING_OLD = 6
"""Index of the bare local spelling: some of those rows were never normalised."""


def people(random: Random, count: int, first_id: int = 1) -> dict[int, Client]:
    makers = [_local] * (count - len(source("people.json")["others"]))
    clients = [make(random, first_id + index) for index, make in enumerate(makers)]
    others = source("people.json")["others"]
    clients += [_foreign(random, first_id + len(makers) + index, row) for index, row in enumerate(others)]
    return {client.id: client for client in clients}


def _local(random: Random, id: int) -> Client:
    words = source("people.json")
    woman = random.random() < 0.55
    client = Client(id, lastname=random.choice(words["lastnames"]), sex=2 if woman else 1)
    client.firstname = random.choice(words["women"] if woman else words["men"])
    if random.random() < 0.15:
        client.patronymic = random.choice(words["patronymics"]["f" if woman else "m"])
    _phone(random, client)
    _habits(random, client)
    if random.random() < 0.2:
        client.lastname, client.firstname, client.patronymic = client.firstname, "", ""
    return client


def _phone(random: Random, client: Client) -> None:
    parts = {"a": random.choice(CODES), "b": f"{random.randrange(1000):03}"}
    parts |= {"c": f"{random.randrange(100):02}", "d": f"{random.randrange(100):02}"}
    spelling = random.randrange(len(WRITTEN))
    client.phone = WRITTEN[spelling].format(**parts)
    national = "".join(parts.values())
    old = spelling == SPELLING_OLD and random.random() < 0.3
    client.digits = ("0" if old else "380") + national
    client.zeros = old or random.random() < 0.25


def _habits(random: Random, client: Client) -> None:
    words = source("people.json")
    client.group = random.choices((1, 2, 3, 4), (70, 18, 9, 3))[0]
    client.country, client.city = ("UA", "Київ") if random.random() < 0.3 else ("", "")
    client.comment = random.choice(words["comments"])
    client.bonus = random.randrange(0, 900) * 100 if random.random() < 0.5 and client.group < 3 else 0
    client.since = (
        f"{random.randrange(2019, 2026)}-{random.randrange(1, 13):02}-{random.randrange(1, 28):02} 12:00:00"
    )
    if random.random() < 0.25:
        client.birthday = (
            f"{random.randrange(1955, 2006)}-{random.randrange(1, 13):02}-{random.randrange(1, 28):02}"
        )
    if random.random() < 0.12:
        client.card = str(random.randrange(1000, 9999))
    if random.random() < 0.45:
        house = f"{random.randrange(1, 90)}" + random.choice(["", "", "А", "/2"])
        client.address = f"{random.choice(words['streets'])}, {house}"
        client.addresses = [address(random, client.id, client.address)]


def address(random: Random, id: int, street: str) -> dict[str, Any]:
    flat = {"flat": random.randrange(1, 180), "floor": random.randrange(1, 16)}
    second = random.choice(source("people.json")["entrances"]).format(**flat)
    row: dict[str, Any] = {"id": id, "address1": street, "address2": second, "city": "Київ", "country": "UA"}
    return row | {
        "comment": "",
        "lat": "50.43",
        "lng": "30.54",
        "zip_code": "",
        "delivery_zone_id": 1,
        "sort_order": 0,
    }


def _foreign(random: Random, id: int, row: list[str]) -> Client:
    lastname, firstname, phone, _ = row
    client = Client(id, lastname=lastname, firstname=firstname, phone=phone, group=random.choice((1, 1, 2)))
    digits = "".join(character for character in phone if character.isdigit()).removeprefix("00")
    client.digits = "38" + digits if digits.startswith("0") else digits
    client.since = "2024-05-11 19:20:00"
    return client
