"""Online orders with delivery fields: made once, whatever happens to Poster's answer."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import incoming, menu, online
from server.db import reading, transaction
from server.models import Account, OnlineAsk
from server.online import Wanted
from server.parts import Parts
from tests.poster.company import Asked, Company, Json, Raw, error

CREATE, OWN = "incomingOrders.createIncomingOrder", "incomingOrders.getOwnIncomingOrders"
PLACE = {"text": "Sadova 5/7, flat 12", "street": "Sadova", "house": "5/7", "flat": "12", "entrance": "2",
         "floor": "3", "code": "12K", "note": "don't ring"}  # fmt: skip
LINES = [
    {"product": 601, "modification_id": 3, "modification": "30 cm", "count": "2"},
    {"product": 604, "modification_id": 0, "modification": '[{"m":511,"a":1}]', "count": "1"},
    {"product": 804, "count": "0.5"},
]
WANTED = Wanted(1, 318, "+380671112233", "Olena", LINES, PLACE, "no onions", 45)


@pytest.fixture(autouse=True)
def kyiv(account: Account) -> None:
    account.timezone, account.lang = "Europe/Kyiv", "en"
    with transaction():
        account.save()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "CREATE", 0.4)


class Till:
    """Poster's side of online orders: makes one at each asking, and remembers them."""

    def __init__(self, company: Company) -> None:
        self.company, self.made = company, list[Json]()
        self.answer: Any = None
        company.answers |= {CREATE: self.create, OWN: lambda asked: self.made}

    def create(self, asked: Asked) -> Any:
        body = asked.json()
        content = self.answer.content if isinstance(self.answer, Raw) else None
        if isinstance(content, dict) and "error" in content:
            return self.answer
        row = {**body, "incoming_order_id": 77 + len(self.made), "status": 0, "transaction_id": None}
        self.made.append(row)
        return self.answer if self.answer is not None else row

    def body(self) -> Json:
        return self.company.last(CREATE).json()


@pytest.fixture
def till(company: Company) -> Till:
    return Till(company)


def order(parts: Parts, account: Account, call: str = "call1", **more: Any) -> Json:
    return parts.online.order(account, call, replace(WANTED, **more), (5, "Olena"))


def test_the_order_is_as_poster_wants_it(parts: Parts, account: Account, till: Till) -> None:
    assert order(parts, account) == {"ok": True, "id": 77, "order": None, "plain": False}
    body = till.body()
    mark = body.pop("comment").removeprefix("no onions ")
    due = body.pop("delivery_time")
    assert body == {
        "spot_id": 1, "client_id": 318, "service_mode": 3, "products": [
            {"product_id": 601, "count": 2, "modificator_id": 3},
            {"product_id": 604, "count": 1, "modification": '[{"m":511,"a":1}]'},
            {"product_id": 804, "count": 0.5},
        ], "client_address": {"address1": "Sadova 5/7", "address2": "entrance 2, floor 3, flat 12, code 12K",
                              "comment": "don't ring"},
    }  # fmt: skip
    assert (len(mark), mark[0]) == (7, "#")
    kyiv = datetime.strptime(due, "%Y-%m-%d %H:%M:%S").replace(tzinfo=ZoneInfo("Europe/Kyiv"))
    assert abs(kyiv.timestamp() - time.time() - 45 * 60) < 60


@pytest.mark.parametrize(
    ("more", "has", "lacks"),
    [
        ({"client": 0}, {"phone": "+380671112233", "first_name": "Olena"}, {"client_id"}),
        ({"client": 0, "name": ""}, {"phone": "+380671112233"}, {"first_name"}),
        ({"place": {}}, {}, {"service_mode", "client_address"}),
        ({"minutes": 0}, {}, {"delivery_time"}),
        ({"place": {"text": "by the river"}},
         {"client_address": {"address1": "by the river", "address2": "", "comment": ""}}, set()),
    ],
)  # fmt: skip
def test_what_is_not_known_is_not_sent(
    parts: Parts, account: Account, till: Till, more: Json, has: Json, lacks: set[str]
) -> None:
    assert order(parts, account, **more)["ok"]
    body = till.body()
    assert has.items() <= body.items()
    assert not lacks & body.keys()


