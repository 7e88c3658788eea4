"""The check-up in a real browser: asked again by keyboard, a call searched for, printed; four languages, two sizes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from server.config import Settings, load
from server.db import transaction
from server.hub import Listener
from server.models import Account, CallRow, Register, Sighting, Stray, Trunk
from server.parts import Parts
from server.speech import speaker
from tests import wire
from tests.browser.office import fits, opened, serving, violations
from tests.browser.words import LANGUAGES
from tests.conftest import add_trunk, make_restaurant
from tests.poster.company import TOKEN

AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"
WIDE: ViewportSize = {"width": 1280, "height": 800}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db"), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings, parts: Parts) -> Iterator[Account]:
    """Red, amber and green at once; a call that reached nobody, and a register that was measured."""
    account, now = make_restaurant(), time.time()
    add_trunk(account)
    with transaction():
        Account.update(token=parts.vault.seal(TOKEN)).execute()
        Trunk.update(last_at=now, trouble="login").execute()
        Register.update(name="Каса на літній терасі біля входу").where(Register.poster_id == 1).execute()
        Register.update(seen_at=now - 3000, seen_employee=7, version="1.2.0-0a0a0a0a").where(
            Register.poster_id == 2
        ).execute()
        Stray.create(account=account, kind="line", value="109", count=3, last_at=now)
        for call, verdict, took in (("seen", "shown", 48), ("blind", "nobody", None)):
            CallRow.create(id=call, account=account, key=call, direction="in", state="ended", started=now, touched=now,
                           version=1, number="+380671112233", legs='{"101":"ended"}')  # fmt: skip
            Sighting.create(
                account=account, call_id=call, register=1, employee=5, verdict=verdict, at=now, took=took
            )
            Sighting.create(account=account, call_id=call, register=2, verdict="offline", at=now)
    parts.hub.join(Listener(account.id, 1, 1, 5, version="1.3.0-0b0b0b0b"))
    with serving(app, settings):
        yield account


@pytest.fixture
def page(browser: Browser, settings: Settings, account: Account) -> Iterator[Page]:
    with opened(browser, settings, account, "doctor") as page:
        expect(page.locator("#doctor-again")).to_be_visible()
        yield page


def test_it_is_asked_again_searched_and_printed_by_keyboard(page: Page) -> None:
    assert violations(page) == []
    assert page.locator(".finding").first.get_attribute("data-kind") == "trunk_trouble"
    page.locator("#doctor-again").press("Enter")
    expect(page.locator("#note-probes.good")).to_be_visible()
    assert page.locator(".unshown > li").count() == 1
    field = page.locator("#doctor-number")
    field.fill("067 111-22-33")
    field.press("Enter")
    expect(page.locator(".unshown > li")).to_have_count(2)
    expect(page.locator(".unshown")).to_contain_text("48 ms")
    assert violations(page) == []
    page.set_viewport_size(WIDE)
    fits(page)
    page.emulate_media(media="print")
    assert page.locator("button:visible, nav:visible, input:visible").count() == 0


def test_every_language_fits_a_small_screen(page: Page) -> None:
    for lang in LANGUAGES:
        tongue = page.locator(f".languages a[href*='lang={lang}']")
        tongue.click()
        expect(page.locator("h1")).to_have_text(speaker(lang)("doctor.title"))
        expect(tongue).to_have_attribute("aria-current", "true")
        fits(page)
