"""Who of the spot is talking, told to the others; and who was put on hold."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask

from server import journal
from server.calls import ANSWER, END, NOTE, RING, TRANSFER, Call, CallEvent, step
from server.db import reading, transaction
from server.models import Account, Did, LineOwner
from server.models import Register as Till
from server.parts import Parts
from tests.conftest import Restaurant
from tests.desks import GUEST, Desk, Line
from tests.wire import Binotel, Json, Register


def talks(message: Json) -> list[Json]:
    assert message["type"] == "talking"
    return list(message["list"])


@pytest.fixture
def olena(binotel: Binotel, desk: Desk) -> Register:
    register = desk(1, 5)
    register.connect()
    return register


@pytest.fixture
def taras(binotel: Binotel, desk: Desk) -> Register:
    register = desk(2, 6)
    register.connect()
    return register


def test_the_others_see_who_talks_and_two_digits(olena: Register, taras: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    binotel.answer("77", "101")
    told = talks(taras.hear_until("talking"))
    assert len(told) == 1
    assert told[0].items() >= {
        "line": "101", "employee": 5, "name": "Olena", "masked": "+380…33", "held": False,
    }.items()  # fmt: skip
    assert abs(told[0]["since"] - time.time()) < 10
    assert "1112233" not in str(told)
    assert taras.login(6)["talking"] == told
    assert olena.login(5)["talking"] == []
    binotel.hangup("77")
    assert talks(taras.hear_until("talking")) == []


def test_a_call_that_we_placed_keeps_somebody_busy_too(
    olena: Register, taras: Register, binotel: Binotel
) -> None:
    binotel.post(generalCallID="9", callType=1, companyID=12345, externalNumber=GUEST, internalNumber="102",
                 requestType="receivedTheCall")  # fmt: skip
    binotel.post(generalCallID="9", callType=1, companyID=12345, externalNumber=GUEST, internalNumber="102",
                 requestType="answeredTheCall")  # fmt: skip
    told = talks(olena.hear_until("talking"))
    assert [(row["name"], row["masked"]) for row in told] == [("Taras", "+380…33")]
    assert taras.login(6)["talking"] == []


def test_another_spot_is_not_told(olena: Register, binotel: Binotel, desk: Desk) -> None:
    far, near = desk(3, 7, spot=2), desk(2, 6)
    far.connect(), near.connect()
    binotel.ring("77", GUEST)
    binotel.answer("77", "101")
    near.hear_until("talking")
    assert "talking" not in [heard["type"] for heard in far.heard_before_sentinel()]
    assert far.login(7)["talking"] == []


def test_a_line_of_a_register_talks_where_it_stands(
    binotel: Binotel, place: Account, olena: Register, desk: Desk
) -> None:
    with transaction():
        LineOwner.create(account=place, line="300", kind="register", owner=3)
        Till.create(account=place, poster_id=4, name="Register 4", spot=2)
    far = desk(4, 7, spot=2)
    far.connect()
    binotel.ring("77", GUEST)
    binotel.answer("77", "300")
    assert [(row["line"], row["employee"], row["name"]) for row in talks(far.hear_until("talking"))] == [
        ("300", None, "")
    ]
    assert "talking" not in [heard["type"] for heard in olena.heard_before_sentinel()]


def test_nobodys_line_talks_at_the_spot_of_the_outside_number(
    binotel: Binotel, place: Account, olena: Register, desk: Desk
) -> None:
    with transaction():
        Did.create(account=place, number="+380441234567", spot=2)
    far = desk(3, 7, spot=2)
    far.connect()
    binotel.ring("77", GUEST)
    binotel.answer("77", "999")
    assert talks(far.hear_until("talking"))[0]["line"] == "999"
    assert olena.login(5)["talking"] == []


# On hold


@pytest.fixture
def line(app: Flask, parts: Parts, restaurant: Restaurant) -> Line:
    return Line(parts, restaurant())


def held(line: Line) -> bool:
    with reading():
        return journal.answered(1)[0].held


def test_hold_is_kept_and_grows_the_version(line: Line) -> None:
    line.tell("a", RING, 30, line="101")
    line.tell("a", ANSWER, 25, line="101")
    assert not held(line)
    line.tell("a", NOTE, 20, held=True)
    assert held(line)
    line.tell("a", NOTE, 10, held=False)
    assert not held(line)


RINGS = Call(
    "c", 1, 1, "k", state="ringing", line="101", legs={"101": "ringing"}, started=1, touched=1, version=1
)
TALKS = step(RINGS, CallEvent("k", ANSWER, 2, line="101"))
HELD = step(TALKS, CallEvent("k", NOTE, 3, held=True))

MOVES: list[tuple[str, Call, dict[str, Any], bool]] = [
    ("the guest is put on hold", TALKS, {"kind": NOTE, "at": 3, "held": True}, True),
    ("the guest is taken back", HELD, {"kind": NOTE, "at": 4, "held": False}, False),
    ("an older word of a hold comes late", HELD, {"kind": NOTE, "at": 2.5, "held": False}, True),
    ("a note of something else", HELD, {"kind": NOTE, "at": 4, "recording": "r"}, True),
    ("another line takes the call", HELD, {"kind": TRANSFER, "at": 4, "line": "102"}, False),
    ("the same line is connected again", HELD, {"kind": ANSWER, "at": 4, "line": "101"}, False),
    ("its first answer is told once more", HELD, {"kind": ANSWER, "at": 2, "line": "101"}, True),
    ("it ends", HELD, {"kind": END, "at": 4, "outcome": "answered"}, False),
    ("what rings cannot wait on hold", RINGS, {"kind": NOTE, "at": 3, "held": True}, False),
    (
        "a call that is over cannot",
        step(TALKS, CallEvent("k", END, 3)),
        {"kind": NOTE, "at": 4, "held": True},
        False,
    ),
]


@pytest.mark.parametrize(
    ("call", "facts", "on_hold"), [row[1:] for row in MOVES], ids=[row[0] for row in MOVES]
)
def test_who_waits_on_hold(call: Call, facts: dict[str, Any], on_hold: bool) -> None:
    after = step(call, CallEvent("k", **facts))
    assert after.held is on_hold
    assert (after.held == call.held) or after.version == call.version + 1
