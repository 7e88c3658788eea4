"""Twilio: signatures over the public address, what it is told to do, phones that a guest's call rings."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode
from xml.etree import ElementTree

import pytest

from server.calls import END, ENDED, IN, OUTCOMES, RING, CallEvent
from server.providers.abilities import Answer, Failed
from server.providers.base import Delivery, Foreign, Refused, Text, Unreadable
from server.providers.twilio import (
    API,
    DIALLED,
    DIALS,
    EARLY,
    HIDDEN,
    LEG,
    LEGS,
    MISSED,
    SILENT,
    STATUS,
    VOICE,
    Twilio,
)
from tests import recorded, replay
from tests.replay import T0, answer

TWILIO = Twilio()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "twilio.md").read_text("utf-8")
FORM = {"content-type": "application/x-www-form-urlencoded"}
AC, CA = "AC" + "0" * 32, "CA" + "1" * 32
PHONES = "sip:kasa1@pechera.sip.twilio.com sip:kasa2@pechera.sip.twilio.com +48221230000"
TOLD = {"account_sid": AC, "auth_token": "demo-auth-token"}
RULES = TOLD | {"dial": PHONES, "number": "48221234567"}
HOOK = "https://phone.example.com/hooks/twilio/T0ken"
CALL = {
    "AccountSid": AC, "ApiVersion": "2010-04-01", "CallSid": CA, "CallStatus": "ringing", "Direction": "inbound",
    "From": "+48501112233", "To": "+48221234567",
}  # fmt: skip
CHILD = CALL | {"CallSid": "CA" + "2" * 32, "ParentCallSid": CA, "To": "sip:kasa1@pechera.sip.twilio.com"}
VECTOR_URL, VECTOR = "https://pos.example.com/hook/twilio/T0ken", "jfhMfS+SLPts6431quFVaHGtch4="
CONTRACT = (
    f"CallSid={CA}&AccountSid={AC}&From=%2B48501112233&To=%2B48221234567&CallStatus=ringing"
    "&ApiVersion=2010-04-01&Direction=inbound"
)


def post(path: str, fields: dict[str, Any], **more: Any) -> Delivery:
    url = more.pop("url", f"{HOOK}/{path}" if path else HOOK)
    return Delivery(
        "POST", urlencode(fields).encode(), T0, FORM | more.pop("headers", {}), path=path, url=url, **more
    )


def only(path: str, fields: dict[str, Any], settings: dict[str, str] | None = None) -> CallEvent:
    (event,) = TWILIO.events(post(path, fields), RULES if settings is None else settings)
    return event


@pytest.mark.parametrize("name", replay.names("twilio"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(TWILIO, name)


@pytest.mark.parametrize("name", replay.names("twilio"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(TWILIO, name)


@pytest.mark.parametrize("name", replay.names("twilio"))
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(TWILIO, name)


@pytest.mark.parametrize("name", replay.names("twilio"))
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(TWILIO, name)


# Signatures


def signed(text: str, token: str = "demo-auth-token") -> dict[str, str]:
    code = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return {"x-twilio-signature": base64.b64encode(code).decode()}


def test_the_vector_of_the_contract_is_right_and_taken() -> None:
    fields = {
        name: CALL[name]
        for name in ("AccountSid", "ApiVersion", "CallSid", "CallStatus", "Direction", "From", "To")
    }
    text = VECTOR_URL + "".join(name + value for name, value in sorted(fields.items()))
    assert signed(text)["x-twilio-signature"] == VECTOR
    TWILIO.verify(post("", fields, url=VECTOR_URL, headers={"x-twilio-signature": VECTOR}), TOLD)


@pytest.mark.parametrize(("given", "seen"), [
    ("https://pos.example.com:443/x", "https://pos.example.com/x"), ("https://pos.example.com/x", "https://pos.example.com:443/x"),
    ("https://pos.example.com:8443/x", "https://pos.example.com:8443/x"), ("https://pos.example.com:8443/x", "https://pos.example.com/x"),
    ("http://pos.example.com/x?a=1", "http://pos.example.com:80/x?a=1"),
])  # fmt: skip
def test_the_port_may_be_there_or_not(given: str, seen: str) -> None:
    TWILIO.verify(Delivery("POST", b"", T0, signed(seen), url=given), TOLD)


def test_values_that_come_twice_count_once_and_in_order() -> None:
    body = b"B=2&A=2&A=1&A=2&C="
    TWILIO.verify(Delivery("POST", body, T0, FORM | signed(HOOK + "A1A2B2C"), url=HOOK), TOLD)


def test_a_json_body_is_vouched_for_by_its_sum_in_the_address() -> None:
    body = b'{"a":1}'
    query = "bodySHA256=" + hashlib.sha256(body).hexdigest()
    url = f"{HOOK}?{query}"
    TWILIO.verify(Delivery("POST", body, T0, signed(url), query=query, url=url), TOLD)
    with pytest.raises(Refused, match="signature"):
        TWILIO.verify(Delivery("POST", body + b" ", T0, signed(url), query=query, url=url), TOLD)


@pytest.mark.parametrize(
    ("headers", "settings", "why"),
    [
        ({}, TOLD, "unsigned"),
        ({"x-twilio-signature": "x"}, TOLD, "signature"),
        ({"x-twilio-signature": "é\ud800"}, TOLD, "signature"),
        (signed(HOOK, "another token"), TOLD, "signature"),
        (signed(HOOK + "/other"), TOLD, "signature"),
        (signed(HOOK), {}, "no auth token is set"),
    ],
)
def test_a_wrong_or_missing_signature_is_refused(
    headers: dict[str, str], settings: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=f"^{why}$"):
        TWILIO.verify(Delivery("POST", b"", T0, headers, url=HOOK), settings)


def test_a_changed_value_is_refused() -> None:
    headers = signed(HOOK + "A1")
    TWILIO.verify(Delivery("POST", b"A=1", T0, headers, url=HOOK), TOLD)
    with pytest.raises(Refused):
        TWILIO.verify(Delivery("POST", b"A=2", T0, headers, url=HOOK), TOLD)


# Calls and phones


def test_the_body_of_the_contract_is_read() -> None:
    (ring,) = TWILIO.events(Delivery("POST", CONTRACT.encode(), T0, FORM, path=VOICE), RULES)
    assert (ring.key, ring.kind, ring.direction, ring.at) == (CA, RING, IN, T0)
    assert (ring.caller, ring.did, ring.line) == ("+48501112233", "+48221234567", "")


@pytest.mark.parametrize("word", sorted(LEGS))
def test_a_phone_is_a_leg_of_its_parent(word: str) -> None:
    event = only(LEG, CHILD | {"CallStatus": word})
    assert (event.key, event.kind, event.line, event.caller) == (CA, LEGS[word], "kasa1", "+48501112233")


@pytest.mark.parametrize("word", sorted(SILENT))
def test_a_phone_that_did_not_talk_leaves_the_call_ringing(word: str) -> None:
    silent, other = only(LEG, CHILD | {"CallStatus": word}), only(LEG, CHILD | {"To": "sip:kasa2@x"})
    call = replay.final([only(LEG, CHILD), silent, other])
    assert call is not None
    assert (call.state, call.line, dict(call.legs)) == (
        "ringing",
        "kasa2",
        {"kasa1": SILENT[word], "kasa2": "ringing"},
    )
    assert SILENT[word] in (*OUTCOMES, ENDED)


@pytest.mark.parametrize("word", sorted(DIALS))
def test_our_dial_says_what_became_of_the_call(word: str) -> None:
    event = only(DIALLED, CALL | {"DialCallStatus": word})
    assert (event.key, event.kind, event.outcome) == (CA, END, DIALS[word])
    assert DIALS[word] in OUTCOMES


@pytest.mark.parametrize("word", ["", "something new"])
def test_an_unknown_status_is_unknown(word: str) -> None:
    assert only(DIALLED, CALL | {"DialCallStatus": word}).outcome == "unknown"


def test_a_completed_call_may_have_been_answered_by_a_machine() -> None:
    assert only(STATUS, CALL | {"CallStatus": "completed"}).outcome == "unknown"
    for word, outcome in MISSED.items():
        assert only(STATUS, CALL | {"CallStatus": word}).outcome == outcome


@pytest.mark.parametrize("number", HIDDEN)
def test_a_number_that_spells_a_word_is_withheld(number: str) -> None:
    assert only(VOICE, CALL | {"From": f"+{number}"}).caller == ""


@pytest.mark.parametrize("number", ["anonymous", "Restricted", ""])
def test_a_word_is_no_number(number: str) -> None:
    assert only(VOICE, CALL | {"From": number}).caller == ""


@pytest.mark.parametrize(("told", "at"), [
    ("Mon, 23 Nov 2026 12:19:58 +0000", T0 - 2), ("Mon, 23 Nov 2026 13:19:58 +0100", T0 - 2),
    ("Mon, 23 Nov 2026 12:30:00 +0000", T0), ("Mon, 23 Nov 2026 11:00:00 +0000", T0), ("Mon, 23 Nov 2026 12:19:58", T0),
    ("x", T0), ("", T0), ("Mon, 99 Nov 2026 12:19:58 +0000", T0), ("Mon, 23 Nov 99999 12:19:58 +0000", T0),
])  # fmt: skip
def test_a_timestamp_counts_when_it_is_a_moment_ago(told: str, at: float) -> None:
    assert only(LEG, CHILD | {"Timestamp": told}).at == at


def test_a_phone_says_when_it_was_picked_up() -> None:
    told = CHILD | {"CallStatus": "in-progress", "Timestamp": "Mon, 23 Nov 2026 12:19:58 +0000"}
    assert only(LEG, told).answered == T0 - 2
    assert only(LEG, told | {"CallStatus": "ringing"}).answered is None
    assert only(LEG, told | {"Timestamp": ""}).answered is None


def test_other_words_are_foreign() -> None:
    cases = [
        *((LEG, CHILD | {"CallStatus": word}, "") for word in EARLY),
        (LEG, CHILD | {"CallStatus": "parked"}, "parked"), ("other", CALL, "other"),
        (STATUS, CHILD, ""), (STATUS, CALL | {"CallStatus": "ringing"}, ""),
        (STATUS, CALL | {"CallStatus": "parked"}, "parked"),
        (VOICE, CALL | {"AccountSid": "AC" + "9" * 32}, ""),
    ]  # fmt: skip
    for path, fields, word in cases:
        with pytest.raises(Foreign) as why:
            only(path, fields)
        assert why.value.word == word


@pytest.mark.parametrize(
    ("path", "fields", "settings", "says"),
    [
        (VOICE, {}, RULES, "CallSid"),
        (LEG, CALL, RULES, "ParentCallSid"),
        (VOICE, CALL, TOLD, "phones"),
        ("", CALL, TOLD, "phones"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(
    path: str, fields: Any, settings: Any, says: str
) -> None:
    with pytest.raises(Unreadable, match=says):
        only(path, fields, settings)


@pytest.mark.parametrize("path", [VOICE, LEG, DIALLED, STATUS])
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(path: str, value: Any) -> None:
    for name in (*CHILD, "DialCallStatus", "CallerName", "Timestamp"):
        body = json.dumps(CHILD | {name: value}).encode()
        recorded.bears(TWILIO, Delivery("POST", body, T0, path=path, url=HOOK), RULES)


# What Twilio is told to do


@pytest.mark.parametrize("path", [VOICE, ""])
def test_a_call_rings_every_phone_at_once(path: str) -> None:
    said = TWILIO.reply(post(path, CALL), RULES, replay.known)
    assert isinstance(said, Text)
    assert said.content_type == "text/xml"
    (dial,) = ElementTree.fromstring(said.text)
    assert (dial.tag, dial.attrib) == ("Dial", {"answerOnBridge": "true", "action": f"{HOOK}/{DIALLED}"})
    assert [(noun.tag, noun.text) for noun in dial] == [
        ("Sip", "sip:kasa1@pechera.sip.twilio.com"), ("Sip", "sip:kasa2@pechera.sip.twilio.com"),
        ("Number", "+48221230000"),
    ]  # fmt: skip
    for noun in dial:
        assert noun.attrib["statusCallback"] == f"{HOOK}/{LEG}"
        assert noun.attrib["statusCallbackEvent"] == "initiated ringing answered completed"


@pytest.mark.parametrize(
    ("path", "settings"), [(LEG, RULES), (DIALLED, RULES), (STATUS, RULES), (VOICE, TOLD)]
)
def test_to_all_else_nothing_is_said(path: str, settings: dict[str, str]) -> None:
    said = TWILIO.reply(post(path, CALL), settings, replay.known)
    assert isinstance(said, Text)
    assert len(ElementTree.fromstring(said.text)) == 0


def test_an_address_cannot_break_the_answer() -> None:
    said = TWILIO.reply(post(VOICE, CALL, url='https://x.example/"><Hangup/>&/voice'), RULES, replay.known)
    assert isinstance(said, Text)
    (dial,) = ElementTree.fromstring(said.text)
    assert dial.attrib["action"] == 'https://x.example/"><Hangup/>&/end'


@pytest.mark.parametrize(("told", "kept"), [
    (" sip:kasa1@x.sip.twilio.com, +48221234567\n", "sip:kasa1@x.sip.twilio.com +48221234567"), ("", ""),
])  # fmt: skip
def test_phones_are_sip_addresses_or_numbers(told: str, kept: str) -> None:
    assert TWILIO.fields[2].check(told) == kept


@pytest.mark.parametrize(
    "told", ["kasa1", "https://x", "sip:a@b<c>", "sip:a b@c", "+48 22", "x" * 400, "+48221234567 " * 11]
)
def test_other_words_are_no_phones(told: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        TWILIO.fields[2].check(told)


def test_an_account_begins_with_ac() -> None:
    assert TWILIO.fields[0].check(f" {AC} ") == AC
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        TWILIO.fields[0].check("SK" + "0" * 32)


def test_three_addresses_are_pasted() -> None:
    assert [one.text for one in TWILIO.pastes({}, HOOK)] == [
        f"{HOOK}/{path}" for path in (VOICE, STATUS, LEG)
    ]


# Calls of ours


def test_a_call_of_ours_rings_the_phone_first() -> None:
    (ask,), key = replay.asked(
        TWILIO.originate(RULES, "kasa2", "+48501112233", "5"), answer({"sid": CA}, 201)
    )
    assert (ask.method, ask.url) == ("POST", f"{API}{AC}/Calls.json")
    assert (
        ask.headers["Authorization"] == "Basic " + base64.b64encode(f"{AC}:demo-auth-token".encode()).decode()
    )
    wish = {name: values[0] for name, values in parse_qs(ask.body.decode()).items()}
    assert (wish["From"], wish["To"]) == ("+48221234567", "sip:kasa2@pechera.sip.twilio.com")
    (dial,) = ElementTree.fromstring(wish["Twiml"])
    assert (dial.attrib["callerId"], dial[0].text) == ("+48221234567", "+48501112233")
    assert key == CA


@pytest.mark.parametrize(("said", "word"), [
    (answer({"message": "Invalid"}, 400), "refused"), (answer({}, 401), "login"), (answer({}, 429), "busy"),
    (Answer(500, b"<html>"), "odd"),
])  # fmt: skip
def test_why_a_call_is_not_placed_is_told_without_the_token(said: Answer, word: str) -> None:
    with pytest.raises(Failed) as why:
        replay.asked(TWILIO.originate(RULES, "kasa1", "+48501112233", "5"), said)
    assert why.value.word == word
    assert "demo-auth-token" not in str(why.value)


@pytest.mark.parametrize(
    ("settings", "line"), [(RULES, "kasa9"), (TOLD, "kasa1"), (RULES | {"number": ""}, "kasa1")]
)
def test_a_line_without_a_phone_cannot_call(settings: dict[str, str], line: str) -> None:
    with pytest.raises(Failed, match="unset"):
        replay.asked(TWILIO.originate(settings, line, "+48501112233", "5"))


def test_the_page_names_every_word() -> None:
    for word in (*LEGS, *SILENT, *EARLY, "ParentCallSid", "DialCallStatus", "X-Twilio-Signature"):
        assert f"`{word}`" in PAGE, word
    for path in (VOICE, LEG, DIALLED, STATUS):
        assert f"`/{path}`" in PAGE, path
