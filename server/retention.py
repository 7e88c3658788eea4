"""How long what is kept: a table of kinds, swept once a day in small bits, so that no ring waits for it.

What is due is looked for in a thread of its own; each bit is a short transaction, and the pause after it is longer
than it was.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from server import aside, days, persons, preferences
from server.db import reading, rows, transaction, write
from server.models import Account

log = logging.getLogger("dzvinok.retention")

DAY = 86400.0
MONTH = 365.25 * DAY / 12
AT_ONCE = 10  # rows of a kind in one transaction
LONGEST = 0.01  # seconds that one should take; a slow disk gets smaller bits
ASKED_FOR = 20_000  # ids looked up at a time
LEAST_PAUSE = 0.01
LEISURE = 3  # pauses between two accounts, in multiples of what the first one took
NIGHT = range(3, 6)
RECEIPTS_KEPT, ALERTS_KEPT = 36, 3  # months

Chosen = preferences.Preferences


@dataclass(frozen=True)
class Kind:
    """`table` is where its rows are counted and `at` when each of them was; `due` says which are old enough besides
    being older than the limit. `ids` is the column that a row goes by; `also` goes first, with ?1 the account and ?2
    the ids as JSON. `kept` is a limit in seconds. `counted`: what the page counts, where that is not what is due."""

    name: str
    table: str
    kept: Callable[[Chosen], float]
    at: str = "at"
    due: str = "1 = 1"
    ids: str = "id"
    counted: str = ""
    also: tuple[str, ...] = ()


def _months(name: str) -> Callable[[Chosen], float]:
    return lambda chosen: float(getattr(chosen, name)) * MONTH


OF_CALLS = "account_id = ?1 AND call_id IN (SELECT value FROM json_each(?2))"
CALLS = _months("keep_calls")
# What hangs on a call by a key of the database (aliases, sightings) goes with it.
KINDS: tuple[Kind, ...] = (
    Kind("calls", "call", CALLS, "started", "state = 'ended'", counted="1 = 1",
         also=(f"DELETE FROM call_note WHERE {OF_CALLS}", f"DELETE FROM call_order WHERE {OF_CALLS}")),  # noqa: S608
    Kind("callbacks", "callback", CALLS, due="closed_at IS NOT NULL"),
    Kind("dials", "dial", CALLS),
    Kind("reveals", "reveal", CALLS),
    Kind("online", "online_order", CALLS, "read_at", "status <> 0"),
    Kind("flags", "flag", CALLS, "gone_at", "gone_at IS NOT NULL"),
    Kind("presence", "presence", CALLS, "hour * 3600.0", ids="hour"),
    Kind("raw", "raw", lambda chosen: chosen.keep_raw * DAY),
    Kind("alerts", "alert", lambda chosen: ALERTS_KEPT * MONTH, "over_at", "over_at IS NOT NULL"),
    Kind("posts", "alert_post", lambda chosen: ALERTS_KEPT * MONTH, due="done_at IS NOT NULL"),
    Kind("audit", "audit", _months("keep_audit")),
    Kind("members", "member", _months("keep_audit"), "gone_at", "gone_at IS NOT NULL"),
    Kind("receipts", "receipt", lambda chosen: RECEIPTS_KEPT * MONTH),
    Kind("forgotten", "forgotten", lambda chosen: RECEIPTS_KEPT * MONTH),
)  # fmt: skip

SWEPT = """INSERT INTO swept (account_id, kind, at, count) VALUES (?, ?, ?, ?)
    ON CONFLICT (account_id, kind) DO UPDATE SET at = excluded.at, count = excluded.count"""
LAST = "SELECT min(at), count(*) FROM swept WHERE account_id = ?"
TOLD = "SELECT kind, at, count FROM swept WHERE account_id = ?"
OLD = "SELECT DISTINCT {ids} FROM {table} WHERE account_id = ? AND {at} < ? AND {due} LIMIT ?"
GO = "DELETE FROM {table} WHERE account_id = ?1 AND {ids} IN (SELECT {one} FROM json_each(?2))"
COUNT = "SELECT count(*), min({at}) FROM {table} WHERE account_id = ? AND {due}"


@dataclass(frozen=True)
class State:
    """Of one kind: how many rows there are that will go one day, when the oldest was, when it was last swept and how
    many went then."""

    kind: Kind
    kept: float
    count: int
    oldest: float | None
    swept_at: float | None
    went: int


class Retention:
    """`changed(account)` hears that the registers' lists may be shorter now."""

    def __init__(self, changed: Callable[[int], object]) -> None:
        self._changed = changed
        self._turn = threading.Lock()

    def tend(self) -> None:
        """Sweeps the accounts whose day has come, one after the other; whoever asks meanwhile is answered by that."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            with reading():
                accounts = [row for row in Account.select() if due(row, time.time())]
            for account in accounts:
                begun = time.monotonic()
                self.sweep(account.id)
                time.sleep(LEISURE * (time.monotonic() - begun))
        finally:
            self._turn.release()

    def sweep(self, account: int, now: float | None = None) -> dict[str, int]:
        """Kind -> how many rows went."""
        begun = time.time() if now is None else now
        with reading():
            chosen = preferences.of(account)
        went = {kind.name: _sweep(account, kind, begun - kind.kept(chosen)) for kind in KINDS}
        with transaction(account):
            persons.cut_off(account)
            for name, count in went.items():
                write(SWEPT, account, name, begun, count)
        log.info("account=%d swept rows=%d", account, sum(went.values()))
        if went["calls"] or went["callbacks"]:
            self._changed(account)
        return went


def due(account: Account, now: float) -> bool:
    """Once a day, at night where the box is on then. Also for those who left: nothing is kept longer for that."""
    if account.erase_at and account.erase_at <= now:
        return False  # all of it goes, see `leaving`
    last, kinds = rows(LAST, account.id)[0]
    if kinds < len(KINDS):
        return True
    night = datetime.fromtimestamp(now, days.zone(account.timezone)).hour in NIGHT
    return bool(now - last >= DAY or (night and now - last > DAY / 2))


def states(account: int) -> list[State]:
    """For the page: counted beside, in one moment."""
    with reading():
        chosen, swept = preferences.of(account), {kind: rest for kind, *rest in rows(TOLD, account)}
    counts = aside.many(
        [
            (COUNT.format(table=kind.table, at=kind.at, due=kind.counted or kind.due), (account,))
            for kind in KINDS
        ]
    )
    return [
        State(kind, kind.kept(chosen), *counted[0], *swept.get(kind.name, (None, 0)))
        for kind, counted in zip(KINDS, counts, strict=True)
    ]


def _sweep(account: int, kind: Kind, before: float) -> int:
    went = 0
    question = OLD.format(ids=kind.ids, table=kind.table, at=kind.at, due=kind.due)
    while True:
        old = [id_ for (id_,) in aside.rows(question, account, before, ASKED_FOR)]
        gone = sum(_delete(account, kind, some) for some in _bits(old))
        went += gone
        if len(old) < ASKED_FOR or not gone:
            return went


def _bits(ids: list[object]) -> Iterator[list[object]]:
    """So many at a time as are gone in an instant, with a longer pause after each."""
    size, at = AT_ONCE, 0
    while at < len(ids):
        begun = time.monotonic()
        yield ids[at : at + size]
        took = time.monotonic() - begun
        at += size
        aside.tidy()
        size = max(1, min(AT_ONCE, int(size * LONGEST / took))) if took > LONGEST else min(AT_ONCE, 2 * size)
        time.sleep(max(LEAST_PAUSE, took))


def _delete(account: int, kind: Kind, ids: list[object]) -> int:
    one = "value" if kind.table == "call" else "CAST(value AS BIGINT)"
    going = GO.format(table=kind.table, ids=kind.ids, one=one)
    return aside.change(account, [(sql, (account, json.dumps(ids))) for sql in (*kind.also, going)])[-1]
