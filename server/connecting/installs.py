"""Connecting through a browser: begun here, or at Poster and then parked until its button is pressed."""

from __future__ import annotations

import hmac
import secrets
import time

from server.config import ACCOUNT_NAME
from server.connecting import books
from server.connecting.desk import Desk, hash_of, problem
from server.connecting.outcome import BROWSER, DECLINED, GONE, NAME, NOT_ALLOWED, STATE, Outcome
from server.db import reading, transaction
from server.models import Account, Parked, Pending
from server.poster.oauth import Grant
from server.poster.trouble import Trouble

PENDING_LIVES = 15 * 60.0
PARKED_LIVES = 24 * 3600.0
FOREVER = 10 * 365 * 86400.0
KIND = "callback"


class Installs(Desk):
    def begin(self) -> tuple[str, str]:
        """Where to send the browser, and the secret that it keeps in a cookie meanwhile."""
        browser = secrets.token_urlsafe(24)
        with transaction():
            Pending.delete().where(Pending.expires < time.time()).execute()
            Pending.create(id=hash_of(browser), expires=time.time() + PENDING_LIVES)
        return self._oauth.authorize_url(browser), browser

    def finish(self, code: str, account: str, state: str, browser: str) -> Outcome:
        """The browser is back from Poster. `browser` is its cookie, "" without one."""
        code, name = code.strip(), account.strip().casefold()
        if not code:
            return Outcome(problem=DECLINED)
        if not ACCOUNT_NAME.fullmatch(name):
            return Outcome(problem=NAME)
        if not self._allowed(name):
            return Outcome(problem=NOT_ALLOWED)

        def work(key: str) -> Outcome:
            # Poster does not document `state`: absent is normal, but one that came must be this browser's.
            if state and not (_same(state, browser) and _pending(browser)):
                return Outcome(problem=STATE)
            return self._exchange(key, code, name, browser)

        return self._once.run(KIND, code, FOREVER, work)

    def _exchange(self, key: str, code: str, claimed: str, browser: str) -> Outcome:
        try:
            grant = self._oauth.exchange(claimed, code)
            name = self._true_name(grant, claimed)
        except Trouble as trouble:
            return problem(trouble)
        if not self._allowed(name):
            return Outcome(problem=NOT_ALLOWED)
        with transaction():
            begun_here = _use_pending(browser)
            if begun_here:
                row = books.attach(name, grant, self._vault.seal(grant.token))
                books.remember(key, KIND, row, None)
            else:
                outcome = self._park(key, KIND, name, grant, secrets.token_urlsafe(24))
                waiting = books.by_number(grant.number)
        if begun_here:
            return Outcome(account=self._welcome(row.id))
        if waiting is not None and not waiting.rings:
            self._changed(waiting.id)
        return outcome

    def parked(self, parked_id: int) -> Parked | None:
        with reading():
            row: Parked | None = Parked.get_or_none(Parked.id == parked_id)
        return row

    def standing(self, parked: Parked | None, browser: str) -> Outcome:
        """Where a parked install stands for this browser: its button works, it was pressed, or why it does not."""
        if parked is None or not browser or not _same(parked.browser, hash_of(browser)):
            return Outcome(problem=BROWSER)
        if parked.used_at is None and parked.created_at > time.time() - PARKED_LIVES:
            return Outcome(parked=parked)
        with reading():
            row = books.by_number(parked.number)
        return (
            Outcome(account=row)
            if row is not None and row.rings and parked.used_at
            else Outcome(problem=GONE)
        )

    def confirm(self, parked_id: int, browser: str) -> Account | None:
        """The button of a parked install: works once, in the browser that brought the code; else None."""
        with transaction():
            parked = self.standing(Parked.get_or_none(Parked.id == parked_id), browser).parked
            if parked is None:
                return None
            grant = Grant("", parked.number, parked.owner, parked.title, parked.country)
            row = books.attach(parked.name, grant, parked.token)
        return self._welcome(row.id)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _pending(browser: str) -> bool:
    with reading():
        row = Pending.get_or_none(Pending.id == hash_of(browser))
    return row is not None and row.expires > time.time()


def _use_pending(browser: str) -> bool:
    """Whether this browser began a connect here; it did so for one return."""
    mine = Pending.delete().where(Pending.id == hash_of(browser), Pending.expires > time.time())
    return bool(browser) and bool(mine.execute())
