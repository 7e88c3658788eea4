"""The bus itself, two of them in this process on a real Redis."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from server.bus import Json
from server.bus.radio import Radio
from tests.redis.crew import Store
from tests.waiting import until

Pair = tuple[Radio, Radio]


@pytest.fixture
def pair(store: Store) -> Iterator[Pair]:
    both = Radio(store.url(1), "test"), Radio(store.url(1), "test")
    for one in both:
        one.start()
    until(lambda: [one.away_since for one in both], lambda away: away == [None, None])
    yield both
    for one in both:
        one.stop()


def test_who_listens_to_an_account_hears_of_it_and_of_no_other(pair: Pair) -> None:
    here, there = pair
    heard: list[tuple[int, Json]] = []
    there.on("call", lambda account, body: heard.append((account, body)))
    there.hear(7)
    here.tell(8, "call", lambda: {"n": 0})
    here.tell(7, "call", lambda: {"n": 1})
    until(lambda: heard)
    assert heard == [(7, {"n": 1})]


def test_nobody_hears_itself(pair: Pair) -> None:
    here, there = pair
    heard: list[str] = []
    here.on("call", lambda account, body: heard.append("here"))
    there.on("call", lambda account, body: heard.append("there"))
    for one in pair:
        one.hear(7)
    here.tell(7, "call", dict)
    until(lambda: heard)
    there.tell_all("call", {})
    until(lambda: len(heard) == 2)
    assert heard == ["there", "here"]


def test_words_come_in_the_order_in_which_they_were_said(pair: Pair) -> None:
    here, there = pair
    heard: list[int] = []
    there.on("call", lambda account, body: heard.append(body["n"]))
    there.hear(7)
    for number in range(500):
        here.tell(7, "call", lambda number=number: {"n": number})  # type: ignore[misc]
    until(lambda: len(heard) == 500)
    assert heard == list(range(500))


def test_whose_registers_have_gone_is_heard_no_more(pair: Pair) -> None:
    here, there = pair
    heard: list[int] = []
    there.on("call", lambda account, body: heard.append(account))
    there.hear(7)
    there.hear(8)
    there.hear_only(lambda: {8})
    here.tell(7, "call", dict)
    here.tell(8, "call", dict)
    until(lambda: heard)
    assert heard == [8]


def test_a_handler_that_breaks_deafens_nobody(pair: Pair) -> None:
    here, there = pair
    heard: list[Json] = []
    there.on("broken", lambda account, body: body["nothing"])
    there.on("call", lambda account, body: heard.append(body))
    here.tell_all("broken", {})
    here.tell_all("call", {})
    until(lambda: heard)


def test_who_has_an_answer_gives_it(pair: Pair) -> None:
    here, there = pair
    there.answer("trunk", lambda body: {"done": body["trunk"] == 7} if body["trunk"] < 9 else None)
    assert here.ask("trunk", {"trunk": 7}, 5) == {"done": True}
    assert here.ask("trunk", {"trunk": 8}, 5) == {"done": False}
    assert here.ask("trunk", {"trunk": 9}, 0.2) is None


def test_what_nobody_waits_for_any_more_is_not_done(pair: Pair) -> None:
    """A number is not dialled behind the back of who was told that it can't be."""
    here, there = pair
    done: list[Json] = []
    there.answer("dial", lambda body: done.append(body) or {})  # type: ignore[func-returns-value]
    assert here.ask("dial", {"n": 1}, -1.0) is None
    assert here.ask("dial", {"n": 2}, 5) == {}
    assert done == [{"n": 2}]


def test_a_slip_works_once_wherever_it_is_taken(pair: Pair) -> None:
    here, there = pair
    here.slips.put("ticket", "word", {"account": 7}, 30)
    got: list[Json | None] = []

    def take(one: Radio) -> None:
        got.append(one.slips.take("ticket", "word"))

    takers = [threading.Thread(target=take, args=(one,)) for one in pair * 8]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    assert [one for one in got if one is not None] == [{"account": 7}]
    assert there.slips.first("once", "code", 30)
    assert not here.slips.first("once", "code", 30)
    assert here.slips.see("once", "other") is None


def test_another_installation_on_the_same_redis_hears_nothing(pair: Pair, store: Store) -> None:
    here, there = pair
    stranger = Radio(store.url(1), "other")
    heard: list[str] = []
    stranger.on("call", lambda account, body: heard.append("stranger"))
    there.on("call", lambda account, body: heard.append("there"))
    stranger.start()
    until(lambda: stranger.away_since is None)
    stranger.hear(7)
    there.hear(7)
    here.tell(7, "call", dict)
    here.tell_all("call", {})
    until(lambda: len(heard) == 2)
    here.slips.put("ticket", "mine", {}, 30)
    assert stranger.slips.take("ticket", "mine") is None
    stranger.stop()
    assert heard == ["there", "there"]


def test_without_redis_slips_still_work_here_and_a_gap_is_told_when_it_is_back(
    pair: Pair, store: Store
) -> None:
    here, there = pair
    gaps: list[str] = []
    here.on_gap(lambda: gaps.append("here"))
    there.on_gap(lambda: gaps.append("there"))
    store.kill()
    until(lambda: here.away_since)
    here.slips.put("ticket", "word", {"account": 7}, 30)
    here.tell(7, "call", dict)  # nobody hears it, and nothing breaks
    assert here.slips.take("ticket", "word") == {"account": 7}
    assert here.slips.take("ticket", "word") is None
    store.start()
    until(lambda: {"here", "there"} <= set(gaps))
    assert here.away_since is None
