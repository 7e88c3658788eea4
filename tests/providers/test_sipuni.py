"""Sipuni: recordings in, events out; the same by WebSocket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from server.calls import CallEvent
from server.providers import forms
from server.providers.abilities import Ask, Connects, Failed, Records, Step
from server.providers.base import Delivery, Foreign, Unreadable
from server.providers.sipuni import Sipuni
from server.providers.sipuni_calls import EVENTS, OUTCOMES
from server.providers.sipuni_live import ANSWERS_WITHIN, KEEP_ALIVE, SipuniLive
from server.recordings import allowed
from tests import recorded, replay
from tests.recorded import NASTY
from tests.replay import T0

SIPUNI = Sipuni()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "sipuni.md").read_text("utf-8")
NAMES = replay.names("sipuni")
# Who talked is nobody's to know when both the ring and the answer of that phone were lost.
LOST = {"transferred": {"line", "answered_by"}}
LINK = "https://sipuni.com/api/crm/record?id=1&hash=5f0e"
RING = {
    "event": "1", "call_id": "1795436400.5", "src_num": "77011112233", "src_type": "1",
    "short_src_num": "77011112233", "dst_num": "015856101", "dst_type": "2", "short_dst_num": "101",
    "timestamp": "1795436398", "user_id": "015856", "is_inner_call": "1", "channel": "SIP/015856101-0001",
}  # fmt: skip
END = RING | {
    "event": "2", "dst_num": "77271234567_id244276", "dst_type": "1", "short_dst_num": "77271234567_id244276",
    "status": "ANSWER", "call_start_timestamp": "1795436300", "call_answer_timestamp": "1795436310",
    "last_called": "101", "call_record_link": LINK,
}  # fmt: skip


def get(fields: dict[str, Any]) -> Delivery:
    return Delivery("GET", b"", T0, query=urlencode(fields))


def as_json(fields: Any) -> Delivery:
    return Delivery("POST", json.dumps(fields).encode(), T0, {"content-type": "application/json"})


def only(fields: dict[str, Any], **more: Any) -> CallEvent:
    (event,) = SIPUNI.events(as_json({**fields, **more}), {})
    return event


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: its for name, its in fields.items() if name not in names}


# Recordings


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_says_what_happened_and_is_answered(name: str) -> None:
    recorded.says_what_happened(SIPUNI, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(SIPUNI, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_in_any_order_ends_in_the_same_call(name: str) -> None:
    recorded.does_not_depend_on_the_order(SIPUNI, name)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_invented_when_events_get_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(SIPUNI, name, LOST.get(name, ()))


# The reply


@pytest.mark.parametrize("fields", [{}, {"event": "9"}, {"event": "1"}, {"a": "b"}, RING, END])
def test_every_request_is_answered_with_success(fields: dict[str, Any]) -> None:
    for delivery in (get(fields), as_json(fields), Delivery("POST", b"{", T0)):
        assert SIPUNI.reply(delivery, {}, lambda number: None) == {"success": True}


def test_sipuni_gets_and_posts() -> None:
    assert SIPUNI.methods == {"GET", "POST"}


# What an event means


@pytest.mark.parametrize("word", sorted(OUTCOMES))
def test_a_status_means_an_outcome(word: str) -> None:
    assert only(END, status=word).outcome == OUTCOMES[word]
    assert only(END, status=word.lower()).outcome == OUTCOMES[word]


@pytest.mark.parametrize("word", ["", None, "TRANSFER", "a word of next year", 5])
def test_an_unknown_status_is_an_unknown_outcome(word: Any) -> None:
    assert only(END, status=word).outcome == "unknown"
    assert only(without(END, "status")).outcome == "unknown"


def test_the_words_are_those_of_the_contract() -> None:
    assert EVENTS == {"1": "ring", "2": "end", "3": "answer", "4": "ring"}
    assert OUTCOMES == {
        "ANSWER": "answered", "BUSY": "busy", "NOANSWER": "missed", "CANCEL": "missed",
        "CONGESTION": "failed", "CHANUNAVAIL": "failed",
    }  # fmt: skip


@pytest.mark.parametrize("types", [("1", "2"), ("2", "1"), ("", ""), ("1", "1"), ("7", "x")])
def test_digits_say_who_is_ours_whatever_the_types_say(types: tuple[str, str]) -> None:
    event = only(RING, src_type=types[0], dst_type=types[1])
    assert (event.direction, event.caller, event.line, event.did) == ("in", "77011112233", "101", "")


@pytest.mark.parametrize(
    "target",
    [
        {"dst_num": "015856#101", "short_dst_num": "101"},
        {"dst_num": "015856#101", "short_dst_num": ""},
        {"dst_num": "015856101", "short_dst_num": ""},
        {"dst_num": "101", "short_dst_num": ""},
        {"dst_num": 101, "short_dst_num": 101},
        {"dst_num": "", "short_dst_num": "101"},
    ],
)
def test_an_extension_has_several_spellings(target: dict[str, Any]) -> None:
    event = only(RING, **target)
    assert (event.direction, event.line) == ("in", "101")


def test_a_guest_whose_number_begins_like_our_account_is_a_guest() -> None:
    event = only(RING, src_num="015856202", src_type="1", short_src_num="")
    assert (event.direction, event.caller) == ("in", "015856202")


def test_the_restaurants_number_loses_sipunis_mark() -> None:
    assert only(END).did == "77271234567"
    assert only(END, dst_num="77271234567").did == "77271234567"


def test_an_outgoing_call_is_for_the_number_that_was_dialled() -> None:
    swapped = {
        "src_num": "015856101",
        "short_src_num": "101",
        "dst_num": "77011112233",
        "short_dst_num": "77011112233",
    }
    event = only(RING, **swapped)
    assert (event.direction, event.caller, event.line, event.did) == ("out", "77011112233", "101", "")


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Anonymous <sip:anonymous@anonymous.invalid>", "private"]
)
def test_a_hidden_number_is_withheld(number: str) -> None:
    assert only(RING, src_num=number, short_src_num="").caller == ""
    assert only(without(RING, "src_num", "short_src_num")).caller == ""


def test_a_leg_between_two_extensions_says_nothing_of_the_caller() -> None:
    colleagues = {"src_num": "015856102", "short_src_num": "102"}
    for event in ("1", "3", "4"):
        told = only(RING, event=event, **colleagues)
        assert (told.direction, told.caller) == ("", None)
    over = only(RING, event="2", status="ANSWER", **colleagues)
    assert (over.direction, over.caller) == ("internal", "102")
    assert only(RING, event="2", status="ANSWER", transfer_from="102", **colleagues).direction == ""


def test_a_leg_that_rang_in_vain_ends_no_call() -> None:
    event = only(RING, event="4", status="NOANSWER")
    assert (event.kind, event.line, event.legs) == ("ring", "", (("101", "missed"),))
    assert only(RING, event="4", status="ANSWER").legs == ()
    assert only(RING, event="4").legs == ()


def test_a_transferred_call_names_both() -> None:
    event = only(END, last_called="102", transfer_from="015856101")
    assert event.legs == (("101", "moved"), ("102", "answered"))


def test_of_several_that_were_called_at_once_nobody_is_named() -> None:
    assert only(END, last_called="101&102").legs == ()
    assert only(END, last_called="101", status="NOANSWER").legs == ()


# Times


def test_an_event_happened_when_it_says() -> None:
    assert only(RING).at == 1795436398
    assert only(RING, timestamp=str(int(T0) + 60)).at == T0
    assert only(RING, timestamp="1700000000").at == T0
    assert only(without(RING, "timestamp")).at == T0


def test_the_end_states_all_times() -> None:
    event = only(END)
    assert (event.started, event.answered, event.ended) == (1795436300, 1795436310, 1795436398)


@pytest.mark.parametrize(
    "more",
    [
        {"status": "NOANSWER"},
        {"call_answer_timestamp": "0"},
        {"call_answer_timestamp": ""},
        {"call_answer_timestamp": "1795436299"},
        {"call_start_timestamp": ""},
    ],
)
def test_a_time_of_an_answer_that_cannot_be_is_left_out(more: dict[str, str]) -> None:
    assert only(END, **more).answered is None


# Recordings of the sound


def test_an_answered_call_has_its_recording() -> None:
    event = only(END)
    assert event.recording == LINK
    talk = SIPUNI.recording({}, event.key, event.recording)
    assert replay.asked(talk) == ([], Ask("GET", LINK))


def test_a_missed_call_has_none_though_sipuni_links_one() -> None:
    assert only(END, status="NOANSWER").recording == ""
    with pytest.raises(Failed, match="odd"):
        replay.asked(SIPUNI.recording({}, "1", ""))


@pytest.mark.parametrize(
    "link",
    [
        "http://sipuni.com/1", "https://sipuni.com.example.com/1", "https://notsipuni.com/1", "file:///etc/passwd",
        "https://192.168.1.1/1", "https://[", "", None, 7, ["https://sipuni.com/1"],
    ],
)  # fmt: skip
def test_a_recording_that_is_not_at_sipunis_is_none(link: Any) -> None:
    assert only(END, call_record_link=link).recording == ""


def test_a_recording_may_lie_at_any_host_of_sipunis() -> None:
    assert isinstance(SIPUNI, Records)
    for link in (LINK, "https://records.sipuni.com/1.mp3"):
        assert only(END, call_record_link=link).recording == link
        assert allowed(link, SIPUNI.recording_hosts)


# What cannot be read


def test_a_request_without_an_event_is_a_test_of_the_address() -> None:
    for delivery in (get({}), as_json({}), get({"hello": "1"})):
        with pytest.raises(Foreign) as why:
            SIPUNI.events(delivery, {})
        assert why.value.word == ""


@pytest.mark.parametrize("word", ["5", "6", "call", "<script>", "x" * 9000, 0])
def test_an_unknown_event_is_foreign(word: Any) -> None:
    with pytest.raises(Foreign) as why:
        only(RING, event=word)
    assert why.value.word.startswith("event ")
    assert len(str(why.value)) < 120


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (get(without(RING, "call_id")), "call_id"),
        (get({**END, "call_id": ""}), "call_id"),
        (as_json([]), "not an object"),
        (Delivery("POST", b"{", T0), "broken"),
        (Delivery("GET", b"", T0, query="a&" * 3000), "fields"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        SIPUNI.events(delivery, {})
    assert len(str(why.value)) < 160
    assert str(why.value).endswith(".")


def test_the_body_of_a_get_says_nothing() -> None:
    delivery = Delivery("GET", urlencode(END).encode(), T0, query=urlencode(RING))
    assert SIPUNI.events(delivery, {})[0].kind == "ring"


@pytest.mark.parametrize(
    "fields", [RING, END, RING | {"event": "3"}, RING | {"event": "4", "status": "BUSY"}]
)
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(fields: dict[str, Any], value: Any) -> None:
    for name in (*fields, "transfer_from"):
        try:
            event = only(fields, **{name: value})
        except (Unreadable, Foreign):
            continue
        json.dumps(replay.shape(event)).encode()
        for text in (event.key, event.did, event.line, event.name, event.caller or "", *dict(event.legs)):
            text.encode()
            assert text.isprintable()
            assert len(text) <= 256
        assert 0 < len(event.key) <= 64
        assert not event.line.startswith("@")


# The WebSocket

AUTH = {"type": "auth", "body": {"key": "the-code"}}


def connected() -> SipuniLive:
    link = SIPUNI.link({"key": "the-code"})
    assert link is not None
    (said,) = link.opened(T0, ("192.0.2.1", 1)).send
    assert json.loads(said) == AUTH
    return link


def ready() -> SipuniLive:
    link = connected()
    assert link.received('{"action": "auth", "status": 1}', T0) == Step(ready=True)
    return link


def notify(fields: Any) -> str:
    return json.dumps({"action": "notify", "request": fields})


def test_sipuni_connects_when_it_has_a_code() -> None:
    assert isinstance(SIPUNI, Connects)
    assert SIPUNI.link({}) is None
    assert SIPUNI.link({"key": ""}) is None
    assert (connected().place.kind, connected().place.url) == ("ws", "wss://sipuni.com:8083/")


@pytest.mark.parametrize("status", [1, "1", True])
def test_status_one_is_ready(status: Any) -> None:
    link = connected()
    assert link.received(json.dumps({"action": "auth", "status": status}), T0).ready
    assert link.received(json.dumps({"action": "auth", "status": status}), T0) == Step()


@pytest.mark.parametrize("status", [0, "0", None, "", "error", [], {}, 2])
def test_any_other_status_is_trouble_with_the_login(status: Any) -> None:
    step = connected().received(json.dumps({"action": "auth", "status": status}), T0)
    assert (step.trouble, step.close, step.ready) == ("login", True, False)


def test_who_hangs_up_on_the_code_has_refused_it() -> None:
    link = connected()
    step = link.opened(T0 + 5, ("192.0.2.1", 2))
    assert step.trouble == "login"
    assert len(step.send) == 1


def test_a_connection_that_breaks_later_is_no_refusal() -> None:
    link = ready()
    assert link.opened(T0 + 5, ("192.0.2.1", 2)).trouble == ""


def test_a_side_that_says_nothing_is_silent() -> None:
    link = connected()
    assert link.tick(T0 + ANSWERS_WITHIN - 1) == Step()
    step = link.tick(T0 + ANSWERS_WITHIN)
    assert (step.trouble, step.close) == ("silent", True)
    assert link.opened(T0 + 30, ("192.0.2.1", 2)).trouble == ""


def test_the_connection_is_kept_alive() -> None:
    link = ready()
    assert link.tick(T0 + KEEP_ALIVE - 1) == Step()
    (said,) = link.tick(T0 + KEEP_ALIVE).send
    assert json.loads(said) == {"type": "keepalive"}
    assert link.tick(T0 + KEEP_ALIVE + 1) == Step()
    assert len(link.tick(T0 + 2 * KEEP_ALIVE).send) == 1


@pytest.mark.parametrize("name", NAMES)
def test_frames_say_what_requests_say(name: str) -> None:
    link = ready()
    for one in replay.load("sipuni", name)["steps"]:
        delivery = replay.delivery(one)
        fields = _fields(delivery)
        assert list(link.received(notify(fields), delivery.at).events) == SIPUNI.events(delivery, {})


def _fields(delivery: Delivery) -> dict[str, Any]:
    return forms.query(delivery.query) if delivery.method == "GET" else forms.body(delivery)


def test_a_request_inside_a_frame_may_be_text() -> None:
    assert len(ready().received(notify(json.dumps(RING)), T0).events) == 1


def test_who_is_told_of_calls_is_logged_in() -> None:
    step = connected().received(notify(RING), T0)
    assert (step.ready, len(step.events)) == (True, 1)


def test_an_event_nobody_knows_is_told_to_the_owner_once() -> None:
    step = ready().received(notify(RING | {"event": "7"}), T0)
    assert (step.events, step.trouble, step.detail) == ((), "unknown_word", "event 7")
    step = ready().received(notify(without(RING, "call_id")), T0)
    assert (step.events, step.trouble) == ((), "unreadable")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "7",
        "null",
        "{",
        "[" * 90_000,
        "{}",
        '{"action": "keepalive"}',
        notify(None),
        b"\xff",
    ],
)
def test_other_frames_are_skipped(text: str | bytes) -> None:
    step = ready().received(text, T0)
    assert (step.events, step.close, step.trouble) == ((), False, "")


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_frames_do_no_harm(value: Any) -> None:
    for frame in (
        {"action": value},
        {"action": "auth", "status": value},
        {"action": "notify", "request": value},
    ):
        ready().received(json.dumps(frame), T0)
    for name in RING:
        ready().received(notify(RING | {name: value}), T0)


# The page


def test_the_page_names_every_word() -> None:
    for word in (*OUTCOMES, *END, "transfer_from"):
        assert f"`{word}`" in PAGE or word in ("is_inner_call", "channel"), word
    for number in EVENTS:
        assert f"| `{number}` |" in PAGE
    assert "wss://sipuni.com:8083/" in PAGE
