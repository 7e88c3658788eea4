"""No question that a ring, a list or a snapshot asks may walk through everything that an account ever had."""

from __future__ import annotations

import pytest

from server import again, callbacks, figures, handing, journal, notes, popping, showing
from server.callbacks import listing
from server.callbook import reading as callbook
from server.callbook import stories
from server.db import reading, rows
from server.doctor import account, blind, registers, trunks
from server.figures import taking
from server.sightings import page
from server.sightings import reading as seen

ASKED = {
    f"{room.__name__.removeprefix('server.')}.{name}": getattr(room, name)
    for room, names in {
        again: ("LATELY", "WHOSE"),
        callbacks: ("CALLS", "OPEN", "SETTLED", "CLAIM", "WAITING"),
        figures: ("FEW", "NEXT", "LAPSED"),
        taking: ("CALLS", "THEIRS", "FACTS", "ORDERS", "DONE", "MARKS"),
        handing: ("PROMISES",),
        callbook: ("CALLS", "LIVE", "ORDERS", "GUESTS", "STAMP"),
        stories: ("BACK", "EARLIER", "LATER", "NOTED"),
        journal: ("CALL", "CALL_OF_TRUNK", "LIVE", "STUCK", "TALKING", "SOME"),
        listing: ("GUESTS", "ONLINE"),
        notes: ("OF_CALLS",),
        popping: ("SAID", "QUIET"),
        showing: ("NAMES_OF",),
        page: ("KEEP", "TOOK"),
        seen: ("OF_CALL", "CALL", "TAKEN"),
        blind: ("UNSEEN", "OF_NUMBER"),
        trunks: ("ANY", "FIRST"),
        registers: ("WAS_THERE",),
        account: ("HOOKED", "POSTS"),
    }.items()
    for name in names
}
LARGE = (
    "call",
    "call_fact",
    "callback",
    "call_note",
    "call_order",
    "guest",
    "guest_number",
    "guest_order",
    "online_order",
    "known",
    "sighting",
    "presence",
    "hook",
    "alert_post",
)


@pytest.mark.parametrize("name", ASKED)
def test_it_finds_its_way(sqlite: None, database: None, name: str) -> None:
    sql = ASKED[name]
    with reading():
        plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *([1] * sql.count("?")))]
    for step in plan:
        for table in LARGE:
            assert not step.startswith(f"SCAN {table}") or step.endswith("call_live"), step
            alone = step.startswith(f"SEARCH {table} ") and step.split(" (")[-1].startswith("account_id=?)")
            assert not alone or "callback_open" in step, step
