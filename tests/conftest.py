"""A database, an app and accounts for the tests: all real, only Poster's and the companies' wires are stood in for."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from server import background, create_app
from server.config import Settings, load
from server.db import close_database, open_database, transaction
from server.models import CONNECTED, Account, Employee, LineOwner, Register, Spot, Trunk
from server.parts import Parts
from tests import wire
from tests.chromium import browser as browser
from tests.desks import desk as desk
from tests.mailbox import box as box
from tests.mailbox import mail as mail
from tests.poster.company import Company

pytest.register_assert_rewrite(
    "tests.recorded", "tests.replay"
)  # these assert for the tests that import them


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgres"), default="sqlite", help="what the tests run on"
    )


def pytest_configure(config: pytest.Config) -> None:
    """A PostgreSQL of our own, for as long as the tests run."""
    if config.getoption("--database") == "postgres":
        from tests.postgres.cluster import PRESENT, Cluster, programs

        if not programs():
            pytest.exit(f"nothing was tested on PostgreSQL: {PRESENT}", returncode=0)
        cluster = Cluster()
        config.add_cleanup(cluster.remove)
        wire.database_url = cluster.database


@pytest.fixture
def sqlite(request: pytest.FixtureRequest) -> None:
    """What is SQLite's alone: its file, its query plans."""
    if request.config.getoption("--database") != "sqlite":
        pytest.skip("this is about SQLite's own file and plans")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    environ = wire.environment(8080, tmp_path / "dzvinok.db", PUBLIC_URL="https://phone.example.com")
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def company() -> Iterator[Company]:
    """Poster's wire, on a socket."""
    company = Company()
    yield company
    company.stop()


@pytest.fixture
def database(settings: Settings) -> Iterator[None]:
    """For parts that are tested without an app."""
    open_database(settings.database_url)
    yield
    close_database()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    yield create_app(settings)
    finish_background_work()
    close_database()


@pytest.fixture
def parts(app: Flask) -> Parts:
    found: Parts = app.extensions["dzvinok"]
    return found


@pytest.fixture
def served(tmp_path: Path) -> Iterator[wire.Server]:
    """A real server in its own process; this process has the same database open to seed and to look."""
    server = wire.Server(tmp_path / "dzvinok.db")
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


def finish_background_work() -> None:
    """A look-up that outlives its test would give its connection back to the next test's database."""
    background.finish(timeout=10)
    for thread in threading.enumerate():
        if thread.name == "background":
            thread.join(timeout=10)


@pytest.fixture
def place(served: wire.Server) -> Account:
    """The restaurant at which registers and phones of the real server stand."""
    return make_restaurant()


@pytest.fixture
def binotel(served: wire.Server, place: Account) -> wire.Binotel:
    """Its phone company."""
    return wire.Binotel(hook_of(served, add_trunk(place)))


Restaurant = Callable[..., Account]


@pytest.fixture
def restaurant() -> Restaurant:
    return make_restaurant


def make_restaurant(name: str = "pechera", number: str = "700123") -> Account:
    """Two spots, three registers, three employees: Olena (5) has line 101, Taras (6) 102, Iryna (7) none."""
    with transaction():
        account = Account.create(name=name, number=number, state=CONNECTED, country="UA", currency="₴", lang="ua",
                                 mirrored_at=time.time())  # fmt: skip
        for spot, title in ((1, "Podil"), (2, "Lavra")):
            Spot.create(account=account, poster_id=spot, name=title)
        for register, spot in ((1, 1), (2, 1), (3, 2)):
            Register.create(account=account, poster_id=register, name=f"Register {register}", spot=spot)
        for employee, title in ((5, "Olena"), (6, "Taras"), (7, "Iryna")):
            Employee.create(account=account, poster_id=employee, name=title)
        LineOwner.create(account=account, line="101", kind="employee", owner=5)
        LineOwner.create(account=account, line="102", kind="employee", owner=6)
    return account


def add_trunk(account: Account, provider: str = "binotel") -> Trunk:
    with transaction():
        return Trunk.create(
            account=account, provider=provider, token=secrets.token_urlsafe(18), created_at=time.time()
        )


def hook_of(server: wire.Server, trunk: Trunk) -> str:
    return f"{server.url}/hooks/{trunk.provider}/{trunk.token}"
