"""Registers whose sockets are blocked ask every three seconds instead: they are there all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from server.hub import POLLER_LIVES, Hub, Listener, Poller
from server.messages import SLOW
from server.models import Account
from tests.conftest import Restaurant
from tests.wire import Register, Server


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def olena(served: Server, account: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


def registers(server: Server) -> int:
    return int(requests.get(f"{server.url}/healthz", timeout=5).json()["registers"])


def test_a_register_that_polls_is_rung_and_finds_the_call_at_its_next_question(
    served: Server, olena: Register
) -> None:
    olena.ask("hello")
    rung = served.cli("ring", "--account", "pechera", "--line", "101", "--from", "+380671112233")
    assert rung.returncode == 0, rung.stderr
    (entry,) = olena.ask("hello").json()["message"]["calls"]
    assert (entry["call"]["state"], entry["call"]["from"]) == ("ringing", "+380671112233")


def test_a_register_with_a_socket_that_asks_as_well_is_one_register(served: Server, olena: Register) -> None:
    olena.connect()
    assert registers(served) == 1
    olena.ask("hello")
    assert registers(served) == 1


def test_a_ring_counts_registers_that_poll() -> None:
    hub = Hub()
    hub.join(Listener(1, register=1, spot=1, employee=5))
    hub.asked(Poller(1, register=1, spot=1, employee=5))
    hub.asked(Poller(1, register=2, spot=1, employee=6))
    hub.asked(Poller(2, register=3, spot=1, employee=7))
    assert hub.publish(1, lambda desk: "ring", SLOW) == 2
    assert hub.count() == 3


def test_who_polls_stands_where_the_last_question_says() -> None:
    hub = Hub()
    for employee in (5, 6):
        hub.asked(Poller(1, register=1, spot=1, employee=employee))
    assert [desk.employee for desk in hub.listeners(1)] == [6]


def test_a_register_that_stopped_asking_is_gone() -> None:
    now = 100.0
    hub = Hub(lambda: now)
    hub.asked(Poller(1, register=1, spot=1, employee=5))
    now += POLLER_LIVES - 0.1
    assert hub.count() == 1
    now += 0.2
    assert hub.count() == 0


def test_a_register_that_closed_its_socket_is_gone_though_it_asked_before_opening_it() -> None:
    hub = Hub()
    hub.asked(Poller(1, register=1, spot=1, employee=5))
    desk = Listener(1, register=1, spot=1, employee=5)
    hub.join(desk)
    hub.leave(desk)
    assert hub.count() == 0