def test_a_combination_of_modifiers_is_no_variant(parts: Parts, account: Account, till: Till) -> None:
    rows = [
        {"product_id": 601, "product_name": "Margherita",
         "modifications": [{"modificator_id": 3, "modificator_name": "30 cm"}]},
        {"product_id": 604, "product_name": "Hutsul", "type": 2, "group_modifications": [{}]},
    ]  # fmt: skip
    with transaction():
        menu.keep(account.id, rows)
    ids = [(601, 3), (604, 900_001), (999, 900_002)]
    lines = [{"product": one, "modification_id": two, "count": "1"} for one, two in ids]
    assert order(parts, account, lines=lines)["ok"]
    assert [one.get("modificator_id") for one in till.body()["products"]] == [3, None, 900_002]


def test_without_a_time_zone_no_time_is_sent(parts: Parts, account: Account, till: Till) -> None:
    account.timezone = "Nowhere/At all"
    assert order(parts, account)["ok"]
    assert "delivery_time" not in till.body()


@pytest.mark.parametrize("lang", ["ua", "ru", "en", "pl", "kz", ""])
def test_the_way_to_the_door_is_said_in_the_accounts_language(lang: str) -> None:
    street, door = online.address(PLACE, lang)
    assert street == "Sadova 5/7"
    assert all(part in door for part in ("2", "3", "12", "12K"))
    assert door.count(",") == 3


@pytest.mark.parametrize(
    "more",
    [
        {"lines": []},
        {"lines": [{"product": 0, "count": "1"}]},
        {"lines": [*LINES, {"product": "601", "count": "1"}]},
        {"lines": [{"product": 601, "count": "0"}]},
        {"lines": [{"product": 601, "count": "-1"}]},
        {"lines": [{"product": 601, "count": "many"}]},
        {"lines": [{"product": 601, "count": "100000"}]},
        {"spot": 0},
        {"client": 0, "number": ""},
    ],
)
def test_an_order_that_cannot_be_is_not_asked_for(
    parts: Parts, account: Account, till: Till, more: Json
) -> None:
    assert order(parts, account, **more) == {"ok": False, "error": "refused"}
    assert till.made == []


@pytest.mark.parametrize("answer", [77, "77", {"incoming_order_id": "77"}, [{"incoming_order_id": 77}]])
def test_posters_id_comes_in_many_shapes(parts: Parts, account: Account, till: Till, answer: Any) -> None:
    till.answer = answer
    assert order(parts, account)["id"] == 77


def test_an_account_that_accepts_by_itself_has_the_order_at_once(
    parts: Parts, account: Account, till: Till
) -> None:
    till.answer = {"incoming_order_id": 77, "status": 1, "transaction_id": "50012"}
    assert order(parts, account)["order"] == 50012


def test_a_good_answer_may_come_with_a_bad_status(parts: Parts, account: Account, till: Till) -> None:
    till.answer = Raw({"response": {"incoming_order_id": 77}}, 500)
    assert order(parts, account)["id"] == 77


@pytest.mark.parametrize("code", [34, 155, 400, 185])
def test_an_account_that_knows_no_delivery_fields_gets_them_in_the_comment(
    parts: Parts, account: Account, company: Company, till: Till, code: int
) -> None:
    company.answers[CREATE] = lambda asked: (
        error(code) if "client_address" in asked.json() else till.create(asked)
    )
    assert order(parts, account) == {"ok": True, "id": 77, "order": None, "plain": True}
    body = till.body()
    assert not body.keys() & {"service_mode", "client_address", "delivery_time", "first_name"}
    assert body["address"] == "Sadova 5/7, entrance 2, floor 3, flat 12, code 12K"
    assert body["comment"].startswith("Sadova 5/7, entrance 2, floor 3, flat 12, code 12K; don't ring; ")
    assert "no onions #" in body["comment"]
    assert company.count(CREATE) == 2


@pytest.mark.parametrize(
    ("answer", "word", "asked"),
    [
        (error(37), "refused", 1),
        (error(34), "refused", 2),
        (error(44), "refused", 1),
        (error(700), "plan", 1),
        (error(20), "plan", 1),
        (error(11), "unavailable", 1),
        (error(503), "unavailable", 1),
        (Raw({"error": 32, "message": "no", "field": "product_id"}), "refused", 1),
    ],
)
def test_a_refusal_is_told_in_a_word_and_may_be_tried_again(
    parts: Parts, account: Account, company: Company, till: Till, answer: Raw, word: str, asked: int
) -> None:
    till.answer = answer
    assert order(parts, account) == {"ok": False, "error": word}
    assert (company.count(CREATE), company.count(OWN)) == (asked, 0)
    with reading():
        assert OnlineAsk.select().count() == 0


