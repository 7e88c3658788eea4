"""How many taps and fields lie between a ring and an order with its guest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bench.stopwatch import WAYS, Watch, watch
from tests.browser.conftest import OpenTill
from tests.browser.stage import MARTA, Phone, Poster, Stage

MOST = {
    "known guest, order": {"taps": 1, "fields": 0},
    "new guest saved, order": {"taps": 1, "fields": 4},
    "last order once more": {"taps": 2, "fields": 0},
}


@pytest.fixture
def counting(till: OpenTill, stage: Stage, poster: Poster, phone: Phone) -> Iterator[Watch]:
    counting = watch(stage, till(1, MARTA))
    yield counting
    counting.phone.hang_up()


@pytest.mark.parametrize("name", WAYS)
def test_way_to_an_order_is_short(name: str, counting: Watch) -> None:
    way: Callable[[Watch], None] = WAYS[name]
    assert counting.timed(way)[1] == MOST[name]
