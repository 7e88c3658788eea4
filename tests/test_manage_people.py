"""The page of people's data: found, handed out, erased, kept for so long; and only by the owner, of one account."""

from __future__ import annotations

import json
import re
import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import figures, leaving, persons, preferences
from server.config import Settings
from server.db import reading, rows, transaction
from server.models import Account, Member, Trunk
from server.parts import Parts
from server.web.manage_words import LANGUAGES
from server.web.pagetoken import PageTokens, Pass
from tests import household
from tests.conftest import Restaurant, add_trunk
from tests.household import NUMBER
from tests.manage_page import Page, note

PEOPLE = "/manage/people"


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def trunk(account: Account) -> Trunk:
    return add_trunk(account)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient, settings: Settings, account: Account) -> Page:
    return Page(client, settings, Pass(account=account.id))


def field(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1]


def found(page: Page, number: str = "067 111 22 33", lang: str = "en") -> tuple[str, str, str]:
    """The person's page, its sealed word and how many entries erasing would touch."""
    text = page.post(f"{PEOPLE}/find", part="find", number=number, lang=lang)
    return text, field(text, "person"), field(text, "total")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_shows_what_is_kept_and_whom_it_knows(
    page: Page, account: Account, trunk: Trunk, lang: str
) -> None:
    household.settle(account, trunk)
    assert page.get(PEOPLE, lang=lang).count("<tr>") == 16
    text, _, _ = found(page, lang=lang)
    assert page.status == 200
    assert "Kovalenko Olena" in text
    assert "Sadova" in text
    assert ("345.00" if lang == "en" else "345,00") in text


def test_the_number_stands_in_no_address(page: Page, account: Account, trunk: Trunk) -> None:
    """Addresses get into logs and histories."""
    household.settle(account, trunk)
    text, sealed, _ = found(page)
    addresses = re.findall(r'(?:href|action|data-address)="([^"]*)"', text)
    assert addresses
    assert not [one for one in addresses if "67" in one and "111" in one]
    assert "Kovalenko Olena" in page.get(f"{PEOPLE}/{sealed}")


def test_another_accounts_page_of_a_person_is_none_of_ours(
    page: Page,
    client: FlaskClient,
    settings: Settings,
    account: Account,
    trunk: Trunk,
    restaurant: Restaurant,
) -> None:
    household.settle(account, trunk)
    _, sealed, total = found(page)
    stranger = Page(client, settings, Pass(account=restaurant("lavra", "700124").id))
    assert "Kovalenko" not in stranger.get(f"{PEOPLE}/{sealed}")
    assert "Kovalenko" not in stranger.post(f"{PEOPLE}/file", part="file", person=sealed)
    stranger.post(f"{PEOPLE}/erase", part="erase", person=sealed, total=total)
    stranger.post(f"{PEOPLE}/raw", part="raw", id=str(trunk.id))
    assert stranger.status == 422
    with reading():
        assert rows("SELECT count(*) FROM call WHERE number = ?", NUMBER) == [(4,)]
        assert not rows("SELECT 1 FROM receipt")


@pytest.mark.parametrize("role", ["viewer", "manager"])
def test_only_the_owner_sees_and_does_it(
    client: FlaskClient, settings: Settings, account: Account, trunk: Trunk, role: str
) -> None:
    household.settle(account, trunk)
    owner = Page(client, settings, Pass(account=account.id))
    _, sealed, total = found(owner)
    with transaction():
        Member.create(account=account, name="Oksana", role="owner", code="x", at=1.0)
        other = Member.create(account=account, name="Petro", role=role, code="x", at=1.0)
    page = Page(client, settings, Pass(account=account.id, member=other.id))
    for verb in ("find", "file", "erase", "raw", "sweep"):
        text = page.post(f"{PEOPLE}/{verb}", person=sealed, total=total, number=NUMBER, id=str(trunk.id))
        assert page.status == 403, verb
        assert "Kovalenko" not in text
    page.post(PEOPLE, part="pref-keep_calls", name="keep_calls", value="1")
    assert page.status == 403
    page.get(f"{PEOPLE}/{sealed}")
    assert page.status == 403
    with reading():
        assert preferences.of(account.id).keep_calls == 12
        assert not rows("SELECT 1 FROM receipt")


def test_the_file_comes_once_and_its_name_is_nobodys(
    page: Page, client: FlaskClient, settings: Settings, account: Account, trunk: Trunk
) -> None:
    household.settle(account, trunk)
    _, sealed, _ = found(page)
    text = page.post(f"{PEOPLE}/file", part="file", person=sealed)
    address = re.search(r'href="([^"]*/manage/download/[^"]+)"', text)
    assert address
    answer = client.get(address[1])
    assert json.loads(answer.data)["guests"] == [{"client_id": 318, "name": "Kovalenko Olena"}]
    assert re.fullmatch(
        r"attachment; filename=person-[0-9a-f]{8}\.json", answer.headers["Content-Disposition"]
    )
    assert client.get(address[1]).status_code == 404
    with reading():
        ((word,),) = rows("SELECT thing FROM audit WHERE what = 'person_exported'")
    assert word == persons.digest(settings.secret_key, account.id, NUMBER)[:8]


