"""Who is there: once a minute, what each register's connection says. Reports ask how many people were on shift."""

from __future__ import annotations

import time

from server.db import NOBODYS, unhurried, write
from server.hub import Hub
from server.rooms import Seat

HOUR = 3600
MINUTE = """INSERT INTO presence (account_id, hour, spot, register, employee, minutes) VALUES (?, ?, ?, ?, ?, 1)
    ON CONFLICT (account_id, hour, spot, register, employee) DO UPDATE SET minutes = CASE WHEN presence.minutes < 60
    THEN presence.minutes + 1 ELSE 60 END"""
SEEN = """UPDATE register SET seen_at = ?, seen_employee = ?, version = CASE ? WHEN '' THEN version ELSE ? END
    WHERE account_id = ? AND poster_id = ?"""


def note(hub: Hub, now: float | None = None) -> int:
    """Counts this minute for everybody who listens, with sockets and without; returns how many registers that were."""
    at = time.time() if now is None else now
    there = [desk for desk in hub.present_everywhere() if desk.register is not None]
    desks = {_key(desk): desk for desk in sorted(there, key=lambda desk: desk.version)}
    if desks:
        with unhurried(NOBODYS):
            for account, spot, register, employee in desks:
                write(MINUTE, account, int(at // HOUR), spot, register, employee)
            for (account, _, register, employee), desk in desks.items():
                write(SEEN, at, employee, desk.version, desk.version, account, register)
    return len(desks)


def _key(desk: Seat) -> tuple[int, int, int, int]:
    """A register that comes back before its old socket is given up is one register."""
    return desk.account, desk.spot or 0, desk.register or 0, desk.employee or 0
