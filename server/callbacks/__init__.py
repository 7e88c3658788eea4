"""Who called in vain and waits: opened, counted and closed by what the journal says, never by one event alone.

Each change of a call looks at all calls of its number again, so calls told late, twice or in the wrong order come
to the same end. Whoever writes here holds `db.transaction()`, or does it in one statement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server import popping
from server.calls import ANSWERED, ENDED, IN, OUT, Call
from server.db import NOBODYS, database, rows, transaction, write

# A call of which nobody knows how it ended opens nothing: phones that tell no end would have all their calls here.
IN_VAIN = ("missed", "busy", "declined", "failed", "voicemail")
WAITS = 48 * 3600.0
CLAIM_LASTS = 900.0
CALLED, REACHED, DONE, OLD = "called", "reached", "done", "old"

CALLS = """SELECT id, direction, state, outcome, started, coalesce(answered, started), coalesce(ended, started)
    FROM call WHERE account_id = ? AND number = ? AND started > ? AND test = 0 AND direction IN ('in', 'out')
    ORDER BY started"""
OPEN = "SELECT id, call_id, calls, first_at, at FROM callback WHERE account_id = ? AND number = ? AND closed_at IS NULL"
SETTLED = "SELECT max(closed_at) FROM callback WHERE account_id = ? AND number = ? AND closed_how = 'done'"
BEGIN = "INSERT INTO callback (account_id, number, call_id, calls, first_at, at) VALUES (?, ?, ?, ?, ?, ?)"
CHANGE = "UPDATE callback SET call_id = ?, calls = ?, first_at = ?, at = ? WHERE id = ?"
CLOSE = "UPDATE callback SET closed_at = ?, closed_how = ?, closed_call = ? WHERE id = ?"
DROP = "DELETE FROM callback WHERE id = ?"
END = """UPDATE callback SET closed_at = ?, closed_how = 'done', closed_by = ?
    WHERE account_id = ? AND closed_at IS NULL AND """
CLAIM = """UPDATE callback SET claimed_id = ?, claimed_by = ?, claimed_at = ? WHERE account_id = ? AND id = ?
    AND closed_at IS NULL AND (claimed_at IS NULL OR claimed_at < ? OR claimed_id = ?)"""
RELEASE = """UPDATE callback SET claimed_id = NULL, claimed_by = '', claimed_at = NULL WHERE account_id = ? AND id = ?
    AND closed_at IS NULL AND (claimed_at IS NULL OR claimed_at < ? OR claimed_id = ?)"""
WHO = "SELECT claimed_by FROM callback WHERE account_id = ? AND id = ? AND closed_at IS NULL"
WAITING = """SELECT id, number, call_id, calls, first_at, at, claimed_id, claimed_by, claimed_at FROM callback
    WHERE account_id = ? AND closed_at IS NULL ORDER BY at DESC LIMIT ?"""
TOO_OLD = "SELECT id, account_id FROM callback WHERE closed_at IS NULL AND at < ?"
LAPSED = "SELECT DISTINCT account_id FROM callback WHERE closed_at IS NULL AND claimed_at BETWEEN ? AND ?"


# account, row, (id, name) of the employee, now -> who has it instead, None when it worked
Taking = Callable[[int, int, tuple[int, str], float], str | None]


@dataclass(frozen=True)
class Waiting:
    """An open row. `claimed` is (employee, name, since), None also when that was too long ago to count."""

    id: int
    number: str
    call: str
    calls: int
    first: float
    at: float
    claimed: tuple[int, str, float] | None


def concerns(before: Call, after: Call) -> bool:
    """Whether a change of a call may open or close something."""
    if after.test or after.direction not in (IN, OUT):
        return False
    was, now = ((one.state, one.outcome, one.caller, one.direction) for one in (before, after))
    return was != now and (before.state == ENDED or after.state in (ANSWERED, ENDED))


def settle(account: int, number: str, now: float) -> bool:
    """Makes the number's row what the journal says; returns whether it became another."""
    calls, found = rows(CALLS, account, number, now - WAITS), rows(OPEN, account, number)
    met = max(
        (call for call in calls if ANSWERED in (call[2], call[3])), key=lambda call: call[5], default=None
    )
    done = rows(SETTLED, account, number)[0][0] or 0.0
    since = met[5] if met else 0.0
    vain = [call for call in calls if call[1] == IN and call[2] == ENDED and call[3] in IN_VAIN]
    waits = [call for call in vain if call[4] > since and call[6] > done]
    if waits:
        facts = (waits[-1][0], len(waits), waits[0][4], waits[-1][4])
        return _change(found[0], facts) if found else _begin(account, number, facts)
    if found and met:
        write(CLOSE, met[5], CALLED if met[1] == IN else REACHED, met[0], found[0][0])
    elif found:  # it rang on after all
        write(DROP, found[0][0])
    return bool(found)


def _begin(account: int, number: str, facts: tuple[Any, ...]) -> bool:
    if popping.never(account, number):
        return False
    write(BEGIN, account, number, *facts)
    return True


def _change(row: tuple[Any, ...], facts: tuple[Any, ...]) -> bool:
    if row[1:] == facts:
        return False
    write(CHANGE, *facts, row[0])
    return True


def waiting(account: int, now: float, most: int = 100) -> list[Waiting]:
    """The open rows, the newest first."""
    return [_row(now, *row) for row in rows(WAITING, account, most)]


def _row(
    now: float, id: int, number: str, call: str, calls: int, first: float, at: float, who: int | None, name: str,
    claimed_at: float | None,
) -> Waiting:  # fmt: skip
    claimed = (who or 0, name, claimed_at) if claimed_at and claimed_at >= now - CLAIM_LASTS else None
    return Waiting(id, number, call, calls, first, at, claimed)


def claim(account: int, callback: int, who: tuple[int, str], now: float) -> str | None:
    """Takes it on. None when it is theirs now, else who has it; raises LookupError when nobody waits any more."""
    with transaction(account):
        taken = _write(CLAIM, *who, now, account, callback, now - CLAIM_LASTS, who[0])
        return None if taken else _holder(account, callback)


def release(account: int, callback: int, who: tuple[int, str], now: float) -> str | None:
    """Gives it back; answers as `claim` does."""
    with transaction(account):
        given = _write(RELEASE, account, callback, now - CLAIM_LASTS, who[0])
        return None if given else _holder(account, callback)


def done(account: int, callback: int, who: tuple[int, str], now: float) -> bool:
    """Somebody says that nothing more is to be done; False when it is closed already."""
    with transaction(account):
        return _write(END + "id = ?", now, who[1], account, callback) > 0


def done_with(account: int, number: str, who: tuple[int, str], now: float) -> None:
    """Whoever never opens a card is not called back either."""
    with transaction(account):
        _write(END + "number = ?", now, who[1], account, number)


def _holder(account: int, callback: int) -> str:
    found = rows(WHO, account, callback)
    if not found:
        raise LookupError(callback)
    return str(found[0][0])


def _write(sql: str, *values: object) -> int:
    return int(database.execute_sql(sql, values).rowcount)


def close_old(now: float) -> set[int]:
    """Nobody calls back after two days; returns the accounts whose lists became shorter."""
    old = rows(TOO_OLD, now - WAITS)
    if old:
        with transaction(NOBODYS):
            for row, _ in old:
                write(CLOSE, now, OLD, "", row)
    return {account for _, account in old}


def lapsed(now: float, within: float) -> set[int]:
    """Accounts with a claim that ran out within the last seconds."""
    return {account for (account,) in rows(LAPSED, now - CLAIM_LASTS - within, now - CLAIM_LASTS)}
