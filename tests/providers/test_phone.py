"""Desk phones: recordings in, events out; one call of several phones; lines to paste; dialling."""

from __future__ import annotations

import json
import re
import time
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from server.calls import END, IN, INTERNAL, MISS, OUT, RING, CallEvent
from server.db import reading, transaction
from server.models import CallRow
from server.parts import Parts
from server.providers.abilities import Answer, Failed
from server.providers.base import Delivery, Foreign, Text, Unreadable
from server.providers.phone import EVENTS, UNUSED, Phone
from server.providers.phone_models import MICROSIP, MODELS, at_home
from tests import replay
from tests.conftest import Restaurant, add_trunk
from tests.replay import T0

PHONE = Phone()
DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "providers" / "phone.md").read_text("utf-8")
HOOK = "http://192.168.1.10:8080/hooks/phone/T0ken"
URI = "sip:0671112233@pbx.example.com"
ONE_PHONE = sorted(set(replay.names("phone")) - {"group_101_answers", "group_rang_in_vain", "calls_again",
                                                 "transferred", "internal_from_both_ends"})  # fmt: skip


def get(query: str = "", at: float = T0, **fields: Any) -> Delivery:
    told = {"e": "ring", "mac": "805ec0aabbcc", "ext": "101", "id": "33093", "dr": None, "r": URI} | fields
    return Delivery(
        "GET", b"", at, query=query or urlencode({k: v for k, v in told.items() if v is not None})
    )


def only(query: str = "", at: float = T0, **fields: Any) -> CallEvent:
    (event,) = PHONE.events(get(query, at, **fields), {})
    return event


# Recordings


@pytest.mark.parametrize("name", replay.names("phone"))
def test_a_recording_says_what_happened(name: str) -> None:
    for one in replay.load("phone", name)["steps"]:
        told = PHONE.events(replay.delivery(one), {})
        assert [replay.shape(event) for event in told] == one["events"]
        assert PHONE.reply(replay.delivery(one), {}, lambda number: None) == Text(one["reply"])


