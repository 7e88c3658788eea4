"""With PostgreSQL too no question of a ring, a list or the journal walks through everything that all accounts have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import psycopg
import pytest

from server.aside import Answer, Connection
from server.callbook.names import people
from server.callbook.seeking import NEWEST, OLDEST, seek
from server.postgres import Cursor
from tests.postgres.cluster import Cluster
from tests.test_callbook_indexes import JOURNAL, PEOPLE, together
from tests.test_indexes import ASKED

SCAN = re.compile(r"(Seq|Index|Index Only|Bitmap Heap) Scan(?: Backward)?(?: using \w+)? on (\w+)")
ACCOUNTS = """INSERT INTO account (name, number) SELECT 'a' || n, 'a' || n FROM generate_series(1, 20) AS n"""
CALLS = """INSERT INTO call (id, account_id, started, touched, number, direction, state)
    SELECT 'c' || n, 1 + n % 20, n, n, '+38067' || n % 700, 'in', 'ended' FROM generate_series(1, 4000) AS n"""
SIGHTINGS = """INSERT INTO sighting (account_id, call_id, register, verdict, at)
    SELECT account_id, id, 1, 'shown', started FROM call"""


FACTS = """INSERT INTO call_fact (call_id, account_id, started, number, direction, outcome, line, employee)
    SELECT id, account_id, started, number, direction, 'missed', '101', 5 FROM call"""
FILLED = ("call", "call_fact", "sighting")


@pytest.fixture(scope="module")
def many(cluster: Cluster) -> Iterator[Connection]:
    """Enough for the planner to think of indexes; what no index leads to would still be walked through."""
    url = cluster.url(cluster.empty("born"))
    with psycopg.connect(url, cursor_factory=Cursor, autocommit=True) as connection:
        for statement in (ACCOUNTS, CALLS, SIGHTINGS, FACTS, "ANALYZE", "SET enable_seqscan = off"):
            connection.execute(statement)
        yield connection


def walks(connection: Connection, sql: str, values: list[Any]) -> list[str]:
    """Steps of the plan that read a large table and are led nowhere in it."""
    plan = [line for (line,) in connection.execute(f"EXPLAIN {sql}", values).fetchall()]
    found = []
    for step, below in zip(plan, [*plan[1:], ""], strict=True):
        scan = SCAN.search(step)
        if scan is None or scan[2] not in FILLED or "call_live" in step:
            continue
        if scan[1] == "Seq" or " Cond:" not in below:
            found.append(f"{step.strip()} {below.strip()}")
    return found


@pytest.mark.parametrize("name", ASKED)
def test_it_finds_its_way(many: Connection, name: str) -> None:
    """Values without a kind fit whatever they are compared with."""
    sql = ASKED[name]
    values = ["[]" if "json_each(" in before[-12:] else "1" for before in sql.split("?")[:-1]]
    assert walks(many, sql, values) == [], sql


class Noting:
    """A connection, and what it was asked."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.asked: dict[str, list[Any]] = {}

    def execute(self, sql: str, values: Any = (), /) -> Answer:
        self.asked.setdefault(sql, values)
        return self.connection.execute(sql, values)


@pytest.mark.parametrize("newer", [False, True])
def test_a_page_of_the_journal_is_found_in_an_index_whatever_is_sought(many: Connection, newer: bool) -> None:
    noting = Noting(many)
    for one, other in combinations(JOURNAL, 2):
        for those in PEOPLE:
            seek(noting, 1, together(one, other), those, OLDEST if newer else NEWEST, 50, newer)
    people(noting, 1, JOURNAL[4])
    assert len(noting.asked) > 50
    assert [step for sql, values in noting.asked.items() for step in walks(many, sql, values)] == []
