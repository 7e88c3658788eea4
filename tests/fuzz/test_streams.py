"""What a PBX says on a connection of ours: cut anywhere, broken, endless, out of turn. It stays a conversation."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.providers import PROVIDERS, ami, sip_messages
from server.providers.abilities import TROUBLES, DialsItself, HangsUpItself, Step
from tests import replay, tapes
from tests.fuzz import mutants
from tests.fuzz.effort import tries
from tests.fuzz.test_companies import can_be_kept, is_a_line
from tests.replay import T0

HERE = ("192.168.1.9", 40000)
SETTINGS = {
    "asterisk": tapes.SETTINGS,
    "sip": {"host": "127.0.0.1", "user": "104", "secret": "x"},
    "binotel": {"ws_key": "k", "ws_secret": "s", "company_id": "12345"},
    "sipuni": {"key": "k"},
}  # fmt: skip
MOST_KEPT = 2 * 1024 * 1024  # bytes that a link may hold on to, whatever it is told


def linked(name: str) -> Any:
    link = PROVIDERS[name].link(SETTINGS[name])  # type: ignore[attr-defined]
    assert link is not None, "these settings open no connection"
    return link


def spoken(name: str) -> list[bytes]:
    """What was recorded on such a connection."""
    if name in ("binotel", "sipuni"):
        return [frame.encode() for frame in FRAMES[name]]
    told: list[bytes] = [b"Asterisk Call Manager/11.0.0\r\n", b"Response: Success\r\nActionID: login\r\n\r\n"]
    for recording in replay.names(name):
        whole = replay.load(name, recording)
        if name == "asterisk":
            told += [text.encode() + b"\r\n\r\n" for _, text in whole["told"]]
        else:
            told += [one["heard"].encode() for one in whole["steps"] if "heard" in one]
    return told


CALL = '"generalCallID":"5120034567","callType":"0","externalNumber":"0671112233","internalNumbers":["901"]'
RING = '{"event":"1","call_id":"7","src_num":"0671112233","dst_num":"101","timestamp":"1795436400"}'
FRAMES = {
    "binotel": [
        "Please authorise",
        "ok",
        f'{{"eventName":"receivedTheCall",{CALL}}}',
        f'{{"eventName":"answeredTheCall",{CALL}}}',
        f'{{"eventName":"hangupTheCall",{CALL},"disposition":"ANSWER"}}',
    ],
    "sipuni": [
        '{"action":"auth","status":1}',
        f'{{"action":"notify","request":{RING}}}',
        json.dumps({"action": "notify", "request": RING.replace('"1"', '"2"')}),
    ],
}


@st.composite
def sayings(draw: st.DrawFn, name: str) -> bytes:
    """Something that was really said, as it was or spoilt; or noise."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.one_of(st.binary(max_size=300), mutants.deep.map(str.encode)))
    said = draw(st.sampled_from(TAPES[name]))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(said)))
        to = draw(st.integers(at, min(len(said), at + 60)))
        piece = draw(
            st.one_of(st.binary(max_size=12), mutants.texts.map(lambda text: text.encode("utf-8", "replace")))
        )
        said = draw(
            st.sampled_from(
                [said[:at] + piece + said[to:], said[:at], said[at:], said + said, swapped(said, piece)]
            )
        )
    return said


def swapped(said: bytes, value: bytes) -> bytes:
    """One header, or one value in a frame, is another."""
    lines = said.split(b"\r\n")
    place = len(value) % len(lines)
    name, colon, _ = lines[place].partition(b":")
    return b"\r\n".join([*lines[:place], name + colon + b" " + value, *lines[place + 1 :]])


TAPES = {name: spoken(name) for name in SETTINGS}


def is_a_step(step: Step, now: float) -> None:
    assert step.trouble in {"", *TROUBLES}
    is_a_line(step.detail)
    assert len(step.detail) <= 200
    assert len(step.strange) <= 200
    for event in step.events:
        can_be_kept(event, now)
    for data in step.send:
        raw = data.encode() if isinstance(data, str) else data
        assert len(raw) < 70_000
    for mark, why in step.dialled.items():
        is_a_line(why)
        assert isinstance(mark, str)


