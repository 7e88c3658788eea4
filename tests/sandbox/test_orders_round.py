"""Our server's orders and bookings against the sandbox: each was written without the other in view."""

from __future__ import annotations

import time
from typing import Any

import pytest

from server import menu, orders
from server.booking import Booking, Table
from server.db import reading, transaction
from server.incoming import Incoming
from server.menu import Menu
from server.models import Account, OnlineOrder
from server.online import Online, Wanted
from server.poster.client import Poster as Client
from tests.sandbox.stand import Poster

Json = dict[str, Any]
PLACE = {"street": "вул. Садова", "house": "5/7", "flat": "12", "note": "домофон 12"}
LINES = [
    {"product": 601, "modification_id": 6011, "modification": "30 см", "count": "2"},
    {"product": 604, "modification_id": 912_345, "modification": '[{"m":511,"a":1}]', "count": "1"},
]
WANTED = Wanted(1, 318, "+380671112233", "Олена", LINES, PLACE, "без цибулі", 45)


@pytest.fixture
def account(database: None, connected: Poster) -> Account:
    with transaction():
        row: Account = Account.create(
            name="pechera", number="700123", state="connected", lang="ua", timezone="Europe/Kyiv"
        )
    return row


@pytest.fixture
def client(connected: Poster) -> Client:
    return Client(connected.url, lambda account: connected.token, lambda *told: None)


@pytest.fixture
def incoming(client: Client) -> Incoming:
    return Incoming(client)


def own(poster: Poster) -> list[Json]:
    return list(poster.api("incomingOrders.getOwnIncomingOrders"))


def test_an_order_of_a_call_reaches_the_kitchen_and_comes_back_with_its_sum(
    connected: Poster, account: Account, client: Client, incoming: Incoming
) -> None:
    assert Menu(client).refresh(account.id)
    answer = Online(client, incoming).order(account, "call1", WANTED, (5, "Олена"))
    assert (answer["ok"], answer["order"], answer["plain"]) == (True, None, False)
    taken = connected.post(
        "/sandbox/api/incoming", account="pechera", tablet=2, id=answer["id"], accept=True, user=5
    )["order"]
    assert taken["deliveryAddress"] == "вул. Садова 5/7, кв. 12, домофон 12"
    assert (taken["comment"][:11], taken["total"]) == ("без цибулі ", 674.0)
    number = int(taken["orderName"])
    with transaction():
        OnlineOrder.create(
            account=account, incoming_id=answer["id"], transaction_id=number, read_at=time.time()
        )
    connected.post("/sandbox/api/orders/close", account="pechera", id=taken["id"])
    rows = connected.api("dash.getTransaction", transaction_id=number, status=0)
    with transaction():
        orders.note_transaction(account.id, rows)
    with reading():
        assert orders.of_call(account.id, "call1") == {"id": number, "sum": "674.00"}


def test_open_orders_are_counted_as_the_registers_have_them(connected: Poster, account: Account) -> None:
    def spots() -> list[int]:
        with transaction():
            orders.note_transaction(account.id, connected.api("dash.getTransactions", status=0))
            return [orders.load(account.id, spot)["open"] for spot in (1, 2)]

    open_there = [
        len(connected.get("/sandbox/api/state", account="pechera", tablet=tablet)["orders"])
        for tablet in (1, 3)
    ]
    assert spots() == open_there
    order = connected.get("/sandbox/api/state", account="pechera", tablet=1)["orders"][0]
    connected.post("/sandbox/api/orders/close", account="pechera", id=order["id"])
    assert spots() == [open_there[0] - 1, open_there[1]]


@pytest.mark.parametrize(
    ("faults", "answer", "made"),
    [
        ({"delivery_fields": "refused"}, {"ok": True, "plain": True}, 1),
        ({"online_write": "done_502"}, {"ok": True, "plain": False}, 1),
        ({"online_orders": "at_once", "incoming_id": "text"}, {"ok": True, "plain": False}, 1),
        ({"online_write": "700"}, {"ok": False, "error": "plan"}, 0),
        ({"online_write": "refused"}, {"ok": False, "error": "refused"}, 0),
        ({"api": "down"}, {"ok": False, "error": "unclear"}, 0),
        ({"api": "html"}, {"ok": False, "error": "unclear"}, 0),
        ({"token": "revoked"}, {"ok": False, "error": "unavailable"}, 0),
    ],
)
def test_on_posters_bad_days_an_order_is_made_once_or_not_at_all(
    connected: Poster,
    account: Account,
    client: Client,
    incoming: Incoming,
    faults: Json,
    answer: Json,
    made: int,
) -> None:
    connected.faults(**faults)
    assert Online(client, incoming).order(account, "call1", WANTED).items() >= answer.items()
    again = Online(client, incoming).order(account, "call1", WANTED)
    assert (again["ok"], again.get("error")) == (answer["ok"], answer.get("error"))
    connected.faults(api="up", token="ok")
    assert len(own(connected)) == made


@pytest.mark.parametrize("faults", [{}, {"reservations": "dates"}, {"online_write": "done_502"}])
def test_a_table_is_booked_once_and_is_free_no_more(
    connected: Poster, account: Account, client: Client, incoming: Incoming, faults: Json
) -> None:
    connected.faults(**faults)
    desk, wanted = Booking(client, incoming), Table(1, float(int(time.time()) + 86400), 4, 90)
    free = desk.tables(account, wanted)["tables"]
    assert [free[0]["seats"], free[0]["id"] < 100] == [4, True]
    for _ in range(2):
        booked = desk.book(account, "call1", wanted, free[0]["id"], 0, "+380671112233", "Олена", "біля вікна")
        assert booked["ok"]
    connected.faults(reservations="ok")
    [row] = connected.api("incomingOrders.getOwnReservations")
    assert (row["client_id"], row["guests_count"], row["duration"]) == (318, "4", "5400")
    assert free[0] not in desk.tables(account, wanted)["tables"]


@pytest.mark.parametrize("switch", ["700", "20"])
def test_an_account_without_bookings_is_told_so(
    connected: Poster, account: Account, client: Client, incoming: Incoming, switch: str
) -> None:
    connected.faults(reservations=switch)
    desk, wanted = Booking(client, incoming), Table(1, time.time() + 86400, 4, 90)
    assert desk.tables(account, wanted) == {"ok": False, "error": "booking"}
    assert desk.book(account, "call1", wanted, 3, 318, "", "", "")["error"] == "booking"


@pytest.mark.parametrize("prices", ["full", "missing"])
def test_the_menu_is_the_same_wherever_its_prices_stand(
    connected: Poster, account: Account, client: Client, prices: str
) -> None:
    connected.faults(menu_price=prices)
    assert Menu(client).refresh(account.id)
    with reading():
        told = {one["id"]: one for one in menu.products(account.id, [401, 601, 604, 607, 706], 1)}
    assert (told[401]["price"], told[601]["variants"][0]["price"]) == ("285.00", "185.00")
    assert [told[one]["modifiers"] for one in (401, 604)] == [False, True]
    assert [(told[one]["hidden"], told[one]["deleted"]) for one in (607, 706)] == [
        (True, False),
        (False, True),
    ]
