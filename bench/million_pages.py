"""How long a page of the journal takes among a million calls, whatever is looked for."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from bench.figures import Json, spread
from bench.million_calls import NAME, number
from server import acting, callbook, days
from server.callbook import Filter
from server.db import rows
from server.models import Account

PAGES, JUMPS = 4, 8


def pages() -> list[Json]:
    """For each filter: the first page, those after it, and pages entered anywhere in the year, both ways."""
    account = Account.named(NAME)
    assert account
    newest = days.day_of(rows("SELECT max(day) FROM call_fact WHERE account_id = ?", account.id)[0][0])
    half = newest - timedelta(days=180)
    found = []
    with acting.as_(acting.Actor(acting.OWNER)):
        for name, wanted in _filters().items():
            found.append({"page of": name, **spread(_took(account, wanted))})
        week = Filter(first=half, last=half + timedelta(days=6))
        found.append({"page of": "a week half a year ago", **spread(_took(account, week))})
    return found


def _filters() -> dict[str, Filter]:
    return {
        "everything": Filter(),
        "a number": Filter(text=number(77_777)),
        "a number of very many calls": Filter(text=number(1)),
        "the last four digits": Filter(text="4321"),
        "a number that never called": Filter(text="+380501234567"),
        "a name of very many": Filter(text="Шевченко"),
        "a name and a surname": Filter(text="Олена Шевченко"),
        "a name that nobody has": Filter(text="Хтосьінший"),
        "an employee": Filter(employee=7),
        "a line": Filter(line="111"),
        "missed": Filter(outcome="missed"),
        "in vain": Filter(outcome="vain"),
        "ours": Filter(direction="out"),
        "a spot": Filter(spot=2),
        "an employee's missed at a spot": Filter(employee=7, outcome="missed", spot=2),
        "a name of very many, declined, ours": Filter(text="Шевченко", outcome="declined", direction="out"),
    }


def _took(account: Account, wanted: Filter) -> list[float]:
    took, mark = [], None
    for _ in range(PAGES):
        begun = time.perf_counter()
        page = callbook.page(account, wanted, mark)
        took.append(time.perf_counter() - begun)
        mark = page.next or mark
    chance = random.Random(3)
    for one in range(JUMPS):
        mark = (time.time() - 365 * 86400 * chance.random(), "")
        begun = time.perf_counter()
        callbook.page(account, wanted, mark, newer=one % 2 == 1)
        took.append(time.perf_counter() - begun)
    return took
