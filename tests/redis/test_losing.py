"""A worker dies between the database and Redis: no card is lost, no call stays half."""

from __future__ import annotations

import pytest

from server.models import Account
from tests import wire
from tests.conftest import add_trunk, hook_of
from tests.redis.conftest import At
from tests.redis.crew import Crew, Store, desks
from tests.waiting import until

Phones = list[wire.Binotel]


@pytest.fixture
def phones(crew: Crew, place: Account) -> Phones:
    trunk = add_trunk(place)
    return [wire.Binotel(hook_of(worker, trunk)) for worker in crew.workers]


def states(frame: wire.Json) -> list[str]:
    return [card["call"]["state"] for card in frame["calls"]]


def test_a_worker_killed_in_mid_call_loses_nothing(
    crew: Crew, at: At, phones: Phones, store: Store, place: Account
) -> None:
    first, second = crew.workers
    moves, stays = at(first, 1, 5), at(second, 2, 5)
    until(lambda: desks(place.id), lambda found: len(found) == 2)
    phones[0].ring("c1")
    assert {one.hear_until("call")["call"]["state"] for one in (moves, stays)} == {"ringing"}
    store.refuse_first()
    assert (
        phones[0].answer("c1", "101").ok
    )  # it stands in the database, and nobody at the second worker heard of it
    first.kill()
    store.let_first()
    moves.base = moves.base.replace(first.url, second.url)
    assert states(moves.connect()) == ["answered"]
    assert states(stays.hear_until("snapshot", timeout=20)) == ["answered"]
    phones[1].hangup("c1")
    assert {one.hear_until("call")["call"]["state"] for one in (moves, stays)} == {"ended"}
