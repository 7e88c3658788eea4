"""The generic webhook: recordings in, events out."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from server.calls import IN, INTERNAL, OUT, OUTCOMES
from server.providers.base import Delivery, Foreign, Refused, Unreadable
from server.providers.generic import CALL, ENDS, EVENTS, LINE, SHORTEST_SECRET, WINDOW, Generic
from tests import recorded, replay
from tests.recorded import NASTY
from tests.replay import T0

GENERIC = Generic()
SECRET = "correct horse battery staple"
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "generic.md").read_text("utf-8")
SIGNED = {"secret": SECRET}


def get(**fields: Any) -> Delivery:
    return Delivery("GET", b"", T0, query=urlencode(words(fields)))


def post(**fields: Any) -> Delivery:
    return Delivery(
        "POST", urlencode(words(fields)).encode(), T0, {"content-type": "application/x-www-form-urlencoded"}
    )


def as_json(**fields: Any) -> Delivery:
    return Delivery("POST", json.dumps(words(fields)).encode(), T0, {"content-type": "application/json"})


def words(fields: dict[str, Any]) -> dict[str, Any]:
    """`from` is a word of Python's, so tests say `from_`."""
    return {"event": "ring", "call": "1001"} | {name.rstrip("_"): value for name, value in fields.items()}


def only(delivery: Delivery, **settings: str) -> Any:
    (event,) = GENERIC.events(delivery, settings)
    return event


# Recordings


@pytest.mark.parametrize("name", replay.names("generic"))
def test_a_recording_says_what_happened(name: str) -> None:
    recorded.says_what_happened(GENERIC, name)


@pytest.mark.parametrize("name", replay.names("generic"))
def test_a_recording_ends_in_the_call_that_it_was(name: str) -> None:
    recorded.ends_in_the_call_that_it_was(GENERIC, name)


# What the parameters mean


@pytest.mark.parametrize("send", [get, post, as_json])
def test_get_form_and_json_say_the_same(send: Any) -> None:
    event = only(send(from_="0671112233", to="0441234567", line="101", name="Olena"))
    assert (event.key, event.kind, event.direction) == ("1001", "ring", IN)
    assert (event.caller, event.did, event.line, event.name) == ("0671112233", "0441234567", "101", "Olena")


@pytest.mark.parametrize("word", ["RING", "Ring", " ring "])
def test_an_event_may_be_written_in_capitals(word: str) -> None:
    assert only(get(event=word)).kind == "ring"


@pytest.mark.parametrize(("name", "value"), [("call", "77"), ("id", "77"), ("call_id", "77")])
def test_the_id_has_three_names(name: str, value: str) -> None:
    assert only(Delivery("GET", b"", T0, query=f"event=ring&{name}={value}")).key == "77"


def test_the_line_has_two_names() -> None:
    assert only(get(ext="101")).line == only(get(line="101")).line == "101"


def test_a_line_may_be_a_sip_address() -> None:
    assert only(get(line="sip:101@192.168.1.20")).line == "101"


def test_a_short_number_that_is_called_is_a_line() -> None:
    event = only(get(from_="0671112233", to="sip:101@192.168.1.20"))
    assert (event.line, event.did) == ("101", "")


def test_a_call_of_a_colleague_is_internal_unless_somebody_says_otherwise() -> None:
    assert only(get(from_="102", to="101")).direction == INTERNAL
    assert only(get(from_="102", to="101", direction="in")).direction == IN


def test_an_outgoing_call_is_for_the_number_that_was_dialled() -> None:
    event = only(get(direction="out", from_="0441234567", to="0671112233", line="101"))
    assert (event.direction, event.caller, event.did, event.line) == (OUT, "0671112233", "0441234567", "101")


@pytest.mark.parametrize(
    "number", ["", "anonymous", "Anonymous <sip:anonymous@anonymous.invalid>", "private"]
)
def test_a_hidden_number_is_withheld(number: str) -> None:
    assert only(get(from_=number)).caller == ""


def test_a_number_that_is_not_told_is_not_withheld() -> None:
    assert only(get(event="answer")).caller is None


