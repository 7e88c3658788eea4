"""People's data at the terminal: `people find|export|erase|erase-account`, `sweep`, and the day in `accounts`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from server.cli import people
from server.db import reading, rows
from server.models import Account
from server.parts import Parts
from tests import household
from tests.conftest import Restaurant, add_trunk
from tests.household import NUMBER

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """No server runs beside: nobody is waited for."""
    monkeypatch.setattr(people, "hear", lambda word: None)
    return lambda *words: app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    account = restaurant()
    household.settle(account, add_trunk(account))
    return account


def test_found_handed_out_and_erased(run: Run, account: Account, tmp_path: Path) -> None:
    someone = ("--account", "pechera", "--number", "067 111 22 33")
    found = [json.loads(line) for line in run("people", "find", *someone, "--json").output.splitlines()]
    assert {"table": "call", "count": 5} in found
    assert run("people", "export", *someone, str(tmp_path / "file.json")).exit_code == 0
    assert json.loads((tmp_path / "file.json").read_text())["numbers"][0] == NUMBER
    asked = run("people", "erase", *someone)
    assert asked.exit_code == 1
    assert "Nothing was erased" in asked.output
    done = run("people", "erase", *someone, "--yes")
    assert done.exit_code == 0
    assert "Receipt 1" in done.output
    assert "671112233" not in done.output
    with reading():
        assert rows("SELECT who FROM receipt") == [("terminal",)]
        assert rows("SELECT role FROM audit WHERE what = 'person_erased'") == [("terminal",)]
    again = run("people", "erase", *someone, "--yes")
    assert again.exit_code == 1
    assert "nothing to erase" in again.output


def test_what_makes_no_sense_is_refused(run: Run, account: Account) -> None:
    assert (
        "is not a phone number" in run("people", "find", "--account", "pechera", "--number", "Olena").output
    )
    assert "There is no account" in run("people", "find", "--account", "nobody", "--number", NUMBER).output


def test_a_whole_account_is_erased_only_with_yes(run: Run, account: Account, restaurant: Restaurant) -> None:
    other = restaurant("lavra", "700124")
    assert run("people", "erase-account", "--account", "pechera").exit_code == 1
    with reading():
        assert Account.at(account.id)
    assert run("people", "erase-account", "--account", "pechera", "--yes").exit_code == 0
    with reading():
        assert Account.at(account.id) is None
        assert Account.at(other.id)


def test_sweep_tells_what_went(run: Run, account: Account) -> None:
    assert run("sweep", "--account", "pechera").stdout == "Nothing is old.\n"
    household.call(account, None, "old", ago=400 * 86400.0)
    told = run("sweep", "--account", "pechera", "--json")
    assert json.loads(told.stdout) == {"kind": "calls", "went": 1}


def test_accounts_tells_the_day(run: Run, parts: Parts, account: Account) -> None:
    assert json.loads(run("accounts", "--json").stdout)["erased_on"] == ""
    parts.connecting.removed("pechera", time.time())
    day = json.loads(run("accounts", "--json").stdout)["erased_on"]
    assert len(day) == len("23.12.2026")
