"""A backup put in the database's place: proved and brought to this version aside, then exchanged in one move."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.backups import Refused, copying, manifest, sealing
from server.backups.copying import Counts

SIDES = ("", "-wal", "-shm")


@dataclass(frozen=True)
class Restored:
    counts: Counts
    aside: Path | None  # where the file lies that was there before


def restore(
    backup: Path, database: Path, known: list[str], migrate: Callable[[Path], None], key: str = ""
) -> Restored:
    """`known`: the migrations of this program. `migrate` brings a file to the newest schema."""
    if not backup.is_file():
        raise Refused(f"There is no file {backup}.")
    database.parent.mkdir(parents=True, exist_ok=True)
    idle(database)
    incoming = database.with_name(f".{database.name}.{os.getpid()}.incoming")
    try:
        counts = _bring(backup, incoming, known, key)
        migrate(incoming)
        copying.prove(incoming, None)
        _own(incoming, database.parent)
        return Restored(counts, _exchange(incoming, database))
    except OSError as wrong:
        raise Refused(f"{wrong.filename or database}: {wrong.strerror}. Nothing was changed.") from None
    finally:
        for side in SIDES:
            _side(incoming, side).unlink(missing_ok=True)


def idle(database: Path) -> None:
    """Nobody may have the file open: what a server writes into a file that was moved away is lost."""
    with socket.socket(socket.AF_UNIX) as control:
        try:
            control.connect(str(database.with_suffix(".ctl")))
        except OSError:
            pass
        else:
            raise Refused(f"A server runs on {database}: stop it first (systemctl stop dzvinok).")
    if database.exists() and _open_elsewhere(database):
        raise Refused(f"Another program has {database} open: end it first (systemctl stop dzvinok).")


def _open_elsewhere(database: Path) -> bool:
    """In WAL mode every connection holds a shared lock for as long as it is open."""
    try:
        connection = sqlite3.connect(database, timeout=0.5, isolation_level=None)
        try:
            connection.execute("PRAGMA locking_mode = exclusive")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.OperationalError as wrong:
        return "locked" in str(wrong)
    except sqlite3.DatabaseError:
        return False  # damaged: that is why somebody restores
    return False


def _bring(backup: Path, incoming: Path, known: list[str], key: str) -> Counts:
    with backup.open("rb") as file:
        encrypted = file.read(len(sealing.MAGIC)) == sealing.MAGIC
    if encrypted and not key:
        raise Refused(f"{backup.name} is encrypted: set BACKUP_KEY to the key it was made with.")
    told = manifest.read(backup, key)
    copying.needs_room(backup, incoming.parent)
    if encrypted:
        if told is None:
            raise Refused(
                f"{manifest.beside(backup).name} is missing, which proves that nobody changed {backup.name}: put it "
                "beside it, or open the file with OpenSSL yourself (docs/backup.md)."
            )
        sealing.unlock(backup, incoming, key)
    else:
        shutil.copyfile(backup, incoming)
        incoming.chmod(0o600)
    counts, schema = copying.prove(incoming, told.counts if told else None)
    if newer := sorted(set(schema) - set(known)):
        raise Refused(f"{backup.name} is from a newer version ({newer[-1]}): install that version first.")
    return counts


def _own(incoming: Path, folder: Path) -> None:
    """Whoever restores as root leaves the file to whom the folder belongs."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(incoming, owner.st_uid, owner.st_gid)


def _exchange(incoming: Path, database: Path) -> Path | None:
    aside = None
    if database.exists():
        aside = database.with_name(
            f"{database.name}.replaced-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}"
        )
        for side in SIDES:
            if _side(database, side).exists():
                _side(database, side).rename(_side(aside, side))
    copying.settle(incoming, database)
    return aside


def _side(path: Path, side: str) -> Path:
    return path.with_name(path.name + side)
