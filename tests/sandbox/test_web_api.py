from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.sandbox.stand import Poster


def guest(**more: Any) -> dict[str, Any]:
    return {"client_name": "Новий Гість", "client_groups_id_client": 1, "phone": "+380631112299"} | more


def day(back: int) -> str:
    return (datetime.now(UTC) - timedelta(days=back)).strftime("%Y%m%d")


def history(poster: Poster, client: int, **more: Any) -> list[dict[str, Any]]:
    query = {"type": "clients", "id": client, "status": 0, "dateFrom": day(380)} | more
    rows: list[dict[str, Any]] = poster.api("dash.getTransactions", **query)
    return rows


@pytest.mark.parametrize(("token", "code"), [("", 10), ("700123:" + "0" * 32, 11)])
def test_bad_tokens_are_refused_with_http_200(poster: Poster, token: str, code: int) -> None:
    reply = requests.get(f"{poster.url}/api/clients.getGroups", params={"token": token}, timeout=10)
    assert reply.status_code == 200
    assert reply.json()["error"]["code"] == code


def test_a_token_in_the_body_counts_for_nothing(connected: Poster) -> None:
    body = {"token": connected.token, "client_name": "x"}
    reply = requests.post(f"{connected.url}/api/clients.createClient", json=body, timeout=10)
    assert reply.json()["error"]["code"] == 10


@pytest.mark.parametrize(("switch", "code"), [("revoked", 11), ("expired", 12)])
def test_tokens_die_by_the_switch(connected: Poster, switch: str, code: int) -> None:
    connected.faults(token=switch)
    assert connected.api("access.getSpots")["error"]["code"] == code


def test_the_accounts_own_host_answers_too(connected: Poster) -> None:
    reply = connected.get("/pechera/api/access.getSpots", token=connected.token)
    assert [row["spot_id"] for row in reply["response"]] == ["1", "2"]


def test_the_same_things_have_other_names_and_types(connected: Poster) -> None:
    assert connected.api("access.getSpots")[0]["spot_adress"] == "вул. Садова, 5"
    assert connected.api("spots.getSpots")[0]["spot_id"] == 1
    assert connected.api("access.getTablets")[2] == {
        "tablet_id": "3",
        "tablet_name": "Каса Поділ",
        "spot_id": "2",
    }
    employees = connected.api("access.getEmployees")
    assert [row["user_id"] for row in employees] == [1, 2, 3, 4, 5, 6]
    assert any("user_type" not in row for row in employees)
    assert not any("pin" in key or "extras" in key for row in employees for key in row)


def test_settings_name_the_account(connected: Poster) -> None:
    settings = connected.api("settings.getAllSettings")
    assert (settings["COMPANY_ID"], settings["lang"], settings["timezones"]) == (
        "pechera",
        "ua",
        "Europe/Kyiv",
    )
    assert settings["currency"]["currency_symbol"].startswith("&")
    assert settings["extras"] == []


def test_extras_are_merged(connected: Poster) -> None:
    assert connected.write("application.setEntityExtras", entity_type="settings", extras={"a": "1"}) is True
    connected.write("application.setEntityExtras", entity_type="settings", extras={"b": 2})
    assert connected.api("settings.getAllSettings")["extras"] == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"extras": {}}, 34),
        ({"entity_type": "staff", "extras": {"line": "101"}}, 34),
        ({"entity_type": "staff", "entity_id": 99, "extras": {"line": "101"}}, 32),
        ({"entity_type": "staff", "entity_id": 3, "extras": "101"}, 36),
        ({"entity_type": "sofa", "entity_id": 3, "extras": {}}, 155),
    ],
)
def test_extras_are_checked(connected: Poster, body: dict[str, Any], code: int) -> None:
    assert connected.write("application.setEntityExtras", **body)["error"]["code"] == code


def test_extras_may_come_in_brackets(connected: Poster) -> None:
    body = {"entity_type": "staff", "entity_id": "3", "extras[line]": "101"}
    url = f"{connected.url}/api/application.setEntityExtras?token={connected.token}"
    assert requests.post(url, data=body, timeout=10).json() == {"response": True}
    lines = connected.get("/sandbox/api/phone")["lines"]
    assert lines[0] == {"line": "101", "name": "Марта Гнатюк", "employee": 3}


