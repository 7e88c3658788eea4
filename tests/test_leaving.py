"""Removed in Poster: disconnected at once, kept for thirty days, then all of it is erased and nothing of others."""

from __future__ import annotations

import html
import json
import sqlite3
import time
from pathlib import Path

import pytest
from flask import Flask

from server import leaving
from server.accounts import Accounts
from server.clock import Clock
from server.config import Settings, load
from server.connecting import books
from server.db import database, reading, rows, transaction, write
from server.models import DISCONNECTED, Account, AlertTarget, Hook, Parked
from server.parts import Parts
from server.poster.oauth import Grant
from server.poster.trouble import NotConnected
from server.web.manage_pages import TOKEN_HEADER
from server.web.manage_words import load as words
from tests import guestbook, household, wire
from tests.conftest import Restaurant, add_trunk, finish_background_work
from tests.household import NUMBER
from tests.poster.company import CODE, Company

DAY = 86400.0


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    return load(wire.environment(9, tmp_path / "dzvinok.db", company.url), tmp_path / "no.env")


@pytest.fixture
def pechera(app: Flask, restaurant: Restaurant) -> Account:
    account = restaurant()
    household.settle(account, add_trunk(account))
    household.hush(account, NUMBER)
    return account


@pytest.fixture
def lavra(app: Flask, restaurant: Restaurant) -> Account:
    other = restaurant("lavra", "700124")
    household.settle(other, add_trunk(other))
    return other


def fresh(account: Account) -> Account:
    with reading():
        found = Account.at(account.id)
    assert found
    return found


def without_sweeps(account: Account) -> dict[str, list[tuple[object, ...]]]:
    """Everything of an account but when the clock swept it."""
    return {table: found for table, found in household.dump(account).items() if table != "swept"}


def days_later(account: Account, days: float) -> None:
    with transaction():
        write("UPDATE account SET erase_at = erase_at - ? WHERE id = ?", days * DAY, account.id)


def test_removed_in_poster_it_is_disconnected_at_once_and_the_day_is_set(
    parts: Parts, pechera: Account, lavra: Account
) -> None:
    with transaction():
        write("UPDATE account SET token = ? WHERE id = ?", parts.vault.seal("700123:abc"), pechera.id)
    assert parts.connecting.removed("pechera", time.time()) == "disconnected"
    gone = fresh(pechera)
    assert (gone.state, gone.token) == (DISCONNECTED, "")
    assert gone.erase_at == pytest.approx(time.time() + 30 * DAY, abs=60)
    with pytest.raises(NotConnected):
        Accounts(parts.vault, lambda _: None).token(pechera.id)
    assert fresh(lavra).erase_at is None


def test_told_again_the_day_stays(parts: Parts, pechera: Account) -> None:
    parts.connecting.removed("pechera", time.time())
    days_later(pechera, 10)
    day = fresh(pechera).erase_at
    parts.connecting.removed("pechera", time.time())
    assert fresh(pechera).erase_at == day


def test_its_alerts_tell_the_day(parts: Parts, pechera: Account, lavra: Account) -> None:
    with transaction():
        write("DELETE FROM alert_post")
        AlertTarget.create(
            account_id=pechera.id, kind="mail", title="Nobody", address="x", alerts=False, at=1.0
        )
    parts.connecting.removed("pechera", time.time())
    with reading():
        ((account, title, text),) = rows(
            "SELECT account_id, title, text FROM alert_post WHERE kind = 'leaving'"
        )
    assert account == pechera.id
    assert "pechera" in title
    assert leaving.day(fresh(pechera)) in text


def test_connected_again_in_time_everything_is_kept(parts: Parts, pechera: Account) -> None:
    with reading():
        before = household.dump(pechera)
    parts.connecting.removed("pechera", time.time())
    days_later(pechera, 29)
    leaving.Leaving().tend()
    with transaction():
        books.attach("pechera", Grant("t", "700123", "", "", ""), "sealed")
    assert fresh(pechera).erase_at is None
    leaving.Leaving().tend()
    with reading():
        after = household.dump(pechera)
    lasting = set(before) - {"account", "alert_post", "audit"}
    assert {table: after[table] for table in lasting} == {table: before[table] for table in lasting}


def test_when_the_day_comes_everything_goes_and_nothing_of_others(
    parts: Parts, pechera: Account, lavra: Account
) -> None:
    with transaction():
        Parked.create(browser="b", name="pechera", number="700123", token="t", created_at=1.0)
        Parked.create(browser="b", name="lavra", number="700124", token="t", created_at=1.0)
        Hook.create(digest="d", at=time.time(), account="pechera")
    parts.connecting.removed("pechera", time.time())
    with reading():
        before = household.dump()
        theirs = without_sweeps(lavra)
    days_later(pechera, 31)
    Clock(parts).people()
    finish_background_work()
    with reading():
        after, account = household.dump(), f'"account": {pechera.id}'
        assert Account.at(pechera.id) is None
        assert {table: rows_ for table, rows_ in household.dump(pechera).items() if rows_} == {}
        assert without_sweeps(lavra) == theirs
        new = {table: set(after[table]) - set(had) for table, had in before.items() if table != "swept"}
        assert {table: found for table, found in new.items() if found} == {}
        assert [row for row in after["command"] if account in str(row)] == []
        assert [row[3] for row in after["parked"]] == ["700124"]
    assert "pechera" not in json.dumps(after)


