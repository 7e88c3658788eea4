"""When the directory reads what: the clock calls `tick`, everything else happens beside."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from server.background import detach
from server.config import Settings
from server.db import reading, rows
from server.directory import stages, todo, wiping
from server.directory.asks import Asks
from server.directory.filling import Filling, trouble_word, zone
from server.directory.keeping import GATHERS, Keeping
from server.hub import Hub
from server.models import Account
from server.poster.client import Poster
from server.poster.trouble import Trouble

log = logging.getLogger("dzvinok.directory")

SLICE = 30.0  # seconds for which one account is filled before the next has its turn
PAUSES = {stages.DOWN: 30.0, stages.TOKEN: 600.0}
LONGEST_PAUSE = 600.0
HOUR = 3600.0
DAY, NIGHT = 24 * HOUR, range(3, 6)
WIPES_EVERY = 10.0

RINGING = """SELECT account.id, coalesce(stage, ''), guests_at, orders_at,
    EXISTS (SELECT 1 FROM todo WHERE todo.account_id = account.id AND kind = 'pass')
    FROM account LEFT JOIN directory ON directory.account_id = account.id
    WHERE state IN ('connected', 'broken') AND token != ''"""


class State(NamedTuple):
    account: int
    stage: str
    guests_at: float | None
    orders_at: float | None
    asked: int


class Rests:
    """Who rests until when, after Poster did not tell; each time twice as long, where Poster must come back."""

    def __init__(self) -> None:
        # (what, account) -> until when it rests, and for how long
        self._until: dict[tuple[str, int], tuple[float, float]] = {}

    def rests(self, key: tuple[str, int]) -> bool:
        return time.monotonic() < self._until.get(key, (0.0, 0.0))[0]

    def after(self, key: tuple[str, int], word: str) -> None:
        """`word` is what went wrong, "" for nothing."""
        _, before = self._until.pop(key, (0.0, 0.0))
        if word:
            again = min(2 * before, LONGEST_PAUSE) if before and word == stages.DOWN else 0.0
            pause = again or PAUSES.get(word, HOUR)
            self._until[key] = (time.monotonic() + pause, pause)


class Chores:
    """Two things are done beside: one account at a time is filled, and each account is kept fresh."""

    def __init__(
        self, settings: Settings, poster: Poster, hub: Hub, changed: Callable[[int, str], object]
    ) -> None:
        asks = Asks(poster)
        self._settings = settings
        self._filling = Filling(asks, self._country)
        self._keeping = Keeping(asks, self._country, lambda account: bool(hub.present(account)), changed)
        self._lock = threading.Lock()
        self._busy: set[int] = set()
        self._filled: int | None = None
        self._served: dict[int, float] = {}
        self._rests = Rests()
        self._wiped = -WIPES_EVERY

    def tick(self) -> None:
        """Starts what has to be done; waits for nothing."""
        with reading():
            states, waiting = [State(*row) for row in rows(RINGING)], todo.waiting(time.time() - GATHERS)
        for state in states:
            if (
                state.account in waiting or self._keeping.due(state.account, state.orders_at)
            ) and self._may_keep(state.account):
                detach(self._keep, state.account)
        if (account := self._next(states)) is not None:
            detach(self._fill, account)
        if time.monotonic() - self._wiped >= WIPES_EVERY:
            self._wiped = time.monotonic()
            detach(self._wipe)

    def _may_keep(self, account: int) -> bool:
        with self._lock:
            if account in self._busy or self._rests.rests(("keep", account)):
                return False
            self._busy.add(account)
            return True

    def _keep(self, account: int) -> None:
        word = stages.DOWN  # what breaks of itself is not tried every second either
        try:
            self._keeping.tend(account)
            word = ""
        except Trouble as why:
            word = trouble_word(why, "")
        finally:
            self._rests.after(("keep", account), word)
            self._busy.discard(account)

    def _next(self, states: list[State]) -> int | None:
        """Who is filled now: of all who need it, the one that had its turn longest ago."""
        with self._lock:
            if self._filled is not None:
                return None
            able = [
                state.account
                for state in states
                if needs(state) and not self._rests.rests(("fill", state.account))
            ]
            self._filled = min(able, key=lambda account: self._served.get(account, 0.0), default=None)
            return self._filled

    def _fill(self, account: int) -> None:
        self._served[account] = time.monotonic()
        word = stages.DOWN
        try:
            self._filling.run(account, time.monotonic() + SLICE)
            word = ""
        except Trouble as why:
            word = trouble_word(why, stages.progress(account)["stage"])
            log.warning("account %s: the directory waits: %s (%s)", account, why, word)
        finally:
            self._rests.after(("fill", account), word)
            self._filled = None
        stages.trouble(account, word)

    def hurry(self, account: int) -> None:
        """It was connected again, or its token works again: nothing rests any longer."""
        for what in ("fill", "keep"):
            self._rests.after((what, account), "")

    def _wipe(self) -> None:
        with reading():
            accounts = wiping.leftovers()
        for account in accounts:
            wiping.wipe(account)

    def _country(self, account: int) -> str:
        with reading():
            row = Account.at(account)
        return (row.country if row else "") or self._settings.default_country


def needs(state: State) -> bool:
    """Whether it must be read through: never was, is half read, Poster said so, or it is a day ago.

    At night a little early, so that the day's calls need not share the pace with it.
    """
    age = time.time() - (state.guests_at or 0.0)
    night = age > DAY / 2 and datetime.now(zone(state.account)).hour in NIGHT
    return bool(state.stage != stages.DONE or state.asked or age > DAY or night)
