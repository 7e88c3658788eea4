"""Asterisk's manager interface on the wire: framing, letters, the way in, pings, lists, what is allowed."""

from __future__ import annotations

import hashlib
import random
import re

import pytest

from server.providers import ami
from server.providers.abilities import DialsItself, HangsUpItself, Step
from server.providers.asterisk_link import (
    AGAIN,
    ANSWERS_WITHIN,
    EVENTS,
    LETS_IN_WITHIN,
    LIST_EVERY,
    PING_EVERY,
    REASONS,
    AsteriskLink,
)
from tests import replay, tapes
from tests.replay import T0
from tests.tapes import Pbx

HELLO = b"Asterisk Call Manager/11.0.0\r\n"
NEW = "Event: Newchannel\r\nChannel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\nCallerIDName: Їжак 🦔"


def frames(*events: str) -> ami.Frames:
    return ami.Frames(frozenset(events or ("Newchannel",)))


def asked(pbx: Pbx) -> list[str]:
    return [said["action"] for said in pbx.heard]


def troubles(pbx: Pbx) -> list[tuple[str, str]]:
    return [(step.trouble, step.detail) for step in pbx.steps if step.trouble]


# Framing


def test_a_greeting_without_end_is_no_asterisk() -> None:
    cut = frames()
    assert list(cut.feed(HELLO.strip())) == []
    with pytest.raises(ami.Odd):
        list(cut.feed(b"x" * 600))


def test_a_message_ends_with_a_blank_line() -> None:
    cut = frames()
    assert list(cut.feed(HELLO + NEW.encode() + b"\r\n")) == []
    (said,) = cut.feed(b"\r\n")
    assert (said["event"], said["uniqueid"], said["calleridname"]) == ("Newchannel", "1.1", "Їжак 🦔")
    assert cut.greeting == "Asterisk Call Manager/11.0.0"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_segments_may_end_within_a_letter(size: int) -> None:
    cut, data = frames(), HELLO + (NEW + "\r\n\r\n").encode() * 3
    found = [said for at in range(0, len(data), size) for said in cut.feed(data[at : at + size])]
    assert [said["calleridname"] for said in found] == ["Їжак 🦔"] * 3


def test_names_of_headers_are_of_any_case_and_values_may_have_colons() -> None:
    assert ami.read(b"EVENT: Hangup\r\nuniqueID:1.1\r\nCause-txt: a: b") == {
        "event": "Hangup",
        "uniqueid": "1.1",
        "cause-txt": "a: b",
    }


def test_of_a_header_that_repeats_the_first_counts() -> None:
    """Whoever smuggles a line into a name of a call does not overwrite what Asterisk itself said."""
    assert (
        ami.read(b"Event: Hangup\r\nUniqueid: 1.1\r\nCallerIDName: x\r\nUniqueid: 9.9")["uniqueid"] == "1.1"
    )


def test_what_nobody_wants_is_not_read() -> None:
    said = list(
        frames().feed(HELLO + b"Event: VarSet\r\nValue: x\r\n\r\nEvent: Newchannel\r\nUniqueid: 1\r\n\r\n")
    )
    assert [one["event"] for one in said] == ["Newchannel"]


def test_blank_lines_between_messages_are_nothing() -> None:
    assert (
        len(list(frames().feed(HELLO + b"\r\n\r\n\r\nEvent: Newchannel\r\nUniqueid: 1\r\n\r\n\r\n\r\n"))) == 1
    )


def test_letters_that_are_broken_are_replaced() -> None:
    assert ami.read(b"CallerIDName: \xd0\xff")["calleridname"] == "\ufffd\ufffd"


@pytest.mark.parametrize(
    "data", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"220 mail\r\n"]
)
def test_another_service_on_that_port_is_odd(data: bytes) -> None:
    link = tapes.link()
    link.opened(T0, ("", 0))
    step = link.received(data, T0)
    assert (step.trouble, step.detail, step.close) == ("odd", data.decode().strip(), True)
    assert not step.send


