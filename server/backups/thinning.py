"""Which old backups go: by count, or ever fewer the older they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from server.backups import manifest

NAME = re.compile(r"^dzvinok-(\d{8}-\d{6})\.db(\.enc)?$")
STAMP = "%Y%m%d-%H%M%S"
# (how a moment is named, how many different names are kept): a day of hours, two weeks of days, two months of weeks.
STEPS = (("%Y%m%d%H", 24), ("%Y%m%d", 14), ("%G%V", 8))


def name_of(at: float, encrypted: bool) -> str:
    return f"dzvinok-{datetime.fromtimestamp(at, UTC):{STAMP}}.db{'.enc' if encrypted else ''}"


def made_at(name: str) -> datetime | None:
    found = NAME.match(name)
    return datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None


def kept(moments: Iterable[datetime], newest: int | None) -> set[datetime]:
    """`newest` many; or of each of the last hours, days and weeks that have any the newest one."""
    falling = sorted(set(moments), reverse=True)
    if newest is not None:
        return set(falling[:newest])
    stay: set[datetime] = set()
    for step, many in STEPS:
        last = {f"{moment:{step}}": moment for moment in reversed(falling)}
        stay |= set(sorted(last.values(), reverse=True)[:many])
    return stay


def thin(folder: Path, newest: int | None) -> list[str]:
    """Takes away what need not stay, ours alone; returns the names."""
    found = {path: at for path in folder.iterdir() if (at := made_at(path.name))}
    stay = kept(found.values(), newest)
    gone = sorted(path for path, at in found.items() if at not in stay)
    for path in gone:
        path.unlink()
        manifest.beside(path).unlink(missing_ok=True)
    return [path.name for path in gone]