def test_groups_come_with_the_deleted_ones(connected: Poster) -> None:
    groups = connected.api("clients.getGroups")
    assert [(row["client_groups_id"], row["loyalty_type"], row["delete"]) for row in groups][2:] == [
        ("3", "2", "0"),
        ("4", "2", "0"),
        ("5", "1", "1"),
    ]


@pytest.mark.parametrize(
    ("switch", "phone", "found"),
    [
        ("e164", "+380502223344", {"319", "320", "321"}),
        ("e164", "380502223344", set()),
        ("digits", "380502223344", {"319", "320", "321"}),
        ("digits", "+380502223344", set()),
        ("contains", "502223344", {"319", "320", "321"}),
    ],
)
def test_phone_filter_has_moods(connected: Poster, switch: str, phone: str, found: set[str]) -> None:
    connected.faults(phone_filter=switch)
    assert {row["client_id"] for row in connected.api("clients.getClients", phone=phone)} == found


def test_a_raw_plus_in_the_query_finds_nobody(connected: Poster) -> None:
    url = f"{connected.url}/api/clients.getClients?token={connected.token}&phone=+380502223344"
    assert requests.get(url, timeout=10).json()["response"] == []


def test_the_filter_may_be_ignored(connected: Poster) -> None:
    connected.faults(phone_filter="ignored")
    assert len(connected.api("clients.getClients", phone="+380502223344")) > 250
    assert len(connected.api("clients.getClients", phone="+380502223344", num=10, offset=5)) == 10


def test_deleted_guests_come_along(connected: Poster) -> None:
    rows = connected.api("clients.getClients", phone="+380933334455")
    assert [(row["client_id"], row["delete"]) for row in rows] == [("322", "1"), ("323", "0")]


def test_old_rows_say_zero_instead_of_nothing(connected: Poster) -> None:
    [row] = connected.api("clients.getClient", client_id=326)
    assert (row["address"], row["city"], row["comment"], row["phone_number"]) == ("0", "0", "0", "0676667788")


def test_an_unknown_guest_is_an_empty_list(connected: Poster) -> None:
    assert connected.api("clients.getClient", client_id=99999) == []


def test_created_guest_is_a_bare_id(connected: Poster) -> None:
    fresh = connected.write("clients.createClient", **guest())
    assert isinstance(fresh, int)
    [row] = connected.api("clients.getClient", client_id=fresh)
    assert (row["lastname"], row["firstname"], row["phone_number"]) == ("Новий", "Гість", "380631112299")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"client_name": ""}, 34),
        ({"client_groups_id_client": None}, 34),
        ({"client_groups_id_client": 5}, 32),
        ({"phone": "12"}, 37),
        ({"phone": "067 111 22 33"}, 38),
    ],
)
def test_guests_are_checked_before_anything_is_written(
    connected: Poster, wrong: dict[str, Any], code: int
) -> None:
    before = len(connected.api("clients.getClients"))
    assert connected.write("clients.createClient", **guest(**wrong))["error"]["code"] == code
    assert len(connected.api("clients.getClients")) == before


def test_update_changes_only_what_is_sent(connected: Poster) -> None:
    assert connected.write("clients.updateClient", client_id=318, comment="без глютену") == 318
    [row] = connected.api("clients.getClient", client_id=318)
    assert (row["comment"], row["lastname"], row["bonus"]) == ("без глютену", "Коваленко", "4500")


def test_orders_are_kopecks_milliseconds_and_texts(connected: Poster) -> None:
    rows = history(connected, 318, include_products="true", include_delivery="true")
    newest = max(rows, key=lambda row: int(row["date_start"]))
    assert newest["transaction_id"] == "9000"
    assert newest["sum"] == str(2 * 18500 + 18500 + 2 * 5900)
    assert newest["products"][0]["num"] == "2.0000000"
    assert "product_name" not in newest["products"][0]
    assert newest["delivery"]["address1"] == "вул. Садова, 5/7"
    assert time.time() * 1000 - int(newest["date_start"]) < 2 * 86_400_000


def test_names_of_an_order_come_from_another_method(connected: Poster) -> None:
    rows = connected.api("dash.getTransactionProducts", transaction_id=9000)
    assert (rows[0]["product_name"], rows[0]["modificator_name"]) == ("Маргарита", "30 см")


