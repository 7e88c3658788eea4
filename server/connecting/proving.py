"""Tokens that came without a browser: each is tried at Poster before it replaces one that works."""

from __future__ import annotations

import logging
import time

from server import owed
from server.connecting import books
from server.db import reading, transaction
from server.mirror import company_name
from server.models import PARKED, Account
from server.poster.client import Poster
from server.poster.rows import as_dict
from server.poster.trouble import FATAL, PosterDown, PosterError
from server.vault import Unreadable, Vault

log = logging.getLogger("dzvinok.connecting")

PROBE = 5.0


def works(poster: Poster, token: str) -> tuple[bool, str]:
    """Whether Poster takes the token, and the account's name as it then tells it. Raises PosterDown."""
    try:
        settings = poster.read(token, "settings.getAllSettings", time.monotonic() + PROBE, urgent=True)
    except PosterError as error:
        # Anything but these says that the token was read and something else was wrong.
        return error.code not in FATAL, ""
    return True, company_name(as_dict(settings))


class Prover:
    def __init__(self, vault: Vault, poster: Poster) -> None:
        self._vault = vault
        self._poster = poster

    def prove(self, account: int) -> bool:
        """Tries the token that waits; returns whether the account uses it now."""
        with reading():
            row = Account.get_or_none(Account.id == account)
        if row is None or not row.next_token:
            return False
        sealed = row.next_token
        try:
            good, _ = works(self._poster, self._vault.open(sealed))
        except PosterDown:
            owed.later(account, owed.TOKEN)
            log.warning("account %s: the new token was not tried, Poster does not answer", account)
            return False
        except Unreadable:
            good = False
        return self._decide(account, sealed, good)

    def _decide(self, account: int, sealed: str, good: bool) -> bool:
        with transaction(account):
            owed.paid(account, owed.TOKEN)
            row = Account.get_or_none(Account.id == account)
            if row is None or row.next_token != sealed:
                return False
            if good and row.state != PARKED:
                books.settle(account, sealed)
                return True
            Account.update(next_token="").where(Account.id == account).execute()
        log.warning("account %s: the new token is of no use", account)
        return False

    def waiting(self) -> list[int]:
        with reading():
            return [row.id for row in Account.select(Account.id).where(Account.next_token != "")]
