"""Reads an account through: all guests, page by page, then a year of orders, the newest days first.

Each step is one request; where to go on stands in the database, so that a stop costs one step at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.db import reading, rows, transaction, write
from server.directory import stages, taking, todo
from server.directory.asks import Asks
from server.directory.stages import DONE, GUESTS, ORDERS
from server.models import Directory
from server.poster.rows import to_int
from server.poster.trouble import FATAL, NotConnected, PosterDown, PosterError, Trouble

log = logging.getLogger("dzvinok.directory")

PAGE = 500
YEAR = timedelta(days=365)
FEW, MANY, WIDEST = (
    100,
    400,
    7,
)  # orders in a reply for which the next one spans more days, or one; days at most
BAD_DATES, NO_ACCESS = 52, 20
MOST_UNSEEN = 500

NEXT = """SELECT client_id, pass < ? AND deleted = 0 FROM guest WHERE account_id = ? AND client_id > ?
    ORDER BY client_id LIMIT 2000"""
PASSED = "DELETE FROM todo WHERE account_id = ? AND kind = 'pass' AND at <= ?"


class Filling:
    """`country` tells an account's two letters. Raises Trouble where Poster does not tell."""

    def __init__(self, asks: Asks, country: Callable[[int], str]) -> None:
        self._asks = asks
        self._country = country
        self._pages: dict[int, set[int]] = {}
        self._spans: dict[int, int] = {}
        self._single: set[int] = set()  # accounts that Poster tells single days of

    def run(self, account: int, until: float) -> bool:
        """Takes one step, and more until `until` (monotonic); returns whether something is left to do."""
        known = stages.row(account)
        if known is None or known.stage not in (GUESTS, ORDERS) or _stuck(known):
            known = stages.begin(account, self._asks.expected(account))
        while True:
            known = self._guests(known) if known.stage == GUESTS else self._orders(known)
            if known.stage == DONE:
                log.info("account %s: the directory is read through, pass %s", account, known.pass_)
                return False
            if time.monotonic() >= until:
                return True

    def _guests(self, known: Directory) -> Directory:
        """One page. A Poster that ignores paging gives everybody at once, or the same page again and again."""
        account, offset = known.account_id, to_int(known.cursor)
        page = self._asks.clients(account, num=PAGE, offset=offset, order_by="client_id")
        ids = {to_int(row.get("client_id")) for row in page}
        whole = len(page) > PAGE
        if page and ids == self._pages.get(account) and not (known.total and offset >= known.total):
            page, whole = self._asks.clients(account), True
        again = ids == self._pages.get(account)
        self._pages[account] = ids
        taking.take_clients(account, page, self._country(account), known.pass_)
        if not page or whole or again:
            return self._all_seen(known, len(page) if whole else offset)
        done = offset + len(page)
        return stages.keep(known, cursor=str(done), done=done, total=max(done, known.total), problem="")

    def _all_seen(self, known: Directory, count: int) -> Directory:
        """Who was in no page is asked for one by one: pages may slip while guests come and go."""
        account = known.account_id
        self._pages.pop(account, None)
        unseen = list(islice(_unseen(account, known.pass_), MOST_UNSEEN)) if count else []
        with transaction(account):
            for client_id in unseen:
                todo.say(account, todo.CLIENT, client_id)
            write(PASSED, account, known.started_at)
        days = (today(account) - self._goal(known)).days + 2
        return stages.keep(
            known, stage=ORDERS, cursor="", done=0, total=days, guests_at=time.time(), problem=""
        )

    def _orders(self, known: Directory) -> Directory:
        """A few days. `cursor` is the last of the days that are still to be read."""
        account, goal = known.account_id, self._goal(known)
        end = date.fromisoformat(known.cursor) if known.cursor else today(account) + timedelta(days=1)
        span = 1 if account in self._single else self._spans.get(account, 1)
        begin = max(goal, end - timedelta(days=span - 1))
        try:
            found = self._asks.orders(account, begin, end)
        except PosterError as error:
            if error.code != BAD_DATES:
                raise
            self._single.add(account)
            if span > 1:
                return known
            found = []
        self._spans[account] = 1 if len(found) > MANY else min(WIDEST, span * 2) if len(found) < FEW else span
        taking.take_orders(account, found)
        return self._days_read(known, begin, goal)

    def _days_read(self, known: Directory, begin: date, goal: date) -> Directory:
        since = midnight(known.account_id, begin)
        earliest = min(since, known.orders_from or since)
        if begin > goal:
            cursor, done = (begin - timedelta(days=1)).isoformat(), max(0, known.total - (begin - goal).days)
            # Of a pass that only closes a gap the earlier days are known already.
            return stages.keep(known, cursor=cursor, done=done, orders_from=earliest, problem="")
        return stages.keep(known, stage=DONE, cursor="", done=known.total, orders_from=earliest,
                             orders_at=max(known.orders_at or 0, known.started_at or 0), problem="")  # fmt: skip

    def _goal(self, known: Directory) -> date:
        """The first day that matters: a year ago, or the day before that up to which all is known."""
        if known.orders_at:
            return day_of(known.account_id, known.orders_at) - timedelta(days=1)
        return day_of(known.account_id, known.started_at or time.time()) - YEAR


def _unseen(account: int, pass_: int) -> Iterator[int]:
    """Portion by portion, so that no ring waits for all of them."""
    with reading():
        last = 0
        while found := rows(NEXT, pass_, account, last):
            yield from (client_id for client_id, unseen in found if unseen)
            last = found[-1][0]
            time.sleep(0.002)


def _stuck(known: Directory) -> bool:
    """Where orders are refused for days, the guests must not grow old."""
    return known.stage == ORDERS and time.time() - (known.guests_at or 0.0) > 86400.0


def trouble_word(why: Trouble, stage: str) -> str:
    """A word of `stages.SENTENCES`."""
    if isinstance(why, NotConnected) or (isinstance(why, PosterError) and why.code in FATAL):
        return stages.TOKEN
    if isinstance(why, PosterDown):
        return stages.DOWN
    if isinstance(why, PosterError) and why.code == NO_ACCESS:
        return stages.DASH if stage == ORDERS else stages.CLIENTS
    return stages.REFUSED


ZONE = "SELECT timezone FROM account WHERE id = ?"


def zone(account: int) -> tzinfo:
    with reading():
        found = rows(ZONE, account)
    try:
        return ZoneInfo(found[0][0] if found else "")
    except (ZoneInfoNotFoundError, ValueError):  # an account whose zone nobody knows, a box without tzdata
        return UTC


def day_of(account: int, moment: float) -> date:
    return datetime.fromtimestamp(moment, zone(account)).date()


def today(account: int) -> date:
    return day_of(account, time.time())


def midnight(account: int, day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=zone(account)).timestamp()
