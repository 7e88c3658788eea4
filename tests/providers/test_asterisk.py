"""Asterisk and FreePBX: recordings in, calls out; compared with what the phones saw."""

from __future__ import annotations

import json
import random
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.calls import ANSWER, END, IN, INTERNAL, NOTE, OUT, RING, CallEvent, expire
from server.providers import asterisk, asterisk_calls, asterisk_tracker, channels
from server.providers.abilities import Connects, Pastes
from server.providers.asterisk_legs import STATUSES, Leg, became
from server.providers.asterisk_tracker import HANDLERS, Tracker
from server.providers.base import Delivery, Refused
from server.providers.channels import LOCAL, OTHER, PHONE, TRUNK, Channels
from tests import recorded, replay, tapes
from tests.replay import T0
from tests.tapes import Json, Pbx, Told

ASTERISK = asterisk.Asterisk()
PAGE = (Path(__file__).parents[2] / "docs" / "providers" / "asterisk.md").read_text("utf-8")
NAMES = replay.names("asterisk")
WHOLE = {name: replay.load("asterisk", name) for name in NAMES}
REAL = [name for name in NAMES if WHOLE[name]["truth"]]
WATCHED = [name for name in REAL if "notes" not in WHOLE[name]["truth"]]  # by their SIP messages
ONE_CALL = [name for name in NAMES if len(WHOLE[name]["journal"]) == 1]
CLOSE = 0.05  # seconds between what a phone saw and what we heard of it


def told(name: str) -> Told:
    return tapes.told(WHOLE[name])


def journal(pbx: Pbx) -> list[Json]:
    return tapes.facts(pbx.journal())


# What was recorded


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_ends_in_the_calls_that_it_had(name: str) -> None:
    assert journal(tapes.played(WHOLE[name])) == WHOLE[name]["journal"]


@pytest.mark.parametrize("name", NAMES)
def test_the_network_may_cut_anywhere(name: str) -> None:
    whole = tapes.played(WHOLE[name]).events
    for seed in range(5):
        cut = Pbx(tapes.link(), WHOLE[name]["greeting"], random.Random(seed)).connect().plays(told(name))
        assert cut.events == whole


@pytest.mark.parametrize("name", NAMES)
def test_a_message_that_comes_twice_says_nothing_new(name: str) -> None:
    twice = [one for one in told(name) for _ in range(2)]
    assert Pbx(tapes.link()).connect().plays(twice).events == tapes.played(WHOLE[name]).events


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_that_comes_twice_says_nothing_new(name: str) -> None:
    pbx = tapes.played(WHOLE[name])
    once = pbx.events
    assert pbx.plays(told(name)).events == once


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_kept_of_calls_that_are_over(name: str) -> None:
    tracker = Tracker()
    for at, said in tapes.messages(told(name)):
        tracker.step(said, T0 + at)
    assert (len(tracker), len(tracker.channels), tracker._of, tracker.channels._bridges) == (0, 0, {}, {})


# What the phones saw


def near(one: float | None, other: float) -> bool:
    return one is not None and abs(one - other) < CLOSE


def rings(call: Json) -> Iterator[tuple[str, float, float]]:
    for line, (began, stopped) in call["rang"].items():
        yield line, began, stopped


def outside(line: str) -> str:
    return "trunk" if len(line) > 6 else line


@pytest.mark.parametrize("name", REAL)
def test_who_rang_and_from_when_to_when(name: str) -> None:
    calls = journal(tapes.played(WHOLE[name]))
    for phone in WHOLE[name]["truth"]["phones"]:
        if "rang" not in phone or is_the_guest(phone, calls):
            continue
        began, stopped = phone["rang"]
        found = [one for call in calls for one in rings(call) if outside(one[0]) == phone["phone"]]
        assert any(near(one, began) and near(other, stopped) for _, one, other in found), (phone, found)


def is_the_guest(phone: Json, calls: list[Json]) -> bool:
    """The provider's end of an outgoing call rings at the guest's."""
    return phone["phone"] == "trunk" and calls[0]["direction"] == OUT


@pytest.mark.parametrize("name", WATCHED)
def test_nobody_rang_who_did_not(name: str) -> None:
    truth = WHOLE[name]["truth"]
    rang = sorted(phone["phone"] for phone in truth["phones"] if "rang" in phone)
    calls = journal(tapes.played(WHOLE[name]))
    guests = ["trunk" for phone in truth["phones"] if is_the_guest(phone, calls)]
    assert sorted([outside(one[0]) for call in calls for one in rings(call)] + guests) == rang


