"""The page of the card in Manage: preferences, the directory's progress, silent numbers, quiet employees, reveals."""

from __future__ import annotations

import re
import time

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from server import popping, preferences
from server.config import Settings
from server.db import rows, transaction
from server.directory.stages import SENTENCES
from server.models import Account, Directory, Employee, NeverPop, Preference
from server.parts import Parts
from server.preferences import READERS
from server.web.manage_card import SHOWN
from server.web.manage_choices import CHOICES
from server.web.manage_words import LANGUAGES
from server.web.manage_words import load as words
from server.web.pagetoken import PageTokens, Pass
from tests import guestbook
from tests.conftest import Restaurant
from tests.manage_page import Page, note
from tests.wire import Register, Server

CARD = "/manage/card"
COURIER = "+380501234567"


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient, settings: Settings, account: Account) -> Page:
    return Page(client, settings, Pass(account=account.id))


def save(page: Page, name: str, value: str, **more: str) -> str:
    return page.post(CARD, part=f"pref-{name}", name=name, value=value, **more)


def keep(account: Account, **facts: object) -> None:
    with transaction():
        Directory.delete().where(Directory.account == account).execute()
        Directory.create(account=account, **facts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_speaks_every_language_and_stands_in_the_navigation(page: Page, lang: str) -> None:
    text = page.get(CARD, lang=lang)
    for word in ("card.title", "directory.title", "never.title", "quiet.title", "reveal.title"):
        assert words(lang)[word] in text
    assert re.search(rf'href="/manage/card\?lang={lang}" data-go aria-current="page"', text)
    assert f'href="/manage/card?lang={lang}"' in page.get("/manage/lines", lang=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_preference_is_explained_and_every_choice_named(page: Page, lang: str) -> None:
    assert set(SHOWN) <= set(READERS)
    text = page.get(CARD, lang=lang)
    for name in SHOWN:
        assert words(lang)[f"pref.{name}"] in text
        assert words(lang)[f"pref.{name}_hint"].format(currency="₴") in text
        assert all(words(lang)[f"pref.{name}_{word}"] in text for word in CHOICES.get(name, ()))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_of_the_directory_has_a_cure_in_words(page: Page, account: Account, lang: str) -> None:
    for word in SENTENCES:
        keep(account, stage="guests", problem=word)
        assert words(lang)[f"directory.{word}"] in page.get(CARD, lang=lang)


@pytest.mark.parametrize(
    ("name", "value"),
    [("pop", "answer"), ("veil", "1"), ("promise", "60"), ("promise_each", "3"), ("vip_from", "10000"),
     ("delivery", "online"), ("booking", "0")],
)  # fmt: skip
def test_a_preference_is_saved_and_shown(page: Page, account: Account, name: str, value: str) -> None:
    assert note(save(page, name, value), f"pref-{name}") == "Saved"
    kept = getattr(preferences.of(account.id), name)
    assert str(int(kept) if isinstance(kept, bool) else kept) == value
    field = re.search(rf'id="pref-{name}".*?</form>', page.get(CARD), re.S)
    assert field
    assert f'value="{value}" selected' in field[0] or f'value="{value}" inputmode' in field[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("promise", "601"), ("promise", "-1"), ("promise", "soon"), ("promise", ""), ("promise", "4.5"),
     ("promise_each", "61"), ("vip_from", "1000000000"), ("pop", "never"), ("delivery", "<b>"), ("promise", "٤٥")],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field_and_changes_nothing(
    page: Page, account: Account, name: str, value: str
) -> None:
    said = note(save(page, name, value), f"pref-{name}")
    assert page.status == 422
    assert said == words("en")["unfit.preference"].format(value=words("en")[f"pref.{name}"])
    assert not Preference.select().exists()


def test_a_preference_that_is_none_is_refused(page: Page) -> None:
    save(page, "secret_key", "1")
    assert page.status == 422
    assert not Preference.select().exists()


def test_preferences_are_the_accounts_own(page: Page, account: Account, restaurant: Restaurant) -> None:
    other = restaurant("lavka", "700124")
    save(page, "promise", "90", account=str(other.id))
    assert (preferences.of(account.id).promise, preferences.of(other.id).promise) == (90, 45)


def test_without_a_token_nothing_is_shown_or_done(client: FlaskClient, account: Account) -> None:
    for verb in ("card", "card/never", "card/pop", "card/quiet", "card/again"):
        client.post(f"/manage/{verb}", data={"name": "promise", "value": "9", "number": COURIER, "id": "5"})
    assert client.get("/manage/card/events").status_code == 401
    assert not Preference.select().exists()
    assert not NeverPop.select().exists()


# The directory


def state(page: Page) -> dict[str, object]:
    response = page.client.get(f"{CARD}/events?lang=en", headers=page.headers())
    return dict(response.get_json()["directory"])


def test_the_directory_tells_how_far_it_is(page: Page, account: Account) -> None:
    assert state(page)["text"] == "Nothing has been read yet. It begins by itself."
    keep(account, stage="guests", done=12_400, total=200_000)
    assert state(page)["text"] == "Reading guests: 12,400 of 200,000."
    assert state(page)["share"] == 6
    guestbook.add(account)
    keep(account, stage="orders", done=10, total=366, guests_at=time.time(), orders_from=1_777_800_000.0)
    assert state(page)["text"] == "Guests: 1. Orders back to 03.05.2026."
    assert state(page)["state"] == "waiting"


def test_a_directory_that_is_read_through_says_when(page: Page, account: Account) -> None:
    facts = {"guests_at": 1_790_000_000.0, "orders_at": 1_790_000_100.0, "orders_from": 1_777_800_000.0}
    keep(account, stage="done", **facts)
    told = state(page)
    assert (told["state"], told["share"], told["more"]) == ("heard", 100, "Read through 21.09 14:13.")
    keep(account, stage="guests", done=1, total=2, **facts)
    assert state(page)["more"] == "Read through 21.09 14:13. Being checked once more."


def test_numbers_are_written_as_the_language_does(page: Page, account: Account) -> None:
    keep(account, stage="guests", done=12_400, total=200_000)
    assert "12\u00a0400 з 200\u00a0000" in page.get(CARD, lang="ua")


def test_a_problem_is_news_with_its_cure(page: Page, account: Account) -> None:
    keep(account, stage="guests", problem="down")
    told = state(page)
    assert told["state"] == "problem"
    assert str(told["trouble"]).startswith("Poster does not answer.")


def test_another_accounts_directory_is_not_shown(page: Page, restaurant: Restaurant) -> None:
    keep(restaurant("lavka", "700124"), stage="guests", done=7, total=9)
    assert state(page)["text"] == "Nothing has been read yet. It begins by itself."


def test_everything_can_be_read_again(page: Page, account: Account) -> None:
    text = page.post(f"{CARD}/again", part="directory")
    assert "will be read again" in note(text, "directory")
    assert rows("SELECT kind FROM todo WHERE account_id = ?", account.id) == [("pass",)]


# Numbers that open no card


def test_a_number_is_added_by_hand_and_taken_off_again(page: Page, account: Account) -> None:
    text = page.post(f"{CARD}/never", part="never", number="050 123 45 67", kind="courier")
    assert popping.never(account.id, COURIER)
    assert "no card" in note(text, "never")
    assert "+380…67" in text
    [id_] = re.findall(r'name="id" value="([0-9a-f]{16})"', text)
    page.post(f"{CARD}/pop", part="never", id=id_)
    assert not popping.never(account.id, COURIER)


def test_the_full_number_does_not_stand_in_the_page(page: Page, account: Account) -> None:
    popping.hush(account.id, COURIER, "courier", (5, "Olena"))
    text = page.get(CARD)
    assert "Olena" in text
    assert not re.search(r"501234567|50 123 4567|050 123", text)


def test_our_own_numbers_are_listed_as_noticed(page: Page, account: Account, parts: Parts) -> None:
    parts.lines.set_did(account, "0441234567", 1)
    text = page.get(CARD)
    assert words("en")["never.learned"] in text
    [id_] = re.findall(r'name="id" value="([0-9a-f]{16})"', text)
    page.post(f"{CARD}/pop", part="never", id=id_)
    assert not popping.never(account.id, "+380441234567")
    assert words("en")["never.learned"] not in page.get(CARD)


@pytest.mark.parametrize("number", ["", "101", "<script>", "x" * 39])
def test_what_is_no_number_is_not_added(page: Page, number: str) -> None:
    text = page.post(f"{CARD}/never", part="never", number=number, kind="courier")
    assert page.status == 422
    assert "is not a phone number" in note(text, "never")
    assert not NeverPop.select().exists()


def test_an_unknown_kind_is_somebody_else(page: Page) -> None:
    page.post(f"{CARD}/never", part="never", number=COURIER, kind="<b>")
    assert NeverPop.get().kind == "other"


def test_another_accounts_number_cannot_be_taken_off(
    page: Page, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("lavka", "700124")
    popping.hush(account.id, COURIER, "courier", (5, "Olena"))
    [id_] = re.findall(r'name="id" value="([0-9a-f]{16})"', page.get(CARD))
    popping.let_pop(account.id, COURIER, (5, "Olena"))
    popping.hush(other.id, COURIER, "courier", (5, "Olena"))
    page.post(f"{CARD}/pop", part="never", id=id_)
    assert popping.never(other.id, COURIER)


# Employees


def test_an_employee_is_left_in_peace_and_not_any_more(page: Page, account: Account) -> None:
    page.post(f"{CARD}/quiet", part="quiet-5", id="5", quiet="1")
    assert popping.quiet(account.id, 5)
    assert re.search(r'id="quiet-5" type="checkbox" name="quiet" value="1" checked', page.get(CARD))
    page.post(f"{CARD}/quiet", part="quiet-5", id="5")
    assert not popping.quiet(account.id, 5)


@pytest.mark.parametrize("id_", ["", "999", "-5", "x", "5" * 40])
def test_nobody_else_is(page: Page, id_: str) -> None:
    page.post(f"{CARD}/quiet", part="quiet-5", id=id_, quiet="1")
    assert page.status == 422
    assert not Employee.select().where(Employee.quiet).exists()


def test_who_looked_at_hidden_numbers_is_counted_for_a_month(page: Page, account: Account) -> None:
    assert words("en")["reveal.none"] in page.get(CARD)
    for call in ("c-1", "c-2", "c-2"):
        popping.revealed(account.id, call, (6, "Taras <b>"))
    text = page.get(CARD)
    assert "Calls: 2" in text
    assert words("en")["reveal.none"] not in text


def test_names_are_text(page: Page, account: Account) -> None:
    popping.hush(account.id, COURIER, "courier", (5, "<img src=x>"))
    raw = page.client.get(f"{CARD}?lang=en", headers=page.headers()).text
    assert "&lt;img src=x&gt;" in raw
    assert "<img" not in raw


def test_registers_hear_of_a_new_preference_at_once(served: Server, restaurant: Restaurant) -> None:
    account = restaurant()
    olena = Register(served.url, "pechera", register=1, spot=1, employee=5)
    assert olena.connect()["settings"]["pop"] == "ring"
    token = PageTokens(served.env["SECRET_KEY"]).issue(Pass(account=account.id))
    typed = {"part": "pref-pop", "name": "pop", "value": "answer"}
    answer = requests.post(
        f"{served.url}{CARD}", data=typed, headers={"Authorization": f"Bearer {token}"}, timeout=20
    )
    assert answer.status_code == 200
    assert olena.hear_until("snapshot")["settings"]["pop"] == "answer"
    olena.close()
