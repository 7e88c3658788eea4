"""`flask call`: a call's whole way by one command, and nothing in it that may not be sent to a helper."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import orders
from server.hub import Listener
from server.models import Account, Trunk
from server.parts import Parts
from tests.conftest import Restaurant, add_trunk

CALLER = "0671112233"


@pytest.fixture
def place(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def trunk(place: Account) -> Trunk:
    return add_trunk(place)


@pytest.fixture
def told(app: Flask, parts: Parts, place: Account, trunk: Trunk) -> str:
    """A call that rang at Olena's register, was answered there, brought an order and ended; returns its id."""
    parts.hub.join(Listener(place.id, 1, 1, 5))
    parts.hub.join(Listener(place.id, 2, 1, None))
    call = said(app.test_client(), trunk)
    orders.ordered(place.id, call, 1_795_439_524_970, 1, 318, 40, (5, "Olena"))
    parts.sightings.write_down()
    parts.diary.write_down()
    return call


def said(client: FlaskClient, trunk: Trunk, key: str = "5120034567") -> str:
    """What the company posts of one call."""
    base = {"generalCallID": key, "companyID": "12345", "callType": "0", "didNumber": "0441234567"}
    rang = {"externalNumber": CALLER, "requestType": "receivedTheCall"}
    answered = {"externalNumber": CALLER, "internalNumber": "101", "requestType": "answeredTheCall"}
    over = {"disposition": "ANSWER", "billsec": "5", "requestType": "hangupTheCall"}
    for body in (rang, answered, over):
        assert client.post(f"/hooks/binotel/{trunk.token}", data={**base, **body}).status_code == 200
    row = trunk.account.callrow_set.order_by().where(trunk.account.callrow_set.model.key == key).get()
    return str(row.id)


def asked(app: Flask, *words: str) -> str:
    answer = app.test_cli_runner().invoke(args=["call", *words])
    assert answer.exit_code == 0, answer.stdout
    return answer.stdout


def test_one_command_tells_a_calls_whole_way(app: Flask, told: str) -> None:
    text = asked(app, told)
    lines = text.splitlines()
    assert lines[0].startswith(f"call={told}  account=pechera  trunk=1  provider=binotel")
    assert [line for line in lines if "sent" in line and "receivedTheCall" in line]
    assert [line for line in lines if "  leg  " in line and "line 101 (Olena): talked" in line]
    assert [line for line in lines if "register 1 Register 1, Olena there: card" in line]
    assert [line for line in lines if "register 2 Register 2: no card" in line]
    assert [
        line for line in lines if "register 3 Register 3: no card: The register was not connected" in line
    ]
    assert [line for line in lines if "  order  " in line and "by Olena" in line]


def test_the_stops_stand_in_the_order_of_their_time(app: Flask, told: str) -> None:
    stops = json.loads(asked(app, told, "--json"))["stops"]
    times = [one["at"] for one in stops if one["at"] is not None]
    assert times == sorted(times)
    assert {one["where"] for one in stops} >= {"sent", "call", "leg", "register", "order"}


def test_the_newest_call_is_found_by_the_last_digits_of_its_number(
    app: Flask, told: str, trunk: Trunk
) -> None:
    newer = said(app.test_client(), trunk, "5120034568")
    text = asked(app, "2233")
    assert text.startswith(f"call={newer} ")
    assert f"Earlier with these digits: {told}" in text


def test_neither_the_number_nor_a_token_is_told(app: Flask, told: str, trunk: Trunk) -> None:
    text = asked(app, told)
    assert "…33" in text
    assert not [secret for secret in ("671112233", trunk.token) if secret in text]


def test_another_accounts_call_is_not_found_under_this_account(
    app: Flask, told: str, restaurant: Restaurant
) -> None:
    restaurant("lavra", "700124")
    answer = app.test_cli_runner().invoke(args=["call", told, "--account", "lavra"])
    assert (answer.exit_code, f"No call “{told}” here" in answer.output) == (1, True)


@pytest.mark.parametrize("wanted", ["", "7", "nothing", "1234567890123456", "%", "__"])
def test_what_is_no_call_is_said_so(app: Flask, told: str, wanted: str) -> None:
    assert app.test_cli_runner().invoke(args=["call", wanted]).exit_code == 1
