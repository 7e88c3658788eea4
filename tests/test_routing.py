"""Which registers get the card."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from server.calls import ANSWERED, ENDED, RINGING, Call
from server.hub import Listener
from server.routing import Route

OLENA = ("employee", 5)
OWNERS = {"101": frozenset({OLENA}), "102": frozenset({("employee", 6)}), "103": frozenset({("register", 3)})}


def call(state: str = RINGING, **facts: Any) -> Call:
    legs = MappingProxyType(facts.pop("legs", {}))
    return Call("c", 1, 1, "k", direction=facts.pop("direction", "in"), state=state, legs=legs, **facts)


def at(register: int, spot: int, employee: int | None) -> Listener:
    return Listener(1, register, spot, employee)


OLENAS, TARAS_DESK, EMPTY, OTHER_SPOT = at(1, 1, 5), at(2, 1, 6), at(4, 1, None), at(3, 2, 7)


def who(route: Route, it: Call) -> list[int | None]:
    return [desk.register for desk in (OLENAS, TARAS_DESK, EMPTY, OTHER_SPOT) if route.shows(it, desk)]


def test_a_known_extension_rings_only_where_its_employee_is_logged_in() -> None:
    assert who(Route(OWNERS, did_spot=2), call(legs={"101": "ringing"})) == [1]


def test_a_register_with_a_line_of_its_own_rings_for_it() -> None:
    assert who(Route(OWNERS), call(legs={"103": "ringing"})) == [3]


def test_two_lines_of_one_call_ring_both_registers() -> None:
    assert who(Route(OWNERS), call(legs={"101": "ringing", "102": "ringing"})) == [1, 2]


def test_an_outside_number_rings_every_register_of_its_spot_with_somebody_logged_in() -> None:
    assert who(Route({}, did_spot=1), call()) == [1, 2]


def test_a_number_without_a_spot_rings_every_register_with_somebody_logged_in() -> None:
    assert who(Route({}), call()) == [1, 2, 3]


def test_a_line_that_is_nobodys_rings_as_if_it_were_unknown() -> None:
    assert who(Route(OWNERS, did_spot=2), call(legs={"900": "ringing"})) == [3]


def test_an_answer_keeps_the_card_only_where_the_line_is() -> None:
    answered = call(ANSWERED, line="102", answered_by="102", legs={"101": "ended", "102": "answered"})
    assert who(Route(OWNERS, did_spot=1), answered) == [2]


def test_an_answer_by_a_line_that_is_nobodys_folds_everywhere() -> None:
    assert (
        who(
            Route(OWNERS, did_spot=1), call(ANSWERED, line="909", answered_by="909", legs={"909": "answered"})
        )
        == []
    )


def test_an_answer_by_nobody_knows_whom_keeps_the_card_where_it_rang() -> None:
    assert who(Route({}, did_spot=1), call(ANSWERED)) == [1, 2]


def test_a_missed_call_stays_where_it_rang_in_vain() -> None:
    assert who(Route(OWNERS), call(ENDED, outcome="missed", legs={"101": "missed", "102": "missed"})) == [
        1,
        2,
    ]


@pytest.mark.parametrize("direction", ["out", "internal", ""])
def test_only_incoming_calls_are_shown(direction: str) -> None:
    assert who(Route(OWNERS), call(direction=direction, legs={"101": "ringing"})) == []


def test_a_test_ring_of_a_line_does_not_fall_back_to_everybody() -> None:
    assert who(Route(OWNERS), call(test=True, legs={"999": "ringing"})) == []


def test_a_test_ring_of_one_register_rings_it_alone_even_with_nobody_logged_in() -> None:
    assert who(Route({}), call(test=True, legs={"@4": "ringing"})) == [4]


def test_what_is_not_set_up_is_noted() -> None:
    assert Route(OWNERS).strays(call(legs={"900": "ringing"}, did="+380441234567")) == [
        ("line", "900"),
        ("did", "+380441234567"),
    ]
    assert Route(OWNERS, did_spot=1).strays(call(did="+380441234567")) == []
    assert Route(OWNERS).strays(call(legs={"101": "ringing"})) == []


# Who covers when nobody is there


COVER = Route(OWNERS, did_spot=2, cover=frozenset({4}))
STRANGERS = (EMPTY, at(9, 1, 8))
"""Registers at which nobody is logged in who should see calls of line 101 or of spot 2."""


def rung(**facts: Any) -> Call:
    return call(legs={"101": "ringing"}, **facts)


NEW = call("")


def covers(route: Route, it: Call) -> bool:
    return route.shows(it, EMPTY)


def test_a_register_that_covers_has_a_call_that_else_nobody_would_see() -> None:
    assert covers(COVER.settled(NEW, rung(), STRANGERS), rung())
    assert covers(COVER.settled(NEW, call(), STRANGERS), call())


def test_it_has_not_while_the_lines_owner_is_there() -> None:
    assert not covers(COVER.settled(NEW, rung(), (*STRANGERS, OLENAS)), rung())
    assert not covers(COVER.settled(NEW, call(), (*STRANGERS, OTHER_SPOT)), call())


def test_it_keeps_the_call_when_somebody_comes_and_they_have_it_too() -> None:
    covering = COVER.settled(NEW, rung(), STRANGERS).settled(rung(), rung(), (EMPTY, OLENAS))
    assert who(covering, rung()) == [1, 4]


def test_it_keeps_the_call_that_is_answered_at_a_telephone_where_nobody_is_logged_in() -> None:
    answered = call(ANSWERED, line="101", answered_by="101", legs={"101": "answered"})
    covering = COVER.settled(NEW, rung(), STRANGERS)
    assert covers(covering.settled(rung(), answered, STRANGERS), answered)
    ended = call(ENDED, outcome="answered", line="101", answered_by="101", legs={"101": "ended"})
    assert covers(covering.settled(answered, ended, STRANGERS), ended)


def test_it_gives_the_call_to_somebody_who_is_there_and_takes_it() -> None:
    answered = call(ANSWERED, line="101", answered_by="101", legs={"101": "answered"})
    taken = COVER.settled(NEW, rung(), STRANGERS).settled(rung(), answered, (EMPTY, OLENAS))
    assert who(taken, answered) == [1]


def test_a_call_that_goes_on_to_somebody_who_is_not_there_is_covered() -> None:
    moved = call(ANSWERED, line="102", answered_by="102", legs={"101": "moved", "102": "answered"})
    before = call(ANSWERED, line="101", answered_by="101", legs={"101": "answered"})
    assert covers(COVER.settled(before, moved, (EMPTY, OLENAS)), moved)


def test_no_card_comes_up_where_a_line_of_nobodys_took_a_call_that_others_had() -> None:
    answered = call(ANSWERED, line="909", answered_by="909", legs={"909": "answered"})
    assert not covers(COVER.settled(rung(), answered, STRANGERS), answered)


def test_a_missed_call_stays_with_whoever_covered_it_and_comes_to_nobody_new() -> None:
    missed = call(ENDED, outcome="missed", legs={"101": "missed"})
    covering = COVER.settled(NEW, rung(), STRANGERS)
    assert covering.settled(rung(), missed, (OLENAS,)).rung(missed)(EMPTY)
    assert not COVER.settled(rung(), missed, STRANGERS).rung(missed)(EMPTY)


@pytest.mark.parametrize("facts", [{"direction": "out"}, {"test": True}, {"late": True}])
def test_no_call_is_covered_that_would_not_come_to_anybody(facts: dict[str, Any]) -> None:
    assert not covers(COVER.settled(NEW, rung(**facts), STRANGERS), rung(**facts))


def test_a_register_that_only_covers_is_told_from_one_whose_call_it_is() -> None:
    covering = COVER.settled(NEW, rung(), STRANGERS)
    assert covering.covers(rung(), EMPTY)
    assert not covering.covers(rung(), OLENAS)
    assert not COVER.covers(rung(), EMPTY)
