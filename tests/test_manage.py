"""The pages inside Poster's back office: who gets in, what forms do, what never leaves."""

from __future__ import annotations

import html
import json
import re
import string
import time
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.config import Settings, load
from server.db import close_database, reading, transaction
from server.hub import Listener
from server.lines import EMPLOYEE, REGISTER, of
from server.models import (
    BROKEN,
    CONNECTED,
    DISCONNECTED,
    Account,
    Did,
    Employee,
    LineOwner,
    Parked,
    Stray,
    Trunk,
)
from server.parts import Parts
from server.providers import PROVIDERS
from server.unfit import SENTENCES
from server.web.manage_pages import TOKEN_HEADER
from server.web.manage_words import LANGUAGES
from server.web.manage_words import load as words
from server.web.pagetoken import LIFE, PageTokens, Pass
from tests import wire
from tests.conftest import Restaurant
from tests.manage_page import Page, note
from tests.poster.company import CODE, Company, error, grant

SECRET = "the company's own secret"
HOSTILE = "<script>alert(1)</script>\u202e"


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    environ = wire.environment(
        8080, tmp_path / "dzvinok.db", company.url, PUBLIC_URL="https://phone.example.com",
        EXTRA_ORIGINS="https://office.example.com",
    )  # fmt: skip
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client(use_cookies=False)


@pytest.fixture
def account(app: Flask, parts: Parts, restaurant: Restaurant) -> Account:
    row = restaurant()
    with transaction():
        Account.update(token=parts.vault.seal(f"700123:{'0' * 32}")).execute()
    return row


@pytest.fixture
def other(account: Account, restaurant: Restaurant) -> Account:
    """A second restaurant, whose people are called differently."""
    row = restaurant("kaffka", "700124")
    with transaction():
        Employee.update(name="Stranger " + Employee.name).where(Employee.account == row).execute()
    return row


@pytest.fixture
def page(client: FlaskClient, settings: Settings, account: Account) -> Page:
    return Page(client, settings, Pass(account=account.id))


# The way in


def opened(response: TestResponse) -> str:
    """Whose page it is, "" if nobody's; Poster's own title once it is known."""
    found = re.search(r'class="brand">Dzvinok <bdi>(.*?)</bdi>', response.text)
    return found[1].casefold() if found else ""


def heading(response: TestResponse) -> str:
    found = re.search(r"<h1>(.*?)</h1>", response.text)
    return found[1] if found else ""


def test_manage_opens_at_the_first_steps_until_there_is_a_phone(
    client: FlaskClient, account: Account, parts: Parts
) -> None:
    assert heading(client.get(f"/manage?code={CODE}&lang=en")) == "First steps"
    parts.trunks.add(account, "binotel", {})
    assert heading(client.get(f"/manage?code={CODE}&lang=en")) == words("en")["calls.title"]


def test_without_a_code_a_friendly_page_offers_to_connect(client: FlaskClient) -> None:
    response = client.get("/manage")
    assert response.status_code == 200
    assert re.search(r'<a [^>]*href="/connect" target="_top"', response.text)


def test_unsigned_names_are_shown_and_believed_by_nobody(client: FlaskClient, account: Account) -> None:
    response = client.get(
        "/manage", query_string={"poster_url": "pechera<i>", "account_number": "700123", "lang": "ru"}
    )
    assert "pechera&lt;i&gt;, 700123" in response.text
    assert "Подключить Poster" in response.text
    assert "Olena" not in response.text
    assert TOKEN_HEADER not in response.headers


@pytest.mark.parametrize("path", ["/manage", f"/manage?code={CODE}", "/manage/nowhere", "/manage/lines"])
def test_every_page_may_be_framed_by_poster_alone_and_carries_the_script(
    client: FlaskClient, account: Account, path: str
) -> None:
    response = client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert policy.endswith("https://office.example.com")
    assert "frame-ancestors http://127.0.0.1" in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "X-Frame-Options" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert re.search(r'<script src="/manage/static/manage\.js\?v=\w+"></script>', response.text)
    assert response.text.count("<script") == 1


