"""Calls in the database: a row becomes a `Call` and back. Every writer holds `db.transaction()`."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Any

from server import once
from server.calls import ENDED, IN, RING_EXPIRES, TALK_EXPIRES, TEST_ENDS, Call
from server.db import database, rows, write
from server.facts import NEVER, NOBODY
from server.models import Alias, CallRow, Stray
from server.phones import Number
from server.routing import Owner, Route

FIELDS = ("direction", "caller", "did", "name", "state", "outcome", "line", "answered_by", "started", "answered",
          "ended", "touched", "test", "recording", "late", "soft", "held", "version")  # fmt: skip
REUSED_FOR = 600.0  # seconds after a call's end in which a phone's own small number still means that call


# In plain SQL: between a webhook and its card Peewee's own work would take thirty times as long as SQLite's.
CALL = "SELECT * FROM call WHERE account_id = ? AND id = ?"
CALL_OF_TRUNK = "SELECT * FROM call WHERE account_id = ? AND trunk_id = ? AND key = ?"
CALL_OF_NO_TRUNK = "SELECT * FROM call WHERE account_id = ? AND trunk_id IS NULL AND key = ?"
LIVE = """SELECT * FROM call WHERE account_id = ? AND direction = ? AND started > ? AND (state <> ? OR ended > ?)
    AND late = 0 AND state <> '' ORDER BY started"""
# Each says by which index, else SQLite walks through all calls of the account.
TALKING = """SELECT * FROM call INDEXED BY call_live WHERE state <> 'ended' AND state = 'answered' AND account_id = ?
    AND late = 0 AND test = 0 ORDER BY started"""
SOME = "SELECT * FROM call WHERE +account_id = ? AND id IN (SELECT value FROM json_each(?))"
STUCK = """SELECT * FROM call WHERE state <> 'ended'
    AND (touched <= ? OR (state <> 'answered' AND (touched <= ? OR (test <> 0 AND touched <= ?))))"""
CALLERS = """SELECT * FROM call WHERE account_id = ? AND direction = ? AND state = ?
    ORDER BY started DESC LIMIT ?"""
OWNERS = """SELECT line, kind, owner FROM line_owner
    WHERE account_id = ? AND line IN (SELECT value FROM json_each(?))"""
COUNTRY = "SELECT country FROM account WHERE id = ?"
CALL_OF_ALIAS = """SELECT call.* FROM call JOIN alias ON alias.call_id = call.id
    WHERE alias.account_id = ? AND alias.trunk_id = ? AND alias.value IN (?, ?)
    AND (call.state <> 'ended' OR call.touched > ?)
    ORDER BY call.touched DESC LIMIT 1"""
HAS_ID = "SELECT 1 FROM alias WHERE call_id = ? AND value = ?"
ENDS = """SELECT call.* FROM call JOIN alias ON alias.call_id = call.id
    WHERE alias.account_id = ? AND alias.trunk_id = ? AND alias.value = ?
    AND call.state = 'ended' AND call.direction = ''"""
KNOW_ALIAS = """INSERT INTO alias (account_id, trunk_id, value, call_id) VALUES (?, ?, ?, ?)
    ON CONFLICT (trunk_id, value) DO UPDATE SET call_id = excluded.call_id"""
UNENDED_OF_TRUNK = (
    "SELECT * FROM call WHERE account_id = ? AND trunk_id = ? AND state <> 'ended' AND touched < ?"
)
WRITTEN = ("legs", "rang", "gave_up", "number", "via", "dial_id", *FIELDS)
SAVE = " ".join([
    "INSERT INTO call (id, account_id, trunk_id, key,", ", ".join(WRITTEN),
    ") VALUES (?, ?, ?, ?,", ", ".join("?" for _ in WRITTEN),
    ") ON CONFLICT (id) DO UPDATE SET", ", ".join(f"{name} = excluded.{name}" for name in WRITTEN),
])  # fmt: skip
SPOT_OF_DID = "SELECT spot FROM did WHERE account_id = ? AND number = ?"
COVER = "SELECT spot, register FROM cover WHERE account_id = ?"
COVERED = "SELECT 1 FROM covered WHERE call_id = ?"


def _calls(sql: str, *values: object) -> list[Call]:
    return list(_each(sql, *values))


def _each(sql: str, *values: object) -> Iterator[Call]:
    """Read at once, made into calls one by one: who wants twenty out of sixty pays for twenty."""
    cursor = database.execute_sql(sql, values)
    columns = [column[0] for column in cursor.description]
    return (_call(dict(zip(columns, row, strict=True))) for row in cursor.fetchall())


def _call(row: dict[str, Any]) -> Call:
    facts = {name: row[name] for name in FIELDS} | {
        name: bool(row[name]) for name in ("test", "late", "soft", "held")
    }
    legs = MappingProxyType(dict(json.loads(row["legs"])))
    # Most calls have neither: a snapshot reads sixty of them for each register.
    rang, gave_up = NEVER, NOBODY
    if row["rang"] != "{}":
        rang = MappingProxyType({line: (one, two) for line, (one, two) in json.loads(row["rang"]).items()})
    if row["gave_up"] != "{}":
        gave_up = MappingProxyType(dict(json.loads(row["gave_up"])))
    return Call(
        id=row["id"], account=row["account_id"], trunk=row["trunk_id"], key=row["key"], legs=legs,
        rang=rang, gave_up=gave_up, group=row["via"], dial=row["dial_id"], **facts,
    )  # fmt: skip


def load(account: int, trunk: int | None, key: str, alias: str = "", since: float = 0.0) -> Call:
    """The call so far, or a new one of which nothing is known yet.

    Under another of its ids a call is found only if it goes on or was last heard of after `since`.
    """
    found = _calls(CALL_OF_TRUNK, account, trunk, key) if trunk else _calls(CALL_OF_NO_TRUNK, account, key)
    if not found and trunk:
        found = _calls(CALL_OF_ALIAS, account, trunk, key, alias or key, since)
    if not found and trunk and alias:
        found = _calls(CALL_OF_TRUNK, account, trunk, alias)
    return found[0] if found else Call(id=_new_id(), account=account, trunk=trunk, key=key)


def _new_id() -> str:
    """No `-` in it: a spreadsheet takes what begins so for a formula."""
    return secrets.token_urlsafe(9).replace("-", "_")


def has_id(call: Call, value: str) -> bool:
    return bool(value and call.version and rows(HAS_ID, call.id, value))


def end_of(account: int, trunk: int, alias: str) -> Call | None:
    """An end that was heard before the call that it ends, under this id of it."""
    found = _calls(ENDS, account, trunk, alias)
    return found[0] if found else None


def next_of(call: Call, key: str) -> Call:
    """A new call under a key of one that is over, which gives all its ids up."""
    CallRow.update(key=f"{call.key}#{call.id}").where(CallRow.id == call.id).execute()
    Alias.delete().where(Alias.call_id == call.id).execute()
    return Call(id=_new_id(), account=call.account, trunk=call.trunk, key=key)


def know_as(call: Call, *ids: str) -> None:
    """The ids by which the call may be spoken of, besides its key."""
    for value in {*ids} - {"", call.key}:
        if call.trunk:
            write(KNOW_ALIAS, call.account, call.trunk, value, call.id)


def save(call: Call, number: Number) -> None:
    maps = [json.dumps(dict(one)) for one in (call.legs, call.rang, call.gave_up)]
    facts = [number.e164, call.group, call.dial, *(getattr(call, name) for name in FIELDS)]
    write(SAVE, call.id, call.account, call.trunk, call.key, *maps, *facts)


def get(account: int, call_id: str) -> Call | None:
    found = _calls(CALL, account, call_id)
    return found[0] if found else None


def live(account: int, ended_after: float) -> list[Call]:
    """Incoming calls in progress, and those that ended since; the oldest first."""
    since = ended_after - 3 * 3600
    return _calls(LIVE, account, IN, since, ENDED, ended_after)


def answered(account: int) -> list[Call]:
    """Calls that somebody talks in now, whichever way they go."""
    return _calls(TALKING, account)


def some(account: int, ids: Iterable[str]) -> dict[str, Call]:
    return {call.id: call for call in _each(SOME, account, json.dumps(list(ids)))}


def stuck(now: float) -> list[Call]:
    """Every account's calls that nobody has ended and of which nothing was heard for too long, see `calls.expire`."""
    return _calls(STUCK, now - TALK_EXPIRES, now - RING_EXPIRES, now - TEST_ENDS)