def test_a_greeting_may_come_in_pieces() -> None:
    cut = frames()
    for byte in HELLO:
        assert list(cut.feed(bytes([byte]))) == []
    assert cut.greeting


def test_a_message_without_an_end_is_odd() -> None:
    link = tapes.link()
    link.opened(T0, ("", 0))
    step = link.received(HELLO + b"x" * (ami.LONGEST + 1), T0)
    assert (step.trouble, step.close) == ("odd", True)


def test_random_bytes_do_no_harm() -> None:
    dice = random.Random(3)
    for _ in range(300):
        link = tapes.link()
        link.opened(T0, ("", 0))
        link.received(HELLO, T0)
        link.received(dice.randbytes(dice.randint(0, 400)).replace(b"\n", b"\r\n\r\n"), T0)


def test_a_value_cannot_begin_a_line_of_its_own() -> None:
    said = ami.action("Originate", "1", ("Exten", "067\r\nAction: Command\r\nCommand: stop"))
    assert said.count(b"\r\n") == 4
    assert b"\r\nAction: Command" not in said


# The way in


def test_the_secret_is_not_sent() -> None:
    pbx = Pbx(tapes.link()).connect()
    assert asked(pbx) == ["Challenge", "Login", "CoreShowChannels"]
    login = pbx.heard[1]
    assert login["key"] == hashlib.md5((tapes.CHALLENGE + "correct horse").encode()).hexdigest()
    assert (login["username"], login["events"], login["authtype"]) == ("dzvinok", "call,agent", "MD5")
    assert "secret" not in login
    assert [step.ready for step in pbx.steps].count(True) == 1


def test_a_pbx_without_challenges_is_told_the_secret() -> None:
    pbx = Pbx(tapes.link())
    pbx.refuses = {"Challenge": "Invalid/unknown command"}
    pbx.connect()
    assert pbx.heard[1]["secret"] == "correct horse"
    assert any(step.ready for step in pbx.steps)


@pytest.mark.parametrize("challenge", [True, False])
def test_a_wrong_password_is_the_owners_trouble(challenge: bool) -> None:
    pbx = Pbx(tapes.link(secret="wrong"))
    pbx.refuses = {} if challenge else {"Challenge": "no"}
    pbx.connect()
    assert troubles(pbx) == [("login", "Authentication failed")]
    assert any(step.close for step in pbx.steps)
    assert not any(step.ready for step in pbx.steps)
    assert "wrong" not in repr([step.detail for step in pbx.steps])


def test_events_before_the_login_are_not_believed() -> None:
    pbx = Pbx(tapes.link())
    pbx.refuses = {"Challenge": ""}
    pbx.connect()
    pbx.plays(tapes.told(replay.load("asterisk", "rang_then_missed")))
    assert pbx.events == []


def test_nobody_answers_the_door() -> None:
    link = tapes.link()
    link.opened(T0, ("", 0))
    assert link.tick(T0 + LETS_IN_WITHIN) == Step()
    late = link.tick(T0 + LETS_IN_WITHIN + 1)
    assert (late.trouble, late.close) == ("silent", True)


def test_a_second_connection_begins_at_the_door_again() -> None:
    pbx = Pbx(tapes.link()).connect()
    pbx.send("Event: Newchan", 1)  # cut in the middle of a word
    pbx.connect(2)
    assert asked(pbx) == ["Challenge", "Login", "CoreShowChannels"] * 2


# Staying


def test_it_pings_and_is_content_with_any_answer() -> None:
    pbx = Pbx(tapes.link()).connect()
    for second in range(1, 200):
        pbx.tick(second)
    assert asked(pbx).count("Ping") == 199 // PING_EVERY
    assert troubles(pbx) == []


def test_a_pbx_that_answers_nothing_is_left() -> None:
    pbx = Pbx(tapes.link()).connect()
    pbx.refuses = {"Ping": ""}
    for second in range(1, 60):
        pbx.tick(second)
        if troubles(pbx):
            break
    assert second == PING_EVERY + ANSWERS_WITHIN + 1
    assert troubles(pbx) == [("silent", "")]
    assert pbx.steps[-1].close


