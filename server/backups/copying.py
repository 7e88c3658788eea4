"""One SQLite file copied while it is in use, and the proof that the copy is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from server.backups import Refused

# 4 MB, then a breath: the disk that rings wait for is never busy with us for long.
PAGES, BREATH = 1024, 0.02
# The proof looks up every index entry in its table; through SQLite's own small cache that takes several times as long.
MAPPED = 4 * 1024**3
SPARE = 64 * 1024 * 1024
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"

Counts = dict[str, int]


@contextlib.contextmanager
def opened(path: Path, write: bool = False) -> Iterator[sqlite3.Connection]:
    """A connection beside everybody else's, for this process's own thread."""
    mode = "rw" if write else "ro"
    connection = sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=5, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def copy(source: Path, target: Path) -> Counts:
    """One moment of `source` as a single file; returns how many rows each table had at that moment.

    The open transaction holds the moment: without it every write of the server would start the copy anew. In WAL mode
    it holds nobody up; the log only grows until we are through.
    """
    needs_room(source, target.parent)
    with opened(source) as connection, contextlib.closing(sqlite3.connect(target)) as made:
        connection.execute("BEGIN")
        found = counts(connection)
        connection.backup(made, pages=PAGES, sleep=BREATH)
        made.execute("PRAGMA journal_mode = delete")  # one file, no log beside it
    target.chmod(0o600)
    return found


def needs_room(source: Path, folder: Path) -> None:
    size = sum(part.stat().st_size for part in (source, log_of(source)) if part.exists())
    if shutil.disk_usage(folder).free < size + SPARE:
        raise Refused(
            f"{folder} has no room for a copy of {size // 1_000_000} MB: free some, or name another disk."
        )


def log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def counts(connection: sqlite3.Connection) -> Counts:
    names = [str(name) for (name,) in connection.execute(TABLES).fetchall()]
    return {name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608


def schema_of(connection: sqlite3.Connection) -> list[str]:
    """The migrations that this file has seen; a file that never was ours has none."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migration'").fetchone():
        return []
    return [str(name) for (name,) in connection.execute("SELECT name FROM migration ORDER BY name")]


def prove(path: Path, expected: Counts | None) -> tuple[Counts, list[str]]:
    """Every page and index is read and every row counted; returns the counts and the migrations."""
    try:
        with opened(path) as connection:
            connection.execute(f"PRAGMA mmap_size = {MAPPED}")
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise Refused(f"{path.name} is damaged ({said}): take another backup.")
            found, schema = counts(connection), schema_of(connection)
    except sqlite3.DatabaseError as wrong:
        raise Refused(f"{path.name} can't be read as a database ({wrong}): take another backup.") from None
    if not schema:
        raise Refused(f"{path.name} is no database of Dzvinok.")
    if expected is not None and found != expected:
        names = ", ".join(sorted(name for name in found | expected if found.get(name) != expected.get(name)))
        raise Refused(f"{path.name} does not hold what was counted when it was made ({names}): take another.")
    return found, schema


def settle(path: Path, name: Path) -> None:
    """`path` becomes `name`, whole or not at all, also when the power goes this moment."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(name)
    folder = os.open(name.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
