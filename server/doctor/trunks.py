"""How each connection to a phone company is: heard lately, in time, without trouble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from server import hours, preferences
from server.db import rows
from server.doctor.finding import BAD, GOOD, WARN, Finding
from server.models import Account, Trunk
from server.parts import Parts
from server.vault import Unreadable as Sealed

LATE = 3.0  # seconds after which a ring is worth a word
CONNECTS = 180.0  # seconds that a connection may take to come back
MILD = ("busy", "unknown_word", "unfilled")  # calls go on
HOUR, WEEK = 3600.0, 7 * 86400.0
WEEKS = 4
STEP = 900.0
LONGEST = 4 * 86400.0  # of a silence that is compared with other weeks
ANY = """SELECT 1 FROM call INDEXED BY call_started WHERE account_id = ? AND started BETWEEN ? AND ? AND trunk_id = ?
    AND late = 0 LIMIT 1"""
ANY_HOURS = "SELECT 1 FROM spot_hours WHERE account_id = ? LIMIT 1"
FIRST = "SELECT started FROM call WHERE account_id = ? AND started > 0 ORDER BY started LIMIT 1"


def of(parts: Parts, account: int, now: float | None = None) -> Iterator[Finding]:
    """Needs an open connection."""
    row = Account.at(account)
    trunks = parts.trunks.of(row) if row else []
    if not trunks:
        yield Finding("no_trunk", BAD)
    for trunk in trunks:
        yield from _one(parts, account, trunk, time.time() if now is None else now)


def _one(parts: Parts, account: int, trunk: Trunk, now: float) -> Iterator[Finding]:
    facts: dict[str, Any] = {"name": title(parts, trunk), "provider": trunk.provider}
    thing = str(trunk.id)
    if trunk.paused:
        yield Finding("trunk_paused", WARN, thing, facts)
        return
    trouble = trouble_of(parts, trunk)
    if trouble:
        level = WARN if trouble in MILD else BAD
        detail = trunk.trouble_detail if trouble == trunk.trouble else ""
        yield Finding("trunk_trouble", level, thing, {**facts, "trouble": trouble, "detail": detail})
    elif trunk.state == "connecting":
        lost = now - (trunk.state_at or now) > CONNECTS
        yield Finding("trunk_connecting", BAD if lost else WARN, thing, facts)
    if trunk.last_at is None:
        yield Finding("trunk_new", WARN, thing, facts)
    elif silent(account, trunk, now):
        yield Finding("trunk_silent", BAD, thing, {**facts, "last_at": trunk.last_at})
    elif not trouble and trunk.state != "connecting":
        yield Finding("trunk_good", GOOD, thing, {**facts, "last_at": trunk.last_at})
    if trunk.delay and trunk.delay > LATE:
        yield Finding("trunk_late", WARN, thing, {**facts, "seconds": round(trunk.delay)})


def title(parts: Parts, trunk: Trunk) -> str:
    known = parts.trunks.providers.get(trunk.provider)
    return known.title if known else trunk.provider


def trouble_of(parts: Parts, trunk: Trunk) -> str:
    try:
        parts.trunks.settings_of(trunk)
    except Sealed:
        return "sealed"
    return trunk.trouble


def silent(account: int, trunk: Trunk, now: float) -> bool:
    """Whether nothing came for longer than usual: for so many working hours as the owner allows, and in the same
    hours of every earlier week that we know there were calls."""
    allowed = preferences.of(account).alert_trunk
    last = trunk.last_at or now
    if not allowed or worked(account, last, now) < allowed * HOUR:
        return False
    if now - last > LONGEST:
        return True
    known = rows(FIRST, account)
    weeks = [back * WEEK for back in range(1, WEEKS + 1) if known and last - back * WEEK >= known[0][0]]
    if not weeks:  # too young to know what is usual
        return bool(rows(ANY_HOURS, account)) or now - last > 24 * HOUR
    return all(rows(ANY, account, last - back, now - back, trunk.id) for back in weeks)


def worked(account: int, since: float, until: float) -> float:
    """Working seconds between two moments, a quarter of an hour at a time; at most some days are looked at."""
    open_at = hours.open_at(account)
    steps = int(min(until - since, LONGEST) // STEP)
    return STEP * sum(open_at(0, until - (step + 0.5) * STEP) for step in range(steps))
