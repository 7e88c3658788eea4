"""Private mode: number and name stay hidden until somebody answers, and who looks before is counted."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from server import popping, preferences
from server.db import reading
from server.models import Account
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.desks import E164, GUEST, Desk
from tests.wire import Binotel, Json, Register, Server

HIDDEN = ("671112233", "67 111 2233", "Kovalenko")


@pytest.fixture
def veiled(place: Account) -> Account:
    preferences.choose(place.id, veil="on")
    return place


@pytest.fixture
def olena(veiled: Account, desk: Desk) -> Register:
    register = desk(1, 5)
    register.connect()
    return register


@pytest.fixture
def taras(veiled: Account, desk: Desk) -> Register:
    register = desk(2, 6)
    register.connect()
    return register


def hides(*heard: Json) -> bool:
    return not any(secret in json.dumps(heard, ensure_ascii=False) for secret in HIDDEN)


def counted(account: Account) -> list[tuple[int, str, int]]:
    with reading():
        return popping.reveals(account.id, 0)


def test_while_it_rings_nobody_sees_who(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")
    assert call["call"]["veiled"]
    assert (call["call"]["from"], call["call"]["shown"], call["call"]["name"]) == (None, "", "")
    assert call["call"]["masked"] == "+380…33"
    silence = olena.heard_before_sentinel()
    assert [heard["type"] for heard in silence if heard["type"] == "guest"] == []
    snapshot = olena.login(5)
    assert hides(call, snapshot, *silence)
    assert snapshot["settings"]["veil"] is True
    assert snapshot["calls"][0]["guest"] is None


def test_a_look_shows_nothing_either(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")["call"]["id"]
    olena.say({"type": "look", "call": call})
    assert hides(*olena.heard_before_sentinel(), olena.login(5))


def test_who_answers_sees_them_and_nobody_else(olena: Register, taras: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")["call"]["id"]
    taras.hear_until("call")
    binotel.answer("77", "101")
    told = olena.hear_until("call")["call"]
    assert (told["veiled"], told["from"]) == (False, E164)
    guest = olena.hear_until("guest")
    assert (guest["call"], guest["guest"]["number"]) == (call, E164)
    folded = taras.hear_until("call")
    assert (folded["call"]["mine"], folded["call"]["veiled"]) == (False, True)
    assert hides(folded, *taras.heard_before_sentinel(), taras.login(6))
    assert olena.login(5)["calls"][0]["guest"]["number"] == E164


def test_whoever_was_not_called_back_yet_can_be(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    olena.hear_until("call")
    binotel.hangup("77", "NOANSWER", 0)
    assert olena.hear_until("call")["call"]["from"] == E164
    assert olena.hear_until("recent")["row"]["from"] == E164
    assert olena.hear_until("missed")["list"][0]["from"] == E164


def test_who_waits_since_yesterday_does_not_betray_who_rings_now(olena: Register, binotel: Binotel) -> None:
    """Their row was there before; nothing in it says that it is they who ring."""
    binotel.ring("76", GUEST)
    binotel.hangup("76", "NOANSWER", 0)
    before = olena.hear_until("missed")["list"]
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")["call"]["id"]
    snapshot = olena.login(5)
    assert snapshot["missed"] == before
    assert call not in json.dumps([snapshot["missed"], snapshot["recent"]])


def test_a_look_behind_it_is_for_one_register_and_counted(
    olena: Register, taras: Register, binotel: Binotel, veiled: Account
) -> None:
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")["call"]["id"]
    taras.hear_until("call")
    shown = olena.ask("reveal", call=call).json()
    assert (shown["ok"], shown["call"]["from"], shown["call"]["veiled"]) == (True, E164, False)
    olena.ask("reveal", call=call)
    assert counted(veiled) == [(5, "Olena", 1)]
    assert olena.login(5)["calls"][0]["call"]["from"] == E164
    assert hides(*taras.heard_before_sentinel(), taras.login(6))
    assert hides(olena.login(6))


def test_what_is_learned_after_the_look_comes_too(olena: Register, binotel: Binotel) -> None:
    binotel.ring("77", GUEST)
    call = olena.hear_until("call")["call"]["id"]
    olena.ask("reveal", call=call)
    olena.say({"type": "look", "call": call})
    assert olena.hear_until("guest")["guest"]["number"] == E164


def test_a_call_that_is_answered_needs_no_look(olena: Register, binotel: Binotel, veiled: Account) -> None:
    binotel.ring("77", GUEST)
    binotel.answer("77", "101")
    call = olena.hear_until("call")["call"]["id"]
    assert olena.ask("reveal", call=call).json()["call"]["from"] == E164
    assert counted(veiled) == []


def test_only_where_the_card_is_somebody_may_look(
    olena: Register, binotel: Binotel, desk: Desk, restaurant: Restaurant, veiled: Account
) -> None:
    restaurant("kaffka", "700124")
    binotel.ring("77", GUEST)
    binotel.answer("77", "101")
    call = olena.hear_until("call")["call"]["id"]
    unknown = {"ok": False, "error": "call_unknown"}
    assert desk(2, 6).ask("reveal", call=call).json() == unknown
    assert desk(1, 5, account="kaffka").ask("reveal", call=call).json() == unknown
    for nonsense in ("", None, 7, "x" * 500):
        assert olena.ask("reveal", call=nonsense).json() == unknown
    assert counted(veiled) == []


def test_withheld_stays_withheld(olena: Register, binotel: Binotel, veiled: Account) -> None:
    binotel.ring("77", "")
    call = olena.hear_until("call")["call"]
    assert (call["veiled"], call["from"], call["masked"]) == (False, None, "")


@pytest.mark.parametrize("rings", [1, 3])
def test_without_the_owners_wish_nothing_is_hidden(
    served: Server, restaurant: Callable[..., Account], desk: Desk, rings: int
) -> None:
    company = Binotel(hook_of(served, add_trunk(restaurant())))
    register = desk(1, 5)
    register.connect()
    for call in range(rings):
        company.ring(str(call), GUEST)
        told = register.hear_until("call")["call"]
        assert (told["veiled"], told["from"]) == (False, E164)


def test_a_call_that_is_passed_on_brings_its_guest_along(
    olena: Register, taras: Register, binotel: Binotel, veiled: Account
) -> None:
    binotel.ring("77", GUEST)
    binotel.answer("77", "101")
    olena.hear_until("guest")
    binotel.transfer("77", "102")
    told = taras.hear_until("guest")
    assert told["guest"]["number"] == E164
    assert olena.hear_until("call")["call"]["mine"] is False
    assert [heard["type"] for heard in olena.heard_before_sentinel() if heard["type"] == "guest"] == []
