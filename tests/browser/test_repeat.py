"""The same once more: from the ring to a filled order in two taps, and what is told when the register fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import OpenTill
from tests.browser.stage import ACCOUNT, MARTA, Phone, Poster
from tests.browser.till import Till
from tests.browser.words import say
from tests.wire import Register, Server

DARYNA, DARYNA_ID = "0675554433", 331
LAST = {(601, 6011): 2, (802, 8021): 1, (503, 0): 1}
"""Daryna's last order: two small pizzas, a lemonade, a salad."""


Called = Callable[[], Till]


@pytest.fixture
def called(till: OpenTill, phone: Phone, poster: Poster, server: Server) -> Iterator[Called]:
    """Daryna calls, and the server knows the menu. What is ordered is removed: her last five stay."""
    assert Register(server.url, ACCOUNT, 1, 1, 3).ask("menu", products=[601]).json()["ok"]
    before = {order["id"] for order in poster.ask("state", tablet=1)["orders"]}

    def ring() -> Till:
        register = till(1, MARTA)
        phone.ring(DARYNA)
        register.sees("Гончаренко Дарина", say("lastOrder"), say("allOrders"))
        return register

    yield ring
    for order in poster.ask("state", tablet=1)["orders"]:
        if order["id"] not in before:
            poster.tell("orders/remove", tablet=1, id=order["id"])


def dishes(register: Till) -> dict[tuple[int, int], float]:
    order = register.does("activeOrder")
    return {
        (line["id"], int(line.get("modification") or 0)): line["count"] for line in order["products"].values()
    }


def confirm(register: Till) -> None:
    """The second tap."""
    register.app.get_by_role("button", name=f"{say('newOrder')} ·").click()


def test_last_order_is_repeated_in_two_taps(called: Called) -> None:
    register = called()
    register.tap("repeat")
    confirm(register)
    register.sees_no_card()
    register.order_has(DARYNA_ID)
    order = register.order_opens()
    assert dishes(register) == LAST
    assert "Лесі Українки" in order["comment"]
    assert order["extras"]["dzvinok_call"]
    register.notified("Лимонад")


def test_preview_tells_what_is_hidden_and_dearer(called: Called) -> None:
    register = called()
    register.tap("allOrders")
    for dish in ("Сезонна", "Цезар"):
        register.main.get_by_role("button", name=dish).last.click()
    register.app.get_by_role("button", name=say("toChosen", "2")).click()
    register.sees(say("hiddenDish"), "159 →")
    confirm(register)
    register.order_has(DARYNA_ID)
    register.sees_no_card()
    assert dishes(register) == {(503, 0): 1}
    register.notified("Сезонна")


def test_dish_that_is_refused_in_the_middle_is_told_and_continued(called: Called, poster: Poster) -> None:
    register = called()
    poster.faults(add_product="fail_2")
    register.page.wait_for_function("sandbox.state().faults?.add_product !== 'ok'")
    register.tap("repeat")
    confirm(register)
    register.sees(say("fillStopped", "Лимонад з обліпихою × 1"))
    register.tap("goOn")
    register.sees_no_card()
    assert dishes(register) == LAST


def test_answer_that_never_comes_doubles_nothing(called: Called, poster: Poster) -> None:
    register = called()
    poster.faults(add_product="hang_2")
    register.page.wait_for_function("sandbox.state().faults?.add_product !== 'ok'")
    register.tap("repeat")
    confirm(register)
    register.sees(say("fillUnclear", "Лимонад з обліпихою × 1"), timeout=15_000)
    register.tap("goOn")
    register.sees_no_card()
    assert dishes(register) == LAST
