"""Calls that we placed: known again when the company tells of them, however it does."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from server import dials
from server.calls import ANSWER, END, IN, OUT, RING, Call, CallEvent
from server.db import reading, transaction
from server.models import CallRow, Dial, Trunk
from server.parts import Parts
from server.unfit import Unfit
from tests.conftest import Restaurant, add_trunk

GUEST = "+380671112233"


@pytest.fixture
def trunk(app: Flask, restaurant: Restaurant) -> Trunk:
    return add_trunk(restaurant(), "generic")


def placed(trunk: Trunk, key: str = "", ago: float = 0.0) -> int:
    with transaction():
        dial = dials.begin(trunk.account_id, trunk.id, "101", GUEST)
        dials.told(dial, key)
        Dial.update(at=Dial.at - ago).execute()
    return dial


def told(parts: Parts, trunk: Trunk, *events: CallEvent) -> CallRow:
    parts.intake.take(trunk.account_id, trunk.id, events)
    with reading():
        found: CallRow = CallRow.get()
    return found


def test_the_company_named_the_call_when_it_was_placed(parts: Parts, trunk: Trunk) -> None:
    dial = placed(trunk, key="77")
    call = told(parts, trunk, CallEvent("77", RING, time.time(), IN, "101", line="101"))
    assert (call.dial_id, call.direction, call.number) == (dial, OUT, GUEST)


def test_our_mark_came_back_with_the_call(parts: Parts, trunk: Trunk) -> None:
    dial = placed(trunk)
    call = told(parts, trunk, CallEvent("x", RING, time.time(), line="101", mark=str(dial)))
    assert (call.dial_id, call.direction, call.number) == (dial, OUT, GUEST)


@pytest.mark.parametrize("spelled", ["0671112233", "380671112233", "sip:+380671112233@pbx"])
def test_nobody_told_an_id_so_line_and_number_are_enough(parts: Parts, trunk: Trunk, spelled: str) -> None:
    dial = placed(trunk)
    call = told(parts, trunk, CallEvent("y", RING, time.time(), OUT, spelled, line="101"))
    assert call.dial_id == dial


@pytest.mark.parametrize(
    "event",
    [
        CallEvent("y", RING, 0.0, OUT, "0509998877", line="101"),
        CallEvent("y", RING, 0.0, OUT, "0671112233", line="102"),
        CallEvent("y", RING, 0.0, IN, "0671112233", line="101"),
    ],
)
def test_another_call_is_not_taken_for_ours(parts: Parts, trunk: Trunk, event: CallEvent) -> None:
    placed(trunk)
    fresh = CallEvent(**{**vars(event), "at": time.time()})
    assert told(parts, trunk, fresh).dial_id is None


def test_a_wish_is_one_call(parts: Parts, trunk: Trunk) -> None:
    dial = placed(trunk)
    ring = CallEvent("y1", RING, time.time(), OUT, "0671112233", line="101")
    parts.intake.take(
        trunk.account_id, trunk.id, [ring, CallEvent("y1", END, time.time(), outcome="answered")]
    )
    parts.intake.take(trunk.account_id, trunk.id, [CallEvent(**{**vars(ring), "key": "y2"})])
    with reading():
        assert [row.dial_id for row in CallRow.select().order_by(CallRow.key)] == [dial, None]


def test_an_old_wish_is_forgotten(parts: Parts, trunk: Trunk) -> None:
    placed(trunk, ago=200)
    assert (
        told(parts, trunk, CallEvent("y", RING, time.time(), OUT, "0671112233", line="101")).dial_id is None
    )


def test_a_wish_that_failed_claims_no_call(parts: Parts, trunk: Trunk) -> None:
    with transaction():
        dials.told(dials.begin(trunk.account_id, trunk.id, "101", GUEST), problem="refused")
    assert (
        told(parts, trunk, CallEvent("y", RING, time.time(), OUT, "0671112233", line="101")).dial_id is None
    )


def test_the_answer_may_come_first(parts: Parts, trunk: Trunk) -> None:
    dial = placed(trunk, key="77")
    now = time.time()
    call = told(parts, trunk, CallEvent("77", ANSWER, now, line="101"), CallEvent("77", RING, now))
    assert (call.dial_id, call.direction, call.state) == (dial, OUT, "answered")


def test_another_accounts_wish_is_nothing_to_this_one(
    parts: Parts, trunk: Trunk, restaurant: Restaurant
) -> None:
    other = add_trunk(restaurant("kaffka", "700124"), "generic")
    placed(other, key="77")
    event = CallEvent("77", RING, time.time(), OUT, "0671112233", line="101")
    call = Call("c", trunk.account_id, trunk.id, "77")
    with transaction():
        assert dials.recognise(call, event, "UA") == (call, event)


def test_an_account_without_a_phone_that_can_call_says_so(parts: Parts, trunk: Trunk) -> None:
    with pytest.raises(Unfit, match="can place calls"):
        parts.calling.dial(trunk.account, "101", GUEST)


@pytest.mark.parametrize("number", ["", "abc", "101"])
def test_only_a_number_can_be_called(parts: Parts, trunk: Trunk, number: str) -> None:
    with pytest.raises(Unfit, match="not a phone number"):
        parts.calling.dial(trunk.account, "101", number)
