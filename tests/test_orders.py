"""Orders that calls bring: who brought which, what was promised, what it came to, and how many are open now."""

from __future__ import annotations

import time
from typing import Any

import pytest

from server import orders, preferences
from server.db import reading, transaction
from server.models import Account, CallOrder, OnlineAsk, OnlineOrder, OpenOrder
from server.orders import Loads
from tests.conftest import Restaurant

NOW_MS = int(time.time() * 1000)
OLENA = (5, "Olena")

Json = dict[str, Any]


@pytest.fixture
def account(database: None, restaurant: Restaurant) -> Account:
    return restaurant()


def row(number: int, started: int = NOW_MS, **facts: Any) -> Json:
    """As dash.getTransactions has it: open unless said otherwise."""
    return {
        "transaction_id": str(number), "date_start": str(started), "date_close": "0", "status": "1", "sum": "34500",
        "spot_id": "1", "client_id": "318", "processing_status": "10", **facts,
    }  # fmt: skip


def closed(number: int, started: int = NOW_MS, **facts: Any) -> Json:
    return row(number, started, status="2", date_close=str(started + 60_000), processing_status="60", **facts)


def note(account: Account, *rows: Json) -> None:
    with transaction():
        orders.note_transaction(account.id, rows)


def of_call(account: Account, call: str = "call1") -> Json | None:
    with reading():
        return orders.of_call(account.id, call)


def load(account: Account, spot: int | None = 1) -> Json:
    with reading():
        return orders.load(account.id, spot)


def kept() -> CallOrder:
    with reading():
        return CallOrder.get()


def order(account: Account, call: str = "call1", spot: int | None = 1, minutes: int | None = None) -> None:
    orders.ordered(account.id, call, NOW_MS, spot, 318, minutes, OLENA)


def test_a_call_without_an_order_has_none(account: Account) -> None:
    assert of_call(account) is None


def test_an_order_learns_its_number_and_its_sum(account: Account) -> None:
    order(account)
    assert of_call(account) == {"id": 0, "sum": None}
    note(account, row(50012))
    assert of_call(account) == {"id": 50012, "sum": None}
    note(account, closed(50012))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}
    assert kept().closed_at == (NOW_MS + 60_000) // 1000
    assert (kept().client_id, kept().by_id, kept().by_name) == (318, 5, "Olena")


def test_an_order_that_poster_told_first_is_known_at_once(account: Account) -> None:
    note(account, row(50012))
    order(account)
    assert of_call(account) == {"id": 50012, "sum": None}


def test_the_same_moment_in_another_spot_is_another_order(account: Account) -> None:
    order(account)
    note(account, closed(60001, spot_id="2"))
    assert of_call(account) == {"id": 0, "sum": None}
    note(account, closed(60001, spot_id="2"), row(50012))
    assert of_call(account) == {"id": 50012, "sum": None}


def test_a_register_that_names_no_spot_has_its_order_found(account: Account) -> None:
    order(account, spot=None)
    note(account, closed(50012))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}


def test_another_account_with_the_same_moment_changes_nothing(
    account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    order(account)
    note(other, closed(50012))
    orders.closed(other.id, NOW_MS, 1, 100, 0)
    assert of_call(account) == {"id": 0, "sum": None}
    assert of_call(other) is None
    assert load(other) == {"open": 0, "minutes": 45}


def test_a_removed_order_is_over_and_came_to_nothing(account: Account) -> None:
    order(account)
    note(account, closed(50012) | {"status": "3"})
    assert of_call(account) == {"id": 50012, "sum": None}
    assert kept().closed_at


def test_an_old_word_about_an_order_does_not_open_it_again(account: Account) -> None:
    order(account)
    note(account, closed(50012))
    note(account, row(50012))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}
    assert kept().closed_at


def test_a_promise_is_kept_changed_and_taken_back(account: Account) -> None:
    order(account, minutes=45)
    assert abs((kept().due or 0) - time.time() - 2700) < 10
    order(account)
    assert abs((kept().due or 0) - time.time() - 2700) < 10
    order(account, minutes=60)
    assert abs((kept().due or 0) - time.time() - 3600) < 10
    order(account, minutes=0)
    assert kept().due is None


def test_the_first_call_keeps_the_order(account: Account) -> None:
    order(account)
    order(account, "call2", minutes=30)
    assert (kept().call_id, of_call(account, "call2")) == ("call1", None)
    assert kept().due


def test_what_the_register_says_is_corrected_by_poster(account: Account) -> None:
    order(account)
    orders.closed(account.id, NOW_MS, 1, 30000, 319)
    assert of_call(account) == {"id": 0, "sum": "300.00"}
    assert kept().client_id == 319
    note(account, closed(50012, client_id="0"))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}
    assert kept().client_id == 319


def test_what_poster_said_is_not_corrected_by_the_register(account: Account) -> None:
    order(account)
    note(account, closed(50012))
    for kopecks in (None, 30000):
        orders.closed(account.id, NOW_MS, 1, kopecks, 0)
        assert of_call(account) == {"id": 50012, "sum": "345.00"}


