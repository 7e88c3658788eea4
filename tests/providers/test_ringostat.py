"""Ringostat: recordings in, events out; the list of calls, click-to-call, what is pasted into the cabinet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from server.calls import ANSWER, END, IN, OUT, OUTCOMES, RING
from server.providers.abilities import Failed
from server.providers.base import Delivery, Foreign, Unreadable
from server.providers.ringostat import API, CABINET, MOMENTS, TYPES, Ringostat
from server.providers.ringostat import OUTCOMES as WORDS
from tests import recorded, replay
from tests.replay import T0, answer

RINGOSTAT = Ringostat()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "ringostat.md").read_text("utf-8")
KEY = {"auth_key": "k3y", "project_id": "77"}
CALL = "1795436400.1234567"
SOUND = "https://app.ringostat.com/recordings/1.wav?token=9f"
# Who answered last stands only in the order of two answers.
DISORDERED = LOST = {"transferred": {"line", "answered_by"}}


def at(moment: str, **fields: Any) -> Delivery:
    whole = {"call_id": CALL, "caller": "380671112233", "callee": "380441234567", "type": "in"} | fields
    return Delivery("POST", json.dumps(whole).encode(), T0, {"content-type": "application/json"}, path=moment)


def only(delivery: Delivery) -> Any:
    (event,) = RINGOSTAT.events(delivery, {})
    return event


@pytest.mark.parametrize("name", replay.names("ringostat"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(RINGOSTAT, name)


@pytest.mark.parametrize("name", replay.names("ringostat"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(RINGOSTAT, name)


@pytest.mark.parametrize("name", replay.names("ringostat"))
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(RINGOSTAT, name, DISORDERED.get(name, ()))


@pytest.mark.parametrize("name", replay.names("ringostat"))
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(RINGOSTAT, name, LOST.get(name, ()))


CONTRACT = {
    "ring": '{"event":"ring","call_id":"1795436400.1234567","caller":"380671112233","callee":"380441234567",'
    '"type":"in","date":"2026-11-23 12:30:01"}',
    "answer": '{"event":"answer","call_id":"1795436400.1234567","caller":"380671112233","employee_number":"101"}',
    "end": '{"event":"end","call_id":"1795436400.1234567","type":"in","caller":"380671112233","callee":"380441234567",'
    '"status":"ANSWERED","call_duration":50,"waiting":9,"dialog":41,"has_recording":"1",'
    '"recording_wav":"https://app.ringostat.com/…","employee_fio":"Kasa 1"}',
}


def test_the_bodies_of_the_contract_are_read() -> None:
    told = [only(Delivery("POST", body.encode(), T0, path=moment)) for moment, body in CONTRACT.items()]
    assert [event.kind for event in told] == [RING, ANSWER, END]
    assert {event.key for event in told} == {CALL}
    call = replay.final(told)
    assert call is not None
    assert (call.caller, call.did, call.direction) == ("380671112233", "380441234567", IN)
    assert (call.outcome, call.line, call.recording) == ("answered", "101", "https://app.ringostat.com/…")


# Words and moments


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_status_is_an_outcome(word: str) -> None:
    assert WORDS[word] in OUTCOMES
    assert only(at("end", status=word)).outcome == WORDS[word]
    assert only(at("end", status=word.lower().replace(" ", "_"))).outcome == WORDS[word]


@pytest.mark.parametrize("word", ["", "SOMETHING NEW", None])
def test_an_unknown_status_is_unknown(word: Any) -> None:
    assert only(at("end", status=word)).outcome == "unknown"


def test_the_moment_stands_in_the_address_and_beats_the_body() -> None:
    assert only(at("end", event="ring")).kind == END
    assert only(at("", event="ring")).kind == RING


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_callback_is_a_call_of_ours(kind: str) -> None:
    assert only(at("ring", type=kind)).direction == TYPES[kind]
    assert only(at("out", type=kind)).direction == OUT


def test_an_answer_without_a_type_says_no_direction() -> None:
    assert only(at("answer", type="")).direction == ""
    assert only(at("ring", type="")).direction == IN


@pytest.mark.parametrize(("caller", "callee"), [("380671112233", "101"), ("101", "380671112233")])
def test_the_guest_of_a_callback_is_who_is_no_extension(caller: str, callee: str) -> None:
    event = only(at("ring", type="callback", caller=caller, callee=callee))
    assert (event.caller, event.line) == ("380671112233", "101")


def test_a_sip_login_is_a_line() -> None:
    assert only(at("out", caller="pechera_kasa1", callee="380671112233")).line == "pechera_kasa1"


def test_a_date_without_a_zone_is_no_time() -> None:
    event = only(at("end", date="2026-11-23 12:30:01", status="ANSWERED", dialog=41))
    assert (event.at, event.started, event.answered, event.ended) == (T0, None, None, None)


@pytest.mark.parametrize(
    "url",
    [
        "http://app.ringostat.com/1",
        "https://ringostat.com.evil.example/1",
        "https://evil/ringostat.com",
        "x",
        "https://[",
    ],
)
def test_a_recording_elsewhere_is_not_kept(url: str) -> None:
    assert only(at("end", recording_wav=url)).recording == ""


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (at("ring", call_id=""), "call_id"),
        (at("ring", call_id="{{uniqueid}}"), "call_id"),
        (Delivery("POST", b"", T0), "token"),
        (Delivery("POST", b"{", T0, path="ring"), "broken"),
        (Delivery("POST", b"[]", T0, path="ring"), "not an object"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        RINGOSTAT.events(delivery, {})


@pytest.mark.parametrize("moment", ["rating", "<script>", "x" * 9000])
def test_another_moment_is_foreign(moment: str) -> None:
    with pytest.raises(Foreign) as why:
        RINGOSTAT.events(at(moment), {})
    assert len(why.value.word) <= 40


@pytest.mark.parametrize("moment", [*MOMENTS, ""])
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(moment: str, value: Any) -> None:
    for name in (
        "call_id",
        "caller",
        "callee",
        "type",
        "status",
        "employee_number",
        "recording_wav",
        "event",
    ):
        recorded.bears(RINGOSTAT, at(moment, **{name: value}), {})


def test_a_parameter_that_was_not_filled_in_is_told() -> None:
    assert RINGOSTAT.doubts(at("answer", employee_number="{{employee_number}}"), {}) == (
        "unfilled",
        "employee_number",
    )
    assert RINGOSTAT.doubts(at("answer", employee_number="101"), {}) is None


# What is pasted


def test_every_moment_has_its_address_and_its_json() -> None:
    pasted = RINGOSTAT.pastes({}, "https://phone.example.com/hooks/ringostat/T0ken")
    urls, bodies = pasted[::2], pasted[1::2]
    assert [one.text.rpartition("/")[2] for one in urls] == [*MOMENTS]
    assert all(one.text.startswith("https://phone.example.com/hooks/ringostat/T0ken/") for one in urls)
    for moment, body in zip(MOMENTS, bodies, strict=True):
        assert tuple(json.loads(body.text)) == CABINET[moment][1]


# The list of calls

ROW = {
    "uniqueid": CALL, "calldate": "2026-11-23 14:20:00", "caller": "380671112233", "dst": "380441234567",
    "disposition": "ANSWERED", "duration": "50", "billsec": "41", "call_type": "in", "employee_number": "101",
    "recording_wav": SOUND,
}  # fmt: skip


def listed(*rows: Any, since: float = T0 - 3600) -> Any:
    return replay.asked(RINGOSTAT.history(KEY, since, T0 + 600), answer(list(rows)))


def test_the_list_is_asked_for_with_a_day_to_spare() -> None:
    (ask,), _ = listed()
    asked = {name: values[0] for name, values in parse_qs(ask.query).items()}
    assert (ask.method, ask.url, ask.headers) == ("GET", f"{API}/calls/list", {"Auth-key": "k3y"})
    assert (asked["from"], asked["to"]) == ("2026-11-22 11:20:00", "2026-11-24 12:30:00")
    assert (asked["projectId"], asked["export_type"]) == ("77", "json")


def test_a_call_of_the_list_is_told_late_with_the_times_of_its_id() -> None:
    _, (event,) = listed(ROW)
    assert (event.key, event.kind, event.outcome, event.late) == (CALL, END, "answered", True)
    assert (event.started, event.answered, event.ended, event.at) == (T0, T0 + 9, T0 + 50, T0 + 50)
    assert (event.direction, event.caller, event.did, event.line) == (
        IN,
        "380671112233",
        "380441234567",
        "101",
    )
    assert event.recording == SOUND


def test_a_call_that_nobody_answered_has_no_answer() -> None:
    _, (event,) = listed(ROW | {"disposition": "NO ANSWER", "billsec": "0"})
    assert (event.outcome, event.answered) == ("missed", None)


def test_the_list_repairs_a_call_whose_answer_and_end_were_lost() -> None:
    _, (event,) = listed(ROW)
    call = replay.final([only(at("ring")), event])
    assert call is not None
    assert (call.state, call.outcome, call.line, call.answered, call.late) == (
        "ended",
        "answered",
        "101",
        T0 + 9,
        False,
    )


def test_calls_of_before_and_of_nobody_knows_when_are_left_out() -> None:
    assert listed(ROW, since=T0 + 60)[1] == []
    assert (
        listed(
            ROW | {"uniqueid": "abc"}, ROW | {"uniqueid": ""}, ROW | {"uniqueid": "9999999999.1"}, None, 7
        )[1]
        == []
    )


@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_list_does_no_harm(value: Any) -> None:
    listed(*(ROW | {name: value} for name in ROW))
    with_odd = replay.asked(RINGOSTAT.history(KEY, T0, T0), answer([value]))
    assert with_odd[1] == []


def test_without_a_key_nothing_is_asked() -> None:
    assert replay.asked(RINGOSTAT.history({}, T0, T0)) == ([], [])


@pytest.mark.parametrize(
    ("said", "word"),
    [
        (answer({}, 401), "login"), (answer({}, 403), "login"), (answer({}, 429), "busy"),
        (answer({"error": "no such project"}), "refused"), (answer({"status": "error"}), "refused"),
        (answer("x", 500), "refused"), (replay.Answer(502, b"<html>"), "odd"),
    ],
)  # fmt: skip
def test_why_the_list_does_not_come_is_told(said: Any, word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(RINGOSTAT.history(KEY, T0, T0), said)
    assert why.value.word == word
    assert "k3y" not in str(why.value)


# Calls of ours and recordings


@pytest.mark.parametrize(
    "said", [answer({"status": "ok"}), replay.Answer(200, b""), replay.Answer(200, b"OK")]
)
def test_a_call_of_ours_rings_the_extension_first(said: Any) -> None:
    (ask,), key = replay.asked(RINGOSTAT.originate(KEY, "101", "+380671112233", "5"), said)
    assert (ask.method, ask.url) == ("POST", f"{API}/callback/outward_call")
    assert ask.headers["Auth-key"] == "k3y"
    assert parse_qs(ask.body.decode()) == {"extension": ["101"], "destination": ["380671112233"]}
    assert key == ""


def test_why_a_call_is_not_placed_is_told() -> None:
    with pytest.raises(Failed, match=r"refused: .*unknown extension"):
        replay.asked(
            RINGOSTAT.originate(KEY, "9", "+380671112233", "5"), answer({"error": "unknown extension"}, 400)
        )
    with pytest.raises(Failed, match="unset"):
        replay.asked(RINGOSTAT.originate({}, "101", "+380671112233", "5"))


def test_a_recording_is_fetched_from_where_the_call_said() -> None:
    asks, ask = replay.asked(RINGOSTAT.recording(KEY, CALL, SOUND))
    assert (asks, ask.method, ask.url, ask.headers) == ([], "GET", SOUND, {})
    assert only(at("end", recording_wav=SOUND)).recording == SOUND


# The page


def test_the_page_names_every_word() -> None:
    for word in (*MOMENTS, *WORDS, *TYPES):
        assert f"`{word}`" in PAGE or f"`/{word}`" in PAGE, word
    for title, _ in CABINET.values():
        assert title.partition(": ")[2] in PAGE, title
