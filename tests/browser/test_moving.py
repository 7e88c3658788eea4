"""A call goes from register to register: answered, transferred, missed, and the waiters change places."""

from __future__ import annotations

import time

from playwright.sync_api import expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import ANDRII, BOHDAN, GRACE, MARTA, SOLOMIYA, Phone, shown, stranger
from tests.browser.words import say

OLENA = "0671112233"
SECOND = 1000


def test_answered_elsewhere_folds_at_once_and_says_who(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    ring = phone.ring(OLENA)
    bar.sees("Коваленко Олена")
    delivery.sees("Коваленко Олена")
    ring.answer("101")
    delivery.sees_no_card(timeout=SECOND)
    delivery.notified(say("answeredBy", "Марта Гнатюк"))
    bar.sees(say("talking"), "Коваленко Олена")


def test_answered_by_nobody_we_know_folds_everywhere_and_names_the_extension(
    till: OpenTill, phone: Phone
) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    ring = phone.ring(OLENA)
    bar.sees("Коваленко Олена")
    delivery.sees("Коваленко Олена")
    ring.answer("199")
    bar.sees_no_card(timeout=SECOND)
    delivery.sees_no_card(timeout=SECOND)
    delivery.notified(say("line", "199"))


def test_card_that_is_being_typed_in_stays_and_says_who_answered(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    ring = phone.ring(stranger())
    delivery.sees(say("newGuest"))
    delivery.fills("name", "Недописаний")
    ring.answer("101")
    bar.sees(say("talking"))
    delivery.sees("Марта Гнатюк")
    expect(delivery.field("name")).to_have_value("Недописаний")
    ring.end()
    phone.ring(stranger())
    expect(delivery.chips).to_have_count(2)
    expect(delivery.field("name")).to_have_value("Недописаний")


def test_transfer_moves_the_card(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    ring = phone.ring(OLENA)
    ring.answer("101")
    bar.sees(say("talking"))
    delivery.sees_no_card()
    ring.move("102")
    delivery.sees("Коваленко Олена")
    bar.sees_no_card(timeout=SECOND)


def test_missed_call_says_so_and_then_is_in_the_list(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    ring = phone.ring(number)
    register.sees(shown(number))
    ring.miss()
    register.sees(say("missed"))
    register.sees_no_card(timeout=(GRACE + 3) * SECOND)
    register.opens_menu()
    row = register.app.get_by_role("button").filter(has_text=shown(number))
    expect(row).to_contain_text(say("missed"))
    row.click()
    register.sees(shown(number), say("newGuest"))


def test_card_stays_for_the_grace_time_after_the_call(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    ring = phone.ring(OLENA)
    ring.answer("101")
    register.sees(say("talking"))
    ended = time.monotonic()
    ring.end()
    register.sees(say("over"), "Коваленко Олена")
    register.sees_no_card(timeout=(GRACE + 3) * SECOND)
    assert time.monotonic() - ended >= GRACE - 0.5


def test_closed_card_does_not_come_back_by_itself(till: OpenTill, phone: Phone) -> None:
    register, sentinel = till(1, MARTA), stranger()
    ring = phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("close")
    register.sees_no_card()
    ring.answer("101")
    register.opens_menu()
    register.sees(say("now"), "Коваленко Олена", say("talking"))
    register.tap("close")
    phone.ring(sentinel)
    register.sees(shown(sentinel))


def test_nobody_is_rung_where_nobody_is_logged_in(till: OpenTill, phone: Phone) -> None:
    empty, number = till(1).linked(), stranger()
    phone.ring(number)
    empty.sees_no_card()
    empty.login(MARTA)
    empty.sees(shown(number))


def test_quick_change_of_waiter_moves_the_line(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    ring = phone.ring(OLENA)
    ring.answer("101")
    bar.sees(say("talking"))
    delivery.sees_no_card()
    bar.login(SOLOMIYA)
    bar.sees_no_card()
    delivery.login(MARTA)
    delivery.sees(say("talking"), "Коваленко Олена")


def test_employee_at_two_registers_keeps_the_card_at_both(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, MARTA)
    phone.ring(OLENA).answer("101")
    bar.sees(say("talking"))
    delivery.sees(say("talking"))


def test_menu_shows_who_has_which_line(till: OpenTill) -> None:
    register = till(1, ANDRII)
    register.opens_menu()
    register.sees("Андрій Кравець", "104", say("socket"))
    register.tap("close")
    register.does("login", SOLOMIYA)
    register.opens_menu()
    register.sees("Соломія Ткачук", "103")


def test_logout_is_let_through_at_once_with_a_card_open(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    started = time.monotonic()
    register.does("logout")
    assert time.monotonic() - started < 1
    register.sees_no_card()
    assert register.does("watchdogs") == []
