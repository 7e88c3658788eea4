"""The Alerts page in a real browser: four languages at 320 px, a recipient added and tried with the keyboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server.config import Settings, load
from server.models import Account
from server.parts import Parts
from server.web.manage_words import load as words
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.alerting import MIN, NOON, add_target, answer, call_in_vain, look, set_up
from tests.browser.desk import TOO_FINE, TOO_SMALL
from tests.browser.words import LANGUAGES
from tests.conftest import make_restaurant
from tests.mailbox import Mail

LONG = "Олександра-Вікторія Нечуй-Левицька-Коваленко"
AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"
TOO_WIDE = "document.querySelector('main').scrollWidth - innerWidth"


@pytest.fixture
def settings(tmp_path: Path, mail: Mail) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db", SMTP_URL=mail.url), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, parts: Parts, settings: Settings) -> Iterator[Account]:
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    account = set_up(make_restaurant())
    call_in_vain(account, NOON - 40 * MIN, name=LONG)
    call_in_vain(account, NOON - 50 * MIN, "+380501234567")
    look(parts, account)
    answer(account, NOON)
    look(parts, account, NOON + MIN)
    yield account
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda told: thrown.append(told.text) if "Content Security" in told.text else None)
    yield page
    context.close()
    assert not thrown


def open_in(page: Page, settings: Settings, account: Account, lang: str) -> None:
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    page.goto("about:blank")
    page.goto(f"{settings.public_url}/manage/alerts?lang={lang}#t={token}")
    expect(page.locator("h1")).to_have_text(words(lang)["alerts.title"])


def test_the_page_fits_320_px_in_every_language(
    page: Page, parts: Parts, settings: Settings, account: Account
) -> None:
    add_target(parts, account, "a@example.com", "email")
    for lang in LANGUAGES:
        open_in(page, settings, account, lang)
        for summary in page.locator("summary").all():
            if summary.locator("..").get_attribute("open") is None:
                summary.click()
        assert page.evaluate(TOO_WIDE) <= 0, lang
        assert page.evaluate(TOO_SMALL) == [], lang
        assert page.evaluate(TOO_FINE) == [], lang
    page.evaluate(AXE.read_text("utf-8"))
    assert [found["id"] for found in page.evaluate("axe.run()")["violations"]] == []


def test_an_address_is_added_tried_and_removed_with_the_keyboard(
    page: Page, settings: Settings, account: Account, mail: Mail
) -> None:
    open_in(page, settings, account, "en")
    expect(page.locator("#add-telegram")).to_have_attribute("open", "")
    page.locator("#add-email summary").focus()
    page.keyboard.press("Enter")
    page.locator("#email-address").fill("olena@")
    page.keyboard.press("Enter")
    expect(page.locator("#note-email")).to_contain_text("is not an e-mail address")
    expect(page.locator("#email-address")).to_have_attribute("aria-invalid", "true")
    page.locator("#email-address").fill("olena@gmail.com")
    page.keyboard.press("Enter")
    expect(page.locator("#note-targets")).to_have_text(words("en")["alerts.added"])
    page.locator("#target-1-test").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#note-target-1")).to_have_text(words("en")["alerts.tested"], timeout=15_000)
    assert [letter["To"] for letter in mail.got] == ["olena@gmail.com"]
    page.locator("#target-1-digest").focus()
    page.keyboard.press("Space")
    expect(page.locator("#note-target-1")).to_have_text(words("en")["saved"])
    page.locator("#target-1-gone summary").focus()
    page.keyboard.press("Enter")
    page.locator("#target-1-gone button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#note-targets")).to_have_text(words("en")["alerts.removed"])
    expect(page.locator(".target")).to_have_count(0)
