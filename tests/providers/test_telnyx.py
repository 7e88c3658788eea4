"""Telnyx: Ed25519 signatures, the guest's leg and the phones that are rung for him."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from server.calls import ANSWER, END, ENDED, IN, OUT, OUTCOMES, RING, CallEvent
from server.providers.base import Delivery, Foreign, Refused, Unreadable
from server.providers.telnyx import GUEST, PHONE, TALKED, WINDOW, Telnyx
from server.providers.telnyx import OUTCOMES as CAUSES
from tests import recorded, replay
from tests.replay import T0

TELNYX = Telnyx()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "telnyx.md").read_text("utf-8")
# A key of our own, so that there is something to compare with: 32 bytes 00 01 02 … 1f.
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
KEY = {"public_key": PUBLIC}
VECTOR_BODY = b'{"data":{"event_type":"call.initiated"}}'
VECTOR = "7XDKE3UckeYqoMd4U+Ju+eMB6U/TnoIXNBf8822p8Dm1Cy61ieCTpTuKeCcoQF53hQ3YrSppFDh2zqbYdiTEDQ=="
SESSION = "428c31b6-abf3-3bc1-b7f4-5013ef9657c1"
LEG = {
    "call_control_id": "v3:MdI91X4lWFEs7IgbBEOT9M4", "connection_id": "7267", "call_leg_id": "428c31b6-7af4",
    "call_session_id": SESSION, "client_state": None, "from": "+48501112233", "to": "+48221234567",
    "direction": "incoming", "state": "parked",
}  # fmt: skip
PHONE_LEG = LEG | {"direction": "outgoing", "from": "+48221234567", "to": "sip:kasa1@sip.telnyx.com"}


def body(word: str, leg: Any, **data: Any) -> bytes:
    whole = {
        "record_type": "event",
        "event_type": word,
        "id": "0ccc7b54",
        "occurred_at": "2026-11-23T12:19:59.500000Z",
    }
    return json.dumps({"data": whole | data | {"payload": leg}, "meta": {"attempt": 1}}).encode()


def only(word: str, leg: Any, **data: Any) -> CallEvent:
    (event,) = TELNYX.events(Delivery("POST", body(word, leg, **data), T0), KEY)
    return event


@pytest.mark.parametrize("name", replay.names("telnyx"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(TELNYX, name)


@pytest.mark.parametrize("name", replay.names("telnyx"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(TELNYX, name)


@pytest.mark.parametrize("name", replay.names("telnyx"))
def test_the_order_of_events_does_not_matter(name: str) -> None:
    recorded.does_not_depend_on_the_order(TELNYX, name)


@pytest.mark.parametrize("name", replay.names("telnyx"))
def test_nothing_is_invented_when_events_are_lost(name: str) -> None:
    recorded.invents_nothing_when_events_are_lost(TELNYX, name)


# Signatures


def signed(
    text: bytes = VECTOR_BODY, at: float = T0, stamp: str = "", private: Ed25519PrivateKey = PRIVATE
) -> dict[str, str]:
    told = stamp or str(int(at))
    signature = base64.b64encode(private.sign(told.encode() + b"|" + text)).decode()
    return {"telnyx-timestamp": told, "telnyx-signature-ed25519": signature}


def verify(headers: dict[str, str], text: bytes = VECTOR_BODY, settings: dict[str, str] = KEY) -> None:
    TELNYX.verify(Delivery("POST", text, T0, headers), settings)


def test_our_own_vector_is_right_and_taken() -> None:
    raw = PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert base64.b64encode(raw).decode() == PUBLIC
    assert signed()["telnyx-signature-ed25519"] == VECTOR
    assert VECTOR in PAGE
    assert PUBLIC in PAGE
    verify({"telnyx-timestamp": "1795436400", "telnyx-signature-ed25519": VECTOR})


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "unsigned"),
        ({"telnyx-timestamp": "1795436400"}, "unsigned"),
        ({"telnyx-signature-ed25519": VECTOR}, "unsigned"),
        (signed() | {"telnyx-signature-ed25519": "not base64"}, "unsigned"),
        (signed() | {"telnyx-signature-ed25519": "AAAA"}, "signature"),
        (signed() | {"telnyx-signature-ed25519": base64.b64encode(bytes(64)).decode()}, "signature"),
        (signed() | {"telnyx-timestamp": "1795436401"}, "signature"),
        (signed(b"{}"), "signature"),
        (signed(private=Ed25519PrivateKey.from_private_bytes(bytes(32))), "signature"),
        (signed(at=T0 - WINDOW - 1), "stale"),
        (signed(at=T0 + WINDOW + 1), "stale"),
        (signed(stamp="yesterday"), "stale"),
        (signed(stamp="1795436400.5"), "stale"),
        (signed(stamp="9" * 400), "stale"),
    ],
)
def test_a_wrong_missing_or_old_signature_is_refused(headers: dict[str, str], why: str) -> None:
    with pytest.raises(Refused, match=f"^{why}$"):
        verify(headers)


@pytest.mark.parametrize("age", [0, WINDOW, -WINDOW])
def test_five_minutes_are_allowed(age: float) -> None:
    verify(signed(at=T0 - age))


@pytest.mark.parametrize("key", ["", "AAAA", "é"])
def test_without_a_key_everything_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="key"):
        verify(signed(), settings={"public_key": key})
    assert TELNYX.fields[0].required


def test_a_key_is_thirty_two_bytes() -> None:
    assert TELNYX.fields[0].check(f" {PUBLIC} ") == PUBLIC
    for wrong in ("", "AAAA", PUBLIC[:-1], PUBLIC + "A", "x" * 44):
        with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
            TELNYX.fields[0].check(wrong)


# Legs


@pytest.mark.parametrize("word", sorted(GUEST))
def test_the_guests_leg_says_who_calls(word: str) -> None:
    event = only(word, LEG)
    assert (event.key, event.kind, event.direction, event.line) == (SESSION, GUEST[word], IN, "")
    assert (event.caller, event.did, event.at) == ("+48501112233", "+48221234567", T0 - 0.5)


@pytest.mark.parametrize("word", sorted(PHONE))
def test_a_phones_leg_says_which_line(word: str) -> None:
    event = only(word, PHONE_LEG | {"hangup_cause": "no_answer"})
    line = "" if PHONE[word] == END else "kasa1"
    assert (event.key, event.line, event.direction, event.caller) == (SESSION, line, "", None)


@pytest.mark.parametrize("cause", sorted(CAUSES))
def test_every_cause_is_an_outcome(cause: str) -> None:
    assert CAUSES[cause] in OUTCOMES
    assert only("call.hangup", LEG | {"hangup_cause": cause}).outcome == CAUSES[cause]


@pytest.mark.parametrize("cause", ["", "something_new", None])
def test_an_unknown_cause_is_unknown(cause: Any) -> None:
    assert only("call.hangup", LEG | {"hangup_cause": cause}).outcome == "unknown"


@pytest.mark.parametrize("cause", sorted({*CAUSES} - {*TALKED}))
def test_a_phone_that_nobody_picked_up_ends_no_call(cause: str) -> None:
    told = [only("call.initiated", LEG), only("call.initiated", PHONE_LEG)]
    told.append(only("call.hangup", PHONE_LEG | {"hangup_cause": cause}))
    call = replay.final(told)
    assert call is not None
    assert call.state == "ringing"
    assert call.legs["kasa1"] == (ENDED if cause == "originator_cancel" else CAUSES[cause])


def test_a_phone_that_talked_and_hung_up_leaves_the_end_to_the_guest() -> None:
    for cause in TALKED:
        with pytest.raises(Foreign):
            only("call.hangup", PHONE_LEG | {"hangup_cause": cause})


def test_an_application_that_picks_up_is_nobody() -> None:
    assert only("call.answered", LEG).kind == RING
    call = replay.final(
        [only("call.initiated", LEG), only("call.answered", LEG), only("call.initiated", PHONE_LEG)]
    )
    assert call is not None
    assert (call.state, call.line) == ("ringing", "kasa1")


def test_a_guest_who_was_joined_with_somebody_was_answered_whoever_it_was() -> None:
    joined = only("call.bridged", LEG)
    assert (joined.kind, joined.answered) == (RING, T0 - 0.5)
    call = replay.final([only("call.initiated", LEG), joined, only("call.hangup", LEG)])
    assert call is not None
    assert (call.outcome, call.line, call.answered) == ("answered", "", T0 - 0.5)


@pytest.mark.parametrize("word", sorted(PHONE))
def test_a_number_that_is_dialled_is_no_line(word: str) -> None:
    for number in ("+48501112233", "sip:+48501112233@sip.telnyx.com"):
        with pytest.raises(Foreign):
            only(word, PHONE_LEG | {"to": number})


def test_a_phone_of_ours_that_calls_goes_out() -> None:
    event = only("call.initiated", LEG | {"from": "sip:kasa1@sip.telnyx.com", "to": "+48501112233"})
    assert (event.direction, event.caller, event.line) == (OUT, "+48501112233", "kasa1")
    assert only("call.bridged", LEG | {"from": "101", "to": "+48501112233"}).kind == ANSWER


def test_the_times_of_the_record_count() -> None:
    event = only(
        "call.hangup", LEG | {"start_time": "2026-11-23T12:19:00Z", "end_time": "2026-11-23T13:19:59+01:00"}
    )
    assert (event.started, event.ended) == (T0 - 60, T0 - 1)


@pytest.mark.parametrize(
    "told", ["", "x", "2026-11-23T12:19:59", "2027-01-01T00:00:00Z", "2018-02-02T22:25:27Z", None, 5]
)
def test_a_time_that_cannot_be_right_does_not_count(told: Any) -> None:
    assert only("call.initiated", LEG, occurred_at=told).at == T0
    assert only("call.hangup", LEG | {"start_time": told}).started is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "event_type"),
        (b"CallSid=1&CallStatus=ringing", "TeXML"),
        (b"{", "broken"),
        (body("call.initiated", {}), "call_session_id"),
        (body("call.initiated", None), "call_session_id"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(text: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        TELNYX.events(Delivery("POST", text, T0), KEY)


@pytest.mark.parametrize(("word", "told"), [
    ("call.recording.saved", ""), ("call.dtmf.received", ""), ("message.received", "message.received"),
    ("x" * 99, "x" * 40),
])  # fmt: skip
def test_other_events_are_foreign(word: str, told: str) -> None:
    with pytest.raises(Foreign) as why:
        only(word, LEG)
    assert why.value.word == told


@pytest.mark.parametrize("word", sorted(GUEST))
@pytest.mark.parametrize("value", recorded.NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(word: str, value: Any) -> None:
    for name in (*LEG, "hangup_cause", "start_time", "end_time"):
        for leg in (LEG, PHONE_LEG):
            recorded.bears(TELNYX, Delivery("POST", body(word, leg | {name: value}), T0), KEY)
    recorded.bears(TELNYX, Delivery("POST", body(word, value, occurred_at=value), T0), KEY)
    recorded.bears(TELNYX, Delivery("POST", json.dumps({"data": value}).encode(), T0), KEY)


def test_the_page_names_every_word() -> None:
    for word in (*GUEST, *CAUSES, "telnyx-timestamp", "telnyx-signature-ed25519", "call_session_id"):
        assert f"`{word}`" in PAGE, word