@pytest.mark.parametrize(
    "address",
    [
        f"/manage?code={CODE}",
        f"/manage?lang=en&code={CODE}",
        f"/manage?code={CODE}&lang=en",
        f"/manage?code=?code={CODE}",
        f"/manage?code=%3Fcode%3D{CODE}",
        f"/manage?posterToken={CODE}",
        f"/manage/?poster_auth_code={CODE}",
        f"/manage?whatever={CODE}",
        f"/manage?{CODE}",
        f"/manage/{CODE}",
        f"/manage/app/{CODE}/",
    ],
)
def test_the_code_is_found_wherever_the_saved_address_put_it(
    client: FlaskClient, account: Account, company: Company, address: str
) -> None:
    assert opened(client.get(address)) == "pechera"
    assert company.last("manage").fields()["code"] == CODE


def test_the_same_code_is_exchanged_once_and_opens_the_same_page_again(
    client: FlaskClient, account: Account, company: Company
) -> None:
    for _ in range(3):
        assert opened(client.get(f"/manage?code={CODE}")) == "pechera"
    assert company.count("manage") == 1


def test_a_refused_code_is_told_in_words(client: FlaskClient, company: Company) -> None:
    company.answers["manage"] = error(143, "Requested <b>application")
    response = client.get(f"/manage?code={CODE}&lang=en")
    assert "Poster did not accept this way in" in response.text
    assert "<b>" not in response.text


def test_poster_out_of_reach_is_told_in_words(client: FlaskClient, company: Company) -> None:
    company.stop()
    assert "Poster does not answer right now" in client.get(f"/manage?code={CODE}&lang=en").text


def test_poster_names_the_account_and_nobody_else_does(
    client: FlaskClient, other: Account, company: Company
) -> None:
    company.answers["manage"] = lambda asked: grant("700124:" + "1" * 32, "700124")
    response = client.get(f"/manage?code={CODE}&poster_url=pechera&account_number=700123&account=pechera")
    assert opened(response) == "kaffka"


# An account that nobody has seen yet


def enter(client: FlaskClient) -> tuple[str, str]:
    response = client.get(f"/manage?code={CODE}&lang=en")
    return html.unescape(response.text), response.headers.get(TOKEN_HEADER, "")


def confirm(client: FlaskClient, token: str) -> TestResponse:
    return client.post("/manage/confirm?lang=en", headers={"Authorization": f"Bearer {token}"})


def test_a_new_account_is_shown_and_waits_for_its_button(client: FlaskClient, app: Flask) -> None:
    text, token = enter(client)
    assert all(fact in text for fact in ("pechera", "700123", "Olena Kovalenko", "Yes, connect"))
    with reading():
        assert not Account.get(number="700123").rings
    connected = confirm(client, token)
    assert (opened(connected), heading(connected)) == ("pechera", "First steps")
    assert connected.headers[TOKEN_HEADER] != token
    with reading():
        assert Account.get(number="700123").state == CONNECTED


def test_until_the_button_the_page_opens_nothing_else(client: FlaskClient) -> None:
    _, token = enter(client)
    for path in ("/manage/lines", "/manage/phone"):
        response = client.get(f"{path}?lang=en", headers={"Authorization": f"Bearer {token}"})
        assert "Yes, connect" in response.text
    client.post("/manage/phone", data={"provider": "binotel"}, headers={"Authorization": f"Bearer {token}"})
    with reading():
        assert not Trunk.select().exists()


def test_the_button_works_once(client: FlaskClient) -> None:
    _, token = enter(client)
    assert confirm(client, token).status_code == 200
    assert confirm(client, token).status_code == 409


def test_the_button_works_only_for_the_page_that_brought_the_code(
    client: FlaskClient, settings: Settings
) -> None:
    enter(client)
    with reading():
        parked = Parked.get()
    strange = PageTokens(settings.secret_key).issue(Pass(parked=parked.id, browser="somebody else's"))
    assert confirm(client, strange).status_code == 409
    assert confirm(client, "").status_code == 401
    with reading():
        assert not Account.get(number="700123").rings


def test_a_reload_shows_the_button_again_and_then_the_account(client: FlaskClient, company: Company) -> None:
    enter(client)
    _, token = enter(client)
    confirm(client, token)
    assert opened(client.get(f"/manage?code={CODE}&lang=en")) == "pechera"
    assert company.count("manage") == 1


# The page's token


