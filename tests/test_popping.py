"""Numbers that never open a card, quiet employees, and how often somebody looked behind a veil."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from server import popping, preferences
from server.db import reading, transaction
from server.models import Account, Callback, Did, LineOwner
from tests.conftest import Restaurant
from tests.desks import E164, GUEST, Desk
from tests.wire import Binotel, Json, Register

COURIER = "+380931234567"
WHO = (5, "Olena")


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


def test_a_number_that_somebody_named(account: Account) -> None:
    popping.hush(account.id, COURIER, "courier", WHO)
    with reading():
        assert popping.never(account.id, COURIER)
        assert not popping.never(account.id, E164)
        assert not popping.never(account.id, "")
    popping.let_pop(account.id, COURIER, WHO)
    with reading():
        assert not popping.never(account.id, COURIER)
        assert popping.silent(account.id) == []


def test_the_restaurants_own_numbers_are_known(account: Account) -> None:
    with transaction():
        Did.create(account=account, number="+380441234567", spot=1)
        LineOwner.create(account=account, line="0671112233", kind="employee", owner=7)
    with reading():
        assert popping.never(account.id, "+380441234567")
        assert popping.never(account.id, E164)
        assert [(one.number, one.kind, one.learned) for one in popping.silent(account.id)] == [
            ("+380441234567", "staff", True),
            (E164, "staff", True),
        ]


def test_what_is_known_by_itself_can_be_undone_and_done_again(account: Account) -> None:
    with transaction():
        Did.create(account=account, number="+380441234567", spot=1)
    popping.let_pop(account.id, "+380441234567", WHO)
    with reading():
        assert not popping.never(account.id, "+380441234567")
        assert popping.silent(account.id) == []
    popping.hush(account.id, "+380441234567", "supplier", WHO)
    with reading():
        assert popping.never(account.id, "+380441234567")
        assert [(one.kind, one.by, one.learned) for one in popping.silent(account.id)] == [
            ("supplier", "Olena", False)
        ]


def test_another_restaurants_couriers_are_our_guests(account: Account, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    popping.hush(other.id, COURIER, "courier", WHO)
    with transaction():
        Did.create(account=other, number=E164, spot=1)
    with reading():
        assert not popping.never(account.id, COURIER)
        assert not popping.never(account.id, E164)
        assert popping.silent(account.id) == []


def test_quiet_is_each_employees_own(account: Account) -> None:
    popping.set_quiet(account.id, 5, True)
    with reading():
        assert popping.quiet(account.id, 5)
        assert not popping.quiet(account.id, 6)
        assert not popping.quiet(account.id, None)
        assert popping.quiet_employees(account.id) == [(5, "Olena")]
    popping.set_quiet(account.id, 5, False)
    with reading():
        assert popping.quiet_employees(account.id) == []


def test_reveals_are_counted_once_for_each_call(account: Account) -> None:
    for call, who in (("a", WHO), ("a", WHO), ("b", WHO), ("b", (6, "Taras"))):
        popping.revealed(account.id, call, who)
    with reading():
        assert popping.reveals(account.id, 0) == [(5, "Olena", 2), (6, "Taras", 1)]
        assert popping.reveals(account.id, time.time() + 1) == []


def test_both_questions_of_a_ring_cost_next_to_nothing(account: Account) -> None:
    with transaction():
        for last in range(100, 400):
            popping.hush(account.id, f"+380671112{last}", "other", WHO)
    with reading():
        popping.never(account.id, E164)
        begun = time.perf_counter()
        for _ in range(200):
            popping.never(account.id, E164)
        assert (time.perf_counter() - begun) / 200 < 0.001


# At the registers


@pytest.fixture
def olena(binotel: Binotel, desk: Desk) -> Register:
    register = desk(1, 5)
    register.connect()
    return register


def test_a_courier_rings_without_a_card(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", "0931234567")
    assert olena.hear_until("call")["call"]["pop"] is True
    assert olena.ask("never", number="093 123 45 67", on=True, kind="courier").json() == {"ok": True}
    assert olena.hear_until("snapshot")["calls"][0]["call"]["pop"] is False
    binotel.hangup("77", "NOANSWER", 0)
    assert olena.hear_until("recent")["row"]["from"] == COURIER
    with reading():
        assert Callback.select().count() == 0
    binotel.ring("78", "0931234567")
    assert olena.hear_until("call")["call"]["pop"] is False
    assert olena.ask("never", number=COURIER, on=False).json() == {"ok": True}
    assert [entry["call"]["pop"] for entry in olena.hear_until("snapshot")["calls"]] == [True, True]


def test_whoever_never_pops_is_not_called_back_either(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    binotel.hangup("77", "NOANSWER", 0)
    assert len(olena.hear_until("missed")["list"]) == 1
    olena.ask("never", number=E164, on=True, kind="staff")
    assert olena.hear_until("snapshot")["missed"] == []


@pytest.mark.parametrize("number", ["", "101", "00-12ab", None, 7])
def test_only_a_number_can_be_silenced(olena: Register, place: Account, number: object) -> None:
    assert olena.ask("never", number=number, on=True).json() == {"ok": False, "error": "number"}
    with reading():
        assert popping.silent(place.id) == []


def test_a_kind_that_nobody_knows_is_other(olena: Register, place: Account) -> None:
    olena.ask("never", number=COURIER, on=True, kind="<b>")
    with reading():
        assert [one.kind for one in popping.silent(place.id)] == ["other"]


def settings(message: Json) -> Json:
    return dict(message["settings"])


def test_quiet_goes_with_the_employee(olena: Register, desk: Desk) -> None:
    taras = desk(2, 6)
    taras.connect()
    assert olena.ask("quiet", on=True).json() == {"ok": True}
    assert settings(olena.hear_until("snapshot"))["quiet"] is True
    assert taras.heard_before_sentinel() == []
    assert settings(taras.login(5))["quiet"] is True
    assert settings(taras.login(6))["quiet"] is False
    olena.ask("quiet", on=False)
    assert settings(olena.hear_until("snapshot"))["quiet"] is False


def test_quiet_is_nobodys_when_nobody_is_logged_in(olena: Register, desk: Desk) -> None:
    assert desk(2, None).ask("quiet", on=True).json() == {"ok": False, "error": "employee"}


def test_the_owners_choices_come_with_the_snapshot(olena: Register, place: Account) -> None:
    assert settings(olena.login(5)) == {
        "grace": 20, "pop": "ring", "quiet": False, "veil": False, "delivery": "comment", "booking": True,
    }  # fmt: skip
    preferences.choose(place.id, pop="answer", veil="on", delivery="online", booking="")
    assert settings(olena.login(5)) == {
        "grace": 20, "pop": "answer", "quiet": False, "veil": True, "delivery": "online", "booking": False,
    }  # fmt: skip
