"""A backup from the running database: copied, proved, encrypted where asked, and only then under its name."""

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from server.backups import Refused, copying, manifest, sealing, thinning
from server.backups.manifest import Manifest

STALE = 86400.0  # seconds; no backup takes a day


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: Manifest
    gone: list[str]


def make(database: Path, folder: Path, version: str, *, key: str = "", keep: int | None = None) -> Made:
    """`key`: encrypt with it. `keep`: how many of the newest stay; None thins them out by age."""
    _ready(database, folder)
    at = time.time()
    target = folder / thinning.name_of(at, bool(key))
    parts = [folder / f".{target.name}.{os.getpid()}.{step}" for step in ("part", "sealed", "json")]
    plain, sealed, beside = parts
    try:
        counts = copying.copy(database, plain)
        _, schema = copying.prove(plain, counts)
        if key:
            sealing.lock(plain, sealed, key)
            _same(sealed, plain, key)
        made = sealed if key else plain
        told = Manifest(version, schema, at, made.stat().st_size, sealing.sum_of(made), counts, bool(key))
        manifest.write(told, beside, key)
        copying.settle(beside, manifest.beside(target))
        copying.settle(made, target)
    except sqlite3.Error as wrong:
        raise Refused(f"The database could not be copied ({wrong}): nothing was kept.") from None
    except OSError as wrong:
        raise Refused(f"{folder}: {wrong.strerror}. Nothing was kept.") from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return Made(target, told, thinning.thin(folder, keep))


def _ready(database: Path, folder: Path) -> None:
    if not database.exists():
        raise Refused(f"There is no database at {database}: look at DATABASE_URL.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
        _sweep(folder)
    except OSError as wrong:
        raise Refused(
            f"Backups can't be written to {folder} ({wrong.strerror}): name another with --to."
        ) from None


def _sweep(folder: Path) -> None:
    """What a backup left that was killed in the middle."""
    for part in folder.glob(".dzvinok-*"):
        if part.stat().st_mtime < time.time() - STALE:
            part.unlink()


def _same(sealed: Path, plain: Path, key: str) -> None:
    """What was encrypted opens again, to the same bytes; this takes the place of `plain`."""
    before = sealing.sum_of(plain)
    sealing.unlock(sealed, plain, key)
    if sealing.sum_of(plain) != before:
        raise Refused(f"{sealed.name} does not open to what was put in: nothing was kept.")
