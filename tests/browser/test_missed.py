"""Who called in vain: seen by everybody whose line rang, called back by one, closed by what the phone says."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import BOHDAN, MARTA, Phone, shown, stranger
from tests.browser.till import Till
from tests.browser.words import say

LATER = 12_000
"""A list that was just tapped is drawn anew when what was said about the tap has been read."""


def waits(register: Till, number: str) -> Locator:
    return register.app.locator("#sheet > .waits", has_text=shown(number))


def opens_list(register: Till) -> Till:
    register.opens_menu()
    register.app.get_by_role("button", name=say("waiting")).click()
    return register


def lost(phone: Phone, number: str, *registers: Till) -> None:
    """Seen at each register and put away there: a card that came later would stand before the list."""
    call = phone.ring(number)
    for register in registers:
        register.sees(shown(number))
    call.miss()
    for register in registers:
        register.does("closePopup")


def labelled(register: Till, text: str) -> None:
    register.wait_for(f"sandbox.state().icons.functions.includes({text!r})")


def test_whoever_is_not_answered_waits_until_they_get_through(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    lost(phone, number, register)
    labelled(register, "(")
    opens_list(register)
    expect(waits(register, number)).to_contain_text(say("minutesAgo", "0"))
    again = phone.ring(number)
    again.answer("101")
    again.end()
    expect(waits(register, number)).to_have_count(0, timeout=LATER)


def test_two_do_not_call_the_same_guest(till: OpenTill, phone: Phone) -> None:
    marta, bohdan, number = till(1, MARTA), till(2, BOHDAN), stranger()
    lost(phone, number, marta, bohdan)
    for register in (marta, bohdan):
        expect(waits(opens_list(register), number)).to_be_visible()
    waits(marta, number).get_by_role("button", name=say("claim")).click()
    expect(waits(bohdan, number)).to_contain_text(say("claimedBy", "").strip(), timeout=LATER)
    expect(waits(bohdan, number).get_by_role("button", name=say("callBack"))).to_have_count(0, timeout=LATER)
    waits(marta, number).get_by_role("button", name=say("release")).click()
    expect(waits(bohdan, number).get_by_role("button", name=say("callBack"))).to_be_visible(timeout=LATER)
    waits(bohdan, number).get_by_role("button", name=say("done")).click()
    for register in (marta, bohdan):
        expect(waits(register, number)).to_have_count(0, timeout=LATER)


def test_what_cannot_be_dialled_from_here_is_shown_large(till: OpenTill, phone: Phone) -> None:
    """The test's phone company takes no calls from us."""
    register, number = till(1, MARTA), stranger()
    lost(phone, number, register)
    opens_list(register)
    waits(register, number).get_by_role("button", name=say("callBack")).click()
    expect(register.app.locator(".box.number")).to_have_text(shown(number))
    expect(waits(register, number)).to_contain_text(say("claimedHere"))


def test_quiet_is_quiet_until_it_is_switched_off(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    register.opens_menu()
    knob = register.app.get_by_role("switch")
    knob.click()
    expect(knob).to_have_attribute("aria-checked", "true")
    number = stranger()
    call = phone.ring(number)
    register.sees(shown(number))
    expect(register.app.locator("header.link")).to_be_visible()
    call.end()
    knob.click()
    expect(knob).to_have_attribute("aria-checked", "false")
    number = stranger()
    phone.ring(number)
    expect(register.app.locator("h1")).to_have_text(shown(number))


def test_what_the_call_was_about_is_one_tap_and_stands_in_the_list(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    call = phone.ring(number)
    register.sees(shown(number))
    call.answer("101")
    register.app.get_by_role("button", name=say("note"), exact=True).click()
    register.app.get_by_role("button", name=say("about_complaint")).click()
    register.sees(say("noteSaved"))
    call.end()
    register.does("closePopup")
    register.opens_menu()
    row = register.app.locator(".row", has_text=shown(number)).last
    expect(row).to_contain_text(say("about_complaint"))


def test_number_that_never_pops_is_put_on_the_list_and_taken_off(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    register.app.get_by_role("button", name=say("neverPop"), exact=True).click()
    register.app.get_by_role("button", name=say("kind_courier")).click()
    register.sees(say("neverDone"))
    phone.hang_up()
    register.does("closePopup")
    second = phone.ring(number)
    row = register.app.locator(".row", has_text=say("incoming"))
    row.wait_for(state="attached")
    register.sees_no_card()
    register.opens_menu()
    row.click()
    expect(register.app.locator("h1")).to_have_text(shown(number))
    register.app.get_by_role("button", name=say("neverPop"), exact=True).click()
    register.app.get_by_role("button", name=say("undo")).click()
    register.sees(say("neverAsk"))
    second.end()
    register.does("closePopup")
    phone.ring(number)
    register.sees(shown(number))
    expect(register.app.locator("h1")).to_have_text(shown(number))


def test_what_stays_open_is_told_at_logout_and_stands_in_nobodys_way(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    lost(phone, number, register)
    labelled(register, "(")
    register.does("logout")
    register.wait_for("!sandbox.state().user")
    register.sees_no_card()
    register.notified(say("staysOpen")).locator(".toast-open").click()
    register.sees(say("staysOpen"), shown(number))
