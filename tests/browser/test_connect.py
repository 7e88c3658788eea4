"""The owner of a second restaurant connects it in a browser, in each of the ways that Poster knows."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.stage import Stage
from tests.browser.words import connect
from tests.wire import Register

CAFE = "kaffka"


@pytest.fixture(autouse=True)
def cafe(stage: Stage) -> Iterator[None]:
    """Not connected before, and not after."""
    yield
    stage.poster.tell("faults", account=CAFE, reset=True)
    stage.poster.tell("application", account=CAFE, action="disconnect")
    disconnected(stage)


def disconnected(stage: Stage) -> None:
    """Poster's word has come: no register of the café is let in."""
    deadline = time.monotonic() + 10
    while not refused(stage):
        assert time.monotonic() < deadline, "still connected"


def refused(stage: Stage) -> bool:
    register = Register(stage.server.url, CAFE, register=1, spot=1, employee=3)
    return bool(register.ask("hello").json().get("error"))


def begin(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.server.url}/connect")
    page.get_by_role("radio", name="Kaffka").check()


def install(page: Page, stage: Stage) -> None:
    """ "Connect" in Poster's marketplace: the browser arrives at our door unasked."""
    page.goto(f"{stage.poster.url}/marketplace/install?account={CAFE}")
    heading(page, "parked.title")


def heading(page: Page, word: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(connect(word))


def test_owner_connects_and_sees_the_restaurant(new_page: NewPage, stage: Stage) -> None:
    page = new_page()
    begin(page, stage)
    page.click("[data-test=approve]")
    heading(page, "connected.title")
    expect(page.locator("main")).to_contain_text("Kaffka")
    expect(page.locator(".counts")).to_contain_text(f"{connect('connected.employees')} 2")
    assert not refused(stage)
    page.reload()
    heading(page, "connected.title")


def test_owner_may_decline(new_page: NewPage, stage: Stage) -> None:
    page = new_page()
    begin(page, stage)
    page.click("[data-test=decline]")
    expect(page.locator("main")).to_contain_text(connect("mishap.declined"))
    assert refused(stage)


@pytest.mark.parametrize("shape", ["a", "b", "c"])
def test_refusal_of_poster_is_told_in_words(shape: str, new_page: NewPage, stage: Stage) -> None:
    stage.poster.tell("faults", account=CAFE, exchange_error=shape)
    page = new_page()
    begin(page, stage)
    page.click("[data-test=approve]")
    expect(page.locator("main")).to_contain_text(connect("mishap.refused"))
    expect(page.locator("main")).to_contain_text("Requested code's application doesn't exist")
    assert refused(stage)


def test_install_that_began_at_poster_waits_for_its_button(new_page: NewPage, stage: Stage) -> None:
    page = new_page()
    install(page, stage)
    for fact in (CAFE, "700124", "Павло Кафка"):
        expect(page.locator("dl")).to_contain_text(fact)
    assert refused(stage)
    page.get_by_role("button", name=connect("parked.go")).click()
    heading(page, "connected.title")
    assert not refused(stage)


def test_button_works_once(new_page: NewPage, stage: Stage) -> None:
    page = new_page()
    install(page, stage)
    again = page.context.new_page()
    again.goto(f"{stage.server.url}/connect/confirm?install={number(page)}")
    page.get_by_role("button", name=connect("parked.go")).click()
    heading(page, "connected.title")
    stage.poster.tell("application", account=CAFE, action="disconnect")
    disconnected(stage)
    again.get_by_role("button", name=connect("parked.go")).click()
    expect(again.locator("main")).to_contain_text(connect("mishap.gone"))
    assert refused(stage)


def test_button_does_not_work_in_another_browser(new_page: NewPage, stage: Stage, browser: Browser) -> None:
    page = new_page()
    install(page, stage)
    with browser.new_context() as stranger:
        form = {"install": number(page)}
        answer = stranger.request.post(f"{stage.server.url}/connect/confirm?lang=ua", form=form)
        assert connect("mishap.browser") in answer.text()
    assert refused(stage)
    page.get_by_role("button", name=connect("parked.go")).click()
    heading(page, "connected.title")


def test_hook_of_an_install_that_waits_does_not_exist(new_page: NewPage, stage: Stage) -> None:
    """Connected once with a trunk, disconnected, and now waiting for the button again."""
    page = new_page()
    begin(page, stage)
    page.click("[data-test=approve]")
    heading(page, "connected.title")
    added = stage.server.cli("trunks", "add", "--account", CAFE, "--provider", "binotel")
    hook = added.stdout.strip().splitlines()[-1]
    assert requests.get(hook, timeout=10).status_code == 200
    stage.poster.tell("application", account=CAFE, action="disconnect")
    disconnected(stage)
    install(page, stage)
    assert requests.get(hook, timeout=10).status_code == 404


def number(page: Page) -> str:
    return page.locator("input[name=install]").input_value()