@pytest.mark.parametrize(("lang", "again"), [("en", "Connect again"), ("ua", "Підключити знову"),
                                            ("ru", "Подключить снова"), ("pl", "Podłącz ponownie")])  # fmt: skip
def test_opened_again_after_leaving_manage_says_until_when_all_is_kept(
    parts: Parts, pechera: Account, app: Flask, company: Company, lang: str, again: str
) -> None:
    parts.connecting.removed("pechera", time.time())
    page = app.test_client().get(f"/manage?code={CODE}&lang={lang}")
    text = html.unescape(page.text)
    assert words(lang)["parked.kept"].format(day=leaving.day(fresh(pechera))) in text
    assert words(lang)["parked.lead"] not in text
    assert again in text
    confirmed = app.test_client().post(
        f"/manage/confirm?lang={lang}", headers={"Authorization": f"Bearer {page.headers[TOKEN_HEADER]}"}
    )
    assert confirmed.status_code == 200
    assert fresh(pechera).rings
    assert fresh(pechera).erase_at is None


def crowd(accounts: list[Account], people: int = 200) -> None:
    """Guests and calls of several restaurants by turns, so that they share pages of the file."""
    for nth in range(people):
        for account in accounts:
            number = f"+38063{account.id}{nth:06}"
            guestbook.add(
                account, 1000 + nth, f"Of{account.name} Guest{nth}", number, comment=f"says {account.name}"
            )
            household.call(
                account, None, f"{account.name}-{nth:04}", number, ago=nth * 60, name=f"Of{account.name}"
            )


def files() -> bytes:
    path = Path(str(database.database))
    return b"".join(one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")))


def test_no_byte_of_it_is_left_in_the_databases_files(
    sqlite: None, parts: Parts, pechera: Account, lavra: Account
) -> None:
    crowd([pechera, lavra])
    words = [f"+38063{pechera.id}00", "Ofpechera", "says pechera", "pechera"]
    assert [word for word in words if word.encode() not in files()] == []
    parts.connecting.removed("pechera", time.time())
    days_later(pechera, 31)
    Clock(parts).people()
    finish_background_work()
    left = files()
    assert {word: left.count(word.encode()) for word in words} == dict.fromkeys(words, 0)
    assert b"Oflavra Guest199" in left


def test_while_somebody_reads_the_log_it_waits_and_is_done_later(
    sqlite: None, parts: Parts, pechera: Account
) -> None:
    crowd([pechera], 5)
    parts.connecting.removed("pechera", time.time())
    days_later(pechera, 31)
    reader = sqlite3.connect(str(database.database), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM call").fetchall()
    leaving.Leaving().tend()
    with reading():
        assert Account.at(pechera.id)
        assert rows("SELECT count(*) FROM call") == [(0,)]
    reader.close()
    leaving.Leaving().tend()
    with reading():
        assert Account.at(pechera.id) is None
    assert b"Ofpechera" not in files()


def test_a_stop_half_way_is_gone_on_with_and_a_new_connect_begins_anew(
    parts: Parts, pechera: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts.connecting.removed("pechera", time.time())
    days_later(pechera, 31)
    empty, done = leaving._empty, []

    def breaks(table: str, key: str, account: int) -> int:
        done.append(table)
        return 1 // (len(done) < 8) and empty(table, key, account)

    monkeypatch.setattr(leaving, "_empty", breaks)
    with pytest.raises(ZeroDivisionError):
        leaving.erase(pechera.id)
    monkeypatch.undo()
    with transaction():
        anew = books.attach("pechera", Grant("t", "700123", "", "", ""), "sealed")
    assert anew.id != pechera.id
    leaving.Leaving().tend()
    with reading():
        assert Account.at(pechera.id) is None
        assert rows("SELECT count(*) FROM call") == [(0,)]
    assert fresh(anew).erase_at is None


def test_a_connected_account_is_never_erased(parts: Parts, pechera: Account) -> None:
    leaving.hurry(pechera.id)
    assert fresh(pechera).erase_at is None
    assert leaving.erase(pechera.id) == 0
    leaving.Leaving().tend()
    with reading():
        assert rows("SELECT count(*) FROM call WHERE account_id = ?", pechera.id) == [(5,)]
