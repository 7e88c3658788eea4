"""UIS, CoMagic: notifications by our template, employees who are lines, the list of calls, calls of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.providers.abilities import Answer, Failed
from server.providers.base import Delivery, Foreign, Unreadable
from server.providers.uis import ERRORS, EVENTS, EVERY, HOSTS, MARK, RINGS, TALKS, TEMPLATES, UNUSED, Uis
from tests import recorded, replay
from tests.replay import T0, answer

UIS = Uis()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "uis.md").read_text("utf-8")
STAFF = {"employees": "25=101 26=102"}
API = STAFF | {"token": "t0ken", "number": "74951234567"}
URL = "https://callapi.uiscom.ru/v4.0"
CONTRACT_WAITING = (
    '{"virtual_phone_number":"74951234567","notification_time":"2026-11-23 12:30:03",'
    '"contact_phone_number":"79031112233","employee_id":25,"employee_full_name":"Kasa 1",'
    '"call_session_id":237859081,"direction":"in","leg_id":1}'
)
CONTRACT_LOST = (
    '{"virtual_phone_number":"74951234567","contact_phone_number":"79031112233","wait_time_duration":31,'
    '"employee_ids":[25],"call_session_id":237859081}'
)
# Who answered last stands only in the order of two answers.
DISORDERED = LOST = {"transferred": {"line", "answered_by"}}
LEG = json.loads(CONTRACT_WAITING)


def at(word: str, settings: dict[str, str] | None = None, **changes: Any) -> CallEvent:
    (event,) = UIS.events(post(word, LEG | changes), STAFF if settings is None else settings)
    return event


def post(word: str, value: Any) -> Delivery:
    body = value if isinstance(value, str) else json.dumps(value)
    return Delivery("POST", body.encode(), T0, {"content-type": "application/json"}, path=word)


@pytest.mark.parametrize("name", replay.names("uis"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(UIS, name)


@pytest.mark.parametrize("name", replay.names("uis"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(UIS, name)


@pytest.mark.parametrize("name", replay.names("uis"))
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(UIS, name, DISORDERED.get(name, ()))


@pytest.mark.parametrize("name", replay.names("uis"))
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(UIS, name, LOST.get(name, ()))


# Notifications


def test_the_bodies_of_the_contract_are_read() -> None:
    (ring,) = UIS.events(post("waiting", CONTRACT_WAITING), STAFF)
    assert (ring.key, ring.kind, ring.direction, ring.line) == ("237859081", RING, IN, "101")
    assert (ring.caller, ring.did, ring.at) == ("79031112233", "74951234567", T0)
    (lost,) = UIS.events(post("lost", CONTRACT_LOST), STAFF)
    assert (lost.key, lost.kind, lost.outcome, lost.line, lost.direction) == (
        "237859081",
        END,
        "missed",
        "",
        IN,
    )


@pytest.mark.parametrize("word", sorted(EVENTS))
def test_the_event_stands_in_the_address(word: str) -> None:
    assert at(word).kind == EVENTS[word]


@pytest.mark.parametrize(("talked", "outcome"), [
    (41, "answered"), ("41", "answered"), (0, "missed"), ("0", "missed"), (None, "unknown"),
    ("x", "unknown"), (-1, "unknown"),
])  # fmt: skip
def test_a_finished_call_was_answered_if_anybody_talked(talked: Any, outcome: str) -> None:
    assert at("call_finished", talk_time_duration=talked).outcome == outcome


def test_an_employees_id_is_no_extension() -> None:
    assert at("waiting", {}).line == ""
    assert at("waiting", STAFF).line == "101"
    assert at("waiting", {}, employee_full_name="101").line == "101"
    assert at("waiting", {}, employee_phone_number="0101").line == "0101"
    assert at("waiting", STAFF, employee_full_name="7", employee_phone_number="8").line == "101"


def test_the_employee_of_a_missed_call_is_anybody() -> None:
    assert at("call_finished", talk_time_duration=0).line == ""
    assert at("call_finished", talk_time_duration=9).line == "101"


@pytest.mark.parametrize(("told", "mark"), [(f"{MARK}5", "5"), ("5", ""), (None, "")])
def test_a_call_of_ours_carries_our_mark(told: Any, mark: str) -> None:
    assert at("talk", external_id=told).mark == mark


def test_a_number_that_is_not_told_is_withheld_only_where_it_must_stand() -> None:
    body = {"call_session_id": 1}
    assert UIS.events(post("incoming", body), {})[0].caller == ""
    assert UIS.events(post("talk", body), {})[0].caller is None


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (post("waiting", {}), "call_session_id"),
        (post("waiting", '{"call_session_id": {{call_session_id}}}'), "broken"),
        (post("", LEG), "token"),
        (post("waiting", "[]"), "not an object"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        UIS.events(delivery, {})


@pytest.mark.parametrize(
    ("word", "told"), [*((word, "") for word in UNUSED), ("tags", "tags"), ("x" * 99, "x" * 40)]
)
def test_other_notifications_are_foreign(word: str, told: str) -> None:
    with pytest.raises(Foreign) as why:
        UIS.events(post(word, LEG), {})
    assert why.value.word == told


@pytest.mark.parametrize("word", sorted(EVENTS))
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: Any) -> None:
    for name in (*LEG, "contact_full_name", "external_id", "talk_time_duration", "employee_phone_number"):
        recorded.bears(UIS, post(word, LEG | {name: value}), STAFF)


# What is pasted


def test_every_notification_has_its_address_and_its_template() -> None:
    pasted = UIS.pastes({}, "https://phone.example.com/hooks/uis/T0ken")
    for word, url, body in zip(TEMPLATES, pasted[::2], pasted[1::2], strict=True):
        assert url.text == f"https://phone.example.com/hooks/uis/T0ken/{word}"
        filled = re.sub(r"{{(\w+)}}", '"1"', body.text)
        assert tuple(json.loads(filled)) == TEMPLATES[word][1]
        assert UIS.events(post(word, filled), {})


# Settings


@pytest.mark.parametrize(("told", "kept"), [
    ("25=101, 26=102", "25=101 26=102"), (" 25 = 101\n26=102;27=kasa3 ", "25=101 26=102 27=kasa3"), ("", ""),
])  # fmt: skip
def test_employees_are_pairs(told: str, kept: str) -> None:
    assert UIS.fields[0].check(told) == kept


@pytest.mark.parametrize("told", ["101", "25=", "=101", "x=101", "25=a b", "25=<script>", "25=101=102"])
def test_other_words_are_no_pairs(told: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        UIS.fields[0].check(told)


# The list of calls


def call(*legs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    whole = {
        "call_session_id": 237859081, "direction": "in", "start_time": "2026-11-23T12:30:03.418",
        "virtual_phone_number": "74951234567", "contact_phone_number": "79031112233", "external_id": None,
    }  # fmt: skip
    return {**whole, "legs": list(legs), **changes}


def leg(state: str, employee: int | None = None) -> dict[str, Any]:
    return {"leg_id": 1, "employee_id": employee, "employee_full_name": None, "state": state}


def look(*calls: Any) -> Any:
    return replay.asked(UIS.look(API, T0), answer({"result": {"data": list(calls)}}))


def test_the_list_is_asked_for_with_the_key() -> None:
    (ask,), step = look()
    assert (ask.method, ask.url) == ("POST", URL)
    said = json.loads(ask.body)
    assert (said["jsonrpc"], said["method"], said["params"]) == (
        "2.0",
        "list.calls",
        {"access_token": "t0ken"},
    )
    assert (step.live, step.events, step.ready) == (frozenset(), (), True)
    assert UIS.look_every(API) == EVERY


def test_without_a_key_nobody_looks() -> None:
    asks, step = replay.asked(UIS.look(STAFF, T0))
    assert (asks, step.live, UIS.look_every(STAFF)) == ([], None, 0.0)


def test_a_call_of_the_list_is_told_as_it_stands() -> None:
    _, step = look(call(leg("Разговор"), leg("Дозвон", 25), leg("Дозвон", 26)))
    assert [(event.kind, event.line) for event in step.events] == [(RING, "101"), (RING, "102")]
    assert step.live == {"237859081"}
    event = step.events[0]
    assert (event.key, event.direction, event.caller, event.did) == (
        "237859081", IN, "79031112233", "74951234567",
    )  # fmt: skip
    assert (event.at, event.started) == (T0, None)
    _, step = look(call(leg("Разговор"), leg("Разговор", 26), leg("Разъединено", 25)))
    assert [(event.kind, event.line) for event in step.events] == [(ANSWER, "102")]
    _, step = look(call(leg("На очереди")))
    assert [(event.kind, event.line) for event in step.events] == [(RING, "")]


def test_an_outgoing_call_is_answered_when_the_guest_talks() -> None:
    _, step = look(call(leg("Разговор", 25), leg("Дозвон"), direction="out"))
    assert [(event.kind, event.line, event.direction) for event in step.events] == [(RING, "101", OUT)]
    _, step = look(call(leg("Разговор", 25), leg("Разговор"), direction="out", external_id=f"{MARK}7"))
    assert [(event.kind, event.line, event.mark) for event in step.events] == [(ANSWER, "101", "7")]


def test_looking_again_changes_nothing_and_agrees_with_the_notifications() -> None:
    ringing = look(call(leg("Дозвон", 25)))[1].events
    talking = look(call(leg("Разговор"), leg("Разговор", 25)))[1].events
    once, twice = replay.final([*ringing, *talking]), replay.final([*ringing, *ringing, *talking, *talking])
    assert once == twice
    mixed = replay.final([at("incoming"), *ringing, at("waiting"), at("talk"), *talking])
    assert mixed is not None
    assert once is not None
    assert (
        (mixed.state, mixed.line, mixed.legs)
        == (once.state, once.line, once.legs)
        == ("answered", "101", {"101": "answered"})
    )


@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_list_does_no_harm(value: Any) -> None:
    for name in (*call(), "employee_id"):
        _, step = look(
            call(leg("Дозвон", 25), **{name: value}), value, call({"state": value, "employee_id": value})
        )
        assert all(event.key and event.line.isprintable() for event in step.events)
    replay.asked(UIS.look(API, T0), answer({"result": {"data": value}}))


@pytest.mark.parametrize("mnemonic", sorted(ERRORS))
def test_every_error_is_a_trouble_that_has_words(mnemonic: str) -> None:
    said = answer({"error": {"code": -32001, "message": "x", "data": {"mnemonic": mnemonic}}})
    with pytest.raises(Failed) as why:
        replay.asked(UIS.look(API, T0), said)
    assert why.value.word == ERRORS[mnemonic]
    assert "t0ken" not in str(why.value)


@pytest.mark.parametrize(("said", "word"), [
    (answer({"error": {"message": "Employee not found"}}), "refused"), (answer({}), "refused"),
    (answer({}, 403), "login"), (answer({}, 429), "busy"), (Answer(502, b"<html>"), "odd"), (answer([]), "refused"),
    (answer({"error": None}), "refused"),
])  # fmt: skip
def test_what_else_goes_wrong_is_told(said: Answer, word: str) -> None:
    for talk in (UIS.look(API, T0), UIS.originate(API, "101", "+79031112233", "5"), UIS.hang_up(API, "1")):
        with pytest.raises(Failed) as why:
            replay.asked(talk, said)
        assert why.value.word == word


# Calls of ours


def test_a_call_of_ours_rings_the_employee_first() -> None:
    said = answer({"result": {"data": {"call_session_id": 237859081}}})
    (ask,), key = replay.asked(UIS.originate(API | {"host": HOSTS[1]}, "102", "+79031112233", "5"), said)
    assert ask.url == "https://callapi.comagic.ru/v4.0"
    body = json.loads(ask.body)
    assert body["method"] == "start.employee_call"
    assert body["params"] == {
        "access_token": "t0ken", "first_call": "employee", "direction": "out", "virtual_phone_number": "74951234567",
        "contact": "79031112233", "employee": {"id": 26}, "external_id": f"{MARK}5",
    }  # fmt: skip
    assert key == "237859081"


@pytest.mark.parametrize(("settings", "line"), [(API, "103"), (STAFF, "101"), (API | {"number": ""}, "101")])
def test_a_line_that_is_nobodys_cannot_call(settings: dict[str, str], line: str) -> None:
    with pytest.raises(Failed, match="unset"):
        replay.asked(UIS.originate(settings, line, "+79031112233", "5"))


def test_a_call_can_be_ended() -> None:
    (ask,), _ = replay.asked(UIS.hang_up(API, "237859081"), answer({"result": {"data": {"success": True}}}))
    body = json.loads(ask.body)
    assert (body["method"], body["params"]["call_session_id"]) == ("release.call", 237859081)
    with pytest.raises(Failed):
        replay.asked(UIS.hang_up(API, "x"))


def test_the_page_names_every_word() -> None:
    for word in (*EVENTS, *UNUSED):
        assert f"`/{word}`" in PAGE, word
    for title, _ in TEMPLATES.values():
        assert title in PAGE, title
    for word in (*HOSTS, "list.calls", "start.employee_call", "release.call"):
        assert f"`{word}`" in PAGE, word
    assert f"every {EVERY:.0f} seconds" in PAGE
    for word in (*RINGS, *TALKS):
        assert f"`{word}`" in PAGE, word
