"""The workers that serve one database together, as each of them sees the others. Alone where there is no `HUB_URL`."""

from __future__ import annotations

from server.bus import Bus, bus_for
from server.bus.elsewhere import Elsewhere
from server.config import Settings
from server.hub import Hub
from server.leases import Alone, Leases


class Crew:
    def __init__(self, settings: Settings, hub: Hub) -> None:
        self.bus: Bus = bus_for(settings)
        self.leases = Leases() if self.bus.shared else Alone()
        self._hub = hub
        self.elsewhere: Elsewhere | None = None
        if self.bus.shared:
            self.elsewhere = hub.others = Elsewhere(self.bus, hub.sockets)

    def start(self) -> None:
        """In the process that serves, after it was forked."""
        self.bus.start()
        self.leases.start()
        if self.elsewhere:
            self.elsewhere.start()

    def stop(self) -> None:
        """The others take over at once."""
        if self.elsewhere:
            self.elsewhere.stop()
        self.leases.stop()
        self.bus.stop()

    def tend(self) -> None:
        """Accounts that have nobody here are not heard any more."""
        self.bus.hear_only(self._hub.accounts)

    def told(self) -> dict[str, object]:
        """For `/readyz`: without Redis a worker serves its own registers as ever, so nobody is sent away for it."""
        if not self.bus.shared:
            return {}
        return {"workers": 1 + self.others, "hub": "away" if self.bus.away_since else "well"}

    @property
    def others(self) -> int:
        """How many workers there are besides this one, as far as they were heard."""
        return self.elsewhere.workers if self.elsewhere else 0
