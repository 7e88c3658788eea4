"""Zadarma's notifications and its REST interface; Novofon is the same behind another name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from server.calls import END, IN, INTERNAL, MISS, OUT, RING, CallEvent
from server.providers.abilities import Ask, Extension, Failed
from server.providers.base import CLOUD, Delivery, Foreign, Refused, Unreadable
from server.providers.novofon import Novofon
from server.providers.zadarma import EVENTS, LONGEST_ECHO, LONGEST_NAME, SIGNED, Zadarma
from server.providers.zadarma_rest import DISPOSITIONS, NOTIFICATIONS, authorization, encoded, signature
from tests import recorded, replay
from tests.replay import T0, Json, answer

ZADARMA = Zadarma()
BRANDS = {"zadarma": ZADARMA, "novofon": Novofon()}
SETTINGS = {"key": "demo-key", "secret": "demo-secret"}
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "zadarma.md").read_text("utf-8")
KEY = "in_0123456789abcdef0123456789abcdef01234567"
OUT_KEY = "out_89abcdef0123456789abcdef0123456789abcdef"
START = {
    "event": "NOTIFY_START", "call_start": "2026-11-23 12:30:01", "pbx_call_id": KEY,
    "caller_id": "+380671112233", "called_did": "380441234567",
}  # fmt: skip
RECORDINGS = [(brand, name) for brand in BRANDS for name in replay.names(brand)]
ONE_CALL = [(brand, name) for brand in BRANDS for name in replay.calls(brand)]

# Nothing but their order tells which of two answers was the first; a group of two of which one is never heard of
# is a single phone.
DISORDERED = {"transferred": {"line", "answered_by"}}
LOST = {"transferred": {"line", "answered_by"}, "group_rang_in_vain": {"line"}}


def post(**fields: Any) -> Delivery:
    return sent(START | fields)


def sent(fields: Json, signed: str = "") -> Delivery:
    return Delivery(
        "POST",
        urlencode(fields).encode(),
        T0,
        {"content-type": "application/x-www-form-urlencoded", "signature": signed},
    )


def proved(fields: Json) -> Delivery:
    return sent(fields, signature("demo-secret", "".join(fields[name] for name in SIGNED[fields["event"]])))


def only(delivery: Delivery) -> CallEvent:
    (event,) = ZADARMA.events(delivery, SETTINGS)
    return event


# Recordings


@pytest.mark.parametrize(("brand", "name"), RECORDINGS)
def test_a_recording_says_what_happened(brand: str, name: str) -> None:
    recorded.says_what_happened(BRANDS[brand], name)


@pytest.mark.parametrize(("brand", "name"), ONE_CALL)
def test_a_recording_ends_in_the_call_that_it_was(brand: str, name: str) -> None:
    recorded.ends_in_the_call_that_it_was(BRANDS[brand], name)


@pytest.mark.parametrize(("brand", "name"), ONE_CALL)
def test_the_order_does_not_matter(brand: str, name: str) -> None:
    recorded.does_not_depend_on_the_order(BRANDS[brand], name, DISORDERED.get(name, ()))


@pytest.mark.parametrize(("brand", "name"), ONE_CALL)
def test_a_loss_invents_nothing(brand: str, name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(BRANDS[brand], name, LOST.get(name, ()))


@pytest.mark.parametrize(("brand", "name"), ONE_CALL)
def test_a_forged_recording_is_refused(brand: str, name: str) -> None:
    for one in replay.load(brand, name)["steps"]:
        with pytest.raises(Refused, match="signature"):
            BRANDS[brand].verify(replay.delivery(one), {"key": "k", "secret": "another"})


# Signatures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+3806711122333804412345672026-11-23 12:30:01", "NjJhZDM2MjhlYjBjNTVjOTJhMzFlOTgwMTBhZmE2NDc3ODEyNGFmNA=="),
        ("+3806711122331002026-11-23 12:30:01", "ODdlMzY1OTgzYTQ4ZGZiMDc3ZDVmZDY5ZTE5YzM2Nzg0YzM2OTk2Yw=="),
        ("1003806711122332026-11-23 12:40:00", "ZGJlOWE5ZmE1OTJhMjE2ZDI2MzdlMDAxMDRmMDQxM2FjMWQ3NmY2Yg=="),
        (KEY + "1700000000.1234567", "N2I4ZmUwOThjMzc1NmU5NDU1ZTNjYzEwZjcwYzlkOGRhMDc0YTVmNg=="),
    ],
)  # fmt: skip
def test_the_signature_is_the_companys(text: str, expected: str) -> None:
    assert signature("demo-secret", text) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (START, "NjJhZDM2MjhlYjBjNTVjOTJhMzFlOTgwMTBhZmE2NDc3ODEyNGFmNA=="),
        (START | {"event": "NOTIFY_ANSWER", "destination": "100"},
         "ODdlMzY1OTgzYTQ4ZGZiMDc3ZDVmZDY5ZTE5YzM2Nzg0YzM2OTk2Yw=="),
        (
            {"event": "NOTIFY_OUT_START", "call_start": "2026-11-23 12:40:00", "pbx_call_id": OUT_KEY,
             "internal": "100", "destination": "380671112233"},
            "ZGJlOWE5ZmE1OTJhMjE2ZDI2MzdlMDAxMDRmMDQxM2FjMWQ3NmY2Yg==",
        ),
        (
            {"event": "NOTIFY_RECORD", "pbx_call_id": KEY, "call_id_with_rec": "1700000000.1234567"},
            "N2I4ZmUwOThjMzc1NmU5NDU1ZTNjYzEwZjcwYzlkOGRhMDc0YTVmNg==",
        ),
    ],
)  # fmt: skip
def test_each_event_is_signed_over_its_own_fields(fields: Json, expected: str) -> None:
    ZADARMA.verify(sent(fields, expected), SETTINGS)
    with pytest.raises(Refused, match=r"^signature$"):
        ZADARMA.verify(
            sent(fields | {"pbx_call_id": KEY, SIGNED[fields["event"]][1]: "1"}, expected), SETTINGS
        )


@pytest.mark.parametrize("word", sorted(SIGNED))
def test_every_event_must_be_signed(word: str) -> None:
    with pytest.raises(Refused, match=r"^unsigned$"):
        ZADARMA.verify(post(event=word), SETTINGS)
    with pytest.raises(Refused, match=r"^unsigned$"):
        ZADARMA.verify(proved(dict.fromkeys(SIGNED[word], "1") | {"event": word}), {})


@pytest.mark.parametrize(
    "signed", ["x", "é", "\ud800", "NjJhZDM2MjhlYjBj", "62ad3628eb0c55c92a31e98010afa64778124af4"]
)
def test_a_wrong_signature_is_refused(signed: str) -> None:
    with pytest.raises(Refused, match=r"^signature$"):
        ZADARMA.verify(sent(START, signed), SETTINGS)


def test_a_number_signed_without_its_plus_is_taken_and_said() -> None:
    bare = signature("demo-secret", "380671112233" + "380441234567" + START["call_start"])
    ZADARMA.verify(sent(START, bare), SETTINGS)
    assert ZADARMA.doubts(sent(START, bare), SETTINGS) == (
        "signature", "accepted, made without the plus of the number",
    )  # fmt: skip
    assert ZADARMA.doubts(proved(START), SETTINGS) is None


def test_a_plus_that_nobody_escaped_is_a_plus() -> None:
    raw = urlencode(START).replace("%2B", "+").encode()
    told = {"signature": proved(START).headers["signature"]}
    ZADARMA.verify(Delivery("POST", raw, T0, told), SETTINGS)
    assert only(Delivery("POST", raw, T0, told)).caller == "380671112233"


def test_an_event_that_nobody_knows_needs_no_proof_and_does_nothing() -> None:
    ZADARMA.verify(post(event="NOTIFY_HOLD"), SETTINGS)
    with pytest.raises(Foreign) as why:
        ZADARMA.events(post(event="NOTIFY_HOLD"), SETTINGS)
    assert why.value.word == "NOTIFY_HOLD"
    assert ZADARMA.doubts(post(event="NOTIFY_HOLD"), SETTINGS) is None


# The address is looked at


@pytest.mark.parametrize("echo", ["1", "5f0c1e", "a b", "x" * LONGEST_ECHO])
def test_the_address_says_back_what_it_is_asked(echo: str) -> None:
    look = Delivery("GET", b"", T0, query=urlencode({"zd_echo": echo}))
    ZADARMA.verify(look, SETTINGS)
    with pytest.raises(Foreign):
        ZADARMA.events(look, SETTINGS)
    said = ZADARMA.reply(look, SETTINGS, replay.known)
    assert (said.text, said.content_type) == (echo, "text/plain; charset=utf-8")  # type: ignore[union-attr]
    assert ZADARMA.doubts(look, SETTINGS) is None


@pytest.mark.parametrize(
    "query", ["", "zd_echo=", "zd_echo=" + "x" * 9000, "event=NOTIFY_START&pbx_call_id=1", "zd_echo[a]=1"]
)
def test_a_look_says_nothing_of_calls(query: str) -> None:
    look = Delivery("GET", b"event=NOTIFY_START", T0, query=query)
    with pytest.raises(Foreign):
        ZADARMA.events(look, SETTINGS)
    assert len(ZADARMA.reply(look, SETTINGS, replay.known).text) <= LONGEST_ECHO  # type: ignore[union-attr]


# What the caller's phone is told


def test_a_guest_has_a_name_on_the_phone() -> None:
    assert ZADARMA.reply(post(), SETTINGS, replay.known) == {"caller_name": "Kovalenko Olena, VIP, 8 orders"}


@pytest.mark.parametrize(
    "fields",
    [{"caller_id": "0509998877"}, {"caller_id": ""}, {"event": "NOTIFY_IVR"}, {"event": "NOTIFY_END"}],
)
def test_everybody_else_gets_an_empty_answer(fields: Json) -> None:
    assert ZADARMA.reply(post(**fields), SETTINGS, replay.known).text == ""  # type: ignore[union-attr]


def test_a_long_name_is_cut_for_the_phone() -> None:
    said = ZADARMA.reply(post(), SETTINGS, lambda number: {"name": "О" * 500, "description": "\n"})
    assert said == {"caller_name": "О" * LONGEST_NAME}


# What happened


@pytest.mark.parametrize("word", [*DISPOSITIONS, "No Answer", "eaten"])
def test_every_disposition_is_an_outcome(word: str) -> None:
    outcome = DISPOSITIONS.get(word.casefold(), "unknown")
    assert only(post(event="NOTIFY_END", disposition=word)).outcome == outcome
    assert only(post(event="NOTIFY_OUT_END", internal="100", disposition=word)).outcome == outcome


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"internal": "100", "disposition": "no answer"}, MISS),
        ({"internal": "100", "disposition": "cancel"}, MISS),
        ({"internal": "100", "disposition": "answered"}, END),
        ({"disposition": "no answer"}, END),
        ({"internal": "100"}, MISS),
    ],
)
def test_an_end_of_a_phone_that_rang_in_vain_is_not_the_calls(fields: Json, kind: str) -> None:
    assert only(post(event="NOTIFY_END", **fields)).kind == kind


def test_the_end_of_one_phone_ends_nothing_while_another_rings_or_talks() -> None:
    told = replay.told(ZADARMA, replay.load("zadarma", "group_one_answers"))
    states = [call.state for heard in range(1, 9) if (call := replay.final(told[:heard]))]
    assert states == ["ringing"] * 4 + ["answered"] * 3 + ["ended"]


def test_a_recording_is_learned_in_every_state_and_moves_nothing() -> None:
    told = replay.told(ZADARMA, replay.load("zadarma", "answered_by_100"))
    sound, live = told[-1], told[:-1]
    for heard in range(1, len(live) + 1):
        before, after = replay.final(live[:heard]), replay.final([*live[:heard], sound])
        assert before
        assert after
        assert (after.state, after.legs, after.line) == (before.state, before.legs, before.line)
        assert after.recording == "1700000000.1234567"


def test_a_recording_that_was_not_made_is_not_promised() -> None:
    assert only(post(event="NOTIFY_END", is_recorded="0", call_id_with_rec="17.1")).recording == ""
    assert only(post(event="NOTIFY_END", is_recorded="1", call_id_with_rec="17.1")).recording == "17.1"


@pytest.mark.parametrize(
    ("key", "direction", "caller"),
    [(KEY, IN, "380671112233"), (OUT_KEY, OUT, "380501234567"), ("17", "", None)],
)
def test_the_id_says_which_way_an_answered_call_goes(key: str, direction: str, caller: str | None) -> None:
    event = only(
        post(event="NOTIFY_ANSWER", pbx_call_id=key, caller_id="380671112233", destination="380501234567")
    )
    assert (event.direction, event.caller) == (direction, caller)


def test_a_destination_is_a_line_only_when_it_is_an_extension() -> None:
    assert only(post(event="NOTIFY_ANSWER", destination="100")).line == "100"
    assert only(post(event="NOTIFY_ANSWER", destination="380501234567")).line == ""
    assert only(post(event="NOTIFY_ANSWER", destination="1")).line == ""


def test_an_extension_is_no_guest() -> None:
    assert only(post(caller_id="101")).direction == INTERNAL
    assert only(post(event="NOTIFY_OUT_START", internal="100", destination="102")).direction == INTERNAL


@pytest.mark.parametrize("number", ["", "anonymous", "Anonymous", "unknown"])
def test_a_hidden_number_is_withheld(number: str) -> None:
    assert only(post(caller_id=number)).caller == ""


def test_a_missing_number_is_withheld_on_a_ring_and_untold_later() -> None:
    fields = {name: value for name, value in START.items() if name != "caller_id"}
    assert only(sent(fields)).caller == ""
    assert only(sent(fields | {"event": "NOTIFY_END"})).caller is None


def test_the_local_time_of_the_account_is_not_used() -> None:
    event = only(post(call_start="2020-01-01 00:00:00"))
    assert (event.at, event.started) == (T0, None)


def test_multipart_is_read_too() -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in START.items()
    )
    told = {
        "content-type": "multipart/form-data; boundary=b",
        "signature": proved(START).headers["signature"],
    }
    delivery = Delivery("POST", (parts + "--b--\r\n").encode(), T0, told)
    ZADARMA.verify(delivery, SETTINGS)
    assert (only(delivery).kind, only(delivery).key) == (RING, KEY)


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (Delivery("POST", b"", T0), "empty"),
        (Delivery("POST", b"{", T0), "broken"),
        (post(event=""), "event"),
        (post(pbx_call_id=""), "pbx_call_id"),
        (Delivery("POST", b"a&" * 3000, T0), "fields"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        ZADARMA.events(delivery, SETTINGS)
    assert len(str(why.value)) < 160


NASTY: list[Any] = [
    None, True, 0, -1, 1e308, float("nan"), 10**40, "", "\0", "x" * 10_000, "<script>alert(1)</script>", "\u202e\u2066",
    "\ud800", "@3", "'; DROP TABLE call; --", [], [[]], {}, {"0": {"0": {}}}, "{", '{"a":1}', "🍕" * 5000, "٠٦٧", "$x",
]  # fmt: skip


@pytest.mark.parametrize("word", sorted(EVENTS))
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: Any) -> None:
    whole = START | {"event": word, "internal": "100", "destination": "100", "disposition": "busy",
                     "is_recorded": "1", "call_id_with_rec": "17.1"}  # fmt: skip
    for name in whole:
        body = json.dumps(whole | {name: value}).encode()
        delivery = Delivery("POST", body, T0, {"content-type": "application/json", "signature": "x"})
        try:
            ZADARMA.verify(delivery, SETTINGS)
        except (Refused, Unreadable):
            pass
        else:
            assert name == "event"
        try:
            event = only(delivery)
            ZADARMA.reply(delivery, SETTINGS, replay.known)
        except (Unreadable, Foreign):
            continue
        json.dumps(replay.shape(event)).encode()
        for text in (event.key, event.did, event.line, event.name, event.caller or "", event.recording):
            text.encode()
            assert text.isprintable()
            assert len(text) <= 256
        assert not event.line.startswith("@")


# What is asked of the company


def asked_for(ask: Ask) -> Json:
    return {name: value for name, (value,) in parse_qs(ask.query or ask.body.decode()).items()}


def proof(ask: Ask, host: str = "api.zadarma.com") -> str:
    path = ask.url.removeprefix(f"https://{host}")
    return authorization("demo-key", "demo-secret", path, ask.query or ask.body.decode())


def test_the_authorization_is_the_companys() -> None:
    query = "format=json&from=100&to=380671112233"
    said = authorization("demo-key", "demo-secret", "/v1/request/callback/", query)
    assert said == "demo-key:YTg0MGViMTU4NjgxZDZiMzBlY2Y4MzI1NWIzZWRhNGExMTJiMjIyOA=="


def test_a_query_is_written_as_php_writes_it() -> None:
    assert encoded({"b": "a b+c~d", "a": "х"}) == "a=%D1%85&b=a+b%2Bc%7Ed"


@pytest.mark.parametrize("brand", sorted(BRANDS))
def test_a_call_is_placed(brand: str) -> None:
    host = f"api.{brand}.com"
    asks, key = replay.asked(
        BRANDS[brand].originate(SETTINGS, "100", "+380671112233", "7"),
        answer({"status": "success", "from": 100, "to": 380671112233, "time": 1435573082}),
    )
    (ask,) = asks
    assert (ask.method, ask.url, ask.query) == (
        "GET", f"https://{host}/v1/request/callback/", "format=json&from=100&to=380671112233",
    )  # fmt: skip
    assert ask.headers["Authorization"] == "demo-key:YTg0MGViMTU4NjgxZDZiMzBlY2Y4MzI1NWIzZWRhNGExMTJiMjIyOA=="
    assert key == ""


def test_all_six_events_are_switched_on_at_our_address() -> None:
    hook = "https://phone.example.com/hooks/zadarma/3f~a"
    asks, done = replay.asked(
        ZADARMA.prepare(SETTINGS, hook),
        answer({"status": "success", "url": hook}),
        answer({"status": "success"}),
    )
    assert done is None
    assert [(ask.method, ask.url.partition(".com")[2]) for ask in asks] == [
        ("POST", "/v1/pbx/callinfo/url/"), ("POST", "/v1/pbx/callinfo/notifications/"),
    ]  # fmt: skip
    assert asked_for(asks[0]) == {"format": "json", "url": hook}
    assert asked_for(asks[1]) == {"format": "json"} | {f"notify_{name}": "true" for name in NOTIFICATIONS}
    assert len(NOTIFICATIONS) == 6
    for ask in asks:
        assert ask.headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert ask.headers["Authorization"] == proof(ask)


def test_extensions_are_listed() -> None:
    asks, lines = replay.asked(
        ZADARMA.extensions(SETTINGS),
        answer(
            {
                "status": "success",
                "pbx_id": 1234,
                "numbers": [100, "101", None, {"sip": "x", "password": "p"}],
            }
        ),
    )
    assert asks[0].url == "https://api.zadarma.com/v1/pbx/internal/"
    assert lines == [Extension("100"), Extension("101")]


@pytest.mark.parametrize(
    ("said", "reference", "wish"),
    [
        (
            {"link": "https://api.zadarma.com/v1/pbx/record/download/x/y.mp3"},
            "1700000000.1234567",
            {"call_id": "1700000000.1234567"},
        ),
        ({"links": ["https://api.zadarma.com/v1/pbx/record/download/x/y.mp3"]}, "", {"pbx_call_id": KEY}),
    ],
)
def test_a_recording_is_asked_for(said: Json, reference: str, wish: Json) -> None:
    asks, sound = replay.asked(
        ZADARMA.recording(SETTINGS, KEY, reference), answer({"status": "success"} | said)
    )
    assert asks[0].url == "https://api.zadarma.com/v1/pbx/record/request/"
    assert asked_for(asks[0]) == {"format": "json"} | wish
    assert sound == Ask("GET", "https://api.zadarma.com/v1/pbx/record/download/x/y.mp3")
    assert ZADARMA.recording_hosts == {"api.zadarma.com"}
    assert Novofon().recording_hosts == {"api.novofon.com"}


@pytest.mark.parametrize(
    "said", [{}, {"links": []}, {"link": "ftp://x"}, {"link": 7}, {"links": [None]}, {"links": "https://x"}]
)
def test_a_recording_without_a_link_is_odd(said: Json) -> None:
    with pytest.raises(Failed, match="odd"):
        replay.asked(ZADARMA.recording(SETTINGS, KEY, "1"), answer({"status": "success"} | said))


@pytest.mark.parametrize(
    ("status", "body", "word"),
    [
        (401, b'{"status":"error","message":"Not authorized"}', "login"),
        (429, b"{}", "busy"),
        (400, b'{"status":"error","message":"Wrong parameters!"}', "refused"),
        (200, b'{"status":"error","message":"Wrong parameters!"}', "refused"),
        (502, b"<html>", "odd"),
        (200, b"[]", "odd"),
        (200, b'{"status":"success"}', "odd"),
    ],
)
def test_a_refusal_has_its_word(status: int, body: bytes, word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(ZADARMA.extensions(SETTINGS), replay.Answer(status, body))
    assert why.value.word == word
    assert "demo-secret" not in str(why.value)


# The history

ZONE = {"status": "success", "unixtime": int(T0), "datetime": "2026-11-23 14:20:01", "timezone": "UTC+2"}
ROW = {
    "call_id": 1439981389.2702773, "sip": "380441234567", "callstart": "2026-11-23 14:00:00", "clid": "380671112233",
    "destination": 100, "disposition": "answered", "seconds": 41, "is_recorded": "true", "pbx_call_id": KEY,
}  # fmt: skip


def history(*rows: Json, since: float = T0 - 3600, zone: Json = ZONE) -> tuple[list[Ask], list[CallEvent]]:
    return replay.asked(
        ZADARMA.history(SETTINGS, since, T0), answer(zone), answer({"status": "success", "stats": list(rows)})
    )


def test_the_history_is_asked_for_in_the_accounts_own_time() -> None:
    asks, _ = history()
    assert [ask.url.partition(".com")[2] for ask in asks] == ["/v1/info/timezone/", "/v1/statistics/pbx/"]
    wish = asked_for(asks[1])
    assert (wish["start"], wish["end"]) == ("2026-11-23 13:20:00", "2026-11-23 14:20:00")
    assert (wish["version"], wish["skip"], wish["limit"]) == ("2", "0", "1000")
    assert all(ask.headers["Authorization"] == proof(ask) for ask in asks)


def test_a_call_of_the_history_is_the_one_that_was_heard_live() -> None:
    (event,) = history(ROW)[1]
    assert replay.shape(event) == {
        "key": KEY, "kind": "end", "at": T0 - 1159, "direction": "in", "caller": "380671112233", "line": "100",
        "outcome": "answered", "started": T0 - 1200, "recording": "1439981389.2702773", "late": True,
    }  # fmt: skip


def test_the_legs_of_one_call_are_one_call() -> None:
    in_vain = ROW | {
        "destination": 101,
        "disposition": "no answer",
        "seconds": 0,
        "callstart": "2026-11-23 13:59:50",
    }
    (event,) = history(ROW, in_vain)[1]
    assert (event.outcome, event.line, event.started) == ("answered", "100", T0 - 1210)
    (event,) = history(in_vain | {"destination": 100}, in_vain)[1]
    assert (event.outcome, event.line) == ("missed", "")


def test_an_outgoing_call_of_the_history_is_for_whom_was_dialled() -> None:
    row = ROW | {"pbx_call_id": OUT_KEY, "sip": 100, "clid": "380441234567", "destination": 380671112233}
    (event,) = history(row)[1]
    assert (event.direction, event.caller, event.line) == (OUT, "380671112233", "100")


def test_a_scenario_is_no_line() -> None:
    assert history(ROW | {"destination": 5})[1][0].line == ""


def test_a_long_history_is_read_in_pages_and_at_most_a_month() -> None:
    rows = [ROW | {"pbx_call_id": f"in_{number}"} for number in range(1000)]
    asks, calls = replay.asked(
        ZADARMA.history(SETTINGS, 0, T0), answer(ZONE), answer({"status": "success", "stats": rows}),
        answer({"status": "success", "stats": [ROW]}),
    )  # fmt: skip
    assert len(calls) == 1001
    assert [asked_for(ask)["skip"] for ask in asks[1:]] == ["0", "1000"]
    assert asked_for(asks[1])["start"] == "2026-10-24 14:20:00"


@pytest.mark.parametrize(
    "zone", [{}, {"unixtime": "x", "datetime": "2026-11-23 14:20:00"}, {"unixtime": 1, "datetime": "now"}]
)
def test_without_the_accounts_time_there_is_no_history(zone: Json) -> None:
    with pytest.raises(Failed, match="odd"):
        replay.asked(ZADARMA.history(SETTINGS, T0, T0), answer({"status": "success"} | zone))


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_history_does_no_harm(value: Any) -> None:
    for name in ROW:
        for event in history(ROW | {name: value})[1]:
            json.dumps(replay.shape(event)).encode()
            assert event.at <= T0


# The brands and the page


def test_both_are_companies_that_call_us_and_need_both_secrets() -> None:
    for brand, adapter in BRANDS.items():
        assert (adapter.name, adapter.reach, adapter.tried) == (brand, {CLOUD}, False)
        assert {field.name for field in adapter.fields if field.secret and field.required} == {
            "key",
            "secret",
        }


def test_the_page_names_every_word() -> None:
    for word in (*EVENTS, *DISPOSITIONS):
        assert f"`{word}`" in PAGE, word
    assert "Not yet tried on a live account" in PAGE
