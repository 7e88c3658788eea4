"""The box as one more phone: packets of real Asterisks in, replies and events out; digests; a registrar over UDP."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, RING, CallEvent
from server.db import reading
from server.models import CallRow
from server.parts import Parts
from server.providers import sip_messages, sip_register, sip_rings
from server.providers.abilities import NOTHING, Connects, Link, Step
from server.providers.base import Refused
from server.providers.sip import METHODS, Sip, SipLink
from server.providers.sip_messages import Message, challenge, proof
from server.wires import UdpWire
from tests import replay
from tests.conftest import Restaurant, add_trunk
from tests.replay import T0

SIP = Sip()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "sip.md").read_text("utf-8")
SETTINGS = {"host": "pbx.example.com", "user": "190", "secret": "correct horse"}
HERE = ("192.168.1.10", 5061)
GUEST = '"Olena" <sip:0671112233@pbx.example.com>'


def read(data: bytes) -> Message:
    message = sip_messages.read(data)
    assert message is not None, data
    return message


def answer(request: bytes, code: int, *more: str, via: str = "") -> bytes:
    """What a registrar says to this."""
    asked = read(request)
    lines = [f"SIP/2.0 {code} Whatever", f"Via: {asked.get('via')}{via}", f"From: {asked.get('from')}",
             f"To: {asked.get('to')};tag=r", f"Call-ID: {asked.call_id}",
             f"CSeq: {asked.get('cseq')}", *more]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def registered(now: float = T0, settings: dict[str, str] | None = None) -> SipLink:
    link = SIP.link(settings or SETTINGS)
    (asked,) = link.opened(now, HERE).send
    assert isinstance(asked, bytes)
    assert link.received(answer(asked, 200, "Expires: 300"), now).ready
    return link


def invite(call: str = "c1", caller: str = GUEST, *more: str, branch: str = "", to: str = "") -> bytes:
    lines = ["INVITE sip:190@192.168.1.10:5061 SIP/2.0", "Via: SIP/2.0/UDP 192.168.1.5:5060;rport;branch=z9hG4bK"
             + (branch or call), f"From: {caller};tag=f{call}", f"To: {to or '<sip:190@pbx.example.com>'}",
             f"Call-ID: {call}", "CSeq: 102 INVITE", "Contact: <sip:192.168.1.5:5060>", *more]  # fmt: skip
    return ("\r\n".join(lines) + "\r\n\r\nv=0\r\n").encode()


def then(method: str, first: bytes, *more: str) -> bytes:
    """A CANCEL or an ACK of this INVITE."""
    head, _, rest = (
        first.decode().partition("\r\n\r\n")[0].replace("102 INVITE", f"102 {method}").partition("\r\n")
    )
    return "\r\n".join([head.replace("INVITE", method), rest, *more, "", ""]).encode()


def said(step: Step) -> list[str]:
    lines = [data.decode().partition("\r\n")[0] for data in step.send if isinstance(data, bytes)]
    return [line.removeprefix("SIP/2.0 ") for line in lines if line]


def told(step: Step) -> list[tuple[str, str, str]]:
    return [(event.kind, event.key, event.outcome) for event in step.events]


ELSEWHERE = ('Reason: SIP;cause=200;text="Call completed elsewhere"', "Reason: Q.850;cause=26")
RINGING = ["100 Trying", "180 Ringing"]


# Recordings: what Asterisk 16 and 22 sent to this very link.


def steps(name: str) -> Iterator[tuple[dict[str, Any], Step]]:
    recording = replay.load("sip", name)
    link = registered(T0 - 1, recording["settings"])
    for one in recording["steps"]:
        now = T0 + one["after"]
        yield one, link.received(one["heard"].encode(), now) if "heard" in one else link.tick(now)


@pytest.mark.parametrize("name", replay.names("sip"))
def test_a_recording_says_what_happened_and_is_answered(name: str) -> None:
    for one, step in steps(name):
        assert [replay.shape(event) for event in step.events] == one["events"]
        assert [f"SIP/2.0 {line}" for line in said(step) if line[0].isdigit()] == one["said"]


@pytest.mark.parametrize("name", replay.names("sip"))
def test_a_recording_ends_in_the_calls_that_it_was(name: str) -> None:
    book = replay.Book()
    for _, step in steps(name):
        for event in step.events:
            book.take(event)
    calls = list(book.calls.values())
    wanted = replay.load("sip", name)["calls"]
    assert [replay.facts(call, facts) for call, facts in zip(calls, wanted, strict=True)] == wanted


@pytest.mark.parametrize("name", replay.names("sip"))
def test_the_order_and_losses_of_a_recordings_events_do_not_matter(name: str) -> None:
    happened = [event for _, step in steps(name) for event in step.events]
    for order in replay.orders(happened):
        assert replay.journaled(order) == replay.journaled(happened)
    assert replay.invented(happened) == []


def test_nobody_is_ever_answered() -> None:
    """No 200 to an INVITE: a guest must not talk to a box."""
    for name in replay.names("sip"):
        for _, step in steps(name):
            for data in step.send:
                if isinstance(data, bytes) and data.startswith(b"SIP/2.0 2"):
                    assert read(data).method != "INVITE"


# Ringing


def test_an_invite_rings() -> None:
    step = registered().received(invite(), T0)
    assert said(step) == RINGING
    (event,) = step.events
    assert (event.key, event.kind, event.direction, event.at) == ("c1", RING, IN, T0)
    assert (event.caller, event.name, event.did, event.line) == ("0671112233", "Olena", "", "")
    ringing = read(step.send[1])  # type: ignore[arg-type]
    assert re.fullmatch(r"<sip:190@pbx.example.com>;tag=\w+", ringing.get("to"))
    assert ringing.get("contact") == "<sip:190@192.168.1.10:5061>"


def test_an_invite_that_is_repeated_is_the_same_call() -> None:
    link = registered()
    first = link.received(invite(), T0)
    again = link.received(invite(), T0 + 0.5)
    assert again.send == (first.send[1],)
    assert not again.events


def test_every_via_and_route_comes_back() -> None:
    routed = invite(
        "c1", GUEST, "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKfar", "Record-Route: <sip:10.0.0.2;lr>"
    )
    ringing = read(registered().received(routed, T0).send[1])  # type: ignore[arg-type]
    assert len(ringing.all("via")) == 2
    assert ringing.all("record-route") == ["<sip:10.0.0.2;lr>"]


@pytest.mark.parametrize("reason", [ELSEWHERE, ELSEWHERE[:1], ELSEWHERE[1:], ("Reason: Q.850 ;cause=26",),
                                    ('Reason: Q.850;cause=16, SIP;cause=200;text="x"',),
                                    ('Reason: SIP;cause=600;text="Answered Elsewhere"',)])  # fmt: skip
def test_answered_by_a_colleague_is_not_missed(reason: tuple[str, ...]) -> None:
    link, first = registered(), invite()
    link.received(first, T0)
    step = link.received(then("CANCEL", first, *reason), T0 + 5)
    assert said(step) == ["200 OK", "487 Request Terminated"]
    assert told(step) == [(ANSWER, "c1", "")]
    assert step.events[0].line == ""


@pytest.mark.parametrize("reason", [(), ("Reason: Q.850;cause=127",), ("Reason: Q.850;cause=16;text=x",),
                                    ("Reason: SIP;cause=487",), ("Reason: nonsense",)])  # fmt: skip
def test_given_up_is_missed_at_once(reason: tuple[str, ...]) -> None:
    link, first = registered(), invite()
    link.received(first, T0)
    assert told(link.received(then("CANCEL", first, *reason), T0 + 5)) == [(END, "c1", "missed")]


def test_the_card_of_an_answered_call_goes_after_a_while_and_claims_no_length() -> None:
    link, first = registered(), invite()
    link.received(first, T0)
    book = replay.Book()
    book.take(CallEvent("c1", RING, T0, IN, "0671112233"))
    for event in link.received(then("CANCEL", first, *ELSEWHERE), T0 + 5).events:
        book.take(event)
    assert link.tick(T0 + 5 + sip_rings.TALK - 1).events == ()
    (event,) = link.tick(T0 + 5 + sip_rings.TALK + 1).events
    call = book.take(event)
    assert (call.outcome, call.answered_by, call.line, call.wait, call.talk) == ("answered", "", "", 5.0, 0.0)


def test_a_queue_that_rings_again_is_one_call() -> None:
    link = registered()
    happened: list[CallEvent] = []
    for number in range(3):
        at, one = T0 + number * 9, invite(f"q{number}")
        happened += link.received(one, at).events
        happened += link.received(then("CANCEL", one, "Reason: Q.850;cause=0"), at + 5).events
        happened += link.tick(at + 6).events
    assert [(event.kind, event.key) for event in happened] == [(RING, "q0")]
    assert told(link.tick(T0 + 18 + 5 + sip_rings.RETURNS)) == [(END, "q0", "missed")]


def test_a_queue_without_reasons_is_known_after_its_first_guest() -> None:
    """The first time the call is told as missed and comes again; from then on we wait a moment."""
    link = registered()
    for number, wanted in ((0, [(RING, "a0", ""), (END, "a0", "missed")]), (1, [(RING, "a1", "")]), (2, [])):
        one = invite(f"a{number}")
        happened = told(link.received(one, T0 + number * 6))
        happened += told(link.received(then("CANCEL", one), T0 + number * 6 + 3))
        assert happened == wanted
    assert told(link.tick(T0 + 30)) == [(END, "a1", "missed")]


def test_two_guests_of_a_queue_are_two_calls() -> None:
    link = registered()
    other = '"Taras" <sip:0501112233@pbx.example.com>'
    for number, caller in enumerate((GUEST, other)):
        one = invite(f"q{number}", caller)
        assert told(link.received(one, T0)) == [(RING, f"q{number}", "")]
        link.received(then("CANCEL", one, "Reason: Q.850;cause=0"), T0 + 1)
    assert {event.key for event in link.tick(T0 + 20).events} == {"q0", "q1"}


def test_two_branches_of_one_invite_are_one_call() -> None:
    link = registered()
    one, other = invite(branch="one"), invite(branch="other")
    assert told(link.received(one, T0)) == [(RING, "c1", "")]
    assert said(link.received(other, T0)) == RINGING
    assert told(link.received(then("CANCEL", one), T0 + 5)) == []
    assert told(link.received(then("CANCEL", other), T0 + 5)) == [(END, "c1", "missed")]


def test_a_487_is_repeated_until_it_arrived() -> None:
    link, first = registered(), invite()
    link.received(first, T0)
    link.received(then("CANCEL", first), T0 + 1)
    assert said(link.tick(T0 + 2)) == ["487 Request Terminated"]
    assert said(link.tick(T0 + 3)) == []
    assert said(link.tick(T0 + 6.5)) == ["487 Request Terminated"]
    assert said(link.received(then("CANCEL", first), T0 + 7)) == ["200 OK"]
    assert link.received(then("ACK", first), T0 + 7) is NOTHING
    assert said(link.tick(T0 + 20)) == []


def test_a_cancel_that_never_comes_does_not_ring_for_ever() -> None:
    link = registered()
    link.received(invite(), T0)
    step = link.tick(T0 + sip_rings.DEAF)
    assert "480 Temporarily Unavailable" in said(step)
    assert step.events == ()
    link.tick(T0 + sip_rings.DEAF + 40)
    assert told(link.received(invite(), T0 + 300)) == [(RING, "c1", "")]


def test_nobody_can_fill_our_memory() -> None:
    link = registered()
    for number in range(3 * sip_rings.MOST):
        step = link.received(invite(f"c{number}"), T0)
    assert said(step) == ["486 Busy Here"]
    assert len(link._rings.live) == sip_rings.MOST


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (then("OPTIONS", invite()), "200 OK"),
        (then("NOTIFY", invite()), "200 OK"),
        (then("BYE", invite()), "481 Call/Transaction Does Not Exist"),
        (then("CANCEL", invite()), "481 Call/Transaction Does Not Exist"),
        (then("MESSAGE", invite()), "405 Method Not Allowed"),
        (then("REFER", invite()), "405 Method Not Allowed"),
        (invite(to="<sip:190@x>;tag=old"), "481 Call/Transaction Does Not Exist"),
        (invite("c1", GUEST, "Require: 100rel"), "420 Bad Extension"),
    ],
)
def test_whatever_else_is_asked_is_answered(request_: bytes, code: str) -> None:
    step = registered().received(request_, T0)
    assert said(step) == [code]
    assert step.events == ()


def test_options_say_what_we_can() -> None:
    (data,) = registered().received(then("OPTIONS", invite()), T0).send
    assert read(data).get("allow") == ", ".join(METHODS)  # type: ignore[arg-type]


# Who calls


@pytest.mark.parametrize(
    ("sent", "caller", "name"),
    [
        ((GUEST,), "0671112233", "Olena"),
        (("<sip:+380671112233@x;user=phone>",), "+380671112233", ""),
        (("sip:0671112233@x",), "0671112233", ""),
        (("<tel:+380671112233>",), "+380671112233", ""),
        (('"067 111 22 33" <sip:0671112233@x>',), "0671112233", ""),
        (('"O \\"K\\" <sip:1@x>" <sip:0671112233@x>',), "0671112233", 'O "K" <sip:1@x>'),
        (("Olena K <sip:0671112233@x>",), "0671112233", "Olena K"),
        ((GUEST, 'P-Asserted-Identity: "Shop" <sip:0501112233@x>'), "0501112233", "Shop"),
        ((GUEST, "P-Asserted-Identity: <sip:0501112233@x>"), "0501112233", "Olena"),
        ((GUEST, "Remote-Party-ID: <sip:0501112233@x>;party=calling"), "0501112233", "Olena"),
        ((GUEST, "P-Asserted-Identity: <sip:anonymous@anonymous.invalid>"), "0671112233", "Olena"),
        (('"Anonymous" <sip:anonymous@anonymous.invalid>',), "", ""),
        (("<sip:anonymous@x>", "P-Asserted-Identity: <sip:0501112233@x>"), "0501112233", ""),
        (("<sip:anonymous@x>", "P-Asserted-Identity: <sip:0501112233@x>", "Privacy: id"), "", ""),
        (("<sip:192.168.1.7>",), "", ""),
        (("<sip:asterisk@192.168.1.7>",), "", ""),
        (("<sip:reception@x>",), "", ""),
    ],
)
def test_who_calls(sent: tuple[str, ...], caller: str, name: str) -> None:
    (event,) = registered().received(invite("c1", *sent), T0).events
    assert (event.caller, event.name) == (caller, name)


def test_a_colleague_is_no_guest() -> None:
    (event,) = registered().received(invite("c1", "<sip:101@x>"), T0).events
    assert (event.direction, event.caller) == (INTERNAL, "101")


@pytest.mark.parametrize(
    ("sent", "did"),
    [
        (("To: x",), ""),
        (("Diversion: <sip:0441234567@x>;reason=unconditional",), "0441234567"),
        (("X-DID: 0441234567",), "0441234567"),
        (("P-Called-Party-ID: <sip:+380441234567@x>",), "+380441234567"),
        (("Diversion: <sip:190@x>",), ""),
        (("Diversion: <sip:101@x>",), ""),
    ],
)
def test_the_number_that_was_called_is_read_where_it_is_told(sent: tuple[str, ...], did: str) -> None:
    (event,) = registered().received(invite("c1", GUEST, *sent), T0).events
    assert event.did == did


def test_the_number_that_was_called_may_stand_in_to() -> None:
    (event,) = registered().received(invite(to="<sip:0441234567@x>"), T0).events
    assert event.did == "0441234567"
    own = registered(settings=SETTINGS | {"user": "0441234567"})
    (event,) = own.received(invite(to="<sip:0441234567@x>"), T0).events
    assert event.did == ""


def test_rings_count_under_the_connections_own_name() -> None:
    (event,) = registered(settings=SETTINGS | {"line": "podil"}).received(invite(), T0).events
    assert event.line == "podil"


# Noise

NOISE: list[bytes] = [
    b"", b"\r\n\r\n", b"\0" * 50, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"INVITE", b"INVITE sip:x SIP/2.0",
    b"SIP/2.0 200 OK\r\n\r\n", b"SIP/2.0 999 X\r\nVia: x\r\n\r\n", b"\xff" * 3000, b":\r\n" * 1000,
    b"INVITE sip:x SIP/2.0\r\nVia: x\r\nFrom: x\r\nTo: x\r\nCall-ID: x\r\n\r\n", b"x" * 70_000,
]  # fmt: skip


@pytest.mark.parametrize("data", NOISE, ids=lambda data: ascii(data[:20]))
def test_noise_is_passed_over(data: bytes) -> None:
    assert registered().received(data, T0) is NOTHING


NASTY = ["", "\0", "x" * 5000, "<<<>>>", '"', '"\\', ";tag=", "<sip:", "sip:@@@", "\u202e\u2066", "🍕" * 2000, "٠٦٧",
         "a\tb", ";;;,,,", "9" * 400, "@3", "$x"]  # fmt: skip


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value)[:20])
def test_nasty_values_do_no_harm(value: str) -> None:
    plain = invite("c1", GUEST, "Reason: x", "Privacy: x", "Diversion: x", "Require: ").decode()
    for name in ("Via", "From", "To", "Call-ID", "CSeq", "Contact", "Reason", "Privacy", "Diversion"):
        before, after = re.split(rf"(?m)^{name}: .*?\r", plain, maxsplit=1)
        packet = f"{before}{name}: {value}\r{after}"
        link = registered()
        for method in ("INVITE", "CANCEL", "ACK", "BYE", "OPTIONS"):
            step = link.received(packet.replace("INVITE", method, 1).encode(), T0)
            for event in step.events:
                json.dumps(replay.shape(event)).encode()
                for text in (event.key, event.did, event.name, event.caller or ""):
                    assert text.isprintable()
                    assert len(text) <= 256
                assert len(event.key) <= 64
            for data in step.send:
                assert isinstance(data, bytes)
                assert data.count(b"\r\n\r\n") == 1
                assert data.endswith(b"\r\n\r\n")
        link.tick(T0 + 500)


def test_headers_may_be_short_folded_and_spelled_in_any_way() -> None:
    packet = (
        b"INVITE sip:190@x SIP/2.0\r\nv:SIP/2.0/UDP 1.2.3.4;branch=z9hG4bKx\r\n"
        b'FROM : "Olena"\r\n  <sip:0671112233@x>;tag=1\r\n'
        b"t: <sip:190@x>\r\ni: short\r\ncseq: 1 INVITE\r\n\r\n"
    )
    (event,) = registered().received(packet, T0).events
    assert (event.key, event.caller, event.name) == ("short", "0671112233", "Olena")


# Logging in


def asked_of(step: Step) -> Message:
    (data,) = step.send
    assert isinstance(data, bytes)
    return read(data)


def last(step: Step) -> bytes:
    (data,) = step.send
    assert isinstance(data, bytes)
    return data


CHALLENGE = 'WWW-Authenticate: Digest realm="asterisk",nonce="n1",opaque="o1",algorithm=MD5,qop="auth"'


def test_the_first_request_says_who_and_where_we_are() -> None:
    request = asked_of(SIP.link(SETTINGS).opened(T0, HERE))
    assert (request.method, request.uri) == ("REGISTER", "sip:pbx.example.com")
    assert request.get("contact") == "<sip:190@192.168.1.10:5061>"
    assert request.get("to") == "<sip:190@pbx.example.com>"
    assert "rport" in request.get("via")
    assert request.get("expires") == str(sip_register.LASTS)
    assert not request.get("authorization")


def test_a_challenge_is_answered_with_a_proof() -> None:
    link = SIP.link(SETTINGS)
    first = last(link.opened(T0, HERE))
    second = last(link.received(answer(first, 401, CHALLENGE), T0))
    assert read(second).number == read(first).number + 1
    given = dict(re.findall(r'(\w+)="?([^",]*)"?', read(second).get("authorization")))
    who = hashlib.md5(b"190:asterisk:correct horse").hexdigest()
    what = hashlib.md5(b"REGISTER:sip:pbx.example.com").hexdigest()
    whole = f"{who}:n1:00000001:{given['cnonce']}:auth:{what}"
    assert given["response"] == hashlib.md5(whole.encode()).hexdigest()
    assert (given["opaque"], given["nc"], given["qop"]) == ("o1", "00000001", "auth")
    assert b"correct horse" not in second
    step = link.received(answer(second, 200, "Expires: 120"), T0)
    assert (step.ready, step.live, step.trouble) == (True, frozenset(), "")


def test_the_documented_digests_come_out() -> None:
    """RFC 2617 3.5 and RFC 7616 3.9.1, which have the same question."""
    for kind, response in (
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ):
        asked = {"realm": "http-auth@example.org", "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                 "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", "qop": "auth",
                 "algorithm": kind}  # fmt: skip
        once = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
        told_ = proof(asked, "Mufasa", "Circle of Life", "GET", "/dir/index.html", once)
        assert f'response="{response}"' in told_


def test_of_several_challenges_the_first_that_we_know_is_taken() -> None:
    told_ = ['WWW-Authenticate: Basic realm="x"',
             'WWW-Authenticate: Digest realm="x",nonce="a",algorithm=SHA-512-256',
             'WWW-Authenticate: Digest realm="x",nonce="b",algorithm=SHA-256,qop="auth-int,auth"',
             CHALLENGE]  # fmt: skip
    first = last(SIP.link(SETTINGS).opened(T0, HERE))
    assert challenge(read(answer(first, 401, *told_)))["nonce"] == "b"
    assert challenge(read(answer(first, 401, *told_[:2]))) == {}
    plain = challenge(read(answer(first, 407, 'Proxy-Authenticate: Digest realm="x", nonce="c"')))
    assert "qop" not in proof(plain, "190", "x", "REGISTER", "sip:x")


def test_another_login_and_a_proxys_challenge() -> None:
    link = SIP.link(SETTINGS | {"auth_user": "u-190"})
    first = last(link.opened(T0, HERE))
    told_ = CHALLENGE.replace("WWW-Authenticate", "Proxy-Authenticate")
    second = asked_of(link.received(answer(first, 407, told_), T0))
    assert 'username="u-190"' in second.get("proxy-authorization")


@pytest.mark.parametrize("code", [401, 407, 403, 404])
def test_a_wrong_password_is_told(code: int) -> None:
    link = SIP.link(SETTINGS)
    second = last(link.received(answer(last(link.opened(T0, HERE)), 401, CHALLENGE), T0))
    told_ = CHALLENGE if code == 401 else CHALLENGE.replace("WWW", "Proxy")
    step = link.received(answer(second, code, told_.replace("n1", "n2")), T0)
    assert (step.trouble, step.close, step.ready) == ("login", True, False)
    assert str(code) in step.detail
    assert "horse" not in step.detail


def test_a_proof_that_came_too_late_is_given_again() -> None:
    link = SIP.link(SETTINGS)
    second = last(link.received(answer(last(link.opened(T0, HERE)), 401, CHALLENGE), T0))
    stale = CHALLENGE.replace("n1", "n2") + ", stale=TRUE"
    third = last(link.received(answer(second, 401, stale), T0))
    assert 'nonce="n2"' in read(third).get("authorization")
    fourth = last(link.received(answer(third, 401, stale), T0))
    assert link.received(answer(fourth, 401, stale), T0).trouble == "login"


@pytest.mark.parametrize(
    ("code", "word"), [(503, "refused"), (500, "refused"), (302, "refused"), (408, "refused")]
)
def test_another_no_is_told_with_its_words(code: int, word: str) -> None:
    link = SIP.link(SETTINGS)
    step = link.received(answer(last(link.opened(T0, HERE)), code), T0)
    assert (step.trouble, step.detail, step.close) == (word, f"{code} Whatever", True)


def test_a_login_that_we_do_not_know_is_told() -> None:
    link = SIP.link(SETTINGS)
    step = link.received(answer(last(link.opened(T0, HERE)), 401, 'WWW-Authenticate: Bearer realm="x"'), T0)
    assert (step.trouble, step.close) == ("odd", True)


def test_a_longer_time_is_taken_when_the_registrar_wants_it() -> None:
    link = SIP.link(SETTINGS)
    second = asked_of(link.received(answer(last(link.opened(T0, HERE)), 423, "Min-Expires: 1800"), T0))
    assert second.get("expires") == "1800"


def test_without_an_answer_it_is_asked_again_and_then_given_up() -> None:
    link = SIP.link(SETTINGS)
    first = last(link.opened(T0, HERE))
    sent = [at for at in range(1, 32) if link.tick(T0 + at).send == (first,)]
    assert sent == [1, 3, 7, 11, 15, 19, 23, 27, 31]
    step = link.tick(T0 + 33)
    assert (step.trouble, step.close) == ("unreachable", True)


def test_it_registers_again_in_time_and_a_pbx_that_fell_silent_is_told() -> None:
    link = registered()
    assert link.tick(T0 + 200).send in ((), (sip_register.CRLF,))
    again = last(link.tick(T0 + 241))
    assert read(again).method == "REGISTER"
    assert link.received(answer(again, 200, "Expires: 300"), T0 + 241) == Step()
    assert read(last(link.tick(T0 + 482))).method == "REGISTER"
    step = link.tick(T0 + 520)
    assert (step.trouble, step.close) == ("silent", True)


@pytest.mark.parametrize(
    ("told_", "again"),
    [
        (["Expires: 60"], 48),
        (["Contact: <sip:190@192.168.1.10:5061>;expires=100"], 80),
        (
            [
                "Contact: <sip:190@1.2.3.4>;expires=3600, <sip:190@192.168.1.10:5061>;expires=100",
                "Expires: 999",
            ],
            80,
        ),
        (["Expires: 2"], 20),
        ([], 240),
    ],
)
def test_how_long_it_lasts_is_the_registrars_word(told_: list[str], again: int) -> None:
    link = SIP.link(SETTINGS)
    link.received(answer(last(link.opened(T0, HERE)), 200, *told_), T0)
    assert b"REGISTER" not in b"".join(link.tick(T0 + again - 1).send)  # type: ignore[arg-type]
    assert b"REGISTER" in b"".join(link.tick(T0 + again).send)  # type: ignore[arg-type]


def test_a_router_is_kept_awake() -> None:
    link = registered()
    sent = [at for at in range(1, 100) if link.tick(T0 + at).send == (sip_register.CRLF,)]
    assert sent == [30, 60, 90]


def test_behind_a_router_we_say_the_address_that_the_pbx_sees() -> None:
    link = SIP.link(SETTINGS)
    first = last(link.opened(T0, HERE))
    seen = ";received=203.0.113.7;rport=40123"
    second = asked_of(link.received(answer(first, 401, CHALLENGE, via=seen), T0))
    assert second.get("contact") == "<sip:190@203.0.113.7:40123>"
    assert "192.168.1.10:5061" in second.get("via")


def test_a_foreign_answer_changes_nothing() -> None:
    link = SIP.link(SETTINGS)
    first = last(link.opened(T0, HERE))
    assert link.received(answer(first, 200).replace(read(first).call_id.encode(), b"other"), T0) is NOTHING
    assert link.received(answer(first, 100), T0) is NOTHING
    assert link.received(answer(first, 200, "Expires: 300"), T0).ready
    assert link.received(answer(first, 200, "Expires: 300"), T0) is NOTHING


def test_a_new_connection_forgets_the_login_and_not_the_calls() -> None:
    link = registered()
    link.received(invite(), T0)
    first = last(link.opened(T0 + 10, ("192.168.1.10", 6000)))
    assert read(first).get("contact") == "<sip:190@192.168.1.10:6000>"
    step = link.received(answer(first, 200), T0 + 10)
    assert (step.ready, step.live) == (True, frozenset({"c1"}))


# The journal


def test_a_card_stays_while_nobody_knows_who_talks(parts: Parts, restaurant: Restaurant) -> None:
    account = restaurant()
    trunk = add_trunk(account, "sip").id
    link, first = registered(), invite()

    def take(step: Step) -> tuple[str, str, str]:
        parts.intake.take(account.id, trunk, step.events)
        with reading():
            (call,) = CallRow.select()
        return call.state, call.outcome, call.answered_by

    assert take(link.received(first, T0)) == ("ringing", "", "")
    assert take(link.received(then("CANCEL", first, *ELSEWHERE), T0 + 5)) == ("answered", "", "")
    assert take(link.tick(T0 + 5 + sip_rings.TALK)) == ("ended", "answered", "")


# What the owner sees


def test_it_is_a_connection_and_no_webhook() -> None:
    assert isinstance(SIP, Connects)
    link: Link = SIP.link(SETTINGS | {"port": "5070"})
    assert (link.place.kind, link.place.host, link.place.port) == ("udp", "pbx.example.com", 5070)
    assert SIP.link(SETTINGS | {"port": ""}).place.port == 5060
    with pytest.raises(Refused):
        SIP.verify(None, {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "bad"),
    [("user", "1\r\n2"), ("user", '1"2'), ("user", "a@b"), ("host", "sip:x"), ("port", "99999"), ("secret", "a\nb"),
     ("line", "@3"), ("auth_user", "<x>")],
)  # fmt: skip
def test_a_setting_cannot_become_another_header(name: str, bad: str) -> None:
    check = {field.name: field.check for field in SIP.fields}[name]
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        check(bad)


def test_the_owner_is_warned_where_the_settings_are() -> None:
    hints = [field.hint for field in SIP.fields if field.name == "host"]
    assert "of its own" in hints[0]["en"]
    assert "of its own" in PAGE
    assert f"{int(sip_rings.TALK / 60)} minutes" in PAGE
    assert f"{sip_rings.RETURNS:.0f} seconds" in PAGE


# Over real sockets


class Registrar(threading.Thread):
    """A PBX of forty lines: wants a password, then calls once and takes the call back."""

    def __init__(self, cancel: tuple[str, ...]) -> None:
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)
        self.port = self.socket.getsockname()[1]
        self.cancel, self.heard = cancel, [""]
        self.start()

    def hears(self) -> tuple[bytes, Any]:
        data, place = self.socket.recvfrom(65535)
        self.heard.append(data.decode().partition("\r\n")[0])
        return data, place

    def run(self) -> None:
        data, place = self.hears()
        self.socket.sendto(answer(data, 401, CHALLENGE), place)
        data, place = self.hears()
        right = read(data).get("authorization")
        self.socket.sendto(answer(data, 200 if "response=" in right else 403, "Expires: 60"), place)
        call = invite()
        self.socket.sendto(call, place)
        while "180" not in self.heard[-1]:
            self.hears()
        self.socket.sendto(then("CANCEL", call, *self.cancel), place)
        while "487" not in self.heard[-1]:
            self.hears()
        self.socket.sendto(then("ACK", call), place)
        self.socket.close()


@pytest.mark.parametrize(("cancel", "last_"), [(ELSEWHERE, (ANSWER, "")), ((), (END, "missed"))])
def test_over_real_sockets(cancel: tuple[str, ...], last_: tuple[str, str]) -> None:
    pbx = Registrar(cancel)
    link = SIP.link(SETTINGS | {"host": "127.0.0.1", "port": str(pbx.port)})
    wire = UdpWire(link.place)
    happened: list[CallEvent] = []
    step = link.opened(T0, wire.local)
    while len(happened) < 2:
        for data in step.send:
            wire.send(data)
        heard = wire.receive(5)
        assert heard is not None, pbx.heard
        step = link.received(heard, T0)
        happened += step.events
    for data in step.send:
        wire.send(data)
    pbx.join(5)
    wire.close()
    assert not pbx.is_alive()
    assert [(event.kind, event.outcome) for event in happened] == [(RING, ""), last_]
