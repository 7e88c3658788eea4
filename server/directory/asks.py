"""What the directory asks Poster, and where the answers go. Everything here may raise Trouble."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

from server.directory import known, taking
from server.guests.cards import YEAR
from server.poster.client import Poster
from server.poster.rows import dicts, to_int
from server.poster.trouble import PosterError

PATIENCE = 60.0  # of somebody whom nobody waits for: a long list may take long

UNKNOWN = 32  # Poster has nothing of this id

DAY = "%Y%m%d"
WHOLE = {"status": 0, "include_products": True, "include_delivery": True}

Json = dict[str, Any]


class Asks:
    """`until` (monotonic) is given when a phone rings; without it nobody waits and phones go first."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    def clients(self, account: int, **query: object) -> list[Json]:
        return dicts(self._ask(account, "clients.getClients", None, **query))

    def expected(self, account: int) -> int:
        """How many guests the account's groups count together; 0 when they don't say."""
        return sum(
            to_int(row.get("count_groups_clients"))
            for row in dicts(self._ask(account, "clients.getGroups", None))
        )

    def client(self, account: int, client_id: int, country: str, until: float | None = None) -> None:
        """One guest; whom Poster doesn't know any more is gone."""
        try:
            rows = dicts(self._ask(account, "clients.getClient", until, client_id=client_id))
        except PosterError as error:
            if error.code != UNKNOWN:
                raise
            rows = []
        theirs = [row for row in rows if to_int(row.get("client_id")) == client_id]
        if theirs:
            taking.take_clients(account, theirs, country)
        else:
            taking.gone(account, client_id)

    def orders_of(self, account: int, client_id: int, until: float | None = None) -> None:
        """A guest's orders of a year, and what the dishes of the newest closed one are called."""
        since = time.time() - YEAR
        day = datetime.fromtimestamp(since, UTC).strftime(DAY)
        answer = self._ask(
            account, "dash.getTransactions", until, type="clients", id=client_id, dateFrom=day, **WHOLE
        )
        taking.take_orders_of(account, client_id, answer, since)
        self._names(account, known.unnamed(account, client_id), until)

    def _names(self, account: int, transaction_id: int, until: float | None) -> None:
        if transaction_id:
            answer = self._ask(account, "dash.getTransactionProducts", until, transaction_id=transaction_id)
            taking.take_names(account, transaction_id, answer)

    def orders(self, account: int, first: date, last: date) -> list[Json]:
        """Of these days, both included, whoever ordered."""
        days = {"dateFrom": first.strftime(DAY), "dateTo": last.strftime(DAY)}
        return dicts(self._ask(account, "dash.getTransactions", None, **days, **WHOLE))

    def open_orders(self, account: int, first: date, last: date) -> list[Json]:
        days = {"dateFrom": first.strftime(DAY), "dateTo": last.strftime(DAY)}
        return dicts(self._ask(account, "dash.getTransactions", None, **days, **{**WHOLE, "status": 1}))

    def order(self, account: int, transaction_id: int) -> list[Json]:
        return dicts(self._ask(account, "dash.getTransaction", None, transaction_id=transaction_id, **WHOLE))

    def online(self, account: int, status: int, since: date) -> list[Json]:
        """`date_to` is left out: in which zone it is meant nobody knows."""
        begin = since.strftime("%Y-%m-%d 00:00:00")
        return dicts(
            self._ask(account, "incomingOrders.getIncomingOrders", None, status=status, date_from=begin)
        )

    def _ask(self, account: int, method: str, until: float | None, **query: object) -> Any:
        urgent = until is not None
        return self._poster.get(account, method, until or time.monotonic() + PATIENCE, urgent=urgent, **query)
