"""Whether the database's file is whole, and what is to be done when it is not: looked at once a day, and at a start
that fails."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time

from peewee import PeeweeException

from server import aside
from server.background import detach
from server.config import ConfigError
from server.db import database, on_postgres, open_database

log = logging.getLogger("dzvinok.soundness")

FIRST, EVERY = 60.0, 86400.0  # seconds after the start, and between two looks: each reads the whole file
CURE = "restore the newest backup (`flask --app wsgi restore`, docs/backup.md)"
WORDS = {
    "malformed": f"is damaged: {CURE}",
    "not a database": f"is damaged: {CURE}",
    "readonly": "may not be written: give the file and its folder to the user that Dzvinok runs as",
    "unable to open": "cannot be opened: the folder must exist and belong to the user that Dzvinok runs as",
    "locked": "is held by another process: end that one, Dzvinok starts again by itself",
    "is full": "has no room left on its disk: make room, Dzvinok starts again by itself",
    "disk I/O": "cannot be read or written, its disk answers with errors: look at the disk, then " + CURE,
}


def opened(url: str) -> None:
    """Raises ConfigError: one sentence instead of what SQLite, the disk or PostgreSQL say."""
    try:
        open_database(url)
    except (PeeweeException, sqlite3.Error, OSError) as why:
        raise ConfigError(sentence(why, url)) from why


def sentence(why: Exception, url: str) -> str:
    """What keeps the database from being opened, in one sentence with its cure."""
    if not url.startswith("sqlite:///"):
        return f"The database does not answer: {type(why).__name__}. Check DATABASE_URL and whether its server runs."
    path, text = url.removeprefix("sqlite:///"), str(why)
    told = next((told for word, told in WORDS.items() if word in text), f"cannot be used ({text})")
    return f"The database {path} {told}."


class Soundness:
    """`wrong`: SQLite's first words about what is damaged, "" where nothing is. `at`: when it was looked (Unix
    seconds), None before the first time. PostgreSQL looks after itself."""

    def __init__(self) -> None:
        self.wrong = ""
        self.at: float | None = None
        self._due = time.monotonic() + FIRST
        self._looking = threading.Lock()

    def tend(self) -> None:
        """The clock's."""
        if time.monotonic() >= self._due and not on_postgres():
            self._due = time.monotonic() + EVERY
            detach(self.look)

    def look(self) -> None:
        with self._looking:
            wrong = aside.run(_look, str(database.database))
        if wrong:
            log.error("the database is damaged: %s", wrong)
        self.wrong, self.at = wrong, time.time()


def _look(path: str) -> str:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5, isolation_level=None)
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as why:
        found = str(why)
    finally:
        connection.close()
    return "" if found == "ok" else " ".join(found.split())[:200]
