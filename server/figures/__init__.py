"""Figures of calls: a row for each call and sums by day, kept true from marks that the database sets by itself.

A change of a call, of an order, of what the owner has set up leaves a mark (`stale_call`; `recount` for all calls).
They are worked off in portions, before each question and by the clock. What the figures mean: docs/figures.md.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from server import aside
from server.db import NOBODYS, database, reading, rows, transaction, unhurried, write
from server.figures import place as setting
from server.figures.counting import changes
from server.figures.facts import HOUR, Place
from server.figures.sums import NAMES, Sums, total
from server.figures.taking import Portion, portion
from server.figures.writing import Overtaken, settle

__all__ = ["NAMES", "Sums", "catch_up", "lapse", "rebuild", "refresh", "stale", "tend", "total"]

log = logging.getLogger("dzvinok.figures")

_tending = threading.Lock()

PORTION = 24
AT_ONCE = 2000  # an account's turn, when there are several
TURN = 20.0
SOON = 200
LEISURE = 1.5

FEW = """SELECT (SELECT count(*) FROM (SELECT 1 FROM stale_call WHERE account_id = ? LIMIT ?) AS marked)
    + (SELECT count(*) FROM (SELECT 1 FROM recount JOIN call USING (account_id) WHERE account_id = ?
    AND call.started <= recount.started LIMIT ?) AS coming)"""
MARKED = "SELECT count(*) FROM stale_call WHERE account_id = ?"
TO_COME = """SELECT count(*) FROM recount JOIN call USING (account_id) WHERE account_id = ?
    AND call.started <= recount.started"""
NEXT = """SELECT call.id, call.started FROM recount JOIN call USING (account_id) WHERE account_id = ?
    AND (call.started, call.id) < (recount.started, recount.call_id) ORDER BY call.started DESC, call.id DESC LIMIT ?"""
FAR = "SELECT started, call_id FROM recount WHERE account_id = ?"
ON = "UPDATE recount SET started = ?, call_id = ? WHERE account_id = ?"
OVER = "DELETE FROM recount WHERE account_id = ?"
MARK = "INSERT INTO stale_call (account_id, call_id) VALUES (?, ?)"
AGAIN = "INSERT INTO recount (account_id) VALUES (?)"
GONE = "DELETE FROM stale_call WHERE account_id NOT IN (SELECT id FROM account)"
ACCOUNTS = """SELECT id FROM account WHERE id IN (SELECT account_id FROM stale_call UNION
    SELECT account_id FROM recount)"""
LAPSED = """INSERT INTO stale_call (account_id, call_id) SELECT account_id, call_id FROM call_fact
    INDEXED BY call_fact_waiting WHERE waiting <> 0 AND account_id IN (SELECT id FROM account) AND started <= ?"""


def refresh(account: int, most: int = 2000, now: float | None = None, rest: float = 0.2) -> int:
    """Counts up to so many calls again, the oldest marks first; returns how many remain, or 201 if these are more.

    After each portion it rests for so many times as long as that took: a ring goes first.
    """
    done = 0
    while done < most:
        begun = time.monotonic()
        some = _portion(account, min(PORTION, most - done), now or time.time())
        if not some:
            break
        done += some
        time.sleep(rest * (time.monotonic() - begun))
    with reading():
        return _waiting(account)


def catch_up(account: int) -> None:
    """Before a question: counts what is counted in a moment. More than that is the clock's."""
    with reading():
        if 0 < _waiting(account) <= SOON:
            refresh(account, SOON)


def _waiting(account: int) -> int:
    return int(rows(FEW, account, 1 + SOON, account, 1 + SOON)[0][0])


def stale(account: int) -> int:
    """How many calls are not counted yet, or wrongly."""
    (marked,), (to_come,) = (found[0] for found in aside.many([(MARKED, (account,)), (TO_COME, (account,))]))
    return int(marked + to_come)


def rebuild(account: int) -> None:
    """Everything is to be counted again, the newest first; the clock does it, in portions."""
    with transaction(account):
        write(OVER, account)
        write(AGAIN, account)


def tend() -> None:
    """The clock's: works off what there is, account by account, unless it still does."""
    if not _tending.acquire(blocking=False):
        return
    try:
        until, failed = time.monotonic() + TURN, set[int]()
        while (accounts := _unsettled() - failed) and time.monotonic() < until:
            failed |= {account for account in sorted(accounts) if not _counts(account)}
    finally:
        _tending.release()


def _unsettled() -> set[int]:
    with reading():
        return {account for (account,) in rows(ACCOUNTS)}


def _counts(account: int) -> bool:
    """What fails in one account keeps no other waiting."""
    try:
        refresh(account, AT_ONCE, rest=LEISURE)
    except Exception:
        log.exception("account=%d is not counted", account)
        return False
    return True


def lapse(now: float) -> None:
    """The clock's: whoever has waited for two days may be lost by now; what is nobody's goes."""
    with transaction(NOBODYS):
        write(LAPSED, int(now) - 48 * 3600)
        write(GONE)


def _portion(account: int, most: int, now: float) -> int:
    """Counts one portion; returns how many marks it had."""
    with reading():
        found = _take(account, most)
        if found is None and _mark_next(account, most):
            found = _take(account, most)
        here = setting.place(account) if found else None
        if not found or not here:
            return 0
        _count(found, here, now)
        return len(found.marks)


def _take(account: int, most: int) -> Portion | None:
    return aside.run(portion, aside.place(), account, most)


def _count(found: Portion, here: Place, now: float) -> None:
    hours = {
        call.started // HOUR - back
        for call in found.calls.values()
        for back in (0, 1)
        if call.id in found.marked
    }
    changed = changes(found, replace(here, was_at=setting.presence(here.account, hours)), now)
    try:
        with unhurried(here.account):
            settle(here.account, found.marks, changed)
    except Overtaken:
        log.info("account=%d counted by somebody else", here.account)


def _mark_next(account: int, most: int) -> int:
    """Of a recount of everything, the next portion."""
    if not rows(FAR, account):
        return 0
    with unhurried(account):
        found = rows(NEXT, account, most)
        database.cursor().executemany(MARK, [(account, call) for call, _ in found])
        if found:
            write(ON, *reversed(found[-1]), account)
        else:
            write(OVER, account)
    return len(found)
