"""The whole way: a phone rings in the restaurant, and the cashier sees who calls.

SIP phones, Asterisk, its manager interface, our server, the register's socket, our program in Chromium.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.conftest import OpenTill
from tests.browser.stage import BOHDAN, GRACE, MARTA, Stage, shown, stranger
from tests.browser.words import say
from tests.pbx.conftest import VERSIONS
from tests.pbx.lab import Lab
from tests.pbx.product import join_restaurant, pause, wait_for
from tests.pbx.scenes import FREEPBX_QUEUE, GROUP, PHONE, QUEUE
from tests.pbx.sip import Leg
from tests.wire import Server

OLENA = "+380671112233"
SECOND = 1000


class Street:
    """Where guests call from."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.phones = lab, lab.phones

    def calls(self, did: str, number: str, **how: str) -> Leg:
        return self.lab.provider.dial(did, number, **how)


@pytest.fixture(scope="module")
def connected(stage: Stage, labs: list[Lab]) -> Iterator[None]:
    """The restaurant of the stage has both Asterisks; afterwards none, so that it does not hear what others play."""
    trunks = [join_restaurant(stage, lab) for lab in labs]
    yield
    for trunk in trunks:
        pause(stage.server.log.with_suffix(".db"), trunk)


@pytest.fixture(params=VERSIONS)
def street(
    request: pytest.FixtureRequest, labs: list[Lab], connected: None, server: Server
) -> Iterator[Street]:
    lab = next(lab for lab in labs if lab.version == request.param)
    lab.forget()
    yield Street(lab)
    lab.cli("channel request hangup all")
    wait_for(lambda: "0 active channels" in lab.cli("core show channels count").stdout, "still busy")


def local(number: str) -> str:
    return shown("0" + number.removeprefix("+380"))


def new_guest() -> str:
    return "+38" + stranger()


def test_answered_call_greets_the_guest_and_stays(till: OpenTill, street: Street) -> None:
    register = till(1, MARTA)
    guest = street.calls(PHONE, OLENA)
    register.sees("Коваленко Олена", local(OLENA))
    street.phones["101"].called(OLENA).answer()
    register.sees(say("talking"))
    guest.hang_up()


def test_missed_call_says_so(till: OpenTill, street: Street) -> None:
    register, number = till(1, MARTA), new_guest()
    guest = street.calls(PHONE, number)
    register.sees(local(number))
    guest.ringing().give_up()
    register.sees(say("missed"))
    register.sees_no_card(timeout=(GRACE + 3) * SECOND)


def test_of_a_ring_group_the_others_are_told_who_answered(till: OpenTill, street: Street) -> None:
    bar, delivery, number = till(1, MARTA), till(2, BOHDAN), new_guest()
    guest = street.calls(GROUP, number)
    bar.sees(local(number))
    delivery.sees(local(number))
    street.phones["101"].called(number).answer()
    delivery.sees_no_card(timeout=SECOND)
    delivery.notified(say("answeredBy", "Марта Гнатюк"))
    bar.sees(say("talking"), local(number))
    guest.hang_up()


@pytest.mark.parametrize("queue", [QUEUE, FREEPBX_QUEUE])
def test_queue_rings_at_its_members(till: OpenTill, street: Street, queue: str) -> None:
    bar, delivery, number = till(1, MARTA), till(2, BOHDAN), new_guest()
    guest = street.calls(queue, number)
    bar.sees(local(number))
    delivery.sees(local(number))
    street.phones["102"].called(number).answer()
    delivery.sees(say("talking"))
    bar.sees_no_card(timeout=SECOND)
    guest.hang_up()


def test_hidden_number_has_its_card(till: OpenTill, street: Street) -> None:
    register = till(1, MARTA)
    guest = street.calls(PHONE, "anonymous", shows="Anonymous", host="anonymous.invalid")
    register.sees(say("hiddenNumber"))
    guest.ringing().give_up()


def test_our_own_call_is_silent(till: OpenTill, street: Street) -> None:
    register, theirs, number = till(1, MARTA), stranger(), new_guest()
    ours = street.phones["101"].dial(theirs)
    there = street.lab.provider.called().answer()
    ours.up().hang_up()
    there.over()
    guest = street.calls(PHONE, number)
    register.sees(local(number))
    assert register.chips.count() == 0
    register.sees_no(shown(theirs))
    guest.ringing().give_up()