@pytest.mark.parametrize(
    "answer", [Raw(b"", 502), Raw(b"<html>"), Raw({"response": None}), Raw({"response": []})]
)
def test_an_answer_that_says_nothing_is_looked_up_by_our_mark(
    parts: Parts, account: Account, company: Company, till: Till, answer: Raw
) -> None:
    till.made.append({"incoming_order_id": 5, "comment": "somebody else's"})
    till.answer = answer
    assert order(parts, account)["id"] == 78
    assert company.count(CREATE) == 1
    assert {"date_from", "date_to"} <= company.last(OWN).query.keys()


def test_a_slow_answer_is_looked_up_too(parts: Parts, account: Account, company: Company, till: Till) -> None:
    company.delays[CREATE] = 1.0
    company.answers[OWN] = lambda asked: [{"incoming_order_id": 91, "comment": till.body()["comment"]}]
    assert order(parts, account)["id"] == 91
    assert company.count(CREATE) == 1


def test_nobody_knows_and_it_is_never_asked_for_twice(
    parts: Parts, account: Account, company: Company, till: Till
) -> None:
    company.answers |= {CREATE: Raw(b"", 502), OWN: Raw(b"", 502)}
    for _ in range(3):
        assert order(parts, account) == {"ok": False, "error": "unclear"}
    assert company.count(CREATE) == 1
    company.answers[OWN] = [{"incoming_order_id": 77, "comment": till.body()["comment"]}]
    assert order(parts, account)["id"] == 77
    assert company.count(CREATE) == 1


def test_what_surely_never_came_through_is_asked_for_again_with_the_same_mark(
    parts: Parts, account: Account, company: Company, till: Till
) -> None:
    company.answers |= {CREATE: Raw(b"", 502), OWN: []}
    assert order(parts, account)["error"] == "unclear"
    first = till.body()["comment"]
    assert order(parts, account)["error"] == "unclear"
    with transaction():
        OnlineAsk.update(at=time.time() - incoming.SETTLED - 1).execute()
    company.answers[CREATE] = till.create
    assert order(parts, account)["id"] == 77
    assert (company.count(CREATE), till.body()["comment"]) == (2, first)


def test_the_same_order_of_the_same_call_is_one_order(parts: Parts, account: Account, till: Till) -> None:
    assert [order(parts, account)["id"] for _ in range(3)] == [77, 77, 77]
    assert order(parts, account, comment="and a straw")["id"] == 78
    assert order(parts, account, "call2")["id"] == 79
    assert [order(parts, account, "")["id"] for _ in range(2)] == [80, 81]


def test_after_ten_minutes_the_same_order_is_another(parts: Parts, account: Account, till: Till) -> None:
    order(parts, account)
    with transaction():
        OnlineAsk.update(at=time.time() - incoming.SAME_FOR - 1).execute()
    assert order(parts, account)["id"] == 78
    assert till.made[0]["comment"] != till.made[1]["comment"]


def test_two_taps_at_once_make_one_order(
    parts: Parts, account: Account, company: Company, till: Till
) -> None:
    company.delays[CREATE] = 0.2
    answers: list[Json] = []
    taps = [threading.Thread(target=lambda: answers.append(order(parts, account))) for _ in range(4)]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert [one["id"] for one in answers] == [77] * 4
    assert company.count(CREATE) == 1


def test_accounts_have_their_own_orders(parts: Parts, account: Account, company: Company, till: Till) -> None:
    order(parts, account)
    with transaction():
        other = Account.create(
            name="kaffka", number="700124", state="connected", token=parts.vault.seal("700124:" + "ab" * 16)
        )
    assert order(parts, other)["id"] == 78


def test_what_is_old_is_forgotten(parts: Parts, account: Account, till: Till) -> None:
    order(parts, account)
    with transaction():
        incoming.forget_old()
        assert OnlineAsk.select().count() == 1
        OnlineAsk.update(at=time.time() - 8 * 86400).execute()
        incoming.forget_old()
        assert OnlineAsk.select().count() == 0
