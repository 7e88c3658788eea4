"""The Phone page in a real browser: choosing, adding, asking, pausing, copying, printing."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect
from werkzeug.serving import make_server

from server.config import Settings, load
from server.db import reading, transaction
from server.lines import EMPLOYEE, of
from server.models import Account, Trunk
from server.parts import Parts
from server.providers import PROVIDERS
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE, Desk
from tests.browser.stage import Poster, Stage
from tests.browser.words import LANGUAGES, manage
from tests.conftest import make_restaurant
from tests.exchange import Exchange
from tests.far import Far, Reply, Request, says

EXTENSIONS = [{"line": "101", "name": "Olena"}, {"line": "103", "name": "Ірина К."}, {"line": "104", "name": "Bar"},
              {"line": "sip-bar", "name": "A softphone behind the bar with a very long name"}]  # fmt: skip
CLIPBOARD = "navigator.clipboard.readText()"


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    far.answer = lambda request: says(EXTENSIONS)
    yield far
    far.close()


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    environ = wire.environment(wire.free_port(), tmp_path / "d.db", COMPANIES_URL=far.url)
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """A restaurant of a server that listens here."""
    monkeypatch.setitem(PROVIDERS, "exchange", Exchange())
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield make_restaurant()
    server.shutdown()
    server.server_close()


@pytest.fixture
def trunk(parts: Parts, account: Account) -> Trunk:
    return parts.trunks.add(account, "exchange", {"host": "pbx.lan", "key": "exchange-key-1"})


@pytest.fixture
def page(browser: Browser, settings: Settings, account: Account) -> Iterator[Page]:
    """The Phone page, where nothing may be thrown and the page's own policy may forbid nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.add_init_script("window.print = () => { window.printed = true }")
    page, thrown = context.new_page(), list[str]()

    def told(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            thrown.append(message.text)

    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", told)
    page.goto(address(settings, account))
    expect(page.locator("h1")).to_be_visible()
    yield page
    context.close()
    assert not thrown


def address(settings: Settings, account: Account, path: str = "phone", lang: str = "en") -> str:
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    return f"{settings.public_url}/manage/{path}?lang={lang}#t={token}"


def reload(page: Page) -> None:
    page.reload()
    expect(page.locator("h1")).to_be_visible()


def button(page: Page, trunk: Trunk, verb: str) -> Locator:
    return page.locator(f"#trunk-{trunk.id}-{verb}")


def note(page: Page, trunk: Trunk, text: str) -> None:
    expect(page.locator(f"#note-trunk-{trunk.id}")).to_contain_text(text)


def put(trunk: Trunk, **facts: Any) -> None:
    with transaction():
        Trunk.update(**facts).where(Trunk.id == trunk.id).execute()


# In Poster's frame, with the real server


def test_a_desk_phone_is_connected_from_the_back_office(
    browser: Browser, poster: Poster, stage: Stage
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="uk-UA")
    desk = Desk(context.new_page(), poster, stage.server.url)
    desk.go("phone")
    desk.frame.locator("a[href$='add=phone']").click()
    form = desk.frame.locator("form.card")
    expect(form).to_be_focused()
    form.locator("select[name='set.model']").select_option("snom")
    form.locator(".go").click()
    card = desk.frame.locator("section.card").last
    expect(card.locator(".note")).to_have_text([re.compile(manage("trunk_added_lines")), *[""] * 4])
    ring = card.locator(".paste").filter(has_text="Incoming call").locator("pre")
    line = str(ring.text_content())
    assert "/hooks/phone/" in line
    card.locator(".paste").filter(has_text="Incoming call").locator("button").click()
    expect(card.locator(".paste button").first).to_have_text(manage("phone.copied"))
    called = re.sub(r"\$[\w-]+", "1", line.replace("r=$remote", "r=0671112233"))
    assert requests.get(called, timeout=10).ok
    expect(card.locator(".state")).to_contain_text("+380…33")
    card.locator("button", has_text=manage("phone.pause")).click()
    expect(card.locator(".state")).to_have_text(manage("trunk_paused"))
    card.locator("button", has_text=manage("phone.resume")).click()
    expect(card.locator(".note.good")).to_have_text(manage("resumed"))
    card.locator("a[href*='/manage/sheet/']").click()
    expect(desk.frame.locator(".sheet .qr svg")).to_have_count(5)
    desk.frame.locator(".tools a").click()
    card.locator("a[href*='remove=']").click()
    desk.frame.locator("form.banner .danger").click()
    desk.note("trunks", manage("trunk_removed"))
    context.close()


# Choosing and filling in


def test_a_company_is_found_by_its_name_and_asked_for_what_it_needs(page: Page) -> None:
    link = page.locator(".providers a", has_text="Exchange")
    expect(link).to_contain_text(manage("phone.untried", "en"))
    link.click()
    expect(page.locator("form.card h3")).to_have_text("Exchange")
    page.locator("form.card .go").click()
    assert page.locator("#trunk-new-host").evaluate("one => one.validity.valueMissing")
    with reading():
        assert not Trunk.select().exists()


def test_a_secret_typed_beside_a_mistake_need_not_be_typed_again(
    page: Page, parts: Parts, account: Account
) -> None:
    page.locator(".providers a", has_text="Exchange").click()
    page.locator("#trunk-new-key").fill("exchange-key-2")
    page.locator("#trunk-new-host").fill("no host")
    page.locator("form.card .go").click()
    expect(page.locator("#note-trunk-new-host")).to_contain_text("must be such as pbx.lan")
    expect(page.locator("#trunk-new-host")).to_be_focused()
    expect(page.locator("#trunk-new-key")).to_have_value("exchange-key-2")
    page.locator("#trunk-new-host").fill("pbx.lan")
    page.locator("form.card .go").click()
    expect(page.locator("section.card .note.good")).to_have_text(manage("trunk_added_lines", "en"))
    expect(page.locator("#trunk-1-key")).to_have_value("")
    (trunk,) = parts.trunks.of(account)
    assert parts.trunks.settings_of(trunk) == {
        "host": "pbx.lan",
        "key": "exchange-key-2",
        "region": "eu",
    }


# How it is


def test_trouble_appears_and_goes_without_a_reload(page: Page, parts: Parts, trunk: Trunk) -> None:
    reload(page)
    health = page.locator(".health")
    expect(health.locator(".trouble")).to_be_hidden()
    parts.health.trouble(trunk.id, "login")
    expect(health.locator(".trouble")).to_contain_text("The key or password is not accepted.")
    expect(health).to_have_attribute("data-state", "problem")
    expect(page.locator("#say")).to_contain_text("The key or password is not accepted.")
    parts.health.connection(trunk.id, "connected")
    parts.health.well(trunk.id)
    expect(health.locator(".state")).to_have_text(manage("trunk_connected", "en"))
    expect(health.locator(".trouble")).to_be_hidden()
    expect(health.locator(".more")).to_contain_text("Connected since ")


# Asking the company, by the keyboard alone


def test_a_check_is_answered_where_it_was_asked_and_the_focus_stays(page: Page, trunk: Trunk) -> None:
    reload(page)
    page.locator(f"#trunk-{trunk.id}-settings summary").click()
    button(page, trunk, "test").focus()
    page.keyboard.press("Enter")
    note(page, trunk, "It works. Internal numbers found: 4.")
    expect(button(page, trunk, "test")).to_be_focused()
    expect(page.locator(f"#trunk-{trunk.id}-settings")).to_have_attribute("open", "")


def test_while_the_company_thinks_the_page_says_so(page: Page, far: Far, trunk: Trunk) -> None:
    think = threading.Event()

    def slow(request: Request) -> Reply:
        think.wait(10)
        return says({}, 401)

    far.answer = slow
    reload(page)
    button(page, trunk, "numbers").click()
    note(page, trunk, manage("asking", "en"))
    think.set()
    note(page, trunk, "The key or password is not accepted.")


def test_the_companys_numbers_are_given_to_people(page: Page, account: Account, trunk: Trunk) -> None:
    reload(page)
    button(page, trunk, "numbers").click()
    table = page.locator("form.numbers")
    expect(table.locator("li")).to_have_count(4)
    expect(table.locator("li").first).to_contain_text("Already with: Olena")
    first, second = table.locator("select").all()
    expect(first).to_have_value("7")
    second.select_option("6")
    table.locator(".go").click()
    note(page, trunk, "Saved")
    expect(table).to_have_count(0)
    with reading():
        assert (of(account.id, EMPLOYEE, 7), of(account.id, EMPLOYEE, 6)) == (["103"], ["102", "104"])


def test_pausing_is_one_tap_and_so_is_going_on(page: Page, trunk: Trunk) -> None:
    reload(page)
    button(page, trunk, "pause").click()
    expect(page.locator(".state")).to_have_text(manage("trunk_paused", "en"))
    expect(button(page, trunk, "test")).to_have_count(0)
    button(page, trunk, "pause").click()
    expect(page.locator(".state")).to_have_text(manage("trunk_waiting", "en"))


# Copying and printing


def test_ready_lines_are_copied_as_they_are(page: Page, parts: Parts, trunk: Trunk) -> None:
    reload(page)
    for paste, row in zip(parts.companies.pastes(trunk), page.locator(".paste").all(), strict=True):
        row.locator("button").click()
        expect(row.locator("button")).to_have_text(manage("phone.copied", "en"))
        assert page.evaluate(CLIPBOARD) == paste.text


def test_a_browser_that_forbids_copying_leaves_it_selected(page: Page, trunk: Trunk) -> None:
    reload(page)
    page.evaluate(
        "document.execCommand = () => false; navigator.clipboard.writeText = () => Promise.reject(); 0"
    )
    row = page.locator(".paste").first
    row.locator("button").click()
    expect(row.locator("button")).to_have_text(manage("phone.copy_failed", "en"))
    assert page.evaluate("String(getSelection())") == row.locator("pre").text_content()


def test_the_report_is_copied_with_what_is_wrong(
    page: Page, parts: Parts, account: Account, trunk: Trunk
) -> None:
    parts.health.trouble(trunk.id, "unknown_word", "callParked")
    parts.diary.note(
        account.id, trunk.id, "POST", '{"event":"callParked"}', "nothing done: unknown", "callParked"
    )
    parts.diary.write_down()
    reload(page)
    page.locator(f"#trunk-{trunk.id}-sent summary").click()
    page.locator(f"#trunk-{trunk.id}-sent button").click()
    report = page.evaluate(CLIPBOARD)
    for fact in (
        f"Exchange (exchange {trunk.id})",
        "(callParked)",
        "not needed: unknown",
        '{"event":"callParked"}',
    ):
        assert fact in report


def test_the_sheet_is_one_printed_page_and_survives_a_reload(
    page: Page, parts: Parts, account: Account
) -> None:
    trunk = parts.trunks.add(account, "phone", {"model": "yealink"})
    reload(page)
    page.locator("a[href*='/manage/sheet/']").click()
    expect(page.locator(".sheet .qr svg")).to_have_count(8)
    assert page.evaluate("scrollY") == 0, "another page begins at its beginning"
    reload(page)
    page.locator(".languages a[href*='lang=pl']").click()
    expect(page.locator(".tools .go")).to_have_text(manage("sheet.print", "pl"))
    page.locator(".tools .go").click()
    assert page.evaluate("window.printed")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    for gone in ("header", ".tools"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.locator(".sheet")).to_contain_text("pechera")
    width = page.locator(".qr").first.evaluate("one => one.getBoundingClientRect().width / 96 * 25.4")
    assert width > 25, "millimetres that a camera can read"
    page.emulate_media(media="screen")
    page.locator(".tools a").click()
    expect(page.locator(f"#trunk-{trunk.id}-title")).to_be_visible()


# Every state, language and width


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_fits_can_be_hit_and_read(
    page: Page, parts: Parts, settings: Settings, account: Account, trunk: Trunk, lang: str
) -> None:
    desk = parts.trunks.add(account, "phone", {"model": "yealink"})
    paused = parts.trunks.add(account, "generic", {"secret": "sixteen letters and more"})
    parts.trunks.pause(paused, True)
    put(trunk, state="connected", state_at=time.time(), last_at=time.time(), last_from="+380…12", reconnects=12,
        last_did="0441234567", delay=44.0, filled_at=time.time(), trouble="refused", trouble_at=time.time(),
        trouble_detail="averyverylongwordwithoutanyspaceinit" * 3)  # fmt: skip
    parts.diary.note(
        account.id, trunk.id, "POST /ring application/json", "x" * 300, "unreadable: why", "ring"
    )
    parts.diary.write_down()
    page.goto(address(settings, account, lang=lang))
    reload(page)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    button(page, trunk, "numbers").click()
    expect(page.locator("form.numbers")).to_be_visible()
    fits(page)
    page.locator("a[href*='add=exchange']").click()
    expect(page.locator("form.card")).to_be_visible()
    fits(page)
    page.locator(f"a[href*='/manage/sheet/{desk.id}']").click()
    expect(page.locator(".sheet")).to_be_visible()
    fits(page)


def fits(page: Page) -> None:
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(TOO_WIDE) <= 0, width
        assert page.evaluate(TOO_SMALL) == [], width
        assert page.evaluate(TOO_FINE) == [], width
