"""The phone panel in a real browser: any company may be chosen, set up and played with a thumb."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.companies import COMPANIES
from tests.sandbox.stand import Application, Poster

SMALL = """within => [...document.querySelectorAll(`${within} :is(button, select, input)`)]
    .filter(one => one.offsetParent && !["radio", "checkbox"].includes(one.type))
    .map(one => [one.dataset.test ?? one.className, one.getBoundingClientRect()])
    .filter(([name, box]) => box.width < 44 || box.height < 44)
    .map(([name]) => name)"""
WORDIEST = "pl"


@pytest.fixture
def page(browser: Browser, poster: Poster) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"http://localhost:{poster.port}/?lang=en")
    expect(at(page, "company")).to_be_visible()
    yield page
    context.close()
    assert wrong == []


def at(page: Page, name: str) -> Any:
    return page.locator(f"[data-test={name}]")


def settings(poster: Poster) -> dict[str, Any]:
    return dict(poster.get("/sandbox/api/phone")["settings"])


@pytest.mark.parametrize("lang", ["ua", "ru", "en", "pl"])
def test_it_fits_a_narrow_phone_and_a_thumb(page: Page, poster: Poster, lang: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"http://localhost:{poster.port}/?lang={lang}")
    for name in COMPANIES if lang == WORDIEST else ("telnyx", "binotel"):
        at(page, "company").select_option(name)
        expect(at(page, "company")).to_have_value(name)
        at(page, "phone-settings").click()
        expect(at(page, "drawer-phone")).to_contain_text(COMPANIES[name].title)
        assert page.evaluate(SMALL, ".drawer") == []
        at(page, "drawer-close").click()
    poster.post("/sandbox/api/phone/story", story="group")
    expect(
        at(page, "call-ringing").or_(at(page, "call-answered")).or_(at(page, "call-ended")).first
    ).to_be_visible()
    assert page.evaluate(SMALL, ".phone") == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_company_is_chosen_set_up_and_played(page: Page, poster: Poster, application: Application) -> None:
    at(page, "company").select_option("zadarma")
    expect(at(page, "company")).to_have_value("zadarma")
    at(page, "phone-settings").click()
    at(page, "setup-hook").fill(f"{application.url}/hooks/zadarma/t")
    expect(at(page, "key-secret")).to_have_value("zadarma-secret-pechera")
    at(page, "key-secret").fill("another")
    at(page, "setup-signature").select_option("wrong")
    at(page, "setup-save").click()
    expect(at(page, "drawer-phone")).to_have_count(0)
    now = settings(poster)
    assert (now["company"], now["secret"], now["signature"]) == ("zadarma", "another", "wrong")
    at(page, "story").select_option("transfer")
    at(page, "play").click()
    heard = application.wait_until(lambda told: "NOTIFY_END" in str(told))
    assert dict(parse_qsl(heard[0].body))["event"] == "NOTIFY_START"
    at(page, "phone-log").click()
    expect(page.locator(".entry").first).to_contain_text("→ NOTIFY_")


def test_what_cannot_be_is_said_in_the_drawer(page: Page) -> None:
    at(page, "phone-settings").click()
    at(page, "setup-hook").evaluate("one => one.type = 'text'")
    at(page, "setup-hook").fill("nonsense")
    at(page, "setup-save").click()
    expect(at(page, "drawer-phone").locator("[role=alert]")).to_have_text(
        "The hook address begins with http:// or https://."
    )


def test_a_ring_goes_to_the_line_that_was_picked(page: Page, poster: Poster) -> None:
    at(page, "rings").select_option("103")
    at(page, "ring").click()
    expect(at(page, "call-ringing")).to_be_visible()
    assert poster.get("/sandbox/api/phone")["calls"][0]["rings"] == ["103"]


def test_it_says_what_it_cannot_play(page: Page) -> None:
    at(page, "phone-settings").click()
    expect(at(page, "drawer-phone")).to_contain_text("Asterisk and SIP are not played here")
