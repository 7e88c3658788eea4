"""Notes of calls: one for each call, the last one counts."""

from __future__ import annotations

import pytest

from server import notes
from server.db import reading
from server.models import Account, CallNote
from tests.conftest import Restaurant
from tests.desks import Desk
from tests.wire import Binotel, Register


@pytest.fixture
def olena(binotel: Binotel, desk: Desk) -> Register:
    register = desk(1, 5)
    register.connect()
    return register


@pytest.fixture
def call(olena: Register, binotel: Binotel) -> str:
    binotel.ring("77")
    return str(olena.hear_until("call")["call"]["id"])


def test_a_note_is_kept_with_who_wrote_it(olena: Register, call: str) -> None:
    assert olena.ask("note", call=call, outcome="complaint", text=" cold\nsoup ").json() == {"ok": True}
    with reading():
        row = CallNote.get()
    assert (row.outcome, row.text, row.by_id, row.by_name) == ("complaint", "cold soup", 5, "Olena")


def test_the_last_one_counts_and_an_empty_one_takes_it_away(
    olena: Register, call: str, place: Account
) -> None:
    olena.ask("note", call=call, outcome="order", text="")
    olena.ask("note", call=call, outcome="question", text="opening hours")
    with reading():
        assert notes.of_calls(place.id, [call]) == {call: ("question", "opening hours")}
    olena.ask("note", call=call, outcome="", text="")
    with reading():
        assert notes.of_calls(place.id, [call]) == {}


def test_the_list_of_callers_shows_it(olena: Register, call: str, binotel: Binotel) -> None:
    olena.ask("note", call=call, outcome="order")
    binotel.hangup("77", "NOANSWER", 0)
    assert olena.hear_until("recent")["row"]["note"] == "order"
    olena.ask("note", call=call, outcome="wrong")
    assert olena.hear_until("recent")["row"]["note"] == "wrong"
    assert olena.login(5)["recent"][0]["note"] == "wrong"


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"outcome": "rude", "text": "x"}, "outcome"),
        ({"outcome": "order", "call": "nothing"}, "call_unknown"),
        ({"outcome": "order", "call": 7}, "call_unknown"),
        ({"outcome": "order", "call": None}, "call_unknown"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    olena: Register, call: str, body: dict[str, object], word: str
) -> None:
    assert olena.ask("note", **{"call": call, **body}).json() == {"ok": False, "error": word}
    with reading():
        assert CallNote.select().count() == 0


def test_another_restaurants_call_gets_no_note(call: str, desk: Desk, restaurant: Restaurant) -> None:
    restaurant("kaffka", "700124")
    stranger = desk(1, 5, account="kaffka")
    assert stranger.ask("note", call=call, outcome="order").json() == {"ok": False, "error": "call_unknown"}


def test_a_long_note_is_cut(olena: Register, call: str) -> None:
    olena.ask("note", call=call, outcome="", text="a" * 2000)
    with reading():
        assert len(CallNote.get().text) == notes.LONGEST
