"""Our own connections to PBXs and companies: those that should be, by what the database says now."""

from __future__ import annotations

from functools import partial
from typing import Any

from server.bus import Bus
from server.connection import Connection, Tools
from server.db import rows
from server.leases import Alone
from server.models import BROKEN, CONNECTED, Trunk
from server.providers import PROVIDERS
from server.providers.abilities import Connects, Looks
from server.vault import Unreadable as Sealed

WANTED = """SELECT trunk.id, trunk.provider, trunk.settings, trunk.secrets FROM trunk
    JOIN account ON account.id = trunk.account_id WHERE trunk.paused = 0 AND account.state IN (?, ?)"""


ANSWERS = 3.0  # seconds for the worker that has a connection

Json = dict[str, Any]


class Far:
    """A connection that another worker may have: each wish is put to all of them, who has it answers."""

    def __init__(self, bus: Bus, trunk: int) -> None:
        self._bus = bus
        self._trunk = trunk

    @property
    def can_dial(self) -> bool:
        return self._asked("can_dial")

    def dial(self, line: str, number: str, mark: str) -> bool:
        return self._asked("dial", line, number, mark)

    def hang_up(self, key: str) -> bool:
        return self._asked("hang_up", key)

    def _asked(self, wish: str, *words: str) -> bool:
        answer = self._bus.ask("trunk", {"trunk": self._trunk, "wish": wish, "words": words}, ANSWERS)
        return bool(answer and answer["done"])


class Connections:
    """Those that should be, by what the database says now, and are this worker's."""

    def __init__(self, tools: Tools, bus: Bus, leases: Alone) -> None:
        self._tools = tools
        self._bus = bus
        self._leases = leases
        self._everywhere: set[int] = set()
        bus.answer("trunk", self._wished)
        self._running: dict[int, tuple[tuple[object, ...], Connection]] = {}

    def tend(self) -> None:
        """Opens what is new, closes what is gone, paused or changed. Asked every second."""
        wanted = {row[0]: row for row in rows(WANTED, CONNECTED, BROKEN) if _connects(row[1])}
        self._leases.want("trunk", [_lease(trunk) for trunk in wanted])
        everywhere = self._everywhere = set(wanted)
        wanted = {trunk: row for trunk, row in wanted.items() if self._leases.mine(_lease(trunk))}
        for trunk, (row, connection) in list(self._running.items()):
            if wanted.get(trunk) != row:
                connection.stop()
                del self._running[trunk]
                if trunk not in everywhere:
                    self._tools.health.connection(trunk, "")
        for trunk, row in wanted.items():
            if trunk not in self._running:
                self._begin(trunk, row)

    def stop(self) -> None:
        for _, connection in self._running.values():
            connection.stop()

    def of(self, trunk: int) -> Connection | Far | None:
        found = self._running.get(trunk)
        if found is None and self._bus.shared and trunk in self._everywhere:
            return Far(self._bus, trunk)
        return found[1] if found else None

    def _wished(self, body: Json) -> Json | None:
        """Another worker's wish, if the connection is ours."""
        found, wish, words = self._running.get(body["trunk"]), body["wish"], body["words"]
        if found is None or not self._leases.mine(_lease(body["trunk"])):
            return None
        connection = found[1]
        if wish == "can_dial":
            return {"done": connection.can_dial}
        return {"done": connection.dial(*words) if wish == "dial" else connection.hang_up(*words)}

    def _begin(self, trunk_id: int, row: tuple[object, ...]) -> None:
        trunk: Trunk | None = Trunk.get_or_none(Trunk.id == trunk_id)
        if trunk is None:
            return
        try:
            mine = partial(self._leases.mine, _lease(trunk_id))
            connection = Connection(self._tools, trunk, PROVIDERS[trunk.provider], mine)
        except Sealed:
            self._tools.health.trouble(trunk_id, "sealed")
            return
        self._running[trunk_id] = (row, connection)
        connection.start()


def _lease(trunk: int) -> str:
    return f"trunk:{trunk}"


def _connects(provider: str) -> bool:
    return isinstance(PROVIDERS.get(provider), Connects | Looks)
