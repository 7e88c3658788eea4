"""What a cashier learns about a guest and writes down stays for the next call; and nothing moves under a finger."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenTill
from tests.browser.scenes.table import cast, flag, known, person, rings
from tests.browser.showing import SIZES, Json, Showing, stand
from tests.browser.stage import ANDRII, MARTA, SOLOMIYA, Phone, stranger
from tests.browser.till import Till
from tests.browser.words import LANGUAGES, say

HALYNA = "0933334455"
PLACES = """() => Object.fromEntries([...document.querySelectorAll("button")].map((one) => {
  const { left, top, width, height } = one.getBoundingClientRect();
  return [one.textContent, [left, top, width, height].map(Math.round)];
}))"""


@pytest.fixture(params=SIZES)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    with stand(browser, request.param) as page:
        yield page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_late_facts_move_no_button(page: Page, lang: str) -> None:
    """The orders come a second after the name: what could be tapped before is where it was."""
    register = Showing(page, lang)
    register.start(load={"open": 7, "minutes": 45})
    rings(register)
    actors = cast(register)
    names: Json = {"flags": [flag(actors, "allergy", actors.allergy)]}
    late: Json = {"orders": [], "usual": [], "figures": None, "last_order": None}
    known(register, person(actors, **names, **late), stage="found")
    register.passes(1)
    before = page.evaluate(PLACES)
    known(register, person(actors, **names), version=9)
    after = page.evaluate(PLACES)
    assert len(after) > len(before) > 6
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_matters_needs_no_scrolling(page: Page, lang: str) -> None:
    """The flag, the name, the address and the main button."""
    register = Showing(page, lang)
    register.start()
    rings(register)
    actors = cast(register)
    known(register, person(actors, flags=[flag(actors, "refuse", actors.refuse)]))
    bottom = page.locator("footer").bounding_box()
    assert bottom
    for first in (".flags", "h1", "main .row"):
        box = page.locator(first).first.bounding_box()
        assert box
        assert box["y"] + box["height"] <= bottom["y"]
    expect(page.locator(".main")).to_be_in_viewport(ratio=1)


def next_call(register: Till, phone: Phone, number: str) -> None:
    register.tap("close")
    register.sees_no_card()
    phone.ring(number)
    expect(register.main).to_be_visible()


def test_a_street_is_suggested_and_the_address_is_there_at_the_next_call(
    till: OpenTill, phone: Phone
) -> None:
    register = till(1, MARTA)
    phone.ring(HALYNA)
    register.sees("Галина")
    register.app.locator("main .row").first.click()
    register.field("street").press_sequentially("Сад", delay=20)
    register.app.locator("#sheet .chip", has_text="Садова").first.click()
    expect(register.field("street")).to_have_value(re.compile("Садова"))
    register.fills("house", "77")
    register.fills("entrance", "4")
    register.tap("useAddress")
    expect(register.app.locator("main .row")).to_contain_text("Садова 77")
    next_call(register, phone, HALYNA)
    expect(register.app.locator("main .row")).to_contain_text("Садова 77")
    register.sees("під. 4")


def test_a_second_number_is_asked_about_and_known_from_then_on(till: OpenTill, phone: Phone) -> None:
    register, number = till(2, SOLOMIYA), stranger()
    phone.ring(number)
    register.sees(say("newGuest"))
    register.field("name").press_sequentially("Коваленко Олена", delay=20)
    expect(register.app.locator(".ask")).to_contain_text("Коваленко Олена")
    register.tap("yes")
    expect(register.app.locator("h1")).to_have_text("Коваленко Олена")
    next_call(register, phone, number)
    expect(register.app.locator("h1")).to_have_text("Коваленко Олена")


def test_a_flag_put_up_here_stands_before_the_name_there(till: OpenTill, phone: Phone) -> None:
    here, there = till(1, MARTA), till(2, ANDRII)
    phone.ring(HALYNA)
    here.sees("Галина")
    there.sees("Галина")
    here.tap("flag")
    here.app.get_by_role("button", name=say("flag_allergy")).click()
    here.app.locator("main input").fill("горіхи")
    here.app.locator("footer .main").click()
    there.sees(say("flag_allergy"), "горіхи")
