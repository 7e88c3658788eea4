"""Who covers when nobody is logged in: real registers of a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from server import covering, popping, preferences
from server.db import transaction
from server.models import Account, Did, LineOwner
from tests.conftest import Restaurant
from tests.desks import Desk
from tests.wire import Binotel, Json, Register, Server

DID = "+380441234567"
COUNTER = 3
"""The register that covers: at another spot, nobody logged in."""


@pytest.fixture
def counter(place: Account, desk: Desk) -> Iterator[Register]:
    with transaction():
        Did.create(account=place, number=DID, spot=1)
    covering.choose(place.id, 1, {COUNTER})
    register = desk(COUNTER, None, spot=2)
    assert register.connect()["calls"] == []
    return register


def states(heard: list[Json]) -> list[tuple[str, bool]]:
    return [(one["call"]["state"], one["call"]["mine"]) for one in heard if one["type"] == "call"]


def test_a_call_of_an_empty_spot_rings_where_it_is_covered_until_it_is_over(
    counter: Register, binotel: Binotel
) -> None:
    binotel.ring("c1")
    assert counter.hear_until("call")["call"]["state"] == "ringing"
    binotel.answer("c1", "101")
    binotel.hangup("c1")
    assert states(counter.heard_before_sentinel()) == [("answered", True), ("ended", True)]


def test_nothing_comes_while_somebody_is_there(counter: Register, binotel: Binotel, desk: Desk) -> None:
    olena = desk(1, 5)
    olena.connect()
    binotel.ring("c1")
    assert olena.hear_until("call")["call"]["mine"]
    assert states(counter.heard_before_sentinel()) == []


def test_whoever_logs_in_meanwhile_has_the_card_too_and_takes_it(
    counter: Register, binotel: Binotel, desk: Desk
) -> None:
    binotel.ring("c1")
    counter.hear_until("call")
    olena = desk(1, None)
    assert olena.connect()["calls"] == []
    assert [one["call"]["state"] for one in olena.login(5)["calls"]] == ["ringing"]
    binotel.answer("c1", "101")
    assert states(olena.heard_before_sentinel()) == [("answered", True)]
    assert states(counter.heard_before_sentinel()) == [("answered", False)]


def test_when_the_last_one_goes_the_call_goes_on_where_it_is_covered(
    counter: Register, binotel: Binotel, desk: Desk
) -> None:
    olena = desk(1, 5)
    olena.connect()
    binotel.ring("c1")
    olena.hear_until("call")
    olena.login(None)
    assert counter.hear_until("call")["call"]["state"] == "ringing"
    assert states(counter.heard_before_sentinel()) == [], "told once"


def test_a_register_that_comes_back_finds_the_call_that_it_covers(
    counter: Register, binotel: Binotel
) -> None:
    binotel.ring("c1")
    counter.hear_until("call")
    (entry,) = counter.connect()["calls"]
    assert (entry["call"]["state"], entry["call"]["mine"]) == ("ringing", True)
    binotel.hangup("c1", "NOANSWER")
    counter.hear_until("recent")
    snapshot = counter.connect()
    assert [row["outcome"] for row in snapshot["recent"]] == ["missed"]
    assert len(snapshot["missed"]) == 1


def test_a_restart_of_the_server_changes_nothing(
    served: Server, counter: Register, binotel: Binotel, desk: Desk
) -> None:
    binotel.ring("c1")
    counter.hear_until("call")
    served.kill()
    served.start()
    olena = desk(1, 5)
    assert len(olena.connect()["calls"]) == 1
    (entry,) = counter.connect()["calls"]
    assert entry["call"]["mine"]


def test_a_register_that_asks_instead_of_listening_covers_too(
    place: Account, binotel: Binotel, desk: Desk
) -> None:
    with transaction():
        Did.create(account=place, number=DID, spot=1)
    covering.choose(place.id, 1, {COUNTER})
    counter = desk(COUNTER, None, spot=2)
    assert counter.ask("hello").json()["message"]["calls"] == []
    binotel.ring("c1")
    (entry,) = counter.ask("hello").json()["message"]["calls"]
    assert entry["call"]["state"] == "ringing"


def test_a_line_whose_owner_is_not_there_is_covered(
    counter: Register, place: Account, binotel: Binotel, desk: Desk
) -> None:
    taras = desk(2, 6)
    taras.connect()
    binotel.ring("c1")
    taras.hear_until("call")
    binotel.answer("c1", "101")
    assert states(taras.heard_before_sentinel()) == [("answered", False)]
    assert states(counter.heard_before_sentinel()) == [("answered", True)]


def test_veil_and_never_hold_where_it_is_covered(counter: Register, place: Account, binotel: Binotel) -> None:
    with transaction():
        preferences.choose(place.id, veil="1")
    popping.hush(place.id, "+380671112233", "courier", (5, "Olena"))
    binotel.ring("c1")
    call = counter.hear_until("call")["call"]
    assert (call["veiled"], call["pop"], call["from"]) == (True, False, None)


def test_another_accounts_register_covers_nothing(
    counter: Register, place: Account, binotel: Binotel, desk: Desk, restaurant: Restaurant
) -> None:
    restaurant("kaffka", "700124")
    theirs = desk(COUNTER, None, spot=2, account="kaffka")
    theirs.connect()
    binotel.ring("c1")
    counter.hear_until("call")
    assert states(theirs.heard_before_sentinel()) == []


def test_without_a_spot_of_the_number_every_register_that_covers_has_it(
    counter: Register, place: Account, binotel: Binotel
) -> None:
    with transaction():
        Did.delete().execute()
        LineOwner.delete().execute()
    binotel.ring("c1")
    assert counter.hear_until("call")["call"]["mine"]
