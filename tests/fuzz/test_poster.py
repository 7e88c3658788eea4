"""Poster answering whatever it likes: what asks it goes on, and keeps nothing that breaks a page or a register."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import directory
from server.booking import Table
from server.directory import taking
from server.poster.trouble import Trouble
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.forms import TRAP, faults
from tests.fuzz.house import House, open_house
from tests.poster.company import Company, Raw, client, transaction, usual

NUMBER = "+380671112233"
PLAIN = {name: value for name, value in usual().items() if not callable(value)} | {
    "clients.getClients": [client(), client(319, firstname=TRAP)],
    "clients.getClient": [client()],
    "dash.getTransactions": [transaction(77, 1795436400.0)],
    "dash.getTransaction": [transaction(77, 1795436400.0)],
    "incomingOrders.getIncomingOrders": [
        {"incoming_order_id": "9", "client_id": "318", "status": "0", "products": []}
    ],
    "incomingOrders.getTablesForReservation": {
        "freeTables": [{"table_id": "85", "table_title": "2", "seats": "3"}]
    },
}


@pytest.fixture(scope="module")
def company() -> Iterator[Company]:
    one = Company()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, company: Company) -> Iterator[House]:
    addresses = {
        "POSTER_URL": company.url,
        "POSTER_ACCOUNT_URL": company.url,
        "POSTER_PLATFORM_URL": company.url,
    }
    with open_house(tmp_path_factory.mktemp("house"), **addresses) as one:
        yield one


@st.composite
def answers(draw: st.DrawFn) -> Raw:
    """One of Poster's own answers with strange things in it, or something else altogether."""
    what = draw(st.integers(0, 9))
    if what == 0:
        junk = st.one_of(st.binary(max_size=60), mutants.deep.map(str.encode))
        return Raw(draw(junk), draw(st.sampled_from([200, 200, 302, 403, 500])))
    if what == 1:
        return Raw({"error": draw(mutants.values), "message": draw(mutants.leaves)})
    value = PLAIN[draw(st.sampled_from(sorted(PLAIN)))]
    for _ in range(draw(st.integers(1, 3))):
        value = draw(mutants.changed(value))
    return Raw({"response": value})


ASKED: dict[str, Callable[[House], Any]] = {
    "find": lambda house: house.parts.guests.find(house.account.id, NUMBER),
    "groups": lambda house: house.parts.guests.groups(house.account.id),
    "create": lambda house: house.parts.guests.create(house.account.id, "Taras", 4, "0501112233"),
    "mirror": lambda house: house.parts.mirror.refresh(house.account.id),
    "menu": lambda house: house.parts.menu.refresh(house.account.id),
    "tables": lambda house: house.parts.booking.tables(house.account, Table(1, time.time() + 7200, 2, 90)),
    "flags": lambda house: house.parts.flag_copies.copy(house.account.id, 318),
}


@pytest.mark.parametrize("name", sorted(ASKED))
@tries(3)
@given(told=st.lists(answers(), min_size=1, max_size=4))
def test_whatever_poster_answers_is_borne(house: House, company: Company, name: str, told: list[Raw]) -> None:
    left = iter(told)
    company.answers["*"] = lambda asked: next(left, told[-1])
    house.parts.guests.forget_groups(house.account.id)
    house.parts.guests.forget(house.account.id, NUMBER)
    try:
        found = ASKED[name](house)
        json.dumps(found, allow_nan=False).encode()
    except Trouble as why:
        str(why).encode("utf-8", "surrogatepass")
    json.dumps(
        json.loads(house.parts.telling.snapshot(house.poller())), allow_nan=False, ensure_ascii=False
    ).encode()


@pytest.mark.parametrize("room", ["card", "lines", "calls", "people", "doctor"])
def test_and_the_pages_can_still_be_read(house: House, company: Company, room: str) -> None:
    page = house.page()
    answer = page.client.get(f"/manage/{room}", headers=page.headers())
    assert answer.status_code == 200
    assert faults(answer.text) == []


@st.composite
def spoilt_rows(draw: st.DrawFn) -> list[Any]:
    row = draw(st.sampled_from([client(), transaction(77, 1795436400.0), WAITING]))
    rows = [row]
    for _ in range(draw(st.integers(1, 4))):
        rows.append(draw(mutants.changed(rows[-1])))
    return [one for one in rows[1:] if isinstance(one, dict)]


WAITING = {
    "incoming_order_id": "9",
    "client_id": "318",
    "status": "0",
    "spot_id": "1",
    "phone": NUMBER,
    "products": [],
}


@tries(25)
@given(told=spoilt_rows())
def test_a_row_of_posters_is_kept_or_left_out(house: House, told: list[Any]) -> None:
    """And whoever it is about can be shown at a register."""
    account = house.account.id
    directory.take_clients(account, told, "UA")
    taking.take_orders(account, told)
    taking.take_orders_of(account, 318, told, 0.0)
    taking.take_names(account, 77, told)
    taking.take_online(account, told, "UA")
    card = directory.card(account, NUMBER)
    json.dumps(card, allow_nan=False, ensure_ascii=False).encode()
