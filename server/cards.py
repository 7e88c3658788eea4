"""The cards of calls that registers may show now: what was last told of each caller, and who looked behind a veil."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from server.db import rows
from server.routing import Desk

OVER = "SELECT id FROM call WHERE id IN (SELECT value FROM json_each(?)) AND state = 'ended' AND ended <= ?"

Card = dict[str, Any]


class Cards:
    """In memory only: after a restart everything is looked up again, and veiled again."""

    def __init__(self) -> None:
        self._cards: dict[str, Card] = {}
        # call -> (register, who is logged in there)
        self._lifted: dict[str, set[tuple[int | None, int | None]]] = {}
        self._lock = threading.Lock()

    def learn(self, call: str, card: Card) -> Card:
        """Keeps it; the card with its version, which another worker may have given it."""
        with self._lock:
            # Milliseconds, so that a version told after a restart still beats one told before it.
            told = card.get("version") or int(time.time() * 1000)
            version = max(self._cards.get(call, {}).get("version", 0) + 1, told)
            self._cards[call] = {**card, "version": version}
            return self._cards[call]

    def of(self, call: str) -> Card | None:
        return self._cards.get(call)

    def lift(self, call: str, desk: Desk) -> None:
        """This employee at this register has looked behind the veil of the call."""
        with self._lock:
            self._lifted.setdefault(call, set()).add((desk.register, desk.employee))

    def lifted(self, call: str, desk: Desk) -> bool:
        return (desk.register, desk.employee) in self._lifted.get(call, ())

    def forget(self, ended_before: float) -> None:
        """Drops what belongs to calls that no snapshot can name any more."""
        with self._lock:
            known = [*self._cards, *self._lifted]
            for (call,) in rows(OVER, json.dumps(known), ended_before):
                self._cards.pop(call, None)
                self._lifted.pop(call, None)
