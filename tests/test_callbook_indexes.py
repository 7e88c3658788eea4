"""Whatever the journal is searched by, no page walks through everything that an account ever had."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest

from server.aside import opened, place
from server.callbook import seeking
from server.callbook.filters import Sought
from server.callbook.names import People, people
from server.callbook.seeking import NEWEST, OLDEST, seek

# What the journal can be searched by, each once.
JOURNAL = (
    Sought(exact="+380671112233"), Sought(heads=("+38067", "067"), tail="067"), Sought(tail="4567"), Sought(tail="67"),
    Sought(names=("olena",), said="Olena"), Sought(employee=5), Sought(line="101"), Sought(outcomes=("missed",)),
    Sought(outcomes=("missed", "busy")), Sought(outcomes=("answered",)), Sought(direction="out"), Sought(spot=2),
    Sought(begins=1.0, ends=2.0), Sought(),
)  # fmt: skip
PEOPLE = (
    None,
    People(["+380671112233"]),
    People(None, "EXISTS (SELECT 1 FROM call WHERE call.id = piece.id AND name = ?)", ("Olena",)),
)


def together(one: Sought, other: Sought) -> Sought:
    return replace(
        one, **{name: value for name, value in vars(other).items() if value != getattr(Sought(), name)}
    )


@pytest.mark.parametrize("newer", [False, True])
@pytest.mark.parametrize("many", [False, True], ids=["few of a number", "many of a number"])
def test_a_page_of_the_journal_is_found_in_an_index_whatever_is_sought(
    sqlite: None, database: None, newer: bool, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever two conditions: the calls that may fit come out of an index in their order, or are few."""
    monkeypatch.setattr(seeking, "FEW", 0 if many else seeking.FEW)
    asked: list[str] = []
    with opened(place()) as connection:
        connection.set_trace_callback(asked.append)
        for one, other in combinations(JOURNAL, 2):
            sought = together(one, other)
            for those in PEOPLE:
                seek(connection, 1, sought, those, OLDEST if newer else NEWEST, 50, newer)
        people(connection, 1, JOURNAL[4])
        connection.set_trace_callback(None)
        questions = [sql for sql in dict.fromkeys(asked) if sql.startswith(("SELECT", "WITH"))]
        assert len(questions) > 50
        for sql in questions:
            few = "call_id IN (SELECT" in sql
            for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}"):
                found = re.match(r"(SCAN|SEARCH) (call_fact|call|guest|guest_number)\b(.*)", step)
                assert not found or found[1] == "SEARCH", (step, sql)
                assert "TEMP B-TREE FOR ORDER BY" not in step or few, (step, sql)
