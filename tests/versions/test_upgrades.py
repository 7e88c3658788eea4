"""Whoever comes from any released version finds every call and every setting, and may go back."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from server.backups import copying
from server.db import close_database, migration_names, open_database
from server.vault import Vault
from tests import wire
from tests.versions.make import HERE, RELEASED

KEY = "a key for tests, long enough"
# What an upgrade writes itself: it is newer afterwards, everything else must stand as it stood.
OWN = {"migration", "stale_call", "recount", "figure", "call_fact"}
# Poster's answers of a day, which 1.2.0 keeps no more: its own copy of the guests took their place.
GONE = {"guest_card"}
# What was wrong with a phone is told by its health since 1.1.0.
DROPPED = {("trunk", "problem")}
VERSIONS = sorted(path.name.removesuffix(".sql.gz") for path in HERE.glob("*.sql.gz"))


def lay(version: str, path: Path) -> Path:
    """The database as that version left it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(gzip.decompress((HERE / f"{version}.sql.gz").read_bytes()).decode())
        connection.execute("PRAGMA journal_mode = wal")
    return path


def contents(path: Path, like: dict[str, list[str]] | None = None) -> dict[str, tuple[list[str], list[Any]]]:
    """Every row of every table; with `like`, only the tables and columns named there."""
    with copying.opened(path) as connection:
        names = [name for (name,) in connection.execute(copying.TABLES)]
        columns = like or {
            name: [
                row[1]
                for row in connection.execute(f"PRAGMA table_info('{name}')")
                if (name, row[1]) not in DROPPED
            ]
            for name in names
        }
        return {
            name: (chosen, sorted(connection.execute(f'SELECT {", ".join(chosen)} FROM "{name}"'), key=repr))
            for name, chosen in columns.items()
            if name not in OWN | GONE
        }


@pytest.fixture(params=VERSIONS)
def lived(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    yield request.param, lay(request.param, tmp_path / "dzvinok.db")
    close_database()


def test_every_released_version_is_here() -> None:
    assert sorted(RELEASED) == VERSIONS


def test_nothing_that_was_there_is_changed_or_gone(lived: tuple[str, Path]) -> None:
    _, path = lived
    before = contents(path)
    assert len(before["call"][1]) == 31
    open_database(f"sqlite:///{path}")
    close_database()
    after = contents(path, {name: columns for name, (columns, _) in before.items()})
    assert after == before
    with copying.opened(path) as connection:
        assert copying.schema_of(connection) == migration_names()
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_the_tables_are_those_of_a_fresh_box(lived: tuple[str, Path], tmp_path: Path) -> None:
    """Whoever came a long way has no other tables, indexes or triggers than whoever starts today."""
    fresh = tmp_path / "fresh.db"
    for path in (lived[1], fresh):
        open_database(f"sqlite:///{path}")
        close_database()
    told = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name"
    with copying.opened(lived[1]) as old, copying.opened(fresh) as new:
        assert old.execute(told).fetchall() == new.execute(told).fetchall()
        for (name,) in new.execute(copying.TABLES).fetchall():
            columns = f"PRAGMA table_info('{name}')"
            assert old.execute(columns).fetchall() == new.execute(columns).fetchall()


def test_the_copy_of_before_is_what_the_old_version_left_and_opens_there(lived: tuple[str, Path]) -> None:
    _, path = lived
    before = contents(path)
    with copying.opened(path) as connection:
        seen = copying.schema_of(connection)
    pending = [name for name in migration_names() if name not in seen]
    open_database(f"sqlite:///{path}")
    close_database()
    if not pending:
        assert list(path.parent.glob("*.before-*")) == []
        return
    kept = path.with_name(f"{path.name}.before-{pending[0]}")
    assert list(path.parent.glob("*.before-*")) == [kept]
    assert contents(kept) == before
    with copying.opened(kept) as connection:
        assert copying.schema_of(connection) == seen


def test_secrets_open_with_the_key_of_then(lived: tuple[str, Path]) -> None:
    version, path = lived
    open_database(f"sqlite:///{path}")
    close_database()
    with copying.opened(path) as connection:
        (token,) = connection.execute("SELECT token FROM account").fetchone()
        told = [text for (text,) in connection.execute("SELECT secrets FROM trunk WHERE secrets <> ''")]
    assert Vault(KEY).open(token) == "pechera:token of the restaurant"
    zadarma = (
        [{"key": "0123456789abcd", "secret": "0123456789abcdef"}] if version >= "1.1.0" else []
    )  # new in it
    assert [Vault(KEY).open_dict(text) for text in told] == zadarma


def test_the_server_goes_on_with_the_call_that_rang_and_tells_the_registers(lived: tuple[str, Path]) -> None:
    """The phone company's address is the one of then; the call that rang during the upgrade ends in the same row."""
    _, path = lived
    with copying.opened(path) as connection:
        (token,) = connection.execute("SELECT token FROM trunk WHERE provider = 'binotel'").fetchone()
    server = wire.Server(path)
    try:
        company = wire.Binotel(f"{server.url}/hooks/binotel/{token}")
        assert company.hangup("ringing", "CANCEL", 0).ok
        till = wire.Register(server.url, "pechera", 3, 2, 7)
        till.connect()
        assert company.ring("after", "0671112203").ok
        assert till.hear_until("call")["call"]["from"] == "+380671112203"
        till.close()
    finally:
        server.stop()
    with copying.opened(path) as connection:
        assert connection.execute("SELECT state FROM call WHERE key = 'ringing'").fetchall() == [("ended",)]
        assert connection.execute("SELECT count(*) FROM call").fetchone() == (32,)


def test_going_back_gives_the_old_version_its_database(lived: tuple[str, Path], tmp_path: Path) -> None:
    """As docs/upgrade.md says it: the copy of before in the place of the new one."""
    _, path = lived
    before = contents(path)
    open_database(f"sqlite:///{path}")
    close_database()
    for kept in path.parent.glob("*.before-*"):
        for side in ("-wal", "-shm"):
            Path(f"{path}{side}").unlink(missing_ok=True)
        shutil.move(kept, path)
        assert contents(path) == before
