"""The database: SQLite through Peewee, one writer at a time, durable before anybody is told."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from peewee import Model
from playhouse.pool import PooledSqliteDatabase

from server import migrations

M = TypeVar("M", bound=Model)

# Without a limit: unasked it is 20, `init` can't lift it, and the 21st of so many calls at once would fail.
database = PooledSqliteDatabase(None, max_connections=None)

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


def open_database(url: str) -> None:
    """Points the models at `sqlite:///path` and brings the file to the newest schema."""
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    if not database.is_closed():
        database.close()
    # A pooled connection serves one thread at a time, but not always the one that opened it.
    database.init(str(path), pragmas=PRAGMAS, stale_timeout=300, check_same_thread=False)
    with database.connection_context():
        migrate()


def close_database() -> None:
    """Closes this thread's connection and those that wait in the pool."""
    if not database.is_closed():
        database.close()
    database.close_idle()


@contextmanager
def transaction() -> Iterator[None]:
    """A write: takes the lock at once, so that two of them queue instead of one failing half-way."""
    with database.connection_context() if database.is_closed() else _nothing(), database.atomic("IMMEDIATE"):
        yield


@contextmanager
def unhurried() -> Iterator[None]:
    """A transaction that a power cut may undo, because it can be read again elsewhere: no ring waits for the disk."""
    with database.connection_context() if database.is_closed() else _nothing():
        database.execute_sql("PRAGMA synchronous = normal")
        try:
            with database.atomic("IMMEDIATE"):
                yield
        finally:
            database.execute_sql("PRAGMA synchronous = full")


@contextmanager
def reading() -> Iterator[None]:
    """A connection for a thread that has none, given back at the end."""
    with database.connection_context() if database.is_closed() else _nothing():
        yield


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def migrate() -> list[str]:
    """Runs the migrations that this file has not seen, each in its own transaction; returns their names."""
    database.execute_sql("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, at REAL NOT NULL)")
    return [name for name in migration_names() if _run(name)]


def migration_names() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(migrations.__path__))


def _run(name: str) -> bool:
    with database.atomic("IMMEDIATE"):
        if database.execute_sql("SELECT 1 FROM migration WHERE name = ?", (name,)).fetchone():
            return False
        for statement in importlib.import_module(f"server.migrations.{name}").UP:
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
    made, fields = model(__no_default__=True), model._meta.columns
    for (column, *_), value in zip(cursor.description, row, strict=True):
        field = fields[column]
        made.__data__[field.name] = field.python_value(value)
    made._dirty.clear()  # type: ignore[attr-defined]
    return made
