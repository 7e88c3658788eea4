"""Binotel's webhooks: recordings in, events out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from server.calls import END, IN, INTERNAL, OUT, RING
from server.providers.base import Delivery, Foreign, Unreadable
from server.providers.binotel import Binotel
from server.providers.binotel_calls import COMPLETED, DID, LINE, LOOKUPS, OUTCOMES, PUSHES
from tests import recorded, replay
from tests.replay import T0

BINOTEL = Binotel()
FORM = "application/x-www-form-urlencoded"
RING_FIELDS = {
    "requestType": "receivedTheCall", "generalCallID": "5120034567", "callType": "0", "companyID": "12345",
    "externalNumber": "0671112233", "pbxNumber": "0441234567",
}  # fmt: skip


def post(body: str | bytes, kind: str = FORM) -> Delivery:
    raw = body.encode() if isinstance(body, str) else body
    return Delivery("POST", raw, T0, {"content-type": kind} if kind else {})


def form(**fields: Any) -> Delivery:
    return post(urlencode({**RING_FIELDS, **fields}))


def as_json(value: Any) -> Delivery:
    return post(json.dumps(value), "application/json")


def completed(**details: Any) -> Delivery:
    return as_json(
        {"requestType": "apiCallCompleted", "callDetails": {"generalCallID": "5120034567", **details}}
    )


def only(delivery: Delivery, **settings: str) -> Any:
    (event,) = BINOTEL.events(delivery, settings)
    return event


# Recordings


@pytest.mark.parametrize("name", replay.names("binotel"))
def test_a_recording_says_what_happened_and_is_answered(name: str) -> None:
    recorded.says_what_happened(BINOTEL, name)


@pytest.mark.parametrize("name", replay.names("binotel"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(BINOTEL, name)


CALLS = [name for name in replay.calls("binotel") if name != "who_is_calling"]
# A mailbox picks up too; without the transfer itself nobody can know where the call went.
LOST = {"left_a_voicemail": {"outcome"}, "transferred": {"line"}, "transferred_by_the_other_word": {"line"}}


@pytest.mark.parametrize("name", CALLS)
def test_a_recording_in_any_order_ends_in_the_same_call(name: str) -> None:
    recorded.does_not_depend_on_the_order(BINOTEL, name)


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(BINOTEL, name, LOST.get(name, ()))


# Outcomes


@pytest.mark.parametrize(
    ("disposition", "outcome"),
    [
        ("ANSWER", "answered"), ("TRANSFER", "answered"), ("ONLINE", "answered"), ("NOANSWER", "missed"),
        ("CANCEL", "missed"), ("BUSY", "busy"), ("CONGESTION", "failed"), ("CHANUNAVAIL", "failed"),
        ("VM", "voicemail"), ("VM-SUCCESS", "voicemail"), ("CALLING", "unknown"), ("SMS-SUCCESS", "unknown"),
        ("", "unknown"), ("noanswer", "missed"), ("a word of next year", "unknown"),
    ],
)  # fmt: skip
def test_a_disposition_means_an_outcome(disposition: str, outcome: str) -> None:
    hangup = post(f"requestType=hangupTheCall&generalCallID=1&disposition={disposition}&billsec=0")
    assert only(hangup).outcome == outcome
    assert only(completed(disposition=disposition)).outcome == outcome


def test_every_outcome_is_one_of_ours() -> None:
    assert set(OUTCOMES.values()) <= {"answered", "missed", "busy", "declined", "failed", "voicemail"}


def test_an_odd_disposition_after_an_answer_is_an_answered_call() -> None:
    told = [only(form()), only(form(requestType="answeredTheCall", internalNumber="901")),
            only(post("requestType=hangupTheCall&generalCallID=5120034567&disposition=CALLING"))]  # fmt: skip
    call = replay.final(told)
    assert call is not None
    assert call.outcome == "answered"


# What a push carries


def test_a_hang_up_carries_the_id_and_the_outcome_only() -> None:
    event = only(post("requestType=hangupTheCall&generalCallID=5120034567&disposition=NOANSWER&billsec=0"))
    assert (event.key, event.kind, event.caller, event.did, event.line, event.direction) == (
        "5120034567", END, None, "", "", "")  # fmt: skip


def test_only_the_ring_of_an_incoming_call_may_lack_its_type() -> None:
    untyped = urlencode({name: value for name, value in RING_FIELDS.items() if name != "callType"})
    assert only(post(untyped)).direction == IN
    assert only(post(untyped + "&dstNumber=0671112233&extNumber=901")).direction == ""
    assert only(post(untyped.replace("receivedTheCall", "answeredTheCall"))).direction == ""


@pytest.mark.parametrize(
    "word", ["transferTheCall", "transferredTheCall", "TRANSFER", "transfer", "transferedCall"]
)
def test_every_spelling_of_transfer_moves_the_line(word: str) -> None:
    event = only(form(requestType=word, internalNumber="902"))
    assert (event.kind, event.line) == ("transfer", "902")


def test_the_word_may_stand_in_method_alone() -> None:
    assert only(post("method=receivedTheCall&generalCallID=1&callType=0")).kind == RING


def test_a_call_between_colleagues_is_internal() -> None:
    event = only(form(externalNumber="902", internalNumber="902"))
    assert (event.direction, event.line) == (INTERNAL, "")


def test_a_guests_number_is_not_taken_for_an_extension() -> None:
    event = only(form(internalNumber="0671112233"))
    assert (event.direction, event.caller, event.line) == (IN, "0671112233", "")


def test_an_outgoing_call_is_for_the_number_that_was_dialled() -> None:
    event = only(form(callType="1", externalNumber="", dstNumber="0509998877", internalNumber="901"))
    assert (event.direction, event.caller, event.line) == (OUT, "0509998877", "901")


# The record of a call


def test_the_times_of_a_record_come_from_start_wait_and_talk() -> None:
    event = only(completed(startTime="1795436000", waitsec="9", billsec="41", disposition="ANSWER"))
    assert (event.started, event.answered, event.ended) == (1795436000, 1795436009, 1795436050)


@pytest.mark.parametrize(
    "details",
    [
        {"startTime": "yesterday", "waitsec": 9, "billsec": 41},
        {"startTime": "0", "waitsec": 9, "billsec": 41},
        {"startTime": "99999999999", "waitsec": 9, "billsec": 41},
        {"startTime": None, "waitsec": 9, "billsec": 41},
        {"startTime": "nan", "waitsec": 9, "billsec": 41},
        {"startTime": float("inf"), "waitsec": 9, "billsec": 41},
        {"startTime": 10**400, "waitsec": 9, "billsec": 41},
    ],
)
def test_times_that_cannot_be_are_left_out(details: dict[str, Any]) -> None:
    event = only(completed(disposition="ANSWER", **details))
    assert (event.started, event.answered, event.ended, event.at) == (None, None, None, T0)


@pytest.mark.parametrize("spans", [{"waitsec": -5, "billsec": 41}, {"waitsec": "", "billsec": 41}, {}])
def test_a_record_without_spans_says_when_it_began_and_no_more(spans: dict[str, Any]) -> None:
    event = only(completed(startTime=1795436000, disposition="ANSWER", **spans))
    assert (event.started, event.answered, event.ended) == (1795436000, None, None)


def test_the_number_of_the_restaurant_may_stand_in_several_places() -> None:
    assert only(completed(pbxNumberData={"number": "0441234567"})).did == "0441234567"
    assert only(completed(pbxNumberData='{"number": "0441234567"}')).did == "0441234567"
    assert only(completed(didNumber="0441234567")).did == "0441234567"
    assert only(completed(did="0441234567", pbxNumberData="")).did == "0441234567"


@pytest.mark.parametrize("rows", [
    [{"internalNumber": "901", "disposition": "BUSY"}, {"internalNumber": "902", "disposition": "ANSWER"}],
    {"0": {"internalNumber": 901, "disposition": "BUSY"}, "1": {"internalNumber": 902, "disposition": "ANSWER"}},
    '[{"internalNumber": "901", "disposition": "BUSY"}, {"internalNumber": "902", "disposition": "ANSWER"}]',
])  # fmt: skip
def test_history_tells_what_became_of_each_line(rows: Any) -> None:
    event = only(completed(disposition="ANSWER", internalNumber="902", historyData=rows))
    assert event.legs == (("901", "busy"), ("902", "answered"))


def test_a_record_is_always_answered_with_success() -> None:
    for settings in ({}, {"company_id": "1"}):
        assert BINOTEL.reply(completed(), settings, lambda number: None) == {"status": "success"}


# Whose event it is


@pytest.mark.parametrize(
    "delivery", [form(), form(requestType="apiCallSettings"), completed(companyID=12345)]
)
def test_an_event_of_another_company_is_foreign(delivery: Delivery) -> None:
    with pytest.raises(Foreign):
        BINOTEL.events(delivery, {"company_id": "777"})


@pytest.mark.parametrize(
    "delivery", [form(), completed(companyID=12345), as_json({**RING_FIELDS, "companyID": 12345})]
)
def test_an_event_of_our_company_is_ours(delivery: Delivery) -> None:
    assert BINOTEL.events(delivery, {"company_id": "12345"})


def test_an_event_that_names_no_company_is_matched_by_its_call() -> None:
    hangup = post("requestType=hangupTheCall&generalCallID=5120034567&disposition=NOANSWER")
    assert only(hangup, company_id="12345").key == "5120034567"


@pytest.mark.parametrize(
    "word", ["receivedTheFax", "apiCallUploaded", "<script>", "ringing", "receivedthecall2"]
)
def test_an_unknown_word_is_foreign(word: str) -> None:
    with pytest.raises(Foreign):
        BINOTEL.events(form(requestType=word), {})


@pytest.mark.parametrize("value", ["12345", " 12345 ", "1"])
def test_a_company_id_is_digits(value: str) -> None:
    assert BINOTEL.fields[0].check(value) == value.strip()


@pytest.mark.parametrize("value", ["", "12a", "-1", "１２", "1" * 13, "12 345"])
def test_anything_else_is_no_company_id(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        BINOTEL.fields[0].check(value)


# Who is calling


def lookup(known: Any, **fields: Any) -> Any:
    return BINOTEL.reply(form(requestType="apiCallSettings", **fields), {}, known)


def test_a_name_is_cut_to_what_binotel_shows() -> None:
    said = lookup(lambda number: {"name": "О" * 90, "description": "d" * 90})["customerData"]
    assert (len(said["name"]), len(said["description"])) == (43, 70)


def test_a_name_may_come_without_a_description() -> None:
    assert lookup(lambda number: {"name": "Olena"}) == {"customerData": {"name": "Olena", "description": ""}}


@pytest.mark.parametrize("known", [None, {}, {"name": ""}, {"name": " \0 "}])
def test_a_guest_without_a_name_is_unknown(known: Any) -> None:
    assert lookup(lambda number: known) == {}


@pytest.mark.parametrize("number", ["", "anonymous", "   ", "hidden"])
def test_nobody_is_asked_about_a_withheld_number(number: str) -> None:
    def known(raw: str) -> None:
        raise AssertionError(raw)

    assert lookup(known, externalNumber=number) == {}


def test_a_hostile_name_of_a_guest_is_one_line() -> None:
    said = lookup(lambda number: {"name": "Olena\r\nX-Evil: 1\u202e", "description": "a\0b"})
    assert said == {"customerData": {"name": "Olena X-Evil: 1", "description": "ab"}}


# What cannot be read


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (post(""), "empty"),
        (post("   \r\n "), "empty"),
        (post("\0\0"), "empty"),
        (post("{}", "application/json"), "empty"),
        (post("[]", "application/json"), "not an object"),
        (post('[{"requestType": "receivedTheCall"}]', "application/json"), "not an object"),
        (post('"receivedTheCall"', "application/json"), "not an object"),
        (post("null", "application/json"), "broken|not an object"),
        (post("7", "application/json"), "not an object"),
        (post('{"requestType": ', "application/json"), "broken"),
        (post("{" * 30_000), "broken"),
        (post('{"a":' * 20_000 + "1" + "}" * 20_000, "application/json"), "broken"),
        (post("requestType=receivedTheCall", "application/json"), "broken"),
        (post('{"requestType": "receivedTheCall", "generalCallID": ' + "9" * 9000 + "}"), "broken"),
        (post("generalCallID=1"), "requestType"),
        (post("hello"), "requestType"),
        (post("requestType="), "requestType"),
        (post("requestType[]=receivedTheCall"), "requestType"),
        (as_json({"requestType": {"a": 1}}), "requestType"),
        (as_json({"requestType": None}), "requestType"),
        (as_json({"requestType": True}), "requestType"),
        (post("requestType=receivedTheCall"), "generalCallID"),
        (post("requestType=receivedTheCall&generalCallID="), "generalCallID"),
        (post("requestType=hangupTheCall&generalCallID[a]=1"), "generalCallID"),
        (post("requestType=apiCallCompleted"), "generalCallID"),
        (post("requestType=apiCallCompleted&callDetails=5"), "generalCallID"),
        (post("requestType=apiCallCompleted&callDetails=%7Bbroken"), "generalCallID"),
        (post("--x", "multipart/form-data"), "boundary"),
        (post("a&" * 3000), "fields"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        BINOTEL.events(delivery, {})
    assert len(str(why.value)) < 160
    assert str(why.value).endswith(".")


NASTY: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    1e308,
    float("nan"),
    float("inf"),
    10**40,
    "",
    " ",
    "\0",
    "x" * 10_000,
    "<script>alert(1)</script>",
    "\u202e\u2066",
    "\ud800",
    "@3",
    "../../etc",
    "'; DROP TABLE call; --",
    [],
    [1, 2],
    [[]],
    {},
    {"0": {"0": {}}},
    ["x" * 9999],
    {"generalCallID": 1},
    "{",
    "[",
    '{"a":1}',
    "[[[[[[[[[[",
    "%00",
    "🍕" * 5000,
    "٠٦٧",
]
WORDS = [
    "receivedTheCall",
    "answeredTheCall",
    "hangupTheCall",
    "transferTheCall",
    "apiCallSettings",
    "gettingCallSettings",
    "apiCallCompleted",
    "method",
]
PUSH_FIELDS = [
    "generalCallID",
    "callType",
    "companyID",
    "externalNumber",
    "internalNumber",
    "pbxNumber",
    "did",
    "srcNumber",
    "dstNumber",
    "extNumber",
    "disposition",
    "billsec",
    "callDetails",
    "requestType",
    "method",
]
RECORD_FIELDS = [
    "companyID",
    "generalCallID",
    "startTime",
    "callType",
    "internalNumber",
    "externalNumber",
    "waitsec",
    "billsec",
    "disposition",
    "pbxNumberData",
    "historyData",
    "customerData",
]


def bounded(delivery: Delivery) -> None:
    """Events or a refusal, and nothing in an event that could do harm further on."""
    try:
        told = BINOTEL.events(delivery, {"company_id": "12345"})
        BINOTEL.reply(delivery, {}, lambda number: {"name": number, "description": number})
    except (Unreadable, Foreign):
        return
    for event in told:
        json.dumps(replay.shape(event)).encode()
        texts = (
            event.key,
            event.did,
            event.line,
            event.name,
            event.caller or "",
            *(line for line, _ in event.legs),
        )
        for text in texts:
            text.encode()
            assert text.isprintable()
            assert len(text) <= 256
        assert len(event.key) <= 64
        assert not event.line.startswith("@")


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_in_a_push_do_no_harm(word: str, value: Any) -> None:
    for name in PUSH_FIELDS:
        bounded(as_json({**RING_FIELDS, "requestType": word, name: value}))


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_in_a_record_do_no_harm(value: Any) -> None:
    for name in RECORD_FIELDS:
        bounded(completed(**{"startTime": 1795436000, "disposition": "ANSWER", name: value}))
        bounded(completed(historyData=[{"internalNumber": value, "disposition": value, name: value}]))
        bounded(as_json({"requestType": "apiCallCompleted", "callDetails": {name: value}}))


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00", b"\x80requestType=receivedTheCall", b"requestType=%ff%fe&generalCallID=%00", b"=&=&=", b"&&&&",
        b"requestType[[]]=1", b"a[b=1&requestType=receivedTheCall&generalCallID=1", b"callDetails[=1", b"[]=1&[a]=2",
        b"requestType=apiCallCompleted&callDetails=1&callDetails[generalCallID]=1",
        b"requestType=apiCallCompleted&callDetails[generalCallID]=1&callDetails[historyData][][disposition]=ANSWER",
        b"requestType=apiCallCompleted&callDetails" + b"[a]" * 5000 + b"=1",
        b"requestType=apiCallCompleted&callDetails[generalCallID]=1&callDetails[historyData]=" + b"%5B" * 9000,
    ],
)  # fmt: skip
def test_mangled_forms_do_no_harm(body: bytes) -> None:
    bounded(post(body))
    bounded(post(body, ""))
    bounded(post(body, "application/json; charset=utf-8"))
    bounded(post(body, "multipart/form-data; boundary=x"))
    bounded(post(b"--x\r\n" + body + b"\r\n--x--", "multipart/form-data; boundary=x"))


def test_long_ids_stay_short_and_different() -> None:
    one, other = only(form(generalCallID="9" * 500 + "1")).key, only(form(generalCallID="9" * 500 + "2")).key
    assert one != other
    assert max(len(one), len(other)) <= 64


@pytest.mark.parametrize("call", [5120034567, 5120034567.0, " 5120034567 "])
def test_an_id_is_the_same_however_it_is_written(call: Any) -> None:
    assert only(as_json({**RING_FIELDS, "generalCallID": call})).key == "5120034567"


def test_binotel_posts_only() -> None:
    assert BINOTEL.methods == {"POST"}


# The page

PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "binotel.md").read_text("utf-8")


@pytest.mark.parametrize(
    "word", [*PUSHES, *LOOKUPS, COMPLETED, *OUTCOMES, *DID, *LINE, "externalNumber", "srcNumber"]
)
def test_the_page_names_every_word_that_is_read(word: str) -> None:
    assert f"`{word}`" in PAGE
