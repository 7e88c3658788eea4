"""The menu as the registers ask for it: mirrored, with prices of their own spot, read live only while it is unknown."""

from __future__ import annotations

import time
from typing import Any

import pytest

from server import menu
from server.db import reading, transaction
from server.menu import Menu
from server.models import Account, MenuItem
from server.parts import Parts
from server.poster.trouble import Trouble
from tests.poster.company import Company, Json, Raw, error
from tests.poster.test_connecting import eventually

PIZZA = {
    "product_id": "601", "product_name": "Margherita", "type": "3", "hidden": "0", "modifications": [
        {"modificator_id": "3", "modificator_name": "30 cm",
         "spots": [{"spot_id": "1", "price": "18000", "visible": "1"},
                   {"spot_id": "2", "price": "19000", "visible": None}]},
        {"modificator_id": "4", "modificator_name": "40 cm",
         "spots": [{"spot_id": "1", "price": "24500", "visible": "1"},
                   {"spot_id": "2", "price": "24500", "visible": "0"}]},
    ],
}  # fmt: skip
SOUP = {
    "product_id": 201, "product_name": "Borshch", "type": 2, "price": {"1": "15500", "2": "16000"},
    "group_modifications": [{"dish_modification_group_id": 51, "modifications": []}],
}  # fmt: skip


def keep(account: Account, *rows: Json) -> None:
    with transaction():
        menu.keep(account.id, rows)


def one(account: Account, product: int, spot: int | None = 1) -> Json:
    with reading():
        [found] = menu.products(account.id, [product], spot)
    return found


def gone(account: Account) -> dict[int, bool]:
    with reading():
        return {row.product_id: row.gone for row in MenuItem.select().where(MenuItem.account == account)}


def test_a_variant_has_the_price_of_the_registers_spot(account: Account) -> None:
    keep(account, PIZZA)
    assert one(account, 601) == {
        "id": 601, "name": "Margherita", "price": "180.00", "hidden": False, "deleted": False, "modifiers": False,
        "variants": [{"id": 3, "name": "30 cm", "price": "180.00"}, {"id": 4, "name": "40 cm", "price": "245.00"}],
    }  # fmt: skip
    assert one(account, 601, 2)["variants"] == [{"id": 3, "name": "30 cm", "price": "190.00"}]


def test_a_dish_tells_whether_it_has_modifiers(account: Account) -> None:
    keep(account, PIZZA, SOUP)
    assert (one(account, 201)["modifiers"], one(account, 601)["modifiers"]) == (True, False)
    assert (one(account, 201)["price"], one(account, 201, 2)["price"]) == ("155.00", "160.00")


@pytest.mark.parametrize(
    ("facts", "price"),
    [
        ({"price": {"1": "100", "2": "200"}}, "1.00"),
        ({"spots": [{"spot_id": "1", "price": "100", "visible": "1"}]}, "1.00"),
        ({"price": {"1": "100"}, "spots": [{"spot_id": "1", "price": "150", "visible": "1"}]}, "1.50"),
        ({"price": {"1": "100"}, "spots": [{"spot_id": "1", "visible": "1"}]}, "1.00"),
        ({"price": {"7": "100"}}, "1.00"),
        ({"price": {"7": "100", "8": "200"}}, None),
        ({"price": "100"}, "1.00"),
        ({"price": []}, None),
        ({"price": [], "spots": []}, None),
        ({}, None),
        ({"price": {"1": None}}, None),
        ({"price": {"1": "0"}}, "0.00"),
    ],
)
def test_prices_are_where_the_account_has_them(account: Account, facts: Json, price: str | None) -> None:
    keep(account, {"product_id": "5", "product_name": "Tea", **facts})
    assert one(account, 5)["price"] == price


@pytest.mark.parametrize(
    ("facts", "hidden"),
    [
        ({"hidden": "1"}, True),
        ({"hidden": 0}, False),
        ({}, False),
        ({"spots": [{"spot_id": "1", "price": "1", "visible": "0"}]}, True),
        ({"spots": [{"spot_id": "2", "price": "1", "visible": "0"}]}, False),
        ({"spots": [{"spot_id": "1", "price": "1"}]}, False),
    ],
)
def test_a_dish_may_be_hidden_everywhere_or_here(account: Account, facts: Json, hidden: bool) -> None:
    keep(account, {"product_id": "5", "product_name": "Tea", **facts})
    assert one(account, 5)["hidden"] is hidden


def test_what_vanished_is_gone_and_may_return(account: Account) -> None:
    keep(account, PIZZA, SOUP)
    keep(account, SOUP)
    assert gone(account) == {601: True, 201: False}
    assert (one(account, 601)["deleted"], one(account, 601)["name"]) == (True, "Margherita")
    keep(account, PIZZA, SOUP)
    assert gone(account) == {601: False, 201: False}


