"""What Poster should have been told and was not: rests that outlive a restart, and what the doctor says of them."""

from __future__ import annotations

import pytest

from server import owed
from server.db import reading, transaction
from server.doctor import findings
from server.models import Account
from server.parts import Parts
from tests.conftest import Restaurant


@pytest.fixture
def account(app: object, restaurant: Restaurant) -> Account:
    return restaurant()


def resting() -> set[tuple[int, int]]:
    with reading():
        return owed.resting(owed.CLIENT)


def test_a_rest_is_for_one_thing_of_one_account_and_ends(
    account: Account, restaurant: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_795_000_000.0
    monkeypatch.setattr("server.owed.time.time", lambda: now)
    other = restaurant("lavra", "700124")
    owed.later(account.id, owed.CLIENT, 318)
    owed.later(other.id, owed.STAFF, 318)
    assert resting() == {(account.id, 318)}
    now += 31
    assert resting() == set()
    owed.later(account.id, owed.CLIENT, 318)
    now += 31
    assert resting() == {(account.id, 318)}, "each rest is twice as long as the last"


def test_a_clock_that_was_put_back_by_a_day_keeps_nothing_waiting_for_a_day(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_795_000_000.0
    monkeypatch.setattr("server.owed.time.time", lambda: now)
    owed.later(account.id, owed.CLIENT, 318)
    now -= 86400
    assert resting() == set()


def test_what_was_taken_is_owed_no_more(account: Account) -> None:
    owed.later(account.id, owed.CLIENT, 318)
    with transaction():
        owed.paid(account.id, owed.CLIENT, 318)
        assert owed.standing(account.id) == []


def test_the_doctor_tells_of_it_from_the_second_attempt_on(parts: Parts, account: Account) -> None:
    def told() -> list[int]:
        return [one.facts["count"] for one in findings(parts, account.id) if one.kind == "owed"]

    owed.later(account.id, owed.STAFF, 5)
    assert told() == [], "one miss is nobody's news"
    owed.later(account.id, owed.STAFF, 5)
    owed.later(account.id, owed.CLIENT, 318)
    owed.later(account.id, owed.CLIENT, 318)
    assert told() == [2]


def test_what_nobody_tries_any_more_is_forgotten(account: Account) -> None:
    owed.later(account.id, owed.STAFF, 5)
    with transaction():
        (debt,) = owed.standing(account.id)
        owed.sweep(debt.again + 86399)
        assert owed.standing(account.id)
        owed.sweep(debt.again + 86401)
        assert not owed.standing(account.id)
