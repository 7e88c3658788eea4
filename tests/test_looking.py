"""When Poster is asked who a caller is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.config import Settings
from server.hub import Hub
from server.intake import Intake
from server.telling import Telling
from tests.conftest import Restaurant

GUEST = {"direction": IN, "caller": "0671112233"}


@pytest.fixture
def asked(app: Flask, settings: Settings, restaurant: Restaurant) -> Any:
    """Takes these events of one call; returns the numbers that were asked for."""
    account, numbers = restaurant().id, []
    telling = Telling(settings, Hub(), lambda of, number, tell: numbers.append(number))
    intake = Intake(settings, telling)

    def take(*events: tuple[str, dict[str, Any]]) -> list[str]:
        for at, (kind, facts) in enumerate(events):
            intake.take(account, None, [CallEvent("k", kind, 1795436400.0 + at, **facts)])
        return numbers

    return take


def test_a_ring_asks_once(asked: Any) -> None:
    assert asked((RING, GUEST), (RING, GUEST | {"line": "101"}), (ANSWER, GUEST | {"line": "101"})) == [
        "+380671112233"
    ]


def test_an_answer_whose_ring_was_lost_asks_too(asked: Any) -> None:
    assert asked((ANSWER, GUEST | {"line": "101"}), (RING, GUEST)) == ["+380671112233"]


def test_a_number_that_comes_later_is_asked_for_then(asked: Any) -> None:
    assert asked((RING, {"direction": IN, "caller": ""}), (ANSWER, GUEST)) == ["+380671112233"]


def test_nobody_is_asked_about_a_call_that_is_over(asked: Any) -> None:
    assert asked((END, {}), (RING, GUEST)) == []


@pytest.mark.parametrize(
    "facts", [{"direction": IN, "caller": ""}, {"direction": OUT, "caller": "0671112233"}]
)
def test_nobody_is_asked_about_hidden_numbers_and_outgoing_calls(asked: Any, facts: dict[str, Any]) -> None:
    assert asked((RING, facts)) == []
