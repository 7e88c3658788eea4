"""The directory of an account is filled in the background, goes on after a stop, and is kept fresh."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server import directory
from server.db import reading, transaction
from server.directory import taking, todo
from server.directory.asks import Asks
from server.directory.filling import Filling
from server.directory.keeping import Keeping
from server.directory.stages import SENTENCES
from server.models import Account, Directory, Guest, GuestNumber, GuestOrder, OnlineOrder, Todo
from server.parts import Parts
from server.poster.client import Poster
from server.poster.trouble import Trouble
from tests.conftest import finish_background_work
from tests.poster.company import TOKEN, Asked, Company, Raw, client, error
from tests.poster.company import transaction as order

NOW = time.time()
DAY = 86400.0

Json = dict[str, Any]


class Book:
    """Poster's clients and orders. `paging`: as documented, `ignored` (everybody at once), `stuck` (always the
    first page), `shuffled` (rows of a page in any order), `small` (never more than 100)."""

    def __init__(self, company: Company, clients: int = 0, paging: str = "documented") -> None:
        self.clients = [guest(number) for number in range(1, clients + 1)]
        self.orders: list[Json] = []
        self.online: list[Json] = []
        self.paging = paging
        company.answers["clients.getClients"] = self.page
        company.answers["clients.getClient"] = lambda asked: [
            row for row in self.clients if row["client_id"] == asked.query["client_id"]
        ]
        company.answers["clients.getGroups"] = lambda asked: [
            {"client_groups_id": "4", "count_groups_clients": str(len(self.clients)), "delete": "0"}
        ]
        company.answers["dash.getTransactions"] = self.days
        company.answers["dash.getTransaction"] = lambda asked: [
            row for row in self.orders if row["transaction_id"] == asked.query["transaction_id"]
        ]
        company.answers["incomingOrders.getIncomingOrders"] = lambda asked: [
            row for row in self.online if str(row["status"]) == asked.query["status"]
        ]

    def page(self, asked: Asked) -> list[Json]:
        most, offset = int(asked.query.get("num", 0)), int(asked.query.get("offset", 0))
        if self.paging == "ignored" or not most:
            return self.clients
        if self.paging == "stuck":
            return self.clients[:most]
        page = self.clients[offset : offset + (min(most, 100) if self.paging == "small" else most)]
        return random.Random(offset).sample(page, len(page)) if self.paging == "shuffled" else page

    def days(self, asked: Asked) -> list[Json]:
        """Every account's days are UTC's here."""
        if asked.query.get("type") == "clients":
            return [row for row in self.orders if row["client_id"] == asked.query["id"]]
        first, last = asked.query["dateFrom"], asked.query["dateTo"]
        status = asked.query["status"]
        return [
            row
            for row in self.orders
            if first <= day(int(row["date_start"]) / 1000) <= last and status in ("0", row["status"])
        ]


def day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y%m%d")


def guest(number: int, **facts: Any) -> Json:
    return {
        **client(number),
        "lastname": f"Guest {number}",
        "phone": "",
        "phone_number": phone(number)[1:],
        **facts,
    }


def phone(number: int) -> str:
    return f"+38067{number:07d}"


@pytest.fixture(autouse=True)
def small_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of 150 guests, a year of 40 days, and nothing waits for its like."""
    monkeypatch.setattr("server.directory.filling.PAGE", 150)
    monkeypatch.setattr("server.directory.taking.PAUSE", 0.0)
    monkeypatch.setattr("server.directory.filling.YEAR", timedelta(days=40))
    monkeypatch.setattr("server.directory.keeping.GATHERS", 0.0)
    monkeypatch.setattr("server.directory.chores.GATHERS", 0.0)


@pytest.fixture
def poster(parts: Parts, company: Company) -> Poster:
    return Poster(company.url, lambda account: TOKEN, lambda account, token, code: None)


@pytest.fixture
def filling(poster: Poster) -> Filling:
    return Filling(Asks(poster), lambda account: "UA")


