"""What was missed while we or the network were away: a company's history, journaled late. Nothing of it pops up."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from server.asking import Asking
from server.background import detach
from server.bus import Bus
from server.db import reading, rows, transaction, write
from server.diary import Diary
from server.health import Health
from server.intake import Intake
from server.models import BROKEN, CONNECTED, Trunk
from server.providers import PROVIDERS
from server.providers.abilities import Failed, Remembers
from server.trunks import Trunks

log = logging.getLogger("dzvinok.backfill")

EVERY = 15 * 60.0
AFTER_FAILURE = 3 * 60.0
SOON = 20.0  # a call that is just over needs a while to get into a company's history
OVERLAP = 15 * 60.0
FARTHEST = 7 * 86400.0
HISTORIC = ("login", "busy", "odd", "refused", "unreachable", "tls")

FILLED = "UPDATE trunk SET filled_at = ? WHERE id = ?"
WANTED = """SELECT trunk.id, trunk.provider FROM trunk JOIN account ON account.id = trunk.account_id
    WHERE trunk.paused = 0 AND account.state IN (?, ?)"""


class Backfill:
    def __init__(
        self, trunks: Trunks, intake: Intake, health: Health, diary: Diary, asking: Asking, bus: Bus
    ) -> None:
        self._bus = bus
        bus.on("history", lambda account, body: self._soon(body["trunk"]))
        self._trunks = trunks
        self._intake = intake
        self._health = health
        self._diary = diary
        self._asking = asking
        self._due: dict[int, float] = {}
        self._busy: set[int] = set()
        self._lock = threading.Lock()

    def soon(self, trunk: int) -> None:
        """A connection was made again, or a call vanished: what happened meanwhile is worth asking, by whichever
        worker asks for histories."""
        self._bus.tell_all("history", {"trunk": trunk})
        self._soon(trunk)

    def _soon(self, trunk: int) -> None:
        with self._lock:
            self._due[trunk] = min(self._due.get(trunk, time.monotonic() + SOON), time.monotonic() + SOON)

    def tend(self) -> None:
        """Asks those whose time has come; a trunk that is new to this process at once."""
        for trunk, provider in rows(WANTED, CONNECTED, BROKEN):
            if isinstance(PROVIDERS.get(provider), Remembers) and self._is_due(trunk):
                detach(self._fill_one, trunk)

    def _is_due(self, trunk: int) -> bool:
        now = time.monotonic()
        with self._lock:
            if trunk in self._busy or self._due.get(trunk, 0.0) > now:
                return False
            self._due[trunk] = now + EVERY
            self._busy.add(trunk)
            return True

    def _fill_one(self, trunk_id: int) -> None:
        try:
            with reading():
                trunk: Trunk | None = Trunk.get_or_none(Trunk.id == trunk_id)
            if trunk is not None:
                self.fill(trunk)
        except Failed as why:
            log.warning("trunk=%d history: %s", trunk_id, why)
            if why.word != "unset":  # nobody has to give us a company's history
                self._health.trouble(trunk_id, why.word, why.detail)
            with self._lock:
                self._due[trunk_id] = time.monotonic() + AFTER_FAILURE
        finally:
            with self._lock:
                self._busy.discard(trunk_id)

    def fill(self, trunk: Trunk) -> int:
        """Journals what the company remembers since we last asked; returns how many calls it told.

        Raises `Failed`. Calls from before the trunk was set up are none of ours.
        """
        adapter, now = PROVIDERS[trunk.provider], time.time()
        settings = self._trunks.settings_of(trunk)
        if not isinstance(adapter, Remembers):
            return 0
        since = max(trunk.created_at, (trunk.filled_at or 0.0) - OVERLAP, now - FARTHEST)
        told = self._asking.ask(adapter.history(settings, since, now))
        events = [replace(event, late=True) for event in told]
        self._intake.take(trunk.account_id, trunk.id, events)
        with transaction(trunk.account_id):
            write(FILLED, now, trunk.id)
        self._health.well(trunk.id, *HISTORIC)
        if events:
            text = "\n".join(f"{event.kind} {event.key} {event.outcome}" for event in events[:20])
            self._diary.note(trunk.account_id, trunk.id, "history", text, f"calls={len(events)}", "history")
        return len(events)
