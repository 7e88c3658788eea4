"""Asking Poster to make an online order or a booking: once, whatever happens to its answer.

Poster makes another one each time it is asked. So what we ask for is noted first, carries a mark of ours in its
comment, and is looked for by that mark before anybody asks again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from server.db import reading, rows, transaction, write
from server.models import Account
from server.poster.client import Poster
from server.poster.rows import as_dict, dicts, to_int
from server.poster.trouble import NotConnected, PosterDown, PosterError, Trouble

CREATE, LOOK = 10.0, 6.0  # the register waits for twenty
SAME_FOR = 600.0  # seconds in which the same thing asked for again is the same thing
SETTLED = 30.0  # so long a write that nobody heard of may still come through
DAY = 86400.0
ASKED, MADE, UNCLEAR = "asked", "made", "unclear"
MARK_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"

Json = dict[str, Any]

SAID = """SELECT mark, state, incoming_id, transaction_id, at FROM online_ask
    WHERE account_id = ? AND digest = ?"""
NOTE = """INSERT INTO online_ask (account_id, digest, mark, state, call_id, client_id, due, by_id, by_name, at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, digest) DO UPDATE SET mark = excluded.mark,
    state = excluded.state, incoming_id = 0, transaction_id = 0, due = excluded.due, at = excluded.at"""
BECAME = """UPDATE online_ask SET state = ?, incoming_id = ?, transaction_id = ?
    WHERE account_id = ? AND digest = ?"""
REFUSED = "DELETE FROM online_ask WHERE account_id = ? AND digest = ?"
FORGET = "DELETE FROM online_ask WHERE at < ?"


class Unclear(Exception):
    """Nobody knows whether it was made."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants made. `what` is all of it, `create` asks Poster with our mark, `own` is the method that
    lists what we made. `when` is about when it is for, `due` what was promised."""

    account: int
    what: Json
    create: Callable[[str, float], Any]
    own: str
    call: str = ""
    client: int = 0
    when: float = 0.0
    due: float | None = None
    who: tuple[int, str] = (0, "")

    @property
    def digest(self) -> str:
        """The same order for the same call is one order; without a call each asking is another."""
        text = json.dumps([self.own, self.call or secrets.token_hex(8), self.what], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Made:
    """`transaction` is 0 until somebody accepts it; `row` is Poster's answer, {} where we remember it."""

    id: int
    transaction: int
    row: Json = field(default_factory=dict)

    @classmethod
    def of(cls, answer: object) -> Made | None:
        row = as_dict(answer)
        made = to_int(row.get("incoming_order_id")) if row else to_int(answer)
        return cls(made, to_int(row.get("transaction_id")), row) if made > 0 else None


class Incoming:
    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._busy: dict[str, tuple[threading.Lock, int]] = {}
        self._lock = threading.Lock()

    def make(self, wish: Wish) -> Made:
        """Raises PosterError (it said no, nothing was made), NotConnected, Unclear."""
        digest = wish.digest
        with self._alone(digest):
            mark, known = self._remembered(wish, digest)
            if known:
                return known
            try:
                made = Made.of(wish.create(mark, time.monotonic() + CREATE))
            except (PosterError, NotConnected):
                with transaction(wish.account):
                    write(REFUSED, wish.account, digest)
                raise
            except PosterDown:
                made = None
            return self._settle(wish, digest, made or self._look_once(wish, mark))

    def _remembered(self, wish: Wish, digest: str) -> tuple[str, Made | None]:
        """The mark to ask with, and what was made of the same wish a moment ago."""
        with reading():
            said = rows(SAID, wish.account, digest)
        if said and time.time() - said[0][4] < SAME_FOR:
            mark, state, made, order, at = said[0]
            if state == MADE:
                return mark, Made(made, order)
            try:
                found = self._look(wish, mark)
            except Trouble:
                raise Unclear from None
            if found or time.time() - at < SETTLED:
                return mark, self._settle(wish, digest, found)
            return mark, None
        mark = "#" + "".join(secrets.choice(MARK_LETTERS) for _ in range(6))
        with transaction(wish.account):
            write(
                NOTE,
                wish.account,
                digest,
                mark,
                ASKED,
                wish.call,
                wish.client,
                wish.due,
                *wish.who,
                time.time(),
            )
        return mark, None

    def _settle(self, wish: Wish, digest: str, made: Made | None) -> Made:
        became = (MADE, made.id, made.transaction) if made else (UNCLEAR, 0, 0)
        with transaction(wish.account):
            write(BECAME, *became, wish.account, digest)
        if made is None:
            raise Unclear
        return made

    def _look_once(self, wish: Wish, mark: str) -> Made | None:
        try:
            return self._look(wish, mark)
        except Trouble:
            return None

    def _look(self, wish: Wish, mark: str) -> Made | None:
        """Among what we had Poster make; in which zone it keeps those times nobody knows, so a day more each way."""
        now, form = time.time(), "%Y-%m-%d %H:%M:%S"
        first, last = (datetime.fromtimestamp(at) for at in (now - DAY, max(now, wish.when) + DAY))
        span = {"date_from": first.strftime(form), "date_to": last.strftime(form)}
        answer = self._poster.get(wish.account, wish.own, time.monotonic() + LOOK, urgent=True, **span)
        ours = (row for row in dicts(answer) if mark in str(row.get("comment") or ""))
        return next((made for row in ours if (made := Made.of(row))), None)

    @contextmanager
    def _alone(self, digest: str) -> Iterator[None]:
        """Who wishes the same waits for the first and gets what that one got."""
        with self._lock:
            lock, waiting = self._busy.get(digest, (threading.Lock(), 0))
            self._busy[digest] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, waiting = self._busy.pop(digest)
                if waiting > 1:
                    self._busy[digest] = (lock, waiting - 1)


def zone(account: Account) -> tzinfo | None:
    """The account's own; None where we don't know it."""
    try:
        return ZoneInfo(account.timezone) if account.timezone else None
    except (KeyError, ValueError, OSError):
        return None


def guest(client: int, number: str, name: str) -> Json:
    """Who it is for, as Poster wants it: one of its guests, else a number."""
    who: Json = {"client_id": client} if client else {"phone": number}
    return who | ({"first_name": name[:100]} if name and not client else {})


def said(comment: str, mark: str) -> str:
    """A comment in one line, with our mark."""
    return f"{' '.join(comment.split())[:400]} {mark}".strip()


def forget_old() -> None:
    """Inside the caller's transaction. An order is accepted within a day or never."""
    write(FORGET, time.time() - 7 * DAY)
