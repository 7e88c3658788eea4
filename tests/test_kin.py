"""Who may be the same person, and numbers that an employee keeps with a guest."""

from __future__ import annotations

import time

import pytest

from server import directory, kin
from server.db import transaction
from server.models import Account, Guest, GuestNumber
from server.unfit import Unfit
from tests import guestbook
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.guestbook import NUMBER
from tests.wire import Binotel, Register, Server

OLENA = (5, "Olena")
NEW = "+380509998877"


@pytest.fixture
def account(database: None, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account, 318, "Коваленко Олена", NUMBER, address="вул. Садова 5/7, кв. 12")
    guestbook.add(account, 319, "Шевченко Тарас", "+380672223344", address="")
    return account


def same(account: Account, name: str = "", address: str = "", number: str = NEW) -> list[tuple[int, str]]:
    return [(one["id"], one["why"]) for one in kin.same(account.id, number, name, address)]


@pytest.mark.parametrize(
    "name",
    ["Коваленко Олена", "олена  КОВАЛЕНКО", "Коваленка Олена", "Коваленко Олна", "Коваленкко Олена", "Ковлаенко Олена",
     "Олeна Коваленко"],
)  # fmt: skip
def test_a_name_in_any_order_with_one_letter_wrong_is_alike(account: Account, name: str) -> None:
    assert same(account, name) == [(318, "name")]


@pytest.mark.parametrize(
    "name", ["", " ", "Коваленко", "Ковальчук Олена", "Кваленко Олна", "Коваленко Ірина", "%", "_"]
)
def test_another_name_is_not_alike(account: Account, name: str) -> None:
    assert same(account, name) == []


@pytest.mark.parametrize(
    "address", ["Садова 5/7 кв 12", "садова вулиця, 5/7, кв.12, під. 3", "вул. Садова 5/7"]
)
def test_the_same_flat_or_house_is_an_address_in_common(account: Account, address: str) -> None:
    assert same(account, address=address) == [(318, "address")]


@pytest.mark.parametrize(
    "address", ["Садова 5/7 кв 13", "Садова 5", "пров. Садовий 5/7", "Садова", "", "5/7"]
)
def test_another_flat_or_house_is_none(account: Account, address: str) -> None:
    assert same(account, address=address) == []


def test_an_address_of_an_order_counts_as_the_guests_own(account: Account) -> None:
    guestbook.delivered(account, 319, "ul. Mokotowska 12", "m. 4")
    assert same(account, address="Mokotowska 12 m 4") == [(319, "address")]


def test_both_come_before_one(account: Account) -> None:
    guestbook.add(account, 320, "Коваленко Олена", "+380672223355", address="")
    guestbook.add(account, 321, "Бойко Іван", "+380672223366", address="Садова 5/7 кв 12")
    found = same(account, "Олена Ковaленко", "Садова 5/7 кв 12")
    assert found[0] == (318, "both")
    assert set(found[1:]) == {(320, "name"), (321, "address")}


def test_a_name_that_many_have_says_something_only_with_the_address(account: Account) -> None:
    for client in range(400, 410):
        guestbook.add(account, client, "Мельник Олена", f"+38067444{client:04}", address="")
    assert same(account, "Мельник Олена") == []
    guestbook.delivered(account, 405, "Садова 9")
    assert same(account, "Олена Мельник", "вул. Садова 9") == [(405, "both")]


def test_a_house_where_many_live_says_nothing(account: Account) -> None:
    for client in range(400, 410):
        guestbook.add(
            account, client, f"Гість {client}", f"+38067444{client:04}", address=f"Садова 9 кв {client}"
        )
    assert same(account, address="Садова 9") == []
    assert same(account, address="Садова 9 кв 404") == [(404, "address")]


def test_at_most_five(account: Account) -> None:
    for client in range(400, 404):
        guestbook.add(account, client, "Мельник Олена", f"+38067444{client:04}", address="")
        guestbook.add(
            account, client + 100, f"Гість {client}", f"+38067555{client:04}", address="Садова 9 кв 1"
        )
    assert len(same(account, "Мельник Олена", "Садова 9 кв 1")) == 5


def test_who_has_the_number_already_is_not_proposed(account: Account) -> None:
    assert same(account, "Коваленко Олена", number=NUMBER) == []


