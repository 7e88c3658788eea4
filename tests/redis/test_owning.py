"""What only one worker may do is done by one: the chores, each PBX's connection."""

from __future__ import annotations

import os
import signal
import time

import pytest

from server.db import reading, rows
from server.models import Account
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.vault import Vault
from tests.redis.conftest import At
from tests.redis.crew import Crew, Worker, owner
from tests.switchboard import Line, Switchboard
from tests.test_connections import KEYS, admitted, start
from tests.test_connections import board as board
from tests.waiting import until

TAKEN_OVER_WITHIN = 10.0  # seconds: what docs/scale.md promises
KEPT = "SELECT key FROM call WHERE trunk_id = ? ORDER BY key"


@pytest.fixture
def more(board: Switchboard) -> dict[str, str]:
    """The workers' companies are those of the switchboard."""
    return {"COMPANIES_URL": board.url}


def who_took(crew: Crew, lease: str) -> tuple[Worker, Worker]:
    """And the other one."""
    until(lambda: owner(lease))
    taken = [f"taken: {lease}" in one.log.read_text() for one in crew.workers]
    first, second = crew.workers
    return (first, second) if taken[0] else (second, first)


def test_the_chores_and_a_pbx_have_one_owner_paused_killed_or_sent_away(
    crew: Crew, at: At, board: Switchboard, place: Account
) -> None:
    trunk = Trunks(Vault(crew.workers[0].env["SECRET_KEY"]), "", PROVIDERS).add(place, "binotel", KEYS)
    lease = f"trunk:{trunk.id}"
    lines = [admitted(board)]
    owns, other = who_took(crew, lease)
    one = at(other, 1, 5)
    lines[0].say(start("c1"))
    assert one.hear_until("call")["call"]["state"] == "ringing"

    before, began = owner(lease), time.monotonic()
    os.kill(owns.pid, signal.SIGSTOP)
    lines.append(admitted(board))
    assert time.monotonic() - began < TAKEN_OVER_WITHIN
    assert owner(lease) not in ("", before)
    assert owner("clock:chores") == owner(lease)
    lines[0].say(start("ghost"))  # it waits in the socket of the one that is paused
    os.kill(owns.pid, signal.SIGCONT)
    assert lines[0].was_hung_up()
    lines[1].say(start("c2"))
    assert one.hear_until("call")["call"]["state"] == "ringing"
    with reading():
        assert rows(KEPT, trunk.id) == [("c1",), ("c2",)]

    before = owner(lease)
    hang_up_when_gone(lines[1])
    other.stop()  # it says goodbye, so nobody waits to be sure
    lines.append(admitted(board))
    until(lambda: owner("clock:chores"), lambda now: now not in ("", before))
    for line in lines:
        line.over.set()


def hang_up_when_gone(line: Line) -> None:
    line.over.set()