def test_the_list_is_asked_for_now_and_then() -> None:
    pbx = Pbx(tapes.link()).connect()
    for second in range(1, 1000):
        pbx.tick(second)
    assert asked(pbx).count("CoreShowChannels") == 2 + (999 - AGAIN) // LIST_EVERY
    assert all(step.live == frozenset() for step in pbx.steps if step.live is not None)


def test_a_list_that_never_ends_is_asked_for_again() -> None:
    pbx = Pbx(tapes.link())
    pbx.refuses = {"CoreShowChannels": ""}
    pbx.connect()
    pbx.refuses = {}
    for second in range(1, 302):
        pbx.tick(second)
    assert [step.live for step in pbx.steps if step.live is not None] == [frozenset()]


def test_rows_of_an_older_list_do_not_count() -> None:
    link = tapes.link()
    pbx = Pbx(link).connect()
    pbx.says("Event: CoreShowChannelsComplete\r\nActionID: list-0", 1)
    pbx.says("Event: CoreShowChannelsComplete", 1)
    assert [step.live for step in pbx.steps].count(frozenset()) == 1


def test_a_call_too_young_for_the_list_is_looked_for_again() -> None:
    pbx = Pbx(tapes.link()).connect()
    opening = tapes.told(replay.load("asterisk", "rang_then_missed"))[:12]
    for second in range(1, 306):
        pbx.tick(second)
    pbx.plays([(305, text) for _, text in opening])
    pbx.tick(306)
    assert [event.kind for event in pbx.events] == ["ring"]
    pbx.tick(306 + AGAIN)
    assert [(event.kind, event.outcome) for event in pbx.events] == [("ring", ""), ("end", "unknown")]
    lives = [step.live for step in pbx.steps if step.live is not None]
    assert lives[-2:] == [{"1795416964.4"}, frozenset()]


def test_soon_after_a_login_the_list_is_asked_for_once_more() -> None:
    """The journal keeps calls that it heard of in the last seconds: a box that came back must say it again."""
    pbx = Pbx(tapes.link()).connect()
    for second in range(1, 60):
        pbx.tick(second)
    assert asked(pbx).count("CoreShowChannels") == 2


# What is allowed


def test_without_the_right_to_list_it_works_and_says_so() -> None:
    pbx = Pbx(tapes.link())
    pbx.refuses = {"CoreShowChannels": "Permission denied"}
    pbx.connect()
    assert troubles(pbx) == [("rights", "write=reporting")]
    assert not any(step.close for step in pbx.steps)
    pbx.plays(tapes.told(replay.load("asterisk", "rang_then_missed")))
    assert [event.kind for event in pbx.events] == ["ring", "end"]


def test_without_the_right_to_hear_calls_the_list_gives_it_away() -> None:
    pbx = Pbx(tapes.link()).connect()
    rows = tapes.Channels().after(tapes.told(replay.load("asterisk", "rang_then_missed"))[:12])
    pbx.rows = [re.sub(r"duration: [\d:]+", "duration: 00:00:09", row) for row in rows]
    for second in range(1, 302):
        pbx.tick(second)
    assert ("rights", "read=call") in troubles(pbx)


def test_a_call_that_began_before_us_is_no_sign_of_missing_rights() -> None:
    pbx = Pbx(tapes.link())
    rows = tapes.Channels().after(tapes.told(replay.load("asterisk", "rang_then_missed"))[:12])
    pbx.rows = [re.sub(r"duration: [\d:]+", "duration: 00:00:09", row) for row in rows]
    pbx.connect()
    for second in range(1, 302):
        pbx.tick(second)
    assert troubles(pbx) == []


# Calls that we place


def dialling(pbx: Pbx, line: str = "101", number: str = "+380671112233", mark: str = "77") -> Step:
    step = pbx.link.dial(line, number, mark, T0 + 1)
    pbx.took(step, 1)
    return step


def test_it_dials_and_does_not_hang_up() -> None:
    link = tapes.link()
    assert isinstance(link, DialsItself)
    assert not isinstance(link, HangsUpItself)


