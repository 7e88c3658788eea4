from __future__ import annotations

import time
from typing import Any

import pytest

from tests.sandbox.stand import Poster, running, settings_for

CLIENT = {
    "client_name": "Нова Гостя",
    "client_groups_id_client": 1,
    "country_phone_code": 380,
    "phone": "+380631112299",
}


def create(poster: Poster, tablet: int = 1, **more: Any) -> dict[str, Any]:
    return poster.post("/sandbox/api/clients", tablet=tablet, client=CLIENT | more)


def known(poster: Poster, tablet: int) -> set[int]:
    return {row["id"] for row in poster.get("/sandbox/api/state", tablet=tablet)["clients"]}


def order(**more: Any) -> dict[str, Any]:
    products = {"0": {"id": 601, "count": 2, "price": 185.0, "modification": 6011}}
    return {"id": 1795436402000, "userId": 3, "clientId": 318, "products": products} | more


def test_state_is_one_registers_view(connected: Poster) -> None:
    state = connected.get("/sandbox/api/state", tablet=3)
    assert (state["tablet"]["spot"], state["connected"], state["bundleSource"]) == (2, True, "dev")
    assert state["bundle"] == connected.settings.bundle_url
    assert [row["spotId"] for row in state["orders"]] == [2]
    assert state["settings"]["accountUrl"] == "pechera"
    assert (state["settings"]["spotId"], state["settings"]["spotTabletId"]) == (2, 3)
    assert isinstance(state["settings"]["workshops"], dict)
    assert "700123" not in str(state["settings"])


def test_clients_are_in_the_registers_shape(connected: Poster) -> None:
    rows = {row["id"]: row for row in connected.get("/sandbox/api/state")["clients"]}
    assert (rows[318]["phone"], rows[318]["bonus"], rows[318]["loyaltyType"]) == (
        "+38 (067) 111-22-33",
        45.0,
        1,
    )
    assert (rows[322]["hidden"], rows[326]["address"]) == (1, "0")


@pytest.mark.parametrize(("switch", "expected"), [("object", {}), ("array", [])])
def test_extras_take_the_shape_of_the_switch(connected: Poster, switch: str, expected: object) -> None:
    connected.faults(extras=switch)
    assert connected.get("/sandbox/api/state")["settings"]["extras"] == expected


def test_extras_may_be_missing(connected: Poster) -> None:
    connected.faults(extras="missing")
    state = connected.get("/sandbox/api/state")
    assert "extras" not in state["settings"]
    assert "extras" not in state["employees"][0]["user"]


def test_a_guest_made_here_is_here_at_once_elsewhere_later_and_at_poster(connected: Poster) -> None:
    fresh = create(connected)["client"]["id"]
    assert fresh in known(connected, 1)
    assert fresh not in known(connected, 3)
    assert connected.api("clients.getClient", client_id=fresh)[0]["phone_number"] == "380631112299"


def test_a_guest_made_through_the_web_api_reaches_the_registers_after_a_delay(connected: Poster) -> None:
    connected.faults(rest_client_delay_ms=0)
    seen = connected.get("/sandbox/api/state")["rev"]
    fresh = connected.write("clients.createClient", **CLIENT)
    assert [row["id"] for row in connected.get("/sandbox/api/changes", since=seen)["clients"]] == [fresh]
    connected.faults(rest_client_delay_ms=600000)
    later = connected.write("clients.createClient", client_name="Ще Хтось", client_groups_id_client=1)
    assert later not in known(connected, 1)


def test_a_second_guest_with_the_number_is_refused(connected: Poster) -> None:
    create(connected)
    assert create(connected, phone="063 111 22 99")["error"]["code"] == 38


def test_birthday_is_read_day_first(connected: Poster) -> None:
    assert create(connected, birthday="24-08-1991")["client"]["birthday"] == "1991-08-24"


def test_an_order_made_here_is_seen_in_the_web_api(connected: Poster) -> None:
    name = connected.post("/sandbox/api/orders", order=order())["order"]["orderName"]
    [row] = connected.api("dash.getTransaction", transaction_id=name, status=0, include_products="true")
    assert (row["date_start"], row["status"], row["client_id"], row["sum"]) == (
        "1795436402000",
        "1",
        "318",
        "37000",
    )
    assert row["products"][0]["modification_id"] == "6011"


