"""Binotel's WebSocket: frames in, events out, and one call however it was told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from server.calls import CallEvent
from server.providers.abilities import Connects, Step
from server.providers.binotel import Binotel
from server.providers.binotel_live import ANSWERS_WITHIN, FRAMES, GREETS_WITHIN, URL, BinotelLive
from tests import replay
from tests.providers.test_binotel import BINOTEL, NASTY, form, only, post
from tests.replay import T0

KEYS = {"ws_key": "the-ws-key", "ws_secret": "the-ws-secret"}
HELLO = "Connected to Binotel WebSocket. Please, authorise!"
LOGIN = {"task": "authLikeService", "key": "the-ws-key", "secret": "the-ws-secret"}

START = {
    "eventName": "callStart", "companyID": 12345, "generalCallID": "5120034567", "startTime": 1795436400,
    "externalNumber": "0671112233", "callType": 0, "pbxNumber": "0441234567", "internalNumbers": [],
    "isNewCall": 1, "customerName": "",
}  # fmt: skip
ANSWER = {
    "eventName": "callAnswer", "generalCallID": "5120034567", "answeredAt": 1795436409,
    "internalNumber": "901", "externalNumber": "0671112233", "callType": 0,
}  # fmt: skip
STOP = {
    "eventName": "callStop", "generalCallID": "5120034567", "stopTime": 1795436450, "billsec": 41,
    "disposition": "ANSWER",
}  # fmt: skip
MISSED = [START, STOP | {"billsec": 0, "disposition": "NOANSWER"}]
OUTGOING = [
    START | {"callType": 1, "internalNumbers": ["901"], "pbxNumber": ""},
    ANSWER | {"callType": 1},
    STOP,
]
CALLS = {"answered": [START, ANSWER, STOP], "missed": MISSED, "outgoing": OUTGOING}


def opened(**more: str) -> BinotelLive:
    link = BINOTEL.link({**KEYS, **more})
    assert link is not None
    link.opened(T0, ("192.0.2.1", 1))
    return link


def ready(**more: str) -> BinotelLive:
    link = opened(**more)
    link.received(HELLO, T0)
    assert link.received("Authorisation is success", T0).ready
    return link


def heard(link: BinotelLive, frames: list[dict[str, Any]]) -> list[CallEvent]:
    return [event for one in frames for event in link.received(json.dumps(one), T0 + 100).events]


def told(*frames: dict[str, Any]) -> list[CallEvent]:
    return heard(ready(), list(frames))


# Who is connected


def test_binotel_can_connect() -> None:
    assert isinstance(BINOTEL, Connects)
    assert (opened().place.kind, opened().place.url) == ("ws", URL)
    assert URL == "wss://ws.binotel.com:9002"


@pytest.mark.parametrize("settings", [{}, {"ws_key": "k"}, {"ws_secret": "s"}, {**KEYS, "ws_secret": ""}])
def test_without_both_keys_nothing_is_connected(settings: dict[str, str]) -> None:
    assert BINOTEL.link(settings) is None


# Logging in


def test_the_key_is_sent_when_binotel_asks_for_it() -> None:
    (said,) = opened().received(HELLO, T0).send
    assert json.loads(said) == LOGIN


def test_nothing_is_said_before_the_greeting() -> None:
    link = BINOTEL.link(KEYS)
    assert link is not None
    assert link.opened(T0, ("192.0.2.1", 1)) == Step()
    assert link.received("some other text", T0) == Step()
    assert link.tick(T0 + 1) == Step()


def test_a_greeting_that_never_comes_is_not_waited_for_for_ever() -> None:
    link = opened()
    (said,) = link.tick(T0 + GREETS_WITHIN).send
    assert json.loads(said) == LOGIN
    assert link.received(HELLO, T0 + 11) == Step()


@pytest.mark.parametrize(
    "text", ["Authorisation is success", "success", '{"status": "success", "error": null}']
)
def test_success_is_ready(text: str) -> None:
    link = opened()
    link.received(HELLO, T0)
    assert link.received(text, T0) == Step(ready=True)
    assert link.received(text, T0) == Step()


@pytest.mark.parametrize(
    "text",
    [
        "Authorisation failed", "Wrong key or secret", "Access denied", "not authorised", "Unauthorised",
        '{"status": "error", "message": "no such key"}', "Authorisation was unsuccessful", "not success",
    ],
)  # fmt: skip
def test_a_refusal_is_trouble_with_the_login(text: str) -> None:
    link = opened()
    link.received(HELLO, T0)
    step = link.received(text, T0)
    assert (step.trouble, step.close, step.ready) == ("login", True, False)


def test_who_hangs_up_on_the_key_has_refused_it() -> None:
    link = opened()
    link.received(HELLO, T0)
    assert link.opened(T0 + 5, ("192.0.2.1", 2)).trouble == "login"


def test_a_connection_that_breaks_later_is_no_refusal() -> None:
    link = ready()
    assert link.opened(T0 + 5, ("192.0.2.1", 2)) == Step()
    (said,) = link.received(HELLO, T0 + 5).send
    assert json.loads(said) == LOGIN


def test_a_side_that_says_nothing_to_the_key_is_silent() -> None:
    link = opened()
    link.received(HELLO, T0)
    assert link.tick(T0 + ANSWERS_WITHIN - 1) == Step()
    step = link.tick(T0 + ANSWERS_WITHIN)
    assert (step.trouble, step.close) == ("silent", True)
    assert link.opened(T0 + 30, ("192.0.2.1", 2)) == Step()


def test_a_welcome_in_other_words_is_one_too() -> None:
    link = opened()
    link.received(HELLO, T0)
    assert link.received("Good day, service", T0) == Step()
    assert link.tick(T0 + ANSWERS_WITHIN) == Step(ready=True)


def test_who_is_told_of_calls_is_logged_in() -> None:
    link = opened()
    link.received(HELLO, T0)
    step = link.received(json.dumps(START), T0)
    assert (step.ready, len(step.events)) == (True, 1)
    assert not link.received(json.dumps(ANSWER), T0).ready


@pytest.mark.parametrize(
    "text", ["Good day", "error", "", "\0", "[]", "[1]", "7", "null", '"callStart"', "{", "[" * 90_000, "{}"]
)
def test_text_among_the_events_is_skipped(text: str) -> None:
    assert ready().received(text, T0) == Step()


def test_an_event_may_come_as_bytes() -> None:
    assert len(ready().received(json.dumps(START).encode(), T0).events) == 1
    assert ready().received(b"\xff\xfe", T0) == Step()


# Events


def test_an_incoming_call_rings() -> None:
    (event,) = told(START)
    assert replay.shape(event) == {
        "key": "5120034567", "kind": "ring", "at": T0 + 100, "direction": "in", "caller": "0671112233",
        "did": "0441234567", "started": 1795436400,
    }  # fmt: skip


def test_an_answer_names_the_extension() -> None:
    (event,) = told(ANSWER)
    assert replay.shape(event) == {
        "key": "5120034567", "kind": "answer", "at": T0 + 100, "direction": "in", "caller": "0671112233",
        "line": "901", "answered": 1795436409,
    }  # fmt: skip


def test_a_stop_says_what_became_of_it() -> None:
    (event,) = told(STOP)
    assert replay.shape(event) == {
        "key": "5120034567", "kind": "end", "at": T0 + 100, "outcome": "answered", "ended": 1795436450,
    }  # fmt: skip


def test_an_outgoing_call_names_its_extension_at_once() -> None:
    event = told(*OUTGOING)[0]
    assert (event.direction, event.caller, event.line) == ("out", "0671112233", "901")
    assert told(OUTGOING[0] | {"internalNumbers": ["901", "902"]})[0].line == "901"


def test_a_line_that_rings_alone_is_named_and_a_group_is_not() -> None:
    assert told(START | {"internalNumbers": ["901"]})[0].line == "901"
    assert told(START | {"internalNumbers": ["901", "902"]})[0].line == ""


def test_a_start_without_a_number_is_withheld() -> None:
    assert told(START | {"externalNumber": ""})[0].caller == ""
    assert told({name: its for name, its in START.items() if name != "externalNumber"})[0].caller == ""


def test_the_customers_name_is_binotels_own() -> None:
    assert told(START | {"customerName": "Olena\r\n\u202eK."})[0].name == "Olena K."


def test_a_stop_without_a_disposition_is_unknown() -> None:
    assert told({"eventName": "callStop", "generalCallID": "1"})[0].outcome == "unknown"


@pytest.mark.parametrize("word", ["callTransfer", "", None, 7, ["callStart"], "callstart"])
def test_an_unknown_frame_is_ignored(word: Any) -> None:
    assert told(START | {"eventName": word}) == []


@pytest.mark.parametrize("word", sorted(FRAMES))
def test_a_frame_without_its_call_is_ignored(word: str) -> None:
    assert told({"eventName": word}) == []


def test_calls_of_another_company_are_not_ours_to_the_end() -> None:
    link = ready(company_id="777")
    assert heard(link, [START, ANSWER, STOP]) == []
    ours = [{**one, "generalCallID": "8", "companyID": 777} for one in (START, ANSWER, STOP)]
    assert len(heard(link, ours)) == 3


def test_without_a_company_number_all_calls_are_ours() -> None:
    assert len(told(START, ANSWER, STOP)) == 3


@pytest.mark.parametrize("frame", [START, ANSWER, STOP], ids=lambda frame: frame["eventName"])
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(frame: dict[str, Any], value: Any) -> None:
    for name in frame:
        for event in told({**frame, name: value}):
            json.dumps(replay.shape(event)).encode()
            for text in (event.key, event.did, event.line, event.name, event.caller or ""):
                text.encode()
                assert text.isprintable()
                assert len(text) <= 256
            assert 0 < len(event.key) <= 64
            assert not event.line.startswith("@")


# One call however it was told


@pytest.mark.parametrize("name", sorted(CALLS))
def test_frames_in_any_order_end_in_the_same_call(name: str) -> None:
    events = told(*CALLS[name])
    wanted = replay.journaled(events)
    assert len(wanted) == 1
    for order in replay.orders(events):
        assert replay.journaled(order) == wanted
    assert replay.invented(events) == []


@pytest.mark.parametrize("name", ["answered_by_901", "rang_then_missed", "outgoing"])
def test_webhooks_and_frames_of_one_call_are_one_call(name: str) -> None:
    """Both switched on: whatever overtakes whatever, the journal has what the webhooks alone would have given."""
    recording = replay.load("binotel", name)
    pushed = replay.told(Binotel(), recording)
    frames = told(*CALLS[{"answered_by_901": "answered", "rang_then_missed": "missed"}.get(name, name)])
    frames = [replace(event, key=pushed[0].key) for event in frames]
    wanted = replay.journaled(pushed)
    assert len(wanted) == 1
    for seed in range(5):
        for order in replay.orders([*pushed, *frames], seed):
            assert replay.journaled(order) == wanted


def test_a_transfer_told_by_a_webhook_moves_a_call_told_by_frames() -> None:
    moved = only(form(requestType="transferTheCall", internalNumber="902"))
    over = only(post("requestType=hangupTheCall&generalCallID=5120034567&disposition=TRANSFER&billsec=41"))
    (call,) = replay.journaled([*told(START, ANSWER), moved, over, *told(STOP)])
    assert (call["answered_by"], call["line"], call["outcome"]) == ("901", "902", "answered")
