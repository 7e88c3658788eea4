"""People's data in a real browser: found by keyboard, handed out, erased, printed; four languages on a small screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from server.config import Settings, load
from server.models import Account
from server.speech import speaker
from tests import household, wire
from tests.browser.office import fits, opened, serving, violations
from tests.browser.words import LANGUAGES
from tests.conftest import add_trunk, make_restaurant

AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db"), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings) -> Iterator[Account]:
    account = make_restaurant()
    household.settle(account, add_trunk(account))
    with serving(app, settings):
        yield account


@pytest.fixture
def page(browser: Browser, settings: Settings, account: Account) -> Iterator[Page]:
    with opened(browser, settings, account, "people") as page:
        yield page


def speak(page: Page, lang: str) -> None:
    tongue = page.locator(f".languages a[href*='lang={lang}']")
    tongue.click()
    expect(tongue).to_have_attribute("aria-current", "true")


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def test_a_person_is_found_handed_out_and_erased_by_keyboard(page: Page) -> None:
    assert violations(page) == []
    field = page.locator("#find-number")
    field.fill("067 111-22-33")
    field.press("Enter")
    expect(page.locator("h1")).to_contain_text("067")
    fits(page)
    unfold(page)
    fits(page)
    assert violations(page) == []
    with page.expect_download() as begun:
        page.locator(".person-file button").press("Enter")
    assert json.loads(begun.value.path().read_text("utf-8"))["numbers"] == [
        household.NUMBER,
        household.SECOND,
    ]
    unfold(page)
    page.locator(".person-erase .danger").press("Enter")
    expect(page.locator("dl.receipt")).to_be_visible()
    assert page.locator(".note.good").inner_text() == speaker("ua")("people.erased")
    fits(page)
    assert violations(page) == []
    page.emulate_media(media="print")
    assert page.locator("button:visible, nav:visible").count() == 0
    page.reload()
    expect(page.locator("dl.receipt")).to_be_visible()


def test_every_language_fits_a_small_screen(page: Page) -> None:
    for lang in LANGUAGES:
        speak(page, lang)
        expect(page.locator("h1")).to_have_text(speaker(lang)("people.title"))
        fits(page)
    page.locator("#find-number").fill(household.NUMBER)
    page.locator(".person-find button").click()
    expect(page.locator("#erase")).to_be_visible()
    for lang in LANGUAGES:
        speak(page, lang)
        expect(page.locator("#erase")).to_have_text(speaker(lang)("people.erase"))
        unfold(page)
        fits(page)