@pytest.mark.parametrize("name", sorted(SETTINGS))
@tries(30)
@given(data=st.data())
def test_whatever_is_said_is_a_step(name: str, data: st.DataObject) -> None:
    link, now = linked(name), T0
    is_a_step(link.opened(now, HERE), now)
    for said in data.draw(st.lists(sayings(name), max_size=14)):
        now += data.draw(st.sampled_from([0.0, 0.01, 1.0, 20.0, 400.0, -5.0]))
        what = data.draw(st.sampled_from(["say", "say", "say", "say", "tick", "reopen", "dial", "hang up"]))
        if what == "tick":
            is_a_step(link.tick(now), now)
        elif what == "reopen":
            is_a_step(link.opened(now, HERE), now)
        elif what == "dial" and isinstance(link, DialsItself):
            line, number = data.draw(mutants.texts), data.draw(mutants.texts)
            is_a_step(link.dial(line, number, data.draw(st.sampled_from(["7", "m1", "a-b"])), now), now)
        elif what == "hang up" and isinstance(link, HangsUpItself):
            is_a_step(link.hang_up_now(data.draw(mutants.texts), now), now)
        else:
            for piece in pieces(link, said, data):
                is_a_step(link.received(piece, now), now)


def pieces(link: Any, said: bytes, data: st.DataObject) -> Iterator[bytes | str]:
    """Frames come whole, as text; a stream ends anywhere, in the middle of a letter too."""
    if link.place.kind == "ws":
        yield said.decode("utf-8", "replace")
        return
    at = data.draw(st.integers(0, len(said)))
    yield from (said[:at], said[at:])


@tries(60)
@given(data=st.data())
def test_where_a_stream_is_cut_changes_nothing(data: st.DataObject) -> None:
    said = b"".join(data.draw(st.lists(sayings("asterisk"), max_size=6)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(said)), max_size=6)))
    assert cut_up(said, cuts) == cut_up(said, [])


def cut_up(said: bytes, cuts: list[int]) -> tuple[list[ami.Message], bool]:
    frames, found = ami.Frames(frozenset({"Newchannel", "Hangup", "DialBegin"})), []
    try:
        for begin, end in zip([0, *cuts], [*cuts, len(said)], strict=True):
            found += list(frames.feed(said[begin:end]))
    except ami.Odd:
        return found, True
    return found, False


@tries(100)
@given(data=st.data())
def test_what_we_answer_to_sip_has_no_line_that_somebody_else_wrote(data: st.DataObject) -> None:
    message = sip_messages.read(data.draw(sayings("sip")))
    if message is None or message.code:
        return
    raw = sip_messages.reply(message, 200, "tag")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert body == b""
    names = {line.split(b":")[0] for line in head.split(b"\r\n")[1:]}
    assert names <= {
        b"Via",
        b"Record-Route",
        b"From",
        b"To",
        b"Call-ID",
        b"CSeq",
        b"Server",
        b"Content-Length",
    }
    assert b"\n" not in head.replace(b"\r\n", b"")


ENDLESS = {
    "a greeting": (b"Asterisk Call Manager/11.0.0", b"x" * 65_000),
    "a line": (b"Asterisk Call Manager/11.0.0\r\nEvent: Newchannel\r\n", b"x" * 65_000),
    "a message": (b"Asterisk Call Manager/11.0.0\r\nEvent: Newchannel\r\n", b"Channel: SIP/1\r\n" * 4000),
    "blank lines": (b"Asterisk Call Manager/11.0.0\r\n", b"\r\n" * 30_000),
    "names": (b"Asterisk Call Manager/11.0.0\r\n", b"".join(b"Response: x\r\nN%d: x\r\n\r\n" % n for n in range(500))),
}  # fmt: skip


@pytest.mark.parametrize("name", ["asterisk", "sip", "binotel", "sipuni"])
@pytest.mark.parametrize("kind", sorted(ENDLESS))
def test_what_has_no_end_is_not_kept(name: str, kind: str) -> None:
    """Six megabytes of it; a link that hangs up has done its part."""
    link, (first, more) = linked(name), ENDLESS[kind]
    link.opened(T0, HERE)
    tracemalloc.start()
    try:
        for number in range(100):
            said = (first if not number else b"") + more
            step = link.received(said.decode() if link.place.kind == "ws" else said, T0 + number / 1000)
            if step.close:
                break
        assert tracemalloc.get_traced_memory()[0] < MOST_KEPT
    finally:
        tracemalloc.stop()
