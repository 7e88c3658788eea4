"""Connecting and disconnecting by Poster's own word: the webhook `application`."""

from __future__ import annotations

from server import owed
from server.background import detach
from server.config import ACCOUNT_NAME
from server.connecting import books
from server.connecting.desk import Desk
from server.connecting.proving import works
from server.db import reading, transaction
from server.models import CONNECTED, DISCONNECTED, PARKED, Account
from server.poster.oauth import TOKEN
from server.poster.trouble import PosterDown
from server.vault import Unreadable

SLACK = 60.0  # Poster's clock and ours


class Told(Desk):
    """Both answer with words for the log."""

    def added(self, name: str, token: str) -> str:
        """The app was installed and got this token. An install that waits for its button goes on waiting."""
        match = TOKEN.fullmatch(token)
        if not match or not ACCOUNT_NAME.fullmatch(name):
            return "no token"
        if not self._allowed(name):
            return "not allowed"
        sealed = self._vault.seal(token)
        with transaction():
            row = books.enrol(name, match[1], DISCONNECTED)
            if row.state == PARKED:
                books.refresh_parked(row.number, sealed)
                return "waits for the button"
            if row.state == CONNECTED and self._holds(row, token):
                return "known"
            books.offer(row, sealed)
        detach(self._prove, row.id)
        return "to be proved"

    def removed(self, name: str, at: float) -> str:
        """The app was removed. Poster repeats itself for two days: what it said before the last connect
        counts only if the token has indeed stopped working."""
        with reading():
            row = books.by_name(name)
        if row is None:
            return "unknown account"
        if row.rings and at < (row.connected_at or 0.0) - SLACK:
            detach(self._disconnect_if_dead, row)
            return "to be checked"
        self.disconnect(row)
        return "disconnected"

    def disconnect(self, account: Account) -> None:
        """Tokens and guests are forgotten; lines, trunks and the journal stay for the day it comes back."""
        with transaction(account.id):
            books.wipe(account)
        self._changed(account.id)

    def prove_waiting(self) -> None:
        """Tries the tokens that could not be tried when they came."""
        with reading():
            resting = owed.resting(owed.TOKEN)
        for account in self._prover.waiting():
            if (account, 0) not in resting:
                self._prove(account)

    def _disconnect_if_dead(self, row: Account) -> None:
        try:
            good, _ = works(self._poster, self._vault.open(row.token))
        except (PosterDown, Unreadable):
            return
        if not good:
            self.disconnect(row)
