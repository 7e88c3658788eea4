"""One trunk's connection of our own: a greenlet that talks, asks who is calling, and comes back when it was cut."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from server import dials, trail
from server.asking import Asking
from server.backfill import Backfill
from server.db import NOBODYS, reading, transaction
from server.diary import Diary
from server.health import Health
from server.intake import Intake
from server.models import Trunk
from server.providers.abilities import (
    Connects,
    DialsItself,
    Failed,
    HangsUpItself,
    Link,
    Looks,
    Step,
)  # fmt: skip
from server.providers.base import Provider
from server.trunks import Trunks
from server.wires import Gone, Wire, open_wire

log = logging.getLogger("dzvinok.connection")

TICK = 1.0
LISTENS = 0.2  # seconds after which a wish to dial is noticed
FIRST_PAUSE, LAST_PAUSE = 1.0, 60.0
REFUSED_PAUSE = 30.0  # after "wrong password": a PBX may lock out whoever knocks too often
STABLE = 30.0  # a connection that held so long begins with short pauses again
NOTED_EVERY = 0.2


@dataclass(frozen=True)
class Tools:
    """What every connection works with."""

    trunks: Trunks
    intake: Intake
    health: Health
    diary: Diary
    asking: Asking
    backfill: Backfill
    companies_url: str


class Connection:
    """One trunk's. Only its own greenlet reads; whoever wants something said puts it into `_asked`."""

    def __init__(
        self, tools: Tools, trunk: Trunk, adapter: Provider, mine: Callable[[], bool] = lambda: True
    ) -> None:
        """`mine`: whether no other worker may have this connection now."""
        self._tools = tools
        self._mine = mine
        self._adapter = adapter
        self.account: int = trunk.account_id
        self.trunk: int = trunk.id
        self._settings = tools.trunks.settings_of(trunk)
        self._hide = tools.trunks.secrets_in(trunk, self._settings)
        self._link = adapter.link(self._settings) if isinstance(adapter, Connects) else None
        self._every = adapter.look_every(self._settings) if isinstance(adapter, Looks) else 0.0
        self._stop = threading.Event()
        self._asked: list[Step] = []
        self._pause = FIRST_PAUSE
        self._ready_at: float | None = None
        self._noted = 0.0

    @property
    def link(self) -> Link | None:
        return self._link

    def start(self) -> None:
        if self._link or self._every:
            threading.Thread(target=self._run, name=f"trunk-{self.trunk}", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    @property
    def can_dial(self) -> bool:
        return isinstance(self._link, DialsItself) and self._ready_at is not None

    def dial(self, line: str, number: str, mark: str) -> bool:
        """Whether it was said; what comes of it is told later, to `dials`."""
        if not isinstance(self._link, DialsItself) or self._ready_at is None:
            return False
        self._asked.append(self._link.dial(line, number, mark, time.time()))
        return True

    def hang_up(self, key: str) -> bool:
        if not isinstance(self._link, HangsUpItself) or self._ready_at is None:
            return False
        self._asked.append(self._link.hang_up_now(key, time.time()))
        return True

    def _run(self) -> None:
        again = False
        while not self._stop.is_set():
            if not self._mine():
                self._stop.wait(TICK)
                continue
            self._tools.health.connection(self.trunk, "connecting", again)
            try:
                self._talk(self._link) if self._link else self._watch()
            except Failed as why:
                self._trouble(why.word, why.detail)
            except Gone as why:
                log.info("trunk=%d connection lost: %s", self.trunk, why)
            except Exception:  # a fault of ours must not silence the phone for good
                log.exception("trunk=%d its connection broke", self.trunk)
            again = True
            self._rest()

    def _rest(self) -> None:
        """Longer each time, with a dice: a hundred boxes must not come back to a company in the same second."""
        held = self._ready_at is not None and time.monotonic() - self._ready_at > STABLE
        self._pause = FIRST_PAUSE if held else min(LAST_PAUSE, self._pause * 2)
        self._ready_at = None
        self._stop.wait(self._pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    def _talk(self, link: Link) -> None:
        wire = open_wire(link.place, self._tools.companies_url)
        try:
            self._do(wire, link.opened(time.time(), wire.local))
            ticked = time.monotonic()
            while not self._stop.is_set():
                data = wire.receive(LISTENS)
                self._check()
                if data is not None:
                    self._heard(wire, data, link.received(data, time.time()))
                while self._asked:
                    self._do(wire, self._asked.pop(0))
                if time.monotonic() - ticked >= TICK:
                    ticked = time.monotonic()
                    self._do(wire, link.tick(time.time()))
        finally:
            wire.close()

    def _watch(self) -> None:
        """For companies that must be asked who is calling."""
        while not self._stop.is_set():
            self._check()
            self._look()
            self._stop.wait(self._every)

    def _check(self) -> None:
        """A process that was paused may find that another took over: what it heard meanwhile is that one's to tell."""
        if not self._mine():
            raise Gone("it is another worker's now")

    def _look(self) -> None:
        assert isinstance(self._adapter, Looks)
        now = time.time()
        self._do(None, self._tools.asking.ask(self._adapter.look(self._settings, now)), now)
        if self._ready_at is None and not self._link:
            self._ready()

    def _heard(self, wire: Wire, data: bytes | str, step: Step) -> None:
        trail.begin()
        try:
            self._do(wire, step)
        finally:
            self._note(data, step)

    def _note(self, data: bytes | str, step: Step) -> None:
        now = time.monotonic()
        if (step.events or step.trouble or step.strange) and now - self._noted > NOTED_EVERY:
            self._noted = now
            text = data if isinstance(data, str) else data.decode("utf-8", "replace")
            words = " ".join(event.kind for event in step.events) or step.trouble or step.strange
            self._tools.diary.note(self.account, self.trunk, "heard", text, "taken", words, self._hide)

    def _do(self, wire: Wire | None, step: Step, now: float | None = None) -> None:
        for data in step.send:
            if wire:
                wire.send(data)
        if step.events:
            self._tools.intake.take(self.account, self.trunk, step.events)
        if step.live is not None:
            self._settle(step.live, now or time.time())
        if step.dialled:
            self._told(step)
        if step.strange and self._tools.diary.is_news(self.trunk, step.strange):
            self._trouble("unknown_word", step.strange)
        if step.ready:
            self._ready()
        if step.trouble:
            self._trouble(step.trouble, step.detail)
        if step.close:
            raise Gone(step.trouble or "asked to")

    def _settle(self, live: frozenset[str], now: float) -> None:
        """A call that vanished unseen: the company's history may know what became of it."""
        if self._tools.intake.settle(self.account, self.trunk, live, now):
            self._tools.backfill.soon(self.trunk)

    def _told(self, step: Step) -> None:
        with transaction(NOBODYS):
            for mark, problem in step.dialled.items():
                dials.told(int(mark), problem=problem)

    def _ready(self) -> None:
        self._ready_at = time.monotonic()
        log.info("trunk=%d connected", self.trunk)
        self._tools.health.connection(self.trunk, "connected")
        self._tools.health.well(self.trunk)
        self._tools.backfill.soon(self.trunk)
        if self._link and isinstance(self._adapter, Looks):
            self._aside(self._look)

    def _aside(self, work: Callable[[], None]) -> None:
        """What the company is asked over HTTPS must not keep its live events waiting."""

        def run() -> None:
            try:
                with reading():
                    work()
            except Failed as why:
                self._trouble(why.word, why.detail)

        threading.Thread(target=run, name="background", daemon=True).start()

    def _trouble(self, word: str, detail: str) -> None:
        log.warning("trunk=%d %s %s", self.trunk, word, detail)
        self._tools.health.trouble(self.trunk, word, detail)
        if word in ("login", "rights"):
            self._pause = max(self._pause, REFUSED_PAUSE)
