"""A disk without room, a database that somebody else holds, cannot be written or is damaged: what a company is told,
what registers notice, and that everything goes on afterwards."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
import requests
from flask import Flask

from server import create_app, limits
from server.config import ConfigError, Settings, load
from server.db import close_database, open_database, reading, rows
from server.doctor import BAD, box
from server.parts import Parts
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.torture.killing import worker_of
from tests.waiting import until

AT_MOST_EVERY = 1 / limits.FRAME.rate  # seconds: a register that asks more often for long is closed


class Restaurant:
    """A server on a database of its own, with one company and a register that listens."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "dzvinok.db"
        self.server = wire.Server(self.path)
        open_database(self.server.env["DATABASE_URL"])
        account = make_restaurant()
        self.binotel = wire.Binotel(hook_of(self.server, add_trunk(account)))
        self.register = wire.Register(self.server.url, account.name, register=1, spot=1, employee=5)
        self.register.connect()

    def close(self) -> None:
        self.register.close()
        self.server.kill()
        close_database()

    def calls(self) -> list[tuple[str, str]]:
        with reading():
            return rows("SELECT key, state FROM call ORDER BY started")

    def is_there(self) -> None:
        """The register never lost its socket."""
        assert self.register.heard_before_sentinel() is not None

    def shows(self, key: str) -> None:
        """The call rings once more, now is taken, and comes up."""
        answer = until(lambda: self.binotel.ring(key), lambda answer: answer.ok, seconds=30)
        assert answer.ok
        while self.register.hear_until("call")["call"]["state"] != "ringing":
            pass
        assert [state for found, state in self.calls() if found == key] == ["ringing"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Restaurant]:
    place = Restaurant(tmp_path)
    yield place
    place.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _fill(file: BinaryIO) -> None:
    while True:
        file.write(b"x" * 4096)


def test_a_full_disk_takes_no_call_and_loses_none(small_disk: Path) -> None:
    place = Restaurant(small_disk)
    try:
        filler = small_disk / "filler"
        with filler.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
            _fill(file)
        refused = until(lambda: place.binotel.ring("51200001"), lambda answer: answer.status_code >= 500)
        assert refused.status_code in (500, 503)
        place.is_there()
        held = len(place.calls())
        assert place.binotel.ring("51200002").status_code >= 500
        assert len(place.calls()) == held, "nothing half"
        filler.unlink()
        place.shows("51200003")
        with reading():
            assert rows("PRAGMA integrity_check") == [("ok",)]
    finally:
        place.close()


def test_a_file_that_may_not_grow_takes_no_call_and_loses_none(place: Restaurant) -> None:
    """The other way for room to run out: a limit of the process (an I/O error instead of a full disk)."""
    worker = worker_of(place.server)
    assert worker
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    refused = until(lambda: place.binotel.ring("51200001"), lambda answer: answer.status_code >= 500)
    assert refused.status_code in (500, 503)
    place.is_there()
    resource.prlimit(worker, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    place.shows("51200002")


@contextmanager
def ring_while_held(place: Restaurant) -> Iterator[tuple[Future[int], sqlite3.Connection]]:
    """A ring that waits, and who it waits for; whatever happens meanwhile, it is over afterwards."""
    with ThreadPoolExecutor(1) as beside, closing(sqlite3.connect(place.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield beside.submit(lambda: place.binotel.ring("51200001").status_code), other


def test_a_database_that_somebody_holds_for_long_stops_no_register(place: Restaurant) -> None:
    with ring_while_held(place) as (ring, _):
        begun, healthy = time.monotonic(), 0
        while not wait([ring], timeout=AT_MOST_EVERY).done:
            assert requests.get(f"{place.server.url}/healthz", timeout=3).ok
            healthy += 1
            place.is_there()
        assert ring.result() >= 500, "the company is told to try again"
        assert time.monotonic() - begun > 4, "it waited for its turn before"
        assert healthy > 20, "meanwhile others were served"
    assert place.calls() == []
    place.shows("51200001")


def test_a_database_that_is_free_again_in_time_costs_only_the_wait(place: Restaurant) -> None:
    with ring_while_held(place) as (ring, other):
        assert not wait([ring], timeout=0.5).done
        other.execute("ROLLBACK")
        assert ring.result(timeout=20) == 200
        assert place.register.hear_until("call")["call"]["state"] == "ringing"


def damage(path: Path) -> None:
    """Overwrites pages in the middle of the file, as a dying disk does."""
    with sqlite3.connect(path) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    last.close()
    with path.open("r+b") as file:
        file.seek(10 * 4096)
        file.write(b"\xa5" * 4096 * 40)


def test_a_damaged_page_is_found_and_told_with_its_cure(settings: Settings, app: Flask, parts: Parts) -> None:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    parts.soundness.look()
    assert parts.soundness.wrong == ""
    close_database()
    damage(path)
    parts.soundness.look()
    (found,) = box.whole(parts.soundness)
    assert (found.kind, found.level) == ("database_damaged", BAD)
    assert found.facts["words"]


def test_a_file_that_is_no_database_stops_the_start_with_one_sentence(settings: Settings) -> None:
    Path(settings.database_url.removeprefix("sqlite:///")).write_bytes(b"no database at all" * 999)
    with pytest.raises(ConfigError, match=r"is damaged: restore the newest backup") as why:
        create_app(settings)
    assert "\n" not in str(why.value)


def test_a_disk_that_may_only_be_read_stops_the_start_with_one_sentence(small_disk: Path) -> None:
    settings = load(wire.environment(8080, small_disk / "dzvinok.db"), small_disk / "no.env")
    create_app(settings)
    close_database()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(ConfigError, match=r"may not be written|cannot be opened"):
        create_app(settings)
    close_database()
