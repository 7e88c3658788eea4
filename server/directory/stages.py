"""How far the directory of an account is filled, and what stands in the way."""

from __future__ import annotations

import time
from typing import Any

from server.db import first, reading, transaction
from server.models import Directory

GUESTS, ORDERS, DONE = "guests", "orders", "done"

# Words of `Directory.problem`. Manage has them in its languages, the terminal in English.
DOWN, TOKEN, CLIENTS, DASH, REFUSED = "down", "token", "clients", "dash", "refused"
SENTENCES = {
    DOWN: "Poster does not answer; reading goes on by itself as soon as it does.",
    TOKEN: "Poster does not accept the token: connect again at /connect.",
    CLIENTS: "Poster does not let us read the guests: the application needs the access “clients”.",
    DASH: "Poster does not let us read the orders: the application needs the access “statistics”.",
    REFUSED: "Poster refuses what we ask; it is tried again every hour.",
}

ONE = "SELECT * FROM directory WHERE account_id = ?"

Json = dict[str, Any]


def row(account: int) -> Directory | None:
    return first(Directory, ONE, account)


def progress(account: int) -> Json:
    """`stage`: "" (not begun), guests, orders, done. `done` of `total` are guests, or days of orders; `total` is 0
    while nobody knows. `problem`: "" or a word of SENTENCES. `guests_at`, `orders_at`: when everything was last
    read through, None for not yet."""
    with reading():
        found = row(account) or Directory(account=account)
    names = ("stage", "done", "total", "problem", "guests_at", "orders_at")
    return {name: getattr(found, name) for name in names}


def begin(account: int, total: int) -> Directory:
    """A pass through everything: the first one, or one that finds what no webhook told."""
    with transaction(account):
        known = row(account) or Directory.create(account=account)
        known.stage, known.cursor, known.done, known.total = GUESTS, "", 0, total
        known.pass_, known.started_at = known.pass_ + 1, time.time()
        known.save()
    return known


def keep(known: Directory, **facts: Any) -> Directory:
    """Unless the account was disconnected and forgotten meanwhile."""
    with transaction(known.account_id):
        Directory.update(**facts).where(Directory.id == known.id).execute()
    for name, value in facts.items():
        setattr(known, name, value)
    return known


def trouble(account: int, word: str) -> None:
    with transaction(account):
        known = row(account) or Directory.create(account=account)
        if known.problem != word:
            facts = {"problem": word, "problem_at": time.time() if word else None}
            Directory.update(**facts).where(Directory.id == known.id).execute()
