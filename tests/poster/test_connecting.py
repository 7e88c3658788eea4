"""Connecting restaurants: by a browser, by Poster's back office, by Poster's own word."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import create_app
from server.config import Settings
from server.db import reading, transaction, write
from server.models import (
    Account,
    Code,
    Directory,
    Employee,
    Guest,
    GuestNumber,
    Parked,
    Pending,
    Register,
    Spot,
)
from server.parts import Parts
from tests.poster.company import CODE, NAME, NUMBER, TOKEN, Company, Raw, error, grant
from tests.poster.conftest import only

NEWER = NUMBER + ":" + "ab12" * 8


def eventually(holds: Callable[[], Any], seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.01)


def row(name: str = NAME) -> Account:
    with reading():
        return Account.get(Account.name == name)


def states() -> dict[str, str]:
    with reading():
        return {one.name: one.state for one in Account.select()}


def token_of(parts: Parts, name: str = NAME) -> str:
    return parts.vault.open(row(name).token)


@pytest.fixture
def web(app: Flask) -> FlaskClient:
    return app.test_client()


def callback(web: FlaskClient, code: str = CODE, account: str = NAME, **more: str) -> Any:
    return web.get("/poster/callback", query_string={"code": code, "account": account, **more})


def begin(web: FlaskClient) -> str:
    """Presses "Connect"; returns the state that went to Poster."""
    return parse_qs(urlsplit(web.get("/connect").headers["Location"]).query)["state"][0]


def push(web: FlaskClient, page: Any) -> Any:
    """Presses the button of a parked page."""
    install = page.text.split('name="install" value="')[1].split('"')[0]
    return web.post("/connect/confirm", data={"install": install}, follow_redirects=True)


def test_connect_sends_the_browser_to_poster(web: FlaskClient, company: Company) -> None:
    answer = web.get("/connect")
    assert answer.status_code == 302
    url = urlsplit(answer.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{company.url}/api/auth"
    assert query.pop("state")
    assert query == {
        "application_id": "4242", "client_id": "4242", "response_type": "code",
        "redirect_uri": "https://phone.example.com/poster/callback",
    }  # fmt: skip
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Secure", "Max-Age=900"))


def test_a_return_without_state_connects_the_browser_that_began(
    web: FlaskClient, parts: Parts, company: Company
) -> None:
    begin(web)
    answer = callback(web)
    assert answer.status_code == 200
    assert (states(), token_of(parts)) == ({NAME: "connected"}, TOKEN)
    account = row()
    assert (account.number, account.title, account.owner) == (NUMBER, "Pechera", "Olena Kovalenko")
    assert (account.country, account.currency, account.lang, account.timezone) == (
        "UA",
        "₴",
        "ua",
        "Europe/Kyiv",
    )
    with reading():
        assert [one.name for one in Spot.select()] == ["Podil"]
        assert [(one.name, one.spot) for one in Register.select()] == [("Bar", 1)]
        assert [(one.poster_id, one.name) for one in Employee.select()] == [(5, "Olena")]
        assert TOKEN not in account.token
        assert Pending.select().count() == 0


def test_the_exchange_is_multipart_with_our_names(web: FlaskClient, parts: Parts, company: Company) -> None:
    begin(web)
    callback(web)
    asked = company.last("access_token")
    assert asked.path == f"/{NAME}/api/v2/auth/access_token"
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert asked.fields() == {
        "application_id": "4242", "application_secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "grant_type": "authorization_code", "redirect_uri": "https://phone.example.com/poster/callback",
        "code": CODE,
    }  # fmt: skip
    assert "authorization" not in asked.headers


def test_an_exchange_that_misses_its_fields_is_said_again_urlencoded(
    web: FlaskClient, parts: Parts, company: Company
) -> None:
    def strict(asked: Any) -> Raw:
        form = asked.headers["content-type"].startswith("application/x-www-form-urlencoded")
        return grant() if form and asked.fields()["code"] == CODE else Raw({"error": 34, "field": "code"})

    company.answers["access_token"] = strict
    begin(web)
    callback(web)
    assert states() == {NAME: "connected"}


def test_a_state_that_comes_back_must_be_this_browsers(
    web: FlaskClient, app: Flask, company: Company
) -> None:
    state = begin(web)
    assert callback(web, state="x").status_code == 403
    assert callback(app.test_client(), state=state).status_code == 403
    assert (states(), company.count("access_token")) == ({}, 0)
    assert callback(web, state=state).status_code == 200
    assert states() == {NAME: "connected"}


def test_a_begun_connect_serves_one_return_and_a_quarter_of_an_hour(web: FlaskClient, parts: Parts) -> None:
    begin(web)
    callback(web)
    with transaction():
        Account.delete().execute()
    assert "<form" in callback(web, code="b" * 32).text
    begin(web)
    with transaction():
        Pending.update(expires=time.time() - 1).execute()
    assert "<form" in callback(web, code="c" * 32).text


def test_an_install_that_began_at_poster_waits_for_its_button(web: FlaskClient, parts: Parts) -> None:
    page = callback(web)
    assert states() == {NAME: "parked"}
    assert all(text in page.text for text in (NAME, NUMBER, "Olena Kovalenko", "<form"))
    assert row().token == ""
    assert "Your restaurant is connected" in push(web, page).text
    assert (states(), token_of(parts)) == ({NAME: "connected"}, TOKEN)


def test_the_button_works_only_in_the_browser_that_brought_the_code(web: FlaskClient, app: Flask) -> None:
    page = callback(web)
    stranger = app.test_client()
    assert push(stranger, page).status_code == 403
    assert "<form" not in callback(stranger).text
    assert states() == {NAME: "parked"}
    push(web, page)
    assert states() == {NAME: "connected"}


def test_the_button_works_once(web: FlaskClient, parts: Parts) -> None:
    page = callback(web)
    push(web, page)
    parts.connecting.disconnect(row())
    assert push(web, page).status_code == 410
    assert states() == {NAME: "disconnected"}


def test_an_old_button_does_nothing(web: FlaskClient, parts: Parts) -> None:
    page = callback(web)
    with transaction():
        Parked.update(created_at=time.time() - 25 * 3600).execute()
    assert push(web, page).status_code == 410
    assert states() == {NAME: "parked"}


def test_reloading_the_return_changes_nothing(web: FlaskClient, company: Company) -> None:
    begin(web)
    assert [callback(web).status_code for _ in range(3)] == [200, 200, 200]
    parked = [callback(web, code="b" * 32) for _ in range(2)]
    assert company.count("access_token") == 2
    assert all("<form" in page.text for page in parked)
    push(web, parked[0])
    assert "Your restaurant is connected" in callback(web, code="b" * 32).text


def test_two_reloads_at_once_exchange_once(parts: Parts, company: Company) -> None:
    company.delays["access_token"] = 0.3
    _, browser = parts.connecting.begin()
    outcomes: list[Any] = []
    both = [
        threading.Thread(target=lambda: outcomes.append(parts.connecting.finish(CODE, NAME, "", browser)))
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert company.count("access_token") == 1
    assert [one.account.name for one in outcomes] == [NAME, NAME]


def test_the_page_after_connecting_is_there_in_every_language(web: FlaskClient, company: Company) -> None:
    begin(web)
    callback(web)
    for lang, text in (
        ("ua", "Заклад підключено"),
        ("ru", "Заведение подключено"),
        ("pl", "Lokal jest podłączony"),
    ):
        assert text in callback(web, lang=lang).text
    assert f"/poster/callback?code={CODE}&amp;account={NAME}&amp;lang=pl" in callback(web, lang="ua").text
    assert company.count("access_token") == 1


def test_no_code_is_told_in_a_sentence(web: FlaskClient, company: Company) -> None:
    answer = web.get("/poster/callback", query_string={"account": NAME})
    assert answer.status_code == 400
    assert "access was probably not allowed" in answer.text
    assert company.asked == []


@pytest.mark.parametrize(
    "account",
    ["", "evil.example/#", "evil.example", "-a", "a" * 64, "a b", "pechera@evil.example", "ѕсам", "a/../b"],
)
def test_what_is_no_account_name_never_becomes_a_host(
    web: FlaskClient, company: Company, account: str
) -> None:
    begin(web)
    assert callback(web, account=account).status_code == 400
    assert company.asked == []


def test_an_account_name_may_come_in_capitals(web: FlaskClient, company: Company) -> None:
    begin(web)
    callback(web, account=" PecherA ")
    assert company.last("access_token").path == f"/{NAME}/api/v2/auth/access_token"
    assert states() == {NAME: "connected"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Raw({"error": 143, "message": "Requested code's application doesn't exist", "field": "application_id"}),
         "Requested code&#39;s application doesn&#39;t exist (143)"),
        (Raw({"code": 10, "error_type": "OAuthException", "error_message": "No code"}), "No code (10)"),
        (error(11, "Bad <b>code</b>"), "Bad &lt;b&gt;code&lt;/b&gt; (11)"),
        (Raw({"error": "invalid_grant"}, status=400), "invalid_grant"),
        (Raw({"access_token": "", "account_number": NUMBER}), "did not accept the connection code"),
        (grant(number="700999"), "not of the account"),
        (grant(token="9f0c" * 8), "not of the account"),
        (Raw({"access_token": 5}), "did not accept the connection code"),
        (Raw(b"<html>", status=200), "does not answer"),
        (Raw(b"<html>", status=502), "does not answer"),
        (Raw({}, 302, {"Location": "https://joinposter.com/login"}), "did not accept the connection code"),
    ],
)  # fmt: skip
def test_every_refusal_of_a_code_is_told_in_words(
    web: FlaskClient, company: Company, answer: Raw, told: str
) -> None:
    company.answers["access_token"] = answer
    begin(web)
    page = callback(web)
    assert page.status_code == 502
    assert told in page.text
    assert states() == {}


def test_a_number_that_is_a_number_is_as_good_as_text(web: FlaskClient, company: Company) -> None:
    company.answers["access_token"] = Raw({"access_token": TOKEN, "account_number": 700123, "ownerInfo": []})
    begin(web)
    callback(web)
    assert states() == {NAME: "connected"}


def test_after_an_outage_the_same_return_can_be_reloaded(web: FlaskClient, company: Company) -> None:
    company.answers["access_token"] = Raw(b"<html>", status=503)
    begin(web)
    assert callback(web).status_code == 502
    company.answers["access_token"] = grant()
    assert callback(web).status_code == 200
    assert states() == {NAME: "connected"}


def test_only_listed_accounts_may_connect(settings: Settings, company: Company, app: Flask) -> None:
    web = create_app(only(settings, "kaffka")).test_client()
    begin(web)
    assert callback(web).status_code == 403
    assert (states(), company.asked) == ({}, [])


def test_a_name_in_the_address_that_is_not_the_tokens_is_not_believed(
    web: FlaskClient, company: Company
) -> None:
    begin(web)
    callback(web, account="kaffka")
    assert states() == {NAME: "connected"}


def test_with_poster_silent_nobody_gets_a_name_that_is_taken(
    web: FlaskClient, parts: Parts, account: Account, company: Company
) -> None:
    other = "700999:" + "9f0c" * 8
    company.answers["access_token"] = grant(other, "700999")
    company.answers["settings.getAllSettings"] = Raw(b"<html>", 500)
    begin(web)
    assert callback(web).status_code == 502
    assert (states(), row().number) == ({NAME: "connected"}, NUMBER)


def test_connecting_again_replaces_the_token_and_heals(
    web: FlaskClient, parts: Parts, account: Account, company: Company
) -> None:
    with transaction():
        Account.update(state="broken", problem="expired").execute()
    company.answers["access_token"] = grant(NEWER)
    begin(web)
    callback(web)
    assert (states(), token_of(parts), row().problem) == ({NAME: "connected"}, NEWER, "")
    with reading():
        assert Account.select().count() == 1


def test_a_parked_install_of_a_connected_account_leaves_it_alone_until_confirmed(
    web: FlaskClient, parts: Parts, account: Account, company: Company
) -> None:
    company.answers["access_token"] = grant(NEWER)
    page = callback(web)
    assert (states(), token_of(parts)) == ({NAME: "connected"}, TOKEN)
    push(web, page)
    assert token_of(parts) == NEWER


def test_a_renamed_account_keeps_everything_under_its_new_name(
    web: FlaskClient, parts: Parts, account: Account, company: Company
) -> None:
    company.answers["settings.getAllSettings"] = {"COMPANY_ID": "Lavra-Cafe"}
    begin(web)
    callback(web, account="lavra-cafe")
    assert states() == {"lavra-cafe": "connected"}
    assert row("lavra-cafe").id == account.id


def test_a_slow_mirror_does_not_hold_the_page_for_long(
    web: FlaskClient, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.connecting.desk.MIRROR_INLINE", 0.2)
    company.delays["access.getSpots"] = 1.5
    begin(web)
    page = callback(web)
    assert "still coming from Poster" in page.text
    eventually(lambda: row().mirrored_at)


def test_no_code_or_token_reaches_a_log_line(
    web: FlaskClient, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    begin(web)
    callback(web)
    company.answers["access_token"] = error(143, CODE)
    callback(web, code="b" * 32)
    assert not [secret for secret in (CODE, "b" * 32, TOKEN, TOKEN.split(":")[1]) if secret in caplog.text]


def test_pages_are_nobodys_frame_and_leak_no_address(web: FlaskClient) -> None:
    for path in ("/", "/poster/callback", "/connect/confirm"):
        headers = web.get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("no-referrer", "no-store")


@pytest.mark.parametrize(
    ("query", "browser", "text"),
    [
        ("lang=ua", "", "Підключити заклад"),
        ("lang=ru", "pl", "Подключить заведение"),
        ("lang=pl", "", "Podłącz lokal"),
        ("lang=de", "uk", "Connect your restaurant"),
        ("", "uk-UA,en;q=0.5", "Підключити заклад"),
        ("", "de,pl;q=0.7", "Podłącz lokal"),
        ("", "", "Connect your restaurant"),
    ],
)
def test_the_front_page_speaks_four_languages(web: FlaskClient, query: str, browser: str, text: str) -> None:
    assert text in web.get(f"/?{query}", headers={"Accept-Language": browser} if browser else {}).text


def test_a_plain_visit_from_the_marketplace_offers_to_connect(web: FlaskClient) -> None:
    page = web.get("/?poster_url=pechera&account_number=700123&lang=ru")
    assert page.status_code == 200
    assert "pechera" in page.text
    assert 'href="/connect"' in page.text
    assert "<script>" not in web.get("/?poster_url=<script>").text


# Poster's back office


def test_the_back_office_exchanges_a_code_once_with_its_verify(
    parts: Parts, account: Account, company: Company
) -> None:
    entered = [parts.connecting.enter_manage(CODE) for _ in range(2)]
    assert [one.account.id for one in entered if one.account] == [account.id, account.id]
    assert company.count("manage") == 1
    asked = company.last("manage")
    assert asked.path == "/api/v2/auth/manage"
    assert asked.headers["content-type"].startswith("multipart/form-data")
    assert asked.fields() == {
        "application_id": "4242", "application_secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "code": CODE,
        "verify": "ccfbda4ae99d7f3baf2310084be911a5",
    }  # fmt: skip


def test_after_ten_minutes_a_code_is_asked_again(parts: Parts, account: Account, company: Company) -> None:
    parts.connecting.enter_manage(CODE)
    with transaction():
        Code.update(at=time.time() - 601).execute()
    company.answers["manage"] = Raw({"error": 143, "message": "used"})
    assert parts.connecting.enter_manage(CODE).problem == "refused"


def test_an_unknown_account_in_the_back_office_waits_for_the_pages_button(
    parts: Parts, company: Company
) -> None:
    first, again = (parts.connecting.enter_manage(CODE) for _ in range(2))
    assert first.parked
    assert again.parked
    assert (first.parked.name, first.parked.id, first.browser) == (NAME, again.parked.id, again.browser)
    assert states() == {NAME: "parked"}
    assert parts.connecting.confirm(first.parked.id, "somebody else") is None
    connected = parts.connecting.confirm(first.parked.id, first.browser)
    assert connected
    assert connected.state == "connected"
    assert parts.connecting.confirm(first.parked.id, first.browser) is None
    reloaded = parts.connecting.enter_manage(CODE)
    assert reloaded.account
    assert company.count("manage") == 1


def test_the_back_office_of_an_account_that_is_not_listed_is_refused(
    settings: Settings, company: Company, app: Flask
) -> None:
    parts: Parts = create_app(only(settings, "kaffka")).extensions["dzvinok"]
    assert parts.connecting.enter_manage(CODE).problem == "not_allowed"
    assert states() == {}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [(error(142), "refused"), (Raw(b"<html>"), "unavailable"), (Raw({}, 500), "unavailable")],
)
def test_the_back_office_tells_what_poster_said(
    parts: Parts, company: Company, answer: Raw, problem: str
) -> None:
    company.answers["manage"] = answer
    assert parts.connecting.enter_manage(CODE).problem == problem


def test_a_newer_token_from_the_back_office_is_proved_and_then_used(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers["manage"] = grant(NEWER)
    parts.connecting.enter_manage(CODE)
    eventually(lambda: token_of(parts) == NEWER)


# Poster's own word


def told(parts: Parts, action: str, token: str = "", at: float | None = None, name: str = NAME) -> str:
    body = {"account": name, "account_number": NUMBER, "object": "application", "object_id": 4242,
            "action": action, "time": str(int(at or time.time()))}  # fmt: skip
    if token:
        body["data"] = json.dumps({"user_id": "1", "access_token": token})
    signed = [
        str(body[key]) for key in ("account", "object", "object_id", "action", "data", "time") if key in body
    ]
    body["verify"] = hashlib.md5(";".join([*signed, "0f1e2d3c4b5a69788796a5b4c3d2e1f0"]).encode()).hexdigest()
    return parts.noticing.take(json.dumps(body).encode())


def test_poster_saying_added_connects_an_unknown_account_once_its_token_works(
    parts: Parts, company: Company
) -> None:
    told(parts, "added", TOKEN)
    eventually(lambda: states() == {NAME: "connected"})
    assert (token_of(parts), row().number) == (TOKEN, NUMBER)
    eventually(lambda: row().mirrored_at)


def test_added_revives_a_disconnected_and_a_broken_account(parts: Parts, account: Account) -> None:
    for state in ("disconnected", "broken"):
        with transaction():
            Account.update(state=state, token="").execute()
        told(parts, "added", NEWER, at=time.time() + len(state))
        eventually(lambda: states() == {NAME: "connected"})
        assert token_of(parts) == NEWER


def test_added_with_a_token_that_does_not_work_replaces_nothing(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers["settings.getAllSettings"] = error(11)
    told(parts, "added", NEWER)
    eventually(lambda: row().next_token == "" and company.count("settings.getAllSettings"))
    assert (states(), token_of(parts)) == ({NAME: "connected"}, TOKEN)


def test_a_token_that_could_not_be_tried_is_tried_later(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers["settings.getAllSettings"] = Raw(b"", 500)
    told(parts, "added", NEWER)
    eventually(lambda: company.count("settings.getAllSettings"))
    assert token_of(parts) == TOKEN
    company.answers["settings.getAllSettings"] = {}
    parts.connecting.prove_waiting()
    assert token_of(parts) == TOKEN, "it rests before the next attempt"
    with transaction():
        write("UPDATE owed SET next_at = 0")
    parts.connecting.prove_waiting()
    assert token_of(parts) == NEWER


def test_added_does_not_press_the_button_of_a_parked_account(
    web: FlaskClient, parts: Parts, company: Company
) -> None:
    page = callback(web)
    assert told(parts, "added", NEWER) == "waits for the button"
    assert states() == {NAME: "parked"}
    push(web, page)
    assert token_of(parts) == NEWER


def test_a_webhook_that_overtakes_the_browser_does_not_press_its_button(
    web: FlaskClient, parts: Parts
) -> None:
    told(parts, "added", NEWER)
    eventually(lambda: row().mirrored_at)
    page = callback(web)
    assert (states(), row().token) == ({NAME: "parked"}, "")
    push(web, page)
    assert (states(), token_of(parts)) == ({NAME: "connected"}, TOKEN)


def test_added_of_an_account_that_is_not_listed_does_nothing(
    settings: Settings, company: Company, app: Flask
) -> None:
    parts: Parts = create_app(only(settings, "kaffka")).extensions["dzvinok"]
    told(parts, "added", TOKEN)
    assert states() == {}


@pytest.mark.parametrize("token", ["", "no colon", "x:1"])
def test_added_without_a_token_does_nothing(parts: Parts, token: str) -> None:
    told(parts, "added", token)
    assert states() == {}


def people_known() -> int:
    with reading():
        return sum(table.select().count() for table in (Guest, GuestNumber, Directory))


def test_removed_disconnects_and_forgets_tokens_and_guests(parts: Parts, account: Account) -> None:
    with transaction():
        Guest.create(account=account, client_id=318, name="Olena", read_at=1.0)
        GuestNumber.create(account=account, client_id=318, number="+380671112233", at=1.0)
        Directory.create(account=account, stage="done", cursor="")
        Account.update(next_token="x").execute()
        Employee.create(account=account, poster_id=5, name="Olena")
    assert told(parts, "removed") == "disconnected"
    gone = row()
    assert (gone.state, gone.token, gone.next_token) == ("disconnected", "", "")
    parts.directory.tick()
    eventually(lambda: people_known() == 0)
    with reading():
        assert Employee.select().count() == 1


def test_removed_takes_the_button_of_a_parked_install_away(web: FlaskClient, parts: Parts) -> None:
    page = callback(web)
    told(parts, "removed")
    assert push(web, page).status_code == 410
    assert states() == {NAME: "disconnected"}


def test_a_late_removed_from_before_the_last_connect_is_checked_first(
    web: FlaskClient, parts: Parts, company: Company
) -> None:
    begin(web)
    callback(web)
    before = company.count("settings.getAllSettings")
    assert told(parts, "removed", at=time.time() - 3600) == "to be checked"
    eventually(lambda: company.count("settings.getAllSettings") > before)
    assert states() == {NAME: "connected"}
    company.answers["settings.getAllSettings"] = error(11)
    told(parts, "removed", at=time.time() - 3601)
    eventually(lambda: states() == {NAME: "disconnected"})


def test_removed_of_an_unknown_account_is_nothing(parts: Parts) -> None:
    assert told(parts, "removed", name="nobody") == "unknown account"
