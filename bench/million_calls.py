"""Invented calls of a year at a restaurant with three spots: guests who come again, call in vain, are called back,
order. The same each time but for the day on which it ends."""

from __future__ import annotations

import base64
import json
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from server import days
from server.db import database, transaction
from server.models import (
    CONNECTED,
    Account,
    Did,
    Employee,
    LineOwner,
    NeverPop,
    Preference,
    Register,
    Spot,
    SpotHours,
    Trunk,
)

NAME = "million"
ZONE, DAY_STARTS = "Europe/Kyiv", 5
GUESTS, NAMED, STAFF, DAYS = 120_000, 60_000, 25, 365
LINES = [str(100 + one) for one in range(1, STAFF + 1)]
DIDS = {f"+38044200{spot}{one:03d}": spot for spot in (1, 2, 3) for one in (1, 2)}
# How busy each hour is from five in the morning on; Friday and Saturday are busier.
HOURS = (0, 0, 0, 1, 2, 4, 6, 9, 9, 6, 5, 5, 6, 9, 11, 10, 7, 4, 2, 1, 1, 0, 0, 0)
WEEK = (8, 8, 9, 10, 14, 15, 11)
OUTCOMES = (
    ("answered",) * 78
    + ("missed",) * 14
    + ("busy",) * 3
    + ("declined",) * 2
    + ("unknown",) * 2
    + ("voicemail",)
)
FIRST = (
    "Олена",
    "Тарас",
    "Ірина",
    "Андрій",
    "Марія",
    "Богдан",
    "Софія",
    "Назар",
    "Оксана",
    "Юрій",
    "Anna",
    "Piotr",
)
LAST = ("Шевченко", "Бондар", "Коваль", "Мельник", "Ткач", "Лисенко", "Руденко", "Гнатюк", "Кравець", "Nowak")

CALL = """INSERT INTO call (id, account_id, trunk_id, key, direction, caller, number, did, name, state, outcome, line,
    answered_by, legs, started, answered, ended, touched, test, version, via)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'ended', ?, ?, ?, ?, ?, ?, ?, ?, 0, 3, '')"""
ORDER = """INSERT INTO call_order (account_id, call_id, order_id, transaction_id, client_id, spot, sum, by_id, by_name,
    at, closed_at) VALUES (?, ?, ?, ?, 0, ?, ?, 1, '', ?, ?)"""
CALLBACK = """INSERT INTO callback (account_id, number, call_id, calls, first_at, at, closed_at, closed_how, closed_by)
    VALUES (?, ?, ?, 1, ?, ?, ?, ?, '')"""
NOTE = "INSERT INTO call_note (account_id, call_id, outcome, text, at) VALUES (?, ?, 'order', 'до 19:00', ?)"
GUEST = "INSERT INTO guest (account_id, client_id, name, folded, read_at) VALUES (?, ?, ?, ?, 1760000000)"
THEIR_NUMBER = "INSERT INTO guest_number (account_id, number, client_id, at) VALUES (?, ?, ?, 0)"
PRESENCE = (
    "INSERT INTO presence (account_id, hour, spot, register, employee, minutes) VALUES (?, ?, ?, ?, ?, ?)"
)

Row = tuple[Any, ...]


def fill(calls: int) -> int:
    """Returns the account."""
    account = _restaurant()
    chance = random.Random(11)
    _many((GUEST, THEIR_NUMBER), _guests(account))
    _many((CALL, ORDER, CALLBACK, NOTE), islice(_calls(account, calls, chance), calls))
    _many((PRESENCE,), _presence(account, chance))
    return account


def _many(statements: tuple[str, ...], made: Iterator[tuple[Row | None, ...]]) -> None:
    """Each thing is a row for every statement, or None."""
    while chunk := list(islice(made, 20_000)):
        with transaction():
            for index, sql in enumerate(statements):
                database.cursor().executemany(sql, [row for one in chunk if (row := one[index]) is not None])


def _restaurant() -> int:
    with transaction():
        account = Account.create(name=NAME, number="1000000", title="Million", state=CONNECTED, country="UA",
                                 currency="₴", lang="ua", timezone=ZONE, mirrored_at=time.time())  # fmt: skip
        Trunk.create(account=account, provider="generic", token="million-token", created_at=time.time())
        Preference.create(account=account, name="day_starts", value=str(DAY_STARTS))
        NeverPop.create(account=account, number=number(0), kind="supplier", at=time.time())
        for spot in (1, 2, 3):
            Spot.create(account=account, poster_id=spot, name=("", "Поділ", "Лавра", "Оболонь")[spot])
            for weekday in range(7):
                SpotHours.create(account=account, spot=spot, weekday=weekday, opens=600, closes=1440)
            for register in (2 * spot - 1, 2 * spot):
                Register.create(account=account, poster_id=register, name=f"Каса {register}", spot=spot)
        for did, spot in DIDS.items():
            Did.create(account=account, number=did, spot=spot)
        for one, line in enumerate(LINES, 1):
            Employee.create(account=account, poster_id=one, name=f"{FIRST[one % 12]} {LAST[one % 10]}")
            LineOwner.create(account=account, line=line, kind="employee", owner=one)
    return int(account.id)


