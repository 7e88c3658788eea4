"""The tokens of accounts: opening them for a request, and noticing when Poster does not take one any more."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable

from server.db import reading, transaction
from server.models import BROKEN, CONNECTED, Account
from server.poster.trouble import ARCHIVED, EXPIRED, NotConnected
from server.vault import Unreadable, Vault

log = logging.getLogger("dzvinok.accounts")

# Words of `Account.problem`. Manage has them in four languages, the terminal in English.
TOKEN, AGED, ARCHIVE, SEALED = "token", "expired", "archived", "sealed"
PROBLEMS = {EXPIRED: AGED, ARCHIVED: ARCHIVE}
SENTENCES = {
    TOKEN: "Poster does not accept the token any more: connect again at /connect.",
    AGED: "The token is over two years old: connect again at /connect.",
    ARCHIVE: "Poster has archived this account.",
    SEALED: "The token was sealed with another SECRET_KEY: connect again at /connect.",
}


class Accounts:
    """`changed(account id)` is called when an account breaks or heals."""

    def __init__(self, vault: Vault, changed: Callable[[int], None]) -> None:
        self._vault = vault
        self._changed = changed
        self._broken: set[int] = set()

    def token(self, account: int) -> str:
        """The token in clear. A broken account's is given too: the next answer may show that it works."""
        with reading():
            row = Account.at(account)
        if row is None or not row.rings or not row.token:
            raise NotConnected("this account is not connected")
        if row.state == BROKEN:
            self._broken.add(account)
        try:
            return self._vault.open(row.token)
        except Unreadable:
            self._break(account, row.token, SEALED)
            raise NotConnected("the token was sealed with another SECRET_KEY") from None

    def refused(self, account: int, token: str, code: int) -> None:
        """Poster refused this token; an older one than we hold now says nothing."""
        with reading():
            row = Account.at(account)
        if row is not None and row.token and self._is(row.token, token):
            self._break(account, row.token, PROBLEMS.get(code, TOKEN))

    def worked(self, account: int) -> None:
        if account not in self._broken:
            return
        self._broken.discard(account)
        with transaction(account):
            healed = Account.update(state=CONNECTED, problem="").where(
                (Account.id == account) & (Account.state == BROKEN)
            )
            told = healed.execute()
        if told:
            self._changed(account)

    def _is(self, sealed: str, token: str) -> bool:
        try:
            return hmac.compare_digest(self._vault.open(sealed).encode(), token.encode())
        except Unreadable:
            return False

    def _break(self, account: int, sealed: str, problem: str) -> None:
        self._broken.add(account)
        same = (Account.id == account) & (Account.token == sealed) & Account.state.in_((CONNECTED, BROKEN))
        with transaction(account):
            told = (
                Account.update(state=BROKEN, problem=problem)
                .where(same & ((Account.state != BROKEN) | (Account.problem != problem)))
                .execute()
            )
        if told:
            log.warning("account %s is broken: %s", account, problem)
            self._changed(account)
