"""Which worker does what only one may do: the clock's chores, each PBX's connection.

In the database, not in Redis: every worker needs that one anyway, and a telephone must not fall silent because the
workers can't tell each other something. A worker counts up its beat; who sees the same beat for `DEAD` seconds of its
own clock takes the worker's row away and then its leases. Nobody compares two machines' clocks. Removing the row and
counting it up are two writes of one row, so one of them comes first: a worker that was paused finds its row gone and
knows that it owns nothing any more. It asks `mine` before each act, and that is false as soon as its last beat is
`SURE` seconds old, sooner than anybody else may take what it had.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection
from math import ceil

from peewee import PeeweeException

from server.db import database, reading, rows, transaction, unhurried, write

log = logging.getLogger("dzvinok.leases")

BEATS = 1.0  # seconds
SURE = 4.0
DEAD = 6.0
OURS = -1  # nobody's account: with PostgreSQL no other writer has to wait for these
LEFT_OVER = 3.0  # seconds after which a free lease is anybody's, whoever has more already

BORN = "INSERT INTO worker (id, beat) VALUES (?, 1)"
BEAT = "UPDATE worker SET beat = beat + 1 WHERE id = ?"
WORKERS = "SELECT id, beat FROM worker"
BURY = "DELETE FROM worker WHERE id = ? AND beat = ?"
GONE = "DELETE FROM worker WHERE id = ?"
LEASES = "SELECT name, worker FROM lease"
# `fence` counts its owners.
TAKE = """INSERT INTO lease (name, worker, fence) VALUES (?, ?, 1) ON CONFLICT (name) DO UPDATE
    SET worker = excluded.worker, fence = lease.fence + 1 WHERE lease.worker NOT IN (SELECT id FROM worker)"""
FREE = "DELETE FROM lease WHERE name = ? AND worker = ?"


class Alone:
    """One worker does everything."""

    def mine(self, name: str) -> bool:
        return True

    def want(self, kind: str, names: Collection[str]) -> None:
        """Of this kind there is this to be owned, and nothing else."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass


class Leases(Alone):
    """Names are `<kind>:<what>`, such as `trunk:7`."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.worker = ""
        self._wanted: dict[str, frozenset[str]] = {}
        self._mine: set[str] = set()
        self._sure_until = 0.0
        self._seen: dict[str, tuple[int, float]] = {}  # worker -> its beat, and since when it is that
        self._free_since: dict[str, float] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def mine(self, name: str) -> bool:
        return name in self._mine and self._now() < self._sure_until

    def want(self, kind: str, names: Collection[str]) -> None:
        self._wanted[kind] = frozenset(names)

    def start(self) -> None:
        threading.Thread(target=self._run, name="leases", daemon=True).start()

    def stop(self) -> None:
        """Given back at once, so that nobody has to wait."""
        self._stop.set()
        with self._lock:
            self._mine, self._sure_until = set(), 0.0
            if self.worker:
                with transaction(OURS):
                    write(GONE, self.worker)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.tend()
            except PeeweeException as why:
                log.warning("the leases could not be renewed: %s", type(why).__name__)
            self._stop.wait(BEATS)

    def tend(self) -> None:
        """Lives on, sees who does not, takes what is free and lets go what is wanted no more."""
        with self._lock, reading():
            if self._stop.is_set():
                return
            begun = self._now()
            self._beat()
            workers = dict(rows(WORKERS))
            self._look(workers, begun)
            held: dict[str, str] = dict(rows(LEASES))
            mine = {name for name, worker in held.items() if worker == self.worker}
            mine -= self._let_go(mine)
            free = self._wanted_names() - {name for name, worker in held.items() if worker in workers}
            mine |= self._take(free, len(mine), len(workers), begun)
            self._mine, self._sure_until = mine, begun + SURE

    def _beat(self) -> None:
        with unhurried(OURS):
            if self.worker and _changed(BEAT, self.worker):
                return
            if self.worker:
                log.warning("this worker was thought dead: it begins anew")
            self._mine, self.worker = set(), secrets.token_hex(8)
            write(BORN, self.worker)

    def _look(self, workers: dict[str, int], now: float) -> None:
        """Whose beat stands still is buried; its leases are free from then on."""
        old = self._seen
        self._seen = {
            name: old[name] if name in old and old[name][0] == beat else (beat, now)
            for name, beat in workers.items()
        }
        for name, (beat, since) in self._seen.items():
            if name != self.worker and now - since >= DEAD:
                with transaction(OURS):
                    if _changed(BURY, name, beat):
                        log.warning("worker %s is dead: what it did is done here or elsewhere now", name)
                workers.pop(name, None)

    def _wanted_names(self) -> set[str]:
        return {name for names in self._wanted.values() for name in names}

    def _let_go(self, mine: set[str]) -> set[str]:
        """Of kinds that nobody here has spoken of yet nothing is let go."""
        kinds, wanted = set(self._wanted), self._wanted_names()
        unwanted = {name for name in mine if name.partition(":")[0] in kinds and name not in wanted}
        for name in unwanted:
            with transaction(OURS):
                write(FREE, name, self.worker)
        return unwanted

    def _take(self, free: set[str], have: int, workers: int, now: float) -> set[str]:
        """Everybody its share; what nobody took for a while is anybody's."""
        self._free_since = {name: self._free_since.get(name, now) for name in free}
        share = ceil(len(self._wanted_names()) / max(1, workers))
        taken: set[str] = set()
        for name in sorted(free):
            if have + len(taken) < share or now - self._free_since[name] >= LEFT_OVER:
                with transaction(OURS):
                    if _changed(TAKE, name, self.worker):
                        taken.add(name)
        if taken:
            log.info("taken: %s", " ".join(sorted(taken)))
        return taken


def _changed(sql: str, *values: object) -> bool:
    return bool(database.execute_sql(sql, values).rowcount)
