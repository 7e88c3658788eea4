"""Placing calls and ending them, through whichever trunk of the account can."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from server import dials, journal, phones
from server.asking import Asking
from server.calls import ENDED
from server.connections import Connections
from server.db import reading, rows, transaction
from server.models import Account, Trunk
from server.providers import PROVIDERS
from server.providers.abilities import Dials, Failed, HangsUp
from server.trunks import Trunks
from server.unfit import Unfit

log = logging.getLogger("dzvinok.calling")

# The trunk through which this line was heard last; a line that never rang goes by the oldest trunk that can.
LAST_OF_LINE = """SELECT trunk_id FROM call WHERE account_id = ? AND trunk_id IS NOT NULL
    AND (line = ? OR json_extract(legs, ?) IS NOT NULL) ORDER BY started DESC LIMIT 1"""


@dataclass(frozen=True)
class Placed:
    """`dial` is our mark of the wish; the call appears in the journal when the company tells of it."""

    dial: int
    trunk: int


class Calling:
    def __init__(self, trunks: Trunks, asking: Asking, connections: Connections, country: str) -> None:
        self._trunks = trunks
        self._asking = asking
        self._connections = connections
        self._country = country

    def dial(self, account: Account, line: str, number: str, trunk: int | None = None) -> Placed:
        """Rings `line`, then calls `number`. Raises `Unfit`, or `Failed` when the company does not do it."""
        found = phones.read(number, account.country or self._country)
        if not found.matchable:
            raise Unfit("number", value=number)
        for one in self._order(account, line, trunk):
            with transaction(account.id):
                mark = dials.begin(account.id, one.id, line, found.e164)
            if self._placed(one, line, found.e164, mark):
                log.info("trunk=%d dial=%d line=%s to=%s", one.id, mark, line, phones.tail(found.e164))
                return Placed(mark, one.id)
        raise Unfit("dial_impossible")

    def hang_up(self, account: Account, call_id: str) -> None:
        """Raises `Unfit`, or `Failed`."""
        with reading():
            call = journal.get(account.id, call_id)
        if call is None or call.trunk is None or call.state == ENDED:
            raise Unfit("call_unknown")
        trunk = self._trunks.one(account, call.trunk)
        connection, adapter = self._connections.of(trunk.id), PROVIDERS.get(trunk.provider)
        if connection and connection.hang_up(call.key):
            return
        if not isinstance(adapter, HangsUp):
            raise Unfit("hang_up_impossible")
        self._asking.ask(adapter.hang_up(self._trunks.settings_of(trunk), call.key))

    def _order(self, account: Account, line: str, only: int | None) -> list[Trunk]:
        if only is not None:
            return [self._trunks.one(account, only)]
        with reading():
            last = rows(LAST_OF_LINE, account.id, line, f'$."{line}"')
        known = last[0][0] if last else None
        able = [one for one in self._trunks.of(account) if not one.paused and self._can(one)]
        return sorted(able, key=lambda one: (one.id != known, one.id))

    def _can(self, trunk: Trunk) -> bool:
        connection = self._connections.of(trunk.id)
        return isinstance(PROVIDERS.get(trunk.provider), Dials) or bool(connection and connection.can_dial)

    def _placed(self, trunk: Trunk, line: str, number: str, mark: int) -> bool:
        connection, adapter = self._connections.of(trunk.id), PROVIDERS.get(trunk.provider)
        if connection and connection.dial(line, number, str(mark)):
            return True
        key, problem = "", "" if isinstance(adapter, Dials) else "impossible"
        try:
            if isinstance(adapter, Dials):
                settings = self._trunks.settings_of(trunk)
                key = self._asking.ask(adapter.originate(settings, line, number, str(mark)))
        except Failed as why:
            problem = str(why)
            if why.word != "unset":  # nobody gave us the keys that this company wants for it
                raise
        finally:
            with transaction(trunk.account_id):
                dials.told(mark, key, problem)
        return not problem
