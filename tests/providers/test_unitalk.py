"""UniTalk: its Standard JSON events and its REST interface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, OUT, RING, CallEvent
from server.providers.abilities import Answer, Ask, Extension, Failed
from server.providers.base import CLOUD, Delivery, Foreign, Refused, Unreadable
from server.providers.unitalk import EVENTS, SHORTEST_TOKEN, TOKEN_HEADER, UniTalk
from server.providers.unitalk_calls import HOST, STATES
from server.providers.unitalk_rest import LISTS, PAGE, PAGES
from tests import recorded, replay
from tests.recorded import NASTY, Json
from tests.replay import T0, Book, answer

UNITALK = UniTalk()
SETTINGS = {"key": "demo-key"}
TOKEN = "correct-horse-battery"
PAPER = (Path(__file__).parents[2] / "docs" / "providers" / "unitalk.md").read_text("utf-8")
LINK = "https://api.unitalk.cloud:8443/tracking/rec/1531144732.920/2026-11-23"
NAMES = replay.names("unitalk")

# Nothing but their order tells which of two answers was the first.
DISORDERED = {"transferred": {"line", "answered_by"}}
LOST = {"transferred": {"line", "answered_by"}}

NEW = {"id": 1091944, "from": "380671112233", "to": [], "outerNumber": "380441234567", "direction": "IN",
       "date": "2026-11-23 12:30:01", "state": None}  # fmt: skip
REDIRECT = {"id": 1091944, "from": "380671112233", "to": ["2000"], "direction": "IN", "state": None}
ANSWERED = REDIRECT | {"state": "ANSWER"}
ENDED = {
    "id": 1091944, "dbid": 275, "from": "380671112233", "to": ["2000"], "lastGroupName": "Kasa",
    "outerNumber": "380441234567", "direction": "IN", "secondsFullTime": 50, "secondsTalk": 41, "state": "ANSWER",
    "link": LINK, "cause": 16,
}  # fmt: skip
OUTGOING = {"direction": "OUT", "from": "2000", "to": ["380671112233"]}


def post(event: Any, call: Any, **headers: str) -> Delivery:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery("POST", json.dumps({"event": event, "call": call}).encode(), T0, told)


def read(event: str, call: Json) -> list[CallEvent]:
    return UNITALK.events(post(event, call), SETTINGS)


def only(event: str, call: Json) -> CallEvent:
    (one,) = read(event, call)
    return one


# Recordings


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(UNITALK, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(UNITALK, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(UNITALK, name, DISORDERED.get(name, ()))


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_invents_nothing(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(UNITALK, name, LOST.get(name, ()))


# What happened


def test_the_four_events_of_the_contract() -> None:
    told = [
        only("CALL_NEW", NEW),
        only("CALL_REDIRECT", REDIRECT),
        only("CALL_ANSWER", ANSWERED),
        only("CALL_END", ENDED),
    ]
    assert [event.kind for event in told] == [RING, RING, ANSWER, END]
    assert {event.key for event in told} == {"1091944"}
    assert replay.shape(told[0]) == {
        "key": "1091944", "kind": RING, "at": T0, "direction": IN, "caller": "380671112233", "did": "380441234567",
    }  # fmt: skip
    assert [event.line for event in told] == ["", "2000", "2000", "2000"]
    assert replay.shape(told[3]) == {
        "key": "1091944", "kind": END, "at": T0, "direction": IN, "caller": "380671112233", "did": "380441234567",
        "line": "2000", "outcome": "answered", "alias": "db:275", "group": "Kasa", "recording": LINK,
    }  # fmt: skip


@pytest.mark.parametrize("word", [*STATES, "answer", None, "ASLEEP"])
def test_every_state_is_an_outcome(word: Any) -> None:
    assert only("CALL_END", ENDED | {"state": word}).outcome == STATES.get(str(word).upper(), "unknown")


def test_a_call_that_rings_on_three_lines_rings_on_each() -> None:
    assert [event.line for event in read("CALL_REDIRECT", REDIRECT | {"to": ["2000", "2001", "2002", "2001"]})] == [
        "2000", "2001", "2002",
    ]  # fmt: skip


def test_lines_that_rang_in_vain_are_named_by_the_end_too() -> None:
    event = only("CALL_END", ENDED | {"to": ["2000", "2001"], "state": "NOANSWER"})
    assert event.legs == (("2000", "missed"), ("2001", "missed"))
    assert only("CALL_END", ENDED | {"to": ["2000", "2001"], "state": "ASLEEP"}).legs == ()


def test_of_several_lines_nobody_is_said_to_have_picked_up() -> None:
    assert only("CALL_ANSWER", ANSWERED | {"to": ["2000", "2001"]}).line == ""
    assert only("CALL_END", ENDED | {"to": ["2000", "2001"]}).line == ""


@pytest.mark.parametrize(
    "to", [["2000"], "2000", 2000, {"0": "2000"}, ["2000", None, {}], ["2000", "380509998877"]]
)
def test_the_lines_may_be_told_in_many_ways(to: Any) -> None:
    assert [event.line for event in read("CALL_REDIRECT", REDIRECT | {"to": to})] == ["2000"]


@pytest.mark.parametrize(
    "call",
    [
        OUTGOING,
        {"direction": "OUT", "from": "380671112233", "to": ["2000"]},
        OUTGOING | {"to": "380671112233"},
    ],
)
def test_an_outgoing_call_is_for_the_guest_wherever_that_stands(call: Json) -> None:
    event = only("CALL_NEW", NEW | call)
    assert (event.direction, event.caller, event.line) == (OUT, "380671112233", "2000")


def test_our_own_number_is_no_guest() -> None:
    event = only("CALL_NEW", NEW | {"direction": "OUT", "from": "380441234567", "to": ["380671112233"]})
    assert (event.caller, event.line) == ("380671112233", "")
    assert only("CALL_NEW", NEW | {"direction": "OUT", "from": "380441234567"}).caller == ""


def test_colleagues_ring_no_register() -> None:
    assert (
        only("CALL_NEW", NEW | {"direction": "INNER", "from": "2000", "to": ["2001"]}).direction == INTERNAL
    )


@pytest.mark.parametrize("number", ["", None, "anonymous", "Anonymous", "unknown"])
def test_a_hidden_number_is_withheld(number: Any) -> None:
    assert only("CALL_NEW", NEW | {"from": number}).caller == ""


def test_a_number_that_is_not_told_is_withheld_on_a_ring_and_untold_later() -> None:
    call = {name: its for name, its in NEW.items() if name != "from"}
    assert only("CALL_NEW", call).caller == ""
    assert only("CALL_END", call).caller is None


@pytest.mark.parametrize(
    ("own", "did"), [("380441234567", "380441234567"), ("site.ua", ""), ("pizza24.ua", ""), (None, "")]
)
def test_a_site_is_no_number_of_ours(own: Any, did: str) -> None:
    assert only("CALL_NEW", NEW | {"outerNumber": own}).did == did


def test_the_local_time_is_not_used_while_it_rings() -> None:
    event = only("CALL_NEW", NEW | {"date": "2020-01-01 00:00:00"})
    assert (event.at, event.started) == (T0, None)


@pytest.mark.parametrize(
    "link",
    [
        None,
        "",
        "http://api.unitalk.cloud/x",
        "https://api.unitalk.cloud.evil.example/x",
        "https://[",
        "ftp://x",
        7,
        [],
    ],
)
def test_a_link_to_anywhere_else_is_not_kept(link: Any) -> None:
    assert only("CALL_END", ENDED | {"link": link}).recording == ""


def test_our_mark_comes_back() -> None:
    assert only("CALL_NEW", NEW | OUTGOING | {"meta": "dzvinok-7"}).mark == "7"
    assert only("CALL_NEW", NEW | OUTGOING | {"meta": "7"}).mark == ""


FORM = {"call[id]": "1091944", "call[from]": "380671112233", "call[to][0]": "2000", "call[direction]": "IN"}


@pytest.mark.parametrize("call", [FORM, {"call": json.dumps(REDIRECT)}])
def test_a_form_says_the_same_as_json(call: Json) -> None:
    body = urlencode({"event": "CALL_REDIRECT", **call})
    (event,) = UNITALK.events(Delivery("POST", body.encode(), T0), SETTINGS)
    assert event == only("CALL_REDIRECT", REDIRECT)


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (Delivery("POST", b"", T0), "Standard JSON"),
        (Delivery("POST", b"call_id=1&call_from=2", T0), "Standard JSON"),
        (Delivery("POST", b"[]", T0), "not an object"),
        (Delivery("POST", b"{", T0), "broken"),
        (post("CALL_NEW", {}), "call.id"),
        (post("CALL_NEW", None), "call.id"),
        (post("", NEW), "event"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        UNITALK.events(delivery, SETTINGS)
    assert len(str(why.value)) < 160


def test_an_event_that_nobody_knows_is_foreign() -> None:
    with pytest.raises(Foreign) as why:
        read("CALL_HOLD", NEW)
    assert why.value.word == "CALL_HOLD"


@pytest.mark.parametrize("word", sorted(EVENTS))
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: Any) -> None:
    recorded.bears(UNITALK, post(value, ENDED), SETTINGS)
    recorded.bears(UNITALK, post(word, value), SETTINGS)
    for way in ({}, OUTGOING):
        for name in (*ENDED, "meta", "date"):
            recorded.bears(UNITALK, post(word, ENDED | way | {name: value}), SETTINGS)


# The header


def test_without_a_token_every_request_is_taken() -> None:
    UNITALK.verify(post("CALL_NEW", NEW), SETTINGS)


def test_with_a_token_only_requests_that_carry_it_are_taken() -> None:
    UNITALK.verify(post("CALL_NEW", NEW, x_dzvinok_token=f" {TOKEN} "), {"token": TOKEN})
    with pytest.raises(Refused, match="no token"):
        UNITALK.verify(post("CALL_NEW", NEW), {"token": TOKEN})


@pytest.mark.parametrize("told", ["x", TOKEN + "x", TOKEN[:-1], TOKEN.upper(), "é", "\ud800"])
def test_a_wrong_token_is_refused(told: str) -> None:
    with pytest.raises(Refused) as why:
        UNITALK.verify(post("CALL_NEW", NEW, x_dzvinok_token=told), {"token": TOKEN})
    assert TOKEN not in str(why.value)


def test_a_token_has_sixteen_characters() -> None:
    key, token = UNITALK.fields
    assert token.check(f" {TOKEN} ") == TOKEN
    assert len(TOKEN) >= SHORTEST_TOKEN
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        token.check("short")
    assert key.secret
    assert token.secret
    assert not key.required


# What is asked of the company


def fields(ask: Ask) -> Json:
    told: Json = json.loads(ask.body)
    return told


def test_a_call_is_placed() -> None:
    asks, key = replay.asked(
        UNITALK.originate(SETTINGS, "2000", "+380671112233", "7"), answer({"status": "Success"})
    )
    (ask,) = asks
    assert (ask.method, ask.url) == ("POST", "https://api.unitalk.cloud/api/phones/directCall")
    assert parse_qs(ask.body.decode()) == {"sip": ["2000"], "number": ["380671112233"], "meta": ["dzvinok-7"]}
    assert ask.headers == {"Content-Type": "application/x-www-form-urlencoded", "Authorization": "demo-key"}
    assert key == ""


ROWS = [
    {"line": "2000", "firstName": "Olena", "lastName": "Kovalenko", "sipPassword": "hunter2"},
    {"innerNumber": "2001", "name": "Kasa", "sip": "2001"},
    {"name": "Nobody"},
]


@pytest.mark.parametrize("said", [ROWS, *({name: ROWS, "count": 3} for name in LISTS)])
def test_extensions_are_listed_without_anything_secret(said: Any) -> None:
    asks, lines = replay.asked(UNITALK.extensions(SETTINGS), answer(said))
    assert (asks[0].url, fields(asks[0])) == ("https://api.unitalk.cloud/api/users/list", {})
    assert lines == [Extension("2000", "Olena Kovalenko"), Extension("2001", "Kasa")]
    assert "hunter2" not in repr(lines)


def test_nobody_is_listed() -> None:
    assert replay.asked(UNITALK.extensions(SETTINGS), answer({"status": "Success"}))[1] == []


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (200, b'{"status":"Error","message":"Authorization invalid"}', "login"),
        (401, b"", "login"),
        (429, b"", "busy"),
        (200, b'{"status":"Error","message":"Internal error"}', "refused"),
        (400, b'{"status":"Error","message":"No such line"}', "refused"),
        (500, b"{}", "odd"),
        (502, b"<html>", "odd"),
    ],
)
def test_a_refusal_has_its_word(status: int, body: bytes, word: str) -> None:
    for talk in (
        UNITALK.extensions(SETTINGS),
        UNITALK.originate(SETTINGS, "2000", "+380671112233", "7"),
        UNITALK.history(SETTINGS, T0 - 60, T0),
    ):
        with pytest.raises(Failed) as why:
            replay.asked(talk, Answer(status, body))
        assert why.value.word == word
        assert "demo-key" not in str(why.value)


def test_without_a_key_nothing_is_asked() -> None:
    for talk in (
        UNITALK.extensions({}),
        UNITALK.originate({}, "2000", "+380671112233", "7"),
        UNITALK.history({}, 0, T0),
    ):
        with pytest.raises(Failed) as why:
            replay.asked(talk)
        assert (why.value.word, why.value.detail) == ("unset", "key")


def test_a_recording_is_the_link_that_came_and_our_key_stays_here() -> None:
    assert replay.asked(UNITALK.recording(SETTINGS, "1091944", LINK)) == ([], Ask("GET", LINK))
    assert UNITALK.recording_hosts == {HOST}
    with pytest.raises(Failed, match="odd"):
        replay.asked(UNITALK.recording(SETTINGS, "1091944", ""))


# The history: Kyiv is two hours ahead in November

ROW = {name: its for name, its in ENDED.items() if name not in ("id", "dbid")} | {
    "id": 275,
    "date": "2026-11-23 14:10:00",
}


def history(*rows: Any) -> list[CallEvent]:
    return replay.asked(
        UNITALK.history(SETTINGS, T0 - 3600, T0), answer({"count": len(rows), "calls": list(rows)})
    )[1]


def test_the_history_is_asked_in_kyivs_time() -> None:
    asks, calls = replay.asked(UNITALK.history(SETTINGS, T0 - 3600, T0), answer({"count": 0, "calls": []}))
    assert asks[0].url == "https://api.unitalk.cloud/api/history/get"
    assert fields(asks[0]) == {
        "dateFrom": "2026-11-23 13:20:00",
        "dateTo": "2026-11-23 14:20:00",
        "limit": PAGE,
        "offset": 0,
    }
    assert calls == []


def test_a_call_of_the_history_is_whole() -> None:
    (event,) = history(ROW)
    began = T0 - 600
    assert replay.shape(event) == {
        "key": "db:275", "kind": END, "at": began + 50, "direction": IN, "caller": "380671112233",
        "did": "380441234567", "line": "2000", "outcome": "answered", "started": began, "answered": began + 9,
        "ended": began + 50, "group": "Kasa", "recording": LINK, "late": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "ids", [{"id": 275}, {"dbid": 275}, {"id": 1091944, "dbid": 275}, {"id": 275, "dbid": 275}]
)
def test_the_history_finds_the_call_that_was_heard_live(ids: Json) -> None:
    row = {name: its for name, its in ROW.items() if name != "id"} | ids
    book = Book()
    for event in (only("CALL_NEW", NEW), only("CALL_END", ENDED), *history(row)):
        book.take(event)
    assert len(book.calls) == 1


def test_a_call_of_which_only_the_end_was_lost_is_found_when_the_history_has_both_ids() -> None:
    book = Book()
    for event in (only("CALL_NEW", NEW), *history(ROW | {"id": 1091944, "dbid": 275})):
        book.take(event)
    (call,) = book.calls.values()
    assert (call.state, call.outcome) == ("ended", "answered")


def test_a_missed_call_has_no_answer() -> None:
    (event,) = history(ROW | {"state": "NOANSWER", "secondsTalk": 0, "link": None})
    assert (event.outcome, event.answered, event.recording) == ("missed", None, "")


@pytest.mark.parametrize(
    "row", [{}, {"id": None}, {"date": None}, {"date": "soon"}, {"date": "2026-11-23 19:00:00"}]
)
def test_a_row_without_an_id_or_a_time_that_can_be_is_none(row: Json) -> None:
    assert history(ROW | row if row else {}) == []


def test_a_long_history_is_read_in_pages() -> None:
    page = answer({"calls": [ROW] * PAGE})
    asks, calls = replay.asked(UNITALK.history(SETTINGS, 0, T0), *[page] * PAGES)
    assert [fields(ask)["offset"] for ask in asks] == [PAGE * page for page in range(PAGES)]
    assert len(calls) == PAGE * PAGES


@pytest.mark.parametrize("said", [[], {}, {"calls": None}, {"calls": {}}, {"calls": ["x"]}])
def test_a_history_of_nothing_is_empty(said: Any) -> None:
    assert replay.asked(UNITALK.history(SETTINGS, 0, T0), answer(said))[1] == []


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_history_does_no_harm(value: Any) -> None:
    for name in (*ROW, "dbid", "meta"):
        for event in history(ROW | {name: value}):
            json.dumps(replay.shape(event)).encode()
            assert len(event.key) <= 64
            assert event.at <= T0


# The page


def test_the_page_names_every_word() -> None:
    for word in (*EVENTS, *STATES, TOKEN_HEADER, "outerNumber", "lastGroupName", "dbid", "meta"):
        assert f"`{word}`" in PAPER, word
    assert "Not yet tried on a live account" in PAPER
    assert UNITALK.reach == {CLOUD}
    assert not UNITALK.tried