def test_without_dates_only_the_last_month_is_there(connected: Poster) -> None:
    query = {"type": "clients", "id": 319, "status": 0}
    assert connected.api("dash.getTransactions", **query) == []
    assert len(connected.api("dash.getTransactions", **query, dateFrom=day(120))) == 1
    # Not this method's name for it: ignored in silence.
    assert connected.api("dash.getTransactions", **query, date_from=day(120)) == []


def test_removed_orders_come_only_when_asked_for(connected: Poster) -> None:
    assert {row["transaction_id"] for row in history(connected, 329)} == {"9004", "9005"}
    assert {row["transaction_id"] for row in history(connected, 329, status=2)} == {"9005"}
    assert {row["transaction_id"] for row in history(connected, 329, status=3)} == {"9004"}


def test_next_tr_gives_greater_ids_only(connected: Poster) -> None:
    rows = connected.api("dash.getTransactions", status=0, next_tr=9900)
    assert rows
    assert all(int(row["transaction_id"]) > 9900 for row in rows)


def test_one_order_is_a_list_of_one(connected: Poster) -> None:
    assert len(connected.api("dash.getTransaction", transaction_id=9000)) == 1
    assert connected.api("dash.getTransaction", transaction_id=9900) == []
    assert connected.api("dash.getTransaction", transaction_id=9900, status=0)[0]["date_close"] == "0"
    assert connected.api("dash.getTransaction", transaction_id=1) == []


def test_bad_dates_are_refused(connected: Poster) -> None:
    assert connected.api("dash.getTransactions", dateFrom="2026-01-01")["error"]["code"] == 52


def test_menu_prices(connected: Poster) -> None:
    rows = {row["product_id"]: row for row in connected.api("menu.getProducts")}
    assert rows["401"]["price"] == {"1": "28500", "2": "28500"}
    assert "price" not in rows["601"]
    assert rows["601"]["modifications"][0]["spots"][0]["price"] == "18500"
    assert rows["604"]["group_modifications"][0]["modifications"][0]["price"] == 35
    assert connected.api("menu.getProduct", product_id=401)["product_name"] == "Котлета по-київськи"
    kinds = {row["type"] for row in connected.api("menu.getProducts", type="batchtickets")}
    assert kinds == {"2"}


def test_names_follow_the_language(connected: Poster) -> None:
    connected.faults(lang="pl")
    assert connected.api("menu.getProduct", product_id=401)["product_name"] == "Kotlet po kijowsku"
    assert connected.api("settings.getAllSettings")["lang"] == "pl"


def test_incoming_orders(connected: Poster) -> None:
    assert [row["status"] for row in connected.api("incomingOrders.getIncomingOrders")] == [1, 7, 0, 0]
    new = connected.api("incomingOrders.getIncomingOrders", status=0)[0]
    assert (new["spot_id"], new["transaction_id"]) == (2, None)


def test_accounts_share_nothing(connected: Poster) -> None:
    connected.connect("kaffka")
    [row] = connected.api("clients.getClients", phone="+380671112233")
    assert (row["client_id"], row["lastname"]) == ("5", "Інша")
    assert [row["user_id"] for row in connected.api("access.getEmployees")] == [1, 3]


@pytest.mark.parametrize(
    ("switch", "status", "text"),
    [("down", 502, "Bad"), ("html", 200, "<!doctype"), ("700", 200, "Tariff"), ("limit429", 429, "Too Many")],
)
def test_the_api_misbehaves_by_the_switch(connected: Poster, switch: str, status: int, text: str) -> None:
    connected.faults(api=switch)
    reply = requests.get(
        f"{connected.url}/api/access.getSpots", params={"token": connected.token}, timeout=10
    )
    assert reply.status_code == status
    assert text in reply.text


def test_a_read_is_not_a_write(connected: Poster) -> None:
    assert connected.api("clients.createClient", client_name="x")["error"]["code"] == 30
    assert connected.write("clients.getGroups")["error"]["code"] == 30


def test_requests_are_listed_without_tokens(connected: Poster) -> None:
    connected.api("clients.getClients", phone="+380671112233")
    listed = connected.get("/sandbox/api/requests", account="pechera")["requests"]
    assert listed[0]["method"] == "clients.getClients"
    assert connected.token not in str(listed)
