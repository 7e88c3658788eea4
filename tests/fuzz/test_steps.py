"""Events of one call in any order, repeated and made up: what must hold of a call whatever is told about it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from server.calls import OUTCOMES, STEPS, expire, step
from server.facts import ANSWER, END, IN, INTERNAL, MISS, NOTE, OUT, RING, TRANSFER, Call, CallEvent
from server.legs import ANSWERED, ENDED, MOVED, RINGING
from tests.fuzz.effort import tries
from tests.replay import T0

KINDS = [RING, ANSWER, TRANSFER, MISS, END, NOTE]
LINES = ["", "101", "102", "103"]
BECAME = [ANSWERED, ENDED, MOVED, RINGING, *OUTCOMES]
moments = st.sampled_from([0.0, 0.5, 1.0, 3.0, 6.0, 31.0, 61.0, 121.0, 601.0, 7300.0]).map(
    lambda after: T0 + after
)
lines = st.sampled_from(LINES)

events = st.builds(
    CallEvent,
    key=st.just("k"),
    kind=st.sampled_from(KINDS),
    at=moments,
    direction=st.sampled_from(["", IN, OUT, INTERNAL]),
    caller=st.sampled_from([None, "", "0671112233"]),
    did=st.sampled_from(["", "0441234567"]),
    line=lines,
    outcome=st.sampled_from(["", *OUTCOMES]),
    started=st.none() | moments,
    answered=st.none() | moments,
    ended=st.none() | moments,
    legs=st.lists(st.tuples(lines, st.sampled_from(BECAME)), max_size=3).map(tuple),
    test=st.booleans(),
    rang=st.lists(st.tuples(lines, moments, moments), max_size=2).map(tuple),
    late=st.booleans(),
    held=st.sampled_from([None, True, False]),
)
stories = st.lists(events, max_size=8)


@tries(50)
@given(told=stories)
def test_a_version_grows_with_a_change_and_with_nothing_else(told: list[CallEvent]) -> None:
    call = Call("c", 1, 1, "k")
    for event in told:
        after = step(call, event)
        changed = replace(after, version=0, touched=0.0) != replace(call, version=0, touched=0.0)
        assert after.version == call.version + (1 if changed else 0)
        assert after.touched >= call.touched
        call = after


@tries(50)
@given(told=stories)
def test_a_call_is_in_a_state_that_there_is(told: list[CallEvent]) -> None:
    call = Call("c", 1, 1, "k")
    for event in told:
        call = step(call, event)
        assert call.state in {state for state, _ in STEPS}
        assert (call.outcome in OUTCOMES) if call.state == ENDED else call.outcome == ""
        assert (call.wait or 0.0) >= 0
        assert (call.talk or 0.0) >= 0
        assert not call.version or call.started > 0
        assert set(call.legs.values()) <= set(BECAME)


@tries(50)
@given(told=stories, more=stories)
def test_what_is_over_does_not_ring_again(told: list[CallEvent], more: list[CallEvent]) -> None:
    call = Call("c", 1, 1, "k")
    for event in [*told, CallEvent("k", END, T0 + 700, outcome="missed")]:
        call = step(call, event)
    assert call.state == ENDED
    for event in more:
        call = step(call, event)
        assert call.state == ENDED, event


@tries(40)
@given(told=stories)
def test_of_two_ends_the_stronger_is_kept(told: list[CallEvent]) -> None:
    call = Call("c", 1, 1, "k")
    for event in told:
        after = step(call, event)
        if call.state == ENDED and after.state == ENDED and not (call.soft and event.kind == RING):
            assert OUTCOMES.index(after.outcome) >= OUTCOMES.index(call.outcome), event
        call = after


@tries(40)
@given(told=stories, now=moments)
def test_a_call_of_which_nothing_is_heard_ends(told: list[CallEvent], now: float) -> None:
    call = Call("c", 1, 1, "k")
    for event in told:
        call = step(call, event)
    over = expire(call, call.touched + 3 * 3600)
    assert over.state == ENDED
    assert expire(over, call.touched + 9 * 3600) is over
