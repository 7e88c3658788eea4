"""`flask move`: everything or nothing."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest
from click.testing import Result

from server import create_app, db
from server.calls import IN, RING
from server.config import load
from server.db import rows
from server.intake import CallEvent
from server.models import Did
from tests import wire
from tests.conftest import add_trunk, finish_background_work, make_restaurant
from tests.postgres.cluster import Cluster


@pytest.fixture
def lived(tmp_path: Path) -> Path:
    """A file in which a restaurant has had a call, with a name that PostgreSQL would not keep as it is."""
    path = tmp_path / "old.db"
    db.open_database(f"sqlite:///{path}")
    account = make_restaurant()
    trunk = add_trunk(account)
    app = create_app(
        load(wire.environment(8080, path, DATABASE_URL=f"sqlite:///{path}"), tmp_path / "no.env")
    )
    event = CallEvent("c1", RING, 1795436500.25, IN, "+380671112201", line="101", name="Olena\0 \\N\t\"'")
    app.extensions["dzvinok"].intake.take(account.id, trunk.id, [event])
    finish_background_work()  # the guest is looked up beside: its connection must not stay for the next file
    db.close_database()
    return path


def move(path: Path, target: str) -> Result:
    env = wire.environment(8080, path, DATABASE_URL=f"sqlite:///{path}")
    app = create_app(load(env, path.with_name("no.env")))
    said = app.test_cli_runner().invoke(args=["move", target])
    db.close_database()
    return said


def content(url: str) -> dict[str, list[str]]:
    db.open_database(url)
    found = {}
    for table in TABLES:
        cursor = db.database.execute_sql(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        found[table] = sorted(
            json.dumps(dict(zip(names, row, strict=True)), sort_keys=True).replace("\\u0000", "\\ufffd")
            for row in cursor.fetchall()
        )
    db.close_database()
    return found


TABLES = ("account", "spot", "register", "employee", "line_owner", "trunk", "call", "stale_call", "recount")


def test_everything_is_there_as_it_was(lived: Path, cluster: Cluster, empty: str) -> None:
    said = move(lived, empty)
    assert said.exit_code == 0, said.output
    assert "Set DATABASE_URL to that address" in said.output
    before = content(f"sqlite:///{lived}")
    assert before["call"]
    assert before == content(empty)


def test_what_comes_next_has_the_next_number(lived: Path, empty: str) -> None:
    move(lived, empty)
    db.open_database(empty)
    assert make_restaurant("lavra", "700124").id == 2
    with db.transaction(2):
        Did.create(account=2, number="+380441234567", spot=1)
    assert rows("SELECT account_id FROM recount") == [(2,)]  # the tables notice by themselves again
    db.close_database()


def test_a_database_that_has_something_is_left_alone(lived: Path, born: str) -> None:
    make_restaurant("other", "1")
    db.close_database()
    said = move(lived, born)
    assert said.exit_code == 1
    assert "has something in its table" in said.output
    db.open_database(born)
    assert rows("SELECT name FROM account") == [("other",)]


def test_what_cannot_be_taken_leaves_nothing(lived: Path, empty: str) -> None:
    db.open_database(f"sqlite:///{lived}")
    with db.transaction():
        db.write("UPDATE spot SET poster_id = 'not a number' WHERE id = 1")
    db.close_database()
    said = move(lived, empty)
    assert said.exit_code == 1
    assert "nothing was kept" in said.output
    with psycopg.connect(empty) as asked:
        assert asked.execute("SELECT count(*) FROM account").fetchone() == (0,)


@pytest.mark.parametrize("target", ["mysql://x/y", "postgresql://", "sqlite:///x.db"])
def test_an_address_that_is_none_is_told(lived: Path, target: str) -> None:
    said = move(lived, target)
    assert said.exit_code == 1
    assert "postgresql://user:password@host/name" in said.output


def test_a_file_in_use_is_not_moved(lived: Path, empty: str) -> None:
    server = wire.Server(lived, DATABASE_URL=f"sqlite:///{lived}")
    try:
        said = move(lived, empty)
    finally:
        server.kill()
    assert said.exit_code == 1
    assert "stop it first" in said.output
