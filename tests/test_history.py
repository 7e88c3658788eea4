"""Who changed what: each change leaves one row, with whoever made it and no secret in it."""

from __future__ import annotations

import re
import time

import pytest
from flask import Flask

from server import acting, audit, flags, popping, preferences
from server.acting import MANAGER, OWNER, REGISTER, TERMINAL, Actor
from server.config import Settings
from server.db import reading, transaction, write
from server.models import Account, Audit, Guest, Member
from server.parts import Parts
from server.web.manage_history import SHOWN, sentence
from server.web.manage_words import LANGUAGES, speaker
from server.web.pagetoken import Pass
from tests.conftest import Restaurant
from tests.manage_page import Page
from tests.wire import ROOT, Register, Server

SECRET = "a key of the company"


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(use_cookies=False), settings, Pass(account=account.id))


def told(account: Account) -> list[tuple[str, str, str, str]]:
    with reading():
        rows = Audit.select().where(Audit.account == account).order_by(Audit.id)
        return [(one.what, one.thing, one.before, one.after) for one in rows]


def test_changes_of_lines_and_numbers_are_told(account: Account, parts: Parts) -> None:
    parts.lines.set_employee(account, 5, "101, 102")
    parts.lines.set_employee(account, 5, "101, 102")
    parts.lines.set_register(account, 2, "103")
    parts.lines.set_did(account, "044 123 45 67", 2)
    parts.lines.set_did(account, "044 123 45 67", None)
    assert told(account) == [
        ("lines", "Olena", "101", "101, 102"),
        ("lines", "Register 2", "", "103"),
        ("did", "+380441234567", "", "Lavra"),
        ("did", "+380441234567", "Lavra", ""),
    ]


def test_settings_of_a_phone_system_are_named_and_never_told(account: Account, parts: Parts) -> None:
    trunk = parts.trunks.add(account, "generic", {"secret": SECRET})
    parts.trunks.update(trunk, {"secret": SECRET + "!"})
    parts.trunks.update(trunk, {"secret": ""})
    parts.trunks.pause(trunk, True)
    parts.trunks.pause(trunk, True)
    parts.trunks.pause(trunk, False)
    parts.trunks.remove(trunk)
    words = ["trunk_added", "trunk_settings", "trunk_paused", "trunk_resumed", "trunk_removed"]
    assert [what for what, *_ in told(account)] == words
    assert told(account)[1][3] == "secret"
    assert SECRET not in str(told(account))


def test_a_guests_number_is_told_by_its_end(account: Account) -> None:
    popping.hush(account.id, "+380671112233", "courier", (0, ""))
    popping.let_pop(account.id, "+380671112233", (0, ""))
    assert [(what, after) for what, _, _, after in told(account)] == [
        ("never_added", "courier"),
        ("never_removed", ""),
    ]
    assert "6711122" not in str(told(account))


def test_at_a_register_it_is_whoever_says_so(account: Account) -> None:
    with transaction():
        Guest.create(account=account, client_id=9, name="Guest", read_at=0.0)
    with acting.as_(Actor(REGISTER)):
        popping.set_quiet(account.id, 6, True)
        popping.set_quiet(account.id, 6, True)
        flags.put_up(account.id, 9, "vip", "", (5, "Olena"))
    with reading():
        found = [(one.role, one.who, one.what, one.thing) for one in Audit.select()]
    assert found == [(REGISTER, "Taras", "quiet", "Taras"), (REGISTER, "Olena", "flag", "#9")]


def test_a_change_at_a_real_register_and_from_a_real_terminal(served: Server, restaurant: Restaurant) -> None:
    account = restaurant()
    olena = Register(served.url, "pechera", register=1, spot=1, employee=5)
    assert olena.ask("quiet", on=True).json()["ok"]
    done = served.cli("lines", "did", "--account", "pechera", "--did", "0441234567", "--spot", "1")
    assert done.returncode == 0, done.stderr
    with reading():
        found = [(one.role, one.who, one.what) for one in Audit.select().order_by(Audit.id)]
    assert found == [(REGISTER, "Olena", "quiet"), (TERMINAL, "", "did")]
    assert account


# The page


