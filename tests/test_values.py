"""Moments as companies spell them."""

from __future__ import annotations

from typing import Any

import pytest

from server.providers.values import moment, moment_ms, stated
from tests.recorded import NASTY
from tests.replay import T0

DAY = 24 * 3600.0


@pytest.mark.parametrize(
    "told", [1795436398250, "1795436398250", 1795436398250.0, 1795436398.25, "1795436398.25"]
)
def test_milliseconds_and_seconds_are_the_same_moment(told: Any) -> None:
    assert moment_ms(told, T0) == 1795436398.25


@pytest.mark.parametrize(
    "told", [*NASTY, "soon", 12, 12000, int(T0) * 10**6, -int(T0) * 1000, (T0 + 2 * DAY) * 1000]
)
def test_what_can_be_no_moment_is_none(told: Any) -> None:
    assert moment_ms(told, T0) is None


def test_milliseconds_are_no_seconds() -> None:
    assert moment(T0 * 1000, T0) is None


@pytest.mark.parametrize(
    ("told", "at"),
    [(T0 - 5, T0 - 5), (T0, T0), (T0 + 5, T0), (T0 - 300, T0 - 300), (T0 - 301, None), (None, None)],
)
def test_nothing_happened_ahead_of_us_or_too_long_ago(told: float | None, at: float | None) -> None:
    assert stated(told, T0, 300.0) == at


def test_a_call_of_a_history_may_be_old() -> None:
    assert stated(T0 - 30 * DAY, T0) == T0 - 30 * DAY
