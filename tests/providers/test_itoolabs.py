"""ITooLabs: one form for everything, two secrets, users that ring one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, MISS, OUT, OUTCOMES, RING, CallEvent
from server.providers.abilities import Answer, Extension, Failed
from server.providers.base import Delivery, Foreign, Refused, Unreadable
from server.providers.itoolabs import EVENTS, PATH, ITooLabs
from server.providers.itoolabs import OUTCOMES as WORDS
from tests import recorded, replay
from tests.replay import T0, answer

ITOOLABS = ITooLabs()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "itoolabs.md").read_text("utf-8")
TOKEN = {"crm_token": "T0ken"}
PBX = TOKEN | {"domain": "pechera.vpbx.kcell.kz", "token": "0urKey"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
CONTRACT_EVENT = (
    "cmd=event&type=INCOMING&phone=77011112233&diversion=77272000000&user=kasa1&ext=101&telnum=77070000000"
    "&direction=in&callid=43294397431&crm_token=T0ken"
)
CONTRACT_HISTORY = (
    "cmd=history&type=in&user=kasa1&ext=101&phone=77011112233&diversion=77272000000&start=20261123T073001Z&duration=41"
    "&callid=43294397431&link=https%3A%2F%2F…mp3&status=Success&crm_token=T0ken"
)
CALLS = replay.calls("itoolabs")
# Who had a call first cannot be told from a record that names the last, nor can a line that nobody told of.
DISORDERED = {"transferred": {"answered_by"}}
LOST = {"transferred": {"line", "answered_by"}, "group_rang_in_vain": {"line"}}


def form(**fields: Any) -> Delivery:
    whole = {
        "cmd": "event",
        "type": "INCOMING",
        "phone": "77011112233",
        "user": "kasa1",
        "callid": "1",
    } | fields
    return Delivery("POST", urlencode(whole | TOKEN).encode(), T0, FORM)


def as_json(**fields: Any) -> Delivery:
    return Delivery("POST", replay.answer({"cmd": "event", "callid": "1"} | TOKEN | fields).body, T0)


def only(delivery: Delivery) -> CallEvent:
    (event,) = ITOOLABS.events(delivery, TOKEN)
    return event


@pytest.mark.parametrize("name", replay.names("itoolabs"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(ITOOLABS, name)


@pytest.mark.parametrize("name", CALLS)
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(ITOOLABS, name)


@pytest.mark.parametrize("name", CALLS)
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(ITOOLABS, name, DISORDERED.get(name, ()))


@pytest.mark.parametrize("name", CALLS)
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(ITOOLABS, name, LOST.get(name, ()))


def test_the_bodies_of_the_contract_are_read() -> None:
    ring = only(Delivery("POST", CONTRACT_EVENT.encode(), T0, FORM))
    assert (ring.key, ring.kind, ring.direction, ring.line) == ("43294397431", RING, IN, "101")
    assert (ring.caller, ring.did, ring.at) == ("77011112233", "77272000000", T0)
    end = only(Delivery("POST", CONTRACT_HISTORY.encode(), T0, FORM))
    assert (end.key, end.kind, end.outcome, end.line) == ("43294397431", END, "answered", "101")
    assert end.started == 1795419001.0  # 2026-11-23 07:30:01 UTC


# The secret


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("cmd=event", {}),
        ("cmd=event&crm_token=", {}),
        ("cmd=event&crm_token=t0ken", {}),
        ("cmd=event&crm_token=T0ken1", {}),
        ("cmd=event", {"x-api-key": "wrong"}),
        ("cmd=event&crm_token=T0ken", {"x-api-key": "wrong"}),
        ("cmd=event&crm_token=wrong", {"x-api-key": "T0ken"}),
        ("cmd=event&crm_token[]=T0ken", {}),
        ("cmd=event&crm_token=%C3%A9", {}),
    ],
)
def test_a_request_without_the_right_key_is_refused(body: str, headers: dict[str, str]) -> None:
    with pytest.raises(Refused) as why:
        ITOOLABS.verify(Delivery("POST", body.encode(), T0, FORM | headers), TOKEN)
    assert "T0ken" not in str(why.value)


@pytest.mark.parametrize(
    ("body", "headers"), [("crm_token=T0ken", {}), ("cmd=event", {"x-api-key": "T0ken"})]
)
def test_the_key_stands_in_the_form_or_in_a_header(body: str, headers: dict[str, str]) -> None:
    ITOOLABS.verify(Delivery("POST", body.encode(), T0, FORM | headers), TOKEN)


def test_without_a_key_of_ours_everything_is_refused() -> None:
    with pytest.raises(Refused):
        ITOOLABS.verify(Delivery("POST", b"crm_token=", T0, FORM), {})
    assert ITOOLABS.fields[0].required
    assert ITOOLABS.fields[0].secret


# Words


@pytest.mark.parametrize("word", sorted(EVENTS))
def test_every_event_is_of_one_kind(word: str) -> None:
    assert only(form(type=word, direction="in")).kind == EVENTS[word]
    assert only(form(type=word.lower(), direction="in")).kind == EVENTS[word]


@pytest.mark.parametrize("word", [*WORDS, "Success", "MISSED", "Not Available"])
def test_every_status_is_an_outcome(word: str) -> None:
    outcome = only(form(cmd="history", type="in", status=word)).outcome
    assert outcome in OUTCOMES
    assert outcome == WORDS[word.casefold().replace(" ", "")]


@pytest.mark.parametrize("word", ["", "Something"])
def test_an_unknown_status_is_unknown(word: str) -> None:
    assert only(form(cmd="history", type="in", status=word)).outcome == "unknown"


def test_a_talk_is_over_but_an_outgoing_call_may_have_had_none() -> None:
    assert only(form(type="COMPLETED", direction="in")).outcome == "answered"
    assert only(form(type="COMPLETED", direction="out")).outcome == "unknown"
    assert only(form(type="COMPLETED")).outcome == "unknown"


def test_who_was_cancelled_has_missed_only_his_own_ring() -> None:
    rings = [only(form(user=user)) for user in ("kasa1", "kasa2")]
    cancelled, accepted = (
        only(form(type="CANCELLED", user="kasa2")),
        only(form(type="ACCEPTED", user="kasa1")),
    )
    assert (cancelled.kind, accepted.kind) == (MISS, ANSWER)
    for order in ([cancelled, accepted], [accepted, cancelled]):
        call = replay.final([*rings, *order])
        assert call is not None
        assert (call.state, call.line, call.legs["kasa1"]) == ("answered", "kasa1", "answered")


@pytest.mark.parametrize(("user", "ext", "line"), [
    ("kasa1", "101", "101"), ("kasa1", "", "kasa1"), ("kasa1@pechera.kcell.kz", "", "kasa1"),
    ("g_17f2@pechera.kcell.kz", "", ""), ("pbx", "", ""), ("PBX", "", ""), ("", "", ""),
])  # fmt: skip
def test_a_line_is_the_extension_or_else_the_login(user: str, ext: str, line: str) -> None:
    assert only(form(user=user, ext=ext)).line == line


def test_the_user_of_a_call_that_nobody_took_is_no_line() -> None:
    assert only(form(cmd="history", type="in", status="missed")).line == ""
    assert only(form(cmd="history", type="out", status="Busy")).line == "kasa1"


def test_a_short_number_that_calls_is_a_colleague_and_one_that_is_called_is_not() -> None:
    assert only(form(phone="102")).direction == INTERNAL
    assert only(form(phone="103", type="OUTGOING")).direction == OUT


def test_a_hidden_number_is_withheld() -> None:
    assert only(form(phone="")).caller == ""
    assert only(form(phone="anonymous")).caller == ""


@pytest.mark.parametrize(
    "start", ["", "20261123", "20269923T073001Z", "20261123T073001", "19990101T000000Z", "$x"]
)
def test_a_time_that_is_none_is_left_out(start: str) -> None:
    assert only(form(cmd="history", type="in", start=start)).started is None


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (Delivery("POST", b"", T0), "cmd"),
        (Delivery("POST", b"callid=1", T0, FORM), "cmd"),
        (form(callid=""), "callid"),
        (form(cmd="history", callid=""), "callid"),
        (Delivery("POST", b"{", T0), "broken"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        ITOOLABS.events(delivery, TOKEN)


def test_other_words_are_foreign() -> None:
    for fields, word in (({"cmd": "rating"}, ""), ({"cmd": "newcmd"}, "newcmd"), ({"type": "HELD"}, "HELD")):
        with pytest.raises(Foreign) as why:
            ITOOLABS.events(form(**fields), TOKEN)
        assert why.value.word == word


@pytest.mark.parametrize("cmd", ["event", "history", "contact"])
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(cmd: str, value: Any) -> None:
    for name in (
        "cmd",
        "type",
        "phone",
        "diversion",
        "user",
        "ext",
        "callid",
        "direction",
        "status",
        "start",
    ):
        recorded.bears(ITOOLABS, as_json(**{"cmd": cmd, "type": "INCOMING", name: value}), TOKEN)


# Us -> the PBX


@pytest.mark.parametrize(("said", "key"), [
    (Answer(200, b"43294397431"), "43294397431"), (answer("B10D-1511"), "B10D-1511"),
    (answer({"CallID": "77"}), "77"), (answer({}), ""), (Answer(200, b""), ""), (Answer(200, b"OK"), ""),
])  # fmt: skip
def test_a_call_of_ours_rings_the_user_first(said: Answer, key: str) -> None:
    (ask,), told = replay.asked(ITOOLABS.originate(PBX, "kasa1", "+77011112233", "5"), said)
    assert (ask.method, ask.url) == ("POST", f"https://pechera.vpbx.kcell.kz{PATH}")
    fields = {name: values[0] for name, values in parse_qs(ask.body.decode()).items()}
    assert fields == {"cmd": "makeCall", "phone": "77011112233", "user": "kasa1", "token": "0urKey"}
    assert told == key


@pytest.mark.parametrize(("said", "word"), [
    (answer({"error": "Invalid parameters"}, 400), "refused"), (answer({"error": "x"}, 401), "login"),
    (answer({"error": "x"}, 200), "refused"), (answer({}, 429), "busy"), (Answer(502, b"<html>"), "odd"),
])  # fmt: skip
def test_why_the_pbx_refuses_is_told_without_the_key(said: Answer, word: str) -> None:
    for talk in (ITOOLABS.originate(PBX, "kasa1", "+77011112233", "5"), ITOOLABS.extensions(PBX)):
        with pytest.raises(Failed) as why:
            replay.asked(talk, said)
        assert why.value.word == word
        assert "0urKey" not in str(why.value)


def test_without_the_pbxs_address_nothing_is_asked() -> None:
    with pytest.raises(Failed, match="unset"):
        replay.asked(ITOOLABS.extensions(TOKEN | {"token": "0urKey"}))


def test_users_are_suggested_by_what_their_events_carry_and_passwords_do_not_survive() -> None:
    users = [
        {"name": "kasa1", "realName": "Kasa 1", "ext": "101", "password": "s3cret"},
        {"name": "andy@pechera", "realName": "Andy"},
        {"name": "g_17f2", "realName": "Hall"},
        None,
    ]
    (ask,), found = replay.asked(ITOOLABS.extensions(PBX), answer(users))
    assert parse_qs(ask.body.decode())["cmd"] == ["accounts"]
    assert found == [Extension("101", "Kasa 1"), Extension("andy", "Andy")]
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_a_nasty_list_of_users_does_no_harm(value: Any) -> None:
    _, found = replay.asked(
        ITOOLABS.extensions(PBX), answer([{"name": value, "realName": value, "ext": value}])
    )
    assert all(one.line and not one.line.startswith("@") for one in found)


def test_the_pbx_may_be_anywhere_but_it_is_a_host() -> None:
    check = ITOOLABS.fields[1].check
    assert check(" https://Pechera.megapbx.ru/cabinet ") == "pechera.megapbx.ru"
    for wrong in ("", "a b", "pbx.ru:80", "user@pbx.ru", "-.ru"):
        with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
            check(wrong)


def test_the_page_names_every_word() -> None:
    for word in (*EVENTS, *WORDS, "crm_token", "X-API-KEY", "makeCall", "accounts"):
        assert f"`{word}`" in PAGE, word
