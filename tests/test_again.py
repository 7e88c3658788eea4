"""Who calls again: how often, how long ago, with whom they spoke and what it was about."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from server import again, notes, orders
from server.calls import OUT
from server.db import reading, transaction
from server.messages import Json
from server.models import Account, CallOrder, CallRow, Employee, LineOwner
from server.parts import Parts
from tests.conftest import Restaurant
from tests.desks import E164, Desk, Line
from tests.wire import Binotel


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def line(parts: Parts, account: Account) -> Line:
    return Line(parts, account)


def known(line: Line, key: str = "", number: str = E164) -> Json | None:
    with reading():
        call = CallRow.get_or_none(CallRow.key == key)
        return again.of(line.account.id, number, call.id if call else "", line.now)


def test_the_first_call_is_no_call_again(line: Line) -> None:
    line.tell("a", "ring", 0)
    assert known(line, "a") is None


def test_the_second_call_says_who_spoke_with_them(line: Line) -> None:
    line.talked("a", 400)
    line.tell("b", "ring", 10)
    told = known(line, "b")
    assert told
    assert (told["count"], told["minutes"]) == (2, 6)
    assert (
        told["last"].items()
        >= {"outcome": "answered", "by": "Olena", "note": "", "text": "", "order": None}.items()
    )
    assert told["last"]["at"] == line.now - 400


def test_what_it_was_about_and_what_they_ordered(line: Line, account: Account) -> None:
    line.talked("a", 400)
    with reading():
        call = CallRow.get().id
    notes.keep(account.id, call, "complaint", "cold soup", (5, "Olena"))
    orders.ordered(account.id, call, 1795436500000, 1, 318, 45, (5, "Olena"))
    told = known(line)
    assert told
    assert told["last"].items() >= {"call": call, "note": "complaint", "text": "cold soup"}.items()
    assert told["last"]["order"] is None, "the back office has no number for it yet"
    CallOrder.update(transaction_id=50011).execute()
    told = known(line)
    assert told
    assert told["last"]["order"] == {"id": 50011, "sum": None}
    orders.closed(account.id, 1795436500000, 1, 34500, 318)
    told = known(line)
    assert told
    assert told["last"]["order"]["sum"] == "345.00"


def test_calls_in_vain_count_and_nobody_spoke(line: Line) -> None:
    line.missed("a", 900)
    line.missed("b", 600, "busy")
    line.tell("c", "ring", 0)
    told = known(line, "c")
    assert told
    assert (told["count"], told["minutes"], told["last"]["outcome"], told["last"]["by"]) == (
        3,
        10,
        "busy",
        "",
    )


def test_that_we_reached_them_is_the_last_word_but_no_call_of_theirs(line: Line) -> None:
    line.missed("a", 900)
    line.talked("o", 300, line="102", direction=OUT)
    line.missed("p", 200, direction=OUT)
    line.tell("b", "ring", 0)
    told = known(line, "b")
    assert told
    assert (told["count"], told["minutes"], told["last"]["by"]) == (2, 5, "Taras")


def test_a_line_that_several_share_stands_for_them(line: Line, account: Account) -> None:
    with transaction():
        LineOwner.create(account=account, line="101", kind="employee", owner=6)
    line.talked("a", 400)
    told = known(line)
    assert told
    assert told["last"]["by"] == "101"


def test_a_hostile_name_of_an_employee_is_harmless(line: Line) -> None:
    with transaction():
        Employee.update(name="Ole\u202ena\n").where(Employee.poster_id == 5).execute()
    line.talked("a", 400)
    told = known(line)
    assert told
    assert told["last"]["by"] == "Ole na"


@pytest.mark.parametrize("facts", [{"test": True}, {"direction": "internal"}, {"caller": "0501234567"}])
def test_such_calls_are_nothing_to_it(line: Line, facts: Json) -> None:
    line.missed("a", 400, **facts)
    assert known(line) is None


def test_yesterday_is_forgotten(line: Line) -> None:
    line.missed("a", 25 * 3600)
    assert known(line) is None


def test_a_card_looked_at_later_says_the_same(line: Line) -> None:
    line.missed("a", 900)
    line.missed("b", 600)
    line.missed("c", 300)
    told = known(line, "b")
    assert told
    assert (told["count"], told["minutes"]) == (2, 5)


def test_another_restaurants_calls_are_nothing_to_us(
    line: Line, parts: Parts, restaurant: Restaurant
) -> None:
    Line(parts, restaurant("kaffka", "700124")).missed("a", 300)
    assert known(line) is None
    assert known(line, number="") is None


def test_two_hundred_calls_of_a_number_are_read_in_no_time(line: Line) -> None:
    for call in range(200):
        line.missed(f"k{call}", 80000 - 300 * call)
    with reading():
        again.of(line.account.id, E164, "", line.now)
        begun = time.perf_counter()
        for _ in range(20):
            again.of(line.account.id, E164, "", line.now)
        assert (time.perf_counter() - begun) / 20 < 0.005


def test_a_register_hears_it_with_the_guest_even_of_an_unknown_number(binotel: Binotel, desk: Desk) -> None:
    olena = desk(1, 5)
    olena.connect()
    binotel.ring("77")
    binotel.answer("77", "102")
    binotel.hangup("77")
    first = olena.hear_until("recent")["row"]["call"]
    binotel.ring("78")
    heard = olena.hear_until("guest")
    while heard["call"] == first:
        heard = olena.hear_until("guest")
    assert heard["guest"]["guests"] == []
    told = heard["guest"]["again"]
    assert (told["count"], told["minutes"], told["last"]["by"]) == (2, 0, "Taras")
    assert told["last"]["call"] == first
    assert olena.login(5)["calls"][-1]["guest"]["again"]["count"] == 2
