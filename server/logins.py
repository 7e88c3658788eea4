"""Logins of Manage that were ended: a page's signed token would live on by itself, so the lock is remembered."""

from __future__ import annotations

import time

from server.db import rows, transaction, write

KEPT = 2 * 3600.0  # seconds; longer than any token lives, see `server.web.pagetoken`

END = "INSERT INTO login_over (login, account_id, at) VALUES (?, ?, ?) ON CONFLICT (login) DO NOTHING"
SWEEP = "DELETE FROM login_over WHERE at < ?"
OVER = "SELECT 1 FROM login_over WHERE login = ?"


def end(account: int, login: str) -> None:
    """Every token of this login opens nothing from now on, whoever holds a copy."""
    if not login:
        return
    now = time.time()
    with transaction(account):
        write(SWEEP, now - KEPT)
        write(END, login, account, now)


def over(login: str) -> bool:
    return bool(login and rows(OVER, login))
