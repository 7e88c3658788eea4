"""Questions that go over the network: asked in the background, remembered, never waited for by a page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server.background import detach
from server.bus import Bus
from server.config import Settings
from server.db import reading
from server.models import CONNECTED, Account
from server.poster.client import Poster
from server.poster.trouble import FATAL, NO_ACCESS, TARIFF, NotConnected, PosterDown, PosterError
from server.probing.outside import Outside, look

EVERY = 1800.0
SETTLES = 300.0  # a server that has just started has more urgent questions
AGAIN = 10.0  # seconds between two askings, however often somebody presses the button
HUNG = 90.0  # a question that takes longer is given up, and asked anew
SPAN = 8.0

# A section of Poster's Web API -> its cheapest question. That it does not know the id is an answer, too.
SECTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "settings": ("settings.getAllSettings", {}),
    "access": ("access.getTablets", {}),
    "clients": ("clients.getGroups", {}),
    "dash": ("dash.getTransaction", {"transaction_id": 1}),
    "menu": ("menu.getProduct", {"product_id": 1}),
    "incomingOrders": ("incomingOrders.getIncomingOrder", {"incoming_order_id": 1}),
}
YES, NO, PLAN, DOWN, REFUSED = "yes", "no", "plan", "down", "refused"


@dataclass
class Probe:
    """`told` when there was an answer; `asked_at` since when a new one is waited for, None when it came."""

    told: Any = None
    told_at: float = 0.0
    asked_at: float | None = None


class Probes:
    """`of(None)` is what the network says of this box; else what Poster says to an account."""

    def __init__(self, settings: Settings, poster: Poster, bus: Bus) -> None:
        self._settings = settings
        self._poster = poster
        self._probes: dict[int, Probe] = {}
        self._born = time.time()
        self._bus = bus
        bus.on("probe", self._heard)

    def tend(self) -> None:
        """Asks what was not asked for long; needs an open connection."""
        for account in [0, *(one.id for one in Account.select().where(Account.state == CONNECTED))]:
            if time.time() > max(self._of(account).told_at + EVERY, self._born + SETTLES):
                self.ask(account)

    def ask(self, account: int | None) -> bool:
        """Begins to ask; whether it did. A question that is under way, or was answered just now, is enough."""
        probe, now = self._of(account), time.time()
        busy = probe.asked_at is not None and now - probe.asked_at < HUNG
        if busy or now - probe.told_at < AGAIN:
            return False
        probe.asked_at = now
        detach(self._run, account or 0, now)
        return True

    def ask_now(self, account: int | None) -> None:
        """Waits for the answer: for the terminal."""
        probe = self._of(account)
        probe.asked_at = time.time()
        self._run(account or 0, probe.asked_at)

    def asking(self, account: int | None) -> bool:
        return self._of(account).asked_at is not None

    def told_at(self, account: int | None) -> float | None:
        return self._of(account).told_at or None

    @property
    def outside(self) -> Outside | None:
        found: Outside | None = self._of(None).told
        return found

    def sections(self, account: int) -> dict[str, str] | None:
        """Section -> `yes`, `no` (not ticked), `plan` (not in the account's tariff), `down` or `refused`."""
        found: dict[str, str] | None = self._of(account).told
        return found

    @property
    def skew(self) -> float | None:
        """Seconds that Poster's clock is before ours, or None while Poster said nothing."""
        return self._poster.skew

    def _of(self, account: int | None) -> Probe:
        return self._probes.setdefault(account or 0, Probe())

    def _run(self, account: int, asked_at: float) -> None:
        work: Callable[[], Any] = (lambda: self._poster_says(account)) if account else self._world_says
        try:
            told = work()
        finally:
            probe = self._of(account)
            if probe.asked_at == asked_at:
                probe.asked_at = None
        probe.told, probe.told_at = told, time.time()
        plain = told if account else vars(told)
        self._bus.tell_all("probe", {"account": account, "told": plain, "at": probe.told_at})

    def _heard(self, _: int, body: dict[str, Any]) -> None:
        """Another worker has asked: it need not be asked again for whoever looks at the answer here."""
        account, told = body["account"], body["told"]
        probe = self._of(account)
        if body["at"] > probe.told_at:
            probe.told, probe.told_at = told if account else Outside(**told), body["at"]

    def _world_says(self) -> Outside:
        return look(self._settings.public_url)

    def _poster_says(self, account: int) -> dict[str, str]:
        """Where the first question finds nobody, the others are not asked."""
        told: dict[str, str] = {}
        for name, question in SECTIONS.items():
            told[name] = DOWN if DOWN in told.values() else self._section(account, *question)
        return told

    def _section(self, account: int, method: str, query: dict[str, Any]) -> str:
        try:
            with reading():
                self._poster.get(account, method, time.monotonic() + SPAN, **query)
        except PosterError as error:
            words = {NO_ACCESS: NO, TARIFF: PLAN} | dict.fromkeys(FATAL, REFUSED)
            return words.get(error.code, YES)
        except NotConnected:
            return REFUSED
        except PosterDown:
            return DOWN
        return YES
