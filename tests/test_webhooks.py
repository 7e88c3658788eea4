"""The door of the telephone companies: what it answers to whom."""

from __future__ import annotations

import json

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from server.db import reading, transaction
from server.models import Account, CallRow, Stray, Trunk
from tests import wire
from tests.conftest import Restaurant, add_trunk, hook_of

RING = {"requestType": "receivedTheCall", "generalCallID": "5120034567", "externalNumber": "0671112233",
        "didNumber": "0441234567", "callType": "0", "companyID": "12345"}  # fmt: skip


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def trunk(app: Flask, restaurant: Restaurant) -> Trunk:
    return add_trunk(restaurant())


def address(trunk: Trunk) -> str:
    return f"/hooks/{trunk.provider}/{trunk.token}"


def calls() -> list[CallRow]:
    with reading():
        return list(CallRow.select().order_by(CallRow.started))


def test_a_ring_is_stored_before_it_is_answered(client: FlaskClient, trunk: Trunk) -> None:
    assert client.post(address(trunk), data=RING).status_code == 200
    (call,) = calls()
    assert (call.state, call.number, call.did) == ("ringing", "+380671112233", "+380441234567")


def test_the_same_ring_twice_is_one_call(client: FlaskClient, trunk: Trunk) -> None:
    client.post(address(trunk), data=RING)
    client.post(address(trunk), data=RING)
    assert [call.version for call in calls()] == [1]


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_an_unknown_token_is_404_for_every_method(client: FlaskClient, trunk: Trunk, method: str) -> None:
    assert getattr(client, method)("/hooks/binotel/nobody-has-this").status_code == 404


def test_a_token_of_another_provider_is_unknown(client: FlaskClient, trunk: Trunk) -> None:
    assert client.post(f"/hooks/generic/{trunk.token}", data=RING).status_code == 404


@pytest.mark.parametrize("state", ["parked", "disconnected"])
def test_hooks_of_an_account_that_is_not_connected_are_unknown(
    client: FlaskClient, trunk: Trunk, state: str
) -> None:
    with transaction():
        Account.update(state=state).execute()
    assert client.post(address(trunk), data=RING).status_code == 404
    assert calls() == []


def test_a_broken_account_still_rings(client: FlaskClient, trunk: Trunk) -> None:
    with transaction():
        Account.update(state="broken").execute()
    assert client.post(address(trunk), data=RING).status_code == 200
    assert len(calls()) == 1


def test_get_on_a_post_only_hook_does_nothing(client: FlaskClient, trunk: Trunk) -> None:
    assert client.get(address(trunk), query_string=RING).status_code == 200
    assert calls() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"[1]", b"nothing=here", b'"text"', b"\xff\xfe"])
def test_what_cannot_be_read_is_400_with_a_sentence(client: FlaskClient, trunk: Trunk, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded"):
        answer = client.post(address(trunk), data=body, content_type=kind)
        assert answer.status_code == 400
        assert answer.json
        assert len(answer.json["error"]) > 10
    assert calls() == []


def test_a_body_over_64_kb_is_413(client: FlaskClient, trunk: Trunk) -> None:
    answer = client.post(address(trunk), data=b"requestType=receivedTheCall&x=" + b"x" * 70_000)
    assert answer.status_code == 413
    assert calls() == []


def test_a_body_in_chunks_is_measured_too(served: wire.Server, restaurant: Restaurant) -> None:
    """It names no length, and what is over the limit would be cut off without a word."""
    hook = hook_of(served, add_trunk(restaurant()))
    chunks = iter([b"requestType=somethingNew&x="] + [b"x" * 1024] * 70)
    assert requests.post(hook, data=chunks, timeout=20).status_code == 413


def test_an_event_of_another_company_is_200_and_nothing_done(client: FlaskClient, trunk: Trunk) -> None:
    with transaction():
        Trunk.update(settings=json.dumps({"company_id": "99999"})).execute()
    assert client.post(address(trunk), data=RING).status_code == 200
    assert calls() == []


def test_an_unknown_event_is_200_and_nothing_done(client: FlaskClient, trunk: Trunk) -> None:
    assert client.post(address(trunk), data={**RING, "requestType": "somethingNew"}).status_code == 200
    assert calls() == []


def test_the_completed_record_gets_the_exact_reply(client: FlaskClient, trunk: Trunk) -> None:
    body = {"requestType": "apiCallCompleted", "callDetails[generalCallID]": "1", "callDetails[companyID]": "12345",
            "callDetails[callType]": "0", "callDetails[externalNumber]": "0671112233"}  # fmt: skip
    assert client.post(address(trunk), data=body).data == b'{"status":"success"}'


def test_calls_to_a_line_that_is_nobodys_are_noted_once_per_call(client: FlaskClient, trunk: Trunk) -> None:
    ring = {**RING, "internalNumber": "909"}
    client.post(address(trunk), data=ring)
    client.post(address(trunk), data=ring)
    client.post(address(trunk), data={**ring, "requestType": "answeredTheCall"})
    with reading():
        assert CallRow.get().state == "answered"
        noted = {(row.kind, row.value): row.count for row in Stray.select()}
    assert noted == {("line", "909"): 1, ("did", "+380441234567"): 1}


def test_a_trunk_remembers_its_first_and_last_event(client: FlaskClient, trunk: Trunk) -> None:
    client.post(address(trunk), data=RING)
    with reading():
        row = Trunk.get()
    assert row.first_at is not None
    assert row.first_at <= row.last_at
    assert (row.last_from, row.last_did) == ("+380…33", "+380441234567")


def test_a_hostile_name_is_stored_as_text(client: FlaskClient, trunk: Trunk) -> None:
    name = "<script>alert(1)</script>\u202e\x00" + "x" * 10_000
    client.post(address(trunk), data={**RING, "externalNumber": f'"{name}" <sip:0671112233@pbx>'})
    assert calls()[0].number == "+380671112233"


def test_no_log_line_carries_a_whole_number(
    client: FlaskClient, trunk: Trunk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        client.post(address(trunk), data=RING)
    assert "671112233" not in caplog.text
    assert trunk.token not in caplog.text
    assert "…33" in caplog.text


def test_our_own_fault_is_500_and_its_log_line_has_no_token(
    client: FlaskClient, trunk: Trunk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The company sends it again; the address that it used is a key."""

    def broken(*args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("server.intake.Intake.take", broken)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    assert client.post(address(trunk), data=RING).status_code == 500
    assert "webhooks.hook broke" in caplog.text
    assert trunk.token not in caplog.text