@pytest.mark.parametrize(
    "path", ["lines", "lines/did", "lines/give", "lines/ring", "phone", "phone/change", "phone/remove"]
)
@pytest.mark.parametrize("header", [None, "Bearer forged", "Basic cGVjaGVyYTp4", "Bearer"])
def test_nothing_is_done_without_a_token(
    client: FlaskClient, account: Account, path: str, header: str | None
) -> None:
    typed = {
        "kind": EMPLOYEE,
        "id": "5",
        "lines": "109",
        "provider": "binotel",
        "number": "0441234567",
        "spot": "1",
    }
    response = client.post(f"/manage/{path}", data=typed, headers={"Authorization": header} if header else {})
    assert response.status_code == 401
    assert "Olena" not in response.text
    with reading():
        assert of(account.id, EMPLOYEE, 5) == ["101"]
        assert not Trunk.select().exists()
        assert not Did.select().exists()


def test_a_token_in_the_address_or_the_form_is_no_token(page: Page) -> None:
    response = page.client.post(f"/manage/lines?token={page.token}", data={"token": page.token, "id": "5"})
    assert response.status_code == 401


def test_a_token_is_renewed_by_use_and_dies_unused(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    start = time.time()
    old = page.token
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: start + LIFE - 60)
    page.get()
    assert page.status == 200
    assert page.token != old
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: start + 2 * LIFE - 180)
    page.get()
    assert page.status == 200
    page.token = old
    assert "open for too long" in page.get()
    assert page.status == 401


def test_a_token_signed_with_another_key_opens_nothing(page: Page) -> None:
    page.token = PageTokens("another key, also long").issue(Pass(account=1))
    page.get()
    assert page.status == 401


# Lines


def test_everybody_is_on_the_page_but_those_who_left(page: Page, account: Account) -> None:
    with transaction():
        Employee.update(gone=True).where(Employee.poster_id == 6).execute()
    text = page.get()
    assert re.search(r'id="employee-5-lines" name="lines" value="101"', text)
    assert 'id="employee-7-lines"' in text
    assert 'id="employee-6-lines"' not in text
    assert text.count('id="register-') == 3


def test_lines_are_saved_at_once_and_copied_to_poster(page: Page, account: Account, company: Company) -> None:
    text = page.post("/manage/lines", part="employee-5", kind=EMPLOYEE, id="5", lines="103, 104")
    assert note(text, "employee-5") == "Saved"
    with reading():
        assert of(account.id, EMPLOYEE, 5) == ["103", "104"]
    sent = company.last("application.setEntityExtras").json()
    assert (sent["entity_type"], int(sent["entity_id"]), sent["extras"]) == ("staff", 5, {"line": "103,104"})


def test_registers_hear_of_new_lines_at_once(page: Page, account: Account, parts: Parts) -> None:
    desk = Listener(account.id, 1, 1, 5)
    parts.hub.join(desk)
    page.post("/manage/lines", part="employee-5", kind=EMPLOYEE, id="5", lines="103")
    frames = [json.loads(frame) for frame in desk.take()]
    assert any(frame["employee"]["lines"] == ["103"] for frame in frames)


def test_a_copy_that_poster_does_not_take_is_told_and_the_line_stays(
    page: Page, account: Account, company: Company
) -> None:
    company.answers["application.setEntityExtras"] = error(30, "no")
    text = page.post("/manage/lines", part="employee-5", kind=EMPLOYEE, id="5", lines="103")
    assert "Poster did not take its copy yet" in note(text, "employee-5")
    assert "Poster does not have its copy of the lines yet for: Olena" in text
    with reading():
        assert of(account.id, EMPLOYEE, 5) == ["103"]


def test_a_slow_poster_does_not_keep_the_page_waiting(
    page: Page, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.web.manage_lines_forms.COPY_PATIENCE", 0.05)
    company.delays["setEntityExtras"] = company.delays["application.setEntityExtras"] = 1.0
    began = time.monotonic()
    text = page.post("/manage/lines", part="employee-5", kind=EMPLOYEE, id="5", lines="103")
    assert time.monotonic() - began < 0.9
    assert note(text, "employee-5") == "Saved"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "word"),
    [({"kind": EMPLOYEE, "id": "5", "lines": "10a"}, "line_characters"),
     ({"kind": EMPLOYEE, "id": "5", "lines": "1" * 21}, "line_long"),
     ({"kind": EMPLOYEE, "id": "99", "lines": "101"}, "employee_unknown"),
     ({"kind": EMPLOYEE, "id": "five", "lines": "101"}, "employee_unknown"),
     ({"kind": REGISTER, "id": "99", "lines": "101"}, "register_unknown")],
)  # fmt: skip
def test_a_mistake_is_told_beside_its_field_in_one_sentence_and_changes_nothing(
    page: Page, account: Account, lang: str, typed: dict[str, str], word: str
) -> None:
    with reading():
        before = list(LineOwner.select().tuples())
    text = page.post("/manage/lines", lang, part="employee-5", **typed)
    assert page.status == 422
    expected = words(lang)[f"unfit.{word}"].format(value=typed["lines"], most=20)
    assert note(text, "employee-5") == expected
    assert f'value="{typed["lines"]}"' in text
    with reading():
        assert before == list(LineOwner.select().tuples())


