"""Short-lived single-use tickets: what a register got through a signed request lets it open the socket."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass

LIFE = 30.0


@dataclass(frozen=True)
class Ticket:
    """Whom the socket will belong to; `register` and `spot` are poster_ids where Poster named them."""

    account: int
    register: int | None
    spot: int | None
    expires: float


class Tickets:
    def __init__(self) -> None:
        self._open: dict[str, Ticket] = {}
        self._lock = threading.Lock()

    def issue(self, account: int, register: int | None, spot: int | None) -> str:
        now = time.monotonic()
        word = secrets.token_urlsafe(24)
        with self._lock:
            if len(self._open) > 1000:
                self._open = {key: ticket for key, ticket in self._open.items() if ticket.expires > now}
            self._open[word] = Ticket(account, register, spot, now + LIFE)
        return word

    def redeem(self, word: str, account: int) -> Ticket | None:
        """The ticket, once; None when it is unknown, used, too old or another account's."""
        with self._lock:
            ticket = self._open.pop(word, None)
        if ticket is None or ticket.expires < time.monotonic() or ticket.account != account:
            return None
        return ticket
