"""Tables: which are free, and booking one, once, in the account's own time."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server import incoming
from server.booking import Table
from server.db import transaction
from server.models import Account
from server.parts import Parts
from tests.poster.company import Asked, Company, Json, Raw, error

TABLES, BOOK, OWN = (
    f"incomingOrders.{name}"
    for name in ("getTablesForReservation", "createReservation", "getOwnReservations")
)
KYIV = ZoneInfo("Europe/Kyiv")
TOMORROW = float(int(time.time()) + 86400)
FOUR = Table(1, TOMORROW, 4, 120)
FREE = {
    "freeTables": [
        {"table_id": "85", "table_num": "2", "table_capacity": "6", "spot_id": "1", "hall_id": "5"},
        {"table_id": "98", "table_num": "9", "table_capacity": "4", "spot_id": "1", "hall_id": "3"},
        {"table_id": "91", "table_num": "1", "table_capacity": "4", "spot_id": "2", "hall_id": "3"},
        {"table_id": "94", "table_num": "5", "table_capacity": "2", "spot_id": 1, "hall_id": "3"},
    ]
}


@pytest.fixture(autouse=True)
def kyiv(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "CREATE", 0.4)
    account.timezone = "Europe/Kyiv"
    with transaction():
        account.save()


def local(form: str) -> str:
    return datetime.fromtimestamp(TOMORROW, KYIV).strftime(form)


def reserved(number: object = "4", **more: Any) -> Json:
    return {"incoming_order_id": number, "type": "2", "status": 0, "transaction_id": None,
            "date_reservation": local("%Y-%m-%d %H:%M:%S"), **more}  # fmt: skip


def book(parts: Parts, account: Account, wanted: Table = FOUR, **more: Any) -> Json:
    facts: Json = {
        "call": "call1", "table": 85, "client": 318, "number": "+380671112233", "name": "Olena",
        "comment": "by the window", **more,
    }  # fmt: skip
    return parts.booking.book(account, facts.pop("call"), wanted, **facts)


def test_the_smallest_that_seat_them_come_first_and_only_of_this_spot(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers[TABLES] = FREE
    assert parts.booking.tables(account, FOUR) == {"ok": True, "tables": [
        {"id": 98, "number": "9", "seats": 4}, {"id": 85, "number": "2", "seats": 6},
        {"id": 94, "number": "5", "seats": 2},
    ]}  # fmt: skip
    query = company.last(TABLES).query
    assert (query["date_reservation"], query["duration"]) == (local("%Y-%m-%d %H:%M:%S"), "7200")
    assert (query["spot_id"], query["guests_count"]) == ("1", "4")


@pytest.mark.parametrize(
    "answer", [{"freeTables": []}, {"freeTables": None}, [], {}, {"freeTables": [{}, 7]}]
)
def test_no_table_may_be_free(parts: Parts, account: Account, company: Company, answer: Any) -> None:
    company.answers[TABLES] = answer
    assert parts.booking.tables(account, FOUR) == {"ok": True, "tables": []}


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (error(700), "booking"),
        (error(20), "booking"),
        (error(12), "unavailable"),
        (error(32), "refused"),
        (error(52), "refused"),
        (Raw(b"", 502), "unavailable"),
        (Raw(b"<html>"), "unavailable"),
    ],
)
def test_why_there_are_no_tables_is_told_in_a_word(
    parts: Parts, account: Account, company: Company, answer: Raw, word: str
) -> None:
    company.answers[TABLES] = answer
    assert parts.booking.tables(account, FOUR) == {"ok": False, "error": word}


@pytest.mark.parametrize("code", [52, 155])
def test_an_account_that_wants_its_dates_the_other_way_is_asked_so_from_then_on(
    parts: Parts, account: Account, company: Company, code: int
) -> None:
    def answer(asked: Asked) -> Any:
        return FREE if asked.query["date_reservation"] == local("%d-%m-%Y %H:%M") else error(code)

    company.answers[TABLES] = answer
    company.answers[BOOK] = lambda asked: (
        reserved() if asked.json()["date_reservation"] == local("%d-%m-%Y %H:%M") else error(code)
    )
    for _ in range(2):
        assert parts.booking.tables(account, FOUR)["ok"]
    assert company.count(TABLES) == 3
    assert book(parts, account)["ok"]
    assert company.count(BOOK) == 1


@pytest.mark.parametrize(
    "wanted",
    [
        replace(FOUR, spot=0),
        replace(FOUR, at=0.0),
        replace(FOUR, at=time.time() - 3600),
        replace(FOUR, at=time.time() + 500 * 86400),
        replace(FOUR, guests=0),
        replace(FOUR, guests=9000),
    ],
)
def test_a_time_that_cannot_be_is_not_asked_about(
    parts: Parts, account: Account, company: Company, wanted: Table
) -> None:
    assert parts.booking.tables(account, wanted) == {"ok": False, "error": "refused"}
    assert book(parts, account, wanted) == {"ok": False, "error": "refused"}
    assert company.asked == []


def test_nobody_books_in_a_zone_that_nobody_knows(parts: Parts, account: Account, company: Company) -> None:
    account.timezone = ""
    assert parts.booking.tables(account, FOUR)["error"] == "unavailable"
    assert book(parts, account)["error"] == "unavailable"
    assert company.asked == []


def test_a_booking_is_as_poster_wants_it(parts: Parts, account: Account, company: Company) -> None:
    company.answers[BOOK] = reserved()
    assert book(parts, account) == {"ok": True, "id": 4, "at": int(TOMORROW)}
    body = company.last(BOOK).json()
    comment = body.pop("comment")
    assert body == {
        "type": 2, "spot_id": 1, "table_id": 85, "duration": 7200, "guests_count": 4, "client_id": 318,
        "date_reservation": local("%Y-%m-%d %H:%M:%S"),
    }  # fmt: skip
    assert comment.startswith("by the window #")


def test_somebody_new_is_booked_by_number_and_name(parts: Parts, account: Account, company: Company) -> None:
    company.answers[BOOK] = reserved()
    assert book(parts, account, client=0)["ok"]
    body = company.last(BOOK).json()
    assert (body["phone"], body["first_name"], "client_id" in body) == ("+380671112233", "Olena", False)
    assert book(parts, account, client=0, number="", call="other")["error"] == "refused"
    assert book(parts, account, table=0, call="other")["error"] == "refused"


def test_half_an_hour_is_the_shortest(parts: Parts, account: Account, company: Company) -> None:
    company.answers[BOOK] = reserved()
    book(parts, account, replace(FOUR, minutes=5))
    assert company.last(BOOK).json()["duration"] == 1800


@pytest.mark.parametrize(
    ("told", "shift"), [(local("%Y-%m-%d %H:%M:%S"), 0), ("", None), (None, None), ("soon", None)]
)
def test_when_it_is_for_is_what_poster_says(
    parts: Parts, account: Account, company: Company, told: Any, shift: int | None
) -> None:
    company.answers[BOOK] = reserved(date_reservation=told)
    assert book(parts, account)["at"] == (None if shift is None else int(TOMORROW))


def test_a_time_that_poster_moved_is_seen(parts: Parts, account: Account, company: Company) -> None:
    moved = datetime.fromtimestamp(TOMORROW + 7200, KYIV).strftime("%Y-%m-%d %H:%M:%S")
    company.answers[BOOK] = reserved(date_reservation=moved)
    assert book(parts, account)["at"] == int(TOMORROW) + 7200


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (error(700), "booking"),
        (error(20), "booking"),
        (error(44), "refused"),
        (error(11), "unavailable"),
        (Raw({"error": 32, "message": "no", "field": "table_id"}), "refused"),
    ],
)
def test_a_refused_booking_may_be_tried_again(
    parts: Parts, account: Account, company: Company, answer: Raw, word: str
) -> None:
    company.answers[BOOK] = answer
    assert book(parts, account) == {"ok": False, "error": word}
    if word != "unavailable":
        company.answers[BOOK] = reserved()
        assert book(parts, account)["ok"]


def test_an_unclear_booking_is_looked_up_and_never_made_twice(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers |= {BOOK: Raw(b"", 502), OWN: Raw(b"", 502)}
    assert book(parts, account) == {"ok": False, "error": "unclear"}
    company.answers[OWN] = lambda asked: [
        {**reserved("3"), "comment": None},
        {**reserved("4"), "comment": company.last(BOOK).json()["comment"]},
    ]
    assert book(parts, account) == {"ok": True, "id": 4, "at": int(TOMORROW)}
    assert company.count(BOOK) == 1
    assert book(parts, account)["id"] == 4


def test_two_tables_for_one_call_are_two_bookings(parts: Parts, account: Account, company: Company) -> None:
    company.answers[BOOK] = lambda asked: reserved(company.count(BOOK))
    assert [book(parts, account, table=table)["id"] for table in (85, 85, 98)] == [1, 1, 2]
