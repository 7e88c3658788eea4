"""A SQLite database taken over to PostgreSQL: everything or nothing, and counted on both sides."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from server.backups import Refused, copying, restoring
from server.db import close_database, open_database
from server.postgres import OPTIONS

TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'"
)
OTHERS = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
COLUMNS = "SELECT name, type FROM pragma_table_info(?) ORDER BY cid"
PARENTS = 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)'
COUNTER = "SELECT setval(pg_get_serial_sequence({}, 'id'), coalesce((SELECT max(id) FROM {}), 0) + 1, false)"
AT_ONCE = 2000

Counts = dict[str, int]


def move(source: Path, target: str) -> Counts:
    """How many rows each table had. `target` has no tables yet, or empty ones. Raises Refused, with nothing changed."""
    close_database()
    restoring.idle(source)
    with copying.opened(source) as old:
        old.execute("BEGIN")
        tables = in_order(old)
        try:
            with psycopg.connect(target, options=OPTIONS, connect_timeout=5) as new:
                _refuse_full(new)
            open_database(target)
            close_database()
            with psycopg.connect(target, options=OPTIONS) as new:
                return {table: _copied(old, new, table) for table in tables}
        except psycopg.Error as wrong:
            raise Refused(f"PostgreSQL did not take it, and nothing was kept: {_sentence(wrong)}") from None


def in_order(old: sqlite3.Connection) -> list[str]:
    """Each table after those that its rows belong to."""
    waiting = {table: {one for (one,) in old.execute(PARENTS, (table,))} for (table,) in old.execute(TABLES)}
    ordered: list[str] = []
    while waiting:
        free = sorted(table for table, parents in waiting.items() if parents <= {*ordered, table})
        ordered += free
        waiting = {table: parents for table, parents in waiting.items() if table not in free}
    return ordered


def _refuse_full(new: psycopg.Connection[Any]) -> None:
    for (table,) in new.execute(OTHERS).fetchall():
        name = sql.Identifier(table)
        if table != "migration" and new.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
            raise Refused(f"That database has something in its table {table}: name one that is empty.")


def _copied(old: sqlite3.Connection, new: psycopg.Connection[Any], table: str) -> int:
    columns = old.execute(COLUMNS, (table,)).fetchall()
    names = [name for name, _ in columns]
    name, fields = sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
    # What the triggers would note down comes over itself.
    new.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    count = 0
    asked = old.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - our own tables
    with new.cursor().copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, fields)) as there:
        while rows := asked.fetchmany(AT_ONCE):
            for row in rows:
                there.write_row(row)
            count += len(rows)
    new.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
    if ("id", "INTEGER") in columns:
        new.execute(sql.SQL(COUNTER).format(sql.Literal(table), name))
    _same_count(new, name, count)
    return count


def _same_count(new: psycopg.Connection[Any], name: sql.Identifier, count: int) -> None:
    with closing(new.execute(sql.SQL("SELECT count(*) FROM {}").format(name))) as asked:
        found = asked.fetchone()
    if found is None or found[0] != count:
        raise Refused(f"{count} rows were taken and {found} stand there: nothing was kept.")


def _sentence(wrong: psycopg.Error) -> str:
    """The server's first line; the values are in others."""
    return (str(wrong).splitlines() or [type(wrong).__name__])[0]
