"""Phonet: its events, the question who is calling, and its REST interface."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, MISS, OUT, RING, CallEvent
from server.providers.abilities import Answer, Ask, Extension, Failed, Step
from server.providers.base import CLOUD, Delivery, Foreign, Unreadable
from server.providers.base import OUT as GOES_OUT
from server.providers.phonet import ASKS, EVENTS, EVERY, HEARS, Phonet
from server.providers.phonet_rest import DISPOSITIONS, PAGE, PAGES
from tests import recorded, replay
from tests.recorded import NASTY, Json
from tests.replay import T0, answer

PHONET = Phonet()
SETTINGS = {"domain": "demo.phonet.com.ua", "key": "demo-key", "way": HEARS}
PAPER = (Path(__file__).parents[2] / "docs" / "providers" / "phonet.md").read_text("utf-8")
UUID, LEG = "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "a" * 32
DIAL = {
    "event": "call.dial", "accountDomain": "demo.phonet.com.ua", "uuid": UUID, "parentUuid": None,
    "dialAt": 1795436401, "bridgeAt": None, "lgDirection": 4,
    "leg": {"id": 36, "type": 1, "ext": "001", "displayName": "Kasa 1"}, "leg2": None,
    "otherLegs": [{"id": None, "name": None, "num": "+380671112233", "companyName": None, "url": None}],
    "trunkNum": "+380441234567", "trunkName": "main",
}  # fmt: skip
BRIDGE = DIAL | {"event": "call.bridge", "bridgeAt": 1795436409}
HANGUP = BRIDGE | {"event": "call.hangup"}
NAMES = replay.names("phonet")

# Without one of two answers nobody knows that there were two; a group of two of which one is never heard of is a
# single phone.
LOST = {"transferred": {"line", "answered_by"}, "group_rang_in_vain": {"line"}}


def post(fields: Json, at: float = T0 + 60) -> Delivery:
    return Delivery("POST", json.dumps(fields).encode(), at)


def only(fields: Json, at: float = T0 + 60) -> CallEvent:
    (event,) = PHONET.events(post(fields, at), SETTINGS)
    return event


# Recordings


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(PHONET, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(PHONET, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_order_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(PHONET, name)


@pytest.mark.parametrize("name", NAMES)
def test_a_loss_invents_nothing(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(PHONET, name, LOST.get(name, ()))


# What happened


def test_the_three_events_of_the_contract() -> None:
    ring, answered, over = only(DIAL), only(BRIDGE), only(HANGUP)
    assert replay.shape(ring) == {
        "key": UUID, "kind": RING, "at": 1795436401, "direction": IN, "caller": "+380671112233", "did": "+380441234567",
        "line": "001", "started": 1795436401,
    }  # fmt: skip
    assert (answered.kind, answered.at, answered.answered) == (ANSWER, 1795436409, 1795436409)
    assert (over.kind, over.outcome, over.at, over.ended) == (END, "answered", T0 + 60, None)


@pytest.mark.parametrize("event", [DIAL, BRIDGE, HANGUP])
def test_seconds_and_milliseconds_say_the_same(event: Json) -> None:
    late = {name: event[name] * 1000 for name in ("dialAt", "bridgeAt") if event[name]}
    assert only(event | late) == only(event)
    assert only(event | {name: str(its) for name, its in late.items()}) == only(event)


@pytest.mark.parametrize("moment", [0, "soon", 12, 1795436401 * 1000000, -5, None])
def test_a_time_that_cannot_be_is_the_arrival(moment: Any) -> None:
    event = only(DIAL | {"dialAt": moment})
    assert (event.at, event.started) == (T0 + 60, None)


def test_a_hang_up_without_a_talk_is_a_phone_that_rang_in_vain() -> None:
    event = only(DIAL | {"event": "call.hangup"})
    assert (event.kind, event.line, event.outcome) == (MISS, "001", "missed")


def test_a_leg_belongs_to_the_call_above_it() -> None:
    event = only(BRIDGE | {"uuid": LEG, "parentUuid": UUID})
    assert (event.key, event.alias) == (UUID, LEG)
    assert (event.started, event.answered) == (None, 1795436409.0)
    assert event.at == 1795436409


@pytest.mark.parametrize(
    ("way", "direction"), [(1, INTERNAL), (2, OUT), (4, IN), ("4", IN), (8, ""), (None, "")]
)
def test_the_direction(way: Any, direction: str) -> None:
    assert only(DIAL | {"lgDirection": way}).direction == direction


@pytest.mark.parametrize("way", [32, 64, "32"])
def test_a_break_is_no_call(way: Any) -> None:
    with pytest.raises(Foreign) as why:
        PHONET.events(post(DIAL | {"lgDirection": way}), SETTINGS)
    assert why.value.word == ""


@pytest.mark.parametrize(
    "others", [None, [], [{"num": None}], [{"num": ""}], [{"num": "Anonymous"}], [{}], "x"]
)
def test_a_call_without_a_number_is_withheld(others: Any) -> None:
    assert only(DIAL | {"otherLegs": others}).caller == ""


def test_an_outgoing_call_without_a_number_is_untold() -> None:
    assert only(DIAL | {"otherLegs": None, "lgDirection": 2}).caller is None


def test_colleagues_are_no_guests() -> None:
    event = only(DIAL | {"lgDirection": 1, "otherLegs": None, "leg2": {"type": 1, "ext": "002"}})
    assert (event.direction, event.caller, event.line) == (INTERNAL, "002", "001")


@pytest.mark.parametrize(
    ("kind", "line", "group"), [(1, "001", ""), (None, "001", ""), (2, "", "Kasa 1"), (4, "", "Kasa 1")]
)
def test_a_group_or_a_menu_is_no_line(kind: Any, line: str, group: str) -> None:
    event = only(DIAL | {"leg": DIAL["leg"] | {"type": kind}})  # type: ignore[operator]
    assert (event.line, event.group) == (line, group)


def test_a_name_of_the_address_book_is_told_and_a_number_is_no_name() -> None:
    other = {"num": "+380671112233", "name": "+380671112233", "companyName": "Kovalenko & Co"}
    assert only(DIAL | {"otherLegs": [other]}).name == "Kovalenko & Co"


def test_another_companys_event_is_foreign() -> None:
    with pytest.raises(Foreign, match="another company"):
        PHONET.events(post(DIAL | {"accountDomain": "other.phonet.com.ua"}), SETTINGS)
    assert only({name: its for name, its in DIAL.items() if name != "accountDomain"}).key == UUID


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "event"),
        (DIAL | {"event": ""}, "event"),
        (DIAL | {"uuid": None}, "uuid"),
        ({"uuid": UUID}, "event"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(fields: Json, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        PHONET.events(post(fields), SETTINGS)
    assert len(str(why.value)) < 160


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"uuid=1"])
def test_a_body_that_is_no_object_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        PHONET.events(Delivery("POST", body, T0), SETTINGS)


def test_an_event_that_nobody_knows_is_foreign() -> None:
    with pytest.raises(Foreign) as why:
        PHONET.events(post(DIAL | {"event": "call.hold" * 20}), SETTINGS)
    assert why.value.word == ("call.hold" * 20)[:40]


@pytest.mark.parametrize("word", sorted(EVENTS))
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: Any) -> None:
    whole = BRIDGE | {"event": word}
    for name in whole:
        recorded.bears(PHONET, post(whole | {name: value}), SETTINGS)
    for name in ("id", "type", "ext", "displayName"):
        recorded.bears(PHONET, post(whole | {"leg": DIAL["leg"] | {name: value}}), SETTINGS)  # type: ignore[operator]
    for name in ("name", "num", "companyName"):
        recorded.bears(PHONET, post(whole | {"otherLegs": [{"num": "+380671112233", name: value}]}), SETTINGS)


# Settings


@pytest.mark.parametrize(
    "told",
    [
        "demo.phonet.com.ua",
        " https://Demo.phonet.com.ua/features/#/x ",
        "http://demo.phonet.com.ua?x=1",
        "demo.phonet.com.ua/",
    ],
)
def test_the_address_may_be_pasted_from_the_browser(told: str) -> None:
    assert PHONET.fields[0].check(told) == "demo.phonet.com.ua"


@pytest.mark.parametrize(
    "told",
    ["phonet.com.ua", "demo.example.com", "phonet.com.ua.example.com", "evil-phonet.com.ua", "a@demo.phonet.com.ua",
     "127.0.0.1", "https://evil.example/#.phonet.com.ua", "demo.phonet.com.ua:8443"],
)  # fmt: skip
def test_no_other_host_is_asked(told: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        PHONET.fields[0].check(told)


def test_who_asks_needs_no_open_address() -> None:
    assert PHONET.reach == {CLOUD, GOES_OUT}
    assert PHONET.fields[2].choices == (ASKS, HEARS)
    assert PHONET.look_every({}) == PHONET.look_every({"way": ASKS}) == EVERY
    assert PHONET.look_every({"way": HEARS}) == 0


# The session

COOKIE = "JSESSIONID=1A2B3C.node-1"
LET_IN = Answer(200, b"{}", {"set-cookie": f"lang=uk; Path=/, {COOKIE}; Path=/rest; HttpOnly"})
FORBIDDEN = Answer(403, b"<html>")


def authorizes(ask: Ask) -> bool:
    return ask.url == "https://demo.phonet.com.ua/rest/security/authorize"


def test_a_session_is_asked_for_once_and_kept() -> None:
    phonet = Phonet()
    asks, _ = replay.asked(phonet.look(SETTINGS, T0), LET_IN, answer([]))
    assert [authorizes(ask) for ask in asks] == [True, False]
    assert asks[0].method == "POST"
    assert json.loads(asks[0].body) == {"domain": "demo.phonet.com.ua", "apiKey": "demo-key"}
    assert "Cookie" not in asks[0].headers
    assert asks[1].headers["Cookie"] == COOKIE
    again, _ = replay.asked(phonet.look(SETTINGS, T0), answer([]))
    assert [ask.headers["Cookie"] for ask in again] == [COOKIE]


def test_a_session_that_is_over_is_made_again() -> None:
    phonet = Phonet()
    replay.asked(phonet.look(SETTINGS, T0), LET_IN, answer([]))
    fresh = Answer(200, b"", {"set-cookie": "JSESSIONID=NEW"})
    asks, _ = replay.asked(phonet.look(SETTINGS, T0), FORBIDDEN, fresh, answer([]))
    assert [authorizes(ask) for ask in asks] == [False, True, False]
    assert asks[2].headers["Cookie"] == "JSESSIONID=NEW"


def test_sessions_of_two_accounts_are_two() -> None:
    phonet = Phonet()
    replay.asked(phonet.look(SETTINGS, T0), LET_IN, answer([]))
    asks, _ = replay.asked(phonet.look({**SETTINGS, "key": "another"}, T0), LET_IN, answer([]))
    assert authorizes(asks[0])


@pytest.mark.parametrize(
    ("answers", "word"),
    [
        ([FORBIDDEN], "login"),
        ([Answer(401)], "login"),
        ([Answer(400)], "login"),
        ([Answer(429)], "busy"),
        ([Answer(200, b"{}")], "odd"),
        ([Answer(200, b"", {"set-cookie": "JSESSIONID="})], "odd"),
        ([Answer(502, b"<html>")], "odd"),
        ([LET_IN, FORBIDDEN], "rights"),
        ([LET_IN, Answer(500, b"<html>")], "odd"),
        ([LET_IN, Answer(429)], "busy"),
        ([LET_IN, answer({"message": "no"})], "odd"),
    ],
)
def test_a_refusal_has_its_word(answers: list[Answer], word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(Phonet().look(SETTINGS, T0), *answers)
    assert why.value.word == word
    assert "demo-key" not in str(why.value)


# Who is calling now


def look(*rows: Any) -> Step:
    asks, step = replay.asked(Phonet().look(SETTINGS, T0 + 60), LET_IN, answer(list(rows)))
    assert asks[1].url == "https://demo.phonet.com.ua/rest/calls/active/v3"
    return step


def active(event: Json, **more: Any) -> Json:
    return {name: its for name, its in event.items() if name not in ("event", "accountDomain")} | {
        "lastEvent": event["event"]
    } | more  # fmt: skip


def test_the_calls_of_now_are_told_as_the_events_would_tell_them() -> None:
    step = look(active(DIAL), active(BRIDGE, uuid=LEG))
    assert step.events == (only(DIAL), only(BRIDGE | {"uuid": LEG}))
    assert step.live == {UUID, LEG}
    assert not step.trouble


def test_a_call_lives_as_long_as_one_of_its_legs() -> None:
    assert look(active(BRIDGE, uuid=LEG, parentUuid=UUID)).live == {UUID}


def test_nobody_calls() -> None:
    assert look() == Step(live=frozenset())


def test_breaks_and_what_is_over_are_no_calls_of_now() -> None:
    step = look(active(DIAL, lgDirection=32), active(HANGUP), {"uuid": None}, {}, active(DIAL, uuid=LEG))
    assert step.live == {LEG}
    assert [event.kind for event in step.events] == [END, RING]


@pytest.mark.parametrize("nonsense", [None, "x", 1, []])
def test_a_list_that_is_not_understood_in_full_ends_no_call(nonsense: Any) -> None:
    step = look(active(DIAL, uuid=LEG), nonsense)
    assert ([event.kind for event in step.events], step.live) == ([RING], None)


def test_a_call_of_which_something_unknown_is_told_goes_on() -> None:
    step = look(active(BRIDGE | {"event": "call.hold"}))
    assert (step.events, step.live, step.strange) == ((), {UUID}, "call.hold")
    assert look(active(BRIDGE | {"event": None})).live == {UUID}


def test_the_same_answer_twice_changes_nothing() -> None:
    events = look(active(BRIDGE)).events
    assert replay.final([*events, *events]) == replay.final([*events])


def test_asking_tells_the_same_call_as_hearing() -> None:
    heard = replay.final([only(DIAL), only(BRIDGE), only(HANGUP)])
    looked = replay.final([*look(active(DIAL)).events, *look(active(BRIDGE)).events, only(HANGUP)])
    assert looked == heard


# The other abilities


def test_extensions_are_listed_without_anything_secret() -> None:
    rows = [
        {"id": 30, "displayName": "Ivan", "ext": "901", "email": "i@example.com", "sipPassword": "hunter2"},
        {"displayName": "No number"},
        {"ext": 990},
    ]
    asks, lines = replay.asked(Phonet().extensions(SETTINGS), LET_IN, answer(rows))
    assert asks[1].url == "https://demo.phonet.com.ua/rest/users"
    assert lines == [Extension("901", "Ivan"), Extension("990")]
    assert "hunter2" not in repr(lines)


def test_a_call_is_placed_and_its_id_is_known() -> None:
    asks, key = replay.asked(
        Phonet().originate(SETTINGS, "001", "+380671112233", "7"), LET_IN, answer({"uuid": UUID})
    )
    assert (asks[1].method, asks[1].url) == ("POST", "https://demo.phonet.com.ua/rest/user/makeCall")
    assert json.loads(asks[1].body) == {"legExt": "001", "otherLegNum": "+380671112233"}
    assert asks[1].headers == {"Content-Type": "application/json", "Cookie": COOKIE}
    assert key == UUID


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (400, {"message": "no such user"}, "refused: no such user"),
        (200, [], "odd"),
        (500, {}, "odd: HTTP 500"),
    ],
)
def test_a_call_that_is_not_placed_says_why(status: int, said: Any, why: str) -> None:
    with pytest.raises(Failed, match=why):
        replay.asked(Phonet().originate(SETTINGS, "001", "+380671112233", "7"), LET_IN, answer(said, status))


def test_a_call_is_hung_up_and_the_empty_answer_is_enough() -> None:
    asks, done = replay.asked(Phonet().hang_up(SETTINGS, UUID), LET_IN, Answer(200))
    assert (asks[1].method, asks[1].url) == (
        "GET",
        f"https://demo.phonet.com.ua/rest/calls/active/{UUID}/hangup",
    )
    assert done is None
    with pytest.raises(Failed, match="refused"):
        replay.asked(Phonet().hang_up(SETTINGS, UUID), LET_IN, Answer(404))


def test_an_id_stays_in_its_place_of_the_address() -> None:
    asks, _ = replay.asked(Phonet().hang_up(SETTINGS, "../users?x="), LET_IN, Answer(200))
    assert asks[1].url.endswith("/rest/calls/active/..%2Fusers%3Fx%3D/hangup")


@pytest.mark.parametrize(("reference", "uuid"), [(LEG, LEG), ("", UUID)])
def test_a_recording_is_asked_for_with_a_fresh_session(reference: str, uuid: str) -> None:
    asks, sound = replay.asked(Phonet().recording(SETTINGS, UUID, reference), LET_IN)
    assert authorizes(asks[0])
    assert sound == Ask(
        "GET", f"https://demo.phonet.com.ua/rest/public/calls/{uuid}/audio", {"Cookie": COOKIE}
    )
    assert PHONET.recording_hosts == {".phonet.com.ua"}


# The history

ROW = {
    "uuid": UUID, "parentUuid": None, "endAt": 1795436450000, "lgDirection": 4, "leg": DIAL["leg"], "leg2": None,
    "otherLegNum": "+380671112233", "otherLegName": "+380671112233", "billSecs": 41, "duration": 49, "disposition": 0,
    "transferHistory": None, "audioRecUrl": f"https://demo.phonet.com.ua/rest/public/calls/{UUID}/audio ",
    "trunk": "o=380441234567;",
}  # fmt: skip


def history(*rows: Any, missed: tuple[Any, ...] = ()) -> list[CallEvent]:
    talk = Phonet().history(SETTINGS, T0, T0 + 60)
    return replay.asked(talk, LET_IN, answer(list(rows)), answer(list(missed)))[1]


def test_the_history_is_asked_in_milliseconds() -> None:
    asks, calls = replay.asked(Phonet().history(SETTINGS, T0 - 60, T0 + 0.5), LET_IN, answer([]), answer([]))
    assert [ask.url.rpartition("/")[2] for ask in asks[1:]] == ["company.api", "missed.api"]
    assert parse_qs(asks[1].query) == {
        "timeFrom": ["1795436340000"], "timeTo": ["1795436400500"], "limit": ["50"], "offset": ["0"],
    }  # fmt: skip
    assert calls == []


def test_a_call_of_the_history_is_whole() -> None:
    (event,) = history(ROW, missed=(ROW,))
    assert replay.shape(event) == {
        "key": UUID, "kind": END, "at": 1795436450, "direction": IN, "caller": "+380671112233", "did": "380441234567",
        "line": "001", "outcome": "answered", "started": 1795436401, "answered": 1795436409, "ended": 1795436450,
        "recording": UUID, "late": True,
    }  # fmt: skip


@pytest.mark.parametrize("word", [*DISPOSITIONS, 0, 1, 4, 7, None, "x"])
def test_every_disposition_is_an_outcome(word: Any) -> None:
    (event,) = history(ROW | {"disposition": word})
    assert event.outcome == DISPOSITIONS.get(str(word), "unknown")


def test_a_call_that_nobody_took_has_no_answer() -> None:
    (event,) = history(ROW | {"disposition": 1, "billSecs": 0, "audioRecUrl": None})
    assert (event.outcome, event.answered, event.recording) == ("missed", None, "")


def test_the_history_knows_better_than_a_hang_up() -> None:
    live = [only(DIAL), only(DIAL | {"event": "call.hangup"})]
    (busy,) = history(ROW | {"disposition": 4, "billSecs": 0})
    for order in replay.orders([*live, busy]):
        assert [call["outcome"] for call in replay.journaled(order)] == ["busy"]


def test_the_legs_of_a_group_are_one_call() -> None:
    legs = [
        ROW | {"uuid": str(number) * 32, "parentUuid": UUID, "leg": {"type": 1, "ext": f"00{number}"},
               "disposition": became, "billSecs": talk}
        for number, became, talk in ((1, 1, 0), (2, 0, 41), (3, 1, 0))
    ]  # fmt: skip
    (event,) = history(*legs)
    assert (event.key, event.alias, event.line, event.outcome) == (UUID, "2" * 32, "002", "answered")
    (event,) = history(legs[0], legs[2])
    assert (event.outcome, event.line, event.legs) == ("missed", "", (("001", "missed"), ("003", "missed")))


def test_a_transfer_is_read_from_its_history() -> None:
    (event,) = history(ROW | {"transferHistory": "003 > 001"})
    assert event.legs == (("003", "moved"), ("001", "answered"))
    call = replay.final([event])
    assert call
    assert (call.answered_by, call.line) == ("003", "001")


def test_two_legs_that_talked_are_a_transfer() -> None:
    second = ROW | {"uuid": LEG, "parentUuid": UUID, "leg": {"type": 1, "ext": "002"}, "endAt": 1795436500000}
    first = ROW | {"endAt": 1795436420000, "billSecs": 11, "duration": 19}
    (event,) = replay.asked(
        Phonet().history(SETTINGS, T0, T0 + 600), LET_IN, answer([second, first]), answer([])
    )[1]
    assert event.legs == (("001", "moved"), ("002", "answered"))
    assert (event.started, event.answered, event.ended) == (1795436401, 1795436409, 1795436500)


def test_colleagues_breaks_and_nonsense_of_the_history() -> None:
    internal = ROW | {"lgDirection": 1, "otherLegNum": None, "leg2": {"type": 1, "ext": "002"}}
    (event,) = history(
        internal, ROW | {"uuid": "b", "lgDirection": 64}, {}, None, ROW | {"uuid": "c", "endAt": None}
    )
    assert (event.direction, event.caller) == (INTERNAL, "002")


def test_a_long_history_is_read_in_pages() -> None:
    page = [ROW | {"uuid": f"{number:032}"} for number in range(PAGE)]
    more = [ROW | {"uuid": f"b{number:031}"} for number in range(3)]
    asks, calls = replay.asked(
        Phonet().history(SETTINGS, T0, T0 + 60), LET_IN, answer(page), answer(more), answer([])
    )
    assert len(calls) == PAGE + 3
    assert [parse_qs(ask.query)["offset"] for ask in asks[1:]] == [["0"], ["50"], ["0"]]


def test_a_history_without_an_end_is_left_after_some_pages() -> None:
    page = answer([ROW] * PAGE)
    asks, calls = replay.asked(Phonet().history(SETTINGS, T0, T0 + 60), LET_IN, *[page] * (2 * PAGES))
    assert len(asks) == 1 + 2 * PAGES <= 39
    assert len(calls) == 1


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_list_does_no_harm(value: Any) -> None:
    for name in ROW:
        for event in history(ROW | {name: value}):
            json.dumps(replay.shape(event)).encode()
    for name in DIAL:
        for event in look(active(BRIDGE | {name: value})).events:
            json.dumps(replay.shape(event)).encode()


# The page


def test_the_page_names_every_word() -> None:
    for word in (
        *EVENTS,
        "lastEvent",
        "uuid",
        "parentUuid",
        "otherLegs",
        "leg",
        "transferHistory",
        "company.api",
        "missed.api",
    ):
        assert f"`{word}`" in PAPER, word
    for number, outcome in DISPOSITIONS.items():
        assert f"| {number} | {outcome} |" in PAPER
    assert f"every {EVERY:.0f} seconds" in PAPER
    assert "Not yet tried on a live account" in PAPER
