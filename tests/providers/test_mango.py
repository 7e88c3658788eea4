"""Mango Office: signed notifications, legs of one entry, commands."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, OUT, RING, TRANSFER, Call, CallEvent, step
from server.providers.abilities import Answer, Extension, Failed
from server.providers.base import Delivery, Foreign, Refused, Unreadable
from server.providers.mango import API, CALL, SOUNDS, SUMMARY, UNUSED, Mango
from server.providers.mango_calls import MARK, RESULTS, STATES, WAITS, WAYS
from tests import recorded, replay
from tests.replay import T0, answer

MANGO = Mango()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "mango.md").read_text("utf-8")
KEYS = {"api_key": "demo-key", "api_salt": "demo-salt"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
VECTOR = (
    '{"entry_id":"MTIzNDU2","call_id":"MToxMDA","timestamp":1795436400,"seq":1,"call_state":"Appeared",'
    '"location":"abonent","from":{"number":"77011112233"},"to":{"extension":"101","line_number":"77272000000"}}'
)
SIGN = "18942db466fd64abb18982797d66b509081eb24481af6bcc1e7a1d3518071a69"
CONTRACT_EVENT = (
    "vpbx_api_key=demo-key&json=%7B%22entry_id%22%3A%22MTIzNDU2%22%2C%22call_id%22%3A%22MToxMDA%22%2C%22seq%22%3A1%2C"
    "%22call_state%22%3A%22Appeared%22%2C%22location%22%3A%22abonent%22%2C%22from%22%3A%7B%22number%22%3A%2277011112233"
    "%22%7D%2C%22to%22%3A%7B%22extension%22%3A%22101%22%7D%7D"
)
CONTRACT_SUMMARY = {
    "entry_id": "MTIzNDU2", "call_direction": 1, "from": {"number": "77011112233"},
    "to": {"extension": "101", "number": "sip:kasa1@x.mangosip.ru"}, "line_number": "77272000000",
    "create_time": 1795436400, "forward_time": 1795436401, "talk_time": 1795436409, "end_time": 1795436450,
    "entry_result": 1, "disconnect_reason": 1110,
}  # fmt: skip
LOST = {"transferred": {"line"}}  # without the transfer itself nobody can know where the call went
LEG = json.loads(VECTOR)


def post(path: str, value: Any, at: float = T0, **more: str) -> Delivery:
    text = value if isinstance(value, str) else json.dumps(value)
    sign = hashlib.sha256(f"demo-key{text}demo-salt".encode("utf-8", "replace")).hexdigest()
    fields = {"vpbx_api_key": "demo-key", "sign": sign, "json": text} | more
    return Delivery("POST", urlencode(fields).encode(), at, FORM, path=path)


def leg(**changes: Any) -> CallEvent:
    (event,) = MANGO.events(post(CALL, LEG | changes), KEYS)
    return event


def summary(**changes: Any) -> CallEvent:
    (event,) = MANGO.events(post(SUMMARY, CONTRACT_SUMMARY | changes, T0 + 60), KEYS)
    return event


@pytest.mark.parametrize("name", replay.names("mango"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(MANGO, name)


@pytest.mark.parametrize("name", replay.names("mango"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(MANGO, name)


@pytest.mark.parametrize("name", replay.names("mango"))
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(MANGO, name)


@pytest.mark.parametrize("name", replay.names("mango"))
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(MANGO, name, LOST.get(name, ()))


# Signatures


def test_the_vector_of_the_contract_is_right_and_taken() -> None:
    delivery = post(CALL, VECTOR)
    assert f"sign={SIGN}" in delivery.body.decode()
    MANGO.verify(delivery, KEYS)
    MANGO.verify(post(CALL, VECTOR, sign=SIGN.upper()), KEYS)
    (event,) = MANGO.events(delivery, KEYS)
    assert (event.key, event.kind, event.direction, event.line) == ("MTIzNDU2", RING, IN, "101")
    assert (event.caller, event.did, event.at) == ("77011112233", "77272000000", 1795436400.0)


def test_the_text_counts_as_it_came_not_as_it_reads() -> None:
    spaced = VECTOR.replace(",", ", ")
    MANGO.verify(post(CALL, spaced), KEYS)
    with pytest.raises(Refused, match="signature"):
        MANGO.verify(post(CALL, spaced, sign=SIGN), KEYS)


@pytest.mark.parametrize(
    ("delivery", "why"),
    [
        (post(CALL, VECTOR, sign="0" * 64), "signature"),
        (post(CALL, VECTOR, sign="é"), "signature"),
        (post(CALL, VECTOR, sign=""), "unsigned"),
        (post(CALL, ""), "unsigned"),
        (Delivery("POST", b"", T0), "unsigned"),
        (Delivery("POST", json.dumps({"json": {"a": 1}, "sign": SIGN}).encode(), T0), "unsigned"),
        (Delivery("POST", json.dumps({"json": "\ud800", "sign": SIGN}).encode(), T0), "signature"),
    ],
)
def test_a_wrong_or_missing_signature_is_refused(delivery: Delivery, why: str) -> None:
    with pytest.raises(Refused, match=f"^{why}$"):
        MANGO.verify(delivery, KEYS)


@pytest.mark.parametrize("settings", [{}, {"api_key": "demo-key"}, {"api_salt": "demo-salt"}])
def test_without_both_keys_everything_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(Refused):
        MANGO.verify(post(CALL, VECTOR), settings)
    assert all(field.secret and field.required for field in MANGO.fields)


# Legs and summaries


def test_the_bodies_of_the_contract_are_read() -> None:
    (ring,) = MANGO.events(Delivery("POST", CONTRACT_EVENT.encode(), T0, FORM, path=CALL), KEYS)
    assert (ring.kind, ring.caller, ring.line, ring.at) == (RING, "77011112233", "101", T0)
    end = summary()
    assert (end.kind, end.outcome, end.line, end.direction) == (END, "answered", "101", IN)
    assert (end.started, end.answered, end.ended, end.at) == (T0, T0 + 9, T0 + 50, T0 + 50)


@pytest.mark.parametrize("state", sorted(STATES))
def test_every_state_of_a_leg_is_known(state: str) -> None:
    assert leg(call_state=state, seq=3).kind == STATES[state]


@pytest.mark.parametrize("result", sorted(RESULTS))
def test_every_result_is_an_outcome(result: str) -> None:
    assert summary(entry_result=result).outcome == RESULTS[result]
    assert summary(entry_result=int(result)).outcome == RESULTS[result]


@pytest.mark.parametrize("result", ["", "2", None])
def test_an_unknown_result_is_unknown(result: Any) -> None:
    assert summary(entry_result=result).outcome == "unknown"


@pytest.mark.parametrize("way", sorted(WAYS))
def test_the_summary_says_which_way_the_call_went(way: str) -> None:
    assert summary(call_direction=way).direction == WAYS[way]


@pytest.mark.parametrize("place", WAITS)
def test_a_menu_and_a_queue_ring_nobody(place: str) -> None:
    event = leg(location=place, to={"number": "77272000000"})
    assert (event.kind, event.line, event.direction) == (RING, "", IN)
    assert leg(location=place, call_state="Connected").kind == RING
    with pytest.raises(Foreign):
        leg(location=place, call_state="Disconnected")


def test_who_missed_first_is_no_line() -> None:
    assert summary(entry_result=0, talk_time=0).line == ""
    assert summary(entry_result=0, talk_time=0).answered is None


def test_a_phone_that_was_not_picked_up_stops_ringing_and_the_next_one_rings() -> None:
    first, over, second = leg(), leg(call_state="Disconnected", seq=2), leg(to={"extension": "102"})
    call = replay.final([first, over, second])
    assert call is not None
    assert (call.state, call.line, dict(call.legs)) == ("ringing", "102", {"101": "ended", "102": "ringing"})


@pytest.mark.parametrize("changes", [
    {"seq": None}, {"seq": 4, "transfer": "blind"}, {"seq": 4, "to": {"extension": "101", "was_transferred": True}},
    {"seq": 4, "from": {"extension": "101", "taken_from_call_id": "MToxMDA"}, "to": {"extension": "102"}},
])  # fmt: skip
def test_a_leg_that_ends_while_the_call_goes_on_ends_nothing(changes: dict[str, Any]) -> None:
    with pytest.raises(Foreign):
        leg(call_state="Disconnected", **changes)


def test_directions_are_read_from_who_has_an_extension() -> None:
    mine, other, guest = {"extension": 101}, {"extension": "102"}, {"number": "77011112233"}
    assert leg(**{"from": guest, "to": mine}).direction == IN
    assert leg(**{"from": mine, "to": guest}).direction == OUT
    assert leg(**{"from": mine, "to": other}).direction == INTERNAL
    asks = leg(**{"from": mine | {"taken_from_call_id": "1"}, "to": other}, call_state="Connected")
    assert (asks.direction, asks.caller, asks.kind, asks.line) == ("", None, TRANSFER, "102")
    queued = leg(**{"from": guest | {"taken_from_call_id": "1"}, "to": mine}, call_state="Connected")
    assert (queued.direction, queued.kind) == (IN, ANSWER)


@pytest.mark.parametrize("at", [T0 + 3 * 3600, T0 - 3 * 3600, "x", None, 0])
def test_a_clock_of_another_zone_does_not_count(at: Any) -> None:
    assert leg(timestamp=at).at == T0


def test_a_line_that_is_a_sip_name_is_no_number_of_ours() -> None:
    assert leg(to={"extension": "101", "line_number": "sip:roistat-0758@x.mangosip.ru"}).did == ""


@pytest.mark.parametrize(("command", "mark"), [(f"{MARK}5", "5"), ("5", ""), ("", "")])
def test_a_call_of_ours_carries_our_mark(command: str, mark: str) -> None:
    assert leg(command_id=command).mark == mark


@pytest.mark.parametrize("path", SOUNDS)
def test_a_recording_moves_nothing(path: str) -> None:
    told = {"entry_id": "MTIzNDU2", "recording_id": "MToxMDA6", "recording_state": "Completed"}
    (event,) = MANGO.events(post(path, told), KEYS)
    for before in ([leg()], [leg(), leg(call_state="Connected")], [leg(), summary()]):
        known, after = replay.final(before), replay.final([*before, event])
        assert known is not None
        assert after is not None
        assert (after.state, after.legs, after.recording) == (known.state, known.legs, "MToxMDA6")


def test_a_recording_that_goes_on_is_not_used() -> None:
    with pytest.raises(Foreign):
        MANGO.events(post(SOUNDS[0], {"entry_id": "1", "recording_state": "Started"}), KEYS)


@pytest.mark.parametrize("path", [CALL, SUMMARY, *SOUNDS])
@pytest.mark.parametrize("value", ["", "{", "[]", "{}", '{"entry_id":""}', "null"])
def test_without_an_entry_nothing_can_be_read(path: str, value: str) -> None:
    with pytest.raises(Unreadable):
        MANGO.events(post(path, value), KEYS)


def test_other_words_are_foreign() -> None:
    for path in UNUSED:
        with pytest.raises(Foreign) as why:
            MANGO.events(post(path, {}), KEYS)
        assert why.value.word == ""
    for path in ("events/new", ""):
        with pytest.raises(Foreign) as why:
            MANGO.events(post(path, {}), KEYS)
        assert why.value.word == path
    with pytest.raises(Foreign) as why:
        leg(call_state="Parked")
    assert why.value.word == "parked"


def test_a_guest_waits_on_hold_until_the_line_is_connected_again() -> None:
    rings, talks, holds, back = (
        leg(call_state=state, seq=seq, timestamp=1795436400 + seq)
        for seq, state in enumerate(("Appeared", "Connected", "OnHold", "Connected"), 1)
    )
    call, held = Call("c", 1, 1, rings.key), []
    for event in (rings, talks, holds, back):
        call = step(call, event)
        held.append((call.state, call.line, call.held))
    assert held == [
        ("ringing", "101", False), ("answered", "101", False), ("answered", "101", True), ("answered", "101", False),
    ]  # fmt: skip


@pytest.mark.parametrize("path", [CALL, SUMMARY, *SOUNDS])
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(path: str, value: Any) -> None:
    for name in (*LEG, *CONTRACT_SUMMARY, "recording_id", "recording_state", "command_id"):
        recorded.bears(MANGO, post(path, LEG | CONTRACT_SUMMARY | {name: value}), KEYS)
        recorded.bears(MANGO, post(path, LEG | {"from": {"number": value, "extension": value}}), KEYS)


# Commands


def sent(ask: Any) -> Any:
    """What a command says; its signature is right."""
    fields = {name: values[0] for name, values in parse_qs(ask.body.decode()).items()}
    assert fields["sign"] == hashlib.sha256(f"demo-key{fields['json']}demo-salt".encode()).hexdigest()
    assert fields["vpbx_api_key"] == "demo-key"
    return json.loads(fields["json"])


def test_a_call_of_ours_rings_the_extension_first() -> None:
    (ask,), key = replay.asked(MANGO.originate(KEYS, "101", "+77011112233", "5"), answer({"result": 1000}))
    assert (ask.method, ask.url) == ("POST", f"{API}commands/callback")
    assert sent(ask) == {"command_id": f"{MARK}5", "from": {"extension": "101"}, "to_number": "77011112233"}
    assert key == ""


@pytest.mark.parametrize(("said", "word"), [
    (answer({"result": 3105}), "refused"), (answer({}), "refused"), (answer({"result": 1000}, 500), "odd"),
    (answer({}, 401), "login"), (answer({}, 429), "busy"), (Answer(200, b"<html>"), "odd"), (answer([]), "odd"),
])  # fmt: skip
def test_why_a_call_is_not_placed_is_told_without_the_keys(said: Answer, word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(MANGO.originate(KEYS, "101", "+77011112233", "5"), said)
    assert why.value.word == word
    assert "demo-" not in str(why.value)


def test_without_keys_nothing_is_asked() -> None:
    with pytest.raises(Failed, match="unset"):
        replay.asked(MANGO.extensions({}))


def test_a_recording_is_asked_for_by_its_id() -> None:
    asks, ask = replay.asked(MANGO.recording(KEYS, "MTIzNDU2", "MToxMDA6"))
    assert (asks, ask.method, ask.url) == ([], "POST", f"{API}queries/recording/post")
    assert sent(ask) == {"recording_id": "MToxMDA6", "action": "download"}
    assert "app.mango-office.ru" in MANGO.recording_hosts
    with pytest.raises(Failed):
        replay.asked(MANGO.recording(KEYS, "MTIzNDU2", ""))


def test_employees_are_suggested_and_their_passwords_do_not_survive() -> None:
    users = [
        {"general": {"name": "Kasa 1"}, "telephony": {"extension": "101", "sip_password": "s3cret"}},
        {"general": {"name": "No phone"}, "telephony": {}},
        {"general": None, "telephony": {"extension": 102}},
        7,
    ]
    (ask,), found = replay.asked(MANGO.extensions(KEYS), answer({"users": users}))
    assert ask.url == f"{API}config/users/request"
    assert sent(ask) == {}
    assert found == [Extension("101", "Kasa 1"), Extension("102", "")]
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_list_of_employees_does_no_harm(value: Any) -> None:
    for users in (
        value,
        [value],
        [{"general": value, "telephony": value}],
        [{"telephony": {"extension": value}}],
    ):
        _, found = replay.asked(MANGO.extensions(KEYS), answer({"users": users}))
        assert all(one.line and not one.line.startswith("@") for one in found)


def test_the_page_names_every_word() -> None:
    states = ("Appeared", "Connected", "Disconnected", "OnHold")
    assert {state.lower() for state in states} == {*STATES, "onhold"}
    for word in (*states, *WAITS, CALL, SUMMARY, *SOUNDS, *UNUSED[:2], "locaton", "commands/callback"):
        assert f"`{word}`" in PAGE or f"`/{word}`" in PAGE, word
