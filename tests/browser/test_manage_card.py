"""The Card page in a real browser: four languages at 320 px, keyboard, live figures."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server import popping, preferences
from server.config import Settings, load
from server.db import transaction
from server.models import Account, Directory
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE
from tests.browser.words import LANGUAGES, manage
from tests.conftest import make_restaurant

LONG = "Олександра-Вікторія Нечуй-Левицька-Коваленко"
COURIER = "+380501234567"
AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db"), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings) -> Iterator[Account]:
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    account = make_restaurant()
    popping.hush(account.id, COURIER, "courier", (5, LONG))
    popping.revealed(account.id, "c-1", (6, LONG))
    read(account, stage="guests", done=12_400, total=200_000)
    yield account
    server.shutdown()
    server.server_close()


def read(account: Account, **facts: object) -> None:
    with transaction():
        Directory.delete().where(Directory.account == account).execute()
        Directory.create(account=account, **facts)


@pytest.fixture
def page(browser: Browser, settings: Settings, account: Account) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda told: thrown.append(told.text) if "Content Security" in told.text else None)
    open_in(page, settings, account, "en")
    yield page
    context.close()
    assert not thrown


def open_in(page: Page, settings: Settings, account: Account, lang: str) -> None:
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    page.goto("about:blank")
    page.goto(f"{settings.public_url}/manage/card?lang={lang}#t={token}")
    expect(page.locator("h1")).to_have_text(manage("card.title", lang))


def test_the_page_fits_320_px_in_every_language(page: Page, settings: Settings, account: Account) -> None:
    for lang in LANGUAGES:
        open_in(page, settings, account, lang)
        assert page.evaluate(TOO_WIDE) <= 0, lang
        assert page.evaluate(TOO_SMALL) == [], lang
        assert page.evaluate(TOO_FINE) == [], lang


def test_axe_finds_nothing(page: Page, account: Account) -> None:
    read(account, stage="guests", done=1, total=2, problem="dash")
    page.reload()
    expect(page.locator("[data-directory]")).to_have_attribute("data-state", "problem")
    page.evaluate(AXE.read_text("utf-8"))
    assert [found["id"] for found in page.evaluate("axe.run()")["violations"]] == []


def test_figures_of_the_directory_come_by_themselves(page: Page, account: Account) -> None:
    health = page.locator("[data-directory]")
    expect(health).to_contain_text("12,400 of 200,000")
    read(account, stage="guests", done=150_000, total=200_000, problem="down")
    expect(health).to_contain_text("150,000 of 200,000")
    expect(health).to_have_attribute("data-state", "problem")
    expect(health.locator("progress")).to_have_attribute("value", "75")
    expect(page.locator("#say")).to_contain_text("Poster does not answer")
    read(account, stage="done", guests_at=time.time(), orders_at=time.time(), orders_from=1_777_800_000.0)
    expect(health).to_contain_text("Orders back to")
    expect(health.locator("progress")).to_be_hidden()


def test_everything_is_done_with_the_keyboard(page: Page, account: Account) -> None:
    page.locator("#pref-promise").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("70")
    expect(page.locator("#note-pref-promise")).to_have_text("Saved")
    assert preferences.of(account.id).promise == 70
    page.keyboard.type("00")
    expect(page.locator("#note-pref-promise")).to_contain_text("Nothing was changed")
    expect(page.locator("#pref-promise")).to_have_attribute("aria-invalid", "true")
    page.locator("#pref-pop").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#note-pref-pop")).to_have_text("Saved")
    page.locator("#quiet-5").focus()
    page.keyboard.press("Space")
    expect(page.locator("#note-quiet-5")).to_have_text("Saved")
    assert popping.quiet(account.id, 5)
    page.locator("[data-part=never] button.quiet").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#note-never")).to_have_text(manage("never.undone", "en"))
    page.locator("#never-number").fill("050 123 45 67")
    page.keyboard.press("Enter")
    expect(page.locator("#note-never")).to_have_text(manage("never.added", "en"))
    assert popping.never(account.id, COURIER)
