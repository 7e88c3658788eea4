"""Binotel's REST: what is asked of it, and what is learned from its answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from server.providers import abilities
from server.providers.abilities import NOTHING, Answer, Ask, Extension, Failed, Talk
from server.recordings import allowed
from tests import replay
from tests.providers.test_binotel import BINOTEL, NASTY, completed, form, only, post
from tests.replay import T0, answer, asked

KEYS = {"api_key": "the-api-key", "api_secret": "the-api-secret"}
WS_KEYS = {"ws_key": "k", "ws_secret": "s"}
LOGIN = {"key": "the-api-key", "secret": "the-api-secret"}
RECORD = {
    "companyID": 12345, "generalCallID": "5120034567", "callID": "5120034567", "startTime": 1795436400,
    "callType": 0, "internalNumber": "901", "externalNumber": "0671112233", "waitsec": 9, "billsec": 41,
    "disposition": "ANSWER", "recordingStatus": "uploaded", "customerData": "",
    "pbxNumberData": {"number": "0441234567", "name": ""},
    "historyData": [{"internalNumber": "901", "disposition": "ANSWER", "waitsec": 9, "billsec": 41}],
}  # fmt: skip
MISSED = RECORD | {
    "generalCallID": "5120034570", "disposition": "NOANSWER", "billsec": 0, "recordingStatus": "",
    "historyData": [],
}  # fmt: skip
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "binotel.md").read_text("utf-8")


def success(**more: Any) -> Answer:
    return answer({"status": "success", **more})


def talks() -> dict[str, Talk[Any]]:
    return {
        "look": BINOTEL.look(KEYS, T0),
        "history": BINOTEL.history(KEYS, T0 - 3600, T0),
        "extensions": BINOTEL.extensions(KEYS),
        "originate": BINOTEL.originate(KEYS, "901", "+380671112233", "7"),
        "hang_up": BINOTEL.hang_up(KEYS, "5120034567"),
        "recording": BINOTEL.recording(KEYS, "5120034567", "5120034567"),
    }


def learned(name: str, *answers: Answer) -> Any:
    return asked(talks()[name], *answers)[1]


def one_ask(name: str, given: Answer) -> tuple[Ask, dict[str, Any]]:
    (ask,), _ = asked(talks()[name], given)
    return ask, json.loads(ask.body)


METHODS = {
    "look": ("stats/online-calls", {}),
    "history": ("stats/all-incoming-calls-since", {"timestamp": int(T0) - 3600}),
    "extensions": ("settings/list-of-employees", {}),
    "originate": (
        "calls/internal-number-to-external-number",
        {"internalNumber": "901", "externalNumber": "0671112233", "async": "TRUE"},
    ),
    "hang_up": ("calls/hangup-call", {"generalCallID": "5120034567"}),
    "recording": ("stats/call-record", {"generalCallID": "5120034567"}),
}


def test_binotel_has_every_ability_of_its_rest() -> None:
    for ability in ("Looks", "Remembers", "Suggests", "Dials", "HangsUp", "Records", "Connects"):
        assert isinstance(BINOTEL, getattr(abilities, ability)), ability


@pytest.mark.parametrize("name", sorted(METHODS))
def test_what_is_asked(name: str) -> None:
    method, params = METHODS[name]
    ask, body = one_ask(name, success(callDetails={}, url="https://api.binotel.com/records/1.wav"))
    assert (ask.method, ask.url, ask.query) == ("POST", f"https://api.binotel.com/api/4.0/{method}.json", "")
    assert ask.headers == {"Content-Type": "application/json"}
    assert body == {**params, **LOGIN}
    assert f"`{method}`" in PAGE


@pytest.mark.parametrize("name", sorted(METHODS))
@pytest.mark.parametrize(
    ("given", "word"),
    [
        (Answer(401), "login"), (Answer(403), "login"), (Answer(429), "busy"), (Answer(500, b"<html>"), "odd"),
        (Answer(200, b""), "odd"), (Answer(200, b"[]"), "odd"), (Answer(200, b'"success"'), "odd"),
        (Answer(200, b"{}"), "odd"), (Answer(200, b"[" * 90_000), "odd"),
        (answer({"status": "error", "code": 101, "message": "Wrong key or secret"}), "login"),
        (answer({"status": "error", "code": 102, "message": "Access denied"}), "login"),
        (answer({"status": "error", "code": 103, "message": "Too many requests"}), "busy"),
        (answer({"status": "error", "code": 150, "message": "The employee is not online"}), "refused"),
        (answer({"status": "error", "code": 150}, 500), "refused"),
        (answer({"status": "error"}), "odd"),
    ],
)  # fmt: skip
def test_a_refusal_has_a_word(name: str, given: Answer, word: str) -> None:
    with pytest.raises(Failed) as why:
        asked(talks()[name], given)
    assert why.value.word == word


def test_a_refusal_is_told_in_binotels_own_words_but_for_our_secrets() -> None:
    for message, detail in (("The employee is not online", "150 The employee is not online"),
                            ("What is the-api-secret?", ""), ("a\r\n\u202eb", "150 a b")):  # fmt: skip
        with pytest.raises(Failed) as why:
            learned("hang_up", answer({"status": "error", "code": 150, "message": message}))
        assert why.value.detail == detail


# Without keys


@pytest.mark.parametrize("settings", [{}, {"api_key": "k"}, {"api_secret": "s"}, WS_KEYS])
def test_without_keys_nothing_is_asked_by_itself(settings: dict[str, str]) -> None:
    assert asked(BINOTEL.look(settings, T0)) == ([], NOTHING)
    assert asked(BINOTEL.history(settings, T0 - 60, T0)) == ([], [])
    assert BINOTEL.look_every(settings) == 0


def test_without_keys_a_wish_says_what_it_lacks() -> None:
    for talk in (
        BINOTEL.originate({}, "901", "+380671112233", "7"),
        BINOTEL.hang_up({}, "1"),
        BINOTEL.recording({}, "1", "1"),
        BINOTEL.extensions({}),
    ):
        with pytest.raises(Failed, match="unset") as why:
            next(talk)
        assert "REST" in why.value.detail


def test_who_has_no_websocket_looks_all_the_time() -> None:
    assert BINOTEL.look_every(KEYS) == 5
    assert BINOTEL.look_every({**KEYS, **WS_KEYS}) == 0
    assert BINOTEL.look_every({**KEYS, "ws_key": "alone"}) == 5


# Which calls there are


def going_on(**more: Any) -> dict[str, Any]:
    return RECORD | {"disposition": "CALLING", "billsec": 0, "waitsec": 0, "historyData": []} | more


def test_a_call_that_goes_on_rings_or_is_answered() -> None:
    rows = [going_on(), going_on(generalCallID="8", disposition="ONLINE", internalNumber="902")]
    step = learned("look", success(callDetails=rows))
    assert [(one.kind, one.key, one.line, one.direction) for one in step.events] == [
        ("ring", "5120034567", "901", "in"), ("answer", "8", "902", "in"),
    ]  # fmt: skip
    assert step.live == {"5120034567", "8"}
    assert {event.started for event in step.events} == {1795436400}


@pytest.mark.parametrize("shape", [{"5120034567": going_on()}, [going_on()]], ids=["by id", "list"])
def test_the_calls_may_be_an_object_or_a_list(shape: Any) -> None:
    assert learned("look", success(callDetails=shape)).live == {"5120034567"}


@pytest.mark.parametrize("empty", [{}, []])
def test_an_empty_list_says_that_nothing_goes_on(empty: Any) -> None:
    assert learned("look", success(callDetails=empty)).live == frozenset()


@pytest.mark.parametrize(
    "odd", [None, "", 0, "none", [going_on(), 7], [going_on(generalCallID="")], {"a": {}}]
)
def test_a_list_that_is_not_understood_ends_no_call(odd: Any) -> None:
    assert learned("look", success(callDetails=odd)).live is None
    assert learned("look", success()).live is None


def test_a_withheld_number_that_rings_is_withheld() -> None:
    (event,) = learned("look", success(callDetails=[going_on(externalNumber="")])).events
    assert event.caller == ""


def test_looking_adds_nothing_to_what_webhooks_tell() -> None:
    pushed = [
        only(form()),
        only(form(requestType="answeredTheCall", internalNumber="901")),
        only(post("requestType=hangupTheCall&generalCallID=5120034567&disposition=ANSWER&billsec=41")),
    ]
    rows = [going_on(internalNumber=""), going_on(disposition="ONLINE")]
    seen = [event for row in rows for event in learned("look", success(callDetails=[row])).events]
    past = learned("history", success(callDetails=[RECORD]))
    wanted = replay.journaled(pushed)
    for order in replay.orders([*pushed, *seen, *past]):
        assert replay.journaled(order) == wanted


# Which calls there were


def test_a_history_tells_what_a_record_tells() -> None:
    (event,) = learned("history", success(callDetails={"5120034567": RECORD}))
    record = only(completed(**RECORD))
    assert event.late
    assert {**replay.shape(event), "late": False} == {**replay.shape(record), "late": False}
    assert (event.recording, event.outcome, event.legs) == ("5120034567", "answered", (("901", "answered"),))


def test_a_missed_call_of_the_history() -> None:
    told = learned("history", success(callDetails=[RECORD, MISSED]))
    assert [(one.key, one.outcome, one.recording) for one in told] == [
        ("5120034567", "answered", "5120034567"), ("5120034570", "missed", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["ONLINE", "CALLING", "", None, "online"])
def test_a_call_that_goes_on_is_no_history(word: Any) -> None:
    assert learned("history", success(callDetails=[RECORD | {"disposition": word}])) == []


def test_a_history_of_incoming_calls_need_not_say_so() -> None:
    untyped = {name: its for name, its in RECORD.items() if name != "callType"}
    (event,) = learned("history", success(callDetails=[untyped]))
    assert (event.direction, event.caller) == ("in", "0671112233")


@pytest.mark.parametrize("odd", [None, {}, [], "", "x", [7], {"a": 7}, [{}], [{"generalCallID": ""}]])
def test_a_history_without_calls_is_empty(odd: Any) -> None:
    assert learned("history", success(callDetails=odd)) == []


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_in_a_list_do_no_harm(value: Any) -> None:
    for name in RECORD:
        row = RECORD | {name: value}
        for rows in ([row], {"1": row}, value):
            told = [*learned("history", success(callDetails=rows)),
                    *learned("look", success(callDetails=rows)).events]  # fmt: skip
            for event in told:
                json.dumps(replay.shape(event)).encode()
                assert 0 < len(event.key) <= 64


# The employees


def employee(**more: Any) -> dict[str, Any]:
    endpoint = {"internalNumber": "901", "login": "sip901", "password": "SIP-PASSWORD", "status": {}}
    return {"employeeID": "1", "name": "Каса 1", "email": "a@example.com", "endpointData": endpoint} | more


@pytest.mark.parametrize("shape", [{"1": employee()}, [employee()]], ids=["by id", "list"])
def test_employees_are_extensions(shape: Any) -> None:
    assert learned("extensions", success(listOfEmployees=shape)) == [Extension("901", "Каса 1")]


@pytest.mark.parametrize(
    "places",
    [
        [{"internalNumber": 901, "password": "SIP-PASSWORD"}, {"internalNumber": "902"}],
        {"0": {"internalNumber": "901"}, "1": {"internalNumber": "902", "password": "SIP-PASSWORD"}},
    ],
)
def test_an_employee_may_have_several_phones(places: Any) -> None:
    told = learned("extensions", success(listOfEmployees=[employee(endpointData=places)]))
    assert [one.line for one in told] == ["901", "902"]


def test_a_password_does_not_survive() -> None:
    assert "SIP-PASSWORD" not in repr(learned("extensions", success(listOfEmployees={"1": employee()})))


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_employees_do_no_harm(value: Any) -> None:
    for row in (
        employee(endpointData=value),
        employee(name=value),
        employee(endpointData={"internalNumber": value}),
    ):
        for one in learned("extensions", success(listOfEmployees=[row])):
            assert one.line.isprintable()
            assert one.name.isprintable()
    learned("extensions", success(listOfEmployees=value))


# Calling


@pytest.mark.parametrize(
    ("number", "spelled"),
    [("+380671112233", "0671112233"), ("+77471112233", "77471112233"), ("+48221112233", "48221112233")],
)
def test_a_number_is_dialled_as_binotel_spells_it(number: str, spelled: str) -> None:
    (ask,), key = asked(BINOTEL.originate(KEYS, "901", number, "7"), success(generalCallID=5120034999))
    assert json.loads(ask.body)["externalNumber"] == spelled
    assert key == "5120034999"


def test_calling_may_take_as_long_as_the_extension_rings() -> None:
    ask, _ = one_ask("originate", success(generalCallID="1"))
    assert ask.seconds > 30


def test_a_call_whose_id_is_not_told_is_placed_all_the_same() -> None:
    assert learned("originate", success()) == ""


# The sound


def test_a_recording_is_fetched_without_our_keys() -> None:
    url = "https://api.binotel.com/records/5120034567.mp3?sign=1"
    assert learned("recording", success(url=url)) == Ask("GET", url)


@pytest.mark.parametrize("url", [None, "", 7, [], "http://api.binotel.com/1.mp3", "file:///etc/passwd"])
def test_an_answer_without_an_address_is_odd(url: Any) -> None:
    with pytest.raises(Failed, match="odd"):
        learned("recording", success(url=url))


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("https://api.binotel.com/1.mp3", True),
        ("https://my.binotel.ua/1.mp3", True),
        ("https://binotel.com.example.com/1.mp3", False),
        ("https://notbinotel.com/1.mp3", False),
        ("https://x@api.binotel.com/1.mp3", False),
        ("https://192.168.1.1/1.mp3", False),
    ],
)
def test_a_recording_comes_from_binotels_own_hosts_only(url: str, ours: bool) -> None:
    assert allowed(url, BINOTEL.recording_hosts) is ours
    assert all(f"`{host}`" in PAGE for host in BINOTEL.recording_hosts)


@pytest.mark.parametrize(
    ("disposition", "status", "there"),
    [("ANSWER", "uploaded", True), ("VM-SUCCESS", "uploaded", True), ("TRANSFER", "Uploaded", True),
     ("NOANSWER", "uploaded", False), ("ANSWER", "", False), ("ANSWER", "no", False)],
)  # fmt: skip
def test_only_a_call_with_words_in_it_has_a_recording(disposition: str, status: str, there: bool) -> None:
    event = only(completed(**RECORD | {"disposition": disposition, "recordingStatus": status}))
    assert bool(event.recording) is there
