"""An account that was disconnected: all of it is kept for a while, in case it comes back, and then erased.

Every table with an `account_id` is emptied bit by bit, whatever it is for, so that one that is added later cannot be
forgotten; the account's own row goes last.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from server import aside, days, refusals, speech
from server.db import database, reading, rows, transaction, write
from server.models import Account

log = logging.getLogger("dzvinok.leaving")

GRACE = 30 * 86400.0
AT_ONCE, PAUSE, TRIES = 25, 0.01, 50
LARGEST = 64 * 1024 * 1024  # a larger file is not written anew while calls come

LEAVE = "UPDATE account SET erase_at = coalesce(erase_at, ?) WHERE id = ?"
NOW = "UPDATE account SET erase_at = ? WHERE id = ? AND state NOT IN ('connected', 'broken')"
DUE = "SELECT id FROM account WHERE erase_at <= ? AND state NOT IN ('connected', 'broken')"
# A husk: whoever connects the same account now begins anew.
HUSK = """UPDATE account SET name = '~' || id, number = '~' || id, title = '', owner = '', token = '',
    next_token = '', problem = '' WHERE id = ? AND erase_at <= ? AND state NOT IN ('connected', 'broken')"""
NAMED = "SELECT number, name FROM account WHERE id = ?"
INSTALLS = "DELETE FROM parked WHERE number = ?"
NOTICES = "DELETE FROM hook WHERE account = ?"
WORDS = "DELETE FROM command WHERE CAST(json_extract(body, '$.account') AS BIGINT) = ?"
GONE = "DELETE FROM account WHERE id = ? AND number = '~' || id"
TARGETS = "SELECT id FROM alert_target WHERE account_id = ? AND alerts <> 0"
POST = """INSERT INTO alert_post (account_id, target_id, kind, title, text, at, next_at)
    VALUES (?, ?, 'leaving', ?, ?, ?, ?)"""


def begin(account: int) -> None:
    """It was disconnected: sets the day and tells whoever hears its alerts. Inside the caller's transaction."""
    row = Account.at(account)
    if row is None or row.erase_at:
        return
    row.erase_at = time.time() + GRACE
    write(LEAVE, row.erase_at, account)
    log.warning("account=%d (%s) was disconnected, all of it is erased on %s", account, row.name, day(row))
    say, now = speech.speaker(speech.language(row.lang)), time.time()
    title = say("leaving.title", name=row.title or row.name)
    for (target,) in rows(TARGETS, account):
        write(POST, account, target, title, say("leaving.text", day=day(row)), now, now)


def day(account: Account) -> str:
    """When it is erased, as its own calendar says; "" where it is not."""
    if not account.erase_at:
        return ""
    return f"{datetime.fromtimestamp(account.erase_at, days.zone(account.timezone)):%d.%m.%Y}"


def hurry(account: int) -> None:
    """Erased as soon as the clock looks, without the grace; one that is connected is left alone."""
    with transaction(account):
        write(NOW, time.time(), account)


class Leaving:
    """Erases whose day has come; goes on after a stop where it was."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def tend(self) -> None:
        if not self._turn.acquire(blocking=False):
            return
        try:
            with reading():
                accounts = [account for (account,) in rows(DUE, time.time())]
            for account in accounts:
                erase(account)
        finally:
            self._turn.release()


def erase(account: int) -> int:
    """Everything of a disconnected account whose day has come; returns how many rows went, 0 where it may not be."""
    with transaction(account):
        named = rows(NAMED, account)
        if not database.execute_sql(HUSK, (account, time.time())).rowcount:
            return 0
        write(INSTALLS, named[0][0])
        write(NOTICES, named[0][1])
        write(WORDS, account)
        refusals.forget(account)
    went = 0
    with reading():
        tables = [(name, _key(name)) for name in sorted(database.get_tables()) if _has_account(name)]
    while some := sum(_empty(table, key, account) for table, key in tables):  # triggers write while others go
        went += some
    if not _washed():
        log.warning("account=%d its bytes are still in the database's files, tried again", account)
        return went
    with transaction(account):
        write(GONE, account)
    log.warning("account=%d was erased, rows=%d", account, went)
    return went


def _washed() -> bool:
    """Not a byte of it may stay, neither between the rows of the file nor in its log; False where others are at it."""
    if not aside.compact(LARGEST):
        return False
    for _ in range(TRIES):
        if aside.tidy(empty=True):
            return True
        time.sleep(PAUSE)
    return False


def _has_account(table: str) -> bool:
    return any(column.name == "account_id" for column in database.get_columns(table))


def _key(table: str) -> str:
    """What a row of the table goes by."""
    return ", ".join(database.get_primary_keys(table))


def _empty(table: str, key: str, account: int) -> int:
    mine = f"SELECT {key} FROM {table} WHERE account_id = ? LIMIT {AT_ONCE}"  # noqa: S608
    sql, went = f"DELETE FROM {table} WHERE ({key}) IN ({mine})", 0  # noqa: S608 - names out of our own schema
    while True:
        gone = aside.change(account, [(sql, (account,))])[0]
        went += gone
        if gone < AT_ONCE:
            return went
        aside.tidy()
        time.sleep(PAUSE)
