"""Erasing somebody: everything or nothing, and a receipt that does not say who it was."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from server import acting, aside, audit, phones, popping
from server.db import database, reading, rows, transaction, unhurried, write
from server.persons.finding import Person, asked, who
from server.persons.forgetting import forget, stand_in
from server.persons.holding import HELD
from server.places import streets
from server.unfit import Unfit

log = logging.getLogger("dzvinok.persons")

ON_THE_PHONE = """SELECT 1 FROM call WHERE account_id = ? AND number IN (SELECT value FROM json_each(?))
    AND state <> 'ended' LIMIT 1"""
# Calls of numbers that never pop up are in no figure; nor may they be when the number is gone.
STILL_NEVER = """INSERT INTO never_pop (account_id, number, kind, at, learned) VALUES (?, ?, 'erased', ?, 1)
    ON CONFLICT (account_id, number) DO NOTHING"""
FLAGGED = """SELECT DISTINCT client_id FROM flag WHERE account_id = ?
    AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
STREETS = """SELECT street FROM guest_place WHERE account_id = ? AND house <> ''
    AND client_id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))"""
# Poster has a copy of the flags, which is emptied like any other change of them.
EMPTY_COPY = """INSERT INTO flag_copy (account_id, client_id, at) VALUES (?, ?, ?)
    ON CONFLICT (account_id, client_id) DO UPDATE SET at = CASE WHEN flag_copy.at + 0.001 > excluded.at
    THEN flag_copy.at + 0.001 ELSE excluded.at END"""
# What changes in the calls is marked to be counted again, under the old number too.
UNMARK = "DELETE FROM stale_call WHERE account_id = ? AND number IN (SELECT value FROM json_each(?))"
CALLS = "SELECT count(*) FROM call WHERE account_id = ? AND number IN (SELECT value FROM json_each(?))"
NOBODYS = f"""UPDATE call SET {next(held.erase for held in HELD if held.table == "call")} WHERE id IN (
    SELECT id FROM call WHERE account_id = ?1 AND number IN (SELECT value FROM json_each(?2)) AND started <= ?8
    ORDER BY started LIMIT ?9)"""  # noqa: S608 - our own words
GOING = "SELECT account_id, id, body FROM receipt WHERE json_extract(body, '$.going') IS NOT NULL"
DONE = "UPDATE receipt SET body = ? WHERE account_id = ? AND id = ?"
AT_ONCE, PAUSE = 25, 0.01
RECEIPT = "INSERT INTO receipt (account_id, at, digest, who, body) VALUES (?, ?, ?, ?, ?) RETURNING id"
RECEIPTS = """SELECT id, at, digest, who, body FROM receipt WHERE account_id = ? AND ? IN ('', digest)
    ORDER BY id DESC LIMIT 50"""
ONE = "SELECT id, at, digest, who, body FROM receipt WHERE account_id = ? AND id = ?"
# An order that was open then has been closed, or never will be: now nothing leads from it to Poster's.
CUT_OFF = """UPDATE call_order SET transaction_id = 0, order_id = -id, client_id = 0
    WHERE account_id = ? AND order_id > 0 AND (closed_at IS NOT NULL OR at < ?)
    AND call_id IN (SELECT id FROM call WHERE account_id = ? AND number >= ? AND number < ?)"""
OPEN_FOR = 2 * 86400.0

Json = dict[str, Any]


@dataclass(frozen=True)
class Receipt:
    """`counts`: table -> how many rows. `numbers`: how many numbers went, `guests`: how many guests."""

    id: int
    at: float
    digest: str
    who: str
    numbers: int
    guests: int
    counts: dict[str, int]


