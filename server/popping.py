"""Which numbers never open a card, for which employees no card comes up by itself, and who looked behind a veil."""

from __future__ import annotations

import time
from dataclasses import dataclass

from server import acting, audit, once, phones
from server.db import rows, transaction, write

KINDS = ("courier", "supplier", "staff", "other")
POPS = "pops"  # kind of a learned number of which somebody said that it does open a card
LONG_LINE = 7  # a line with so many digits is somebody's own telephone, not an extension

# What somebody said comes before what we know by ourselves: the restaurant's own outside numbers.
SAID = """SELECT kind FROM never_pop WHERE account_id = ? AND number = ?
    UNION ALL SELECT 'staff' FROM did WHERE account_id = ? AND number = ?"""
LONG = "SELECT DISTINCT line FROM line_owner WHERE account_id = ? AND length(line) >= ?"
COUNTRY = "SELECT country FROM account WHERE id = ?"
KEEP = """INSERT INTO never_pop (account_id, number, kind, by_id, by_name, at, learned) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (account_id, number) DO UPDATE SET kind = excluded.kind, by_id = excluded.by_id,
    by_name = excluded.by_name, at = excluded.at, learned = excluded.learned"""
DROP = "DELETE FROM never_pop WHERE account_id = ? AND number = ?"
ALL = "SELECT number, kind, by_name, at, learned FROM never_pop WHERE account_id = ? ORDER BY at DESC"
DIDS = "SELECT number FROM did WHERE account_id = ? ORDER BY number"
NAME = "SELECT name FROM employee WHERE account_id = ? AND poster_id = ?"
QUIET = "SELECT quiet FROM employee WHERE account_id = ? AND poster_id = ?"
SET_QUIET = "UPDATE employee SET quiet = ? WHERE account_id = ? AND poster_id = ?"
QUIET_ONES = """SELECT poster_id, name FROM employee WHERE account_id = ? AND quiet <> 0 AND gone = 0
    ORDER BY name, poster_id"""
REVEALED = "INSERT INTO reveal (account_id, call_id, by_id, by_name, at) VALUES (?, ?, ?, ?, ?)"
REVEALS = """SELECT by_id, max(by_name), count(DISTINCT call_id) FROM reveal WHERE account_id = ? AND at > ?
    GROUP BY by_id ORDER BY 3 DESC, 2"""


@dataclass(frozen=True)
class Silent:
    """A number (E.164) whose calls open no card. `learned`: nobody said so, it is one of the restaurant's own."""

    number: str
    kind: str
    by: str = ""
    at: float = 0.0
    learned: bool = False


def never(account: int, number: str) -> bool:
    if not number:
        return False
    said = once.rows(SAID, account, number, account, number)
    return bool(said[0][0] != POPS) if said else number in _own_telephones(account)


def _own_telephones(account: int) -> list[str]:
    """Lines that are whole numbers: an employee who answers on their own mobile."""
    lines = once.rows(LONG, account, LONG_LINE)
    country = once.rows(COUNTRY, account)[0][0] if lines else ""
    found = [phones.read(line, country or "UA") for (line,) in lines]
    return [number.e164 for number in found if number.matchable]


def learned(account: int) -> list[str]:
    """The restaurant's own numbers, outside lines and employees' mobiles."""
    return list(dict.fromkeys([*(number for (number,) in rows(DIDS, account)), *_own_telephones(account)]))


def silent(account: int) -> list[Silent]:
    """Every number that opens no card, the newest first, those that we know by ourselves last."""
    said = [Silent(number, kind, by, at, bool(known)) for number, kind, by, at, known in rows(ALL, account)]
    named = {one.number for one in said}
    own = [Silent(number, "staff", learned=True) for number in learned(account) if number not in named]
    return [one for one in said if one.kind != POPS] + own


def hush(account: int, number: str, kind: str, who: tuple[int, str]) -> None:
    """From now on this number (E.164) opens no card."""
    with transaction(account):
        kind = kind if kind in KINDS else "other"
        write(KEEP, account, number, kind, *who, time.time(), False)
        with acting.named(who[1]):
            audit.note(account, "never_added", phones.read(number, "UA").masked, "", kind)


def let_pop(account: int, number: str, who: tuple[int, str]) -> None:
    """It does again. What we would know by ourselves has to be remembered as spoken against."""
    with transaction(account):
        if number in learned(account):
            write(KEEP, account, number, POPS, *who, time.time(), True)
        else:
            write(DROP, account, number)
        with acting.named(who[1]):
            audit.note(account, "never_removed", phones.read(number, "UA").masked)


def quiet(account: int, employee: int | None) -> bool:
    found = rows(QUIET, account, employee) if employee else []
    return bool(found and found[0][0])


def set_quiet(account: int, employee: int, on: bool) -> None:
    with transaction(account):
        was = rows(QUIET, account, employee)
        write(SET_QUIET, on, account, employee)
        if was:
            name = rows(NAME, account, employee)[0][0]
            # At a register everybody chooses it for themselves.
            with acting.named(name):
                audit.note(account, "quiet", name, bool(was[0][0]), bool(on))


def quiet_employees(account: int) -> list[tuple[int, str]]:
    """Id and name of those for whom no card comes up by itself."""
    return [(employee, name) for employee, name in rows(QUIET_ONES, account)]


def revealed(account: int, call_id: str, who: tuple[int, str]) -> None:
    """Somebody looked behind the veil of a call that nobody has answered yet."""
    with transaction(account):
        write(REVEALED, account, call_id, *who, time.time())


def reveals(account: int, since: float) -> list[tuple[int, str, int]]:
    """Id and name of each employee with the number of calls they looked behind, who did most first."""
    return [(employee, name, count) for employee, name, count in rows(REVEALS, account, since)]