def test_the_newest_comes_first_with_who_and_what(page: Page, account: Account, parts: Parts) -> None:
    with acting.as_(Actor(MANAGER, "Iryna", 3)), transaction():
        audit.note(account.id, "lines", "<i>Olena</i>", "101", "101, 102")
    with acting.as_(Actor(TERMINAL)):
        preferences.choose(account.id, veil="1")
    page.get("/manage/history")
    assert page.last
    text = page.last.text
    assert "Lines of &lt;i&gt;Olena&lt;/i&gt;: 101 → 101, 102" in text
    assert "Iryna (manager)" in text
    assert "Shown at once → Hidden until somebody answers" in text
    assert text.index("“Number and name while it rings”") < text.index("Iryna (manager)</bdi>")


def test_words_of_ours_are_told_in_the_pages_language() -> None:
    say = speaker("en")
    told = [
        sentence(say, "hours", "Podil", "", "1-5 10:00-22:00, 7 18:00-02:00"),
        sentence(say, "member_role", "Ivan", "viewer", "manager"),
        sentence(say, "quiet", "Taras", "False", "True"),
        sentence(say, "never_added", "+380…33", "", "courier"),
        sentence(say, "trunk_settings", "generic", "", "secret"),
        sentence(say, "gone_by_now", "thing", "a", "b"),
        sentence(say, "call_note", "+380…33", "-", "wrong"),
        sentence(say, "call_note", "+380…33", "order", "complaint ✎"),
        sentence(say, "call_note", "+380…33", "-", "- ✎"),
        sentence(say, "call_note", "+380…33", "complaint", "-"),
    ]
    assert told == [
        "Working hours of Podil: — → Mon-Fri 10:00-22:00, Sun 18:00-02:00",
        "Role of Ivan: viewer → manager",
        "No card by itself for Taras: no → yes",
        "Number that opens no card: +380…33, Courier",
        "Settings of the phone system Another phone system: Signing secret",
        "gone_by_now thing: a → b",
        "Note on the call of +380…33: — → Wrong number",
        "Note on the call of +380…33: Order → Complaint (words changed)",
        "Note on the call of +380…33: — → — (words changed)",
        "Note on the call of +380…33: Complaint → —",
    ]


def many(account: Account, count: int) -> None:
    add = "INSERT INTO audit (account_id, at, who, role, what, thing, before, after) VALUES (?, ?, ?, ?, ?, ?, '', '')"
    with transaction():
        for number in range(count):
            write(
                add,
                account.id,
                time.time() - 3600 * (number // 2),
                "Ivan",
                OWNER,
                "trunk_added",
                f"No {number:03}.",
            )


def test_pages_follow_each_other_without_a_gap(page: Page, account: Account) -> None:
    many(account, 2 * SHOWN + 3)
    seen, text = [], page.get("/manage/history")
    while True:
        seen += [f"No {number:03}." for number in range(2 * SHOWN + 3) if f"No {number:03}." in text]
        if "Older" not in text:
            break
        before = text.split("before=")[1].split('"')[0].split("&")[0]
        text = page.get("/manage/history", before=before)
    assert sorted(seen) == [f"No {number:03}." for number in range(2 * SHOWN + 3)]
    assert "Newest" in text


def test_it_is_narrowed_to_a_kind_a_person_and_days(page: Page, account: Account) -> None:
    many(account, 10)
    with acting.as_(Actor(TERMINAL)), transaction():
        audit.note(account.id, "lines", "Olena", "101", "105")
    assert "No 001" not in page.get("/manage/history", what="lines")
    assert "Olena" not in page.get("/manage/history", who=f"{OWNER}:Ivan").split('history">')[1]
    assert "There are no such changes." in page.get("/manage/history", last="2020-01-01")
    assert "No 001" in page.get("/manage/history", first="2020-01-01", last="x", before="99999999")
    assert page.status == 200


def test_another_accounts_history_is_not_ours(page: Page, account: Account, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    with transaction():
        Member.create(account=other, name="Stranger", role=OWNER, code="x", at=0.0)
    many(other, 3)
    with reading():
        theirs = Audit.select().where(Audit.account == other).get().id
    text = page.get("/manage/history", before=str(theirs))
    assert "No 00" not in text
    assert "Ivan" not in text


def noted() -> set[str]:
    """Every word that some room writes down."""

    text = "".join(path.read_text("utf-8") for path in (ROOT / "server").rglob("*.py"))
    return set(re.findall(r'audit\.note\(\s*[\w.]+,\s*"(\w+)"', text))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_change_has_its_sentence(lang: str) -> None:
    assert len(noted()) > 15
    for what in noted():
        told = sentence(speaker(lang), what, "THING", "BEFORE", "AFTER")
        assert not told.startswith(f"{what} "), what
