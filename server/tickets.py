"""Short-lived single-use tickets: what a register got through a signed request lets it open the socket."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from server.bus import Slips

LIFE = 30.0


@dataclass(frozen=True)
class Ticket:
    """Whom the socket will belong to; `register` and `spot` are poster_ids where Poster named them."""

    account: int
    register: int | None
    spot: int | None


class Tickets:
    def __init__(self, slips: Slips) -> None:
        self._slips = slips

    def issue(self, account: int, register: int | None, spot: int | None) -> str:
        word = secrets.token_urlsafe(24)
        self._slips.put("ticket", word, {"account": account, "register": register, "spot": spot}, LIFE)
        return word

    def redeem(self, word: str, account: int) -> Ticket | None:
        """The ticket, once; None when it is unknown, used, too old or another account's."""
        found = self._slips.take("ticket", word)
        return Ticket(**found) if found and found["account"] == account else None
