"""What fits where: the popup clips, tills are small, fingers are thick, people read four languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import MARTA, SADOVA, Phone, Poster, stranger
from tests.browser.till import Till
from tests.browser.words import LANGUAGES, say

SIZES = {"large": (1024, 800), "480x600": (496, 660), "320x480": (336, 540)}
"""The register's screen; its popup is a margin and a title bar smaller."""

FLAWS = """() => {
  const shown = (one) => one.getClientRects().length > 0;
  const name = (one) => one.tagName + " " + (one.textContent || one.value || "").slice(0, 40);
  const all = [...document.querySelectorAll("#app-container *")].filter(shown);
  const targets = all.filter((one) => one.matches("button, input, select, a"));
  const texts = all.filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const box = (one) => one.getBoundingClientRect();
  const across = ({ left, right }) => left >= 0 && right <= innerWidth + 0.5;
  const down = ({ top, bottom }) => top >= 0 && bottom <= innerHeight + 0.5;
  const spills = (one) => one.scrollHeight > innerHeight || one.scrollWidth > innerWidth;
  const inside = (place) => across(place) && down(place);
  const main = document.querySelector("main");
  return {
    scrollbars: [document.documentElement, document.body].filter(spills).map(name),
    wider: main.scrollWidth > main.clientWidth ? [name(main)] : [],
    small: targets.filter((one) => box(one).width < 44 || box(one).height < 44).map(name),
    tiny: texts.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 14).map(name),
    cut: [...document.querySelectorAll("header, footer, footer button")].filter((one) => !inside(box(one))).map(name),
    squeezed: main.clientHeight < 100 ? [`${main.clientHeight} px`] : [],
  };
}"""


def flawless(register: Till) -> None:
    found: dict[str, Any] = register.frame.evaluate(FLAWS)
    assert {flaw: where for flaw, where in found.items() if where} == {}


def known(register: Till, phone: Phone) -> None:
    phone.ring("0671112233")
    register.sees("Коваленко Олена")
    expect(register.main).to_contain_text("Маргарита")


def unknown(register: Till, phone: Phone) -> None:
    phone.ring(stranger())
    expect(register.field("name")).to_be_visible()


def several(register: Till, phone: Phone) -> None:
    phone.ring("0502223344")
    register.sees("Шевчук Ірина")


def withheld(register: Till, phone: Phone) -> None:
    phone.ring("")
    expect(register.app.locator("header.ringing")).to_be_visible()


def two_calls(register: Till, phone: Phone) -> None:
    unknown(register, phone)
    register.fills("name", "Дуже Довге Ім’я Гостя, Що Не Вміщується")
    phone.ring("0671112233")
    expect(register.chips).to_have_count(2)


def menu(register: Till, phone: Phone) -> None:
    phone.ring(stranger()).miss()
    register.opens_menu()


CARDS: list[Callable[[Till, Phone], None]] = [known, unknown, several, withheld, two_calls, menu]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.__name__)
def test_nothing_is_cut_small_or_scrolled(
    card: Callable[[Till, Phone], None], size: str, till: OpenTill, phone: Phone
) -> None:
    register = till(1, MARTA, *SIZES[size])
    card(register, phone)
    flawless(register)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_speak(lang: str, till: OpenTill, phone: Phone, poster: Poster) -> None:
    """And the longest words of each language fit the smallest till."""
    poster.faults(lang=lang)
    register = till(1, MARTA, *SIZES["320x480"])
    ring = phone.ring(stranger(), SADOVA)
    for word in ("incoming", "newGuest", "name", "group", "phone", "address", "createAndOrder", "createOnly"):
        expect(register.app.get_by_text(say(word, lang=lang)).first).to_be_visible()
    flawless(register)
    ring.answer("101")
    expect(register.app.get_by_role("status").get_by_text(say("talking", lang=lang))).to_be_visible()
    flawless(register)


def test_card_can_be_worked_by_keyboard(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring("0671112233")
    register.sees("Коваленко Олена")
    register.button("newOrder").focus()
    outline = register.button("newOrder").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline != "none"
    for word in ("repeat", "close"):
        register.page.keyboard.press("Tab")
        expect(register.button(word)).to_be_focused()