@pytest.mark.parametrize("name", replay.names("phone"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recording = replay.load("phone", name)
    book = replay.Book()
    for event in replay.told(PHONE, recording):
        book.take(event)
    calls = [call for call in book.calls.values() if call.direction]
    assert len(calls) == recording["calls"]
    assert replay.facts(calls[-1], recording["call"]) == recording["call"]


@pytest.mark.parametrize("name", ONE_PHONE)
def test_the_order_of_one_phones_events_does_not_matter(name: str) -> None:
    told = replay.told(PHONE, replay.load("phone", name))
    for order in replay.orders(told):
        assert replay.journaled(order) == replay.journaled(told), [event.kind for event in order]


@pytest.mark.parametrize("name", ONE_PHONE)
def test_what_got_lost_is_not_made_up(name: str) -> None:
    assert replay.invented(replay.told(PHONE, replay.load("phone", name))) == []


@pytest.mark.parametrize("name", ["group_101_answers", "group_rang_in_vain"])
def test_how_two_phones_requests_mix_does_not_matter(name: str) -> None:
    """Each phone's own stay in order; a phone that only rings when the talk is over rings for another call."""
    recording = replay.load("phone", name)
    told = replay.told(PHONE, recording)
    first = ["ext=101" in one["query"] for one in recording["steps"]]
    for places in combinations(range(len(told)), sum(first)):
        both = {own: iter([event for event, its in zip(told, first, strict=True) if its == own])
                for own in (True, False)}  # fmt: skip
        order = [next(both[place in places]) for place in range(len(told))]
        if places != tuple(range(len(places))):
            assert replay.journaled(order) == replay.journaled(told), [(one.kind, one.line) for one in order]


# Several phones, one call


def group(*order: str) -> list[dict[str, Any]]:
    """What the journal says after these, such as `ring 101`; each phone has its own small number for the call."""
    macs = {"101": "805ec0aabbcc", "102": "805ec0aabbdd"}
    told = []
    for place, one in enumerate(order):
        word, line = one.split()
        told.append(only(e=word, ext=line, mac=macs[line], id=f"7{line}", at=T0 + place * 0.1))
    return replay.journaled(told)


RINGS = ("ring 101", "ring 102")
FIRST = ("answer 101", "end 101")


@pytest.mark.parametrize(
    "order",
    [
        (*RINGS, "answer 101", "missed 102", "end 102", "end 101"),
        (*RINGS, "missed 102", "end 102", "answer 101", "end 101"),
        (*RINGS, "gone 102", "answer 101", "missed 102", "end 101"),
        (*RINGS, "end 102", *FIRST, "missed 102"),
        (*RINGS, *FIRST, "missed 102", "gone 102", "end 102"),
        ("ring 101", "answer 101", "ring 102", "missed 102", "end 101"),
        (*RINGS, "answer 101", "answer 101", "missed 102", "missed 102", "end 101", "end 101"),
    ],
)
def test_answered_elsewhere_is_not_missed(order: tuple[str, ...]) -> None:
    (call,) = group(*order)
    assert (call["outcome"], call["line"], call["answered_by"]) == ("answered", "101", "101")


def test_the_phone_that_only_rang_does_not_end_the_talk() -> None:
    book = replay.Book()
    told = [("ring", "101"), ("ring", "102"), ("answer", "101"), ("end", "102"), ("gone", "102")]
    for word, line in told:
        call = book.take(only(e=word, ext=line, mac=f"805ec0aabb{line}", id="5"))
        if word == "answer":
            talk = call
    assert book.calls[talk.id].state == "answered"
    ended = book.take(only(e="end", ext="101", mac="805ec0aabb101", id="5", at=T0 + 60))
    assert (ended.id, ended.state, ended.talk) == (talk.id, "ended", 60.0)


def test_nobody_came_is_one_missed_call_however_often_it_is_told() -> None:
    told = [f"{word} {line}" for word in ("missed", "end", "gone") for line in ("101", "102")]
    (call,) = group(*RINGS, *told)
    assert (call["outcome"], call["caller"]) == ("missed", URI)


@pytest.mark.parametrize("order", [("reject 101", "missed 101"), ("missed 101", "reject 101")])
def test_a_rejected_call_stays_one_even_if_the_phone_calls_it_missed_too(order: tuple[str, ...]) -> None:
    (call,) = group("ring 101", *order)
    assert call["outcome"] == "declined"


def test_a_phone_that_rejects_leaves_the_others_ringing() -> None:
    book = replay.Book()
    for word, line in (("ring", "101"), ("ring", "102"), ("reject", "101")):
        call = book.take(only(e=word, ext=line, mac=f"805ec0aabb{line}"))
    assert (call.state, call.line) == ("ringing", "102")


def test_two_guests_on_one_phone_are_two_calls() -> None:
    book = replay.Book()
    other = "sip:0501112233@pbx.example.com"
    for word, call_id, uri in (("ring", "1", URI), ("answer", "1", URI), ("ring", "2", other),
                               ("missed", "2", other), ("end", "1", URI)):  # fmt: skip
        book.take(only(e=word, id=call_id, r=uri))
    calls = {call.caller: call.outcome for call in book.calls.values() if call.direction}
    assert calls == {URI: "answered", other: "missed"}


# The real journal


@pytest.fixture
def tell(parts: Parts, restaurant: Restaurant) -> Any:
    account = restaurant()
    trunk = add_trunk(account, "phone").id
    return lambda query: parts.intake.take(account.id, trunk, PHONE.events(get(query, time.time()), {}))


def journal() -> list[tuple[str, str, str]]:
    with reading():
        query = CallRow.select().where(CallRow.direction != "").order_by(CallRow.started)
        return [(call.state, call.outcome, call.answered_by) for call in query]


def age(seconds: float) -> None:
    with transaction():
        CallRow.update(touched=CallRow.touched - seconds, started=CallRow.started - seconds).execute()


def test_an_end_without_a_number_finds_its_call(tell: Any) -> None:
    tell(f"e=ring&mac=805ec0aabbcc&ext=101&id=33093&r={URI}")
    tell("e=answer&mac=805ec0aabbcc&ext=101&id=33093")
    assert journal() == [("answered", "", "101")]
    tell("e=end&mac=805ec0aabbcc&ext=101&id=33093")
    assert journal() == [("ended", "answered", "101")]


def test_the_ends_of_the_phones_that_only_rang_do_not_stand_in_the_way_later(tell: Any) -> None:
    """102's end is nobody's; when the same guest calls again and 102 answers, its end must be the call's."""
    two = ["mac=805ec0aabbcc&ext=101", "mac=805ec0aabbdd&ext=102"]
    for talks, rings in (two, two[::-1]):
        for word, phone in (
            ("ring", talks),
            ("ring", rings),
            ("answer", talks),
            ("end", rings),
            ("end", talks),
        ):
            tell(f"e={word}&{phone}&r=0671112233")
        age(30)
    assert journal() == [("ended", "answered", "101"), ("ended", "answered", "102")]


def test_a_phones_small_numbers_come_again(tell: Any) -> None:
    for guest in ("0671112233", "0501112233"):
        for word in ("ring", "answer", "end"):
            tell(f"e={word}&mac=805ec0aabbcc&ext=101&id=5&r={guest}")
        age(3600)
    assert journal() == [("ended", "answered", "101")] * 2


def test_the_next_call_of_the_same_guest_rings(tell: Any) -> None:
    for word in ("ring", "missed", "end"):
        tell(f"e={word}&mac=805ec0aabbcc&ext=101&id=5&r=0671112233")
    age(60)
    tell("e=ring&mac=805ec0aabbcc&ext=101&id=6&r=0671112233")
    assert [state for state, _, _ in journal()] == ["ended", "ringing"]


# What stands in an address


def test_the_documented_address_is_read() -> None:
    event = only("e=ring&mac=805ec0aabbcc&ext=101&id=33093&dr=380671112233&r=sip:0671112233@pbx.example.com")
    assert (event.key, event.kind, event.direction, event.caller) == ("from:671112233", RING, IN, URI)
    assert (event.line, event.alias, event.reused, event.name) == ("101", "805ec0aabbcc:33093", True, "")


@pytest.mark.parametrize(
    "told",
    [
        "sip:0671112233@pbx.example.com;user=phone",
        "sip:0671112233@pbx.example.com?x=1&e=end&r=2#top;lr",
        "<sip:0671112233@pbx.example.com>;tag=1",
        quote("sip:+380671112233@pbx.example.com", safe=""),
        "+380671112233",
        "0671112233@192.168.1.5:5060",
        "380671112233",
    ],
)
def test_whatever_stands_after_r_is_the_guest(told: str) -> None:
    event = only(f"e=ring&mac=805ec0aabbcc&ext=101&id=1&r={told}")
    assert (event.kind, event.key, event.line) == (RING, "from:671112233", "101")


def test_what_the_web_server_cut_off_is_read_from_the_whole_address() -> None:
    one = Delivery("GET", b"", T0, query="e=ring&ext=101", raw_url=f"/hooks/phone/T?e=ring&ext=101&r=#{URI}")
    assert PHONE.events(one, {})[0].caller == ""
    one = Delivery("GET", b"", T0, query="e=ring", raw_url="/hooks/phone/T?e=ring&ext=1#01&r=0671112233")
    assert PHONE.events(one, {})[0].caller == "0671112233"


def test_a_name_cannot_say_what_the_phone_did_not() -> None:
    event = only(f"e=ring&mac=805ec0aabbcc&ext=101&id=1&dr=Tom & Jerry&e=end&ext=102&mac=x&r={URI}")
    assert (event.kind, event.line, event.name) == (RING, "101", "Tom")


def test_an_address_out_of_xml_is_read() -> None:
    event = only(f"e=ring&amp;mac=805ec0aabbcc&amp;ext=101&amp;id=7&amp;r={URI}")
    assert (event.line, event.alias, event.caller) == ("101", "805ec0aabbcc:7", URI)


@pytest.mark.parametrize(
    "told",
    ["", "anonymous", "sip:anonymous@anonymous.invalid", "Private", "sip:192.168.1.44", "192.168.1.44:5060"],
)
def test_a_hidden_number_is_withheld(told: str) -> None:
    event = only(e="ring", r=told, dr="0509998877")
    assert (event.caller, event.key) == ("", "from:")


@pytest.mark.parametrize("told", [None, "$remote", "$$REMOTENUMBER$$"])
def test_what_the_display_shows_counts_when_the_address_is_not_told(told: str | None) -> None:
    assert only(e="ring", r=told, dr="067 111-22-33").key == "from:671112233"
    assert only(e="ring", r=told, dr="Olena").caller == ""
    assert only(e="missed", r=told).caller is None


@pytest.mark.parametrize("mac", ["80:5E:C0:AA:BB:CC", "80-5e-c0-aa-bb-cc", "805ec0aabbcc"])
def test_a_mac_is_the_same_however_it_is_spelled(mac: str) -> None:
    assert only(mac=mac).alias == "805ec0aabbcc:33093"


@pytest.mark.parametrize("ext", ["", "$active_user", None])
def test_a_phone_without_an_extension_is_known_by_its_mac(ext: str | None) -> None:
    assert {only(e=word, ext=ext).line for word in ("ring", "answer", "missed")} == {"805ec0aabbcc"}


@pytest.mark.parametrize(
    ("word", "kind", "outcome"),
    [("missed", MISS, "missed"), ("gone", MISS, "unknown"), ("reject", MISS, "declined"), ("end", END, "unknown"),
     ("MISSED", MISS, "missed")],
)  # fmt: skip
def test_an_event_says_what_became_of_the_phones_ringing(word: str, kind: str, outcome: str) -> None:
    assert (only(e=word).kind, only(e=word).outcome) == (kind, outcome)


def test_a_short_number_is_a_colleague() -> None:
    assert only(r="sip:102@pbx.example.com").direction == INTERNAL
    called = only(e="out", r="sip:102@pbx.example.com")
    assert (called.direction, called.caller, called.line) == (INTERNAL, "101", "102")
    assert called.key == only(ext="102", r="101").key


def test_an_outgoing_call_is_for_the_number_that_was_dialled() -> None:
    event = only(e="out")
    assert (event.direction, event.caller, event.line) == (OUT, URI, "101")


@pytest.mark.parametrize("word", sorted(UNUSED))
def test_what_phones_tell_besides_is_known_and_not_used(word: str) -> None:
    with pytest.raises(Foreign) as why:
        only(e=word)
    assert not why.value.word


@pytest.mark.parametrize("word", ["ringing", "<script>", "x" * 900])
def test_an_unknown_event_is_told_once(word: str) -> None:
    with pytest.raises(Foreign) as why:
        only(e=word)
    assert why.value.word == word[:40]


@pytest.mark.parametrize(
    ("query", "says"),
    [("x=1", "no e"), ("e=&r=0671112233", "no e"), ("e=answer&mac=805ec0aabbcc&ext=101", "neither r nor id"),
     ("e=missed&id=$call_id&r=$remote", "neither r nor id"), ("e=ring&" + "a&" * 300, "fields")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(query: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        only(query)
    assert len(str(why.value)) < 160
    assert str(why.value).endswith(".")


NASTY = ["\0", "x" * 10_000, "<script>", "\u202e\u2066", "@3", "'; DROP TABLE call; --", "{", "🍕" * 5000, "٠٦٧",
         "%", "%ff%fe", "%00", "&&&===", ";;;", "<<<>>>", "sip:", "$", "$$", "a" * 70 + "%"]  # fmt: skip


@pytest.mark.parametrize("word", EVENTS)
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: str) -> None:
    for name in ("e", "mac", "ext", "id", "dr", "r"):
        fields = {"e": word, "mac": "805ec0aabbcc", "ext": "101", "id": "1", "r": URI} | {name: value}
        one = get("&".join(f"{key}={its}" for key, its in fields.items()))
        try:
            (event,) = PHONE.events(one, {})
            doubt = PHONE.doubts(one, {})
        except (Unreadable, Foreign):
            continue
        assert doubt is None or len(doubt[1]) <= 40
        json.dumps(replay.shape(event)).encode()
        for text in (event.key, event.alias, event.line, event.name, event.caller or ""):
            text.encode()
            assert text.isprintable()
        assert len(event.key) <= 64
        assert len(event.alias) <= 64
        assert not event.line.startswith("@")


# Doubts


@pytest.mark.parametrize(
    ("fields", "variable"),
    [({"r": "$remote"}, "$remote"), ({"id": "$call-id"}, "$call-id"), ({"ext": "$active_user"}, "$active_user"),
     ({"mac": "$mac"}, "$mac"), ({"r": "$remote&x=1"}, "$remote"), ({"r": "$$REMOTENUMBER$$"}, "$$REMOTENUMBER")],
)  # fmt: skip
def test_a_variable_that_the_phone_did_not_fill_in_is_told_to_the_owner(
    fields: dict[str, Any], variable: str
) -> None:
    assert PHONE.doubts(get(**fields), {}) == ("unfilled", variable)


def test_a_phone_that_fills_everything_in_is_not_doubted() -> None:
    assert PHONE.doubts(get(), {}) is None
    assert PHONE.doubts(get(id=None, mac=None), {}) is None


# Lines to paste


def pasted(model: str, **settings: str) -> dict[str, str]:
    return {one.title: one.text for one in PHONE.pastes({"model": model, **settings}, HOOK)}


def filled(address: str) -> str:
    """What the phone makes of it."""
    known = {"$mac": "805ec0aabbcc", "$active_user": "101", "$call_id": "33093", "$call-id": "3c26@192.168.1.40",
             "$remote": URI}  # fmt: skip
    return re.sub(r"\$[a-z_-]+", lambda match: known[match[0]], address)


@pytest.mark.parametrize("model", ["yealink", "grandstream", "snom", "fanvil", "other"])
def test_every_pasted_line_is_understood(model: str) -> None:
    lines = [text for text in pasted(model).values() if "\n" not in text]
    words = [only(filled(line).partition("?")[2], at=T0 + place).kind for place, line in enumerate(lines)]
    assert {"ring", "answer", "end", "miss"} <= set(words)
    for line in lines:
        assert re.search(r"r=\$remote$", line)
        assert len(line) <= 511
        assert "display" not in line


def test_yealink_gets_its_settings_file_too() -> None:
    text = pasted("yealink")["Auto provisioning (.cfg)"]
    wanted = f"{HOOK}?e=ring&mac=$mac&ext=$active_user&id=$call_id&r=$remote"
    assert f"action_url.incoming_call = {wanted}\n" in text
    assert pasted("yealink")["Incoming Call"] == wanted
    assert "action_uri" not in text
    dialling = pasted("yealink", phones="101=192.168.1.21")["Auto provisioning (.cfg)"]
    assert dialling.endswith("features.action_uri_limit_ip = 192.168.1.10")


def test_grandstream_puts_http_before_the_address_itself() -> None:
    lines = pasted("grandstream")
    assert lines["Incoming Call"].startswith("192.168.1.10:8080/hooks/phone/T0ken?e=ring&mac=$mac")
    assert "$call" not in str(lines)
    xml = lines["XML: P-values"]
    assert "<P8310>192.168.1.10:8080/hooks/phone/T0ken?e=ring&amp;mac=$mac&amp;ext=$active_user" in xml
    (far,) = [one.text for one in PHONE.pastes({"model": "grandstream"}, "https://x.example.com/h/t")
              if one.title == "Incoming Call"]  # fmt: skip
    assert far.startswith("https://x.example.com/")


def test_snom_spells_the_id_its_own_way() -> None:
    lines = pasted("snom")
    assert "id=$call-id&r=$remote" in lines["Incoming call"]
    assert '<action_incoming_url perm="RW">http://192' in lines["XML"]


def test_microsip_gets_its_script_and_its_settings() -> None:
    lines = pasted("microsip")
    script = (DOCS / "microsip" / "dzvinok.vbs").read_text("ascii")
    for line in lines["dzvinok.vbs"].splitlines():
        assert re.search(f"^{re.escape(line.partition(' = ')[0])} = ", script, re.MULTILINE)
    for key, word in MICROSIP:
        assert f'{key}="C:\\Dzvinok\\{word}.vbs"' in lines["microsip.ini, [Settings]"]
        assert f"`{key}`" in PAGE
    told = script[script.index("Select Case") : script.index("Tell word")]
    assert (
        set(re.findall(r'"(\w+)"', told)) == {"ring", "out", "answer", "end", "missed", "gone"} <= set(EVENTS)
    )


@pytest.mark.parametrize("settings", [{}, {"model": ""}, {"model": "a make of next year"}])
def test_some_lines_are_there_for_every_phone(settings: dict[str, str]) -> None:
    assert PHONE.pastes(settings, HOOK)


# Dialling

DESK = {"phones": "101=192.168.1.21, 102=192.168.1.22", "user": "admin", "password": "s3cret & co"}
BASIC = {"Authorization": "Basic YWRtaW46czNjcmV0ICYgY28="}


@pytest.mark.parametrize(
    ("model", "url", "query", "headers"),
    [
        ("yealink", "http://192.168.1.22/servlet", "key=number=380671112233", BASIC),
        ("snom", "http://192.168.1.22/command.htm", "number=380671112233", BASIC),
        (
            "grandstream",
            "http://192.168.1.22/cgi-bin/api-make_call",
            "phonenumber=380671112233&account=0&username=admin&password=s3cret+%26+co",
            {},
        ),
    ],
)
def test_a_phone_is_asked_to_dial(model: str, url: str, query: str, headers: dict[str, str]) -> None:
    talk = PHONE.originate({"model": model, **DESK}, "102", "+380671112233", "7")
    (ask,), key = replay.asked(talk, Answer(200, b'{"response":"success","body":true}'))
    assert (ask.method, ask.url, ask.query, dict(ask.headers), key) == ("GET", url, query, headers, "")


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(401), "login"),
        (Answer(403), "rights"),
        (Answer(404), "odd"),
        (Answer(200, b'{"response":"error","body":"authentication failed"}'), "login"),
        (Answer(200, b'{"response": "error", "body": "no such account, s3cret & co"}'), "refused"),
    ],
)
def test_a_phone_that_does_not_dial_says_why(answer: Answer, word: str) -> None:
    for model in ("yealink", "grandstream", "snom"):
        with pytest.raises(Failed) as why:
            replay.asked(PHONE.originate({"model": model, **DESK}, "101", "+380671112233", "7"), answer)
        assert why.value.word == word
        assert "s3cret" not in str(why.value)


@pytest.mark.parametrize(
    ("settings", "line", "word"),
    [(DESK, "103", "unset"), ({}, "101", "unset"), (DESK | {"model": "fanvil"}, "101", "refused")],
)
def test_a_phone_that_nobody_knows_is_not_asked(settings: dict[str, str], line: str, word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(PHONE.originate(settings, line, "+380671112233", "7"))
    assert why.value.word == word


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("101=192.168.1.21", "101=192.168.1.21"), (" 101 = 10.0.0.5;102=172.16.3.4\n",
                                                          "101=10.0.0.5, 102=172.16.3.4")],
)  # fmt: skip
def test_phones_are_listed_with_their_addresses(typed: str, kept: str) -> None:
    assert at_home(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["101", "101=phone.lan", "101=8.8.8.8", "101=127.0.0.1", "101=169.254.169.254", "101=192.168.1.21:8080",
     "101=192.168.1.21/x", "=192.168.1.21", "101=::1", "101=0.0.0.0", "x" * 40 + "=10.0.0.1",
     ",".join(f"{line}=10.0.0.1" for line in range(60))],
)  # fmt: skip
def test_no_request_ever_leaves_the_house(typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        at_home(typed)


def test_every_make_has_a_name() -> None:
    field = PHONE.fields[0]
    assert tuple(field.choice_words) == field.choices == MODELS
    assert {len(words) for words in field.choice_words.values()} == {4}


# The page


def test_the_page_names_every_word() -> None:
    for word in (*EVENTS, *UNUSED, "mac", "ext", "id", "dr", "r"):
        assert f"`{word}`" in PAGE or f"`e={word}`" in PAGE, word
    for model in MODELS:
        assert model in PAGE.casefold()
