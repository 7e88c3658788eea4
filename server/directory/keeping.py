"""Keeps the directory fresh between two passes: what webhooks name, and what no webhook may ever tell."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from server.db import reading, rows, transaction, write
from server.directory import known, stages, taking, todo
from server.directory.asks import Asks
from server.directory.filling import NO_ACCESS, day_of, today
from server.directory.todo import Todo
from server.models import Directory
from server.poster.rows import to_int
from server.poster.trouble import FATAL, PosterError

log = logging.getLogger("dzvinok.directory")

GATHERS = 3.0  # seconds that a word waits for its like: a bill that is typed says one for each dish
OPEN_EVERY = 60.0  # for accounts whose webhooks never come, while a register listens
RECENT_EVERY = 900.0
ONE_BY_ONE = 8  # so many orders are asked for singly, more of them with their whole day
SHUT = 3600.0  # after Poster refused online orders, they are left alone so long

OPEN_ONES = """SELECT transaction_id FROM guest_order INDEXED BY guest_order_open
    WHERE account_id = ? AND status = 'open'"""
WAITING_ONES = """SELECT incoming_id FROM online_order INDEXED BY online_order_waiting
    WHERE account_id = ? AND status = 0"""
GONE = "DELETE FROM guest_order WHERE account_id = ? AND transaction_id = ?"
CALLING = """SELECT DISTINCT number FROM call INDEXED BY call_live
    WHERE state <> 'ended' AND account_id = ? AND number != ''"""

Json = dict[str, Any]


class Keeping:
    """`changed(account, number)` hears of guests who are calling while something about them is read.

    Raises Trouble where Poster does not tell; what was not read stays to do.
    """

    def __init__(
        self, asks: Asks, country: Callable[[int], str], listening: Callable[[int], bool],
        changed: Callable[[int, str], object],
    ) -> None:  # fmt: skip
        self._asks = asks
        self._country = country
        self._listening = listening
        self._changed = changed
        self._looked: dict[int, float] = {}  # account -> when its open orders were read
        self._shut: dict[int, float] = {}  # account -> until when online orders are left alone

    def due(self, account: int, orders_at: float | None) -> bool:
        """Whether something is to be read that no webhook named."""
        return self._recent_due(orders_at) or self._open_due(account)

    def tend(self, account: int) -> None:
        with reading():
            things, state = todo.due(account, time.time() - GATHERS), stages.row(account)
        touched = self._guests([one for one in things if one.kind == todo.CLIENT], account)
        touched |= self._orders([one for one in things if one.kind == todo.ORDER], account)
        if online := [one for one in things if one.kind == todo.ONLINE]:
            touched |= self._online(account)
            todo.done(online)
        if state and self._recent_due(state.orders_at):
            touched |= self._recent(account, state)
        if self._open_due(account):
            touched |= self._open(account)
        self._tell(account, touched)

    def _guests(self, things: list[Todo], account: int) -> set[int]:
        for one in things:
            self._try(one, lambda client: self._asks.client(account, client, self._country(account)))
        return {one.thing for one in things}

    def _orders(self, things: list[Todo], account: int) -> set[int]:
        touched: set[int] = set()
        if len(things) > ONE_BY_ONE:
            now = today(account)
            found = self._asks.orders(account, now - timedelta(days=1), now + timedelta(days=1))
            touched |= taking.take_orders(account, found)
            read = {to_int(row.get("transaction_id")) for row in found}
            todo.done([one for one in things if one.thing in read])
            things = [one for one in things if one.thing not in read]
        for one in things:
            self._try(one, lambda order: touched.update(self._order(account, order)))
        return touched

    def _order(self, account: int, transaction_id: int) -> set[int]:
        found = self._asks.order(account, transaction_id)
        if not found:
            with transaction(account):
                write(GONE, account, transaction_id)
        return taking.take_orders(account, found)

    def _try(self, one: Todo, read: Callable[[int], object]) -> None:
        """What Poster refuses for itself alone does not hold up the others."""
        try:
            read(one.thing)
        except PosterError as error:
            if error.code in FATAL or error.code == NO_ACCESS:
                raise
            log.warning("%s %s was not read: %s", one.kind, one.thing, error)
        todo.done([one])

    def _recent_due(self, orders_at: float | None) -> bool:
        """Before the first pass is through, nothing is kept up."""
        return orders_at is not None and time.time() - orders_at > RECENT_EVERY

    def _recent(self, account: int, state: Directory) -> set[int]:
        """Since the last reading, day by day, and the day before."""
        touched: set[int] = set()
        day, last, begun = (
            day_of(account, state.orders_at or 0) - timedelta(days=1),
            today(account),
            time.time(),
        )
        while day <= last:
            touched |= taking.take_orders(account, self._asks.orders(account, day, day + timedelta(days=1)))
            day += timedelta(days=2)
        stages.keep(state, orders_at=begun)
        return touched

    def _open_due(self, account: int) -> bool:
        return time.monotonic() - self._looked.get(account, -OPEN_EVERY) >= OPEN_EVERY and self._listening(
            account
        )

    def _open(self, account: int) -> set[int]:
        """Open orders, online ones too; one that we think open and that is not among them is read by itself."""
        self._looked[account] = time.monotonic()
        now = today(account)
        found = self._asks.open_orders(account, now - timedelta(days=2), now + timedelta(days=1))
        touched = taking.take_orders(account, found)
        open_now = {to_int(row.get("transaction_id")) for row in found}
        with reading():
            closed = [id_ for (id_,) in rows(OPEN_ONES, account) if id_ not in open_now]
        with transaction(account):
            for transaction_id in closed:
                todo.say(account, todo.ORDER, transaction_id)
        return touched | self._online(account)

    def _online(self, account: int) -> set[int]:
        if time.monotonic() < self._shut.get(account, 0.0):
            return set()
        try:
            return self._read_online(account)
        except PosterError as error:
            if error.code in FATAL:
                raise
            self._shut[account] = time.monotonic() + SHUT
            return set()

    def _read_online(self, account: int) -> set[int]:
        """Those that wait; where one waits no more, also those that were accepted."""
        since = today(account) - timedelta(days=2)
        found = self._asks.online(account, 0, since)
        now_waiting = {to_int(row.get("incoming_order_id")) for row in found}
        with reading():
            left = [id_ for (id_,) in rows(WAITING_ONES, account) if id_ not in now_waiting]
        if left:
            found += self._asks.online(account, 1, since)
        taking.take_online(account, found, self._country(account), all_waiting=True)
        return {to_int(row.get("client_id")) for row in found}

    def _tell(self, account: int, touched: Iterable[int]) -> None:
        with reading():
            calling = {number for (number,) in rows(CALLING, account)}
            theirs = known.numbers_of(account, sorted(touched)) if calling else []
        for number in calling.intersection(theirs):
            self._changed(account, number)
