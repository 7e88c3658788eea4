"""Whether this process may be sent calls, and if not, why, in words that betray nothing."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from peewee import PeeweeException

from server import db
from server.clock import Clock
from server.config import Settings
from server.db import reading, rows

KEPT = 1.0  # seconds that an answer is good: whoever asks a hundred times costs one look
STANDS_STILL = 60.0  # the longest chore of the clock is much shorter
ROOM = 100 * 1024 * 1024  # bytes; below that the next calls may not find room
PROOF = "UPDATE migration SET at = at"

Look = Callable[[], Iterator[str]]


class Readiness:
    """`more`: what else has to be well, such as the bus between several workers; each yields what is wrong."""

    def __init__(self, settings: Settings, clock: Clock, *more: Look) -> None:
        self._settings, self._clock = settings, clock
        self._looks: tuple[Look, ...] = (self._database, self._schema, self._beat, self._room, *more)
        self._told: tuple[float, list[str]] = (-KEPT, [])
        self._lock = threading.Lock()

    def reasons(self) -> list[str]:
        """Sentences; none when all is well."""
        with self._lock:
            at, told = self._told
            if time.monotonic() - at >= KEPT:
                told = [wrong for look in self._looks for wrong in look()]
                self._told = time.monotonic(), told
            return told

    def _database(self) -> Iterator[str]:
        """Written for trial and taken back, so that no disk is asked for it."""
        try:
            with db.transaction(db.NOBODYS), db.database.atomic() as trial:
                db.write(PROOF)
                trial.rollback()
        except PeeweeException as why:
            yield f"The database cannot be written: {_word(why)}."

    def _schema(self) -> Iterator[str]:
        try:
            with reading():
                run = {name for (name,) in rows("SELECT name FROM migration")}
        except PeeweeException:
            return  # told above
        if missing := [name for name in db.migration_names() if name not in run]:
            yield f"The database lacks {', '.join(missing)}: restart the server."

    def _beat(self) -> Iterator[str]:
        beat = self._clock.beat
        if beat is None:
            yield "The clock was not started: no call expires, nothing is sent or counted."
        elif (still := time.monotonic() - beat) > STANDS_STILL:
            yield f"The clock has stood still for {still:.0f} s: restart the server, and keep its log."

    def _room(self) -> Iterator[str]:
        url = self._settings.database_url
        if not url.startswith("sqlite:///"):
            return
        free = shutil.disk_usage(Path(url.removeprefix("sqlite:///")).parent).free
        if free < ROOM:
            yield f"The disk has {free // 2**20} MB left, less than {ROOM // 2**20}: make room."


def _word(why: PeeweeException) -> str:
    """SQLite's and PostgreSQL's own sentence, its first line: no values are in it."""
    return (str(why).splitlines() or [type(why).__name__])[0][:120]