@pytest.mark.parametrize("rows", [[], [{}], [{"product_id": "0", "product_name": "x"}]])
def test_an_answer_that_names_nothing_takes_nothing_away(account: Account, rows: list[Json]) -> None:
    keep(account, SOUP)
    keep(account, *rows)
    assert gone(account) == {201: False}


def test_what_the_menu_never_named_is_deleted(account: Account) -> None:
    keep(account, SOUP)
    assert one(account, 999) == {
        "id": 999, "name": "", "price": None, "hidden": False, "deleted": True, "variants": [], "modifiers": False,
    }  # fmt: skip


def test_one_account_never_sees_anothers_menu(account: Account) -> None:
    keep(account, SOUP)
    with transaction():
        other = Account.create(name="kaffka", number="700124")
        menu.keep(other.id, [{"product_id": 201, "product_name": "Coffee", "price": {"1": 100}}])
    keep(account, PIZZA)
    assert gone(other) == {201: False}
    assert one(other, 201)["name"] == "Coffee"
    with reading():
        assert menu.names(other.id)(601, 3) == ("", "")


def test_names_of_dishes_and_variants(account: Account) -> None:
    keep(account, PIZZA, SOUP)
    with reading():
        names = menu.names(account.id)
        assert [names(601, 3), names(601, 0), names(601, 99), names(201, 900_001), names(5, 1)] == [
            ("Margherita", "30 cm"), ("Margherita", ""), ("Margherita", ""), ("Borshch", ""), ("", ""),
        ]  # fmt: skip


def test_a_register_gets_the_order_of_its_own_question(
    parts: Parts, account: Account, company: Company
) -> None:
    keep(account, PIZZA, SOUP)
    assert [row["id"] for row in parts.menu.products(account.id, [999, 201, 601, 201], 1)] == [999, 201, 601]
    assert company.count("menu.getProducts") == 0


def test_the_first_question_of_all_is_asked_of_poster(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers["menu.getProducts"] = [PIZZA, SOUP]
    for _ in range(2):
        assert parts.menu.products(account.id, [201], 1)[0]["name"] == "Borshch"
    assert company.count("menu.getProducts") == 1
    assert "type" not in company.last("menu.getProducts").query


@pytest.mark.parametrize("answer", [error(700), Raw(b"<html>"), Raw(b"", 502)])
def test_nobody_can_tell_while_nothing_is_known(
    parts: Parts, account: Account, company: Company, answer: Raw
) -> None:
    company.answers["menu.getProducts"] = answer
    with pytest.raises(Trouble):
        parts.menu.products(account.id, [201], 1)
    assert not parts.menu.refresh(account.id)
    keep(account, SOUP)
    assert not parts.menu.refresh(account.id)
    assert one(account, 201)["deleted"] is False


def test_however_often_it_is_asked_one_reading_waits(
    parts: Parts, account: Account, company: Company
) -> None:
    company.delays["menu.getProducts"] = 0.2
    for _ in range(10):
        parts.menu.soon(account.id)
    eventually(lambda: company.count("menu.getProducts") >= 1)
    assert company.count("menu.getProducts") <= 2


def test_a_menu_of_six_hours_is_read_anew_and_a_fresh_one_is_not(
    parts: Parts, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.answers["menu.getProducts"] = [SOUP]
    keep(account, SOUP)
    parts.menu.tend(account.id)
    assert company.count("menu.getProducts") == 0
    with transaction():
        MenuItem.update(read_at=time.time() - 7 * 3600).execute()
    for _ in range(3):
        parts.menu.tend(account.id)
    eventually(lambda: company.count("menu.getProducts") == 1)
    with reading():
        eventually(lambda: time.time() - menu.read_at(account.id) < 60)


def test_a_menu_that_was_never_read_is_read_soon(parts: Parts, account: Account, company: Company) -> None:
    company.answers["menu.getProducts"] = [SOUP]
    for _ in range(3):
        parts.menu.tend(account.id)
    eventually(lambda: one(account, 201)["name"] == "Borshch")
    assert company.count("menu.getProducts") == 1


def test_who_draws_names_hears_of_a_new_menu(parts: Parts, account: Account, company: Company) -> None:
    heard: list[int] = []
    company.answers["menu.getProducts"] = [SOUP]
    reader = Menu(parts.menu._poster, heard.append)
    assert reader.refresh(account.id)
    assert heard == [account.id]


@pytest.mark.parametrize(
    "row", [{"product_id": "5"}, {"product_id": "5", "product_name": None, "modifications": [None, 7, {}], "spots": 3}]
)  # fmt: skip
def test_a_strange_row_breaks_nothing(account: Account, row: Any) -> None:
    keep(account, row, SOUP)
    assert (one(account, 5)["name"], one(account, 5)["variants"]) == ("", [])