def test_an_outside_number_gets_a_spot_and_loses_it(page: Page, account: Account) -> None:
    text = page.post("/manage/lines/did", part="did-new", number="044 123-45-67", spot="2")
    assert note(text, "did-new") == "The number was added"
    assert "044 123 4567" in text
    text = page.post("/manage/lines/did", part="did-380441234567", number="+380441234567", spot="1")
    assert note(text, "did-380441234567") == "Saved"
    text = page.post("/manage/lines/did", part="did-new", number="+380441234567", remove="1")
    assert note(text, "did-new") == "The number was removed"
    with reading():
        assert not Did.select().exists()


@pytest.mark.parametrize(
    ("number", "spot"), [("abc", "1"), ("0441234567", ""), ("0441234567", "99"), ("", "1")]
)
def test_a_bad_outside_number_or_spot_is_refused(page: Page, number: str, spot: str) -> None:
    assert note(page.post("/manage/lines/did", part="did-new", number=number, spot=spot), "did-new")
    assert page.status == 422
    with reading():
        assert not Did.select().exists()


def test_a_stray_line_is_given_to_somebody_beside_what_they_have(page: Page, account: Account) -> None:
    with transaction():
        Stray.create(account=account, kind="line", value="105", count=3, last_at=time.time())
    assert "Calls came to line 105 (times: 3" in page.get()
    text = page.post("/manage/lines/give", part="notices", id="5", line="105")
    assert note(text, "notices") == "Saved"
    assert "Calls came to line 105" not in text
    with reading():
        assert of(account.id, EMPLOYEE, 5) == ["101", "105"]


def test_the_missing_phone_company_is_noticed_until_there_is_one(page: Page) -> None:
    assert "No phone company is connected yet" in page.get()
    page.post("/manage/phone", provider="binotel")
    assert "No phone company is connected yet" not in page.get()


def test_names_are_text_wherever_they_stand(page: Page, account: Account) -> None:
    with transaction():
        Employee.update(name=HOSTILE, role=HOSTILE).where(Employee.poster_id.in_([5, 6])).execute()
        Stray.create(account=account, kind="line", value=HOSTILE, count=1, last_at=time.time())
        Account.update(title=HOSTILE).execute()
    page.post("/manage/lines", kind=EMPLOYEE, id="5", lines="102")
    assert page.last
    assert "<script>alert" not in page.last.text
    assert "&lt;script&gt;alert" in page.last.text


# Test ring


def test_a_ring_says_who_heard_it(page: Page, account: Account, parts: Parts) -> None:
    desk = Listener(account.id, 2, 1, 5)
    parts.hub.join(desk)
    text = page.post("/manage/lines/ring", part="ring", register="2", **{"from": "067 111 22 33"})
    assert "Register 2” got the call. Screens that show it: 1." in note(text, "ring")
    call = json.loads(desk.take()[0])["call"]
    assert (call["from"], call["test"], call["mine"]) == ("+380671112233", True, True)


def test_a_ring_says_when_nobody_is_logged_in(page: Page, account: Account, parts: Parts) -> None:
    parts.hub.join(Listener(account.id, 2, 1, None))
    text = page.post("/manage/lines/ring", part="ring", register="2", **{"from": "067 111 22 33"})
    assert "nobody is logged in there" in note(text, "ring")


def test_a_ring_says_when_the_register_is_away(
    page: Page, account: Account, other: Account, parts: Parts
) -> None:
    parts.hub.join(Listener(other.id, 2, 1, 5))
    text = page.post("/manage/lines/ring", part="ring", register="2", **{"from": "067 111 22 33"})
    assert "is not connected now" in note(text, "ring")