def test_our_call_is_asked_for_under_our_own_name() -> None:
    pbx = Pbx(tapes.link()).connect()
    dialling(pbx)
    said = pbx.heard[-1]
    assert said == {
        "action": "Originate",
        "actionid": "dial-77",
        "channel": "Local/101@from-internal/n",
        "channelid": f"dzvinok-77-{int(T0) + 1}",
        "otherchannelid": f"dzvinok-77-{int(T0) + 1}-2",
        "context": "from-internal",
        "exten": "380671112233",
        "priority": "1",
        "callerid": '"380671112233" <380671112233>',
        "timeout": "30000",
        "async": "true",
    }


@pytest.mark.parametrize(
    ("home", "number", "spelled"),
    [
        ("", "+380671112233", "380671112233"),
        ("380", "+380671112233", "0671112233"),
        ("48", "+48512345678", "512345678"),
        ("7", "+77011234567", "87011234567"),
        ("380", "+48512345678", "48512345678"),
        ("380", "+380", "380"),
    ],
)
def test_a_number_is_dialled_as_the_country_dials(home: str, number: str, spelled: str) -> None:
    pbx = Pbx(tapes.link(home_code=home, dial_context="outgoing")).connect()
    dialling(pbx, number=number)
    assert (pbx.heard[-1]["exten"], pbx.heard[-1]["context"]) == (spelled, "outgoing")
    assert pbx.heard[-1]["channel"] == "Local/101@outgoing/n"


@pytest.mark.parametrize("line", ["", "101@evil", "101/n", "101&102", "1 2", "101\r\nAction: x"])
def test_a_line_that_is_none_is_not_dialled(line: str) -> None:
    pbx = Pbx(tapes.link()).connect()
    assert dialling(pbx, line=line).dialled == {"77": "impossible"}
    assert "Originate" not in asked(pbx)


@pytest.mark.parametrize(
    ("message", "trouble"),
    [("Extension does not exist.", []), ("Permission denied", [("rights", "write=originate")])],
)
def test_a_refusal_is_told(message: str, trouble: list[tuple[str, str]]) -> None:
    pbx = Pbx(tapes.link()).connect()
    pbx.refuses = {"Originate": message}
    dialling(pbx)
    assert [step.dialled for step in pbx.steps if step.dialled] == [{"77": message}]
    assert troubles(pbx) == trouble


@pytest.mark.parametrize("reason", [*REASONS, "", "99"])
def test_our_phone_did_not_take_the_call(reason: str) -> None:
    pbx = Pbx(tapes.link()).connect()
    dialling(pbx)
    pbx.says(f"Event: OriginateResponse\r\nActionID: dial-77\r\nResponse: Failure\r\nReason: {reason}", 20)
    assert pbx.steps[-1].dialled == {"77": REASONS.get(reason, "failed")}


def test_our_phone_took_the_call() -> None:
    pbx = Pbx(tapes.link()).connect()
    dialling(pbx)
    pbx.says("Response: Success\r\nActionID: dial-77\r\nMessage: Originate successfully queued", 1)
    pbx.says("Event: OriginateResponse\r\nActionID: dial-77\r\nResponse: Success\r\nReason: 4", 3)
    assert [step.dialled for step in pbx.steps if step.dialled] == [{"77": ""}]


def test_calls_placed_by_others_are_not_ours() -> None:
    pbx = Pbx(tapes.link()).connect()
    for mark in ("", "\r\nActionID: crm-5", "\r\nActionID: dial-"):
        pbx.says(f"Event: OriginateResponse{mark}\r\nResponse: Failure\r\nReason: 5", 3)
    assert not any(step.dialled for step in pbx.steps)


def test_what_is_heard_is_what_is_read() -> None:
    assert {"Newchannel", "DialBegin", "Hangup", "CoreShowChannel", "OriginateResponse"} <= EVENTS
    assert "VarSet" not in EVENTS
    assert isinstance(tapes.link(), AsteriskLink)
