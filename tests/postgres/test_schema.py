"""Every table, column, key and index of SQLite's is there too; two programs that start at once make them once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from server import db
from server.db import rows
from server.migrations import __path__ as steps
from tests.postgres.cluster import Cluster
from tests.postgres.processes import in_processes

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
COLUMNS = """SELECT column_name, data_type, is_nullable FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = ? ORDER BY ordinal_position"""
KINDS = {"INTEGER": "bigint", "REAL": "double precision", "TEXT": "text"}
UNIQUE = """SELECT array_to_string(array(SELECT attname FROM unnest(conkey) WITH ORDINALITY AS of (number, place)
    JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place), ',')
    FROM pg_constraint WHERE conrelid = ?::regclass AND contype = ?"""

Shape = dict[str, list[tuple[str, str, bool]]]


def sqlite(path: Path) -> tuple[Shape, dict[str, str], dict[str, set[str]]]:
    """Columns and indexes by name, and the columns that are unique together, as SQLite has them."""
    db.open_database(f"sqlite:///{path}")
    shape, keys = {}, {}
    for (table,) in rows(TABLES):
        columns = rows(f"PRAGMA table_info({table})")
        shape[table] = [(name, KINDS[kind], not must) for _, name, kind, must, *_ in columns]
        primary = [name for *_, name, _, _, _, place in sorted(columns, key=lambda row: row[5]) if place]
        keys[table] = {",".join(primary)} | {
            ",".join(column for _, _, column in rows(f"PRAGMA index_info({index})"))
            for _, index, unique, origin, *_ in rows(f"PRAGMA index_list({table})")
            if unique and origin == "u"
        }
    indexes = dict(rows(INDEXES))
    db.close_database()
    return shape, indexes, keys


def test_the_tables_are_the_same(tmp_path: Path, born: str) -> None:
    db.close_database()
    shape, _, keys = sqlite(tmp_path / "dzvinok.db")
    db.open_database(born)
    for table, columns in shape.items():
        theirs = [(name, kind, empty == "YES") for name, kind, empty in rows(COLUMNS, table)]
        assert _bare(theirs) == _bare(columns), table
        found = {key for kind in "pu" for (key,) in rows(UNIQUE, table, kind)}
        assert found == keys[table], table
    assert "m0001_first" in {name for (name,) in rows("SELECT name FROM migration")}


def _bare(columns: list[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """A key is never empty, said or not."""
    return [(name, kind, empty and (name, kind) != ("name", "text")) for name, kind, empty in columns]


def test_the_indexes_are_the_same(tmp_path: Path, born: str) -> None:
    db.close_database()
    _, indexes, _ = sqlite(tmp_path / "dzvinok.db")
    db.open_database(born)
    theirs = dict(rows("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
    for name, ours in indexes.items():
        assert name in theirs
        assert ("UNIQUE" in ours) == ("UNIQUE" in theirs[name]), name
        assert (" WHERE " in ours) == (" WHERE " in theirs[name]), name


def test_the_triggers_are_the_same(born: str) -> None:
    text = "".join(path.read_text("utf-8") for path in Path(steps[0]).glob("m*.py"))
    ours = set(re.findall(r"_trigger\(\s*\"(\w+)\"", text))
    assert len(ours) > 20
    assert ours == {name for (name,) in rows("SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal")}


def test_texts_are_sorted_as_in_sqlite_wherever_the_database_lives(born: str) -> None:
    loose = rows("""SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
        AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'migration'""")
    assert loose == []


def test_eight_that_start_at_once_make_the_tables_once(cluster: Cluster, empty: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: in_processes("START", empty), range(8)))
    assert said == ["started\n"] * 8
    db.open_database(empty)
    assert rows("SELECT count(*) - count(DISTINCT name) FROM migration") == [(0,)]
    db.close_database()