def test_an_order_is_changed_by_its_millisecond(connected: Poster) -> None:
    first = connected.post("/sandbox/api/orders", order=order())["order"]
    again = connected.post("/sandbox/api/orders", order=order(clientId=319, comment="x"))["order"]
    assert (again["orderName"], again["clientId"], again["comment"]) == (first["orderName"], 319, "x")
    assert again["discount"] == 15
    assert again["total"] == round(370 * 0.85, 2)


def test_a_closed_order_counts_and_stays_closed(connected: Poster) -> None:
    now = int(time.time() * 1000)
    connected.post("/sandbox/api/orders", order=order(id=now))
    closed = connected.post("/sandbox/api/orders/close", id=now, payment={"card": 370})["order"]
    assert (closed["status"], closed["dateClose"] >= now) == (2, True)
    rows = connected.api("dash.getTransactions", type="clients", id=318, status=2)
    assert str(now) in {row["date_start"] for row in rows}
    assert "closed" in connected.post("/sandbox/api/orders", order=order(id=now))["error"]


def test_order_extras_want_texts(connected: Poster) -> None:
    connected.post("/sandbox/api/orders", order=order())
    extra = {"type": "order", "id": 1795436402000, "key": "call"}
    assert connected.post("/sandbox/api/extras", **extra, value=7) == {"success": False}
    assert connected.post("/sandbox/api/extras", **extra, value="k3V9") == {"success": True}
    changed = connected.get("/sandbox/api/changes", since=0)["orders"]
    assert {"call": "k3V9"} in [row["extras"] for row in changed]


@pytest.mark.parametrize(
    ("switch", "shape"),
    [("unwrapped", list), ("response", dict), ("result", dict), ("error", dict), ("false", bool)],
)
def test_make_api_request_has_several_shapes(connected: Poster, switch: str, shape: type) -> None:
    connected.faults(rest_result=switch)
    result = connected.post("/sandbox/api/rest", method="clients.getGroups", options={"method": "get"})[
        "result"
    ]
    assert type(result) is shape
    if shape is dict:
        assert list(result) == [switch]


def test_make_api_request_of_an_unconnected_account_is_refused(poster: Poster) -> None:
    assert poster.post("/sandbox/api/rest", method="clients.getGroups")["result"]["error"]["code"] == 10


def test_watchdog_is_written_down(poster: Poster) -> None:
    poster.post("/sandbox/api/watchdog", tablet=2, event="userLogout")
    [entry] = poster.get("/sandbox/api/watchdog")["entries"]
    assert (entry["tablet"], entry["event"]) == (2, "userLogout")


@pytest.mark.parametrize("query", [{"account": "nobody"}, {"tablet": "9"}])
def test_unknown_accounts_and_registers_are_said(poster: Poster, query: dict[str, str]) -> None:
    assert "error" in poster.get("/sandbox/api/state", **query)


def test_what_people_made_survives_a_restart(connected: Poster) -> None:
    fresh = create(connected)["client"]["id"]
    connected.post("/sandbox/api/orders", order=order(clientId=fresh))
    connected.faults(result="object")
    connected.write("application.setEntityExtras", entity_type="staff", entity_id=3, extras={"line": "101"})
    connected.post("/sandbox/api/phone/settings", hook="http://127.0.0.1:9/hooks/binotel/x")
    connected.parts.store.save()
    for again in running(settings_for(connected.settings.server, connected.settings.state)):
        again.token = connected.token
        assert again.api("clients.getClient", client_id=fresh)[0]["lastname"] == "Нова"
        state = again.get("/sandbox/api/state")
        assert (state["connected"], state["faults"]["result"]) == (True, "object")
        assert [row["clientId"] for row in state["orders"] if row["clientId"] not in (0, 332)] == [fresh]
        assert again.get("/sandbox/api/phone")["settings"]["hook"].endswith("/x")
        assert state["employees"][2]["extras"] == {"line": "101"}


def test_reset_brings_the_seed_back_but_keeps_the_connection(connected: Poster) -> None:
    fresh = create(connected)["client"]["id"]
    connected.post("/sandbox/api/reset", account="pechera")
    assert fresh not in known(connected, 1)
    assert connected.get("/sandbox/api/state")["connected"] is True
    connected.post("/sandbox/api/reset", tokens=True)
    assert connected.get("/sandbox/api/state")["connected"] is False
