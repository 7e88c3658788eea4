"""Registers differ, and their methods fail, hang or answer in other shapes: the cashier goes on."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTill
from tests.browser.stage import MARTA, Phone, Poster, shown, stranger
from tests.browser.test_two_calls import with_an_order
from tests.browser.test_unknown import fill_in, the_guest
from tests.browser.words import say

OLENA, OLENA_ID = "0671112233", 318
SECOND = 1000

ODD = [
    {"poster_global": "window"},
    {"poster_global": 1500},
    {"extras": "missing", "event_payload": "empty"},
    {"extras": "array", "active_user": "false"},
    {"active_user": "hang"},
    {"result": "object", "answer_key": "status"},
    {"body_form": "php", "url_header": "host"},
    {"body_form": "compact", "url_header": "url"},
    {"body_form": "form", "url_header": "upper"},
]


@pytest.mark.parametrize(
    "faults", ODD, ids=lambda faults: " ".join(f"{key}={value}" for key, value in faults.items())
)
def test_call_arrives_at_a_register_with(
    faults: dict[str, str], till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(**faults)
    register = till(1)
    register.wait_for("sandbox.state().icons.functions")
    register.login(MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена")


def test_register_without_popups_notifies(till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(popup="missing")
    register = till(1, MARTA)
    phone.ring(OLENA)
    expect(register.notified(say("incoming"))).to_contain_text("+380…33")


@pytest.mark.parametrize("answer", ["fail", "hang"])
def test_order_that_may_be_in_progress_is_not_covered(
    answer: str, till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(get_active=answer)
    register = with_an_order(till(1, MARTA))
    started = time.monotonic()
    phone.ring(OLENA)
    toast = register.notified(say("incoming"), timeout=3 * SECOND)
    assert time.monotonic() - started < 3
    register.sees_no_card()
    toast.locator(".toast-open").click()
    register.sees("Коваленко Олена")


@pytest.mark.parametrize("answer", ["missing_arrays", "fail", "empty"])
def test_guest_is_found_through_the_server_when_the_register_finds_nobody(
    answer: str, till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(clients_find=answer)
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена", say("lastOrder"))


def test_guest_is_found_on_the_register_when_the_server_finds_nobody(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    register = till(1, MARTA)
    poster.faults(api="html")
    phone.ring("0988889900")
    register.sees("Відмінюк Остап", say("discount", "15"))
    register.tap("newOrder")
    register.order_has(329)


@pytest.mark.parametrize("shape", ["raw", "hang", "rejected"])
def test_new_guest_gets_one_order_when_creating_is(
    shape: str, till: OpenTill, phone: Phone, poster: Poster
) -> None:
    """Refused by the register, the guest is made by the server, and the register learns of it seconds later."""
    poster.faults(create_client=shape)
    register, lastname = till(1, MARTA), f"Форменко{shape.title().replace('_', '')}"
    phone.ring(stranger())
    fill_in(register, lastname)
    register.tap("createAndOrder")
    register.wait_for("sandbox.state().screen === 'order'", timeout=15 * SECOND)
    register.wait_for("sandbox.activeOrder()?.clientId > 0", timeout=15 * SECOND)
    assert register.does("activeOrder")["clientId"] == the_guest(poster, lastname)["id"]


def test_guest_without_an_id_is_made_by_the_server(till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(create_client="object_without_id")
    register = till(1, MARTA)
    known = register.state()["clients"]
    phone.ring(stranger())
    fill_in(register, "Безномерко")
    register.tap("createOnly")
    register.sees(say("saved"))
    register.wait_for(f"sandbox.state().clients > {known}", timeout=15 * SECOND)
    the_guest(poster, "Безномерко")


@pytest.mark.parametrize("answer", ["refused", "hang"])
def test_order_that_does_not_open_is_told_in_one_sentence(
    answer: str, till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(orders_create=answer)
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("newOrder")
    register.sees(say("orderFailed"))
    poster.faults(orders_create="ok")
    register.does("sync")
    register.tap("newOrder")
    register.order_has(OLENA_ID)


def test_guest_unknown_to_the_register_is_attached_when_it_learns(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(set_client="late")
    register = till(1, MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("newOrder")
    register.sees(say("attaching"))
    register.order_has(OLENA_ID)
    register.sees_no_card()


def test_closed_shift_is_told_and_not_hung_upon(till: OpenTill, phone: Phone) -> None:
    register = till(1, MARTA)
    register.does("toggleShift")
    phone.ring(OLENA)
    register.sees("Коваленко Олена")
    register.tap("newOrder")
    register.sees(say("orderFailed"))


def test_groups_come_from_the_server_when_the_register_tells_none(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(rest_result="false")
    register, number = till(1, MARTA), stranger()
    phone.ring(number)
    register.sees(say("newGuest"), shown(number))
    expect(register.field("group").locator("option")).to_have_count(4)


@pytest.mark.parametrize("shape", ["response", "result", "error"])
def test_groups_are_read_in_the_shape(shape: str, till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(rest_result=shape)
    register = till(1, MARTA)
    phone.ring(stranger())
    register.sees(say("newGuest"))
    expect(register.field("group").locator("option")).to_have_count(4)


def test_old_register_without_most_methods_still_shows_the_call(till: OpenTill, phone: Phone) -> None:
    """What a bundle of today meets on a register of years ago."""
    register = till(1, MARTA)
    register.frame.evaluate("delete Poster.clients; delete Poster.orders; delete Poster.makeApiRequest")
    phone.ring(OLENA)
    register.notified(say("incoming")).locator(".toast-open").click()
    register.sees("Коваленко Олена", say("lastOrder"))
    register.tap("newOrder")
    register.sees(say("orderFailed"))
