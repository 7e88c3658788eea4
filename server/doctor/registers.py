"""How each register is: who is there, when it was last seen, how soon it has a card."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from server import hours, preferences, sightings
from server.bundle import NotBuilt, stamped
from server.db import rows
from server.doctor.finding import BAD, GOOD, WARN, Finding
from server.parts import Parts
from server.rooms import Seat
from server.sightings import Speed

REGISTERS = """SELECT register.poster_id, register.name, register.spot, coalesce(spot.name, ''), register.seen_at,
    register.seen_employee, register.version FROM register LEFT JOIN spot
    ON spot.account_id = register.account_id AND spot.poster_id = register.spot
    WHERE register.account_id = ? AND register.gone = 0 ORDER BY 4, 2, 1"""
EMPLOYEES = "SELECT poster_id, name FROM employee WHERE account_id = ?"
WAS_THERE = """SELECT 1 FROM presence WHERE account_id = ? AND hour = ? AND spot = ? AND register = ?
    AND minutes > 20"""
SLOW = 1500  # ms at the 95th of a hundred
WEEK = 7 * 24  # hours
MINUTE = 60.0
VERSION = re.compile(rb'"(\d+\.\d+\.\d+-[0-9a-f]{8})"')


@dataclass(frozen=True)
class Register:
    """`state`: on, off, never (seen). `who` is logged in, or was when it was last seen. `level`: of all about it."""

    id: int
    name: str
    spot: int
    spot_name: str
    state: str
    who: tuple[str, ...]
    polls: bool
    seen_at: float | None
    version: str
    speed: Speed | None
    findings: tuple[Finding, ...] = ()


def of(parts: Parts, account: int, now: float | None = None) -> list[Register]:
    """Every register that Poster still has. Needs an open connection."""
    at = time.time() if now is None else now
    names = dict(rows(EMPLOYEES, account))
    there: dict[int | None, list[Seat]] = {}
    for desk in parts.hub.present(account):
        there.setdefault(desk.register, []).append(desk)
    current = newest(parts)
    return [_one(account, row, there.get(row[0], []), names, current, at) for row in rows(REGISTERS, account)]


def newest(parts: Parts) -> str:
    """The version that a register has after its next restart; "" when nobody knows."""
    try:
        found = VERSION.search(stamped(parts.settings.public_url))
    except NotBuilt:
        return ""
    return found[1].decode() if found else ""


def _one(
    account: int, row: tuple[Any, ...], desks: list[Seat], names: dict[int, str], current: str, now: float
) -> Register:  # fmt: skip
    id_, name, spot, spot_name, seen_at, seen_employee, version = row
    who = {desk.employee for desk in desks if desk.employee} if desks else {seen_employee} - {0}
    register = Register(
        id=id_,
        name=name,
        spot=spot,
        spot_name=spot_name,
        state="on" if desks else "off" if seen_at else "never",
        who=tuple(sorted(names.get(one, f"№ {one}") for one in who)),
        polls=bool(desks) and all(desk.polls for desk in desks),
        seen_at=now if desks else seen_at,
        version=next((desk.version for desk in desks if desk.version), version),
        speed=sightings.speed(account, id_),
    )
    return replace(register, findings=tuple(_findings(account, register, current, now)))


def _findings(account: int, one: Register, current: str, now: float) -> Iterator[Finding]:
    facts = {"name": one.name, "spot": one.spot_name}
    if one.state != "on":
        yield _away(account, one, facts, now)
        return
    if not one.who and expected(account, one, now):
        yield Finding("register_nobody", WARN, str(one.id), facts)
    if one.polls:
        yield Finding("register_polls", WARN, str(one.id), facts)
    if current and one.version and one.version != current:
        yield Finding(
            "register_old", WARN, str(one.id), {**facts, "version": one.version, "current": current}
        )
    if one.speed and one.speed.p95 > SLOW:
        yield Finding(
            "register_slow", WARN, str(one.id), {**facts, "p50": one.speed.p50, "p95": one.speed.p95}
        )


def _away(account: int, one: Register, facts: dict[str, str], now: float) -> Finding:
    if one.seen_at is None:
        return Finding("register_never", WARN, str(one.id), facts)
    since = {**facts, "seen_at": one.seen_at}
    patience = preferences.of(account).alert_register
    if not expected(account, one, now):
        return Finding("register_off", GOOD, str(one.id), since)
    long = bool(patience) and now - one.seen_at >= patience * MINUTE
    return Finding("register_gone", BAD if long else WARN, str(one.id), since)


def expected(account: int, one: Register, now: float) -> bool:
    """Whether it should be on: by the spot's hours; where nobody set any, if it was a week ago or lately today."""
    if hours.week(account, one.spot):
        return hours.works(account, one.spot, now)
    hour = int(now // 3600) - WEEK
    lately = one.seen_at is not None and now - one.seen_at < 6 * 3600
    return lately or bool(rows(WAS_THERE, account, hour, one.spot, one.id))