@pytest.mark.parametrize("name", REAL)
def test_who_answered_and_when(name: str) -> None:
    calls = journal(tapes.played(WHOLE[name]))
    answers = {
        phone["phone"]: phone["answered"] for phone in WHOLE[name]["truth"]["phones"] if "answered" in phone
    }
    for phone, at in answers.items():
        talked = [call for call in calls if phone in (outside(one) for one in talkers(call))]
        if is_the_guest({"phone": phone}, calls):
            assert near(calls[0]["answered"], at)
        else:
            assert talked, phone
            assert any(
                near(call["answered"], at) or near(call["rang"][line(call, phone)][1], at) for call in talked
            )
    if not WHOLE[name]["truth"].get("notes"):
        assert not [call for call in calls if call["outcome"] == "answered" and not answers]


def talkers(call: Json) -> list[str]:
    return [line for line, state in call["legs"].items() if state in ("answered", "moved")]


def line(call: Json, phone: str) -> str:
    return next(one for one in call["rang"] if outside(one) == phone)


@pytest.mark.parametrize("name", REAL)
def test_when_the_caller_was_gone(name: str) -> None:
    calls = journal(tapes.played(WHOLE[name]))
    for caller in WHOLE[name]["truth"]["callers"]:
        if at := caller.get("cancel", caller.get("ended")):
            assert any(near(call["ended"], at) for call in calls), caller


@pytest.mark.parametrize("name", REAL)
def test_who_called_and_which_number(name: str) -> None:
    calls = {call["key"]: call for call in journal(tapes.played(WHOLE[name]))}
    for truth in WHOLE[name]["truth"]["calls"]:
        call, ours = calls.get(truth["key"]), re.fullmatch(r"\d{3}", truth["caller"])
        if not ours:
            assert call
            assert (call["direction"], call["did"]) == (IN, truth["exten"])
            assert call["caller"] == ("" if truth["caller"] == "anonymous" else truth["caller"])
        elif call:
            wanted = (OUT, truth["exten"]) if len(truth["exten"]) > 6 else (INTERNAL, truth["caller"])
            assert truth["exten"] == "s" or (call["direction"], call["caller"]) == wanted


@pytest.mark.parametrize("name", REAL)
def test_a_card_comes_when_the_phone_rings(name: str) -> None:
    """The first word of a call is heard within a twentieth of a second after the phone began to ring."""
    began = [phone["rang"][0] for phone in WHOLE[name]["truth"]["phones"] if "rang" in phone]
    for event in tapes.played(WHOLE[name]).events:
        if event.kind == RING and event.direction == IN:
            assert not began or any(near(event.at - T0, at) for at in began)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("_on_16")])
def test_asterisk_16_tells_the_same_as_22(name: str) -> None:
    def bare(recording: Json) -> list[Json]:
        loose = {"key", "rang", "legs", "started", "answered", "ended"}
        return [
            {word: value for word, value in call.items() if word not in loose}
            | {"legs": sorted(call["legs"].items())}
            for call in recording["journal"]
        ]

    assert bare(WHOLE[name]) == bare(WHOLE[name + "_on_16"])


# A second opinion. https://pypi.org/project/cacofonisk/

DIFFERENT: dict[str, str] = {
    "outgoing": "it names the company's number as the caller, not who dials",
    "placed_by_a_program": "as in outgoing",
    "placed_by_us": "it takes the pipe between the two halves for the caller",
    "placed_by_us_our_phone_is_busy": "as in placed_by_us",
    "placed_by_us_the_guest_is_busy": "it takes our own phone's answer for the guest's",
    "queue_the_guest_gives_up": "the queue's own answer makes it completed; it says elsewhere that the guest gave up",
    "three_calls_and_a_list": "as in queue_the_guest_gives_up",
    "transferred_after_asking": "it tells nothing of the end of the call that asked",
    "internal_to_a_phone_that_is_off": "we are silent about it",
}
REASONS = {
    "completed": "answered",
    "cancelled": "missed",
    "no-answer": "missed",
    "busy": "busy",
    "failed": "failed",
}


