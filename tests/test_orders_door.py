"""What a register says and asks about orders at the signed door: a real server, a real socket, Poster on another."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import menu, orders
from server.db import close_database, open_database, reading, transaction
from server.models import Account, CallOrder
from server.vault import Vault
from tests import wire
from tests.conftest import Restaurant
from tests.poster.company import TOKEN, Company, error
from tests.wire import Json, Register, Server

ORDER = 1795436500000
LINES = [{"product": 601, "modification_id": 3, "count": "2"}]
TEA = {"product_id": "5", "product_name": "Tea", "price": {"1": "7500", "2": "8000"}}


@pytest.fixture
def served(tmp_path: Path, company: Company) -> Iterator[Server]:
    server = wire.Server(tmp_path / "dzvinok.db", POSTER_URL=company.url)
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    row = restaurant()
    row.token, row.timezone = Vault(served.env["SECRET_KEY"]).seal(TOKEN), "Europe/Kyiv"
    with transaction():
        row.save()
        menu.keep(row.id, [TEA])
    return row


@pytest.fixture
def olena(served: Server, account: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


@pytest.fixture
def call(served: Server, olena: Register) -> str:
    """A call that rings at Olena's; she is connected and has its card."""
    olena.connect()
    rung = served.cli("ring", "--account", "pechera", "--line", "101", "--from", "+380671112233")
    assert rung.returncode == 0, rung.stderr
    return str(olena.hear_until("call")["call"]["id"])


def ask(register: Register, verb: str, **more: Any) -> Json:
    return dict(register.ask(verb, **more).json())


def kept() -> list[CallOrder]:
    with reading():
        return list(CallOrder.select())


def test_a_call_brings_an_order_and_the_employee_is_remembered(olena: Register, call: str) -> None:
    assert ask(olena, "ordered", call=call, order=ORDER, guest=318, minutes=45) == {"ok": True}
    assert ask(olena, "ordered", call=call, order=ORDER, guest=318) == {"ok": True}
    [row] = kept()
    assert (row.call_id, row.order_id, row.client_id, row.spot) == (call, ORDER, 318, 1)
    assert (row.by_id, row.by_name, bool(row.due)) == (5, "Olena", True)
    assert ask(olena, "closed", order=ORDER, sum="345.50", guest=318) == {"ok": True}
    assert (kept()[0].sum, bool(kept()[0].closed_at)) == (34550, True)


def test_a_sum_that_is_none_closes_without_one(olena: Register, call: str) -> None:
    ask(olena, "ordered", call=call, order=ORDER, guest=318, minutes=0)
    strange: list[Any] = ["", None, "a lot", "-5", -5, 345, True, [], "1e400", "1" * 40, "345.005"]
    for total in strange:
        assert ask(olena, "closed", order=ORDER, sum=total, guest=318) == {"ok": True}
        assert (kept()[0].sum, bool(kept()[0].closed_at)) == (None, True), total


def test_an_order_of_no_call_is_not_kept(olena: Register) -> None:
    words = [ask(olena, "ordered", **body)["error"] for body in (
        {"order": ORDER, "call": "nobodys"}, {"order": ORDER}, {"order": "12", "call": "nobodys"}, {"order": -1},
    )]  # fmt: skip
    assert words == ["call_unknown", "call_unknown", "refused", "refused"]
    assert kept() == []


def test_another_accounts_call_is_unknown(
    served: Server, olena: Register, call: str, restaurant: Restaurant
) -> None:
    restaurant("kaffka", "700124")
    stranger = Register(served.url, "kaffka", register=1, spot=1, employee=5)
    assert ask(stranger, "ordered", call=call, order=ORDER)["error"] == "call_unknown"
    ask(olena, "ordered", call=call, order=ORDER, guest=318, minutes=45)
    assert ask(stranger, "closed", order=ORDER, sum="1.00") == {"ok": True}
    assert kept()[0].closed_at is None


def test_the_menu_is_told_in_the_registers_own_prices(
    served: Server, olena: Register, account: Account, company: Company
) -> None:
    podil = Register(served.url, "pechera", register=3, spot=2, employee=7)
    answers = [ask(register, "menu", products=[5, 6, "7", True, -1]) for register in (olena, podil)]
    assert [[one["price"] for one in answer["products"]] for answer in answers] == [
        ["75.00", None],
        ["80.00", None],
    ]
    assert [one["deleted"] for one in answers[0]["products"]] == [False, True]
    assert ask(olena, "menu", products="all") == {"ok": True, "products": []}


def test_a_menu_that_nobody_knows_is_unavailable(
    served: Server, company: Company, restaurant: Restaurant
) -> None:
    restaurant("kaffka", "700124")
    stranger = Register(served.url, "kaffka", register=1, spot=1, employee=5)
    assert ask(stranger, "menu", products=[5]) == {"ok": False, "error": "unavailable"}


