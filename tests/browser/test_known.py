"""A guest whom we know calls."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import BOHDAN, MARTA, PODIL, Phone, shown, stranger
from tests.browser.words import say

OLENA, OLENA_ID = "0671112233", 318
SHEVCHUKS, IRYNA_ID = "0502223344", 320
HALYNA_DELETED_ONCE = "0933334455"
ONLY_DELETED = "0664445566"
HOSTILE = "0995556677"
OLD_ROW = "0676667788"


def test_known_guest_is_greeted_with_all_that_we_know(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена", "067 111 2233", "Постійні", say("bonus", "45"), "Алергія на горіхи")
    register.sees(say("lastAddress"), "вул. Садова 5/7", say("lastOrder"), say("delivery"), "Маргарита")


def test_new_order_opens_with_the_guest_in_it(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("newOrder")
    register.order_opens()
    register.order_has(OLENA_ID)
    register.sees_no_card()


def test_one_tap_is_one_order(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    before = len(register.state()["orders"])
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.button("newOrder").dblclick()
    register.order_has(OLENA_ID)
    assert len(register.state()["orders"]) == before + 1


def test_guest_is_added_to_the_order_that_is_open(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    register.does("openOrder")
    order = register.order_opens()
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("addToOrder")
    register.order_has(OLENA_ID)
    assert register.does("activeOrder")["id"] == order["id"]


def test_of_several_guests_the_cashier_chooses(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(SHEVCHUKS)
    register.sees(say("several"), "Шевчук Андрій", "Шевчук Ірина", "Ромашка")
    register.app.get_by_role("button", name="Шевчук Ірина").click()
    register.sees(say("bonus", "12.5").split(" ")[0], say("newOrder"))
    register.tap("newOrder")
    register.order_has(IRYNA_ID)


def test_choice_can_be_taken_back(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(SHEVCHUKS)
    register.app.get_by_role("button", name="Шевчук Андрій").click()
    register.tap("anotherGuest")
    register.sees(say("several"), "Шевчук Ірина")


def test_deleted_guest_is_not_shown_beside_the_living(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(HALYNA_DELETED_ONCE)
    register.sees("Петренко Галина Нова", say("newOrder"))


def test_number_of_a_deleted_guest_is_unknown(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(ONLY_DELETED)
    register.sees(say("newGuest"), shown(ONLY_DELETED))
    register.sees_no("Чорний")


def test_zeros_of_an_old_row_are_not_read_out(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring(OLD_ROW)
    register.sees("Стара Картка", shown(OLD_ROW))
    for text in register.main.locator("dd, .note").all_inner_texts():
        assert text.strip() != "0"


def test_hostile_name_is_harmless_text(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    dialogs: list[str] = []
    register.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    phone.ring(HOSTILE)
    register.sees("<script>alert(1)</script>", "<img src=x onerror=alert(2)>")
    expect(register.app.locator("script, img, h1 b")).to_have_count(0)
    assert not dialogs


def test_withheld_number_has_its_own_card_and_matches_nobody(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring("")
    register.sees(say("hiddenNumber"), say("hiddenHint"))
    expect(register.app.get_by_label(say("name"))).to_have_count(0)
    register.tap("newOrder")
    assert register.order_opens()["clientId"] == 0


def test_foreign_guest_is_found(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    phone.ring("48604111222")
    register.sees("Nowak Zofia")


def test_call_for_another_spot_rings_there_only(till: OpenTill, phone: Phone) -> None:
    sadova, podil = till(1, MARTA), till(3, BOHDAN)
    elsewhere, here = stranger(), stranger()
    phone.ring(elsewhere, PODIL)
    podil.sees(shown(elsewhere))
    phone.ring(here)
    sadova.sees(shown(here))
    sadova.sees_no(shown(elsewhere))
