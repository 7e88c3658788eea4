"""The database: SQLite or PostgreSQL through Peewee, one writer at a time, durable before anybody is told."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from peewee import DatabaseProxy, Model, OperationalError, __exception_wrapper__  # type: ignore[attr-defined]
from playhouse.pool import PooledSqliteDatabase

from server import dialect, likeness, migrations
from server.backups import before
from server.config import ConfigError
from server.measures import writing

M = TypeVar("M", bound=Model)

# At DEBUG it logs every statement with its values: numbers, names, tokens.
logging.getLogger("peewee").setLevel(logging.INFO)

# FULL: an answered webhook survives a power cut. IMMEDIATE writers wait here instead of failing with "locked".
# What is deleted is overwritten in the file too, where SQLite was not built to do that anyway.
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "secure_delete": 1,
}
PATIENCE = 5.0  # seconds that a writer waits for the one before it


class Sqlite(PooledSqliteDatabase):  # type: ignore[misc]
    """Whoever writes takes the lock at once, so that two of them queue instead of one failing half-way."""

    def point(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True)
        before.changing(path, migration_names())
        self.close_idle()  # these are another file's
        # A pooled connection serves one thread at a time, but not always the one that opened it.
        self.init(str(path), pragmas=PRAGMAS, stale_timeout=300, check_same_thread=False)

    def begin(self, lock_type: str | None = None) -> None:
        """Waits for its turn like for a socket: SQLite's own waiting would stop every ring and every register."""
        connection, until, pause = self.connection(), time.monotonic() + PATIENCE, 0.001
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    return super().begin(lock_type)  # type: ignore[no-any-return]
                except OperationalError as why:
                    if "locked" not in str(why) or time.monotonic() >= until:
                        raise
                time.sleep(pause)
                pause = min(0.05, 2 * pause)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {PRAGMAS['busy_timeout']}")

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """As Peewee does it, without what it keeps ready for listeners: a ring asks thirty times."""
        with __exception_wrapper__:
            return self.connection().execute(sql, params or ())

    def writing(self, account: int | None = None) -> AbstractContextManager[Any]:
        """All of them wait for each other, whosever it is."""
        return self.atomic("IMMEDIATE")  # type: ignore[no-any-return]

    @contextmanager
    def unhurried(self, account: int | None = None) -> Iterator[None]:
        self.execute_sql("PRAGMA synchronous = normal")
        try:
            with self.writing():
                yield
        finally:
            self.execute_sql("PRAGMA synchronous = full")


# Which of the two it is, is known when it is opened. SQLite without a limit of connections: unasked it is 20, `init`
# can't lift it, and the 21st of so many calls at once would fail.
database = DatabaseProxy()
_sqlite = Sqlite(None, max_connections=None)
database.initialize(_sqlite)


def on_postgres() -> bool:
    return database.obj is not _sqlite


def open_database(url: str) -> None:
    """Points the models at `sqlite:///path` or `postgresql://...` and brings it to the newest schema."""
    if not database.is_closed():
        database.close()
    database.initialize(_of(url))
    database.point(url)
    with _connected():
        migrate()


def _of(url: str) -> Any:
    if not url.startswith("postgresql://"):
        return _sqlite
    from server.postgres import main

    return main


def close_database() -> None:
    """Closes this thread's connection and those that wait in the pool."""
    if not database.is_closed():
        database.close()
    database.close_idle()


# For `transaction`: what is no account's, and what is one statement for each row, whosever it is.
NOBODYS = 0


@contextmanager
def transaction(account: int | None = None) -> Iterator[None]:
    """A write, in its turn. With PostgreSQL those for different accounts go on beside each other, if they say whose;
    without an account everybody else waits."""
    with _connected(), writing(), database.writing(account):
        yield


@contextmanager
def unhurried(account: int | None = None) -> Iterator[None]:
    """A transaction that a power cut may undo, because it can be read again elsewhere: no ring waits for the disk."""
    with _connected(), writing(), database.unhurried(account):
        yield


@contextmanager
def reading() -> Iterator[None]:
    """A connection for a thread that has none, given back at the end."""
    with _connected():
        yield


def _connected() -> AbstractContextManager[Any]:
    """PostgreSQL's are taken for each question, see there."""
    return (
        database.connection_context() if database.obj is _sqlite and database.is_closed() else nullcontext()
    )


def migrate() -> list[str]:
    """Runs the migrations that this database has not seen, each in its own transaction; returns their names."""
    with transaction():
        database.execute_sql(
            *_said("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at REAL NOT NULL)")
        )
    _refuse_newer()
    if on_postgres():
        _run(likeness.NAME, likeness.WORDS)
    return [name for name in migration_names() if _run(name, _steps(name))]


def _refuse_newer() -> None:
    """What a newer version has made of the tables is not this one's to write in."""
    seen = {name for (name,) in rows("SELECT name FROM migration WHERE name > 'm0001'")}
    if newer := sorted(seen - set(migration_names())):
        raise ConfigError(
            f"The database is from a newer version ({newer[-1]}): install that version again, or go back as "
            "docs/upgrade.md says."
        )


def migration_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))


def _steps(name: str) -> list[str]:
    return [said for step in importlib.import_module(f"server.migrations.{name}").UP for said in _said(step)]


def _said(statement: str) -> list[str]:
    return dialect.schema(statement) if on_postgres() else [statement]


def _run(name: str, steps: Iterable[str]) -> bool:
    with transaction():
        if database.execute_sql("SELECT 1 FROM migration WHERE name = ?", (name,)).fetchone():
            return False
        for statement in steps:
            database.execute_sql(statement)
        database.execute_sql("INSERT INTO migration VALUES (?, ?)", (name, time.time()))
    return True


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return list(database.execute_sql(sql, values).fetchall())


def write(sql: str, *values: Any) -> None:
    """One statement, inside the caller's `transaction()`."""
    database.execute_sql(sql, values)


def first(model: type[M], sql: str, *values: Any) -> M | None:
    """One row as its model; Peewee writing and reading the same question itself would take ten times as long."""
    cursor = database.execute_sql(sql, values)
    row = cursor.fetchone()
    if row is None:
        return None
    made = model(__no_default__=True)
    read = _readers(model, tuple(column[0] for column in cursor.description))
    made.__data__.update((name, meant(value)) for (name, meant), value in zip(read, row, strict=True))
    made._dirty.clear()  # type: ignore[attr-defined]
    return made


@lru_cache(maxsize=64)
def _readers(model: type[Model], columns: tuple[str, ...]) -> list[tuple[str, Callable[[Any], Any]]]:
    """The name of each column's field, and how it reads a value."""
    fields = model._meta.columns
    return [(fields[column].name, fields[column].python_value) for column in columns]
