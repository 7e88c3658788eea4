"""What may be wrong with an account's phones, registers and key.

A few short questions say whether the doctor need be asked at all; what he calls bad is told, in the same sense as his
page has it.
"""

from __future__ import annotations

from typing import Any

from server.alerts.looking import (
    BAD,
    REGISTER_GONE,
    TOKEN_EXPIRES,
    TOKEN_REFUSED,
    TRUNK_LOST,
    TRUNK_SILENT,
    TRUNK_TROUBLE,
    Ask,
    Json,
    Look,
    Reader,
    Wrong,
)
from server.db import rows
from server.messages import clean
from server.models import BROKEN

HOUR, DAY = 3600.0, 86400.0
LASTS = 600.0  # a trouble that is younger may go by itself
THERE = 180.0  # a register that was seen so lately is there
FORGOTTEN = 14 * DAY  # one that was not seen for so long is not used any more
TOKEN_LIVES, TOKEN_WARNS = 730 * DAY, 30 * DAY

TRUNKS = """SELECT id, provider, last_at, trouble, trouble_at, state, state_at FROM trunk
    WHERE account_id = ? AND paused = 0"""
REGISTERS = """SELECT register.poster_id, register.name, register.seen_at, coalesce(spot.name, '')
    FROM register LEFT JOIN spot ON spot.account_id = register.account_id AND spot.poster_id = register.spot
    WHERE register.account_id = ? AND register.gone = 0 AND register.seen_at > ?"""
ACCOUNT = "SELECT state, problem, connected_at FROM account WHERE id = ?"

Bad = set[tuple[str, str]]


def look(reader: Reader, ask: Ask, now: float, started: float) -> Look:
    """`started`: since when this server runs; while it did not, nobody could be seen."""
    assert reader.account is not None
    found = Look()
    trunks = rows(TRUNKS, reader.account)
    registers = rows(REGISTERS, reader.account, now - FORGOTTEN)
    bad: Bad = set()
    if _suspicious(reader, trunks, registers, now):
        bad = {(one.kind, one.thing) for one in ask(reader.account) if one.level == BAD}
    for trunk in trunks:
        _trunk(found, reader, bad, trunk, now)
    for register in registers:
        _register(found, reader, bad, register, now, started)
    _token(found, reader.account, now)
    return found


def _suspicious(
    reader: Reader, trunks: list[tuple[Any, ...]], registers: list[tuple[Any, ...]], now: float
) -> bool:
    hours, minutes = reader.chosen.alert_trunk, reader.chosen.alert_register
    return any(
        trouble or state == "connecting" or (hours and last and last <= now - hours * HOUR)
        for _, _, last, trouble, _, state, _ in trunks
    ) or any(minutes and seen <= now - minutes * 60 for _, _, seen, _ in registers)


def _trunk(found: Look, reader: Reader, bad: Bad, row: tuple[Any, ...], now: float) -> None:
    trunk, provider, last, _, trouble_at, _, state_at = row
    thing, named = str(trunk), {"name": provider}
    hours = reader.chosen.alert_trunk
    if hours and last:
        facts = {**named, "at": last, "hours": hours}
        silent = (TRUNK_SILENT, thing) in bad
        _put(found, TRUNK_SILENT, thing, last, facts, silent, last > now - hours * HOUR)
    for kind, since, facts in (
        (TRUNK_TROUBLE, trouble_at, {**named, "trouble": row[3]}),
        (TRUNK_LOST, state_at, named),
    ):
        since = since or now
        lasts = (kind, thing) in bad and now - since >= LASTS
        _put(found, kind, thing, since, facts, lasts, (kind, thing) not in bad)


def _register(
    found: Look, reader: Reader, bad: Bad, row: tuple[Any, ...], now: float, started: float
) -> None:
    register, name, seen, spot = row
    minutes = reader.chosen.alert_register
    if minutes:
        facts = {"name": clean(name), "spot": clean(spot), "minutes": minutes, "at": seen}
        gone = (REGISTER_GONE, str(register)) in bad and max(seen, started) <= now - minutes * 60
        _put(found, REGISTER_GONE, str(register), seen, facts, gone, seen > now - THERE)


def _put(found: Look, kind: str, thing: str, since: float, facts: Json, bad: bool, well: bool) -> None:
    """What is neither, such as a register that is switched off in the evening, opens nothing and ends nothing."""
    if well and not bad:
        found.well[kind, thing] = {}
    else:
        found.wrong.append(Wrong(kind, thing, since, facts, bad))


def _token(found: Look, account: int, now: float) -> None:
    state, problem, connected = rows(ACCOUNT, account)[0]
    refused, ends = state == BROKEN, (connected or now) + TOKEN_LIVES
    _put(found, TOKEN_REFUSED, "", now, {"problem": problem}, refused, not refused)
    aging = not refused and ends - TOKEN_WARNS <= now
    _put(found, TOKEN_EXPIRES, "", ends - TOKEN_WARNS, {"ends": ends}, aging, not aging)
