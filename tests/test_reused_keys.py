"""Phones that have no id for a call: the caller's number is the key, and it comes again."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.db import reading, transaction
from server.models import CallRow, Trunk
from tests.conftest import Restaurant, add_trunk


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def address(app: Flask, restaurant: Restaurant) -> str:
    trunk: Trunk = add_trunk(restaurant(), "generic")
    return f"/hooks/generic/{trunk.token}?from=0671112233&event="


def states() -> list[tuple[str, str]]:
    with reading():
        calls = CallRow.select().where(CallRow.direction != "").order_by(CallRow.started)
        return [(call.state, call.outcome) for call in calls]


def age(seconds: float) -> None:
    """As if what is stored had happened so many seconds ago."""
    with transaction():
        CallRow.update(touched=CallRow.touched - seconds, started=CallRow.started - seconds).execute()


def test_the_next_call_of_the_same_guest_rings(client: FlaskClient, address: str) -> None:
    for event in ("ring", "missed"):
        assert client.get(address + event).status_code == 200
    age(60)
    client.get(address + "ring")
    assert states() == [("ended", "missed"), ("ringing", "")]


def test_each_call_hears_its_own_end(client: FlaskClient, address: str) -> None:
    for event in ("ring", "answer", "end"):
        client.get(address + event)
    age(60)
    for event in ("ring", "missed"):
        client.get(address + event)
    assert states() == [("ended", "answered"), ("ended", "missed")]


def test_a_late_ring_right_after_the_end_does_not_ring(client: FlaskClient, address: str) -> None:
    for event in ("ring", "missed", "ring"):
        client.get(address + event)
    assert states() == [("ended", "missed")]


def test_the_next_phone_that_is_tried_rings_at_once(client: FlaskClient, address: str) -> None:
    for event in ("ring&line=101", "missed&line=101", "ring&line=102"):
        client.get(address + event)
    assert states() == [("ringing", "")]
    client.get(address + "answer&line=102")
    client.get(address + "end")
    assert states() == [("ended", "answered")]


def test_a_call_whose_end_was_lost_is_closed_when_the_guest_calls_again(
    client: FlaskClient, address: str
) -> None:
    for event in ("ring&line=101", "answer&line=101"):
        client.get(address + event)
    age(600)
    client.get(address + "ring&line=101")
    assert states() == [("ended", "answered"), ("ringing", "")]


def test_an_answer_of_a_call_whose_ring_was_lost_does_not_change_yesterdays(
    client: FlaskClient, address: str
) -> None:
    for event in ("ring&line=101", "missed&line=101"):
        client.get(address + event)
    age(86400)
    client.get(address + "answer&line=101")
    assert states() == [("ended", "missed"), ("answered", "")]


def test_a_phones_own_id_comes_again_with_another_guest(app: Flask, restaurant: Restaurant) -> None:
    trunk: Trunk = add_trunk(restaurant(), "phone")
    hook = f"/hooks/phone/{trunk.token}?mac=805ec0aabbcc&ext=101&id=33093"
    client = app.test_client()
    for event in ("ring&r=sip:0671112233@pbx", "answer&r=sip:0671112233@pbx", "end"):
        client.get(f"{hook}&e={event}")
    client.get(f"{hook}&e=ring&r=sip:0509998877@pbx")
    assert states() == [("ended", "answered"), ("ringing", "")]
    client.get(f"{hook}&e=answer&r=sip:0509998877@pbx")
    client.get(f"{hook}&e=end")
    assert states() == [("ended", "answered"), ("ended", "answered")]


@pytest.fixture
def hook(app: Flask, restaurant: Restaurant) -> str:
    trunk: Trunk = add_trunk(restaurant(), "phone")
    return f"/hooks/phone/{trunk.token}?mac=805ec0aabbcc&ext=101&id=7&e=%s&r=sip:0671112233@pbx"


def test_an_end_that_overtakes_the_answer_ends_the_call(client: FlaskClient, hook: str) -> None:
    for event in ("ring", "end", "answer"):
        client.get(hook % event)
    assert states() == [("ended", "answered")]


def test_a_ring_with_the_phones_own_id_is_late_for_a_minute(client: FlaskClient, hook: str) -> None:
    for event in ("ring", "missed"):
        client.get(hook % event)
    age(10)
    client.get(hook % "ring")
    assert states() == [("ended", "missed")]
    age(60)
    client.get(hook % "ring")
    assert states() == [("ended", "missed"), ("ringing", "")]
