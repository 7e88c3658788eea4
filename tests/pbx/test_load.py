"""A hundred guests a second for twenty seconds, through a live Asterisk and our real runner.

The runner stands in this process, so that what it keeps can be counted: `tracker` are the calls and channels that
it follows, `memory` is the resident memory of the whole process, before and after, both after a first crowd.
"""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from bench.figures import resident
from server.db import reading, rows
from server.parts import Parts
from server.trunks import Trunks
from tests.conftest import Restaurant
from tests.pbx.conftest import VERSIONS
from tests.pbx.lab import USER, Lab
from tests.pbx.load import LINE, NUMBER, guests_call, ringing_phone
from tests.pbx.product import wait_for

RATE, SECONDS = 100, 20
FIRST_CROWD = 300
CATCHES_UP = 180.0  # seconds after the last call; on a calm machine it is one
MOST_GROWTH = 24 * 1024  # KB, of which two thousand journaled calls in SQLite's cache are the most

OVER = "SELECT count(*) FROM call WHERE trunk_id = ? AND state = 'ended'"
JOURNAL = "SELECT number, direction, state, outcome, did, answered_by, legs FROM call WHERE trunk_id = ?"


@pytest.fixture
def running(app: Flask, parts: Parts) -> Iterator[Parts]:
    """With the clock that opens our connections and writes the diary."""
    clock = app.extensions["dzvinok.clock"]
    clock.start()
    yield parts
    clock.stop()
    for thread in threading.enumerate():
        if thread.name == "clock" or thread.name.startswith("trunk-"):
            thread.join(timeout=10)


def test_two_thousand_calls_are_journaled_once_each_and_nothing_of_them_stays(
    labs: list[Lab], running: Parts, restaurant: Restaurant, tmp_path: Path
) -> None:
    lab = next(lab for lab in labs if lab.version == VERSIONS[-1])
    trunk = _trunk(running.trunks, restaurant, lab)
    wait_for(lambda: _ready(running, trunk), "not connected", 20)
    before = [f"+38050{number:07}" for number in range(FIRST_CROWD)]
    numbers = [f"+38067{number:07}" for number in range(RATE * SECONDS)]
    with ringing_phone(lab, tmp_path):
        guests_call(lab, tmp_path, before, RATE)
        _catch_up(running, trunk, len(before))
        memory = _memory()
        guests_call(lab, tmp_path, numbers, RATE)
        _catch_up(running, trunk, len(before) + len(numbers))
        grown = _memory() - memory
    journal = _journal(trunk)
    assert sorted(row[0] for row in journal) == sorted([*before, *numbers])
    missed = ("in", "ended", "missed", "+38" + NUMBER, "", f'{{"{LINE}": "missed"}}')
    assert {row[1:] for row in journal} == {missed}
    assert _kept(running, trunk) == (0, 0)
    assert grown < MOST_GROWTH, f"{grown} KB more"


def _trunk(trunks: Trunks, restaurant: Restaurant, lab: Lab) -> int:
    given = {"host": "127.0.0.1", "port": str(lab.ami), "user": USER, "secret": lab.secret}
    return int(trunks.add(restaurant(), "asterisk", given).id)


def _ready(parts: Parts, trunk: int) -> bool:
    connection = parts.connections.of(trunk)
    return connection is not None and connection.can_dial


def _journal(trunk: int) -> list[tuple[object, ...]]:
    with reading():
        return [tuple(row) for row in rows(JOURNAL, trunk)]


def _catch_up(parts: Parts, trunk: int, calls: int) -> None:
    def caught_up() -> bool:
        with reading():
            return rows(OVER, trunk)[0][0] >= calls and _kept(parts, trunk) == (0, 0)

    wait_for(caught_up, f"not all of {calls} calls are over, or some are kept", CATCHES_UP, every=0.3)


def _kept(parts: Parts, trunk: int) -> tuple[int, int]:
    """Calls and channels in the tracker's hands."""
    connection = parts.connections.of(trunk)
    assert connection
    tracker = connection.link._tracker  # type: ignore[union-attr]
    return len(tracker), len(tracker.channels)


def _memory() -> int:
    gc.collect()
    return resident(os.getpid())
