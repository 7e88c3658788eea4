"""Whoever has only the file of calls finds the same figures, to the second and the kopeck."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime

import pytest

from server import acting, aside, reports
from server.callbook import Filter, filters
from server.exporting.columns import COLUMNS, values
from server.exporting.jobs import CSV, Job
from server.exporting.writing import write_csv
from server.figures import NAMES, Sums
from server.models import Account
from server.reports import Scope
from server.speech import speaker
from tests import recount
from tests.conftest import Restaurant
from tests.test_figures import ALL, at
from tests.test_figures_true import SPANS, assert_true, count_all, furnish, shuffled, story

pytestmark = pytest.mark.usefixtures("database")

Row = dict[str, str]


def exported(account: Account) -> list[Row]:
    account = Account.get_by_id(account.id)
    with acting.as_(acting.Actor(acting.OWNER)):
        sought = filters.meant(Filter(), account, True, "UA")
    file = io.BytesIO()
    write_csv(
        values(Job(aside.place(), account.id, CSV, "en", account.timezone, True, sought)),
        file,
        speaker("en"),
    )
    titles, *lines = csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline=""))
    assert len(titles) == len(COLUMNS)
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines]


def call_of(row: Row) -> recount.Call:
    """What a call of the file is to the other algorithm; an apostrophe before a number is against spreadsheets."""
    bills, orders, revenue = int(row["bills"]), int(row["orders"]), round(100 * float(row["revenue"]))
    number, did = (row[name].removeprefix("'") for name in ("number", "did"))
    return {
        **{name: row[name] for name in ("id", "direction", "outcome")}, "number": number, "did": did,
        "never": not int(row["counted"]) and not int(row["placed"]), "started": _moment(row["unix"]),
        "answered": _moment(row["answered_unix"]), "ended": _moment(row["ended_unix"]),
        "orders": [revenue, *[0] * (bills - 1), *[None] * (orders - bills)] if bills else [None] * orders,
        "where": (int(row["spot_id"]), int(row["open"]), row["line"], int(row["employee"]), did),
    }  # fmt: skip


def _moment(unix: str) -> datetime | None:
    return datetime.fromtimestamp(int(unix), UTC) if unix else None


@pytest.mark.parametrize("name", [name for name in SPANS if "five" in name])
def test_the_file_of_calls_gives_the_figures(restaurant: Restaurant, name: str) -> None:
    zone, begins, first = SPANS[name]
    account, chance, now = restaurant(), random.Random(name), at(first, zone) + 5 * 86400
    furnish(account, zone, begins)
    for work in shuffled(story(account, chance, at(first, zone), 5, 120), chance):
        work()
    count_all(account, now)
    file = [row for row in exported(account) if row["day"] and not int(row["test"])]
    calls = [call_of(row) for row in file if row["outcome"] not in ("ringing", "talking")]
    assert_true(account, recount.figures_of(calls, recount.said(account.id), zone, begins, now))
    for day, sums in reports.by_day(Scope(account.id, *ALL)).items():
        its = [row for row in file if row["day"] == f"{day:%Y%m%d}"]
        assert sums == Sums(**{name: _added(its, name) for name in NAMES})


def _added(rows: list[Row], name: str) -> int:
    if name == "revenue":
        return sum(round(100 * float(row[name])) for row in rows)
    return sum(int(row[name]) for row in rows)
