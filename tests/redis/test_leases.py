"""Leases of two workers on a real database, with a clock of the test's own: nothing is anybody's twice."""

from __future__ import annotations

import pytest

from server.db import reading, rows, transaction, write
from server.leases import BEATS, DEAD, LEFT_OVER, SURE, Leases


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def one(database: None, time: Time) -> Leases:
    return Leases(time)


@pytest.fixture
def two(database: None, time: Time) -> Leases:
    return Leases(time)


def pass_(time: Time, seconds: float, *alive: Leases) -> None:
    """Those who are alive beat meanwhile."""
    until = time.now + seconds
    while time.now < until:
        time.now += BEATS
        for leases in alive:
            leases.tend()


def owners(one: Leases, two: Leases, name: str) -> list[bool]:
    return [one.mine(name), two.mine(name)]


def test_the_first_takes_it_and_keeps_it(one: Leases, two: Leases, time: Time) -> None:
    for leases in (one, two):
        leases.want("clock", ["clock:chores"])
        leases.tend()
    pass_(time, 30, one, two)
    assert owners(one, two, "clock:chores") == [True, False]


def test_who_says_nothing_any_more_loses_it_before_the_other_may_have_it(
    one: Leases, two: Leases, time: Time
) -> None:
    for leases in (one, two):
        leases.want("clock", ["clock:chores"])
        leases.tend()
    for _ in range(int(2 * DEAD)):
        time.now += BEATS
        two.tend()
        assert owners(one, two, "clock:chores") != [True, True]
        assert one.mine("clock:chores") is False or time.now < 1000 + SURE
    assert owners(one, two, "clock:chores") == [False, True]


def test_who_comes_back_from_a_pause_knows_that_it_owns_nothing(one: Leases, two: Leases, time: Time) -> None:
    for leases in (one, two):
        leases.want("clock", ["clock:chores"])
        leases.tend()
    was = one.worker
    pass_(time, 2 * DEAD, two)
    one.tend()
    assert one.worker != was
    assert owners(one, two, "clock:chores") == [False, True]


def test_a_short_pause_costs_nothing(one: Leases, two: Leases, time: Time) -> None:
    for leases in (one, two):
        leases.want("clock", ["clock:chores"])
        leases.tend()
    pass_(time, SURE + 1, two)
    assert owners(one, two, "clock:chores") == [False, False]  # it cannot be sure, and nobody else may be
    one.tend()
    assert owners(one, two, "clock:chores") == [True, False]


def test_who_leaves_gives_back_at_once(one: Leases, two: Leases, time: Time) -> None:
    for leases in (one, two):
        leases.want("clock", ["clock:chores"])
        leases.tend()
    one.stop()
    pass_(time, LEFT_OVER + BEATS, two)
    assert owners(one, two, "clock:chores") == [False, True]
    with reading():
        assert rows("SELECT fence FROM lease") == [(2,)]


def test_many_are_shared_out(one: Leases, two: Leases, time: Time) -> None:
    names = [f"trunk:{number}" for number in range(10)]
    for leases in (one, two):
        leases.tend()
        leases.want("trunk", names)
    pass_(time, 5, one, two)
    mine = [[name for name in names if leases.mine(name)] for leases in (one, two)]
    assert sorted(mine[0] + mine[1]) == names
    assert [len(some) for some in mine] == [5, 5]


def test_what_is_wanted_no_more_is_let_go(one: Leases, two: Leases, time: Time) -> None:
    one.want("trunk", ["trunk:1", "trunk:2"])
    one.tend()
    one.want("trunk", ["trunk:2"])
    one.tend()
    assert (one.mine("trunk:1"), one.mine("trunk:2")) == (False, True)
    with reading():
        assert rows("SELECT name FROM lease") == [("trunk:2",)]


def test_a_lease_of_a_worker_that_is_no_more_is_free(one: Leases, time: Time) -> None:
    """As a backup that was put back has them."""
    with transaction():
        write("INSERT INTO lease (name, worker, fence) VALUES ('clock:chores', 'gone', 7)")
    one.want("clock", ["clock:chores"])
    pass_(time, LEFT_OVER, one)
    assert one.mine("clock:chores")
