"""How old a call is, while somebody sets the clock."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from server.steady import LASTS, Steady

T0 = 1_795_000_000.0


@dataclass
class Clocks:
    wall: float = T0
    steady: float = 77.0

    def pass_(self, seconds: float, put: float = 0.0) -> None:
        self.wall += seconds + put
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def steady(clocks: Clocks) -> Steady:
    return Steady(lambda: clocks.wall, lambda: clocks.steady)


@pytest.mark.parametrize("put", [3600.0, 86400.0])
def test_a_clock_put_forward_makes_nothing_older(clocks: Clocks, steady: Steady, put: float) -> None:
    clocks.pass_(1, put)
    assert steady.now() == T0 + 1
    clocks.pass_(9)
    assert steady.now() == T0 + 10


def test_a_clock_put_back_tells_its_own_time(clocks: Clocks, steady: Steady) -> None:
    clocks.pass_(1, -3600)
    assert steady.now() == T0 + 1 - 3600


def test_forward_and_back_again_is_as_if_nothing_had_been(clocks: Clocks, steady: Steady) -> None:
    clocks.pass_(1, 86400)
    steady.now()
    clocks.pass_(1, -86400)
    assert steady.now() == T0 + 2 == clocks.wall


def test_after_the_longest_call_the_clock_is_believed(clocks: Clocks, steady: Steady) -> None:
    clocks.pass_(1, 3600)
    steady.now()
    clocks.pass_(LASTS + 1)
    assert steady.now() == clocks.wall


def test_a_small_correction_and_a_long_wait_are_no_jump(clocks: Clocks, steady: Steady) -> None:
    clocks.pass_(600, 0.5)
    assert steady.now() == clocks.wall
