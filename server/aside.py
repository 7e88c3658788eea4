"""Work that would stop everybody else: long questions to the database, hashing. It is done in a thread of its own.

Greenlets share one thread; while SQLite counts a million calls in it no ring goes out. Here the question runs in a
real thread, with a connection of its own that can only read, and the greenlet that asked waits like for a socket.
PostgreSQL is asked over a socket anyway, so it needs no thread; nor has it a log of ours to be written back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from gevent import get_hub, monkey

from server.db import database, on_postgres, unhurried

P = ParamSpec("P")
T = TypeVar("T")


class Answer(Protocol):
    def fetchall(self) -> list[Any]: ...
    def fetchone(self) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """What both databases' connections are to whoever asks one directly."""

    def execute(self, sql: str, values: Any = (), /) -> Answer: ...


def place() -> str:
    """Where the database is, for `opened` in a thread or in another process. May hold a password: never in a log."""
    return str(database.url if on_postgres() else database.database)


@contextmanager
def opened(where: str) -> Iterator[Connection]:
    """For reading alone, as everything stood in one moment."""
    if where.startswith("postgresql://"):
        from server.postgres import beside

        with beside(where) as connection:
            yield connection
        return
    with closing(
        sqlite3.connect(f"file:{where}?mode=ro", uri=True, timeout=5, isolation_level=None)
    ) as connection:
        connection.execute("BEGIN")
        yield connection


def run(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`work` must touch nothing that belongs to a greenlet: no Peewee, no lock, no socket of ours."""
    if not monkey.is_module_patched("threading"):
        return work(*args, **kwargs)
    result: T = get_hub().threadpool.apply(work, args, kwargs)
    return result


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What is committed, read without holding anybody up."""
    return many([(sql, values)])[0]


def many(questions: list[tuple[str, tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
    """Several questions about one and the same moment."""
    return _read(place(), questions) if on_postgres() else run(_read, place(), questions)


def change(account: int, statements: list[tuple[str, tuple[Any, ...]]]) -> list[int]:
    """A short write that only those wait for who write in the same instant; how many rows each statement changed.

    Nobody has been told of it, and a power cut may undo it: for what is done again then.
    """
    if on_postgres():
        with unhurried(account):
            return [database.execute_sql(sql, values).rowcount for sql, values in statements]
    return run(_change, place(), statements)


def _change(path: str, statements: list[tuple[str, tuple[Any, ...]]]) -> list[int]:
    connection = sqlite3.connect(path, timeout=5, isolation_level=None)
    try:
        for pragma in (
            "foreign_keys = 1",
            "secure_delete = 1",
            "synchronous = normal",
            "wal_autocheckpoint = 0",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN IMMEDIATE")
        changed = [connection.execute(sql, values).rowcount for sql, values in statements]
        connection.execute("COMMIT")
        return changed
    finally:
        connection.close()


def tidy(empty: bool = False) -> bool:
    """Writes back what long work has left in the database's log, before a ring's own write would have to do it.

    `empty`: nothing may be left in the log, unless somebody needs it this moment; then it is written over later.
    Returns whether nobody did.
    """
    return on_postgres() or run(_tidy, place(), "TRUNCATE" if empty else "PASSIVE")


def _tidy(path: str, how: str) -> bool:
    connection = sqlite3.connect(path, timeout=0.05, isolation_level=None)
    try:
        return not connection.execute(f"PRAGMA wal_checkpoint({how})").fetchone()[0]
    finally:
        connection.close()


def compact(most: int) -> bool:
    """Writes the whole file anew: what was deleted may still stand between the rows of a page that was once split.

    Whoever writes waits meanwhile, a second for 100 MB; a file of more than `most` bytes is left as it is. False where
    others were in the way. PostgreSQL's own VACUUM uses the room again, in its own time.
    """
    return on_postgres() or run(_compact, place(), most)


def _compact(path: str, most: int) -> bool:
    if Path(path).stat().st_size > most:
        return True
    connection = sqlite3.connect(path, timeout=0.5, isolation_level=None)
    try:
        connection.execute("PRAGMA temp_store = memory")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("VACUUM")
        return True
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def _read(path: str, questions: list[tuple[str, tuple[Any, ...]]]) -> list[list[tuple[Any, ...]]]:
    with opened(path) as connection:
        return [connection.execute(sql, values).fetchall() for sql, values in questions]
