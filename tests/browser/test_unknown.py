"""Somebody calls whom nobody knows: from a number to a guest with an order."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import BOHDAN, MARTA, Phone, Poster, shown, stranger
from tests.browser.till import Till, digits
from tests.browser.words import say


def test_form_has_groups_of_the_account_and_a_locked_number(till: OpenTill, phone: Phone) -> None:
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    register.sees(shown(number), say("newGuest"))
    expect(register.field("phone")).to_have_attribute("readonly", "")
    assert digits(register.field("phone").input_value()) == f"38{number}"
    names = register.field("group").locator("option").all_inner_texts()
    assert names == ["Гості", "Постійні", "VIP", "Свої"]


def test_created_guest_gets_an_order(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    fill_in(register, "Новоселенко Марія")
    register.field("group").select_option(label="VIP")
    register.tap("createAndOrder")
    register.order_opens()
    made = the_guest(poster, "Новоселенко")
    register.order_has(made["id"])
    assert made | {"groupId": 3, "address": "вул. Нова, 1", "comment": "без цибулі"} == made
    assert digits(made["phone"]) == f"38{number}"


def test_enter_creates_the_guest_and_the_order(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register = till(1, MARTA)
    phone.ring(stranger())
    register.sees(say("newGuest"))
    register.field("name").press_sequentially("Ентеренко Олег", delay=50)
    register.field("name").press("Enter")
    register.order_opens()
    register.order_has(the_guest(poster, "Ентеренко")["id"])


def test_guest_can_be_created_without_an_order(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register = till(1, MARTA)
    phone.ring(stranger())
    fill_in(register, "Безорденко Іван")
    register.tap("createOnly")
    register.sees(say("saved"), "Безорденко")
    assert register.state()["screen"] == "orders"
    assert the_guest(poster, "Безорденко")
    register.tap("newOrder")
    register.order_has(the_guest(poster, "Безорденко")["id"])


def test_guest_without_a_name_is_not_created(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    register.tap("createOnly")
    register.sees(say("needName"))
    assert not [one for one in poster.guests() if digits(one["phone"]).endswith(number)]


def test_new_guest_is_known_at_the_other_register(till: OpenTill, phone: Phone) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    phone.ring(stranger())
    delivery.sees(say("newGuest"))
    fill_in(bar, "Спільненко Ада")
    bar.tap("createOnly")
    delivery.sees("Спільненко Ада", say("newOrder"))


def test_number_saved_meanwhile_elsewhere_offers_its_guest(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    bar, delivery = till(1, MARTA), till(2, BOHDAN)
    phone.ring(stranger())
    fill_in(delivery, "Другенко")
    fill_in(bar, "Першенко Яна")
    bar.tap("createOnly")
    delivery.sees(say("belongs", "Першенко Яна"))
    expect(delivery.field("name")).to_have_value("Другенко")
    delivery.tap("useGuest")
    delivery.sees("Першенко Яна", say("newOrder"))
    assert not poster.guests(lastname="Другенко")


def test_guest_is_greeted_when_nobody_can_be_asked(till: OpenTill, phone: Phone, poster: Poster) -> None:
    """Neither the register nor Poster finds them: the directory knows who it is."""
    register = till(1, MARTA)
    poster.faults(clients_find="fail", api="700")
    phone.ring("0967778899")
    register.sees("Давній Гість")
    register.tap("newOrder")
    register.order_has(328)


def fill_in(register: Till, name: str) -> None:
    register.sees(say("createOnly"))
    register.fills("name", name)
    register.fills("address", "вул. Нова, 1")
    register.fills("comment", "без цибулі")


def the_guest(poster: Poster, lastname: str) -> dict[str, object]:
    (only,) = poster.guests(lastname=lastname)
    return only
