"""A new `SECRET_KEY`: every secret in the database is sealed anew, a bit at a time, so that it can stop anywhere.

Meanwhile both keys are read (`Vault`), and what is written is sealed with the new one. What only a key can make
again, the digests of erased numbers, keeps the key that it was made with: sealed, as the row `persons`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

from server.config import Settings
from server.db import reading, rows, transaction, write
from server.vault import Unreadable, Vault

log = logging.getLogger("dzvinok.rotation")

# (table, its key, column): everything that a Vault has ever sealed and stored; "" is nothing sealed.
SEALED = (
    ("account", "id", "token"),
    ("account", "id", "next_token"),
    ("parked", "id", "token"),
    ("trunk", "id", "secrets"),
    ("alert_target", "id", "address"),
    ("kept_key", "name", "sealed"),
)
PERSONS = "persons"
BATCH = 200
KEPT = "SELECT sealed FROM kept_key WHERE name = ?"
KEEP = "INSERT INTO kept_key (name, sealed) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"


@dataclass
class Done:
    changed: int = 0
    already: int = 0
    where: list[str] = field(default_factory=list)  # sealed with neither key

    @property
    def lost(self) -> int:
        return len(self.where)


def rotate(secret_key: str, old: str) -> Done:
    new, both, done = Vault(secret_key), Vault(secret_key, old), Done()
    with transaction():
        write(KEEP, PERSONS, new.seal(old))
    for table, key, column in SEALED:
        with reading():
            found = rows(f"SELECT {key} FROM {table} WHERE {column} <> ''")  # noqa: S608 - names of ours
        for start in range(0, len(found), BATCH):
            with transaction():
                for (row,) in found[start : start + BATCH]:
                    _one(table, key, column, row, new, both, done)
    return done


def _one(table: str, key: str, column: str, row: object, new: Vault, both: Vault, done: Done) -> None:
    """Read inside the transaction that writes: a token that was renewed meanwhile is not put back."""
    found = rows(f"SELECT {column} FROM {table} WHERE {key} = ?", row)  # noqa: S608 - names of ours
    if not found or not found[0][0]:
        return
    if _opens(new, found[0][0]) is not None:
        done.already += 1
    elif (text := _opens(both, found[0][0])) is not None:
        write(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", new.seal(text), row)  # noqa: S608
        done.changed += 1
    else:
        done.where.append(f"{table} {row}")


def _opens(vault: Vault, sealed: str) -> str | None:
    try:
        return vault.open(sealed)
    except Unreadable:
        return None


def with_kept_key(settings: Settings) -> Settings:
    vault = Vault(settings.secret_key, settings.secret_key_old)
    return replace(settings, kept_key=persons_key(vault, settings.secret_key, settings.secret_key_old))


def persons_key(vault: Vault, secret_key: str, old: str) -> str:
    """With what the digests of erased numbers are made: the first key that this database had."""
    with reading():
        found = rows(KEPT, PERSONS)
    if not found:
        return old or secret_key
    kept = _opens(vault, found[0][0])
    if kept is None:
        log.error("the key of erased numbers can't be read with this SECRET_KEY: set SECRET_KEY_OLD")
    return kept if kept is not None else secret_key
