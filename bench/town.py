"""Many small restaurants in one database, and the guests who will call them: their cards are known and fresh, so a
ring tells the call and the guest, and asks Poster nothing."""

from __future__ import annotations

import time

from bench.dialects import seat_of
from server.db import close_database, database, open_database, transaction

EACH = 10  # registers of a restaurant
CALLERS = 40_000
SECRET = "bench-token-of-trunk-"  # and the account's number

ACCOUNT = """INSERT INTO account (id, name, number, state, country, mirrored_at, title, owner, currency, lang, timezone,
    problem, token, next_token) VALUES (?, ?, ?, 'connected', 'UA', ?, '', '', '', 'ua', '', '', '', '')"""
ROWS = {
    "spot": "INSERT INTO spot (account_id, poster_id, name) VALUES (?, 1, 'Bench')",
    "trunk": "INSERT INTO trunk (account_id, provider, token, created_at, settings) VALUES (?, 'generic', ?, ?, '{}')",
    "register": "INSERT INTO register (account_id, poster_id, name, spot) VALUES (?, ?, ?, 1)",
    "employee": "INSERT INTO employee (account_id, poster_id, name, extras_line) VALUES (?, ?, ?, ?)",
    "line_owner": "INSERT INTO line_owner (account_id, line, kind, owner) VALUES (?, ?, 'employee', ?)",
    "guest": """INSERT INTO guest (account_id, client_id, name, folded, address, read_at, orders_at)
        VALUES (?, ?, ?, ?, 'вул. Садова, 5/7', ?, ?)""",
    "guest_number": "INSERT INTO guest_number (account_id, number, client_id, at) VALUES (?, ?, ?, ?)",
}


def names(registers: int) -> list[str]:
    return [f"bench{one}" for one in range(1, -(-registers // EACH) + 1)]


def build(url: str, registers: int) -> None:
    open_database(url)
    now, accounts = time.time() + 3600, range(1, len(names(registers)) + 1)
    seats = [(account, number, f"{1000 + number}") for account in accounts for number in range(1, EACH + 1)]
    callers = [(seat_of(one, registers) // EACH + 1, one + 1, f"Гість {one}") for one in range(CALLERS)]
    with transaction():
        _many(ACCOUNT, [(one, f"bench{one}", str(one), now) for one in accounts])
        _many(ROWS["spot"], [(one,) for one in accounts])
        _many(ROWS["trunk"], [(one, f"{SECRET}{one}", now) for one in accounts])
        _many(ROWS["register"], seats)
        _many(ROWS["employee"], [(account, number, line, line) for account, number, line in seats])
        _many(ROWS["line_owner"], [(account, line, number) for account, number, line in seats])
        _many(ROWS["guest"], [(*one, one[2].casefold(), now, now) for one in callers])
        _many(ROWS["guest_number"], [(one[0], f"+38067{one[1] - 1:07d}", one[1], now) for one in callers])
    close_database()


def _many(sql: str, rows: list[tuple[object, ...]]) -> None:
    database.cursor().executemany(sql, rows)


def hooks(registers: int) -> list[str]:
    return [f"/hooks/generic/{SECRET}{one}" for one in range(1, len(names(registers)) + 1)]
