"""Poster is slow or away, sockets are blocked, the server dies: calls still come, and nothing hangs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator

import pytest
import requests

from sandbox import first_steps
from tests.browser.conftest import OpenTill
from tests.browser.stage import ACCOUNT, BOHDAN, MARTA, Phone, Poster, Stage, shown, stranger
from tests.browser.test_unknown import fill_in, the_guest
from tests.browser.till import Till
from tests.browser.words import say
from tests.wire import APPLICATION_SECRET, Server

OLENA = "0671112233"
SECOND = 1000
BACK_WITHIN = 3


def test_number_shows_at_once_while_poster_thinks(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register, number = till(1, MARTA), stranger()
    poster.faults(api_latency_ms=2000)
    phone.ring(number)
    register.sees(shown(number), say("searching"), timeout=SECOND)
    register.sees(say("newGuest"), say("createOnly"))


def test_name_comes_when_poster_has_thought(till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(clients_find="empty", api_latency_ms=2000)
    register = till(1, MARTA)
    phone.ring("0967778899")
    register.sees(shown("0967778899"), timeout=SECOND)
    register.sees("Давній Гість", say("newOrder"))


def test_cashier_need_not_wait_for_the_search(till: OpenTill, phone: Phone, poster: Poster) -> None:
    register = till(1, MARTA)
    poster.faults(api_latency_ms=12000)
    phone.ring(stranger())
    register.sees(say("searching"))
    register.tap("newGuest")
    fill_in(register, "Нетерплячий")
    register.tap("createAndOrder")
    register.order_has(the_guest_soon(register, poster, "Нетерплячий"))


def test_search_that_fails_leaves_the_number_and_the_form(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    register, number = till(1, MARTA), stranger()
    poster.faults(api="down")
    phone.ring(number)
    register.sees(shown(number), timeout=SECOND)
    register.sees(say("failed"), say("createOnly"), timeout=12 * SECOND)


def test_slow_proxy_delays_only_the_greeting(till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(latency_ms=3000)
    register = till(1, MARTA)
    number = stranger()
    phone.ring(number)
    register.sees(shown(number), timeout=SECOND)


def test_register_whose_device_forbids_sockets_shows_calls(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    poster.faults(sockets="blocked")
    register = till(1)
    register.does("login", MARTA)
    phone.ring(OLENA)
    register.sees("Коваленко Олена", timeout=10 * SECOND)


def test_polling_takes_over_from_a_socket_and_gives_back(
    till: OpenTill, phone: Phone, poster: Poster
) -> None:
    register, number = till(1, MARTA), stranger()
    poster.faults(sockets="blocked")
    register.does("sync")
    register.linked("polling", timeout=10 * SECOND)
    ring = phone.ring(OLENA)
    register.sees("Коваленко Олена", timeout=5 * SECOND)
    ring.answer("102")
    register.sees_no_card(timeout=5 * SECOND)
    poster.faults(sockets="open")
    register.does("sync")
    register.linked("socket")
    phone.ring(number)
    register.sees(shown(number), timeout=SECOND)


@pytest.mark.parametrize("faults", [{"result": "false"}, {"result": "never"}], ids=str)
def test_register_that_cannot_reach_us_says_so_and_comes_back_by_itself(
    faults: dict[str, str], till: OpenTill, poster: Poster
) -> None:
    poster.faults(**faults)
    register = till(1)
    register.does("login", MARTA)
    register.linked("offline", timeout=10 * SECOND)
    register.opens_menu()
    register.sees(say("offline"))
    poster.faults(reset=True)
    register.does("sync")
    register.linked("socket")


def test_wrong_signature_is_told_on_the_register(till: OpenTill, poster: Poster) -> None:
    poster.faults(signature="wrong")
    register = till(1)
    register.opens_menu_after_login(MARTA)
    register.sees(say("signature"))


def test_application_boots_without_internet(till: OpenTill, phone: Phone, poster: Poster) -> None:
    poster.faults(offline_start="yes")
    register = till(1)
    register.wait_for("sandbox.state().icons.functions")
    register.does("login", MARTA)
    poster.faults(offline_start="no")
    register.does("sync")
    register.linked("socket")
    phone.ring(OLENA)
    register.sees("Коваленко Олена")


@pytest.fixture
def uploaded(stage: Stage) -> Iterator[None]:
    """Registers get our program from Poster, as in life, and not from the server."""
    told = stage.server.cli("upload-bundle")
    assert told.returncode == 0, told.stderr
    yield
    stage.poster.tell("bundle", use="dev")


@pytest.mark.usefixtures("uploaded")
def test_call_is_on_the_register_again_after_the_server_was_killed(
    till: OpenTill, phone: Phone, server: Server
) -> None:
    stayed, restarted, number = till(1, MARTA), till(2, BOHDAN), stranger()
    ring = phone.ring(number)
    stayed.sees(shown(number))
    restarted.sees(shown(number))
    server.kill()
    restarted.reload()
    restarted.does("login", BOHDAN)
    restarted.sees_no_card()
    server.start()
    up = time.monotonic()
    restarted.sees(shown(number), timeout=BACK_WITHIN * SECOND)
    assert time.monotonic() - up < BACK_WITHIN
    ring.answer("101")
    stayed.sees(say("talking"), timeout=BACK_WITHIN * SECOND)
    restarted.sees_no_card()


def test_call_that_ended_while_the_server_was_away_is_not_shown_for_ever(
    till: OpenTill, phone: Phone, stage: Stage
) -> None:
    register, number = till(1, MARTA), stranger()
    ring = phone.ring(number)
    register.sees(shown(number))
    stage.server.kill()
    stage.server.start()
    ring.miss()
    register.sees(say("missed"))
    register.sees_no_card()


@pytest.fixture
def disconnected(stage: Stage) -> Iterator[None]:
    """As Poster tells it: registers that run already keep running our bundle."""
    tell(stage, "removed")
    yield
    first_steps.connect(stage.poster.url, stage.server.url)


@pytest.mark.usefixtures("disconnected")
def test_register_of_a_disconnected_account_says_so(till: OpenTill) -> None:
    register = till(1)
    register.opens_menu_after_login(MARTA)
    register.sees(say("account"))


def test_disconnecting_reaches_registers_that_are_connected(till: OpenTill, stage: Stage) -> None:
    register = till(1, MARTA)
    register.opens_menu()
    tell(stage, "removed")
    try:
        register.sees(say("account"))
    finally:
        first_steps.connect(stage.poster.url, stage.server.url)


def tell(stage: Stage, action: str) -> None:
    fields = {"account": ACCOUNT, "object": "application", "object_id": 0, "action": action}
    fields |= {"time": str(int(time.time())), "account_number": "700123"}
    signed = ";".join([ACCOUNT, "application", "0", action, str(fields["time"]), APPLICATION_SECRET])
    fields["verify"] = hashlib.md5(signed.encode()).hexdigest()
    assert requests.post(f"{stage.server.url}/poster/webhook", json=fields, timeout=10).ok


def the_guest_soon(register: Till, poster: Poster, lastname: str) -> int:
    register.order_opens()
    return int(str(the_guest(poster, lastname)["id"]))
