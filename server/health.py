"""How each trunk is: its connection, what is wrong with it and since when. The words for it are Manage's."""

from __future__ import annotations

import time
from math import inf
from time import monotonic

from server.db import NOBODYS, rows, transaction, write
from server.providers.abilities import TROUBLES, Doubts
from server.providers.base import Delivery, Provider, Settings

TROUBLE = "UPDATE trunk SET trouble = ?, trouble_detail = ?, trouble_at = ? WHERE id = ?"
WELL = "UPDATE trunk SET trouble = '', trouble_detail = '', trouble_at = NULL WHERE id = ?"
NOW = "SELECT trouble FROM trunk WHERE id = ?"
STATE = "UPDATE trunk SET state = ?, state_at = ? WHERE id = ? AND state <> ?"
AGAIN = "UPDATE trunk SET reconnects = reconnects + 1 WHERE id = ?"


class Health:
    def __init__(self, remembers: float = inf) -> None:
        """`remembers`: seconds after which another worker may have written something else."""
        self._remembers = remembers
        self._known: dict[int, tuple[str, str]] = {}
        self._known_at: dict[int, float] = {}

    def trouble(self, trunk: int, word: str, detail: str = "") -> None:
        """Written once for as long as it lasts: somebody without the key may knock a thousand times a second."""
        assert word in TROUBLES, word
        if self._last(trunk) == (word, detail):
            return
        self._know(trunk, word, detail)
        with transaction(NOBODYS):
            write(TROUBLE, word, detail[:200], time.time(), trunk)

    def well(self, trunk: int, *words: str) -> None:
        """Whatever was wrong is over; with `words` only if it was one of them."""
        known = self._last(trunk)[0]
        if known == "" or (words and known not in ("?", *words)):
            return
        with transaction(NOBODYS):
            if known == "?" and words:
                now = rows(NOW, trunk)
                if now and now[0][0] not in ("", *words):
                    return
            write(WELL, trunk)
        self._know(trunk, "", "")

    def _last(self, trunk: int) -> tuple[str, str]:
        fresh = monotonic() - self._known_at.get(trunk, -inf) < self._remembers
        return self._known[trunk] if trunk in self._known and fresh else ("?", "")

    def _know(self, trunk: int, word: str, detail: str) -> None:
        self._known[trunk], self._known_at[trunk] = (word, detail), monotonic()

    def heard(self, trunk: int, adapter: Provider, delivery: Delivery, settings: Settings) -> None:
        """A request was good; it may still show something that the owner should know."""
        doubt = adapter.doubts(delivery, settings) if isinstance(adapter, Doubts) else None
        if doubt:
            self.trouble(trunk, *doubt)
        else:
            self.well(trunk, "signature", "unreadable", "unfilled")

    def connection(self, trunk: int, state: str, again: bool = False) -> None:
        """`connecting`, `connected`, or "" for none; `again` counts a connection that had to be made anew."""
        with transaction(NOBODYS):
            write(STATE, state, time.time(), trunk, state)
            if again:
                write(AGAIN, trunk)
