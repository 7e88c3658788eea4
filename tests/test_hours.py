"""When a spot works: by the restaurant's clock, past midnight, over changes of the clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server import hours
from server.db import reading, transaction
from server.models import Account, Audit
from server.unfit import Unfit
from tests.conftest import Restaurant

pytestmark = pytest.mark.usefixtures("database")

KYIV = ZoneInfo("Europe/Kyiv")
PODIL, LAVRA = 1, 2


def at(text: str, fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV, fold=fold).timestamp()


@pytest.fixture
def account(restaurant: Restaurant) -> Account:
    row = restaurant()
    with transaction():
        Account.update(timezone="Europe/Kyiv").execute()
    return row


def works(account: Account, spot: int, text: str, fold: int = 0) -> bool:
    with reading():
        return hours.works(account.id, spot, at(text, fold))


def test_without_hours_a_spot_is_always_open(account: Account) -> None:
    assert works(account, PODIL, "2026-11-23T04:00")
    assert works(account, 0, "2026-11-23T04:00")


def test_a_spot_with_some_days_is_closed_on_the_others(account: Account) -> None:
    hours.set_week(account.id, PODIL, {0: (600, 1320)})
    assert not works(account, PODIL, "2026-11-23T09:59")  # a Monday
    assert works(account, PODIL, "2026-11-23T10:00")
    assert works(account, PODIL, "2026-11-23T21:59")
    assert not works(account, PODIL, "2026-11-23T22:00")
    assert not works(account, PODIL, "2026-11-24T12:00")


def test_the_end_of_the_evening_belongs_to_the_day_that_began_it(account: Account) -> None:
    hours.set_week(account.id, PODIL, {6: (720, 1440 + 120)})  # Sunday until two in the morning
    assert works(account, PODIL, "2026-11-23T01:59")
    assert not works(account, PODIL, "2026-11-23T02:00")
    assert not works(account, PODIL, "2026-11-22T01:00")


def test_a_day_of_24_hours_has_no_gap_at_midnight(account: Account) -> None:
    hours.set_week(account.id, PODIL, {0: (0, 1440), 1: (0, 600)})
    assert works(account, PODIL, "2026-11-23T23:59")
    assert works(account, PODIL, "2026-11-24T00:00")


def test_the_hour_that_comes_twice_is_open_twice_and_the_missing_one_never(account: Account) -> None:
    hours.set_week(account.id, PODIL, {5: (1200, 1440 + 210)})  # Saturday until half past three
    assert works(account, PODIL, "2026-10-25T03:29", fold=0)
    assert works(account, PODIL, "2026-10-25T03:29", fold=1)
    assert not works(account, PODIL, "2026-10-25T03:31", fold=0)
    # 03:00 to 04:00 is not there on 29 March: 02:59 is followed by 04:00.
    assert works(account, PODIL, "2026-03-29T02:59")
    with reading():
        assert not hours.works(account.id, PODIL, at("2026-03-29T02:59") + 60)


def test_any_spot_open_is_spot_nought_open(account: Account) -> None:
    hours.set_week(account.id, PODIL, {0: (600, 1320)})
    assert works(account, 0, "2026-11-23T04:00"), "nobody set the other spot's hours: it is open always"
    hours.set_week(account.id, LAVRA, {0: (420, 660)})
    assert works(account, 0, "2026-11-23T07:00")
    assert works(account, 0, "2026-11-23T21:00")
    assert not works(account, 0, "2026-11-23T06:59")


def test_another_account_keeps_its_hours(account: Account, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    hours.set_week(account.id, PODIL, {0: (600, 1320)})
    assert works(other, PODIL, "2026-11-24T12:00")
    with reading():
        assert hours.week(other.id, PODIL) == {}


def test_a_change_is_told_in_the_history_and_none_is_not(account: Account) -> None:
    hours.set_week(account.id, PODIL, {0: (600, 1560)})
    hours.set_week(account.id, PODIL, {0: (600, 1560)})
    with reading():
        assert [(one.thing, one.before, one.after) for one in Audit.select()] == [
            ("Podil", "", "1 10:00-02:00")
        ]


@pytest.mark.parametrize(
    ("opens", "closes", "span"),
    [("10:00", "22:00", (600, 1320)), ("18:00", "02:00", (1080, 1560)), ("9.30", "24:00", (570, 1440)),
     ("00:00", "00:00", (0, 1440)), ("", "", None), ("10:00", "00:00", (600, 1440)),
     ("10", "2200", (600, 1320)), ("9", "930", (540, 570))],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(opens: str, closes: str, span: tuple[int, int] | None) -> None:
    assert hours.span(opens, closes) == span


@pytest.mark.parametrize(
    ("opens", "closes"),
    [("10:00", ""), ("25:00", "26:00"), ("ten", "12:00"), ("10:60", "11:00"), ("24:00", "2:00")],
)
def test_what_is_no_time_is_refused(opens: str, closes: str) -> None:
    with pytest.raises(Unfit):
        hours.span(opens, closes)


def test_hours_of_an_unknown_spot_are_refused(account: Account) -> None:
    with pytest.raises(Unfit):
        hours.set_week(account.id, 99, {0: (600, 1320)})
