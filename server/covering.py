"""Who covers for a spot: registers that show its calls when nobody is there who should see them."""

from __future__ import annotations

from collections.abc import Collection

from server import audit
from server.calls import Call
from server.db import rows, transaction, write
from server.hub import Hub
from server.routing import Route
from server.unfit import Unfit

CHOSEN = "SELECT register FROM cover WHERE account_id = ? AND spot = ?"
SPOT = "SELECT name FROM spot WHERE account_id = ? AND poster_id = ? AND gone = 0"
NAMES = "SELECT poster_id, name FROM register WHERE account_id = ?"
PRESENT = "SELECT poster_id FROM register WHERE account_id = ? AND gone = 0"
FORGET = "DELETE FROM cover WHERE account_id = ? AND spot = ?"
KEEP = "INSERT INTO cover (account_id, spot, register) VALUES (?, ?, ?)"
BEGIN = "INSERT INTO covered (call_id, account_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
END = "DELETE FROM covered WHERE call_id = ?"
BUSY = """SELECT DISTINCT account_id FROM call INDEXED BY call_live WHERE state <> 'ended'
    AND account_id IN (SELECT account_id FROM cover)"""


class Covering:
    """Decides it for each call by who listens at that moment, and remembers it with the call."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def settle(self, before: Call, call: Call, route: Route) -> Route:
        """Inside the transaction that stores the call."""
        if not route.cover:
            return route
        settled = route.settled(before, call, self._hub.present(call.account))
        if settled.covering and not route.covering:
            write(BEGIN, call.id, call.account)
        elif route.covering and not settled.covering:
            write(END, call.id)
        return settled


def busy() -> list[int]:
    """Accounts that have somebody who covers, and a call now."""
    return [account for (account,) in rows(BUSY)]


def of(account: int, spot: int) -> set[int]:
    """The registers (poster_id) that cover the spot."""
    return {register for (register,) in rows(CHOSEN, account, spot)}


def choose(account: int, spot: int, registers: Collection[int]) -> bool:
    """Replaces them; False when nothing was to be changed. Raises Unfit."""
    with transaction(account):
        named, names = rows(SPOT, account, spot), dict(rows(NAMES, account))
        if not named:
            raise Unfit("spot_unknown")
        was = of(account, spot)
        if set(registers) == was:
            return False
        if not set(registers) <= {register for (register,) in rows(PRESENT, account)}:
            raise Unfit("register_unknown")
        write(FORGET, account, spot)
        for register in sorted(set(registers)):
            write(KEEP, account, spot, register)
        before, after = (", ".join(names.get(one, "?") for one in sorted(them)) for them in (was, registers))
        audit.note(account, "cover", named[0][0], before, after)
    return True