@pytest.mark.parametrize(
    "typed", [{"register": "99", "from": "0671112233"}, {"register": "2", "from": "me"}, {}]
)
def test_a_ring_of_nothing_is_refused(page: Page, typed: dict[str, str]) -> None:
    assert note(page.post("/manage/lines/ring", part="ring", **typed), "ring")
    assert page.status == 422


# Phone


def test_a_new_trunk_shows_the_address_to_copy(page: Page) -> None:
    text = page.post(
        "/manage/phone", add="binotel", part="trunk-new", provider="binotel", **{"set.company_id": "12345"}
    )
    with reading():
        trunk = Trunk.get()
    assert f'value="https://phone.example.com/hooks/binotel/{trunk.token}" readonly' in text
    assert "Waiting for the first event" in text
    assert 'value="12345"' in text


def test_the_form_is_drawn_from_the_providers_fields(page: Page) -> None:
    for name, provider in PROVIDERS.items():
        text = page.get("/manage/phone", add=name)
        assert set(re.findall(r'name="set\.(\w+)"', text)) == {field.name for field in provider.fields}


@pytest.mark.parametrize(
    ("provider", "field", "value"),
    [("binotel", "company_id", "abc"), ("generic", "secret", "short"), ("nobody", "x", "y")],
)
def test_a_trunk_with_bad_settings_is_not_added(page: Page, provider: str, field: str, value: str) -> None:
    text = page.post("/manage/phone", part="trunk-new", provider=provider, **{f"set.{field}": value})
    assert page.status == 422
    with reading():
        assert not Trunk.select().exists()
    assert "short" not in text or field != "secret"


def test_a_secret_is_never_shown_again(page: Page, parts: Parts) -> None:
    page.post("/manage/phone", part="trunk-new", provider="generic", **{"set.secret": SECRET})
    assert page.last
    assert SECRET not in html.unescape(page.last.text)
    text = page.get("/manage/phone")
    assert SECRET not in text
    assert "Set. Type a new one to replace it." in text
    with reading():
        trunk = Trunk.get()
    page.post("/manage/phone/change", part="x", id=trunk.id, **{"set.secret": ""})
    assert parts.trunks.settings_of(parts.trunks.one(trunk.account, trunk.id)) == {"secret": SECRET}
    page.post("/manage/phone/change", part="x", id=trunk.id, **{"set.secret": "", "forget.secret": "on"})
    assert parts.trunks.settings_of(parts.trunks.one(trunk.account, trunk.id)) == {}


def test_removing_asks_first(page: Page) -> None:
    page.post("/manage/phone", provider="binotel")
    with reading():
        trunk = Trunk.get()
    assert "Yes, remove" not in page.get("/manage/phone")
    assert "Yes, remove" in page.get("/manage/phone", remove=str(trunk.id))
    text = page.post("/manage/phone/remove", part="trunks", id=trunk.id)
    assert note(text, "trunks") == "The connection was removed."
    assert page.client.post(f"/hooks/binotel/{trunk.token}").status_code == 404


def test_the_first_event_is_heard_by_the_page_that_waits(page: Page) -> None:
    page.post("/manage/phone", provider="binotel")
    with reading():
        trunk = Trunk.get()
    states = page.client.get("/manage/phone/events?lang=en", headers=page.headers()).json
    assert states
    assert states["trunks"][str(trunk.id)]["state"] == "waiting"
    form = "requestType=receivedTheCall&generalCallID=7&callType=0&externalNumber=0671112233&didNumber=0441234567"
    hooked = page.client.post(
        f"/hooks/binotel/{trunk.token}", data=form, content_type="application/x-www-form-urlencoded"
    )
    assert hooked.status_code == 200
    response = page.client.get("/manage/phone/events?lang=en", headers=page.headers())
    assert response.json
    state = response.json["trunks"][str(trunk.id)]
    assert state["state"] == "heard"
    assert state["text"].startswith("Received a call from +380…33 to 044 123 4567, ")
    assert TOKEN_HEADER not in response.headers, "a page that only waits does not live for ever"


def test_events_need_a_token(client: FlaskClient, account: Account) -> None:
    assert client.get("/manage/phone/events").status_code == 401


# One account never sees another's


