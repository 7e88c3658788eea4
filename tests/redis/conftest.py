"""A real Redis on a socket of its own, and several workers on it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from server.db import close_database, open_database
from server.models import Account
from tests import wire
from tests.conftest import make_restaurant
from tests.redis.crew import Crew, Store

numbers = count(700_200)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="dz") as folder:  # a socket's path may not be long
        store = Store(Path(folder))
        store.start()
        yield store
        store.kill()


@pytest.fixture(scope="module")
def standing(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    """Three workers at which nobody breaks anything: each test brings a restaurant of its own."""
    yield from _crew(store, tmp_path_factory.mktemp("crew"), 3)


@pytest.fixture
def more() -> dict[str, str]:
    """Settings of the workers besides."""
    return {}


@pytest.fixture
def crew(store: Store, tmp_path: Path, more: dict[str, str]) -> Iterator[Crew]:
    """Two workers to be broken."""
    yield from _crew(store, tmp_path, 2, **more)


def _crew(store: Store, folder: Path, size: int, **more: str) -> Iterator[Crew]:
    crew = Crew(folder / "dzvinok.db", store, size, **more)
    open_database(crew.workers[0].env["DATABASE_URL"])
    yield crew
    crew.kill()
    close_database()


@pytest.fixture
def place() -> Account:
    """A restaurant with a name that no test before had."""
    number = next(numbers)
    return make_restaurant(f"place-{number}", str(number))


At = Callable[[wire.Server, int, int | None], wire.Register]


@pytest.fixture
def at(place: Account) -> Iterator[At]:
    """A register (its number, who is logged in) of the place on a worker's socket."""
    opened: list[wire.Register] = []

    def connect(worker: wire.Server, register: int, employee: int | None) -> wire.Register:
        one = wire.Register(worker.url, place.name, register, 1 if register < 3 else 2, employee)
        opened.append(one)
        one.connect()
        return one

    yield connect
    for one in opened:
        one.close()
