"""The rules of a call, as facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations

import pytest

from server.calls import (
    ANSWER,
    ANSWERED,
    END,
    ENDED,
    IN,
    MISS,
    MOVED,
    NOTE,
    OUT,
    OUTCOMES,
    RING,
    RINGING,
    STEPS,
    TRANSFER,
    Call,
    CallEvent,
    expire,
    is_next,
    step,
)

T0 = 1795436400.0
GUEST, DID = "0671112233", "0441234567"
NEW = Call(id="c", account=1, trunk=1, key="k")


def event(kind: str, at: float = 0, **facts: object) -> CallEvent:
    return CallEvent("k", kind, T0 + at, **facts)  # type: ignore[arg-type]


def ring(at: float = 0, **facts: object) -> CallEvent:
    return event(RING, at, **{"direction": IN, "caller": GUEST, "did": DID} | facts)


def answer(line: str = "901", at: float = 9) -> CallEvent:
    return event(ANSWER, at, direction=IN, caller=GUEST, line=line)


def end(outcome: str = "", at: float = 50, **facts: object) -> CallEvent:
    return event(END, at, outcome=outcome, **facts)


def record(outcome: str, line: str, *legs: tuple[str, str], **facts: object) -> CallEvent:
    told = {"direction": IN, "caller": GUEST, "did": DID, "started": T0, "ended": T0 + 50.0} | facts
    return end(outcome, 52, line=line, legs=legs or ((line, outcome),), **told)


def play(*events: CallEvent, call: Call = NEW) -> Call:
    for one in events:
        call = step(call, one)
    return call


def facts(call: Call) -> tuple[object, ...]:
    return (call.state, call.outcome, call.caller, call.did, call.line, call.answered_by, call.direction)


# What a restaurant sees on an ordinary day


def test_a_ring_rings() -> None:
    call = play(ring())
    assert facts(call) == (RINGING, "", GUEST, DID, "", "", IN)
    assert (call.started, call.version) == (T0, 1)


def test_an_answer_names_the_line_that_picked_up() -> None:
    call = play(ring(), answer("901"))
    assert (call.state, call.line, call.answered_by, call.answered) == (ANSWERED, "901", "901", T0 + 9)


def test_a_hang_up_after_an_answer_is_an_answered_call() -> None:
    call = play(ring(), answer(), end())
    assert (call.state, call.outcome, call.line, call.ended) == (ENDED, "answered", "901", T0 + 50)


def test_a_hang_up_without_an_answer_is_a_missed_call() -> None:
    call = play(ring(), end())
    assert (call.state, call.outcome, call.answered_by, call.answered) == (ENDED, "missed", "", None)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_call_that_nobody_answered_ends_as_the_company_says(outcome: str) -> None:
    assert play(ring(), end(outcome)).outcome == outcome


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_answer_that_was_seen_beats_whatever_the_company_says(outcome: str) -> None:
    assert play(ring(), answer(), end(outcome)).outcome == "answered"


def test_an_outgoing_call_keeps_its_direction() -> None:
    call = play(ring(direction=OUT, line="901"), answer("901"), end("answered"))
    assert (call.direction, call.incoming, call.answered_by) == (OUT, False, "901")


# Late, repeated and missing events


SCENES: dict[str, tuple[CallEvent, ...]] = {
    "ring": (ring(),),
    "answered": (ring(), answer(), end("answered")),
    "missed": (ring(), end("missed")),
    "transferred": (ring(), answer("901"), event(TRANSFER, 20, line="902"), end("answered")),
    "two lines, one answers": (ring(line="101"), ring(line="102"), answer("102"), end("answered")),
    "two lines, nobody": (
        ring(line="101"),
        ring(line="102"),
        event(MISS, 30, line="101"),
        event(MISS, 31, line="102"),
    ),
    "recorded": (ring(), answer(), end("answered"), record("answered", "901")),
}


@pytest.mark.parametrize("scene", SCENES)
def test_a_repeated_event_returns_the_very_same_call(scene: str) -> None:
    call = NEW
    for one in SCENES[scene]:
        call = step(call, one)
        assert step(call, one) is call
        assert step(call, replace(one, at=one.at + 3)) is call


@pytest.mark.parametrize("scene", SCENES)
def test_everything_told_twice_changes_nothing_in_the_end(scene: str) -> None:
    once = play(*SCENES[scene])
    again = play(*SCENES[scene], call=once)
    assert (facts(again), dict(again.legs)) == (facts(once), dict(once.legs))


@pytest.mark.parametrize("scene", SCENES)
def test_each_change_has_a_higher_version(scene: str) -> None:
    call = NEW
    for one in SCENES[scene]:
        after = step(call, one)
        assert after.version == call.version + (after is not call)
        call = after


@pytest.mark.parametrize("over", [end("missed"), end("answered"), event(MISS, 30), record("missed", "901")])
def test_a_late_ring_does_not_revive_a_call(over: CallEvent) -> None:
    before = play(over)
    after = step(before, ring(60))
    assert (after.state, after.outcome) == (ENDED, before.outcome)
    assert (after.caller, after.direction) == (GUEST, IN)


def test_a_late_ring_does_not_ring_a_call_that_talks() -> None:
    call = play(answer("901"), ring(12, line="902"))
    assert (call.state, call.line, call.legs["902"]) == (ANSWERED, "901", ENDED)


def test_a_lost_ring_is_made_up_for_by_the_answer() -> None:
    assert facts(play(answer("901"))) == (ANSWERED, "", GUEST, "", "901", "901", IN)


def test_a_lost_answer_is_made_up_for_by_the_record() -> None:
    call = play(ring(), end("answered"), record("answered", "901", answered=T0 + 9.0))
    assert (call.line, call.answered_by, call.answered) == ("901", "901", T0 + 9)


def test_a_lost_hang_up_is_made_up_for_by_the_record() -> None:
    call = play(ring(), answer(), record("answered", "901", answered=T0 + 8.0))
    assert (call.state, call.outcome) == (ENDED, "answered")
    assert (call.started, call.answered, call.ended) == (T0, T0 + 8, T0 + 50)


def test_a_record_alone_tells_the_whole_call() -> None:
    call = play(record("missed", "901"))
    assert facts(call) == MISSED_BY_901
    assert dict(call.legs) == {"901": "missed"}


def test_an_answer_that_comes_after_the_end_still_counts() -> None:
    call = play(ring(), end("missed"), answer("901"))
    assert (call.state, call.outcome, call.line, call.answered_by) == (ENDED, "answered", "901", "901")


def test_a_later_word_never_weakens_an_outcome() -> None:
    for first, second in permutations(OUTCOMES, 2):
        stronger = max(first, second, key=OUTCOMES.index)
        assert play(ring(), end(first), end(second)).outcome == stronger


def test_a_number_told_later_beats_a_withheld_one() -> None:
    assert play(ring(caller=""), record("missed", "")).caller == GUEST
    assert play(ring(), end("missed", caller="")).caller == GUEST


def test_withheld_is_not_the_same_as_not_told() -> None:
    assert play(end("missed")).caller is None
    assert play(ring(caller="")).caller == ""


def test_the_times_of_the_company_beat_our_clock() -> None:
    call = play(ring(3), end("missed", 60), record("missed", "901", started=T0, ended=T0 + 40.0))
    assert (call.started, call.ended) == (T0, T0 + 40)


def test_nothing_told_of_a_call_is_ever_taken_back() -> None:
    call = play(ring(name="Olena"), answer(), end("answered"), record("answered", "901", did="", caller=None))
    assert (call.caller, call.did, call.name) == (GUEST, DID, "Olena")


# Any order: what is knowable comes out the same


ANSWERED_BY_901 = (ENDED, "answered", GUEST, DID, "901", "901", IN)
PASSED_ON_TO_902 = (ENDED, "answered", GUEST, DID, "902", "901", IN)
MISSED_BY_901 = (ENDED, "missed", GUEST, DID, "901", "", IN)

WHOLE: dict[str, tuple[tuple[CallEvent, ...], tuple[object, ...]]] = {
    "answered": (
        (ring(), answer(), end("answered"), record("answered", "901")),
        ANSWERED_BY_901,
    ),
    "answered, no record": ((ring(), answer(), end("answered")), ANSWERED_BY_901),
    "answered, odd word": ((ring(), answer(), end("unknown")), ANSWERED_BY_901),
    "missed": ((ring(), end("missed"), record("missed", "901")), MISSED_BY_901),
    "missed by several": (
        (ring(), end("missed"), record("missed", "901", ("901", "missed"), ("902", "busy"))),
        (ENDED, "missed", GUEST, DID, "", "", IN),
    ),
    "busy, then known better": (
        (ring(), end("missed"), record("busy", "901")),
        (ENDED, "busy", GUEST, DID, "901", "", IN),
    ),
    "voicemail": (
        (ring(), end("voicemail"), record("voicemail", "")),
        (ENDED, "voicemail", GUEST, DID, "", "", IN),
    ),
    "mailbox answers": (
        (ring(), answer(""), end("voicemail"), record("voicemail", "")),
        (ENDED, "voicemail", GUEST, DID, "", "", IN),
    ),
    "group, one answers": (
        (ring(line="101"), ring(line="102"), answer("102"), end("answered")),
        (ENDED, "answered", GUEST, DID, "102", "102", IN),
    ),
    "group, nobody": (
        (ring(line="101"), ring(line="102"), end("missed")),
        (ENDED, "missed", GUEST, DID, "", "", IN),
    ),
    "transferred": (
        (ring(), answer("901"), event(TRANSFER, 20, line="902"), end("answered")),
        PASSED_ON_TO_902,
    ),
    "transferred and recorded": (
        (
            ring(),
            answer("901"),
            event(TRANSFER, 20, line="902"),
            end("answered"),
            record("answered", "902", ("901", MOVED), ("902", ANSWERED)),
        ),
        PASSED_ON_TO_902,
    ),
    "transferred, taken and recorded": (
        (
            ring(),
            answer("901"),
            event(TRANSFER, 20, line="902"),
            answer("902", 24),
            end("answered"),
            record("answered", "902", ("901", MOVED), ("902", ANSWERED)),
        ),
        PASSED_ON_TO_902,
    ),
    "transferred, record of the first line": (
        (
            ring(),
            answer("901"),
            event(TRANSFER, 20, line="902"),
            end("answered"),
            record("answered", "901", ("901", MOVED)),
        ),
        PASSED_ON_TO_902,
    ),
}


def shuffled(events: tuple[CallEvent, ...]) -> Iterable[tuple[CallEvent, ...]]:
    """Every order, each event stamped by when it reaches us: that is all that a late one has."""
    for order in permutations(events):
        yield tuple(replace(one, at=T0 + place) for place, one in enumerate(order))


@pytest.mark.parametrize("scene", WHOLE)
def test_any_order_of_the_events_ends_in_the_same_facts(scene: str) -> None:
    events, expected = WHOLE[scene]
    for order in shuffled(events):
        assert facts(play(*order)) == expected, [one.kind + one.line for one in order]


@pytest.mark.parametrize("scene", WHOLE)
def test_any_order_with_everything_twice_ends_in_the_same_facts(scene: str) -> None:
    events, expected = WHOLE[scene]
    for order in shuffled(events):
        assert facts(play(*order, *order)) == expected, [one.kind + one.line for one in order]


# Where a call went is told by the transfer alone when the record has no history.
RECORDED = sorted(
    {name for name, (events, _) in WHOLE.items() if events[-1].legs}
    - {"transferred, record of the first line"}
)


@pytest.mark.parametrize("scene", RECORDED)
def test_any_event_but_the_record_may_be_lost(scene: str) -> None:
    events, expected = WHOLE[scene]
    told = next(one for one in events if one.legs)
    for lost in events:
        kept = [one for one in events if one is not lost or one is told]
        assert facts(play(*kept)) == expected, lost


# Each line has its own state


def test_each_line_that_rings_is_noted() -> None:
    call = play(ring(line="101"), ring(line="102"))
    assert dict(call.legs) == {"101": RINGING, "102": RINGING}
    assert call.line == ""


def test_a_line_that_rings_alone_is_the_line_of_the_call() -> None:
    assert play(ring(line="101")).line == "101"


def test_a_line_that_gives_up_leaves_the_others_ringing() -> None:
    call = play(ring(line="101"), ring(line="102"), event(MISS, 5, line="101"))
    assert (call.state, call.line, dict(call.legs)) == (RINGING, "102", {"101": "missed", "102": RINGING})


def test_the_last_line_that_gives_up_ends_the_call() -> None:
    call = play(ring(line="101"), ring(line="102"), event(MISS, 5, line="101"), event(MISS, 6, line="102"))
    assert (call.state, call.outcome, dict(call.legs)) == (
        ENDED,
        "missed",
        {"101": "missed", "102": "missed"},
    )


def test_a_line_that_declines_says_so() -> None:
    declined = event(MISS, 5, line="101", outcome="declined")
    call = play(ring(line="101"), ring(line="102"), declined, event(MISS, 30, line="102"))
    assert (call.outcome, call.legs["101"], call.legs["102"]) == ("declined", "declined", "missed")


def test_the_lines_that_did_not_pick_up_stop_ringing() -> None:
    call = play(ring(line="101"), ring(line="102"), answer("102"))
    assert dict(call.legs) == {"101": ENDED, "102": ANSWERED}


def test_a_line_that_missed_what_another_answered_changes_nothing() -> None:
    before = play(ring(line="101"), ring(line="102"), answer("102"))
    after = step(before, event(MISS, 10, line="101"))
    assert (after.state, after.line, after.outcome) == (ANSWERED, "102", "")


def test_a_missed_call_of_no_line_in_particular_is_over_for_all_lines() -> None:
    call = play(ring(line="101"), ring(line="102"), event(MISS, 30))
    assert (call.state, dict(call.legs)) == (ENDED, {"101": "missed", "102": "missed"})


def test_a_record_tells_what_became_of_each_line() -> None:
    call = play(ring(), record("answered", "902", ("901", "busy"), ("902", ANSWERED)))
    assert dict(call.legs) == {"901": "busy", "902": ANSWERED}


# Transfer moves the line


def test_a_transfer_moves_the_line_and_keeps_who_answered_first() -> None:
    call = play(ring(), answer("901"), event(TRANSFER, 20, line="902"))
    assert (call.state, call.line, call.answered_by) == (ANSWERED, "902", "901")
    assert dict(call.legs) == {"901": MOVED, "902": ANSWERED}


def test_a_call_may_be_passed_on_and_back() -> None:
    call = play(ring(), answer("901"), event(TRANSFER, 20, line="902"), event(TRANSFER, 30, line="901"))
    assert (call.line, call.answered_by, call.legs["902"]) == ("901", "901", MOVED)


def test_the_answer_of_a_transfer_changes_nothing() -> None:
    before = play(ring(), answer("901"), event(TRANSFER, 20, line="902"))
    assert step(before, answer("902", 25)) is before


def test_a_late_answer_of_the_line_that_passed_the_call_on_does_not_take_it_back() -> None:
    call = play(ring(), event(TRANSFER, 20, line="902"), answer("901", 21))
    assert (call.state, call.line, call.answered_by) == (ANSWERED, "902", "901")


def test_a_ringing_call_that_is_passed_on_rings_there_alone() -> None:
    call = play(ring(line="901"), event(TRANSFER, 5, line="902"))
    assert (call.state, call.line, dict(call.legs)) == (RINGING, "902", {"901": MOVED, "902": RINGING})


def test_a_ringing_call_that_was_passed_on_may_still_be_missed() -> None:
    call = play(ring(line="901"), event(TRANSFER, 5, line="902"), end("missed"))
    assert (call.outcome, call.line, call.answered_by) == ("missed", "902", "")


def test_somebody_else_may_pick_the_call_up() -> None:
    call = play(ring(), answer("901"), answer("903", 20))
    assert (call.line, call.answered_by, call.legs["901"]) == ("903", "901", MOVED)


def test_a_transfer_to_no_line_changes_nothing() -> None:
    before = play(ring(), answer("901"))
    assert step(before, event(TRANSFER, 20)) is before


# Stuck calls


@pytest.mark.parametrize(
    ("events", "patience", "outcome"),
    [
        ((ring(),), 120, "unknown"),
        ((ring(), ring(30, line="102")), 150, "unknown"),
        ((ring(), answer(at=9)), 9 + 7200, "answered"),
        ((ring(test=True),), 20, "missed"),
    ],
)
def test_a_call_of_which_nothing_is_heard_expires(
    events: tuple[CallEvent, ...], patience: float, outcome: str
) -> None:
    call = play(*events)
    assert expire(call, T0 + patience - 0.1) is call
    over = expire(call, T0 + patience)
    assert (over.state, over.outcome, over.ended) == (ENDED, outcome, T0 + patience)


def test_a_call_that_is_over_does_not_expire() -> None:
    call = play(ring(), end("missed"))
    assert expire(call, T0 + 1e6) is call


def test_what_became_of_an_expired_call_is_learned_from_its_record() -> None:
    call = play(record("missed", "901"), call=expire(play(ring()), T0 + 200))
    assert (call.outcome, call.ended) == ("missed", T0 + 50)


# Keys that come again


def test_a_call_with_its_own_id_is_never_followed_by_another() -> None:
    assert not is_next(play(ring(), end("missed")), ring(900))


def test_a_key_made_of_the_number_serves_the_next_call() -> None:
    over = play(ring(reused=True), end("missed", reused=True))
    assert is_next(over, ring(900, reused=True))
    assert not is_next(over, end(at=900, reused=True))


def test_a_ring_right_after_the_end_is_late_unless_another_line_rings() -> None:
    over = play(ring(line="101", reused=True), event(MISS, 20, line="101", reused=True))
    assert not is_next(over, ring(21, line="101", reused=True))
    assert not is_next(over, ring(21, line="102", reused=True))
    ended = play(ring(line="101", reused=True), end("missed", 20))
    assert is_next(ended, ring(21, line="102", reused=True))


def test_a_call_in_progress_is_joined_not_followed() -> None:
    assert not is_next(play(ring(reused=True)), ring(30, reused=True))
    assert not is_next(play(ring(reused=True), answer()), ring(900, reused=True))


# The table itself


def test_the_table_knows_every_first_event() -> None:
    for kind in (RING, ANSWER, TRANSFER, MISS, END):
        assert play(event(kind)).state in (RINGING, ANSWERED, ENDED)
        assert ("", kind) in STEPS


def test_no_step_out_of_the_end_leads_back() -> None:
    over = play(ring(), end("missed"))
    for kind in (RING, ANSWER, TRANSFER, MISS, END):
        for line in ("", "901", "902"):
            assert step(over, event(kind, 90, line=line)).state == ENDED


def test_calls_and_events_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        NEW.state = RINGING  # type: ignore[misc]
    with pytest.raises(TypeError):
        play(ring(line="101")).legs["101"] = ENDED  # type: ignore[index]


# Facts without a move


def test_a_note_teaches_and_moves_nothing() -> None:
    note = event(NOTE, recording="r-1", rang=(("901", T0, T0 + 9),), group="orders")
    for before in (play(ring()), play(ring(), answer()), play(ring(), end("missed"))):
        after = step(before, note)
        assert (after.state, after.outcome, after.legs) == (before.state, before.outcome, before.legs)
        assert (after.recording, after.group, dict(after.rang)) == ("r-1", "orders", {"901": (T0, T0 + 9)})
        assert step(after, note) is after


def test_a_note_before_the_call_waits_for_it() -> None:
    noted = play(event(NOTE, recording="r-1"))
    assert (noted.state, noted.recording) == ("", "r-1")
    assert play(ring(1), call=noted).state == RINGING
    assert expire(noted, T0 + 121).outcome == "unknown"


def test_a_lines_ringing_is_known_from_its_first_ring_to_its_last() -> None:
    one, two = (event(NOTE, rang=(("901", T0 + at, T0 + at + 5),)) for at in (20, 0))
    for order in ((one, two), (two, one)):
        assert dict(play(ring(), *order).rang) == {"901": (T0, T0 + 25)}


def test_a_line_that_gave_up_is_not_taken_for_the_one_that_talked() -> None:
    gave_up = event(NOTE, legs=(("901", "missed"),))
    call = play(ring(line="901"), gave_up, end("answered"))
    assert (call.outcome, call.line, call.answered_by) == ("answered", "", "")


def test_waiting_and_talking_are_counted_from_what_is_known() -> None:
    assert (play(ring()).wait, play(ring()).talk) == (None, None)
    answered = play(ring(), answer(at=9), end(at=50))
    assert (answered.wait, answered.talk) == (9, 41)
    missed = play(ring(), end("missed", at=30))
    assert (missed.wait, missed.talk) == (30, None)


def test_a_call_is_late_only_while_nothing_of_it_was_heard_live() -> None:
    late = end("missed", late=True, direction=IN)
    assert play(late).late
    assert not play(late, end("missed", 51)).late
    assert not play(ring(), late).late


# Lines that are tried one after another, and lines that hang up one by one


def hunted(*tail: CallEvent) -> Call:
    return play(ring(line="101"), event(MISS, 5, line="101"), *tail)


def test_the_next_line_that_is_tried_rings_in_the_same_call() -> None:
    assert hunted().state == ENDED
    again = hunted(ring(6, line="102"))
    assert (again.state, again.outcome, again.ended, again.line) == (RINGING, "", None, "102")
    done = play(answer("102"), end("answered"), call=again)
    assert (done.outcome, done.answered_by, done.legs["101"]) == ("answered", "102", "missed")


def test_a_line_that_gave_up_does_not_ring_again_by_a_late_ring() -> None:
    assert hunted(ring(6, line="101")).state == ENDED
    assert hunted(ring(6)).state == ENDED


def test_after_a_real_end_no_further_line_rings() -> None:
    assert hunted(end("missed", 6), ring(7, line="102")).state == ENDED
    assert hunted(ring(200, line="102")).state == ENDED


def test_one_line_that_hangs_up_leaves_the_other_talking() -> None:
    passed_on = play(ring(line="001"), answer("001"), answer("002", 20))
    left = step(passed_on, event(MISS, 21, line="001", outcome="answered"))
    assert (left.state, left.line) == (ANSWERED, "002")
    over = step(left, event(MISS, 40, line="002", outcome="answered"))
    assert (over.state, over.outcome, over.line, over.answered_by) == (ENDED, "answered", "002", "001")


def test_a_line_that_gave_up_is_not_made_the_talker_of_an_answer_without_a_name() -> None:
    call = play(ring(line="100"), ring(line="101"), answer(""), end("answered"), event(MISS, 60, line="100"))
    assert (call.outcome, call.line, call.answered_by) == ("answered", "", "")


def test_a_line_that_gave_up_says_nothing_of_a_call_that_nobody_ended() -> None:
    lost = expire(play(ring(line="100"), ring(line="101")), T0 + 200)
    assert step(lost, event(MISS, 201, line="100")).outcome == "unknown"


def test_who_else_answered_is_not_known_from_a_line_that_only_heard_of_it() -> None:
    elsewhere = event(ANSWER, 9, legs=(("190", ENDED),))
    call = play(ring(line="190"), elsewhere)
    assert (call.state, call.answered_by, call.line, dict(call.legs)) == (ANSWERED, "", "", {"190": ENDED})


def test_a_ring_that_goes_on_keeps_the_call_alive() -> None:
    call = play(ring(line="101"), ring(100, line="101"))
    assert (call.touched, call.version) == (T0 + 100, 1)
    assert expire(call, T0 + 190) is call
    assert expire(call, T0 + 221).outcome == "unknown"
    assert step(call, ring(101, line="101")) is call


def test_with_a_reused_key_an_old_call_takes_no_answer() -> None:
    over = play(ring(line="101", reused=True), end("missed", 20))
    assert not is_next(over, event(ANSWER, 50, line="101", reused=True))
    assert is_next(over, event(ANSWER, 90, line="101", reused=True))


def test_with_a_reused_key_a_guest_who_rings_the_line_that_talks_with_them_calls_anew() -> None:
    talks = play(ring(line="101", reused=True), answer("101", 9))
    assert is_next(talks, ring(300, line="101", reused=True))
    assert not is_next(talks, ring(300, line="102", reused=True))
    assert not is_next(talks, ring(10, line="101", reused=True))


def test_two_answers_with_their_times_are_in_order_however_they_come() -> None:
    first, then = (event(ANSWER, at, line=line, answered=T0 + at) for line, at in (("001", 9), ("003", 20)))
    rung = (ring(line="001"), ring(12, line="003"))
    for order in permutations((*rung, first, then, end("answered"))):
        call = play(*order)
        assert (call.outcome, call.answered_by, call.line, call.answered) == (
            "answered",
            "001",
            "003",
            T0 + 9,
        )


def test_a_queue_that_goes_round_rings_the_same_phones_again() -> None:
    once = play(ring(line="101"), ring(line="102"), event(MISS, 15, line="101"), event(MISS, 15, line="102"))
    assert (once.state, once.soft) == (ENDED, True)
    again = play(ring(20, line="101"), ring(20, line="102"), call=once)
    assert (again.state, dict(again.legs)) == (RINGING, {"101": RINGING, "102": RINGING})
    assert play(ring(19, line="101"), call=once).state == ENDED


def test_one_phone_of_a_queue_rings_again_while_others_ring() -> None:
    call = play(ring(line="101"), ring(line="102"), event(MISS, 15, line="101"))
    assert step(call, ring(16, line="101")).legs["101"] == "missed"
    assert step(call, ring(21, line="101")).legs["101"] == RINGING


def test_an_answer_that_a_ring_tells_of_counts_after_the_end_too() -> None:
    told = ring(2, answered=T0 + 2)
    for order in permutations((ring(), told, end("unknown"))):
        assert play(*order).outcome == "answered"