def test_deleted_guests_and_those_of_another_account_are_not_proposed(
    account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("lavka", "700124")
    assert same(other, "Коваленко Олена", "Садова 5/7 кв 12") == []
    guestbook.add(account, 318, "Коваленко Олена", NUMBER, address="вул. Садова 5/7, кв. 12", delete="1")
    assert same(account, "Коваленко Олена", "Садова 5/7 кв 12") == []


def test_a_proposal_says_who_and_where(account: Account) -> None:
    [one] = kin.same(account.id, NEW, "олена коваленко", "")
    assert one == {"id": 318, "name": "Коваленко Олена", "address": "вул. Садова 5/7, кв. 12", "why": "name"}


@pytest.mark.parametrize("text", ["а" * 80, "а б " * 20, "абвгґдеєжзиіїй " * 5, "%' OR 1=1 --", "\ud800"])
def test_hostile_names_cost_milliseconds(account: Account, text: str) -> None:
    begun = time.process_time()
    assert same(account, text, text) == []
    assert time.process_time() - begun < 0.2


def test_among_two_hundred_thousand_guests_within_milliseconds(account: Account) -> None:
    fill(account, 200_000)
    asked = [
        ("Коваленко Олена", "Садова 5/7 кв 12"),
        ("Прізвище777 Имья55", "Вулиця77 9 кв 5"),
        ("", "Вулиця5 9"),
    ]
    for name, address in asked:
        best = min(timed(account, name, address) for _ in range(3))
        assert best < 0.1, f"{name} {address}: {1000 * best:.1f} ms"


def fill(account: Account, guests: int) -> None:
    sql = """INSERT INTO guest (account_id, client_id, name, folded, loyalty, discount, group_name, comment, birthday,
        address, place, read_at) VALUES (?, ?, ?, ?, '', '', '', '', '', ?, ?, 0)"""
    made = []
    for number in range(guests):
        name, street, house, flat = (
            f"Прізвище{number % 9973} Ім'я{number % 211}",
            number % 997,
            number % 89,
            number % 97,
        )
        made.append((account.id, 1000 + number, name, kin.folded(name), f"Вулиця{street} {house}, кв. {flat}",
                     f"вулиця{street}|{house}|{flat}"))  # fmt: skip
    with transaction():
        Guest._meta.database.cursor().executemany(sql, made)
    assert len(kin.same(account.id, NEW, "", "Вулиця77 77 кв 77")) == 1


def timed(account: Account, name: str, address: str) -> float:
    begun = time.perf_counter()
    kin.same(account.id, NEW, name, address)
    return time.perf_counter() - begun


# --- joined and parted


def joined(account: Account, client_id: int, number: str) -> str:
    try:
        kin.join(account.id, client_id, number, OLENA)
    except Unfit as why:
        return why.word
    return ""


def owners(account: Account, number: str) -> list[int]:
    return [one["id"] for one in directory.guests_with(account.id, number)]


def test_a_joined_number_is_the_guests_with_its_author(account: Account) -> None:
    assert joined(account, 318, NEW) == ""
    assert owners(account, NEW) == [318]
    assert kin.numbers_of(account.id, 318, NUMBER) == [NEW]
    row = GuestNumber.get(GuestNumber.number == NEW)
    assert (row.ours, row.by_id, row.by_name) == (True, 5, "Olena")


def test_joining_twice_is_joining_once(account: Account) -> None:
    assert [joined(account, 318, NEW) for _ in range(2)] == ["", ""]
    assert GuestNumber.select().where(GuestNumber.number == NEW).count() == 1


def test_a_number_that_poster_gives_somebody_else_is_taken(account: Account) -> None:
    assert joined(account, 319, NUMBER) == "taken"
    assert owners(account, NUMBER) == [318]


def test_a_family_may_share_a_number_that_employees_joined(account: Account) -> None:
    assert [joined(account, client, NEW) for client in (318, 319)] == ["", ""]
    assert owners(account, NEW) == [318, 319]


def test_nothing_is_joined_to_a_guest_that_is_not_there(account: Account, restaurant: Restaurant) -> None:
    other = restaurant("lavka", "700124")
    assert joined(account, 999, NEW) == "guest_unknown"
    assert joined(other, 318, NEW) == "guest_unknown"


def test_parting_undoes_joining_and_nothing_else(account: Account) -> None:
    joined(account, 318, NEW)
    kin.part(account.id, 318, NEW)
    kin.part(account.id, 318, NUMBER)
    assert (owners(account, NEW), owners(account, NUMBER)) == ([], [318])


def test_poster_telling_the_guest_again_keeps_what_was_joined(account: Account) -> None:
    joined(account, 318, NEW)
    guestbook.add(account, 318, "Коваленко Олена", "+380671112299")
    assert kin.numbers_of(account.id, 318, "") == ["+380671112299", NEW]


# --- at the registers' door


@pytest.fixture
def pechera(served: Server, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account, 318, "Коваленко Олена", NUMBER, address="вул. Садова 5/7, кв. 12")
    return account


@pytest.fixture
def olena(served: Server, pechera: Account) -> Register:
    return Register(served.url, "pechera", register=1, spot=1, employee=5)


def test_an_unknown_caller_becomes_a_known_one_by_joining(
    served: Server, pechera: Account, olena: Register
) -> None:
    company = Binotel(hook_of(served, add_trunk(pechera)))
    olena.connect()
    company.ring("c-1", caller="0509998877")
    olena.hear_until("call")
    [one] = olena.ask("same", number=NEW, name="Олена Коваленко", address="").json()["guests"]
    assert one["id"] == 318
    answer = olena.ask("join", guest=318, number="050 999 88 77").json()
    assert [guest["name"] for guest in answer["guest"]["guests"]] == ["Коваленко Олена"]
    while not (shown := olena.hear_until("guest")["guest"])["guests"]:
        pass
    assert (shown["number"], shown["guests"][0]["numbers"]) == (NEW, [NUMBER])
    answer = olena.ask("part", guest=318, number=NEW).json()
    assert (answer["guest"]["stage"], answer["guest"]["guests"]) == ("unknown", [])
    while olena.hear_until("guest")["guest"]["guests"]:
        pass
    olena.close()


@pytest.mark.parametrize("number", ["", "101", None, 380509998877, "x" * 900])
def test_what_is_no_number_is_not_joined(olena: Register, number: object) -> None:
    for verb in ("join", "part"):
        assert olena.ask(verb, guest=318, number=number).json() == {"ok": False, "error": "number"}


def test_a_register_of_another_account_joins_nothing_here(
    served: Server, olena: Register, restaurant: Restaurant
) -> None:
    other = restaurant("lavka", "700124")
    stranger = Register(served.url, "lavka", register=1, spot=1, employee=5)
    assert stranger.ask("join", guest=318, number=NEW).json()["error"] == "guest_unknown"
    assert stranger.ask("same", number=NEW, name="Коваленко Олена", address="").json()["guests"] == []
    assert stranger.ask("part", guest=318, number=NUMBER).json()["guest"]["guests"] == []
    assert owners(other, NUMBER) == []