@pytest.fixture
def keeping(poster: Poster) -> Keeping:
    return Keeping(Asks(poster), lambda account: "UA", lambda account: False, lambda account, number: None)


def fill(filling: Filling, account: Account) -> None:
    assert not filling.run(account.id, time.monotonic() + 60)


def names(account: Account) -> set[str]:
    with reading():
        return {row.name for row in Guest.select().where(Guest.account == account, Guest.deleted == False)}  # noqa: E712


def card(account: Account, number: int) -> Json:
    found = directory.card(account.id, phone(number))
    assert found
    return found


def things(account: Account) -> set[tuple[str, int]]:
    with reading():
        return {(row.kind, row.thing) for row in Todo.select().where(Todo.account == account)}


# The first fill


@pytest.mark.parametrize("paging", ["documented", "ignored", "stuck", "shuffled", "small"])
@pytest.mark.parametrize("count", [0, 1, 150, 400])
def test_everybody_is_read_however_poster_pages(
    filling: Filling, account: Account, company: Company, paging: str, count: int
) -> None:
    Book(company, count, paging)
    fill(filling, account)
    assert names(account) == {f"Guest {number} Olena" for number in range(1, count + 1)}
    told = directory.progress(account.id)
    assert (told["stage"], told["problem"]) == ("done", "")
    assert told["guests_at"] > NOW - 1
    assert told["orders_at"] > NOW - 1


def test_pages_are_asked_for_as_documented(filling: Filling, account: Account, company: Company) -> None:
    Book(company, 200)
    fill(filling, account)
    asked = [one.query for one in company.asked if one.method == "clients.getClients"]
    pages = [(one["num"], one["offset"], one["order_by"]) for one in asked]
    assert pages == [("150", "0", "client_id"), ("150", "150", "client_id"), ("150", "200", "client_id")]


def test_progress_counts_guests_and_then_days(filling: Filling, account: Account, company: Company) -> None:
    book, seen = Book(company, 400), list[Json]()

    def page(asked: Asked) -> list[Json]:
        seen.append(directory.progress(account.id))
        return book.page(asked)

    company.answers["clients.getClients"] = page
    fill(filling, account)
    assert [(one["stage"], one["done"], one["total"]) for one in seen[:3]] == [
        ("guests", 0, 400), ("guests", 150, 400), ("guests", 300, 400)
    ]  # fmt: skip
    told = directory.progress(account.id)
    assert told["done"] == told["total"] > 40


def test_a_fill_that_was_stopped_goes_on_where_it_was(
    poster: Poster, account: Account, company: Company
) -> None:
    book = Book(company, 400)
    book.orders = [order(number, NOW - number * DAY, number) for number in range(1, 40)]
    for _ in range(1000):  # each time a new process, which knows nothing, and is gone after one request
        if not Filling(Asks(poster), lambda account: "UA").run(account.id, time.monotonic() + 0.001):
            break
    assert len(names(account)) == 400
    offsets = [one.query["offset"] for one in company.asked if one.method == "clients.getClients"]
    assert offsets == ["0", "150", "300", "400"], "no page is read twice"
    with reading():
        assert GuestOrder.select().count() == 39


def test_a_page_that_is_taken_twice_changes_nothing(account: Account) -> None:
    rows = [guest(number) for number in range(1, 301)]
    for _ in range(2):
        assert len(directory.take_clients(account.id, rows, "UA")) == 300
    with reading():
        assert (Guest.select().count(), GuestNumber.select().count()) == (300, 300)