def test_an_online_order_is_made_for_the_caller(olena: Register, call: str, company: Company) -> None:
    company.answers["incomingOrders.createIncomingOrder"] = {"incoming_order_id": 77, "transaction_id": None}
    place = {"street": "Sadova", "house": "5/7", "flat": "12"}
    more: Json = {"number": "067 111 2233", "name": "Olena", "place": place, "lines": LINES, "minutes": 45}
    answer = ask(olena, "online", call=call, comment="no onions", **more)
    assert answer == {"ok": True, "id": 77, "order": None, "plain": False}
    body = company.last("incomingOrders.createIncomingOrder").json()
    assert (body["phone"], body["spot_id"], body["service_mode"]) == ("+380671112233", 1, 3)
    assert ask(olena, "online", call=call, comment="no onions", **more)["id"] == 77
    assert company.count("incomingOrders.createIncomingOrder") == 1


def test_a_number_that_the_register_may_not_see_is_the_calls(
    olena: Register, call: str, company: Company
) -> None:
    company.answers["incomingOrders.createIncomingOrder"] = {"incoming_order_id": 77}
    assert ask(olena, "online", call=call, number=None, lines=LINES)["ok"]
    assert company.last("incomingOrders.createIncomingOrder").json()["phone"] == "+380671112233"
    assert ask(olena, "online", call="nobodys", number=None, lines=LINES)["error"] == "refused"


def test_an_online_order_of_nothing_is_refused(olena: Register, company: Company) -> None:
    strange: list[Any] = [None, [], [{}], LINES * 101, "pizza"]
    for lines in strange:
        answer = ask(olena, "online", call="", guest=318, lines=lines, place="Sadova")
        assert answer == {"ok": False, "error": "refused"}
    assert company.count("incomingOrders.createIncomingOrder") == 0


def test_a_table_is_found_and_booked(olena: Register, call: str, company: Company) -> None:
    free = [{"table_id": "85", "table_num": "2", "table_capacity": "4", "spot_id": "1", "hall_id": "5"}]
    company.answers["incomingOrders.getTablesForReservation"] = {"freeTables": free}
    company.answers["incomingOrders.createReservation"] = {"incoming_order_id": "4"}
    when: Json = {"at": time.time() + 86400, "guests": 4, "minutes": 120}
    assert ask(olena, "tables", **when) == {"ok": True, "tables": [{"id": 85, "number": "2", "seats": 4}]}
    answer = ask(olena, "book", call=call, table=85, guest=318, name="Olena", comment="", **when)
    assert answer == {"ok": True, "id": 4, "at": None}
    assert ask(olena, "tables", at="tomorrow", guests=4, minutes=60)["error"] == "refused"


def test_an_account_without_bookings_says_so(olena: Register, company: Company) -> None:
    company.answers["incomingOrders.getTablesForReservation"] = error(700)
    answer = ask(olena, "tables", at=time.time() + 3600, guests=2, minutes=60)
    assert answer == {"ok": False, "error": "booking"}


def test_registers_hear_of_a_load_within_seconds(olena: Register, account: Account) -> None:
    assert olena.connect()["load"] == {"open": 0, "minutes": 45}
    started = int(time.time() * 1000)
    row = {"transaction_id": "50012", "date_start": str(started), "status": "1", "spot_id": "1", "sum": "0"}
    with transaction():
        orders.note_transaction(account.id, [row])
    assert olena.hear_until("load") == {"type": "load", "open": 1, "minutes": 45}


def golden(name: str) -> Json:
    return dict(json.loads((wire.ROOT / "tests" / "messages" / f"door_{name}.json").read_text("utf-8")))


def ask_golden(register: Register, verb: str, **other: Any) -> Json:
    body = {name: value for name, value in golden(verb).items() if name not in ("nonce", "bundle", "lang")}
    return ask(register, verb, **body | other)


def test_golden_questions_get_golden_answers(
    olena: Register, call: str, account: Account, company: Company
) -> None:
    """What stands in tests/messages is what this server says; the register's tests read the same files."""
    variants = [{"modificator_id": 3, "modificator_name": "30 cm", "spots": [{"spot_id": 1, "price": 18000}]}]
    with transaction():
        menu.keep(account.id, [
            {"product_id": 601, "product_name": "Margherita", "modifications": variants},
            {"product_id": 5, "product_name": "Tea", "type": 2, "hidden": "1", "group_modifications": [{}]},
        ])  # fmt: skip
    when = int(time.time()) + 86400
    there = datetime.fromtimestamp(when, ZoneInfo("Europe/Kyiv")).strftime("%Y-%m-%d %H:%M:%S")
    table = {"table_id": "85", "table_num": "2", "table_capacity": "3", "spot_id": "1"}
    company.answers |= {
        "incomingOrders.createIncomingOrder": {"incoming_order_id": "77", "transaction_id": None},
        "incomingOrders.getTablesForReservation": {"freeTables": [table]},
        "incomingOrders.createReservation": {"incoming_order_id": "4", "date_reservation": there},
    }
    for verb in ("menu", "closed"):
        assert ask_golden(olena, verb) == golden(f"{verb}_reply")
    for verb in ("ordered", "online"):
        assert ask_golden(olena, verb, call=call) == golden(f"{verb}_reply")
    assert ask_golden(olena, "tables", at=when) == golden("tables_reply")
    assert ask_golden(olena, "book", call=call, at=when) == golden("book_reply") | {"at": when}
