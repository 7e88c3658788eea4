"""Connecting through Poster's back office, which opens our page with a code."""

from __future__ import annotations

import hmac

from server.background import detach
from server.connecting import books
from server.connecting.desk import Desk, problem
from server.connecting.outcome import DECLINED, Outcome
from server.db import reading, transaction
from server.models import Account
from server.poster.oauth import Grant
from server.poster.trouble import Trouble

LIVES = 10 * 60.0
KIND = "manage"

Entered = Outcome


class Entering(Desk):
    def enter_manage(self, code: str) -> Entered:
        """Whose page it is. An account that is not connected is parked; then `browser` is what the page's
        button must bring, the same each time that the frame is loaded again with this code."""
        code = code.strip()
        if not code:
            return Outcome(problem=DECLINED)
        key = self._settings.secret_key.encode()
        browser = hmac.new(key, f"manage button {code}".encode(), "sha256").hexdigest()
        entered = self._once.run(KIND, code, LIVES, lambda key: self._enter(key, code, browser))
        if entered.parked is None:
            return entered
        with reading():
            row = books.by_number(entered.parked.number)
        # Connected since this page was first opened, by its button or otherwise.
        return Outcome(account=row) if books.rings(row) else Outcome(parked=entered.parked, browser=browser)

    def _enter(self, key: str, code: str, browser: str) -> Outcome:
        try:
            grant = self._oauth.manage(code)
            with reading():
                row = books.by_number(grant.number)
            if row is not None and row.rings:
                return self._known(key, row, grant)
            name = self._true_name(grant, row.name if row else "")
        except Trouble as trouble:
            return problem(trouble)
        with transaction():
            return self._park(key, KIND, name, grant, browser)

    def _known(self, key: str, row: Account, grant: Grant) -> Outcome:
        """The token is newer than ours, so it replaces ours once Poster has shown that it takes it."""
        newer = not self._holds(row, grant.token)
        with transaction():
            if newer:
                books.offer(row, self._vault.seal(grant.token))
            books.remember(key, KIND, row, None)
        if newer:
            detach(self._prove, row.id)
        return Outcome(account=row)