@pytest.mark.parametrize("word", sorted(ENDS))
def test_an_end_may_say_its_outcome(word: str) -> None:
    assert only(get(event="end", outcome=word)).outcome in OUTCOMES
    assert only(get(event="missed", outcome=word.upper())).outcome in OUTCOMES


def test_an_outcome_of_a_ring_says_nothing() -> None:
    assert only(get(outcome="answered")).outcome == ""


# Times


@pytest.mark.parametrize("at", [T0, T0 - 3600, int(T0) - 1, f"{T0 - 5:.3f}"])
def test_the_time_of_the_sender_counts(at: Any) -> None:
    assert only(get(at=at)).at == float(at)


@pytest.mark.parametrize("at", [T0 + 30, T0 - 30 * 86400, 1000000000])
def test_a_clock_that_cannot_be_right_does_not_count(at: float) -> None:
    assert only(get(at=at)).at == T0


@pytest.mark.parametrize("at", ["", "$time", "{{time}}"])
def test_a_time_that_nobody_filled_in_is_left_out(at: str) -> None:
    assert only(get(at=at)).at == T0


# Phones that have no id for a call


@pytest.mark.parametrize("call", ["", "$call_id", "${UNIQUEID}", "{{id}}", "[CallId]"])
def test_without_an_id_the_number_is_the_key(call: str) -> None:
    event = only(get(call=call, from_="sip:0671112233@192.168.1.20"))
    assert (event.key, event.reused) == ("from:671112233", True)


def test_the_key_is_the_same_however_the_number_is_spelled() -> None:
    spellings = (
        "0671112233",
        "+38 (067) 111-22-33",
        "380671112233",
        "sip:+380671112233@pbx.example.com:5060",
    )
    assert {only(get(call="", from_=number)).key for number in spellings} == {"from:671112233"}


def test_a_call_with_an_id_is_never_joined_with_another() -> None:
    assert not only(get(from_="0671112233")).reused


@pytest.mark.parametrize("number", ["", "$remote", "${CALLERID(num)}"])
def test_a_word_that_the_phone_did_not_fill_in_is_no_number(number: str) -> None:
    assert not only(get(from_=number)).caller


# Signatures


def sign(text: bytes, at: float = T0, secret: str = SECRET) -> dict[str, str]:
    told = str(int(at))
    signature = hmac.new(secret.encode(), told.encode() + b"." + text, hashlib.sha256).hexdigest()
    return {"x-dzvinok-time": told, "x-dzvinok-signature": signature}


BODY = b"event=ring&call=1001&from=0671112233"


def verify(method: str = "POST", body: bytes = BODY, query: str = "", **headers: str) -> None:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    GENERIC.verify(Delivery(method, body, T0, told, query), SIGNED)


def refused(why: str, method: str = "POST", body: bytes = BODY, query: str = "", **headers: str) -> None:
    with pytest.raises(Refused, match=f"^{why}$"):
        verify(method, body, query, **headers)


def test_a_signed_body_is_accepted() -> None:
    verify(**sign(BODY))
    verify(**{name: value.upper() for name, value in sign(BODY).items()})


def test_a_signed_query_is_accepted() -> None:
    verify("GET", b"", BODY.decode(), **sign(BODY))
    verify("POST", b"", BODY.decode(), **sign(BODY))


def test_the_vector_in_the_documentation_is_right() -> None:
    headers = sign(b"event=ring&call=1001&from=0671112233&to=0441234567")
    assert headers["x-dzvinok-signature"] in PAGE


def test_without_a_secret_nothing_is_checked() -> None:
    GENERIC.verify(Delivery("POST", BODY, T0), {})


def test_with_a_secret_an_unsigned_request_is_refused() -> None:
    refused("unsigned")
    refused("unsigned", x_dzvinok_time=str(int(T0)))
    refused("unsigned", x_dzvinok_signature="00")
    refused("unsigned", x_dzvinok_time="", x_dzvinok_signature="")


@pytest.mark.parametrize("age", [-301, 301, 86400, -86400])
def test_a_stale_signature_is_refused(age: int) -> None:
    refused("stale", **sign(BODY, T0 + age))


@pytest.mark.parametrize("told", ["now", "-5", "1795436400.0", "９", "1" * 400, "1795436400000"])
def test_a_time_that_is_none_is_refused(told: str) -> None:
    refused("stale", **sign(BODY) | {"x-dzvinok-time": told})