def test_an_order_that_no_call_brought_closes_without_a_trace(account: Account) -> None:
    orders.closed(account.id, NOW_MS, 1, 30000, 318)
    with reading():
        assert CallOrder.select().count() == 0


@pytest.mark.parametrize("waits", [True, False])
def test_an_online_order_of_a_call_is_its_order_once_it_is_accepted(account: Account, waits: bool) -> None:
    with transaction():
        OnlineAsk.create(account=account, digest="d", mark="#a", state="made", incoming_id=77, call_id="call1",
                         transaction_id=0 if waits else 50012, client_id=318, due=time.time() + 600, by_id=5,
                         by_name="Olena", at=time.time())  # fmt: skip
    if waits:
        note(account, row(50012))
        assert of_call(account) is None
        with transaction():
            OnlineOrder.create(account=account, incoming_id=77, transaction_id=50012, read_at=time.time())
    note(account, row(50012))
    assert of_call(account) == {"id": 50012, "sum": None}
    assert (kept().order_id, kept().by_name, bool(kept().due)) == (NOW_MS, "Olena", True)
    note(account, closed(50012))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}


def test_an_order_may_be_told_before_its_acceptance(account: Account) -> None:
    with transaction():
        OnlineAsk.create(account=account, digest="d", mark="#a", state="made", incoming_id=77, call_id="call1",
                         client_id=318, by_id=5, by_name="Olena", at=time.time())  # fmt: skip
    note(account, row(50012))
    with transaction():
        OnlineOrder.create(account=account, incoming_id=77, transaction_id=50012, read_at=time.time())
    for _ in range(2):
        with reading():
            orders.link_accepted()
        assert of_call(account) == {"id": 50012, "sum": None}
    note(account, closed(50012))
    assert of_call(account) == {"id": 50012, "sum": "345.00"}


def test_open_orders_of_a_spot_are_counted(account: Account) -> None:
    note(account, row(1), row(2, NOW_MS + 1, client_id="0"), row(3, NOW_MS + 2, spot_id="2"))
    assert [load(account, spot)["open"] for spot in (1, 2, 3, None)] == [2, 1, 0, 3]
    note(account, closed(1), row(2, NOW_MS + 1, client_id="0"))
    assert load(account)["open"] == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "2"},
        {"status": "3"},
        {"status": "4"},
        {"status": "0"},
        {"processing_status": "50"},
        {"processing_status": "60"},
        {"processing_status": "70"},
    ],
)
def test_what_nobody_waits_for_is_not_open(account: Account, facts: Json) -> None:
    note(account, row(1))
    note(account, row(1) | facts)
    assert load(account)["open"] == 0


@pytest.mark.parametrize("kitchen", ["10", "20", "30", "40", "", None])
def test_what_is_on_its_way_is_open(account: Account, kitchen: Any) -> None:
    note(account, row(1, processing_status=kitchen))
    assert load(account)["open"] == 1


def test_an_order_of_yesterday_was_forgotten_not_cooked(account: Account) -> None:
    note(account, row(1), row(2, NOW_MS - 25 * 3600 * 1000))
    assert load(account)["open"] == 1
    with transaction():
        OpenOrder.update(started=NOW_MS - 25 * 3600 * 1000).execute()
    assert load(account)["open"] == 0
    with transaction():
        orders.forget_old()
        assert OpenOrder.select().count() == 0


def test_an_order_that_the_register_closed_is_not_open(account: Account) -> None:
    note(account, row(1), row(2, spot_id="2"))
    orders.closed(account.id, NOW_MS, 1, 34500, 0)
    assert [load(account, spot)["open"] for spot in (1, 2)] == [0, 1]


@pytest.mark.parametrize("strange", [{}, {"transaction_id": "x"}, {"transaction_id": 5, "date_start": None}])
def test_a_strange_row_breaks_nothing(account: Account, strange: Json) -> None:
    note(account, strange, row(1))
    assert load(account)["open"] == 1


def test_what_to_promise_grows_with_the_orders(account: Account) -> None:
    preferences.choose(account.id, promise="40", promise_each="3")
    note(account, row(1), row(2, NOW_MS + 1))
    assert load(account) == {"open": 2, "minutes": 46}


def test_a_load_is_told_when_it_changed_and_only_then(account: Account, restaurant: Restaurant) -> None:
    other, told = restaurant("kaffka", "700124"), list[int]()
    loads = Loads(told.append)

    def told_now() -> list[int]:
        told.clear()
        with reading():
            loads.tend()
        return list(told)

    assert told_now() == []
    note(account, row(1))
    assert [told_now(), told_now()] == [[account.id], []]
    note(account, row(1), closed(2))
    note(other, row(1), row(2, NOW_MS + 1))
    assert told_now() == [other.id]
    note(account, closed(1), row(2, NOW_MS + 1, spot_id="2"))
    assert told_now() == [account.id]
    with transaction():
        OpenOrder.update(started=NOW_MS - 25 * 3600 * 1000).execute()
    assert told_now() == [account.id, other.id]
