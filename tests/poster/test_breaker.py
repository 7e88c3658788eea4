"""A dead Poster costs nobody time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from server.models import Account
from server.parts import Parts
from server.poster.breaker import FAILURES, Breaker, Resting
from server.poster.trouble import Limited, PosterDown, PosterError, Silent, Unasked
from tests.poster.company import Company, Raw, error

READ, WRITE = "clients.getGroups", "application.setEntityExtras"
BROKEN = Raw("<html>down</html>", status=502)

Clock = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Lets time pass for the breaker."""
    passed = 0.0

    def later(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    class Time:
        @staticmethod
        def monotonic() -> float:
            return time.monotonic() + passed

    monkeypatch.setattr("server.poster.breaker.time", Time)
    return later


def broken(why: PosterDown | None = None, waited: float = 2.0, times: int = FAILURES) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        breaker.failed("700123", why or PosterDown("HTTP 502"), waited)
    return breaker


def test_after_some_failures_in_a_row_nothing_is_asked(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers[READ] = BROKEN
    poster = parts.menu._poster
    for _ in range(FAILURES + 5):
        with pytest.raises(PosterDown):
            poster.get(account.id, READ, time.monotonic() + 20)
    assert company.count(READ) == FAILURES


def test_a_silent_poster_is_waited_for_a_few_times_and_then_not(
    parts: Parts, account: Account, company: Company
) -> None:
    company.delays["*"] = 30.0
    breaker = parts.menu._poster._breaker = broken(times=FAILURES - 1)
    begun = time.monotonic()
    with pytest.raises(Silent):
        parts.menu._poster.get(account.id, READ, begun + 1.2, urgent=True)
    assert breaker.resting("700123")
    with pytest.raises(Resting):
        parts.menu._poster.get(account.id, READ, begun + 60, urgent=True)
    assert company.count(READ) == 1


def test_when_the_rest_is_over_one_tries_for_all(wait: Clock) -> None:
    breaker = broken()
    wait(6)
    breaker.check("700123")
    with pytest.raises(Resting):
        breaker.check("700123")
    breaker.worked("700123")
    breaker.check("700123")
    breaker.check("700123")


def test_each_rest_is_longer_up_to_a_minute(wait: Clock) -> None:
    breaker = broken()
    for rest in (5, 10, 20, 40, 60, 60):
        wait(rest - 0.5)
        with pytest.raises(Resting):
            breaker.check("700123")
        wait(0.6)
        breaker.check("700123")
        breaker.failed("700123", PosterDown("HTTP 502"), 1.0)


def test_a_poster_that_serves_another_account_is_asked_for_that() -> None:
    breaker = broken()
    breaker.check("700124")


@pytest.mark.parametrize(
    ("why", "waited"), [(Unasked(), 0.0), (Limited(), 5.0), (Silent(), 0.3), (Resting(), 0.0)]
)
def test_what_is_no_fault_of_posters_is_not_held_against_it(why: PosterDown, waited: float) -> None:
    broken(why, waited, times=50).check("700123")


def test_who_is_busy_for_ever_is_down(
    parts: Parts, account: Account, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.poster.client.LONGEST_REST", 0.01)
    company.answers[READ] = Raw("<html>busy</html>", status=503)
    for _ in range(FAILURES):
        with pytest.raises(PosterDown, match="503"):
            parts.menu._poster.get(account.id, READ, time.monotonic() + 60)
    assert company.count(READ) == 3 * FAILURES, "each time it is asked twice more"
    with pytest.raises(Resting):
        parts.menu._poster.get(account.id, READ, time.monotonic() + 60)


def test_a_limit_that_lasts_longer_than_we_may_wait_is_told_as_one(
    parts: Parts, account: Account, company: Company
) -> None:
    company.answers[READ] = Raw({"error": 429}, status=429, headers={"Retry-After": "4"})
    begun = time.monotonic()
    with pytest.raises(Limited):
        parts.menu._poster.get(account.id, READ, begun + 3.5, urgent=True)
    assert company.count(READ) == 1
    assert not parts.menu._poster._breaker.resting("700123")


def test_a_refusal_is_an_answer(parts: Parts, account: Account, company: Company) -> None:
    company.answers[READ] = error(32)
    for _ in range(FAILURES + 2):
        with pytest.raises(PosterError):
            parts.menu._poster.get(account.id, READ, time.monotonic() + 20, urgent=True)
    assert company.count(READ) == FAILURES + 2


def test_a_write_is_tried_whatever_was_read_before_and_what_it_finds_counts(
    parts: Parts, account: Account, company: Company
) -> None:
    poster = parts.menu._poster
    poster._breaker = broken()
    assert poster.write_client(account.id, 318, {"key": "value"})
    assert company.count(WRITE) == 1
    assert poster.get(account.id, READ, time.monotonic() + 5) is not None
