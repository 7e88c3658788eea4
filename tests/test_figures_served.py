"""The serving process counts by itself what its phones tell."""

from __future__ import annotations

from datetime import date

from server import figures
from server.db import rows
from server.models import Account
from server.reports import Scope, by_employee, totals
from tests.waiting import until
from tests.wire import Binotel

EVER = (date(2000, 1, 1), date(2100, 1, 1))
SOON = 20.0


def test_the_clock_counts_what_came_in(place: Account, binotel: Binotel) -> None:
    assert binotel.ring("c1").ok
    assert binotel.answer("c1", "101").ok
    assert binotel.hangup("c1").ok
    until(
        lambda: rows("SELECT 1 FROM figure WHERE account_id = ? AND by = 'employee' AND key = '5'", place.id)
    )
    assert figures.stale(place.id) == 0
    found = totals(Scope(place.id, *EVER))
    assert (found.calls, found.answered, found.fresh) == (1, 1, 1)
    assert list(by_employee(Scope(place.id, *EVER))) == [5]
