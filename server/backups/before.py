"""The copy that an upgrade makes by itself before it changes the tables."""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path

from server.backups import Refused, copying

log = logging.getLogger("dzvinok.backups")


def changing(database: Path, migrations: list[str]) -> None:
    """Keeps a copy when `migrations` hold one that the file has not seen and the file has something to lose."""
    seen = _seen(database)
    pending = [name for name in migrations if name not in seen]
    if seen and pending and seen <= set(migrations):
        keep(database, pending[0])


def keep(database: Path, migration: str) -> Path | None:
    """A copy as `<file>.before-<migration>`; None where there is one already, or no room for it."""
    target = database.with_name(f"{database.name}.before-{migration}")
    if target.exists():
        return None
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        copying.copy(database, part)
        copying.settle(part, target)
    except (Refused, OSError, sqlite3.Error) as wrong:
        log.warning("no copy was kept before %s: %s", migration, wrong)
        return None
    finally:
        part.unlink(missing_ok=True)
    log.info("%s keeps the database as it was before %s", target, migration)
    return target


def _seen(database: Path) -> set[str]:
    """The migrations of a file in which some account was ever connected."""
    if not database.exists():
        return set()
    with copying.opened(database) as connection:
        seen = copying.schema_of(connection)
        return set(seen) if seen and connection.execute("SELECT 1 FROM account LIMIT 1").fetchone() else set()