def number(guest: int) -> str:
    return f"+38067{2_000_000 + guest:07d}"


def _guests(account: int) -> Iterator[tuple[Row | None, ...]]:
    for one in range(1, NAMED + 1):
        first, last = FIRST[one % 12], LAST[one // 12 % 10]
        folded = " ".join(sorted((first.lower(), last.lower())))
        yield (account, one, f"{first} {last}", folded), (account, number(one), one)


def _calls(account: int, calls: int, chance: random.Random) -> Iterator[tuple[Row | None, ...]]:
    """In the order of time, but for call-backs, which come right after what they answer."""
    today = days.place(time.time(), days.zone(ZONE), DAY_STARTS)[0]
    all_days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    weight = sum(WEEK[day.weekday()] for day in all_days)
    for day in all_days:
        # About a call in nine is one of ours that answers a call in vain.
        count = 1 + int(0.93 * calls * WEEK[day.weekday()] / weight)
        for at in _moments(day, count, chance):
            yield from _call(account, at, chance)


def _moments(day: date, count: int, chance: random.Random) -> list[float]:
    begins = days.start(day, days.zone(ZONE), DAY_STARTS)
    hours = chance.choices(range(24), HOURS, k=count)
    return sorted(begins + 3600 * hour + 3600 * chance.random() for hour in hours)


def _call(account: int, at: float, chance: random.Random) -> Iterator[tuple[Row | None, ...]]:
    hidden = chance.random() < 0.02
    guest = "" if hidden else number(int(GUESTS * chance.random() ** 2))
    outcome, line = OUTCOMES[int(100 * chance.random()) % len(OUTCOMES)], LINES[int(STAFF * chance.random())]
    row = _row(account, "in", guest, outcome, line, at, chance)
    order = _order(account, row, chance) if outcome == "answered" and chance.random() < 0.42 else None
    note = (account, row[0], at) if chance.random() < 0.03 else None
    if outcome in ("answered", "unknown") or not guest:
        yield row, order, None, note
        return
    how, after = chance.random(), 60 + 5400 * chance.random() ** 2
    word = "reached" if how < 0.45 else "called" if how < 0.6 else "done" if how < 0.65 else "old"
    closed = at + (after if word != "old" else 172800)
    yield row, order, (account, guest, row[0], at, at, closed, word), note
    if word in ("reached", "called"):
        way = "out" if word == "reached" else "in"
        yield _row(account, way, guest, "answered", line, at + after, chance), None, None, None


def _row(
    account: int, way: str, guest: str, outcome: str, line: str, at: float, chance: random.Random
) -> Row:
    call_id = base64.urlsafe_b64encode(chance.randbytes(9)).decode()
    did = list(DIDS)[int(len(DIDS) * chance.random())]
    answered = at + 2 + 30 * chance.random() ** 2 if outcome == "answered" else None
    ended = (answered or at) + 5 + 180 * chance.random() ** 2
    alone = line if answered or chance.random() < 0.4 else ""
    legs = {line: outcome} if alone else dict.fromkeys(LINES[:3], outcome)
    by = line if answered else ""
    return (call_id, account, 1, call_id, way, guest, guest, did, outcome, alone, by, json.dumps(legs), at, answered,
            ended, ended)  # fmt: skip


def _order(account: int, row: Row, chance: random.Random) -> Row:
    at = float(row[12])
    total = 100 * int(150 + 1200 * chance.random() ** 2) + int(100 * chance.random())
    known = chance.random() < 0.9
    return (account, row[0], int(1_000_000 * at), int(at), DIDS[row[7]], total if known else None,
            at + 60, at + 3600 if known else None)  # fmt: skip


def _presence(account: int, chance: random.Random) -> Iterator[tuple[Row | None, ...]]:
    now = int(time.time()) // 3600
    for hour in range(now - 24 * DAYS, now):
        for register in range(1, 7) if 7 <= hour % 24 <= 21 else ():
            employee = 1 + (hour // 12 + 4 * register) % STAFF
            yield ((account, hour, (register + 1) // 2, register, employee, 40 + int(20 * chance.random())),)