@pytest.mark.parametrize("signature", ["0" * 64, "x", "é" * 64, "\ud800", hashlib.sha256(BODY).hexdigest()])
def test_a_wrong_signature_is_refused(signature: str) -> None:
    refused("signature", **sign(BODY) | {"x-dzvinok-signature": signature})


def test_a_signature_is_of_this_text_this_time_and_this_secret() -> None:
    refused("signature", body=BODY + b"4", **sign(BODY))
    refused("signature", **sign(BODY) | {"x-dzvinok-time": str(int(T0) + 1)})
    refused("signature", **sign(BODY, secret="another secret of ours"))
    refused("signature", "GET", b"", "event=end", **sign(b"event=ring"))


def test_only_what_is_signed_is_read() -> None:
    smuggled = Delivery("POST", BODY, T0, query="event=end&name=Mallory&line=101")
    assert only(smuggled).line == "101"
    event = only(smuggled, **SIGNED)
    assert (event.kind, event.name, event.line) == ("ring", "", "")


def test_a_signed_blank_body_does_not_open_the_query() -> None:
    with pytest.raises(Unreadable):
        GENERIC.events(Delivery("POST", b" ", T0, query=BODY.decode()), SIGNED)


def test_the_body_of_a_get_says_nothing() -> None:
    event = only(Delivery("GET", b"event=end&call=9", T0, query=BODY.decode()))
    assert (event.kind, event.key) == ("ring", "1001")


@pytest.mark.parametrize("value", ["0123456789abcdef", "  0123456789abcdef  "])
def test_a_secret_has_sixteen_characters(value: str) -> None:
    assert GENERIC.fields[0].check(value) == "0123456789abcdef"
    assert GENERIC.fields[0].secret


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        GENERIC.fields[0].check("12345")


# What cannot be read


@pytest.mark.parametrize(
    ("delivery", "says"),
    [
        (Delivery("GET", b"", T0), "event"),
        (Delivery("POST", b"", T0), "event"),
        (Delivery("POST", b"[]", T0), "not an object"),
        (Delivery("POST", b"{", T0, {"content-type": "application/json"}), "broken"),
        (Delivery("GET", b"", T0, query="call=1&from=2"), "event"),
        (Delivery("GET", b"", T0, query="event=&call=1"), "event"),
        (Delivery("GET", b"", T0, query="event=ring"), "call"),
        (Delivery("GET", b"", T0, query="event=end&call=$call_id"), "call"),
        (Delivery("GET", b"", T0, query="a&" * 3000), "fields"),
        (get(direction="sideways"), "direction"),
        (get(event="end", outcome="gone"), "outcome"),
        (get(at="yesterday"), "at"),
        (get(at="1795436400000"), "at"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(delivery: Delivery, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as why:
        GENERIC.events(delivery, {})
    assert len(str(why.value)) < 160
    assert str(why.value).endswith(".")


@pytest.mark.parametrize("word", ["hangup", "ringing", "receivedTheCall", "<script>", "x" * 9000])
def test_an_unknown_event_is_foreign(word: str) -> None:
    with pytest.raises(Foreign) as why:
        GENERIC.events(get(event=word), {})
    assert len(str(why.value)) < 120


@pytest.mark.parametrize("kind", ["ring", "answer", "end", "missed"])
@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(kind: str, value: Any) -> None:
    for name in ("event", "call", "from", "to", "line", "name", "outcome", "direction", "at"):
        told = {"from_": "0671112233", "event": kind} | {name if name != "from" else "from_": value}
        recorded.bears(GENERIC, as_json(**told), {})


# The page


def test_the_page_names_every_word() -> None:
    for word in (
        *EVENTS,
        *CALL,
        *LINE,
        *OUTCOMES,
        "from",
        "to",
        "name",
        "direction",
        "at",
        "outcome",
        "internal",
    ):
        assert f"`{word}`" in PAGE or f"`event={word}`" in PAGE, word
    assert f"at most {WINDOW} off our clock" in PAGE
    assert f"secret of {SHORTEST_SECRET} characters" in PAGE
