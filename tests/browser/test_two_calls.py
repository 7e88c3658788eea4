"""More calls than one at a register, and an order on its screen."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from tests import chromium
from tests.browser.conftest import OpenTill
from tests.browser.stage import MARTA, Phone, Poster, shown, stranger
from tests.browser.till import Till
from tests.browser.words import say

OLENA = "0671112233"
PIZZA, VARIANT = 601, 6011
STORAGE = "--disable-features=TrackingProtection3pcs,ThirdPartyCookieBlocking"


def test_second_call_is_in_the_strip_and_steals_nothing(till: OpenTill, phone: Phone) -> None:
    register, first, second = till(1, MARTA), stranger(), stranger()
    phone.ring(first)
    register.sees(say("newGuest"))
    register.fills("name", "Перша")
    phone.ring(second)
    expect(register.chip(shown(second))).to_be_visible()
    expect(register.field("name")).to_have_value("Перша")
    expect(register.field("name")).to_be_focused()


def test_each_call_keeps_what_was_typed_for_it(till: OpenTill, phone: Phone) -> None:
    register, first, second = till(1, MARTA), stranger(), stranger()
    for number, name in ((first, "Перша"), (second, "Друга")):
        phone.ring(number)
        expect(register.chips).to_have_count(0 if number == first else 2)
        if number == second:
            register.chip(shown(second)).click()
        register.sees(say("newGuest"))
        register.fills("name", name)
    register.chip(shown(first)).click()
    expect(register.field("name")).to_have_value("Перша")
    register.chip(shown(second)).click()
    expect(register.field("name")).to_have_value("Друга")


def test_draft_outlives_the_popup(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    register.sees(say("newGuest"))
    register.fills("name", "Живучий")
    register.does("closePopup")
    register.sees_no_card()
    register.opens_menu()
    register.app.get_by_role("button").filter(has_text=shown(number)).first.click()
    expect(register.field("name")).to_have_value("Живучий")


def test_draft_outlives_a_restart_of_the_application(browser: Browser, poster: Poster, phone: Phone) -> None:
    """On a register that lets our frame keep anything; by default this browser does not."""
    lenient = browser.browser_type.launch(executable_path=chromium.path(), args=[*chromium.FLAGS, STORAGE])
    register = Till(lenient.new_page(), poster, 1).login(MARTA)
    phone.ring(stranger())
    register.sees(say("newGuest"))
    register.fills("name", "Живучий")
    register.restart()
    expect(register.field("name")).to_have_value("Живучий")
    expect(register.field("name")).to_be_visible()
    lenient.close()


def test_slow_answer_for_an_older_call_never_lands_on_a_newer_card(till: OpenTill, phone: Phone) -> None:
    register, newer = till(1, MARTA), stranger()
    older = phone.ring(OLENA)
    phone.ring(newer)
    register.sees(shown(newer))
    older.miss()
    register.chip(shown(newer)).click()
    register.sees(say("newGuest"), shown(newer))
    expect(register.main).not_to_contain_text("Коваленко")


def test_order_in_progress_is_not_covered(till: OpenTill, phone: Phone) -> None:
    register = with_an_order(till(1, MARTA))
    phone.ring(OLENA)
    toast = register.notified(say("incoming"))
    expect(toast).to_contain_text("+380…33")
    expect(toast).not_to_contain_text("111")
    register.sees_no_card()
    toast.locator(".toast-open").click()
    register.sees("Коваленко Олена", say("addToOrder"))


def test_payment_is_not_covered(till: OpenTill, phone: Phone) -> None:
    register = with_an_order(till(1, MARTA))
    register.does("pay")
    phone.ring(OLENA)
    register.notified(say("incoming"))
    register.sees_no_card()


def test_guest_of_the_open_order_is_not_replaced_without_asking(till: OpenTill, phone: Phone) -> None:
    register = with_an_order(till(1, MARTA))
    register.does("setClient", 319)
    phone.ring(OLENA)
    register.notified(say("incoming")).locator(".toast-open").click()
    register.sees("Коваленко Олена")
    register.tap("addToOrder")
    register.sees(say("replaceAsk"))
    register.order_has(319)
    register.tap("replace")
    register.order_has(318)


def test_empty_order_is_covered(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    register.does("openOrder")
    phone.ring(OLENA)
    register.sees("Коваленко Олена")


def with_an_order(register: Till) -> Till:
    register.does("openOrder")
    register.does("addProduct", PIZZA, VARIANT)
    return register
