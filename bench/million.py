"""A restaurant with 1,000,000 calls of twelve months: how long every report and every page of the journal takes.

The database stays in build/million.db and is used again; `python -m bench.million` makes it anew.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import million_calls, million_pages
from bench.figures import Json, spread, table
from server import days, reports
from server.db import close_database, database, open_database, rows, transaction, write
from server.figures import counting, place, writing
from server.figures.episodes import CallRow
from server.figures.facts import NOTHING, Around, Ordered, fact
from server.figures.taking import CALL
from server.reports import Scope

FILE = Path(__file__).parent.parent / "build" / "million.db"
CALLS = 1_000_000
ROUNDS = 20


def million(path: Path = FILE, calls: int = CALLS) -> list[Json]:
    """A row for the making of the database, if it had to be made, one for each report and each kind of page."""
    made = [] if path.exists() else [make(path, calls)]
    open_database(f"sqlite:///{path}")
    try:
        return [*made, *_timed(), *million_pages.pages()]
    finally:
        close_database()


def make(path: Path, calls: int) -> Json:
    """Not through the intake, which would take hours: rows at once, then the figures of all calls at once."""
    begun = time.perf_counter()
    part = path.with_suffix(".part")
    for one in part.parent.glob(f"{part.name}*"):
        one.unlink()
    open_database(f"sqlite:///{part}")
    database.execute_sql("PRAGMA synchronous = off")
    with _bare("call", "call_order", "call_fact", "callback"):
        account = million_calls.fill(calls)
        stored = time.perf_counter()
        _count(account)
    with transaction():
        writing.add_up(account)
        write("DELETE FROM stale_call")
        write("DELETE FROM recount")
    database.execute_sql("ANALYZE")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    close_database()
    part.rename(path)
    return {"report": "(making the database)", "calls": calls, "calls, s": round(stored - begun, 1),
            "figures, s": round(time.perf_counter() - stored, 1), "MB": round(path.stat().st_size / 1e6)}  # fmt: skip


@contextmanager
def _bare(*names: str) -> Iterator[None]:
    """Without triggers, and without those indexes that are made faster afterwards."""
    kept = [row for name in names for row in rows(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL AND type <> 'table'", name
    )]  # fmt: skip
    for kind, name, _ in kept:
        database.execute_sql(f"DROP {kind} {name}")
    yield
    for _, _, sql in sorted(kept):
        database.execute_sql(sql)


def _count(account: int) -> None:
    """The figures of all calls by the same functions that count a portion."""
    here = place.place(account)
    assert here
    orders = {row[0]: Ordered._make(row[1:]) for row in rows(
        "SELECT call_id, count(*), count(sum), coalesce(sum(sum), 0) FROM call_order GROUP BY call_id"
    )}  # fmt: skip
    done: dict[str, list[int]] = {}
    for number, at in rows(
        "SELECT number, CAST(closed_at AS INTEGER) FROM callback WHERE closed_how = 'done'"
    ):
        done.setdefault(number, []).append(at)
    now = time.time()
    facts: list[tuple[Any, ...]] = []
    for number, theirs in _by_number(account):
        around = counting.surroundings(number, theirs, done.get(number, ()), here, now) if number else {}
        for call in theirs:
            new = fact(call, here, around.get(call.id, Around()), orders.get(call.id, NOTHING), None)
            facts.append((account, *new[:-1], *new.sums))
        if len(facts) > 20_000:
            _keep(facts)
            facts = []
    _keep(facts)


def _by_number(account: int) -> Iterator[tuple[str, list[CallRow]]]:
    theirs: list[CallRow] = []
    cursor = database.execute_sql(f"{CALL} WHERE account_id = ? ORDER BY number, started", (account,))
    for row in cursor.fetchall():
        call = CallRow._make(row)
        if theirs and theirs[0].number != call.number:
            yield theirs[0].number, theirs
            theirs = []
        theirs.append(call)
    if theirs:
        yield theirs[0].number, theirs


def _keep(facts: list[tuple[Any, ...]]) -> None:
    with transaction():
        database.cursor().executemany(writing.KEEP, facts)


def _timed() -> list[Json]:
    account = rows("SELECT id FROM account WHERE name = ?", million_calls.NAME)[0][0]
    newest = days.day_of(rows("SELECT max(day) FROM call_fact WHERE account_id = ?", account)[0][0])
    return [
        {
            "report": name,
            "days": length,
            **spread([_took(report, scope) for scope in _scopes(account, newest, length)]),
        }
        for length in (30, 365)
        for name, report in REPORTS.items()
    ]


def _scopes(account: int, newest: date, length: int) -> list[Scope]:
    """All calls, those of a spot, those of open hours, in turn; shorter periods end on other days."""
    found = []
    for one in range(ROUNDS):
        last = newest - timedelta(days=one if length < 100 else 0)
        spot = (None, 1, None, 2)[one % 4]
        found.append(Scope(account, last - timedelta(days=length - 1), last, spot, one % 4 == 2))
    return found


def _took(report: Callable[[Scope], object], scope: Scope) -> float:
    begun = time.perf_counter()
    report(scope)
    return time.perf_counter() - begun


REPORTS: dict[str, Callable[[Scope], object]] = {
    name: getattr(reports, name)
    for name in ("totals", "by_hour", "by_weekday_hour", "by_day", "by_line", "by_employee", "by_did", "by_spot",
                 "staffed", "band")
}  # fmt: skip


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    made = [] if "--keep" in sys.argv else [make(FILE, CALLS)]
    print(table([*made, *million()]))