def test_pages_show_the_tokens_account_only(page: Page, other: Account, parts: Parts) -> None:
    theirs = parts.trunks.add(other, "binotel", {"company_id": "55555"})
    with transaction():
        Did.create(account=other, number="+380449999999", spot=1)
        Stray.create(account=other, kind="line", value="909", count=1, last_at=time.time())
    parts.hub.join(Listener(other.id, 1, 1, 5))
    seen = page.get("/manage/lines", account="kaffka") + page.get("/manage/phone", account=str(other.id))
    for secret in ("Stranger", "044 999 9999", "909", theirs.token, "55555", "kaffka", "Logged in"):
        assert secret not in seen
    events = page.client.get("/manage/phone/events", headers=page.headers())
    assert events.json == {"trunks": {}}


def test_forms_reach_the_tokens_account_only(page: Page, other: Account, parts: Parts) -> None:
    theirs = parts.trunks.add(other, "binotel", {"company_id": "55555"})
    with transaction():
        Employee.create(account=other, poster_id=77, name="Theirs")
        Did.create(account=other, number="+380449999999", spot=1)
    page.post("/manage/lines", kind=EMPLOYEE, id="77", lines="101", account="kaffka")
    assert page.status == 422
    page.post("/manage/lines", kind=EMPLOYEE, id="5", lines="777")
    page.post("/manage/phone/change", id=theirs.id, **{"set.company_id": "1"})
    assert page.status == 422
    page.post("/manage/phone/remove", id=theirs.id)
    assert page.status == 422
    page.post("/manage/lines/did", number="+380449999999", remove="1")
    assert page.status == 422
    with reading():
        assert of(other.id, EMPLOYEE, 5) == ["101"]
        assert Trunk.get_by_id(theirs.id).settings == theirs.settings
        assert Did.select().where(Did.account == other).count() == 1


# Accounts in trouble


def test_a_disconnected_account_is_told_what_to_do(page: Page, account: Account) -> None:
    with transaction():
        Account.update(state=DISCONNECTED).execute()
    text = page.get()
    assert "The account is not connected" in text
    assert 'href="/connect" target="_top"' in text
    assert "Olena" not in text


@pytest.mark.parametrize("problem", ["", "token", "expired", "archived", "sealed"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_broken_account_still_works_and_says_what_to_do(page: Page, lang: str, problem: str) -> None:
    with transaction():
        Account.update(state=BROKEN, problem=problem).execute()
    text = page.get(lang=lang)
    assert words(lang)[f"broken.{problem or 'token'}"] in text
    assert "Olena" in text


def test_an_account_that_is_no_more_opens_nothing(page: Page) -> None:
    with transaction():
        Account.delete().execute()
    page.get()
    assert page.status == 401


# Errors are pages too


def test_errors_are_pages_with_the_script(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.post("/manage/lines", lines="1" * 70_000)
    assert page.status == 413
    assert page.last
    assert "manage.js" in page.last.text
    page.client.application.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("server.web.manage_lines.example_number", None)
    text = page.get()
    assert page.status == 500
    assert "Something broke on our side" in text
    assert "manage.js" in text


def test_an_unknown_page_is_a_page(client: FlaskClient) -> None:
    response = client.get("/manage/nowhere?lang=en")
    assert (response.status_code, "There is no such page" in response.text) == (404, True)


# Words


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_says_everything(lang: str) -> None:
    mine, english = words(lang), words("en")
    assert list(mine) == list(english)
    for key, sentence in mine.items():
        assert sentence.strip()
        assert gaps(sentence) <= gaps(english[key]), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_mistake_has_words(lang: str) -> None:
    assert {f"unfit.{word}" for word in SENTENCES} <= set(words(lang))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", ["/manage/lines", "/manage/phone"])
def test_every_page_speaks_every_language(page: Page, lang: str, path: str) -> None:
    text = page.get(path, lang=lang)
    assert words(lang)[path.removeprefix("/manage/") + ".title"] in text
    assert f'<html lang="{"uk" if lang == "ua" else lang}">' in text


def test_an_unknown_language_is_english_and_none_is_the_accounts(page: Page) -> None:
    assert "Who answers which line" in page.get(lang="es")
    assert "Хто відповідає" in page.get(lang="")


def test_behind_a_path_every_address_carries_it(settings: Settings) -> None:
    app = create_app(replace(settings, public_url="https://box.example.com/dzvinok"))
    text = app.test_client().get("/manage").text
    close_database()
    assert not [
        link
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', text)
        if not link.startswith("/dzvinok/")
    ]