def erase(account: int, raw: str, country: str, secret_key: str) -> tuple[Person, Receipt]:
    """Raises Unfit: `number`, `person_calls` (they are on the phone this moment), `person_unknown`.

    All but the calls goes at once; these one bit after the other, as they may be thousands. What was begun is finished
    whatever happens: the receipt remembers until then what is still to do.
    """
    stand_ins: dict[str, str] = {}
    with transaction(account):
        person = who(account, raw, country)
        if rows(ON_THE_PHONE, account, json.dumps(person.numbers)):
            raise Unfit("person_calls")
        stand_ins = {number: stand_in() for number in person.numbers}
        counts = _erase(person, stand_ins)
        if not counts:
            raise Unfit("person_unknown")
        digests = [forget(secret_key, account, number) for number in person.numbers]
        receipt = _receipt(person, digests[0], counts, stand_ins)
        audit.note(account, "person_erased", f"#{receipt}", "", sum(counts.values()))
    _finish(account, receipt, stand_ins)
    log.info("account=%d a person was erased, receipt=%d rows=%d", account, receipt, sum(counts.values()))
    return person, receipt_of(account, receipt)


def resume() -> int:
    """The clock's: finishes what a stop has interrupted; returns how many these were."""
    with reading():
        found = [(account, id_, json.loads(body)["going"]) for account, id_, body in rows(GOING)]
    for account, id_, stand_ins in found:
        log.warning("account=%d an erasing goes on, receipt=%d", account, id_)
        _finish(account, id_, stand_ins)
    return len(found)


def _erase(person: Person, stand_ins: dict[str, str]) -> dict[str, int]:
    """Inside the transaction; table -> how many rows, with the calls that are still to come."""
    never = [number for number in person.numbers if popping.never(person.account, number)]
    values, counts = person.values(stand_ins), dict[str, int]()
    for (street,) in rows(STREETS, person.account, values[2]):
        streets.uncount(person.account, street)
    flagged = rows(FLAGGED, person.account, values[2]) if person.guests else []
    for held in (held for held in HELD if held.statement and held.table != "call"):
        done = database.execute_sql(held.statement, asked(held.statement, values)).rowcount
        counts[held.table] = counts.get(held.table, 0) + int(done)
    counts["call"] = rows(CALLS, person.account, values[1])[0][0]
    for number in never:
        write(STILL_NEVER, person.account, stand_ins[number], time.time())
    for (client,) in flagged:
        write(EMPTY_COPY, person.account, client, time.time())
    return {table: count for table, count in counts.items() if count}


def _finish(account: int, receipt: int, stand_ins: dict[str, str]) -> None:
    """The calls from before the receipt, so many at a time that no ring waits; then nothing is to do any more."""
    values = Person(account, tuple(stand_ins)).values(stand_ins)
    until = receipt_of(account, receipt).at
    done = AT_ONCE
    while done == AT_ONCE:
        with unhurried(account):
            done = int(database.execute_sql(NOBODYS, (*values, until, AT_ONCE)).rowcount)
            write(UNMARK, account, values[1])
        aside.tidy()
        time.sleep(PAUSE)
    with transaction(account):
        body: Json = json.loads(rows(ONE, account, receipt)[0][4])
        body.pop("going", None)
        write(DONE, json.dumps(body), account, receipt)
    aside.tidy(empty=True)


def _receipt(person: Person, digest: str, counts: dict[str, int], going: dict[str, str]) -> int:
    actor = acting.now()
    body = {"numbers": len(person.numbers), "guests": len(person.guests), "counts": counts, "going": going}
    values = (person.account, time.time(), digest, actor.name or actor.role, json.dumps(body))
    return int(rows(RECEIPT, *values)[0][0])


def receipts(account: int, digest: str = "") -> list[Receipt]:
    """The newest first; of one number, or of all."""
    return [_read(*row) for row in rows(RECEIPTS, account, digest)]


def receipt_of(account: int, id_: int) -> Receipt:
    """Raises Unfit `receipt_unknown`."""
    found = rows(ONE, account, id_)
    if not found:
        raise Unfit("receipt_unknown")
    return _read(*found[0])


def _read(id_: int, at: float, digest: str, name: str, body: str) -> Receipt:
    told: Json = json.loads(body)
    return Receipt(id_, at, digest, name, told["numbers"], told["guests"], told["counts"])


def cut_off(account: int) -> None:
    """What had to stay with erased calls until their orders were closed. Inside the caller's transaction."""
    span = (phones.STAND_IN, phones.STAND_IN + "\uffff")
    write(CUT_OFF, account, time.time() - OPEN_FOR, account, *span)