def test_orders_come_newest_first_and_a_year_back(
    filling: Filling, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.directory.filling.YEAR", timedelta(days=365))
    book = Book(company, 3)
    ages = (0.01, 1, 8, 40, 200, 364, 370)
    book.orders = [order(number, NOW - age * DAY, 1, sum="10000") for number, age in enumerate(ages, 1)]
    fill(filling, account)
    with reading():
        assert {row.transaction_id for row in GuestOrder.select()} == {1, 2, 3, 4, 5, 6}
    days = [one.query["dateFrom"] for one in company.asked if one.method == "dash.getTransactions"]
    assert days == sorted(days, reverse=True)
    assert len(days) < 70, "a quiet restaurant's days are read by the week"
    figures = card(account, 1)["guests"][0]["figures"]
    assert (figures["orders"], figures["total"], figures["average"]) == (6, "600.00", "100.00")
    assert 364 < (NOW - figures["from"]) / DAY < 367


def test_a_range_that_poster_calls_wrong_is_read_by_single_days(
    filling: Filling, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    book.orders = [order(number, NOW - number * DAY, 1) for number in range(1, 30)]

    def days(asked: Asked) -> Any:
        return (
            book.days(asked)
            if asked.query["dateFrom"] == asked.query["dateTo"]
            else error(52, "Wrong date range")
        )

    company.answers["dash.getTransactions"] = days
    fill(filling, account)
    with reading():
        assert GuestOrder.select().count() == 29


def test_a_busy_day_is_read_alone(filling: Filling, account: Account, company: Company) -> None:
    book = Book(company, 1)
    busy = NOW - 25 * DAY
    book.orders = [order(number, busy, 1) for number in range(1, 900)]
    fill(filling, account)
    with reading():
        assert GuestOrder.select().count() == 899
    asked = [one.query for one in company.asked if one.method == "dash.getTransactions"]
    later = [one for one in asked if one["dateTo"] < day(busy)]
    assert later[0]["dateFrom"] == later[0]["dateTo"]


def test_what_poster_writes_oddly_is_read_as_it_is_meant(account: Account) -> None:
    rows: list[Any] = [
        guest(1, client_id=1, delete=0, bonus=None, total_payed_sum=1200000, comment="0", address="0"),
        guest(2, phone_number="0", firstname=None, lastname="0"),
        {"client_id": "3", "phone": "067 000 00 03"},
        guest(4, delete="1"),
        guest(5, phone_number="101", phone="101"),
        guest(0), {}, {"client_id": []}, {"client_id": "x"},
        guest(6, birthday="1990-13-45", date_activale="0000-00-00 00:00:00", client_groups_id={}, addresses="no"),
        guest(8, firstname="\ud83d", client_id="8", bonus="9" * 25, total_payed_sum=-1e300),
        guest(7, lastname="\u202eHostile\x00 <b>&", comment="'; DROP TABLE guest;--" * 100),
    ]  # fmt: skip
    assert directory.take_clients(account.id, rows, "UA") == [1, 2, 3, 4, 5, 6, 8, 7]
    assert card(account, 1)["guests"][0]["figures"] is None
    assert card(account, 3)["guests"][0]["name"] == ""
    assert (card(account, 4)["stage"], card(account, 4)["hidden"]) == ("unknown", [4])
    assert directory.card(account.id, "101") is None
    assert directory.card(account.id, "") is None
    assert (card(account, 6)["guests"][0]["hints"][0]["kind"], card(account, 7)["guests"][0]["id"]) == (
        "bonus",
        7,
    )
    with reading():
        assert GuestNumber.select().count() == 6


@pytest.mark.parametrize(
    "row",
    [
        {"transaction_id": "9"}, {"transaction_id": "9", "client_id": "1", "products": "no", "delivery": "x"},
        {"transaction_id": 9, "client_id": 1, "status": "2", "date_start": None, "sum": "many", "products": [{}, 4]},
        {"transaction_id": "9", "client_id": "1", "status": 1, "name": "\ud800", "sum": "9" * 19, "spot_id": 1e30},
        {"transaction_id": "9" * 19, "client_id": "9" * 19, "status": 2, "date_start": "9" * 30},
        {"transaction_id": "9", "client_id": "1", "status": 7}, {"transaction_id": {}}, {"sum": "1"},
    ],
)  # fmt: skip
def test_an_odd_order_harms_nobody(account: Account, row: Json) -> None:
    directory.take_clients(account.id, [guest(1)], "UA")
    directory.take_orders(account.id, [row, order(10, NOW - 50, 1)])
    assert card(account, 1)["guests"][0]["last_order"]["sum"] == "345.00"


# What stands in the way


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (error(20), "clients"), (error(10), "token"), (error(11), "token"), (error(12), "token"), (error(503), "token"),
        (error(700), "refused"), (Raw(b"", 500), "down"), (Raw(b"<html>"), "down"), (error(34), "refused"),
    ],
)  # fmt: skip
def test_a_fill_that_poster_stops_says_why_and_goes_on_later(
    parts: Parts, account: Account, company: Company, answer: Raw, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Book(company, 400)
    company.answers["clients.getClients"] = lambda asked: (
        answer if int(asked.query["offset"]) else book.page(asked)
    )
    parts.directory.tick()
    finish_background_work()
    told = directory.progress(account.id)
    assert (told["stage"], told["problem"], told["done"]) == ("guests", word, 150)
    assert word in SENTENCES
    asked = len(company.asked)
    parts.directory.tick()
    finish_background_work()
    assert len(company.asked) == asked, "it rests"
    company.answers["clients.getClients"] = book.page
    parts.directory.hurry(account.id)
    until(parts, lambda: directory.progress(account.id)["stage"] == "done")
    assert (len(names(account)), directory.progress(account.id)["problem"]) == (400, "")


def test_guests_are_there_although_orders_are_refused(
    parts: Parts, account: Account, company: Company
) -> None:
    Book(company, 10)
    company.answers["dash.getTransactions"] = error(20)
    until(parts, lambda: directory.progress(account.id)["problem"] != "")
    assert directory.progress(account.id)["problem"] == "dash"
    assert card(account, 7)["guests"][0]["name"] == "Guest 7 Olena"


def until(parts: Parts, done: Callable[[], bool]) -> None:
    for _ in range(50):
        parts.directory.tick()
        finish_background_work()
        if done():
            return
    raise AssertionError("it never came to an end")


# Kept fresh


def test_what_a_webhook_named_is_read_again_once(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 3)
    directory.take_clients(account.id, book.clients, "UA")
    for _ in range(3):
        directory.dirty(account.id, 2)
    book.clients[1] = guest(2, firstname="Iryna")
    keeping.tend(account.id)
    assert card(account, 2)["guests"][0]["name"] == "Guest 2 Iryna"
    assert company.count("clients.getClient") == 1
    assert things(account) == set()


def test_what_is_said_while_it_is_read_is_read_once_more(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    directory.dirty(account.id, 1)

    def answer(asked: Asked) -> list[Json]:
        if company.count("clients.getClient") == 1:
            directory.dirty(account.id, 1)
        return book.clients

    company.answers["clients.getClient"] = answer
    keeping.tend(account.id)
    assert things(account) == {("client", 1)}
    keeping.tend(account.id)
    assert things(account) == set()


@pytest.mark.parametrize("answer", [[], [guest(1, delete="1")], error(32)])
def test_a_removed_guest_is_hidden(keeping: Keeping, account: Account, company: Company, answer: Any) -> None:
    directory.take_clients(account.id, [guest(1)], "UA")
    directory.dirty(account.id, 1)
    company.answers["clients.getClient"] = answer
    keeping.tend(account.id)
    assert (card(account, 1)["guests"], card(account, 1)["hidden"]) == ([], [1])


def test_one_guest_that_poster_refuses_does_not_hold_up_the_others(
    keeping: Keeping, account: Account, company: Company
) -> None:
    Book(company, 2)
    for number in (1, 2):
        directory.dirty(account.id, number)
    company.answers["clients.getClient"] = lambda asked: (
        error(400) if asked.query["client_id"] == "1" else [guest(2)]
    )
    keeping.tend(account.id)
    assert (names(account), things(account)) == ({"Guest 2 Olena"}, set())


def test_what_poster_does_not_tell_now_stays_to_do(
    keeping: Keeping, account: Account, company: Company
) -> None:
    directory.dirty(account.id, 1)
    company.answers["*"] = Raw(b"", 500)
    with pytest.raises(Trouble):
        keeping.tend(account.id)
    assert things(account) == {("client", 1)}


def say_order(account: Account, *numbers: int) -> None:
    with transaction():
        for number in numbers:
            todo.say(account.id, todo.ORDER, number)


def test_an_open_order_stands_on_the_card_and_goes_when_it_is_closed(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    directory.take_clients(account.id, book.clients, "UA")
    book.orders = [order(9, NOW - 60, 1, status="1", date_close="0", processing_status="20", spot_id="2")]
    say_order(account, 9)
    keeping.tend(account.id)
    [running] = card(account, 1)["guests"][0]["open"]
    assert running == {"kind": "order", "id": 9, "order": int(book.orders[0]["date_start"]), "sum": "345.00",
                       "at": int(book.orders[0]["date_start"]) // 1000, "address": "", "spot": 2,
                       "status": "cooking"}  # fmt: skip
    book.orders = [order(9, NOW, 1, sum="50000")]
    say_order(account, 9)
    keeping.tend(account.id)
    guest_now = card(account, 1)["guests"][0]
    assert (guest_now["open"], guest_now["last_order"]["sum"]) == ([], "500.00")


def test_many_orders_at_once_are_read_by_their_days(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 40)
    book.orders = [order(number, NOW - number, number) for number in range(1, 31)]
    book.orders.append(order(99, NOW - 9 * DAY, 31))
    say_order(account, *range(1, 31), 99)
    keeping.tend(account.id)
    assert (company.count("dash.getTransactions"), company.count("dash.getTransaction")) == (1, 1)
    with reading():
        assert GuestOrder.select().count() == 31
    assert things(account) == set()


def test_an_order_that_went_to_somebody_else_is_theirs(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 2)
    directory.take_clients(account.id, book.clients, "UA")
    directory.take_orders(account.id, [order(9, NOW - 60, 1), order(10, NOW - 50, 1)])
    book.orders = [order(9, NOW - 60, 2)]
    say_order(account, 9, 10)
    keeping.tend(account.id)
    assert [card(account, number)["guests"][0]["last_order"] is None for number in (1, 2)] == [True, False]
    directory.take_orders(account.id, [order(9, NOW - 60, 0)])
    assert card(account, 2)["guests"][0]["last_order"] is None


def online(number: int, client_id: int = 1, **facts: Any) -> Json:
    return {"incoming_order_id": number, "client_id": client_id, "phone": phone(client_id), "spot_id": 1, "status": 0,
            "created_at": "2026-11-23 12:00:00", "transaction_id": None, "address": "Sadova 5",
            "products": [{"product_id": 12, "count": "2", "price": 17250}], **facts}  # fmt: skip


def test_an_online_order_waits_until_somebody_accepts_it(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    directory.take_clients(account.id, book.clients, "UA")
    book.online = [online(77)]
    say_online(account)
    keeping.tend(account.id)
    [waiting] = card(account, 1)["guests"][0]["open"]
    assert waiting == {"kind": "online", "id": 77, "order": None, "at": None, "sum": "345.00",
                       "address": "Sadova 5", "spot": 1, "status": "waiting"}  # fmt: skip
    today = datetime.now(UTC).strftime("%Y-%m-%d 12:00:00")
    book.online = [online(77, status=1, created_at=today)]
    say_online(account)
    keeping.tend(account.id)
    assert [one["status"] for one in card(account, 1)["guests"][0]["open"]] == ["accepted"]
    book.online = [online(77, status=1, transaction_id="50012")]
    directory.take_online(account.id, book.online, "UA")
    assert card(account, 1)["guests"][0]["open"] == []


def say_online(account: Account) -> None:
    with transaction():
        todo.say(account.id, todo.ONLINE)


def test_an_online_order_that_vanishes_waits_no_more(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    directory.take_clients(account.id, book.clients, "UA")
    directory.take_online(account.id, [online(77)], "UA")
    say_online(account)
    keeping.tend(account.id)
    assert card(account, 1)["guests"][0]["open"] == []


def test_an_account_without_online_orders_is_not_asked_again_and_again(
    keeping: Keeping, account: Account, company: Company
) -> None:
    company.answers["incomingOrders.getIncomingOrders"] = error(20)
    for _ in range(3):
        say_online(account)
        keeping.tend(account.id)
    assert (company.count("incomingOrders.getIncomingOrders"), things(account)) == (1, set())


def test_without_webhooks_open_orders_are_read_while_somebody_listens(
    poster: Poster, account: Account, company: Company
) -> None:
    listening = False
    keeping = Keeping(
        Asks(poster), lambda account: "UA", lambda account: listening, lambda account, number: None
    )
    book = Book(company, 2)
    directory.take_clients(account.id, book.clients, "UA")
    directory.take_orders(account.id, [order(8, NOW - 600, 2, status="1", date_close="0")])
    book.orders = [order(8, NOW, 2), order(9, NOW - 60, 1, status="1", date_close="0")]
    assert not keeping.due(account.id, None)
    listening = True
    assert keeping.due(account.id, None)
    keeping.tend(account.id)
    assert not keeping.due(account.id, None)
    assert [one["id"] for one in card(account, 1)["guests"][0]["open"]] == [9]
    keeping.tend(account.id)
    assert card(account, 2)["guests"][0]["open"] == []


def test_orders_that_no_webhook_told_are_there_a_quarter_of_an_hour_later(
    keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 1)
    directory.take_clients(account.id, book.clients, "UA")
    with transaction():
        Directory.create(account=account, stage="done", guests_at=NOW, orders_at=NOW - 3 * DAY)
    book.orders = [order(number, NOW - number * DAY / 2, 1) for number in range(1, 6)]
    assert keeping.due(account.id, NOW - 1000)
    keeping.tend(account.id)
    with reading():
        assert GuestOrder.select().count() == 5
    assert not keeping.due(account.id, directory.progress(account.id)["orders_at"])


def test_a_guest_who_calls_while_something_is_read_is_told_anew(
    parts: Parts, poster: Poster, account: Account, company: Company
) -> None:
    heard: list[str] = []
    keeping = Keeping(
        Asks(poster),
        lambda account: "UA",
        lambda account: False,
        lambda account, number: heard.append(number),
    )
    book = Book(company, 2)
    directory.take_clients(account.id, book.clients, "UA")
    parts.intake.test_ring(account.id, line="101", caller=phone(1))
    book.orders = [order(9, NOW - 60, 1), order(10, NOW - 60, 2)]
    say_order(account, 9, 10)
    keeping.tend(account.id)
    assert heard == [phone(1)]


# The pass that finds what nobody told


def test_who_is_in_no_page_any_more_is_asked_for_and_then_hidden(
    filling: Filling, keeping: Keeping, account: Account, company: Company
) -> None:
    book = Book(company, 200)
    fill(filling, account)
    gone, slipped = book.clients.pop(10), book.clients.pop(20)
    fill(filling, account)
    ids = {int(gone["client_id"]), int(slipped["client_id"])}
    assert things(account) == {("client", number) for number in ids}
    book.clients.append(slipped)
    keeping.tend(account.id)
    assert card(account, int(gone["client_id"]))["guests"] == []
    assert card(account, int(slipped["client_id"]))["guests"][0]["id"] == int(slipped["client_id"])


def test_an_answer_without_anybody_takes_nobody_away(
    filling: Filling, account: Account, company: Company
) -> None:
    book = Book(company, 20)
    fill(filling, account)
    book.clients = []
    fill(filling, account)
    assert (things(account), len(names(account))) == (set(), 20)


def test_a_later_pass_reads_only_the_days_since_the_last(
    filling: Filling, account: Account, company: Company
) -> None:
    Book(company, 5)
    fill(filling, account)
    before, since = company.count("dash.getTransactions"), card(account, 1)["guests"][0]["figures"]["from"]
    fill(filling, account)
    assert company.count("dash.getTransactions") - before < 4
    assert card(account, 1)["guests"][0]["figures"]["from"] == since


def test_changed_groups_have_everybody_read_again(parts: Parts, account: Account, company: Company) -> None:
    book = Book(company, 5)
    until(parts, lambda: directory.progress(account.id)["stage"] == "done")
    book.clients = [guest(number, client_groups_name="Friends") for number in range(1, 6)]
    directory.dirty(account.id, None)
    until(parts, lambda: things(account) == set())
    assert card(account, 3)["guests"][0]["group"] == "Friends"


# Several accounts, and none


def test_two_accounts_know_nothing_of_each_other(
    parts: Parts, filling: Filling, account: Account, company: Company
) -> None:
    with transaction():
        other = Account.create(name="kaffka", number="700124", state="connected", country="UA",
                               token=parts.vault.seal(TOKEN))  # fmt: skip
    book = Book(company, 30)
    book.orders = [order(9, NOW - 60, 1, delivery={"address1": "Sadova 5"})]
    book.online = [online(77)]
    fill(filling, account)
    directory.take_online(account.id, book.online, "UA")
    with reading():
        assert not Guest.select().where(Guest.account == other).exists()
    assert directory.card(other.id, phone(1)) is None
    assert parts.guests.known(other.id, phone(1), "UA") is None
    directory.take_clients(other.id, [guest(1, lastname="Other")], "UA")
    mine, theirs = card(account, 1)["guests"][0], card(other, 1)["guests"][0]
    assert (mine["name"], len(mine["orders"]), len(mine["addresses"])) == ("Guest 1 Olena", 1, 1)
    assert (theirs["name"], theirs["orders"], theirs["open"], theirs["addresses"]) == (
        "Other Olena",
        [],
        [],
        [],
    )
    assert directory.progress(other.id)["stage"] == ""


def test_accounts_take_turns(
    parts: Parts, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.directory.chores.SLICE", 0.001)
    with transaction():
        other = Account.create(name="kaffka", number="700124", state="connected", country="UA",
                               token=parts.vault.seal(TOKEN))  # fmt: skip
    Book(company, 400)
    for _ in range(4):
        parts.directory.tick()
        finish_background_work()
    assert [directory.progress(one.id)["done"] for one in (account, other)] == [300, 300]


def test_nothing_is_kept_of_a_disconnected_account(account: Account) -> None:
    with transaction():
        Account.update(state="disconnected").execute()
    assert directory.take_clients(account.id, [guest(1)], "UA") == []
    directory.take_orders(account.id, [order(9, NOW - 60, 1)])
    directory.take_online(account.id, [online(77)], "UA")
    with reading():
        assert (Guest.select().count(), GuestOrder.select().count(), OnlineOrder.select().count()) == (
            0,
            0,
            0,
        )


def test_what_employees_said_outlives_a_disconnect(parts: Parts, account: Account) -> None:
    directory.take_clients(account.id, [guest(number) for number in range(1, 700)], "UA")
    with transaction():
        GuestNumber.create(account=account, number="+380671112299", client_id=1, ours=True, at=1.0)
    parts.connecting.disconnect(account)
    parts.directory.tick()
    finish_background_work()
    with reading():
        assert [row.number for row in GuestNumber.select()] == ["+380671112299"]
        assert Guest.select().count() == 0
    assert directory.card(account.id, "+380671112299") is None


def test_no_transaction_holds_the_lock_for_long(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []
    real = taking.unhurried

    @contextmanager
    def timed(whose: int) -> Iterator[None]:
        assert whose == account.id, "with PostgreSQL only this account's writers wait"
        with real(whose):
            begun = time.monotonic()
            yield
            held.append(time.monotonic() - begun)

    monkeypatch.setattr(taking, "unhurried", timed)
    directory.take_clients(account.id, [guest(number) for number in range(1, 3001)], "UA")
    assert len(held) == 60
    assert sorted(held)[len(held) // 2] < 0.05
    assert timedelta(seconds=max(held)) < timedelta(seconds=0.5)
