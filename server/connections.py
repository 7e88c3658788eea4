"""Our own connections to PBXs and companies: those that should be, by what the database says now."""

from __future__ import annotations

from server.connection import Connection, Tools
from server.db import rows
from server.models import BROKEN, CONNECTED, Trunk
from server.providers import PROVIDERS
from server.providers.abilities import Connects, Looks
from server.vault import Unreadable as Sealed

WANTED = """SELECT trunk.id, trunk.provider, trunk.settings, trunk.secrets FROM trunk
    JOIN account ON account.id = trunk.account_id WHERE trunk.paused = 0 AND account.state IN (?, ?)"""


class Connections:
    """Those that should be, by what the database says now."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._running: dict[int, tuple[tuple[object, ...], Connection]] = {}

    def tend(self) -> None:
        """Opens what is new, closes what is gone, paused or changed. Asked every second."""
        wanted = {row[0]: row for row in rows(WANTED, CONNECTED, BROKEN) if _connects(row[1])}
        for trunk, (row, connection) in list(self._running.items()):
            if wanted.get(trunk) != row:
                connection.stop()
                del self._running[trunk]
                self._tools.health.connection(trunk, "")
        for trunk, row in wanted.items():
            if trunk not in self._running:
                self._begin(trunk, row)

    def stop(self) -> None:
        for _, connection in self._running.values():
            connection.stop()

    def of(self, trunk: int) -> Connection | None:
        found = self._running.get(trunk)
        return found[1] if found else None

    def _begin(self, trunk_id: int, row: tuple[object, ...]) -> None:
        trunk: Trunk | None = Trunk.get_or_none(Trunk.id == trunk_id)
        if trunk is None:
            return
        try:
            connection = Connection(self._tools, trunk, PROVIDERS[trunk.provider])
        except Sealed:
            self._tools.health.trouble(trunk_id, "sealed")
            return
        self._running[trunk_id] = (row, connection)
        connection.start()


def _connects(provider: str) -> bool:
    return isinstance(PROVIDERS.get(provider), Connects | Looks)