def unended_of(account: int, trunk: int, quiet_since: float) -> list[Call]:
    """The trunk's calls that go on and that nothing was heard of since."""
    return _calls(UNENDED_OF_TRUNK, account, trunk, quiet_since)


def callers(account: int, limit: int) -> Iterator[Call]:
    """Incoming calls that are over, the newest first."""
    return _each(CALLERS, account, IN, ENDED, limit)


def newest(account: int, limit: int) -> list[CallRow]:
    """The journal, the newest first. A call of which only the end was heard is not in it."""
    query = CallRow.select().where(CallRow.account == account, CallRow.direction != "")
    return list(query.order_by(CallRow.started.desc()).limit(limit))


def country(account: int, default: str) -> str:
    """By whose numbering plan the account's calls are read."""
    found = once.rows(COUNTRY, account)
    return (found[0][0] if found else "") or default


def owners(account: int, lines: Iterable[str]) -> dict[str, frozenset[Owner]]:
    found: dict[str, set[Owner]] = {}
    for line, kind, owner in once.rows(OWNERS, account, json.dumps(list(lines))):
        found.setdefault(line, set()).add((kind, owner))
    return {line: frozenset(those) for line, those in found.items()}


def route(call: Call, did: Number) -> Route:
    """Who the call is for, by what the owner has set up now."""
    spots = once.rows(SPOT_OF_DID, call.account, did.e164) if did.e164 else []
    spot = spots[0][0] if spots else None
    owned = owners(call.account, call.legs) if call.legs else {}
    cover = _cover(call.account, spot) if call.incoming else frozenset()
    return Route(owned, spot, cover, bool(cover and rows(COVERED, call.id)))


def _cover(account: int, spot: int | None) -> frozenset[int]:
    """Who covers the spot; who covers any, where nobody knows the spot of a call."""
    return frozenset(register for of, register in once.rows(COVER, account) if spot in (None, of))


def note_strays(call: Call, route: Route, noted: Iterable[tuple[str, str]]) -> None:
    """What a call meets that nobody set up; each is counted once for a call."""
    for kind, value in {*route.strays(call)} - {*noted}:
        fresh = {"account": call.account, "kind": kind, "value": value, "count": 1, "last_at": time.time()}
        more = {Stray.count: Stray.count + 1, Stray.last_at: fresh["last_at"]}
        Stray.insert(fresh).on_conflict(
            conflict_target=[Stray.account, Stray.kind, Stray.value], update=more
        ).execute()


def drop_ends_of_unknown_calls(before: float) -> None:
    """An end whose beginning never came was kept so that a late ring would not ring; by now none will come."""
    CallRow.delete().where(CallRow.direction == "", CallRow.touched < before).execute()
