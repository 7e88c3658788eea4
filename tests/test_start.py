"""The first steps: how far an account is, what each step shows and says, what its forms do."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.calls import IN, RING, CallEvent
from server.config import Settings, load
from server.db import reading, rows, transaction, write
from server.hub import Listener
from server.lines import EMPLOYEE, REGISTER, of
from server.models import (
    BROKEN,
    Account,
    Did,
    Employee,
    LineOwner,
    Member,
    Preference,
    Register,
    Stray,
    Trunk,
)
from server.parts import Parts
from server.providers import PROVIDERS
from server.web import manage_start_guide as guide
from server.web.manage_start_phone import EASIEST, ELSEWHERE
from server.web.manage_start_steps import BAD, GOOD, TODO, steps
from server.web.manage_words import LANGUAGES, speaker
from server.web.manage_words import load as words
from server.web.pagetoken import Pass
from tests import wire
from tests.conftest import Restaurant, add_trunk
from tests.exchange import Exchange
from tests.far import Far, says
from tests.manage_page import Page, note

CARD_UP = """INSERT INTO sighting (account_id, call_id, register, employee, verdict, at, took)
    VALUES (?, ?, ?, 5, 'shown', ?, 40) ON CONFLICT (call_id, register) DO UPDATE SET took = 40, verdict = 'shown'"""
HOSTILE = "<img src=x onerror=alert(1)>"
NEEDED = {"phonet": {"domain": "cafe.phonet.com.ua", "key": "a-key-of-phonet"}}


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    environ = wire.environment(
        8080, tmp_path / "d.db", PUBLIC_URL="https://phone.example.com", COMPANIES_URL=far.url
    )
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    """Connected, with its people and registers, and without a line."""
    row = restaurant()
    with transaction():
        LineOwner.delete().execute()
    return row


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(use_cookies=False), settings, Pass(account=account.id))


@pytest.fixture
def exchange(monkeypatch: pytest.MonkeyPatch, parts: Parts, account: Account, far: Far) -> Trunk:
    """A company that lists its extensions."""
    monkeypatch.setitem(PROVIDERS, "exchange", Exchange())
    far.answer = lambda request: says(
        [
            {"line": "101", "name": "Olena"},
            {"line": "103", "name": "Ірина К."},
            {"line": "104", "name": HOSTILE},
        ]
    )
    return parts.trunks.add(account, "exchange", {"host": "pbx.lan", "key": "exchange-key-1"})


def heard(trunk: Trunk, **facts: Any) -> None:
    now = time.time()
    with transaction():
        known = {"first_at": now, "last_at": now, "last_from": "+380…33", "last_did": "0441234567", **facts}
        Trunk.update(known).where(Trunk.id == trunk.id).execute()


def shown_at(parts: Parts, account: Account, register: int) -> None:
    """A test ring whose card that register said it had put up."""
    parts.intake.test_ring(account.id, register=register, caller="+380671112233")
    call = last_test(account)
    with transaction():
        write(CARD_UP, account.id, call, register, time.time())


def last_test(account: Account) -> str:
    with reading():
        found = rows("SELECT id FROM call WHERE account_id = ? AND test ORDER BY started DESC", account.id)
    return str(found[0][0])


def finished(parts: Parts, account: Account) -> Trunk:
    """Somebody who has gone the whole way."""
    trunk = add_trunk(account)
    heard(trunk)
    parts.lines.set_employee(account, 5, "101")
    shown_at(parts, account, 1)
    with transaction():
        Register.update(seen_at=time.time()).where(Register.poster_id == 1).execute()
    return trunk


def state(parts: Parts, account: Account) -> dict[str, str]:
    with reading():
        fresh = Account.get_by_id(account.id)
    return {one.name: one.state for one in steps(parts, fresh, speaker("en"))}


def send(page: Page, verb: str, lang: str = "en", **typed: Any) -> str:
    """As the form of its own step."""
    step = verb if verb in ("lines", "ring") else "phone"
    query = {"lang": lang, "step": step, "add": typed.get("provider", "")}
    return page._take(
        page.client.post(f"/manage/start/{verb}", query_string=query, data=typed, headers=page.headers())
    )


def opened(text: str) -> str:
    """The step that is open."""
    found = re.search(r'aria-current="step">\s*<h2[^>]* id="step-(\w+)"', text)
    return found[1] if found else "done" if 'id="step-done"' in text else ""


# How far it is: facts, nothing that was ticked off


def test_a_fresh_account_stands_before_its_phone(page: Page, parts: Parts, account: Account) -> None:
    assert state(parts, account) == {"connected": GOOD, "phone": TODO, "lines": TODO, "ring": TODO}
    text = page.get("/manage/start")
    assert opened(text) == "phone"
    assert "Done: 1 of 4" in text


def test_until_poster_has_sent_people_there_is_nothing_to_give_lines_to(
    page: Page, parts: Parts, account: Account
) -> None:
    with transaction():
        Employee.delete().execute()
    assert state(parts, account)["connected"] == TODO
    assert words("en")["start.connected_wait"] in page.get("/manage/start")


def test_a_key_that_poster_refuses_is_red_and_says_what_to_do(
    page: Page, parts: Parts, account: Account
) -> None:
    with transaction():
        Account.update(state=BROKEN, problem="token").where(Account.id == account.id).execute()
    assert state(parts, account)["connected"] == BAD
    text = page.get("/manage/start/connected")
    assert words("en")["broken.token"] in text
    assert re.search(r'class="button" href="/connect" target="_top"', text)


def test_an_access_that_poster_did_not_give_is_red(parts: Parts, account: Account) -> None:
    with transaction():
        write("INSERT INTO directory (account_id, problem) VALUES (?, 'clients')"
              " ON CONFLICT (account_id) DO UPDATE SET problem = 'clients'", account.id)  # fmt: skip
    assert state(parts, account)["connected"] == BAD


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"last_at": None}, TODO), ({}, GOOD), ({"paused": True}, BAD), ({"trouble": "login"}, BAD),
     ({"trouble": "busy"}, GOOD), ({"state": "connecting"}, GOOD), ({"state": "connecting", "last_at": None}, TODO)],
)  # fmt: skip
def test_the_phone_is_done_by_the_first_event_and_undone_by_trouble(
    parts: Parts, account: Account, facts: dict[str, Any], expected: str
) -> None:
    heard(add_trunk(account), **facts)
    assert state(parts, account)["phone"] == expected


def test_a_company_that_was_asked_and_had_no_call_is_not_done(
    page: Page, parts: Parts, account: Account
) -> None:
    trunk = add_trunk(account, "phonet")
    heard(trunk, last_from="", last_did="", state="connected")
    assert state(parts, account)["phone"] == TODO
    text = page.get("/manage/start")
    assert 'data-state="connected"' in text
    assert words("en")["trunk_connected"] in text
    event = CallEvent("1", RING, time.time(), IN, "")
    parts.intake.take(account.id, trunk.id, [event])
    assert state(parts, account)["phone"] == GOOD, "a withheld number is a call, too"


def test_one_phone_that_works_is_enough(parts: Parts, account: Account) -> None:
    heard(add_trunk(account))
    heard(add_trunk(account, "phonet"), trouble="login")
    assert state(parts, account)["phone"] == GOOD


def test_lines_are_done_by_the_first_that_somebody_has(parts: Parts, account: Account) -> None:
    parts.lines.set_register(account, 1, "101")
    assert state(parts, account)["lines"] == GOOD


def test_a_restaurant_without_internal_numbers_is_done_once_a_card_came_up(
    parts: Parts, account: Account
) -> None:
    assert state(parts, account)["lines"] == TODO
    shown_at(parts, account, 1)
    assert state(parts, account)["lines"] == GOOD


def test_calls_to_lines_of_nobodys_want_the_step_again(parts: Parts, account: Account) -> None:
    shown_at(parts, account, 1)
    trunk = add_trunk(account)
    event = CallEvent("1", RING, time.time(), IN, "+380671112233", did="0441234567", line="107")
    parts.intake.take(account.id, trunk.id, [event])
    assert state(parts, account)["lines"] == BAD


def test_a_ring_that_no_register_confirmed_is_not_done(parts: Parts, account: Account) -> None:
    parts.intake.test_ring(account.id, register=1, caller="+380671112233")
    assert state(parts, account)["ring"] == TODO


def test_another_accounts_cards_and_lines_count_for_nothing(
    parts: Parts, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    finished(parts, other)
    assert state(parts, account) == {"connected": GOOD, "phone": TODO, "lines": TODO, "ring": TODO}


def test_the_whole_way_shrinks_to_a_list_and_says_what_is_next(
    page: Page, parts: Parts, account: Account
) -> None:
    finished(parts, account)
    text = page.get("/manage/start")
    assert opened(text) == "done"
    assert "Done: 4 of 4" in text
    assert text.count('class="good"') == 4
    assert 'href="/manage/alerts?lang=en"' in text


@pytest.mark.parametrize(
    ("breaks", "red"),
    [
        ("DELETE FROM trunk", "phone"),
        ("UPDATE trunk SET paused = 1", "phone"),
        ("UPDATE register SET seen_at = 1", "ring"),
        ("UPDATE register SET seen_at = NULL", "ring"),
    ],
)
def test_what_breaks_later_turns_red_by_itself(
    page: Page, parts: Parts, account: Account, breaks: str, red: str
) -> None:
    finished(parts, account)
    with transaction():
        write(breaks)
    assert state(parts, account)[red] == BAD
    text = page.get("/manage/start")
    assert opened(text) == red
    assert text.count('<li class="bad') == 1


def test_every_step_can_be_opened_at_any_time_and_found_again(page: Page) -> None:
    for name in ("connected", "phone", "lines", "ring"):
        text = page.get(f"/manage/start/{name}")
        assert opened(text) == name
        assert f'data-address="/manage/start/{name}?lang=en"' in text


def test_whoever_is_not_the_owner_is_told_whom_to_ask(
    page: Page, account: Account, app: Flask, settings: Settings
) -> None:
    with transaction():
        Member.create(account=account, name="Olha", role="owner", code="x", at=1.0)
        manager = Member.create(account=account, name="Ivan", role="manager", code="x", at=1.0)
    held = Page(app.test_client(use_cookies=False), settings, Pass(account=account.id, member=manager.id))
    assert words("en")["forbidden.title"] in held.get("/manage/start")
    assert held.status == 403
    held.post("/manage/start/add", provider="binotel")
    assert held.status == 403
    with reading():
        assert not Trunk.select().exists()


# Choosing a company


def offered(text: str) -> list[str]:
    return re.findall(r'<li data-find="[^"]*"><a [^>]*add=(\w+)"', text)


@pytest.mark.parametrize("country", ["UA", "KZ", "PL", "RU", "DE"])
def test_the_three_easiest_of_the_country_come_first_and_nobody_is_missing(
    page: Page, account: Account, country: str
) -> None:
    with transaction():
        Account.update(country=country).where(Account.id == account.id).execute()
    found = offered(page.get("/manage/start"))
    assert tuple(found[:3]) == EASIEST.get(country, ELSEWHERE)
    assert sorted(found) == sorted(PROVIDERS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("бінот", ["binotel"]), ("BINO", ["binotel"]), ("yealink", ["phone"]), ("megafon", ["itoolabs"]),
     ("мегафон", ["itoolabs"]), ("київстар", ["sip"]), ("nobody's phones", [])],
)  # fmt: skip
def test_a_company_is_found_in_any_alphabet_and_under_its_other_names(
    page: Page, typed: str, found: list[str]
) -> None:
    text = page.get("/manage/start/phone", choose="1", q=typed)
    assert offered(text) == found
    assert ("data-found-none hidden" in text) == bool(found)


def test_what_is_sought_is_text(page: Page) -> None:
    assert (
        HOSTILE
        not in page.client.get(
            "/manage/start/phone", query_string={"q": HOSTILE}, headers=page.headers()
        ).text
    )


# Each company's own steps


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_a_companys_steps_are_whole(name: str) -> None:
    """In four languages; what is fetched goes into a setting, what is pasted exists."""
    told = guide.load(name)
    fields = {field.name for field in PROVIDERS[name].fields}
    assert told["steps"]
    assert set(told.get("fields", [])) <= fields
    for step in told["steps"]:
        assert set(step["do"]) == set(LANGUAGES)
        assert step.get("get", next(iter(fields))) in fields
        assert set(step.get("if", {})) <= fields
        assert not ("get" in step and "paste" in step)


def test_what_is_to_be_pasted_stands_there_whatever_is_chosen(parts: Parts, account: Account) -> None:
    for name, one in PROVIDERS.items():
        for settings in ({field.name: choice} for field in one.fields for choice in field.choices or ("",)):
            trunk = add_trunk(account, name)
            trunk.settings = json.dumps(settings)
            drawn = guide.after(parts, trunk, speaker("en"))
            copies = [copy["text"] for step in drawn for copy in step["copies"]]
            asks = name == "phonet" and settings.get("way") != "hear"
            assert any(trunk.token in text for text in copies) or asks or not one.methods, (name, settings)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_company_can_be_chosen_and_connected_in_every_language(
    page: Page, account: Account, lang: str
) -> None:
    for name in PROVIDERS:
        text = page.get("/manage/start/phone", add=name, lang=lang)
        assert words(lang)["start.connect"].split(" {")[0] in text, name
        add_trunk(account, name)
        text += page.get("/manage/start/phone", add=name, lang=lang)
        assert f"/hooks/{name}/" in text or not PROVIDERS[name].methods or name in ("phonet", "freepbx")
        for label in re.findall(r'role="img" aria-label="([^"]*)"', text):
            assert label.startswith(words(lang)["start.alt_menu"].split(":")[0]), "a drawing is called one"
        assert " style=" not in text


def test_a_drawing_shows_the_menu_the_field_and_the_address(
    page: Page, account: Account, parts: Parts
) -> None:
    trunk = add_trunk(account)
    text = page.get("/manage/start")
    drawing = re.search(r'<figure class="drawing">.*?</figure>', text, re.S)
    assert drawing
    assert '<li class="here">API / WebHook</li>' in drawing[0]
    assert "API CALL SETTINGS" in drawing[0]
    assert "Drawing: Binotel → Integrations → API / WebHook" in drawing[0]
    assert words("en")["start.drawing"] in drawing[0]
    assert text.count(f">{parts.trunks.hook_url(trunk)}</pre>") == 2


def test_an_address_that_nobody_outside_can_open_is_told_before_anything_is_typed(
    page: Page, settings: Settings, parts: Parts
) -> None:
    sentence = words("en")["start.unreachable"].split("{")[0]
    assert sentence not in page.get("/manage/start/phone", add="zadarma")
    parts_settings = parts.settings
    object.__setattr__(parts, "settings", replace(parts_settings, public_url="http://192.168.1.10:8080"))
    try:
        assert sentence in page.get("/manage/start/phone", add="zadarma")
        assert sentence not in page.get("/manage/start/phone", add="asterisk")
        assert "WebSocket key and secret" in page.get("/manage/start/phone", add="binotel")
    finally:
        object.__setattr__(parts, "settings", parts_settings)


# Connecting


def test_connecting_shows_what_to_paste_at_once(page: Page, parts: Parts, account: Account) -> None:
    text = send(page, "add", part="trunk-new", provider="binotel")
    (trunk,) = parts.trunks.of(account)
    assert opened(text) == "phone"
    assert note(text, f"trunk-{trunk.id}") == words("en")["start.added"]
    assert parts.trunks.hook_url(trunk) in text
    assert 'data-state="waiting"' in text
    assert 'data-address="/manage/start/phone?' in text


def test_our_address_is_entered_at_the_company_where_we_can(
    page: Page, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "exchange", Exchange())
    far.answer = lambda request: says({})
    typed = {"part": "trunk-new", "provider": "exchange", "set.host": "pbx.lan", "set.key": "exchange-key-1"}
    text = send(page, "add", **typed)
    assert note(text, "trunk-1") == words("en")["prepared"]
    assert "/hooks/exchange/" in str(far.heard[0].body)


def test_a_company_that_does_not_let_us_is_told_and_the_connection_stays(
    page: Page, far: Far, parts: Parts, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PROVIDERS, "exchange", Exchange())
    far.answer = lambda request: says({}, 403)
    typed = {"part": "trunk-new", "provider": "exchange", "set.host": "pbx.lan", "set.key": "exchange-key-1"}
    text = send(page, "add", **typed)
    assert "not everything is allowed" in note(text, "trunk-1")
    assert 'id="trunk-1-prepare"' in text
    assert len(parts.trunks.of(account)) == 1


def test_going_back_does_not_make_a_second_connection(page: Page, parts: Parts, account: Account) -> None:
    trunk = add_trunk(account)
    text = page.get("/manage/start/phone", add="binotel")
    assert parts.trunks.hook_url(trunk) in text
    assert 'name="provider"' not in text


def test_a_mistake_stands_beside_its_field_and_makes_nothing(page: Page) -> None:
    typed = {
        "part": "trunk-new",
        "provider": "phonet",
        "set.domain": "no domain",
        "set.key": "a-key-of-phonet",
    }
    text = send(page, "add", **typed)
    assert re.search(r'class="note beside bad" id="note-trunk-new-domain">[^<]+<', text)
    assert "a-key-of-phonet" not in text
    assert 'value="no domain"' in text
    with reading():
        assert not Trunk.select().exists()


def test_a_wrong_key_is_mended_where_it_is_told(page: Page, parts: Parts, account: Account) -> None:
    trunk = parts.trunks.add(account, "phonet", NEEDED["phonet"])
    parts.health.trouble(trunk.id, "login")
    text = page.get("/manage/start")
    assert words("en")["trouble.login"].format(detail="") in text
    assert f'id="trunk-{trunk.id}-settings" open' in text
    typed: dict[str, Any] = {"part": f"trunk-{trunk.id}", "id": trunk.id, "set.key": "another-key-of-phonet"}
    text = send(page, "change", **typed)
    assert opened(text) == "phone"
    assert parts.trunks.settings_of(Trunk.get_by_id(trunk.id))["key"] == "another-key-of-phonet"
    assert "another-key-of-phonet" not in text


def test_one_that_was_chosen_by_mistake_goes_and_one_with_calls_stays(
    page: Page, parts: Parts, account: Account
) -> None:
    trunk = add_trunk(account)
    text = send(page, "remove", part=f"trunk-{trunk.id}", id=trunk.id)
    assert words("en")["trunk_removed"] in text
    assert not parts.trunks.of(account)
    trunk = add_trunk(account)
    heard(trunk)
    text = send(page, "remove", part=f"trunk-{trunk.id}", id=trunk.id)
    assert words("en")["start.remove_there"] in text
    assert parts.trunks.of(account)


def test_the_first_call_is_asked_about_and_no_has_an_answer(page: Page, account: Account) -> None:
    trunk = add_trunk(account)
    heard(trunk)
    told = page.client.get("/manage/start/events?lang=en", headers=page.headers()).json
    assert told
    assert told["trunks"][str(trunk.id)]["state"] == "heard"
    assert told["trunks"][str(trunk.id)]["text"].startswith("Received a call from +380…33 to 044 123 4567")
    text = page.get("/manage/start/phone")
    assert words("en")["start.right_yes"] in text
    text = page.get("/manage/start/phone", wrong="1")
    assert words("en")["start.wrong_caller"] in text


def test_no_form_reaches_another_accounts_connection(
    page: Page, account: Account, restaurant: Restaurant, parts: Parts
) -> None:
    trunk = add_trunk(restaurant("kaffka", "700124"))
    for verb in ("change", "remove", "prepare"):
        send(page, verb, part="x", id=trunk.id)
        assert page.status == 422
    assert parts.trunks.hook_url(trunk) not in page.get("/manage/start/phone", trunk=str(trunk.id))
    assert Trunk.get_or_none(Trunk.id == trunk.id)


# Lines


def chosen(text: str) -> dict[str, str]:
    """Line -> who is selected for it."""
    found = {}
    for row in re.findall(r'name="line\.\d+" value="([^"]+)">(.*?)</select>', text, re.S):
        selected = re.search(r'value="([^"]*)" selected', row[1])
        found[row[0]] = selected[1] if selected else ""
    return found


def test_everything_known_is_filled_in_and_only_has_to_be_confirmed(
    page: Page, parts: Parts, account: Account, exchange: Trunk
) -> None:
    with transaction():
        Stray.create(account=account, kind="line", value="107", count=3, last_at=time.time())
        Employee.update(extras_line="108").where(Employee.poster_id == 6).execute()
    text = page.get("/manage/start/lines")
    assert chosen(text) == {
        "101": "employee-5",
        "103": "employee-7",
        "104": "",
        "107": "",
        "108": "employee-6",
    }
    assert words("en")["start.lines_suggested"] in text
    assert "calls came to it: 3" in text


def test_names_of_a_company_are_text(page: Page, exchange: Trunk) -> None:
    assert HOSTILE not in page.client.get("/manage/start/lines?lang=en", headers=page.headers()).text


def test_a_company_that_does_not_answer_leaves_the_rest(
    page: Page, account: Account, exchange: Trunk, far: Far
) -> None:
    far.answer = lambda request: says({}, 401)
    with transaction():
        Stray.create(account=account, kind="line", value="107", count=1, last_at=time.time())
    text = page.get("/manage/start/lines")
    assert "Exchange: The key or password is not accepted." in text
    assert chosen(text) == {"107": ""}


def rows_of(**given: str) -> dict[str, str]:
    """A form as the page sends it: line=owner, a line that somebody had as "was>now"."""
    typed = {"part": "lines"}
    for number, (line, owner) in enumerate(given.items()):
        had, _, now = owner.rpartition(">")
        typed |= {f"line.{number}": line.lstrip("_"), f"had.{number}": had, f"owner.{number}": now}
    return typed


def test_one_save_is_for_all(page: Page, account: Account, parts: Parts) -> None:
    typed = rows_of(_101="employee-5", _102="employee-5", _103="register-2", _104="")
    text = send(page, "lines", **typed)
    assert opened(text) == "ring"
    assert note(text, "start") == words("en")["start.lines_saved"].format(count=3)
    with reading():
        assert (of(account.id, EMPLOYEE, 5), of(account.id, REGISTER, 2)) == (["101", "102"], ["103"])


def test_a_line_changes_hands_and_the_others_stay(page: Page, account: Account, parts: Parts) -> None:
    parts.lines.set_employee(account, 5, "101, 102")
    send(page, "lines", **rows_of(_101="employee-5>employee-7", _102="employee-5>employee-5"))
    with reading():
        assert (of(account.id, EMPLOYEE, 5), of(account.id, EMPLOYEE, 7)) == (["102"], ["101"])


def test_a_shared_line_is_shown_and_left_alone(page: Page, account: Account, parts: Parts) -> None:
    parts.lines.set_employee(account, 5, "101")
    parts.lines.set_employee(account, 6, "101")
    text = page.get("/manage/start/lines")
    assert "Shared: Olena, Taras" in text
    assert chosen(text) == {}


def test_registers_hear_of_lines_at_once(page: Page, account: Account, parts: Parts) -> None:
    desk = Listener(account.id, 1, 1, 5)
    parts.hub.join(desk)
    send(page, "lines", **rows_of(_109="employee-5"))
    assert any('"109"' in frame for frame in desk.take())


def test_nobody_chosen_is_told_and_stays_here(page: Page, account: Account) -> None:
    text = send(page, "lines", **rows_of(_101="", _102=""))
    assert opened(text) == "lines"
    assert note(text, "lines") == words("en")["start.lines_nobody"]


@pytest.mark.parametrize(
    ("row", "word"),
    [({"line.1": "10a", "owner.1": "employee-6"}, "unfit.line_characters"),
     ({"line.1": "1" * 21, "owner.1": "employee-6"}, "unfit.line_long"),
     ({"line.1": "107", "owner.1": ""}, "unfit.line_nobodys"),
     ({"line.1": "107", "owner.1": "employee-99"}, "unfit.employee_unknown"),
     ({"line.1": "107", "owner.1": "spot-1"}, "unfit.employee_unknown"),
     ({"did.0": "0441234567", "spot.0": "99"}, "unfit.spot_unknown"),
     ({"did.0": "0", "spot.0": "1"}, "unfit.number")],
)  # fmt: skip
def test_one_mistake_changes_nothing_at_all(
    page: Page, account: Account, row: dict[str, str], word: str
) -> None:
    text = send(page, "lines", **rows_of(_101="employee-5"), **row)
    assert page.status == 422
    assert opened(text) == "lines"
    typed = row.get("line.1", row.get("did.0", ""))
    told = words("en")[word].format(value=typed, most=20)
    assert note(text, "lines") == told
    with reading():
        assert not LineOwner.select().exists()
        assert not Did.select().exists()


def test_outside_numbers_are_asked_about_where_there_are_several_spots(page: Page, account: Account) -> None:
    with transaction():
        Stray.create(account=account, kind="did", value="+380441234567", count=1, last_at=time.time())
    assert "044 123 4567" in page.get("/manage/start/lines")
    send(page, "lines", **{"part": "lines", "did.0": "+380441234567", "spot.0": "2"})
    with reading():
        assert Did.get().spot == 2


# The test ring


def at(parts: Parts, account: Account, register: int, employee: int | None = 5) -> Listener:
    listener = Listener(account.id, register, 1, employee)
    parts.hub.join(listener)
    return listener


def test_a_register_that_is_off_says_what_to_do(page: Page) -> None:
    text = send(page, "ring", part="ring", register="1", **{"from": "0671112233"})
    assert words("en")["ring_offline"].format(name="Register 1") == note(text, "ring")
    assert words("en")["start.cure_offline"] in text
    assert words("en")["start.ring_nobody"] in text


def test_registers_come_and_go_while_the_page_is_open(page: Page, parts: Parts, account: Account) -> None:
    def told() -> list[str]:
        found = page.client.get("/manage/start/events?lang=en", headers=page.headers()).json
        assert found
        return [found["registers"][one]["state"] for one in ("1", "2", "3")]

    assert told() == ["problem", "problem", "problem"]
    listener = at(parts, account, 1)
    at(parts, account, 2, None)
    assert told() == ["heard", "waiting", "problem"]
    parts.hub.leave(listener)
    assert told() == ["problem", "waiting", "problem"]


def test_a_ring_that_was_heard_is_asked_about(page: Page, parts: Parts, account: Account) -> None:
    listener = at(parts, account, 2)
    text = page.get("/manage/start/ring")
    assert re.search(r'name="register" value="2" checked', text), "the one that is there"
    text = send(page, "ring", part="ring", register="2", **{"from": "0671112233"})
    assert any('"test": true' in frame or '"test":true' in frame for frame in listener.take())
    assert "Did the card come up on “Register 2”?" in text


@pytest.mark.parametrize("typed", [{"register": "9"}, {"register": "x"}, {"from": "12"}])
def test_what_cannot_be_rung_is_told(page: Page, typed: dict[str, str]) -> None:
    text = send(page, "ring", **{"part": "ring", "register": "1", "from": "0671112233", **typed})
    assert page.status == 422
    assert opened(text) == "ring"
    assert note(text, "ring")


def why(page: Page, register: int = 1) -> list[str]:
    return re.findall(r'data-reason="(\w+)"', page.get("/manage/start/ring", missed=str(register)))


def test_no_card_has_a_reason(page: Page, parts: Parts, account: Account) -> None:
    assert why(page) == ["offline"]
    at(parts, account, 1, None)
    assert why(page) == ["nobody"]
    at(parts, account, 1, 5)
    assert why(page) == ["frozen"]
    shown_at(parts, account, 1)
    assert why(page) == ["elsewhere"]


def test_a_card_that_was_not_wanted_says_who_did_not_want_it(
    page: Page, parts: Parts, account: Account
) -> None:
    at(parts, account, 1, 5)
    shown_at(parts, account, 1)
    with transaction():
        Preference.create(account=account, name="pop", value="answer")
        Employee.update(quiet=True).where(Employee.poster_id == 5).execute()
        write("INSERT INTO never_pop (account_id, number, at) VALUES (?, '+380671112233', 1)", account.id)
    assert why(page) == ["never", "on_answer", "quiet"]


def test_another_accounts_register_has_no_reasons(
    page: Page, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    with transaction():
        Register.update(poster_id=77).where(Register.account == other, Register.poster_id == 1).execute()
    assert why(page, 77) == []
