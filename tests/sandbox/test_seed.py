from __future__ import annotations

import time

import phonenumbers
import pytest

from sandbox.account import Account
from sandbox.rows import LANGUAGES
from sandbox.seed import build

NOW = 1_795_436_400.0
DAY = 86_400_000


@pytest.fixture(scope="module")
def accounts() -> list[Account]:
    return build(NOW)


@pytest.fixture
def pechera(accounts: list[Account]) -> Account:
    return accounts[0]


def test_the_restaurant_is_believable(pechera: Account) -> None:
    assert (len(pechera.spots), len(pechera.tablets), len(pechera.employees)) == (2, 3, 6)
    assert len(pechera.clients) > 290
    assert len(pechera.dishes) > 45
    assert len(pechera.orders) > 1200
    assert sum(order.mode == 3 for order in pechera.orders.values()) > 100
    assert {group.loyalty for group in pechera.groups.values()} == {1, 2}


def test_everything_has_a_name_in_every_language(pechera: Account) -> None:
    rows = [
        *pechera.dishes.values(),
        *pechera.groups.values(),
        *pechera.spots.values(),
        *pechera.categories.values(),
    ]
    assert all(row.name[lang].strip() for row in rows for lang in LANGUAGES)


def test_it_is_the_same_every_time_and_moves_with_the_clock(pechera: Account) -> None:
    tomorrow = build(NOW + 86_400)[0]
    assert [client.phone for client in tomorrow.clients.values()] == [
        c.phone for c in pechera.clients.values()
    ]
    assert tomorrow.orders[9000].started - pechera.orders[9000].started == DAY


def test_nothing_is_from_the_future(pechera: Account) -> None:
    assert max(order.started for order in pechera.orders.values()) < NOW * 1000


def test_pins_and_order_moments_are_unique(accounts: list[Account]) -> None:
    for account in accounts:
        pins = [employee.pin for employee in account.employees.values()]
        moments = [order.started for order in account.orders.values()]
        assert len(set(pins)) == len(pins)
        assert len(set(moments)) == len(moments)


def test_phones_are_messy_but_mostly_real(pechera: Account) -> None:
    written = {"".join("9" if c.isdigit() else c for c in row.phone) for row in pechera.clients.values()}
    assert len(written) > 10
    real = [row for row in pechera.clients.values() if row.digits and not row.digits.startswith("0")]
    valid = [phonenumbers.is_valid_number(phonenumbers.parse(f"+{row.digits}")) for row in real]
    assert sum(valid) > 0.9 * len(valid)


def test_difficult_guests_are_there(accounts: list[Account]) -> None:
    pechera, kaffka = accounts
    same = [row.id for row in pechera.clients.values() if row.digits == "380502223344"]
    assert same == [319, 320, 321]
    assert pechera.clients[322].deleted
    assert not pechera.clients[323].deleted
    year = (NOW - 365 * 86_400) * 1000
    assert not [order for order in pechera.orders.values() if order.client == 328 and order.started > year]
    shared = {row.digits for row in kaffka.clients.values()} & {
        row.digits for row in pechera.clients.values()
    }
    assert len(shared) >= 2


def test_seeding_is_quick() -> None:
    started = time.perf_counter()
    build(NOW)
    assert time.perf_counter() - started < 3


def test_there_is_much_to_tell_about_the_regulars(pechera: Account) -> None:
    daryna = pechera.clients[331]
    mine = [order for order in pechera.orders.values() if order.client == 331]
    dishes = {line.product for order in mine for line in order.lines}
    assert (len(mine), len(daryna.addresses)) == (8, 3)
    assert [pechera.dishes[dish].hidden for dish in sorted(dishes) if dish == 607] == [True]
    assert [pechera.dishes[dish].deleted for dish in sorted(dishes) if dish == 706] == [True]
    assert any(line.modification for order in mine for line in order.lines)
    assert len({line.price for order in mine for line in order.lines if line.variant == 6011}) == 2
    assert [order.status for order in pechera.orders.values() if order.client == 332] == [1]
    assert [row.status for row in pechera.incoming.values() if row.client == 333] == [0]
    same = [
        (row.lastname, row.firstname, row.address) for row in pechera.clients.values() if row.id in (334, 335)
    ]
    assert same[0] == same[1]


def test_one_of_them_has_a_birthday_the_day_after_tomorrow(pechera: Account) -> None:
    soon = time.strftime("%m-%d", time.gmtime(NOW + 2 * 86_400))
    assert pechera.clients[331].birthday.endswith(soon)