def test_the_page_its_button_and_the_receipt_count_the_same(
    page: Page, account: Account, trunk: Trunk
) -> None:
    household.settle(account, trunk)
    household.hush(account, NUMBER)
    text, sealed, total = found(page)
    before = re.findall(r"<li>([^<:]+): <strong>(\d+)</strong></li>", text)
    assert len(before) > 8
    assert before[-1][0] == "Traces in technical records"
    assert sum(int(count) for _, count in before) == int(total)
    assert f"Entries that this touches: {total}." in text
    receipt = page.post(f"{PEOPLE}/erase", part="erase", person=sealed, total=total)
    after = re.findall(r'<th scope="row">([^<]+)</th><td class="people-figure">(\d+)</td>', receipt)
    assert after == before


def test_erasing_shows_its_receipt_and_nothing_is_found_afterwards(
    page: Page, account: Account, trunk: Trunk
) -> None:
    household.settle(account, trunk)
    _, sealed, total = found(page)
    text = page.post(f"{PEOPLE}/erase", part="erase", person=sealed, total=total)
    assert page.status == 200
    assert "Receipt No. 1" in text
    assert note(text, "receipt") == "Erased."
    assert [word for word in household.SECRETS if word in text] == []
    text = page.get(f"{PEOPLE}/{sealed}")
    assert "Nothing: Dzvinok does not know this number." in text
    assert "receipt No. 1." in text
    assert "Open receipt No. 1" in page.get(PEOPLE)
    assert "Calls" in page.get(f"{PEOPLE}/receipt/1")


def test_the_journal_has_the_calls_of_an_erased_person_as_nobodys(
    page: Page, account: Account, trunk: Trunk
) -> None:
    calls = household.settle(account, trunk)
    while figures.refresh(account.id):
        pass
    assert "Kovalenko" in page.get(f"/manage/calls/{calls[1]}")
    _, sealed, total = found(page)
    page.post(f"{PEOPLE}/erase", part="erase", person=sealed, total=total)
    for path in ("/manage/calls", *(f"/manage/calls/{call}" for call in calls), "/manage/card"):
        text = page.get(path)
        assert page.status == 200, path
        assert [word for word in (*household.SECRETS, "+~") if word in text] == [], path


def test_what_became_known_meanwhile_is_shown_before_it_is_erased(
    page: Page, account: Account, trunk: Trunk
) -> None:
    household.settle(account, trunk)
    _, sealed, total = found(page)
    household.call(account, trunk, "z9")
    text = page.post(f"{PEOPLE}/erase", part="erase", person=sealed, total=total)
    assert page.status == 422
    assert note(text, "erase").startswith("More has become known")
    with reading():
        assert not rows("SELECT 1 FROM receipt")


def test_what_is_no_number_is_said_beside_its_field(page: Page) -> None:
    text = page.post(f"{PEOPLE}/find", part="find", number="<b>Olena</b>")
    assert page.status == 422
    assert "not a phone number" in note(text, "find")
    assert "&lt;b&gt;" in page.last.text if page.last else False


def test_an_old_page_of_a_person_asks_to_find_them_again(
    page: Page, account: Account, trunk: Trunk, parts: Parts
) -> None:
    old = parts.vault.seal(json.dumps({"account": account.id, "number": NUMBER, "until": time.time() - 1}))
    for word in (old, "nonsense"):
        assert "Find the person again" in page.get(f"{PEOPLE}/{word}")


def test_the_support_file_has_no_number(
    page: Page, client: FlaskClient, account: Account, trunk: Trunk, parts: Parts
) -> None:
    parts.diary.note(account.id, trunk.id, "POST", "from=0671112233&token=abcd", "taken", "ring")
    assert "Messages: 1" in page.get(PEOPLE)
    text = page.post(f"{PEOPLE}/raw", part=f"raw-{trunk.id}", id=str(trunk.id))
    address = re.search(r'href="([^"]*/manage/download/[^"]+)"', text)
    assert address
    told = json.loads(client.get(address[1]).data)
    assert told["sent"][0]["text"] == "from=067*****33&token=•••"


def test_spans_are_kept_and_noted(page: Page, account: Account) -> None:
    text = page.post(PEOPLE, part="pref-keep_calls", name="keep_calls", value="6")
    assert note(text, "pref-keep_calls") == "Saved"
    assert "6 months" in page.get(PEOPLE)
    with reading():
        assert rows("SELECT thing, before, after FROM audit") == [("keep_calls", "12", "6")]
    page.post(PEOPLE, part="pref-keep_raw", name="keep_raw", value="900")
    assert page.status == 422


def test_the_token_alone_says_whose_data_it_is(
    client: FlaskClient, settings: Settings, account: Account
) -> None:
    forged = PageTokens("another key, long enough to be one").issue(Pass(account=account.id))
    answer = client.get(PEOPLE, headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_disconnected_account_is_told_the_day(
    page: Page, parts: Parts, account: Account, trunk: Trunk, lang: str
) -> None:
    household.settle(account, trunk)
    parts.connecting.removed("pechera", time.time())
    text = page.get(PEOPLE, lang=lang)
    with reading():
        day = leaving.day(Account.get_by_id(account.id))
    assert day in text
    assert "Kovalenko" not in text
