"""How the box itself is: its address, certificate, clock, disk, backup. No account's secrets are in it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from server import refusals
from server.config import ROOT, Settings
from server.db import on_postgres, rows
from server.doctor.finding import BAD, GOOD, WARN, Finding
from server.parts import Parts
from server.probing import Outside
from server.soundness import Soundness

MB = 1024 * 1024
DISK_BAD, DISK_WARN = 500 * MB, 2048 * MB
WAL_WARN = 512 * MB
DAY = 86400.0
TLS_BAD, TLS_WARN = 3, 14  # days
SKEW_BAD, SKEW_WARN = 60.0, 5.0  # seconds
BACKUP_OLD = 1.5 * DAY
REFUSED = """SELECT name, count, last_at FROM tally WHERE last_at > ? AND name LIKE 'poster webhook: %'
    ORDER BY last_at DESC"""
SIZE = "SELECT pg_database_size(current_database())"


def of(parts: Parts, now: float | None = None) -> Iterator[Finding]:
    """Needs an open connection."""
    at = time.time() if now is None else now
    yield from address(parts.settings, parts.probes.outside)
    yield from clock(parts.probes.skew)
    yield from whole(parts.soundness)
    yield from _disk(parts.settings)
    yield from _hub(parts)
    yield _backup(parts.settings.backup_dir, at)
    for name, count, last_at in rows(REFUSED, at - DAY):
        reason = name.removeprefix(refusals.BOX)
        if reason != "signature":
            yield Finding(
                "hooks_refused", WARN, reason, {"reason": reason, "count": count, "last_at": last_at}
            )
    yield from refused(at)
    yield Finding("version", GOOD, facts={"version": version()})


def refused(now: float, account: int = refusals.ALL, name: str = "") -> Iterator[Finding]:
    """Of an account only those that named it; at most a warning while others are taken."""
    if found := refusals.standing(now, account, name):
        lasts, count, since = found
        facts = {"reason": "signature", "count": count, "last_at": since}
        yield Finding("hooks_refused", BAD if lasts else WARN, "signature", facts)


def version() -> str:
    found = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"), re.M)
    return found[1] if found else "?"


def address(settings: Settings, told: Outside | None) -> Iterator[Finding]:
    url = settings.public_url
    if told is None:
        return
    if not told.reached or told.reached >= 400:
        yield Finding("reach", BAD, facts={"url": url, "status": told.reached})
    else:
        yield Finding("reach_good", GOOD, facts={"url": url})
    if told.tls == "none":
        if not url.startswith(("http://127.", "http://localhost")):
            yield Finding("tls_none", BAD, facts={"url": url})
    elif told.tls:
        yield Finding(f"tls_{told.tls}", BAD, facts={"url": url})
    elif told.days is not None:
        level = BAD if told.days < TLS_BAD else WARN if told.days < TLS_WARN else GOOD
        yield Finding("tls_good" if level == GOOD else "tls", level, facts={"url": url, "days": told.days})


def clock(skew: float | None) -> Iterator[Finding]:
    if skew is None:
        return
    level = BAD if abs(skew) > SKEW_BAD else WARN if abs(skew) > SKEW_WARN else GOOD
    yield Finding("clock_good" if level == GOOD else "clock", level, facts={"seconds": round(abs(skew))})


def whole(soundness: Soundness) -> Iterator[Finding]:
    if soundness.wrong:
        yield Finding("database_damaged", BAD, facts={"words": soundness.wrong})
    elif soundness.at:
        yield Finding("database_whole", GOOD, facts={"looked_at": soundness.at})


def _disk(settings: Settings) -> Iterator[Finding]:
    """This box's own; PostgreSQL may stand on another one."""
    usage = shutil.disk_usage(settings.folder if settings.folder.exists() else ROOT)
    database, wal = _sizes(settings.database_url)
    sizes = {"free_mb": usage.free // MB, "database_mb": database // MB, "wal_mb": wal // MB}
    level = BAD if usage.free < DISK_BAD else WARN if usage.free < DISK_WARN else GOOD
    yield Finding("disk_good" if level == GOOD else "disk", level, facts=sizes)
    if wal > WAL_WARN:
        yield Finding("wal", WARN, facts=sizes)


def _hub(parts: Parts) -> Iterator[Finding]:
    """Nothing where one worker serves everybody."""
    bus = parts.crew.bus
    if bus.shared and (since := bus.away_since):
        yield Finding("hub", BAD, facts={"since_at": since})
    elif bus.shared:
        yield Finding("hub_good", GOOD, facts={"count": parts.crew.others})


def _sizes(url: str) -> tuple[int, int]:
    """Of the database and of its log that was not written back yet, in bytes."""
    if on_postgres():
        return rows(SIZE)[0][0], 0
    path = Path(url.removeprefix("sqlite:///"))
    return _size(path), _size(path.with_name(path.name + "-wal"))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _backup(folder: str, now: float) -> Finding:
    """The newest file of the folder that the owner named: whatever makes backups puts them there."""
    if not folder:
        return Finding("backup_none", WARN)
    try:
        newest = max((one.stat().st_mtime for one in Path(folder).iterdir() if one.is_file()), default=0.0)
    except OSError:
        newest = 0.0
    facts = {"hours": round((now - newest) / 3600)} if newest else {}
    if not newest:
        return Finding("backup_missing", BAD)
    return Finding("backup_good" if now - newest < BACKUP_OLD else "backup",
                   GOOD if now - newest < BACKUP_OLD else BAD, facts=facts)  # fmt: skip
