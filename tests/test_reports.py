"""Reports: which days they are compared with, the range of lost money, people on shift."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta

import pytest

from server import days, reports
from server.db import rows, transaction, write
from server.figures import NAMES, Sums
from server.models import Account
from server.reports import Scope, previous, staffed
from server.reports.money import lost_money, wilson
from server.speech import speaker
from tests.conftest import Restaurant
from tests.test_figures import ALL, at, put, set_up, sums_of
from tests.wire import ROOT

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ((2026, 3, 10), (2026, 3, 10), ((2026, 3, 9), (2026, 3, 9))),
        ((2026, 3, 9), (2026, 3, 15), ((2026, 3, 2), (2026, 3, 8))),
        ((2026, 3, 1), (2026, 3, 31), ((2026, 2, 1), (2026, 2, 28))),
        ((2026, 1, 1), (2026, 1, 31), ((2025, 12, 1), (2025, 12, 31))),
        ((2026, 1, 1), (2026, 3, 31), ((2025, 10, 1), (2025, 12, 31))),
        ((2026, 1, 1), (2026, 12, 31), ((2025, 1, 1), (2025, 12, 31))),
        ((2026, 3, 1), (2026, 3, 30), ((2026, 1, 30), (2026, 2, 28))),
    ],
)
def test_the_period_before(
    first: tuple[int, int, int], last: tuple[int, int, int], before: tuple[tuple[int, int, int], ...]
) -> None:
    its = previous(Scope(1, date(*first), date(*last), 2, True))
    assert (its.first, its.last, its.spot, its.open_only) == (*(date(*one) for one in before), 2, True)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662), (30, 30, 0.8865, 1.0)],
)
def test_wilsons_interval_is_the_books(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_lost_money_is_a_range_with_all_that_it_is_made_of() -> None:
    band = lost_money(Sums(answered=263, converted=81, bills=80, revenue=2_400_000, lost=10, waiting=4))
    assert band
    assert (band.average, band.lost, band.waiting, band.answered, band.converted) == (30_000, 10, 4, 263, 81)
    assert band.low == round(10 * band.share_low * 30_000) == pytest.approx(76_590, abs=50)
    assert band.high == round(14 * band.share_high * 30_000) == pytest.approx(153_800, abs=50)


@pytest.mark.parametrize(
    "few",
    [
        Sums(answered=29, converted=9, bills=20, revenue=1),
        Sums(answered=300, converted=9, bills=9, revenue=1),
    ],
)
def test_of_too_few_nothing_is_said(few: Sums) -> None:
    assert lost_money(few) is None


def test_people_on_shift_over_the_change_of_the_clock(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, "Europe/Kyiv", 5)
    for moment, minutes in (("2026-03-29 02:00", 60), ("2026-03-29 04:00", 50), ("2026-03-29 12:00", 40)):
        present(account, at(moment), minutes)
    present(account, at("2026-03-29 12:00"), 30, spot=2)
    saturday, sunday = (Scope(account.id, date(2026, 3, day), date(2026, 3, day)) for day in (28, 29))
    assert staffed(saturday) == {(5, 2): 60, (5, 4): 50}
    assert staffed(sunday) == {(6, 12): 70}
    assert staffed(Scope(account.id, date(2026, 3, 29), date(2026, 3, 29), spot=2)) == {(6, 12): 30}


def test_half_an_hour_beside_the_others_minutes_are_shared(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, "Asia/Kolkata", 0)
    present(account, at("2026-06-01 12:30", "Asia/Kolkata"), 61)
    assert staffed(Scope(account.id, date(2026, 6, 1), date(2026, 6, 1))) == {(0, 12): 30, (0, 13): 31}


def test_one_account_never_sees_anothers(restaurant: Restaurant) -> None:
    mine, other = restaurant(), restaurant("other", "700124")
    put(other, "a", at("2026-03-02 12:00"))
    present(other, at("2026-03-02 12:00"), 60)
    sums_of(other)
    scope = Scope(mine.id, *ALL)
    assert reports.totals(scope) == Sums()
    for report in (
        "by_hour",
        "by_weekday_hour",
        "by_day",
        "by_line",
        "by_employee",
        "by_did",
        "by_spot",
        "staffed",
    ):
        assert getattr(reports, report)(scope) == {}


def present(account: Account, moment: float, minutes: int, spot: int = 1) -> None:
    with transaction():
        write(
            "INSERT INTO presence VALUES (?, ?, ?, ?, 5, ?)",
            account.id,
            int(moment) // 3600,
            spot,
            spot,
            minutes,
        )


def test_months_are_the_sums_of_their_days(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, "Europe/Kyiv", 5)
    begins, counts = date(2025, 12, 15), dict[date, int]()
    for one in range(130):
        day = begins + timedelta(days=one)
        counts[day] = 1 + one % 3
        for call in range(counts[day]):
            put(account, f"{one}-{call}", at(f"{day} 12:00") + call, line=f"10{call}")
    sums_of(account)
    for first, length in (
        (0, 130),
        (0, 17),
        (17, 31),
        (17, 30),
        (16, 33),
        (17, 90),
        (3, 100),
        (48, 28),
        (47, 1),
    ):
        span = Scope(account.id, begins + timedelta(days=first), begins + timedelta(days=first + length - 1))
        expected = sum(count for day, count in counts.items() if span.first <= day <= span.last)
        assert reports.totals(span).calls == expected, span
        assert reports.by_hour(span)[12].calls == expected
        assert sum(its.calls for its in reports.by_line(span).values()) == expected
        assert {day: its.calls for day, its in reports.by_day(span).items()} == {
            day: count for day, count in counts.items() if span.first <= day <= span.last
        }
        assert sum(its.calls for its in reports.by_weekday_hour(span).values()) == expected


def test_stretches_are_the_days_themselves() -> None:
    chance = random.Random(2)
    for _ in range(300):
        first = date(2024, 1, 1) + timedelta(days=chance.randrange(800))
        scope = Scope(1, first, first + timedelta(days=chance.randrange(400)))
        days = [
            one.first + timedelta(days=day)
            for one in scope.stretches()
            for day in range((one.last - one.first).days + 1)
        ]
        assert days == [first + timedelta(days=day) for day in range(scope.length)]
        assert all(
            one.first.day == 1 and (one.last + timedelta(days=1)).day == 1
            for one in scope.stretches()
            if one.months
        )


def test_every_sum_is_explained_under_its_name_in_the_file() -> None:
    say, text = speaker("en"), (ROOT / "docs" / "figures.md").read_text("utf-8")
    assert [name for name in NAMES if f"| `{name}` | {say(f'export.col_{name}')} | " not in text] == []


def test_the_database_knows_the_weekday_of_every_day_of_a_century() -> None:
    century = [date(2000, 1, 1) + timedelta(days=one) for one in range(36_890)]
    asked = f"""SELECT day, {reports.WEEKDAY} FROM (SELECT CAST(value AS BIGINT) AS day FROM json_each(?)) AS one"""
    found = rows(asked, json.dumps([days.number(one) for one in century]))
    assert [days.day_of(day) for day, weekday in found if days.day_of(day).weekday() != weekday] == []
    assert len(found) == len(century)
