"""What is read of the calls of one page, in one moment and without holding anybody up."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from server import aside
from server.aside import Connection
from server.callbook.filters import Sought
from server.callbook.names import people
from server.callbook.seeking import NEWEST, Found, Mark, seek
from server.db import rows

CALLS = """SELECT call.id, call.started, call.direction, call.state, call.outcome, call.number, call.name, call.did,
        call.line, call.answered_by, call.answered, call.ended, call.test, call.late, call.held, call.recording,
        call.version, coalesce(trunk.provider, ''), coalesce(call_fact.employee, 0), coalesce(call_fact.spot, 0),
        coalesce(call_note.outcome, ''), coalesce(call_note.text, '')
    FROM call LEFT JOIN call_fact ON call_fact.call_id = call.id LEFT JOIN trunk ON trunk.id = call.trunk_id
    LEFT JOIN call_note ON call_note.call_id = call.id AND call_note.account_id = call.account_id
    WHERE +call.account_id = ? AND call.id IN (SELECT value FROM json_each(?))"""
LIVE = """SELECT started, id FROM call INDEXED BY call_live WHERE state <> 'ended' AND state <> '' AND account_id = ?
    AND direction <> '' ORDER BY started DESC LIMIT 50"""
ORDERS = """SELECT call_id, transaction_id, sum, closed_at FROM call_order INDEXED BY call_order_call
    WHERE account_id = ? AND call_id IN (SELECT value FROM json_each(?)) ORDER BY at, id"""
GUESTS = """SELECT guest_number.number, guest.client_id, guest.name FROM guest_number CROSS JOIN guest
    ON guest.account_id = guest_number.account_id AND guest.client_id = guest_number.client_id
    WHERE guest_number.account_id = ? AND guest_number.number IN (SELECT value FROM json_each(?))
    AND guest.deleted = 0 ORDER BY guest.paid, guest.client_id DESC"""
# Whatever may change in a row of the first page.
STAMP = """SELECT call.id, call.version, call_note.at, (SELECT count(*) || ' ' || sum(coalesce(sum, -1)) FROM call_order
        WHERE call_order.account_id = call.account_id AND call_order.call_id = call.id)
    FROM call INDEXED BY call_started LEFT JOIN call_note ON call_note.call_id = call.id
    WHERE call.account_id = ? AND call.started > 0 AND call.direction <> '' ORDER BY call.started DESC LIMIT ?"""
PEOPLE = "SELECT poster_id, name FROM employee WHERE account_id = ?"
SPOTS = "SELECT poster_id, name FROM spot WHERE account_id = ?"
OWNED = "SELECT line, owner FROM line_owner WHERE account_id = ? AND kind = 'employee'"
DIDS = "SELECT number, spot FROM did WHERE account_id = ?"


class CallFacts(NamedTuple):
    """A row of CALLS. `employee` and `spot` are 0 while the call is not counted yet, or when it is nobody's."""

    id: str
    started: float
    direction: str
    state: str
    outcome: str
    number: str
    name: str
    did: str
    line: str
    answered_by: str
    answered: float | None
    ended: float | None
    test: int
    late: int
    held: int
    recording: str
    version: int
    provider: str
    employee: int
    spot: int
    note: str
    text: str


class Ordered(NamedTuple):
    """`id` is the back office's number, 0 while unknown; `sum` kopecks once it is closed."""

    id: int
    sum: int | None
    closed: float | None


@dataclass(frozen=True)
class Names:
    """What the account's things are called. `owners`: a line's employees, `dids`: an outside number's spot."""

    people: dict[int, str]
    spots: dict[int, str]
    owners: dict[str, list[int]]
    dids: dict[str, int]


@dataclass(frozen=True)
class Read:
    """`guests` by number: Poster's id and name; of several, whoever paid most."""

    found: Found
    calls: list[CallFacts]
    orders: dict[str, list[Ordered]]
    guests: dict[str, tuple[int, str]]
    names: Names
    live: list[CallFacts] = field(default_factory=list)


def read(
    account: int, sought: Sought, mark: Mark, size: int, newer: bool = False, live: bool = False
) -> Read:
    """Raises Unfit, see `names`. In a thread of its own."""
    return aside.run(_read, aside.place(), account, sought, (mark, size, newer, live))


def some(account: int, ids: list[str]) -> Read:
    """These calls of the account."""
    return aside.run(_some, aside.place(), account, ids)


def stamp(account: int, size: int) -> str:
    """Another one whenever something of the newest calls, or of those that go on, is another."""
    read = [rows(STAMP, account, size), rows(LIVE, account)]
    return hashlib.sha256(repr(read).encode()).hexdigest()[:12]


def _read(where: str, account: int, sought: Sought, page: tuple[Mark, int, bool, bool]) -> Read:
    mark, size, newer, with_live = page
    with aside.opened(where) as connection:
        here = people(connection, account, sought)
        found = seek(connection, account, sought, here, mark, size, newer)
        now = connection.execute(LIVE, [account]).fetchall() if with_live else []
        return about(connection, account, found, now)


def _some(where: str, account: int, ids: list[str]) -> Read:
    with aside.opened(where) as connection:
        return about(connection, account, Found([(NEWEST[0], one) for one in ids]))


def about(connection: Connection, account: int, found: Found, now: list[Mark] | None = None) -> Read:
    """Everything that stands in the rows of these calls, in their order; a call that is gone has none."""
    ids = [call for _, call in [*found.marks, *(now or [])]]
    read = {row[0]: CallFacts(*row) for row in connection.execute(CALLS, [account, json.dumps(ids)])}
    orders: dict[str, list[Ordered]] = {}
    for call, *order in connection.execute(ORDERS, [account, json.dumps(ids)]):
        orders.setdefault(call, []).append(Ordered(*order))
    numbers = json.dumps(sorted({call.number for call in read.values() if call.number}))
    guests = {
        number: (client, name) for number, client, name in connection.execute(GUESTS, [account, numbers])
    }
    there = [read[call] for _, call in found.marks if call in read]
    going = [read[call] for _, call in now or [] if call in read]
    return Read(found, there, orders, guests, names(connection, account), going)


def names(connection: Connection, account: int) -> Names:
    def table(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql, [account]).fetchall()

    owners: dict[str, list[int]] = {}
    for line, employee in table(OWNED):
        owners.setdefault(line, []).append(employee)
    return Names(dict(table(PEOPLE)), dict(table(SPOTS)), owners, dict(table(DIDS)))
