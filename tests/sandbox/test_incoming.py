"""Online orders and bookings at the stand-in: made as the app makes them, answered as Poster answers."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.sandbox.stand import Application, Heard, Poster, parsed

KYIV = ZoneInfo("Europe/Kyiv")
PLACE = {"address1": "вул. Садова 5/7", "address2": "кв. 12", "comment": "код 12"}


def pizza(**more: Any) -> dict[str, Any]:
    line = {"product_id": 601, "modificator_id": 6011, "count": 2}
    return {"spot_id": 1, "client_id": 318, "products": [line], "comment": "#abc234"} | more


def at(hours: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).astimezone(KYIV).strftime(form)


def create(poster: Poster, **more: Any) -> Any:
    return poster.write("incomingOrders.createIncomingOrder", **pizza(**more))


def book(poster: Poster, **more: Any) -> Any:
    body = {"spot_id": 1, "type": 2, "table_id": 3, "date_reservation": at(24), "duration": 3600}
    return poster.write(
        "incomingOrders.createReservation", **body | {"guests_count": 4, "client_id": 318} | more
    )


def own(poster: Poster) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = poster.api("incomingOrders.getOwnIncomingOrders")
    return rows


def transaction(poster: Poster, number: object, **more: Any) -> Any:
    [row] = poster.api("dash.getTransaction", transaction_id=number, status=0, **more)
    return row


def decide(poster: Poster, number: int, accept: bool) -> Any:
    return poster.post("/sandbox/api/incoming", account="pechera", tablet=1, id=number, accept=accept, user=3)


def test_an_online_order_waits_until_somebody_accepts_it(connected: Poster) -> None:
    made = create(connected, service_mode=3, client_address=PLACE, delivery_time=at(1))
    assert (made["status"], made["transaction_id"], made["client_id"]) == (0, None, 318)
    waiting = connected.get("/sandbox/api/changes", account="pechera", tablet=1, since=0)["incoming"][-1]
    assert (waiting["address"], waiting["sum"]) == ("вул. Садова 5/7, кв. 12, код 12", 370.0)
    order = decide(connected, made["incoming_order_id"], True)["order"]
    assert (order["serviceMode"], order["comment"]) == (3, "#abc234")
    assert order["incomingOrderId"] == made["incoming_order_id"]
    [mine] = own(connected)
    assert (mine["status"], mine["transaction_id"]) == (1, order["orderName"])
    row = transaction(connected, order["orderName"], include_delivery="true")
    assert (row["service_mode"], row["delivery"]["address2"], row["sum"]) == ("3", "кв. 12", "37000")


def test_it_is_declined_once(connected: Poster) -> None:
    number = create(connected)["incoming_order_id"]
    decide(connected, number, False)
    assert own(connected)[0]["status"] == 7
    assert "error" in decide(connected, number, True)


@pytest.mark.parametrize(
    ("switch", "status", "accepted"), [("by_hand", None, 0), ("at_once", "1", 1), ("waiting", "0", 0)]
)
def test_who_accepts_is_a_switch(connected: Poster, switch: str, status: str | None, accepted: int) -> None:
    connected.faults(online_orders=switch)
    made = create(connected)
    assert (made["status"], bool(made["transaction_id"])) == (accepted, status is not None)
    if status is not None:
        assert transaction(connected, made["transaction_id"])["status"] == status


def test_a_cancelled_online_order_is_no_order_any_more(connected: Poster) -> None:
    connected.faults(online_orders="waiting")
    made = create(connected)
    decide(connected, made["incoming_order_id"], False)
    row = transaction(connected, made["transaction_id"])
    assert (row["status"], row["processing_status"]) == ("4", "70")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"spot_id": 9}, 32),
        ({"spot_id": ""}, 34),
        ({"client_id": 0}, 34),
        ({"client_id": 0, "phone": "12"}, 37),
        ({"products": []}, 34),
        ({"products": "pizza"}, 36),
        ({"products": [{"product_id": 601, "count": 1}]}, 34),
        ({"products": [{"product_id": 706, "count": 1}]}, 32),
        ({"products": [{"product_id": 301, "count": 1}]}, 34),
        ({"products": [{"product_id": 604, "count": 1, "modification": '[{"m":522,"a":1}]'}]}, 155),
        ({"products": [{"product_id": 401, "count": 0}]}, 155),
        ({"service_mode": 8}, 155),
        ({"client_address": "Sadova"}, 36),
        ({"delivery_time": "tomorrow"}, 155),
        ({"delivery_time": "2020-01-01 12:00:00"}, 185),
    ],
)
def test_what_cannot_be_ordered_is_refused_by_its_number(
    connected: Poster, more: dict[str, Any], code: int
) -> None:
    assert create(connected, **more)["error"]["code"] == code
    assert own(connected) == []


def test_modifiers_are_a_text_and_cost(connected: Poster) -> None:
    connected.faults(online_orders="at_once")
    wanted = {"product_id": 604, "count": 1, "modification": '[{"m":511,"a":2}]'}
    number = create(connected, products=[wanted])["transaction_id"]
    row = transaction(connected, number, include_products="true")
    assert row["sum"] == str(26900 + 2 * 3500)
    assert int(row["products"][0]["modification_id"]) > 900_000
    [line] = connected.api("dash.getTransactionProducts", transaction_id=number)
    assert line["modificator_name"] == "Моцарела"


def test_an_account_may_not_know_delivery_fields(connected: Poster) -> None:
    connected.faults(delivery_fields="refused", incoming_id="text")
    refusal = create(connected, service_mode=3)["error"]
    assert (refusal["code"], refusal["field"]) == (34, "service_mode")
    assert isinstance(create(connected, address="Sadova 5/7")["incoming_order_id"], str)


@pytest.mark.parametrize(("switch", "code"), [("refused", 44), ("700", 700)])
def test_online_orders_are_refused_by_the_switch(connected: Poster, switch: str, code: int) -> None:
    connected.faults(online_write=switch)
    assert create(connected)["error"]["code"] == code
    assert own(connected) == []


def test_what_was_done_may_be_kept_quiet(connected: Poster) -> None:
    connected.faults(online_write="done_502")
    url = f"{connected.url}/api/incomingOrders.createIncomingOrder?token={connected.token}"
    assert requests.post(url, json=pizza(), timeout=10).status_code == 502
    assert [row["comment"] for row in own(connected)] == ["#abc234"]


def test_only_ours_are_our_own(connected: Poster) -> None:
    create(connected)
    assert len(own(connected)) == 1
    assert len(connected.api("incomingOrders.getIncomingOrders")) > 4
    number = own(connected)[0]["incoming_order_id"]
    assert connected.api("incomingOrders.getOwnIncomingOrder", incoming_order_id=number)["status"] == 0


def orders_told(heard: list[Heard]) -> list[tuple[str, str, str]]:
    bodies = [parsed(one) for one in heard]
    mine = [body for body in bodies if body["object"] in ("incoming_order", "transaction")]
    return [(body["object"], body["action"], body.get("data", "")) for body in mine]


def test_webhooks_tell_of_an_online_order_and_of_each_dish(
    connected: Poster, application: Application
) -> None:
    number = create(connected)["incoming_order_id"]
    order = decide(connected, number, True)["order"]
    order["products"]["1"] = {"id": 401, "count": 1, "price": 285}
    connected.post("/sandbox/api/orders", account="pechera", tablet=1, order=order)
    heard = orders_told(application.wait_until(lambda heard: len(orders_told(heard)) >= 4))
    added, opened, changed, dish = sorted(heard, key=lambda one: (one[1], one[0]))
    assert (added[:2], added[2]) == (("incoming_order", "added"), '{"type":1}')
    assert (opened[:2], changed[:2]) == (("transaction", "added"), ("incoming_order", "changed"))
    assert dish[:2] == ("transaction", "changed")
    assert '"type_history":"additem"' in dish[2]


def tables(poster: Poster, **more: Any) -> Any:
    query = {"spot_id": 1, "date_reservation": at(24), "duration": 3600, "guests_count": 4} | more
    return poster.api("incomingOrders.getTablesForReservation", **query)


def test_free_tables_are_those_of_every_spot(connected: Poster) -> None:
    found = tables(connected)["freeTables"]
    assert {row["spot_id"] for row in found} == {"1", "2"}
    assert {row["table_capacity"] for row in found} == {"4", "6", "8", "10"}
    assert all(isinstance(value, str) for row in found for value in row.values())


def test_a_booked_table_is_free_at_other_times(connected: Poster) -> None:
    when = at(24)
    made = book(connected, date_reservation=when)
    assert (made["type"], made["status"], made["date_reservation"]) == (2, 0, when)
    free = {row["table_id"] for row in tables(connected)["freeTables"]}
    later = {row["table_id"] for row in tables(connected, date_reservation=at(26))["freeTables"]}
    assert "3" in later - free
    assert book(connected)["error"]["code"] == 44
    assert [row["guests_count"] for row in connected.api("incomingOrders.getOwnReservations")] == ["4"]
    assert connected.api("incomingOrders.getOwnIncomingOrders") == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"table_id": 99}, 32),
        ({"table_id": 0}, 34),
        ({"duration": 600}, 155),
        ({"date_reservation": "15-07-2030 13:34"}, 52),
        ({"date_reservation": "2020-01-01 12:00:00"}, 52),
        ({"date_reservation": ""}, 34),
    ],
)
def test_what_cannot_be_booked_is_refused_by_its_number(
    connected: Poster, more: dict[str, Any], code: int
) -> None:
    assert book(connected, **more)["error"]["code"] == code


@pytest.mark.parametrize(("switch", "code"), [("700", 700), ("20", 20)])
def test_an_account_may_have_no_bookings(connected: Poster, switch: str, code: int) -> None:
    connected.faults(reservations=switch)
    assert tables(connected)["error"]["code"] == code
    assert book(connected)["error"]["code"] == code


def test_an_account_may_want_its_dates_the_other_way(connected: Poster) -> None:
    connected.faults(reservations="dates")
    assert tables(connected)["error"]["code"] == 52
    assert tables(connected, date_reservation=at(24, "%d-%m-%Y %H:%M"))["freeTables"]


def test_prices_may_be_missing_from_the_menu(connected: Poster) -> None:
    assert "price" in connected.api("menu.getProduct", product_id=401)
    connected.faults(menu_price="missing")
    dish = connected.api("menu.getProduct", product_id=401)
    assert "price" not in dish
    assert dish["spots"][0]["price"] == "28500"


def test_a_dish_may_be_hidden_or_gone(connected: Poster) -> None:
    menu = {row["product_id"]: row["hidden"] for row in connected.api("menu.getProducts")}
    assert menu["607"] == "1"
    assert "706" not in menu
    connected.post("/sandbox/api/dish", account="pechera", id=401, hidden=True, price=300)
    dish = connected.api("menu.getProduct", product_id=401)
    assert (dish["hidden"], dish["price"]["1"]) == ("1", "30000")


def test_pages_of_guests_may_be_ignored(connected: Poster) -> None:
    assert len(connected.api("clients.getClients", num=5, offset=5)) == 5
    connected.faults(paging="ignored")
    assert len(connected.api("clients.getClients", num=5, offset=5)) > 250


def test_two_hundred_thousand_guests_come_in_quick_pages(connected: Poster) -> None:
    account = connected.parts.world.account("pechera")
    one = account.clients[318]
    account.clients |= dict.fromkeys(range(10_000, 210_000), one)
    started = time.perf_counter()
    assert len(connected.api("clients.getClients", num=100, offset=150_000)) == 100
    assert time.perf_counter() - started < 0.5
