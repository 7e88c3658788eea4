"""Over generated journals: the sums are those that another algorithm finds, in whatever order things became known."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from server import figures, reports
from server.db import rows, transaction, write
from server.figures import Sums, writing
from server.models import Account, Did
from server.reports import Scope
from tests import recount
from tests.conftest import Restaurant
from tests.test_figures import ALL, at, ordered, put, said_done, set_up

pytestmark = pytest.mark.usefixtures("database")

Work = Callable[[], object]

OUTCOMES = ("answered",) * 4 + ("missed",) * 5 + ("busy", "declined", "failed", "voicemail", "unknown")
NUMBERS = (*(f"+38067111{one:04d}" for one in range(12)), "", "+38067*****11")
DIDS = ("+380441112233", "+380442223344", "+380440000000")
# Both changes of the clock, and a zone that is half an hour beside all others.
SPANS = {
    "Kyiv in March, day from midnight": ("Europe/Kyiv", 0, "2026-03-26 00:00"),
    "Kyiv in October, day from five": ("Europe/Kyiv", 5, "2025-10-23 00:00"),
    "Warsaw in March, day from five": ("Europe/Warsaw", 5, "2026-03-27 00:00"),
    "Warsaw in October, day from midnight": ("Europe/Warsaw", 0, "2025-10-24 00:00"),
    "Kolkata, day from five": ("Asia/Kolkata", 5, "2026-05-30 00:00"),
}


def furnish(account: Account, zone: str, begins: int) -> None:
    set_up(account, zone, begins)
    with transaction():
        for did, spot in zip(DIDS[:2], (1, 2), strict=True):
            Did.create(account=account, number=did, spot=spot)
        write(
            "INSERT INTO line_owner (account_id, line, kind, owner) VALUES (?, '103', 'register', 3)",
            account.id,
        )
        for weekday in range(6):
            write("INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) VALUES (?, 1, ?, 540, 1500)",
                  account.id, weekday)  # fmt: skip


def story(account: Account, chance: random.Random, first: float, days: int, calls: int) -> list[list[Work]]:
    """Chains of things that happen one after another; chains themselves come in any order."""
    chains: list[list[Work]] = []
    for one in range(calls):
        call_id, number = f"{account.id}-{one}", chance.choice(NUMBERS)
        moment = first + chance.uniform(0, days * 86400) + chance.random()
        if chance.random() < 0.1:  # within a second of midnight or of the day's beginning
            moment = (
                first
                + 86400 * chance.randrange(1, days)
                + 3600 * chance.choice((0, 5))
                + chance.uniform(-1, 1)
            )
        chains.append(list(_call(account, call_id, number, moment, chance)))
    for number in chance.sample(NUMBERS[:12], 3):
        chains.append([_lambda(said_done, account, number, first + chance.uniform(0, days * 86400))])
    chains.append(list(_hushed(account, chance.choice(NUMBERS[:12]), chance)))
    return chains


def _call(
    account: Account, call_id: str, number: str, moment: float, chance: random.Random
) -> Iterator[Work]:
    outcome, way = chance.choice(OUTCOMES), chance.choice(("in", "in", "in", "out", "internal"))
    answered = moment + chance.uniform(0, 60) if outcome == "answered" and chance.random() < 0.9 else 0.0
    lasts = chance.uniform(0, 60) + (answered - moment if answered else 0)
    facts = {"number": number, "way": way, "lasts": lasts, "line": chance.choice(("101", "102", "103", "")),
             "did": chance.choice(DIDS), "test": int(chance.random() < 0.05)}  # fmt: skip
    if chance.random() < 0.5:  # it was heard while it rang
        unknown = {**facts, "number": chance.choice(("", number))}
        yield _lambda(put, account, call_id, moment, "", state="ringing", **unknown)
    if chance.random() < 0.3:  # and its end was told wrong at first
        other = {**facts, "number": chance.choice((number, NUMBERS[0]))}
        yield _lambda(put, account, call_id, moment, "missed", **other)
    yield _lambda(put, account, call_id, moment, outcome, answered=answered, **facts)
    if chance.random() < (0.6 if outcome == "answered" else 0.1):
        order = chance.getrandbits(40)
        if chance.random() < 0.5:
            yield _lambda(ordered, account, call_id, order, None)
        if chance.random() < 0.8:
            yield _lambda(ordered, account, call_id, order, chance.randrange(1, 90000))
    if chance.random() < 0.1:
        yield _lambda(_forget, account, call_id)


def _hushed(account: Account, number: str, chance: random.Random) -> Iterator[Work]:
    yield _lambda(_sql, "INSERT INTO never_pop (account_id, number, kind, at) VALUES (?, ?, 'staff', 0)", account.id,
                  number)  # fmt: skip
    if chance.random() < 0.5:
        yield _lambda(_sql, "DELETE FROM never_pop WHERE account_id = ?", account.id)


def _lambda(work: Callable[..., object], *args: object, **facts: object) -> Work:
    return lambda: work(*args, **facts)


def _forget(account: Account, call_id: str) -> None:
    _sql("DELETE FROM call_order WHERE account_id = ? AND call_id = ?", account.id, call_id)
    _sql("DELETE FROM call WHERE account_id = ? AND id = ?", account.id, call_id)


def _sql(sql: str, *values: object) -> None:
    with transaction():
        write(sql, *values)


def shuffled(chains: list[list[Work]], chance: random.Random) -> Iterator[Work]:
    chains = [list(chain) for chain in chains]
    while chains:
        chain = chance.choice(chains)
        yield chain.pop(0)
        chains = [one for one in chains if one]


def count_all(account: Account, now: float) -> None:
    while figures.refresh(account.id, now=now):
        pass


Rows = list[tuple[object, ...]]


def stored(account: Account) -> tuple[Rows, Rows]:
    return (
        rows("SELECT * FROM call_fact WHERE account_id = ? ORDER BY call_id", account.id),
        rows("SELECT * FROM figure WHERE account_id = ? ORDER BY by, day, hour, spot, open, key", account.id),
    )


@pytest.mark.parametrize("name", SPANS)
def test_every_sum_is_what_the_journal_gives(restaurant: Restaurant, name: str) -> None:
    zone, begins, first = SPANS[name]
    chance, now = random.Random(name), at(first, zone) + 5 * 86400
    mine, other = restaurant(), restaurant("other", "700124")
    for account in (mine, other):
        furnish(account, zone, begins)
    chains = [chain for account in (mine, other) for chain in story(account, chance, at(first, zone), 5, 110)]
    for work in shuffled(chains, chance):
        work()
        if chance.random() < 0.05:
            figures.refresh(mine.id, chance.randrange(1, 30), now=now)
    for account in (mine, other):
        count_all(account, now)
        assert_true(account, recount.figures(account.id, now))
        before = stored(account)
        with transaction():
            writing.add_up(account.id)
        assert stored(account)[1] == before[1]
        figures.rebuild(account.id)
        assert figures.stale(account.id) == len(rows("SELECT 1 FROM call WHERE account_id = ?", account.id))
        count_all(account, now)
        assert stored(account) == before
    if begins == 0 and "March" in name:
        _leave(mine, now)


def test_two_who_count_while_calls_come_in_spoil_nothing(restaurant: Restaurant) -> None:
    account, over = restaurant(), threading.Event()
    furnish(account, "Europe/Kyiv", 5)
    first, chance = at("2026-03-26 00:00"), random.Random(5)
    now = first + 5 * 86400
    works = list(shuffled(story(account, chance, first, 5, 120), chance))

    def count() -> None:
        while not over.is_set():
            figures.refresh(account.id, 40, now=now)

    with ThreadPoolExecutor(2) as pool:
        counting = [pool.submit(count) for _ in range(2)]
        for work in works:
            work()
        over.set()
        for one in counting:
            one.result()
    count_all(account, now)
    assert_true(account, recount.figures(account.id, now))
    before = stored(account)
    figures.rebuild(account.id)
    count_all(account, now)
    assert stored(account) == before


def _leave(account: Account, now: float) -> None:
    """Its calls go one by one, as they do when they are too old."""
    for (call_id,) in rows("SELECT id FROM call WHERE account_id = ?", account.id):
        _forget(account, call_id)
    count_all(account, now)
    assert stored(account) == ([], [])


def assert_true(account: Account, found: dict[recount.Key, Sums]) -> None:
    """Every report, whole and in part, is the sum of the calls that it names."""
    assert sum((sums.guests for sums in found.values()), 0) > 5
    for spot, open_only in ((None, False), (1, False), (2, True), (0, False)):
        scope = Scope(account.id, *ALL, spot, open_only)
        part = {
            key: sums for key, sums in found.items() if spot in (None, key[2]) and (key[3] or not open_only)
        }
        assert reports.totals(scope) == sum(part.values(), Sums())
        by = {
            "by_day": (0,),
            "by_hour": (1,),
            "by_spot": (2,),
            "by_line": (4,),
            "by_employee": (5,),
            "by_did": (6,),
        }
        for report, places in by.items():
            expected = {key[0]: sums for key, sums in recount.grouped(part, *places).items()}
            assert getattr(reports, report)(scope) == expected, report
        week: dict[tuple[int, int], Sums] = {}
        for key, sums in part.items():
            cell = (key[0].weekday(), key[1])
            week[cell] = week.get(cell, Sums()) + sums
        assert reports.by_weekday_hour(scope) == week
    days = sorted({key[0] for key in found})
    for first, last in ((days[0], days[1]), (days[2], days[-1])):
        some = [sums for key, sums in found.items() if first <= key[0] <= last]
        assert reports.totals(Scope(account.id, first, last)) == sum(some, Sums())
