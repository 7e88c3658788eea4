"""The server's clock is put forward and back by an hour and by a day, while guests are on the line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.db import close_database, open_database, reading, rows, transaction
from server.models import Account, Command
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.torture.killing import worker_of
from tests.torture.long import LONG
from tests.waiting import until

HOUR, DAY = 3600, 86400
# Python loads this first. (libfaketime's sleeping breaks as soon as it leaves the clock alone that only goes on, as
# whoever puts a real clock does.)
CLOCK = """
import os, time
right = time.time
def wrong():
    with open(os.environ["CLOCK_PUT"]) as put:
        return right() + float(put.read() or 0)
time.time = wrong
"""


class Jumping:
    """A server whose clock can be put, and a register of whose Poster the clock is right."""

    def __init__(self, folder: Path) -> None:
        self._put = folder / "put"
        self.put(0)
        (folder / "sitecustomize.py").write_text(CLOCK)
        self.server = wire.Server(folder / "dzvinok.db", CLOCK_PUT=str(self._put), PYTHONPATH=str(folder))
        open_database(self.server.env["DATABASE_URL"])
        self.account: Account = make_restaurant()
        self.binotel = wire.Binotel(hook_of(self.server, add_trunk(self.account)))
        self.register = wire.Register(self.server.url, self.account.name, register=1, spot=1, employee=5)
        self.worker = worker_of(self.server)

    def put(self, seconds: int) -> None:
        fresh = self._put.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}\n")
        fresh.replace(self._put)

    def jump(self, seconds: int) -> None:
        """Returns when the clock's chore that ends forgotten calls has seen it: the same thread then did something
        else."""
        before = self.server.log.read_text().count("the clock was put")
        self.put(seconds)
        until(lambda: self.server.log.read_text().count("the clock was put") > before)
        with transaction():
            asked = Command.create(kind="ping", body="{}", at=time.time() + seconds)
        until(lambda: Command.get_by_id(asked.id).answer)

    def state(self, call: str) -> str:
        with reading():
            return str(rows("SELECT state FROM call WHERE key = ?", call)[0][0])


@pytest.fixture
def jumping(tmp_path: Path) -> Iterator[Jumping]:
    jumping = Jumping(tmp_path)
    yield jumping
    jumping.register.close()
    jumping.server.kill()
    close_database()


JUMPS: tuple[int, ...] = (HOUR, -DAY, 0)
if LONG:
    JUMPS = (HOUR, 0, DAY, 0, -HOUR, 0, -DAY, 0, DAY, -DAY, 0)


def test_a_clock_that_jumps_ends_no_call_and_turns_no_register_away(jumping: Jumping) -> None:
    register, binotel = jumping.register, jumping.binotel
    assert register.connect()["type"] == "snapshot"
    assert binotel.ring("1", caller="0671112201").ok
    assert binotel.ring("2", caller="0671112202").ok
    assert binotel.answer("2", "101", caller="0671112202").ok
    for put in JUMPS:
        jumping.jump(put)
        assert [jumping.state(call) for call in "12"] == ["ringing", "answered"]
    assert register.heard_before_sentinel() is not None, "it kept its socket"
    assert binotel.ring("3", caller="0671112203").ok
    for call in "123":
        assert binotel.hangup(call, "ANSWER" if call == "2" else "CANCEL").ok
    until(lambda: {jumping.state(call) for call in "123"}, lambda states: states == {"ended"})
    with reading():
        assert rows("SELECT count(*) FROM call WHERE ended < started OR answered < started")[0][0] == 0
    assert register.connect()["type"] == "snapshot", "its signature is fresh again"
    assert worker_of(jumping.server) == jumping.worker, "nothing crashed"


def test_while_the_clock_is_wrong_a_register_is_refused_by_name_and_the_next_minute_let_in(
    jumping: Jumping,
) -> None:
    jumping.put(DAY)
    refused = until(lambda: jumping.register.ask("hello"), lambda answer: answer.status_code == 403)
    assert refused.json()["error"] == "stale"
    jumping.put(0)
    assert until(lambda: jumping.register.ask("hello"), lambda answer: answer.ok).json()["ok"]
