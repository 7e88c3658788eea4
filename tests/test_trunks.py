"""Connections to phone companies: their settings, their secrets, their addresses."""

from __future__ import annotations

import pytest

from server.config import Settings
from server.db import reading
from server.models import Account, Trunk
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.unfit import Unfit
from server.vault import Vault
from tests.conftest import Restaurant

pytestmark = pytest.mark.usefixtures("database")

SECRET = "a secret of the company's"


@pytest.fixture
def trunks(settings: Settings) -> Trunks:
    return Trunks(Vault(settings.secret_key), settings.public_url, PROVIDERS)


@pytest.fixture
def account(restaurant: Restaurant) -> Account:
    return restaurant()


def test_each_trunk_has_an_address_of_its_own_that_nobody_can_guess(trunks: Trunks, account: Account) -> None:
    one, other = trunks.add(account, "binotel", {}), trunks.add(account, "binotel", {})
    assert trunks.hook_url(one) == f"https://phone.example.com/hooks/binotel/{one.token}"
    assert one.token != other.token
    assert len(one.token) >= 32


def test_settings_are_cleaned_by_the_providers_own_fields(trunks: Trunks, account: Account) -> None:
    trunk = trunks.add(account, "binotel", {"company_id": " 12345 "})
    assert trunks.settings_of(trunk) == {"company_id": "12345"}


@pytest.mark.parametrize(
    ("provider", "given", "word"),
    [("nobody", {}, "provider_unknown"), ("binotel", {"color": "red"}, "setting_unknown"),
     ("binotel", {"company_id": "abc"}, "setting_wrong"), ("generic", {"secret": "short"}, "setting_wrong")],
)  # fmt: skip
def test_what_the_provider_does_not_take_adds_nothing(
    trunks: Trunks, account: Account, provider: str, given: dict[str, str], word: str
) -> None:
    with pytest.raises(Unfit) as wrong:
        trunks.add(account, provider, given)
    assert wrong.value.word == word
    with reading():
        assert not Trunk.select().exists()


def test_a_secret_is_unreadable_in_the_database(trunks: Trunks, account: Account) -> None:
    trunk = trunks.add(account, "generic", {"secret": SECRET})
    with reading():
        row = Trunk.get_by_id(trunk.id)
    assert SECRET not in row.secrets + row.settings
    assert trunks.settings_of(row) == {"secret": SECRET}


def test_an_empty_secret_keeps_the_old_one_until_it_is_forgotten(trunks: Trunks, account: Account) -> None:
    trunk = trunks.add(account, "generic", {"secret": SECRET})
    assert trunks.settings_of(trunks.update(trunk, {"secret": " "})) == {"secret": SECRET}
    assert trunks.settings_of(trunks.update(trunk, {"secret": SECRET[::-1]})) == {"secret": SECRET[::-1]}
    trunks.update(trunk, {}, forget=["secret"])
    with reading():
        assert trunks.settings_of(Trunk.get_by_id(trunk.id)) == {}


def test_an_empty_plain_setting_is_emptied(trunks: Trunks, account: Account) -> None:
    trunk = trunks.add(account, "binotel", {"company_id": "12345"})
    assert trunks.settings_of(trunks.update(trunk, {"company_id": ""})) == {}


def test_a_refused_change_leaves_everything(trunks: Trunks, account: Account) -> None:
    trunk = trunks.add(account, "binotel", {"company_id": "12345"})
    with pytest.raises(Unfit):
        trunks.update(trunk, {"company_id": "x"})
    with reading():
        assert trunks.settings_of(Trunk.get_by_id(trunk.id)) == {"company_id": "12345"}


def test_another_accounts_trunk_is_unknown(trunks: Trunks, account: Account, restaurant: Restaurant) -> None:
    theirs = trunks.add(restaurant("kaffka", "700124"), "binotel", {})
    with pytest.raises(Unfit):
        trunks.one(account, theirs.id)
    assert trunks.of(account) == []


def test_removing_leaves_the_others(trunks: Trunks, account: Account) -> None:
    one, other = trunks.add(account, "binotel", {}), trunks.add(account, "generic", {})
    trunks.remove(one)
    assert trunks.of(account) == [other]
