"""Rows of messages: written with what they tell of, until they are sent or given up.

Whoever writes here holds `db.transaction()`, but for `note`, `put_off` and `trim`, which are one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from server.db import NOBODYS, rows, transaction, write

TEST, DIGEST, ALERT = "test", "digest", "alert"
SENT, LOST = "sent", "lost"
# Seconds until the next try; after a day it is given up.
PAUSES = (60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
# Of what was taken and not confirmed: it may well have arrived, and comes again with each try.
UNCONFIRMED, SLOW = "unconfirmed", (6 * 3600.0, 12 * 3600.0)
DAY = 86400.0
CARE = 90 * DAY  # of the box's own; an account's are swept with its other data

ADD = """INSERT INTO alert_post (account_id, target_id, kind, title, text, at, next_at, how)
    SELECT account_id, id, ?, ?, ?, ?, ?, '' FROM alert_target WHERE id = ? RETURNING id"""
LISTEN = "SELECT id FROM alert_target WHERE account_id = ? AND alerts <> 0"
LISTEN_BOX = "SELECT id FROM alert_target WHERE account_id IS NULL AND alerts <> 0"
LISTEN_DIGEST = "SELECT id FROM alert_target WHERE account_id = ? AND digest <> 0 AND at <= ?"
ACCOUNTS = "SELECT id FROM account WHERE state IN ('connected', 'broken') LIMIT 2"
DUE = """SELECT target_id FROM alert_post INDEXED BY alert_post_waiting WHERE done_at IS NULL AND next_at <= ?
    GROUP BY target_id ORDER BY min(next_at) LIMIT 200"""
WAITING = """SELECT id, title, text FROM alert_post WHERE target_id = ? AND done_at IS NULL AND next_at <= ?
    AND kind <> 'test' ORDER BY at, id LIMIT ?"""
PUT_OFF = """UPDATE alert_post SET next_at = ? WHERE target_id = ? AND done_at IS NULL AND next_at <= ?
    AND kind <> 'test'"""
HURRY = "UPDATE alert_post SET next_at = ? WHERE account_id = ? AND done_at IS NULL AND tries = 0 AND kind <> 'test'"
THESE = "id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"
DONE = f"UPDATE alert_post SET done_at = ?, how = ?, title = '', text = '' WHERE {THESE}"  # noqa: S608 - our own words
TRIES = f"SELECT max(tries) FROM alert_post WHERE {THESE}"  # noqa: S608 - our own words
AGAIN = f"UPDATE alert_post SET tries = tries + 1, next_at = ? WHERE {THESE}"  # noqa: S608 - our own words
GIVE_UP = f"""UPDATE alert_post SET done_at = ?, how = 'lost', title = '', text = ''
    WHERE {THESE} AND done_at IS NULL AND (at < ? OR kind = 'test')"""  # noqa: S608 - our own words
WORKED = "UPDATE alert_target SET worked_at = ?, problem = '', problem_at = NULL WHERE id = ?"
FAILED = """UPDATE alert_target SET problem_at = CASE WHEN problem = '' THEN ? ELSE problem_at END, problem = ?
    WHERE id = ?"""
OLD_TESTS = """UPDATE alert_post SET done_at = ?, how = 'lost' WHERE kind = 'test' AND done_at IS NULL
    AND next_at < ?"""
TRIM = """DELETE FROM alert_post WHERE done_at < ?
    AND target_id IN (SELECT id FROM alert_target WHERE account_id IS NULL)"""


def tell(targets: Iterable[int], kind: str, said: tuple[str, str], at: float, now: float) -> list[int]:
    """Writes a message (title, text) for each target, to be sent `at`; returns their ids."""
    return [rows(ADD, kind, *said, now, at, target)[0][0] for target in targets]


def listeners(account: int | None) -> list[int]:
    """Who hears alerts. Of the box: whom `ALERT_URL` names, else the owner where there is only one account."""
    found = rows(LISTEN_BOX) if account is None else rows(LISTEN, account)
    if account is None and not found and len(only := rows(ACCOUNTS)) == 1:
        found = rows(LISTEN, only[0][0])
    return [target for (target,) in found]


def digest_listeners(account: int, before: float) -> list[int]:
    return [target for (target,) in rows(LISTEN_DIGEST, account, before)]


def due(now: float) -> list[int]:
    """Targets for which something is to be sent, whoever has waited longest first."""
    return [target for (target,) in rows(DUE, now)]


def waiting(target: int, now: float, most: int) -> list[tuple[int, str, str]]:
    """Id, title, text."""
    return rows(WAITING, target, now, most)


def put_off(target: int, until: float, now: float) -> None:
    with transaction(NOBODYS):
        write(PUT_OFF, until, target, now)


def hurry(account: int) -> None:
    """Other quiet hours were chosen: what waits for the old ones is looked at again."""
    with transaction(account):
        write(HURRY, time.time(), account)


def note(target: int, posts: list[int], problem: str) -> None:
    """What became of them; "" is sent."""
    now, these = time.time(), json.dumps(posts)
    with transaction(NOBODYS):
        if not problem:
            write(DONE, now, SENT, these)
            write(WORKED, now, target)
            return
        tries = rows(TRIES, these)[0][0] or 0
        pauses = SLOW if problem == UNCONFIRMED else PAUSES
        write(AGAIN, now + pauses[min(tries, len(pauses) - 1)], these)
        write(GIVE_UP, now, these, now - DAY)
        write(FAILED, now, problem, target)


def trim(now: float) -> None:
    with transaction(NOBODYS):
        write(OLD_TESTS, now, now)
        write(TRIM, now - CARE)
