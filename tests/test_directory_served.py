"""The directory in a real server: what a register sees while Poster sleeps, and what a power cut costs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server import directory
from server.db import close_database, open_database, reading, transaction
from server.models import Account, Directory, Guest
from server.vault import Vault
from tests import wire
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.poster.company import TOKEN, Asked, Company, client
from tests.poster.company import transaction as order
from tests.wire import Binotel, Register

PHONE = "+380671112233"
DAY = 86400.0

Json = dict[str, Any]


@pytest.fixture
def server(tmp_path: Path, company: Company) -> Iterator[wire.Server]:
    server = wire.Server(tmp_path / "dzvinok.db", POSTER_URL=company.url)
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


@pytest.fixture
def account(server: wire.Server, restaurant: Restaurant) -> Account:
    """Connected; the directory was read through an hour ago."""
    row = restaurant()
    directory.take_clients(row.id, [client()], "UA")
    directory.take_orders(row.id, [order(9, time.time() - DAY)])
    then = time.time() - 3600
    with transaction():
        Guest.update(read_at=then).execute()
        Directory.create(
            account=row, stage="done", guests_at=time.time(), orders_at=then, orders_from=then - 365 * DAY
        )
        Account.update(token=Vault(server.env["SECRET_KEY"]).seal(TOKEN)).execute()
    return row


def cards(register: Register, count: int) -> list[Json]:
    return [register.hear_until("guest", timeout=15)["guest"] for _ in range(count)]


def test_the_card_is_there_long_before_a_slow_poster_answers(
    server: wire.Server, account: Account, company: Company
) -> None:
    company.delays["*"] = 3
    company.answers["clients.getClients"] = [client(lastname="Bondar")]
    company.answers["dash.getTransactions"] = [
        order(9, time.time() - DAY),
        order(10, time.time() - 50, sum="1250"),
    ]
    register = Register(server.url, account.name, 1, 1, 5)
    register.connect()
    begun = time.monotonic()
    Binotel(hook_of(server, add_trunk(account))).ring("call-1")
    first, second = cards(register, 2)
    assert (first["stage"], first["behind"], first["guests"][0]["name"]) == (
        "complete",
        False,
        "Kovalenko Olena",
    )
    assert second["stage"] == "complete"
    assert (second["guests"][0]["name"], second["guests"][0]["last_order"]["sum"]) == (
        "Bondar Olena",
        "12.50",
    )
    assert time.monotonic() - begun > 3, "the first did not wait for it"
    assert second["at"] > first["at"] + 3000
    register.close()


def test_a_poster_that_is_down_takes_nothing_from_the_card(
    server: wire.Server, account: Account, company: Company
) -> None:
    company.stop()
    register = Register(server.url, account.name, 1, 1, 5)
    register.connect()
    Binotel(hook_of(server, add_trunk(account))).ring("call-1")
    first, second = cards(register, 2)
    assert [(one["stage"], one["behind"]) for one in (first, second)] == [
        ("complete", False),
        ("complete", True),
    ]
    assert first["guests"] == second["guests"]
    assert second["guests"][0]["last_order"]["sum"] == "345.00"
    register.close()


def test_a_fill_goes_on_after_a_power_cut(server: wire.Server, account: Account, company: Company) -> None:
    clients = [
        {**client(number), "phone_number": f"38067{number:07d}", "phone": ""} for number in range(1, 1801)
    ]
    third, cut = threading.Event(), threading.Event()

    def page(asked: Asked) -> list[Json]:
        if "phone" in asked.query:
            return []
        begin = int(asked.query["offset"])
        if begin >= 1000 and not third.is_set():
            third.set()
            cut.wait(20)  # it comes while this page is on its way
        return clients[begin : begin + int(asked.query["num"])]

    company.answers["clients.getClients"] = page
    with transaction():
        Directory.delete().execute()
    assert third.wait(20)
    server.kill()
    cut.set()
    assert directory.progress(account.id)["done"] == 1000
    server.start()
    eventually(lambda: directory.progress(account.id)["guests_at"] is not None)
    with reading():
        assert Guest.select().count() == 1800
    offsets = [one.query["offset"] for one in company.asked if one.method == "clients.getClients"]
    assert offsets == ["0", "500", "1000", "1000", "1500", "1800"]


def eventually(done: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
