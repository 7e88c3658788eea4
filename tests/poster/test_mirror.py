"""Spots, registers and employees as Poster has them."""

from __future__ import annotations

from typing import Any

import pytest

from server.db import reading
from server.mirror import Mirror
from server.models import Account, Employee, Register, Spot
from server.parts import Parts
from tests.poster.company import Company, Raw, error
from tests.poster.test_connecting import eventually


@pytest.fixture
def mirror(parts: Parts) -> Mirror:
    return parts.mirror


def people() -> dict[int, bool]:
    with reading():
        return {one.poster_id: one.gone for one in Employee.select()}


def fresh() -> Account:
    with reading():
        return Account.get()


def test_a_refresh_reads_everything(mirror: Mirror, account: Account, company: Company) -> None:
    assert mirror.refresh(account.id)
    with reading():
        assert [(one.poster_id, one.name) for one in Spot.select()] == [(1, "Podil")]
        assert [(one.poster_id, one.name, one.spot) for one in Register.select()] == [(1, "Bar", 1)]
        assert [(one.name, one.role) for one in Employee.select()] == [("Olena", "Waiter")]
    assert (fresh().mirrored_at or 0) > 2


def test_who_disappeared_has_left_and_may_return(mirror: Mirror, account: Account, company: Company) -> None:
    mirror.refresh(account.id)
    company.answers["access.getEmployees"] = [{"user_id": "6", "name": "Taras"}]
    mirror.refresh(account.id)
    assert people() == {5: True, 6: False}
    company.answers["access.getEmployees"] = {"0": {"user_id": 5, "name": "Olena"}}
    mirror.refresh(account.id)
    assert people() == {5: False, 6: True}


@pytest.mark.parametrize("answer", [error(20, "no access"), Raw(b"<html>"), Raw(b"", 500)])
def test_what_did_not_come_stays_as_it_was(
    mirror: Mirror, account: Account, company: Company, answer: Raw
) -> None:
    mirror.refresh(account.id)
    company.answers["access.getEmployees"] = answer
    assert not mirror.refresh(account.id)
    assert people() == {5: False}


@pytest.mark.parametrize("answer", [[], {}, True, 0, "", {"success": 1}])
def test_an_answer_that_names_nobody_sends_nobody_away(
    mirror: Mirror, account: Account, company: Company, answer: Any
) -> None:
    mirror.refresh(account.id)
    company.answers["access.getEmployees"] = answer
    mirror.refresh(account.id)
    assert people() == {5: False}


def test_the_only_employee_may_come_without_a_list(
    mirror: Mirror, account: Account, company: Company
) -> None:
    company.answers["access.getEmployees"] = {"user_id": "7", "name": "Iryna"}
    mirror.refresh(account.id)
    assert people() == {7: False}


def test_spots_are_read_the_other_way_where_the_first_is_forbidden(
    mirror: Mirror, account: Account, company: Company
) -> None:
    company.answers["access.getSpots"] = error(20)
    company.answers["spots.getSpots"] = [{"spot_id": 3, "name": "Lavra", "address": "y"}]
    assert mirror.refresh(account.id)
    with reading():
        assert [(one.poster_id, one.name) for one in Spot.select()] == [(3, "Lavra")]


def test_a_dead_token_ends_the_refresh_and_breaks_the_account(
    mirror: Mirror, account: Account, company: Company
) -> None:
    company.answers["*"] = error(11)
    assert not mirror.refresh(account.id)
    assert (len(company.asked), fresh().state, fresh().problem) == (1, "broken", "token")


@pytest.mark.parametrize(
    ("symbol", "shown"),
    [("&#8372;", "₴"), ("<i class='x'>&#8376;</i>", "₸"), ("<i></i>", "UAH"), ("", "UAH"), ("zł", "zł")],
)
def test_a_currencys_sign_is_text(
    mirror: Mirror, account: Account, company: Company, symbol: str, shown: str
) -> None:
    company.answers["settings.getAllSettings"] = {
        "currency": {"currency_symbol": symbol, "currency_code_iso": "UAH"}
    }
    mirror.refresh(account.id)
    assert fresh().currency == shown


@pytest.mark.parametrize("name", ["", "700123", "Not a name", "0", None, 5])
def test_a_strange_name_renames_nobody(mirror: Mirror, account: Account, company: Company, name: Any) -> None:
    company.answers["settings.getAllSettings"] = {"COMPANY_ID": name, "company_name": "Pechera"}
    mirror.refresh(account.id)
    assert (fresh().name, fresh().title) == ("pechera", "Pechera")


def test_however_often_it_is_asked_one_refresh_waits(
    mirror: Mirror, account: Account, company: Company
) -> None:
    company.delays["settings.getAllSettings"] = 0.2
    for _ in range(10):
        mirror.soon(account.id)
    eventually(lambda: company.count("access.getEmployees") >= 1)
    assert company.count("settings.getAllSettings") <= 2
