"""A newcomer with only the page as guide: from a fresh account to a test ring, at Binotel, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import NewPage
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE
from tests.browser.stage import Poster, Stage
from tests.browser.test_axe import AXE
from tests.browser.till import Till
from tests.browser.words import manage
from tests.wire import Json

CAFE, DID, ZORYANA = "kaffka", "0322220011", "3333"
SOON = 10_000


@pytest.fixture
def cafe(stage: Stage, new_page: NewPage) -> Iterator[Page]:
    """A second restaurant that was connected a moment ago; its owner opens Manage inside Poster."""
    page = new_page(1280, 900)
    page.goto(f"{stage.server.url}/connect")
    page.get_by_role("radio", name="Kaffka").check()
    page.click("[data-test=approve]")
    expect(page.locator(".counts")).to_be_visible()
    page.goto(f"{stage.poster.url}/manage/applications/dzvinok?account={CAFE}")
    expect(page.frame_locator("#application").locator("h1")).to_be_visible()
    inside = next(frame for frame in page.frames if frame.url.startswith(stage.server.url))
    page.goto(inside.url)
    remove_phones(page)
    page.locator("nav a[href*='/manage/start?']").click()
    yield page
    stage.poster.tell("application", account=CAFE, action="disconnect")


def remove_phones(page: Page) -> None:
    """Those of this test, or of one before it."""
    page.locator("nav a[href*='/manage/phone?']").click()
    expect(page.locator("#add")).to_be_visible()
    while page.locator("a[href*='remove=']").count():
        page.locator("a[href*='remove=']").first.click()
        page.locator("form.banner .danger").click()
        expect(page.locator("#note-trunks")).to_have_text(manage("trunk_removed"))


def phone(poster: Poster, what: str, **body: object) -> Json:
    return poster.tell(f"phone/{what}", **{"account": CAFE, **body})


def step(page: Page, name: str) -> Locator:
    opened = page.locator(f".path .open:has(#step-{name})")
    expect(opened).to_be_visible(timeout=SOON)
    return opened


def is_sound(page: Page) -> None:
    """On a laptop and on a small phone: nothing cut, nothing too small, and nothing that axe finds."""
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(TOO_WIDE) <= 0, width
        assert page.evaluate(TOO_SMALL) == [], width
        assert page.evaluate(TOO_FINE) == [], width
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(
        "axe.run(document).then((all) => all.violations.map((one) => one.id + one.nodes[0].html))"
    )
    assert found == []


def test_a_newcomer_reaches_a_test_ring(cafe: Page, new_page: NewPage, stage: Stage) -> None:
    page, poster = cafe, stage.poster
    # Which company? Found while it is typed.
    choice = step(page, "phone")
    page.locator("#find").fill("Бінот")
    expect(choice.locator("[data-find]:visible")).to_have_count(1)
    choice.get_by_role("link", name="Binotel").click()
    page.get_by_role("button", name=manage("start.connect", name="Binotel")).click()
    # What goes where: drawings, and the address to copy; then the first call, without a reload.
    expect(page.locator(".drawing")).to_have_count(2)
    address = str(page.locator(".clicks pre").first.text_content())
    is_sound(page)
    expect(page.locator(".is-it")).to_be_hidden()
    phone(poster, "settings", company="binotel", hook=address)
    ring = phone(poster, "call", **{"from": "0671112233", "kind": "in", "did": DID})["call"]
    expect(page.locator(".state")).to_contain_text("+380…33 на 03222 20011", timeout=SOON)
    phone(poster, "answer", call=ring["id"], line="107")
    phone(poster, "hangup", call=ring["id"])
    page.locator(".is-it .go").click()
    # Whose is the line that the call came to?
    lines = step(page, "lines")
    expect(lines.locator("strong.number")).to_have_text("107")
    lines.locator("select").first.select_option(label="Зоряна Бариста")
    is_sound(page)
    lines.locator(".go").click()
    # A register: off, then there, then rung.
    registers = step(page, "ring")
    expect(registers.locator(".ring-desk")).to_have_attribute("data-state", "problem")
    till = Till(new_page(), poster, 1, CAFE).login(ZORYANA)
    expect(registers.locator(".ring-desk")).to_have_attribute("data-state", "heard", timeout=SOON)
    registers.locator("#ring-go").click()
    till.sees("Новий гість")
    is_sound(page)
    page.locator(".is-it .go").click()
    # Everything holds, until something does not.
    page.locator("a[href*='/manage/start?']").click()
    expect(page.locator("#step-done")).to_have_text(manage("start.done"), timeout=SOON)
    expect(page.locator(".path > .good")).to_have_count(4)
    remove_phones(page)
    page.locator("a[href*='/manage/start?']").click()
    step(page, "phone")
    expect(page.locator(".path > .bad")).to_have_count(1)