def second_opinion(name: str) -> list[Json]:
    """Each call that it saw end: who called, who talked last, what became of it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cacofonisk import BaseReporter, EventHandler
    talked: dict[str, str] = {}
    ended: list[Json] = []

    class Reporter(BaseReporter):  # type: ignore[misc, no-any-unimported]
        def on_up(self, caller: Any, target: Any) -> None:
            talked[caller.linkedid] = target.name

        def on_attended_transfer(self, caller: Any, transferer: Any, target: Any) -> None:
            talked[caller.linkedid] = target.name

        def on_hangup(self, caller: Any, reason: str) -> None:
            by = re.match(r"\w+/(\w+)-", talked.get(caller.linkedid, ""))
            said = {"caller": caller.caller_id.num, "line": by[1] if by else "", "outcome": REASONS[reason]}
            ended.append({"key": caller.linkedid, **said})

    handler = EventHandler(reporter=Reporter())
    for _, text in told(name):
        event = dict((one + ": ").split(": ", 1) for one in text.split("\r\n"))
        event = {word: value.removesuffix(": ") for word, value in event.items()}
        if event.get("Event") in handler.event_handlers():
            handler.on_event(event)
    return sorted(ended, key=lambda call: str(call["key"]))


def ours(name: str) -> list[Json]:
    def said(call: Json) -> Json:
        last = outside(call.get("line", "")) if call["outcome"] == "answered" else ""
        caller = call["caller"] or "anonymous"
        return {"key": call["key"], "caller": caller, "line": last, "outcome": call["outcome"]}

    return sorted(map(said, WHOLE[name]["journal"]), key=lambda call: str(call["key"]))


@pytest.mark.parametrize("name", NAMES)
def test_another_program_says_the_same(name: str) -> None:
    differs = second_opinion(name) != ours(name)
    assert differs == (name.removesuffix("_on_16") in DIFFERENT), (second_opinion(name), ours(name))


# Starting in the middle, and being away

LEARNT_LATE = {"did", "name", "group", "answered_by", "line", "caller"}  # may be untold when we came too late


def part(name: str, left: int, back: int) -> Pbx:
    """Connected all the time but between these two messages; a list is what a list would have been."""
    pbx = Pbx(tapes.link()).connect().plays(told(name)[:left])
    pbx.rows = tapes.Channels().after(told(name)[:back])
    return pbx.connect(told(name)[min(back, len(told(name)) - 1)][0]).plays(told(name)[back:])


def invented(name: str, calls: list[Json]) -> list[str]:
    """Facts that are claimed and not so. `answered_by` may be who had the call when we came."""
    truth = {call["key"]: call for call in WHOLE[name]["journal"]}
    return [line for call in calls for line in _wrong(call, truth.get(call["key"], {}))]


def _wrong(call: Json, truth: Json) -> Iterator[str]:
    for word in ("direction", "outcome", "caller", "did", "name", "group", "line", "answered_by"):
        its, right = call.get(word), truth.get(word)
        if its not in (None, "", "unknown", right, *also_right(word, truth, call)):
            yield f"{word}: {its}, not {right}"
    lines = {outside(one) for one in truth.get("legs", ())}
    for leg, state in call["legs"].items():
        if truth and leg and outside(leg) not in lines:
            yield f"{leg} {state}: was not in the call"


def also_right(word: str, truth: Json, call: Json) -> list[str]:
    """Who had the call when we came; who rang when we were there; the name with what the dialplan put before it."""
    legs = truth.get("legs", {})
    if word == "answered_by":
        return ["trunk", *talkers(truth)] if any(outside(one) == "trunk" for one in legs) else talkers(truth)
    if word == "line":
        return [*legs, "trunk"] if call["outcome"] != "answered" or "0670000099" in legs else talkers(truth)
    if word == "caller" and "caller" in truth:
        return ["0671112233"] if truth["caller"] is None else []
    return ["Q:" + truth["name"]] if word == "name" and "name" in truth else []


@pytest.mark.parametrize("name", NAMES)
def test_who_comes_in_the_middle_invents_nothing(name: str) -> None:
    for back in range(len(told(name))):
        pbx = part(name, 0, back)
        assert invented(name, journal(pbx)) == [], back
        assert all(call.state == "ended" for call in pbx.journal()), back


@pytest.mark.parametrize("name", NAMES)
def test_who_comes_in_the_middle_finds_the_calls_that_there_are(name: str) -> None:
    """Every call with a guest that still goes on is found, by its number and in the right direction."""
    whole = {call["key"]: call for call in WHOLE[name]["journal"] if call["direction"] in (IN, OUT)}
    for back in range(len(told(name))):
        at = told(name)[back][0]
        found = {call["key"]: call for call in journal(part(name, 0, back))}
        for key, call in whole.items():
            if call["started"] < at < call["ended"] - 0.01:
                assert key in found, back
                assert found[key]["direction"] == call["direction"]
                assert found[key]["caller"] in (call["caller"], None), (back, found[key], call)


@pytest.mark.parametrize("name", NAMES)
def test_who_was_away_for_a_while_invents_nothing(name: str) -> None:
    dice = random.Random(11)
    for _ in range(60):
        left, back = sorted(dice.choices(range(len(told(name)) + 1), k=2))
        assert invented(name, journal(part(name, left, back))) == [], (left, back)


def test_the_list_of_a_real_pbx_in_the_middle_of_three_calls() -> None:
    for suffix in ("", "_on_16"):
        recording = WHOLE["three_calls_and_a_list" + suffix]
        rows = [text for _, text in recording["told"] if text.startswith("Event: CoreShowChannel\r\n")]
        last = max(place for place, (_, text) in enumerate(recording["told"]) if "CoreShowChannels" in text)
        pbx = Pbx(tapes.link())
        pbx.rows = rows
        pbx.connect(recording["told"][last][0])
        live = next(step.live for step in pbx.steps if step.live is not None)
        assert live == {call["key"] for call in recording["journal"]}
        said = [(event.kind, event.direction, event.line, event.caller, event.group) for event in pbx.events]
        assert sorted(said) == [
            ("answer", IN, "101", "+380501234567", ""),
            ("ring", IN, "101", "0502222222", "orders"),
            ("ring", IN, "102", "0502222222", "orders"),
            ("ring", INTERNAL, "103", "101", ""),
        ]
        pbx.plays(tapes.told(recording)[last + 1 :])
        for call, truth in zip(journal(pbx), recording["journal"], strict=True):
            same = ("direction", "caller", "did", "outcome", "line", "legs", "group", "ended")
            assert {word: call.get(word) for word in same} == {word: truth.get(word) for word in same}


@pytest.mark.parametrize("name", ["answered_then_the_guest_hangs_up", "three_calls_and_a_list", "outgoing"])
def test_a_pbx_that_restarts_has_no_calls(name: str) -> None:
    half = len(told(name)) // 2
    pbx = Pbx(tapes.link()).connect().plays(told(name)[:half])
    going = [call for call in pbx.journal() if call.state != "ended"]
    assert going
    pbx.connect(60)
    assert [step.live for step in pbx.steps if step.live is not None][-1] == frozenset()
    for call in pbx.journal():
        assert call.state == "ended"
        assert call.outcome == ("answered" if call.answered else "unknown")
    pbx.plays([(at + 60, text) for at, text in told("rang_then_missed")])
    assert pbx.journal()[-1].outcome == "missed"


def test_a_call_that_a_dead_phone_left_is_given_up() -> None:
    """The list shows no trace of it; the PBX had lost its hang-up."""
    opening = [one for one in told("answered_then_the_guest_hangs_up") if "Hangup" not in one[1]]
    pbx = Pbx(tapes.link()).connect().plays(opening)
    assert [call.state for call in pbx.journal()] == ["answered"]
    for second in range(5, 320, 5):
        pbx.tick(second)
    (call,) = pbx.journal()
    assert (call.state, call.outcome, call.line) == ("ended", "answered", "101")


def test_a_call_that_rings_for_long_is_not_given_up() -> None:
    """The journal gives up what it hears nothing of for two minutes."""
    opening = told("queue_the_guest_gives_up")[:28]
    pbx = Pbx(tapes.link()).connect().plays(opening)
    pbx.rows = tapes.Channels().after(opening)
    for second in range(1, 900):
        pbx.tick(second)
        (call,) = pbx.journal()
        assert (call.state, expire(call, T0 + second)) == ("ringing", call), second
    pbx.plays([(900, text) for _, text in told("queue_the_guest_gives_up")[28:]])
    (call,) = pbx.journal()
    assert (call.outcome, set(call.legs)) == ("missed", {"101", "102"})


# Order: a stream keeps it, but what the journal says must not hang on that


@pytest.mark.parametrize("name", ONE_CALL)
def test_the_journal_does_not_depend_on_the_order(name: str) -> None:
    events = tapes.played(WHOLE[name]).events
    for order in replay.orders(events):
        assert replay.journaled(order) == replay.journaled(events)


# Which channel is what


@pytest.mark.parametrize(
    ("label", "context", "number", "kind", "line"),
    [
        ("PJSIP/101-0000002f", "from-internal", "101", PHONE, "101"),
        ("SIP/101-0000002f", "from-internal", "0441234567", PHONE, "101"),
        ("IAX2/102-1234", "from-internal", "", PHONE, "102"),
        ("SCCP/103-00000001", "from-internal", "", PHONE, "103"),
        ("PJSIP/100001-0000002f", "from-internal", "", PHONE, "100001"),
        ("DAHDI/12-1", "from-internal", "112", PHONE, "12"),
        ("SIP/oksana-00000001", "from-internal", "104", PHONE, "104"),
        ("SIP/oksana-00000001", "from-internal-custom", "Oksana", PHONE, "oksana"),
        ("PJSIP/trunk-0000002f", "from-trunk", "0671112233", TRUNK, "trunk"),
        ("PJSIP/my-trunk-0000002f", "macro-dialout-trunk", "", TRUNK, "my-trunk"),
        ("SIP/380441234567-00000001", "default", "", TRUNK, "380441234567"),
        ("PJSIP/123456-00000001", "from-pstn", "", TRUNK, "123456"),
        ("@3/\0-1", "default", "", TRUNK, "trunk"),
        ("PJSIP/77-00000001", "from-pstn-e164-us", "", TRUNK, "77"),
        ("PJSIP/anonymous-00000001", "from-sip-external", "", TRUNK, "anonymous"),
        ("DAHDI/i1/0671112233-1", "from-digital", "", TRUNK, "DAHDI"),
        ("DAHDI/1-1", "from-analog", "", TRUNK, "1"),
        ("Dongle/dongle0-0100000001", "from-trunk-dongle", "", TRUNK, "dongle0"),
        ("PJSIP/gsm1-00000001", "whatever", "", TRUNK, "gsm1"),
        ("Local/101@from-queue-00000001;1", "from-queue", "", LOCAL, ""),
        ("Message/ast_msg_queue", "default", "", OTHER, ""),
        ("Surrogate/PJSIP/101-0000002f", "from-internal", "", OTHER, ""),
        ("Snoop/1795416955.0-00000001", "default", "", OTHER, ""),
    ],
)
def test_a_name_and_where_it_began_say_what_a_channel_is(
    label: str, context: str, number: str, kind: str, line: str
) -> None:
    assert Channels().sort(label, context, number) == (kind, line)


def test_a_trunk_may_look_like_an_extension_when_the_owner_says_so() -> None:
    assert Channels().sort("PJSIP/123456-00000001", "elsewhere", "") == (PHONE, "123456")
    assert Channels(frozenset({"123456"})).sort("PJSIP/123456-00000001", "elsewhere", "") == (TRUNK, "123456")


def renamed(name: str, *changes: tuple[str, str]) -> Told:
    text = json.dumps(told(name), ensure_ascii=False)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(at, said) for at, said in json.loads(text)]


@pytest.mark.parametrize("technology", ["SIP", "IAX2", "SCCP", "KHOMP"])
@pytest.mark.parametrize("name", NAMES)
def test_the_kind_of_phones_does_not_matter(name: str, technology: str) -> None:
    if "PJSIP/" in json.dumps(told(name)):
        pbx = Pbx(tapes.link()).connect().plays(renamed(name, ("PJSIP/", f"{technology}/")))
        assert journal(pbx) == WHOLE[name]["journal"]


def test_a_trunk_with_six_digits_is_known_by_its_context_or_by_the_owner() -> None:
    name = "answered_then_the_guest_hangs_up"
    by_context = Pbx(tapes.link()).connect().plays(renamed(name, ("PJSIP/trunk-", "PJSIP/123456-")))
    assert journal(by_context) == WHOLE[name]["journal"]
    both = renamed(name, ("PJSIP/trunk-", "PJSIP/123456-"), ("from-trunk", "elsewhere"))
    by_owner = Pbx(tapes.link(trunk_names="sip0,123456")).connect().plays(both)
    assert journal(by_owner) == WHOLE[name]["journal"]


def test_chan_sip_begins_calls_a_moment_before_they_ring() -> None:
    """There a channel from outside is made `Down` and becomes `Ring` by the next message."""
    name = "rang_then_missed"
    begun, *rest = told(name)
    down = (
        begun[0],
        begun[1].replace("ChannelState: 4", "ChannelState: 0").replace("Desc: Ring", "Desc: Down"),
    )
    ring = (begun[0], begun[1].replace("Newchannel", "Newstate"))
    pbx = Pbx(tapes.link()).connect().plays([down, ring, *rest])
    assert journal(pbx) == WHOLE[name]["journal"]


# On hold


def held_by(who: str, *words: str) -> list[tuple[str, bool | None]]:
    """What is told of a call when these words come from `who` while it goes on; kind and hold of each event."""
    events = told("answered_then_the_guest_hangs_up")
    entered = {text: at for at, text in events if "Event: BridgeEnter" in text}
    text = next(text for text in entered if f"Channel: PJSIP/{who}-" in text)
    at = 1 + max(entered.values())
    said = [(at, text.replace("Event: BridgeEnter", f"Event: {word}")) for word in words]
    over = next(place for place, (moment, _) in enumerate(events) if moment > at)
    pbx = Pbx(tapes.link()).connect().plays([*events[:over], *said, *events[over:]])
    assert journal(pbx) == WHOLE["answered_then_the_guest_hangs_up"]["journal"]
    return [(event.kind, event.held) for event in pbx.events]


def test_the_phone_that_talks_puts_the_guest_on_hold_and_takes_them_back() -> None:
    assert held_by("101", "Hold", "Hold", "Unhold", "Unhold") == [
        (RING, None), (ANSWER, None), (NOTE, True), (NOTE, False), (END, None),
    ]  # fmt: skip


def test_a_guest_who_puts_us_on_hold_is_no_news() -> None:
    assert held_by("trunk", "Hold", "Unhold") == [(RING, None), (ANSWER, None), (END, None)]


def test_whoever_hangs_up_on_hold_is_gone() -> None:
    assert held_by("101", "Hold") == [(RING, None), (ANSWER, None), (NOTE, True), (END, None)]


# Single facts


def one_call(events: Told, **settings: str) -> Json:
    (call,) = journal(Pbx(tapes.link(**settings)).connect().plays(events))
    return call


def before_ringing(name: str, text: str) -> Told:
    begun, *rest = told(name)
    head = re.sub(r"^Event: Newchannel", text, begun[1])
    return [begun, (begun[0], head), *rest]


@pytest.mark.parametrize(
    ("presentation", "caller"),
    [
        ("0 (Presentation Allowed, Not Screened)", "+380501234567"),
        ("32 (Presentation Prohibited, Not Screened)", ""),
        ("35 (Presentation Prohibited, Network Number)", ""),
        ("67 (Number Unavailable)", "+380501234567"),
        ("", "+380501234567"),
        ("x", "+380501234567"),
    ],
)
def test_a_caller_who_does_not_want_to_be_known_is_not(presentation: str, caller: str) -> None:
    name = "answered_then_the_guest_hangs_up"
    call = one_call(before_ringing(name, f"Event: NewCallerid\r\nCID-CallingPres: {presentation}"))
    assert call["caller"] == caller
    assert call.get("name", "") == ("Ivan Petrenko" if caller else "")


def test_the_number_counts_that_the_trunk_told_first() -> None:
    call = one_call(before_ringing("rang_then_missed", "Event: NewCallerid\r\nCallerIDNum: 999\r\nExten: s"))
    assert (call["caller"], call["did"]) == ("+380501234567", "0440000001")


def test_a_name_that_is_the_number_again_is_none() -> None:
    call = one_call(renamed("rang_then_missed", ("CallerIDName: <unknown>", "CallerIDName: +380 50 1234567")))
    assert "name" not in call


def test_freepbx_names_its_ring_group_by_where_the_call_is() -> None:
    text = "Event: Newstate\r\nContext: ext-group\r\nExten: 601"
    assert one_call(before_ringing("rang_then_missed", text))["group"] == "601"


def test_a_mailbox_is_no_answer() -> None:
    """FreePBX: the phone rings in vain, then the caller talks to macro-vm."""
    events = told("nobody_answers_in_time")
    gone = next(place for place, (_, text) in enumerate(events) if text.startswith("Event: Hangup\r\n"))
    up = events[0][1].replace("Newchannel", "Newstate").replace("ChannelState: 4", "ChannelState: 6")
    mailbox = up.replace("Context: from-trunk", "Context: macro-vm")
    call = one_call([*events[:gone], (12.33, mailbox), *events[gone:]])
    assert (call["outcome"], call.get("answered_by"), "answered" in call) == ("voicemail", None, False)


def test_a_menu_alone_is_a_missed_call() -> None:
    events = [one for one in told("menu_then_a_phone") if "PJSIP/101" not in one[1]]
    call = one_call(events)
    assert (call["direction"], call["outcome"], call["legs"]) == (IN, "missed", {})


def test_a_phone_that_answers_a_machine_has_not_taken_the_call() -> None:
    """A mobile that must press 1 first is up, but not with the guest."""
    events = [one for one in told("freepbx_mobile_answers") if not one[1].startswith("Event: BridgeEnter")]
    call = one_call(events)
    assert (call["outcome"], "answered" in call) == ("missed", False)


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [
        ("NOANSWER", "0", "missed"),
        ("NOANSWER", "21", "declined"),
        ("BUSY", "17", "busy"),
        ("BUSY", "21", "declined"),
        ("CANCEL", "26", "missed"),
        ("CANCEL", "17", "missed"),
        ("CANCEL", "21", "missed"),
        ("CHANUNAVAIL", "20", "failed"),
        ("CONGESTION", "34", "failed"),
        ("TIMEDOUT", "", "missed"),
        ("NEVER HEARD OF", "", "missed"),
    ],
)
def test_what_became_of_a_leg(status: str, cause: str, outcome: str) -> None:
    assert became(Leg(status=status, cause=cause)) == outcome


def test_one_busy_phone_in_a_group_does_not_make_the_call_busy() -> None:
    name = "nobody_answers_in_time"
    busy = [one for one in renamed("busy", ("101", "102")) if "PJSIP/102" in one[1]]
    linked = WHOLE[name]["journal"][0]["key"]
    guest = re.search(r"PJSIP/trunk-\w+", told(name)[0][1])
    moved = [
        (
            0.32,
            re.sub(r"PJSIP/trunk-\w+", guest[0] if guest else "", text).replace(
                WHOLE["busy"]["journal"][0]["key"], linked
            ),
        )
        for _, text in busy
    ]
    call = one_call(sorted([*told(name), *moved], key=lambda one: one[0]))
    assert (call["outcome"], call["legs"]) == ("missed", {"101": "missed", "102": "busy"})


@pytest.mark.parametrize(
    ("dialled", "number"),
    [
        ("0671112233@trunk", "0671112233"),
        ("trunk/0671112233", "0671112233"),
        ("trunk/sip:0671112233@10.0.0.1:5060", "0671112233"),
        ("user:secret@trunk/0671112233", "0671112233"),
        ("g0/w0671112233", "0671112233"),
        ("i1/+380671112233", "+380671112233"),
        ("trunk", "0671112233"),
    ],
)
def test_the_number_dialled_is_found_in_every_spelling(dialled: str, number: str) -> None:
    call = one_call(renamed("outgoing", ("DialString: 0671112233@trunk", f"DialString: {dialled}")))
    assert (call["caller"], call["direction"], call["line"]) == (number, OUT, "101")


def test_a_short_number_through_the_trunk_is_outgoing() -> None:
    call = one_call(renamed("outgoing", ("0671112233", "103")))
    assert (call["caller"], call["direction"]) == ("103", OUT)


def test_a_call_that_no_trunk_took_has_failed() -> None:
    events = [one for one in told("outgoing") if "PJSIP/trunk" not in one[1]]
    call = one_call(events)
    assert (call["caller"], call["direction"], call["outcome"]) == ("0671112233", OUT, "failed")


def test_our_own_call_is_known_by_its_mark() -> None:
    for name in ("placed_by_us", "placed_by_us_on_16"):
        assert {event.mark for event in tapes.played(WHOLE[name]).events} == {"77"}
        assert {event.direction for event in tapes.played(WHOLE[name]).events} == {OUT}


def test_our_own_call_has_the_number_that_was_asked_for() -> None:
    pbx = Pbx(tapes.link()).connect()
    pbx.link.dial("101", "+380671112233", "77", T0)
    pbx.plays(told("placed_by_us"))
    assert {event.caller for event in pbx.events} == {"+380671112233"}


@pytest.mark.parametrize("name", ["placed_by_us", "placed_by_us_our_phone_is_busy"])
def test_our_own_call_tells_whether_the_phone_took_it(name: str) -> None:
    said = [step.dialled for step in tapes.played(WHOLE[name]).steps if step.dialled]
    assert said == [{"77": ""}] if name == "placed_by_us" else [{"77": "failed"}]


def test_who_picks_up_and_hangs_up_at_once_has_answered() -> None:
    """The PBX said so; the two never came into one bridge."""
    events = [
        one for one in told("answered_then_the_guest_hangs_up") if not one[1].startswith("Event: Bridge")
    ]
    call = one_call(events)
    assert (call["outcome"], call["answered_by"], call["answered"]) == ("answered", "101", 1.857)
    outgoing = [one for one in told("outgoing") if not one[1].startswith("Event: Bridge")]
    assert (one_call(outgoing)["outcome"], one_call(outgoing)["answered_by"]) == ("answered", "101")


def test_each_word_tells_what_is_known_until_then() -> None:
    """Our box may be switched off at any moment, and begin anew."""
    ring, answer, *_ = tapes.played(WHOLE["answered_then_the_guest_hangs_up"]).events
    assert ring.rang == (("101", ring.at, ring.at),)
    assert answer.rang[0][:2] == ("101", ring.at)


def test_internal_calls_show_no_card() -> None:
    for name in ("internal", "internal_to_a_phone_that_is_off"):
        assert {event.direction for event in tapes.played(WHOLE[name]).events} <= {INTERNAL}


# Much, and nasty


def test_channels_without_end_do_not_fill_the_memory() -> None:
    tracker = Tracker()
    for number in range(asterisk_tracker.MOST + 500):
        label = f"PJSIP/{'trunk' if number % 2 else 101}-{number:08x}"
        said = {"event": "Newchannel", "channel": label, "uniqueid": f"1.{number}", "linkedid": f"1.{number}"}
        tracker.step({**said, "channelstate": "4", "bridgeuniqueid": f"b{number}"}, T0)
        tracker.step({**said, "event": "BridgeEnter", "bridgeuniqueid": f"b{number}"}, T0)
    assert len(tracker.channels) == asterisk_tracker.MOST
    assert len(tracker) <= asterisk_tracker.MOST
    assert len(tracker.channels._bridges) <= asterisk_tracker.MOST
    for number in range(2 * asterisk_tracker.MOST):
        tracker.step({"event": "Hangup", "uniqueid": f"1.{number}"}, T0)
    assert (len(tracker.channels), len(tracker), len(tracker.channels._bridges)) == (0, 0, 0)
    assert len(tracker.channels._gone) <= channels.MOST_GONE


WORDS = ("channel", "uniqueid", "linkedid", "calleridnum", "calleridname", "exten", "context", "dialstring",
         "dialstatus", "bridgeuniqueid", "queue", "cause", "channelstate", "destchannel", "destuniqueid",
         "destcalleridnum", "cid-callingpres")  # fmt: skip


@pytest.mark.parametrize("name", ["freepbx_mobile_answers", "transferred_after_asking", "queue_one_answers"])
@pytest.mark.parametrize("value", [one for one in recorded.NASTY if isinstance(one, str)], ids=ascii)
def test_nasty_values_do_no_harm(name: str, value: str) -> None:
    clean = value.encode("utf-8", "replace").decode().replace("\r", "").replace("\n", "")
    for word in WORDS:
        tracker = Tracker()
        for at, said in tapes.messages(told(name)):
            for event in tracker.step({**said, word: clean} if word in said else said, T0 + at):
                check(event)


def check(event: CallEvent) -> None:
    json.dumps(replay.shape(event)).encode()
    for text in (event.key, event.did, event.line, event.name, event.caller or "", event.group):
        assert text.isprintable()
        assert len(text) <= 256
    assert len(event.key) <= 64
    assert not event.line.startswith("@")


def test_messages_in_any_order_do_no_harm() -> None:
    dice = random.Random(5)
    everything = [one for name in NAMES for one in told(name)]
    for _ in range(3):
        pbx = Pbx(tapes.link()).connect().plays(dice.sample(everything, len(everything)))
        for event in pbx.events:
            check(event)


# The adapter


def test_it_connects_and_takes_no_webhook() -> None:
    assert isinstance(ASTERISK, Connects)
    assert isinstance(ASTERISK, Pastes)
    assert ASTERISK.reach == {"out"}
    assert ASTERISK.link({}) is None
    with pytest.raises(Refused):
        ASTERISK.verify(Delivery("POST", b"", T0), {})


@pytest.mark.parametrize(
    ("settings", "kind", "port", "trust"),
    [
        ({}, "tcp", 5038, True),
        ({"tls": "no"}, "tcp", 5038, True),
        ({"tls": "yes"}, "tls", 5039, True),
        ({"tls": "any certificate"}, "tls", 5039, False),
        ({"tls": "yes", "port": "6000"}, "tls", 6000, True),
        ({"port": ""}, "tcp", 5038, True),
    ],
)
def test_where_it_connects(settings: dict[str, str], kind: str, port: int, trust: bool) -> None:
    place = tapes.link(**settings).place
    assert (place.kind, place.host, place.port, place.trust) == (kind, "192.168.1.5", port, trust)


FIELDS = {field.name: field for field in ASTERISK.fields}


def test_the_password_is_a_secret() -> None:
    assert [name for name, field in FIELDS.items() if field.secret] == ["secret"]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("trunk_names", " PJSIP/123456, gsm1 ,", "123456,gsm1"),
        ("trunk_names", "", ""),
        ("dial_context", " from-internal ", "from-internal"),
        ("host", " PBX.lan ", "pbx.lan"),
        ("port", "05038", "5038"),
    ],
)
def test_settings_are_cleaned(field: str, typed: str, kept: str) -> None:
    assert FIELDS[field].check(typed) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("trunk_names", "a b"),
        ("dial_context", "a,b"),
        ("dial_context", "x\r\nAction: y"),
        ("host", "http://pbx.lan/"),
        ("port", "0"),
        ("home_code", "+38"),
        ("user", "a b"),
        ("secret", "a\r\nb"),
    ],
)
def test_settings_that_cannot_be_are_refused(field: str, typed: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - what it must be stands in the field
        FIELDS[field].check(typed)


def test_what_is_pasted_has_the_least_rights_and_no_password() -> None:
    lines, reload = ASTERISK.pastes(tapes.SETTINGS, "")
    assert lines.title == "/etc/asterisk/manager_custom.conf"
    assert "[dzvinok]\n" in lines.text
    assert "read = call,agent\n" in lines.text
    assert "write = reporting,originate\n" in lines.text
    assert "deny = 0.0.0.0/0.0.0.0\n" in lines.text
    assert tapes.SETTINGS["secret"] not in lines.text
    assert "manager reload" in reload.text
    (own, _) = ASTERISK.pastes({"host": "127.0.0.1", "user": "box"}, "")
    assert "permit = 127.0.0.1/255.255.255.255" in own.text
    assert "[box]" in own.text


# The page


def test_the_page_names_every_word() -> None:
    for word in (*HANDLERS, *STATUSES, *channels.TECHNOLOGIES, asterisk_tracker.GROUP, "CoreShowChannels"):
        assert f"`{word}" in PAGE, word
    for field in ASTERISK.fields:
        assert field.label["en"] in PAGE, field.name
    for paste in ASTERISK.pastes({}, ""):
        for line in paste.text.strip().splitlines():
            assert line.split(" = ")[0] in PAGE, line


def test_ours_is_found_in_the_id_of_a_call() -> None:
    assert asterisk_calls.MARK.match("dzvinok-77-1795436400")
    assert not asterisk_calls.MARK.match("dzvinok-77-1795436400-2")
    assert not asterisk_calls.MARK.match("1795436400.77")


def test_an_end_tells_everything_at_once() -> None:
    """Whoever hears nothing but the end knows the whole call."""
    for name in ONE_CALL:
        end = tapes.played(WHOLE[name]).events[-1]
        assert end.kind == END
        (alone,) = tapes.facts([replay.final([end])])  # type: ignore[list-item]
        whole = WHOLE[name]["journal"][0]
        for word in (
            "direction",
            "caller",
            "did",
            "outcome",
            "legs",
            "rang",
            "started",
            "answered",
            "ended",
            "group",
        ):
            assert alone.get(word) == whole.get(word), (name, word)
