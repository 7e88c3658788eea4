"""What every way of connecting needs: proving whose token it is, keeping it, and telling the house."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Callable

from server.background import start
from server.bus import Slips
from server.config import Settings
from server.connecting import books
from server.connecting.once import Once
from server.connecting.outcome import NOT_ALLOWED, REFUSED, UNAVAILABLE, Outcome
from server.connecting.proving import Prover, works
from server.db import reading
from server.mirror import Mirror
from server.models import Account
from server.poster.client import Poster
from server.poster.oauth import Grant, OAuth
from server.poster.trouble import PosterDown, PosterError, Trouble
from server.vault import Unreadable, Vault

log = logging.getLogger("dzvinok.connecting")

MIRROR_INLINE = 5.0
JUST_TOLD = 15 * 60.0


class Desk:
    """`changed(account id)` is called when an account's state changed and was stored."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        oauth: OAuth,
        poster: Poster,
        mirror: Mirror,
        changed: Callable[[int], None],
        slips: Slips | None = None,
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._oauth = oauth
        self._poster = poster
        self._mirror = mirror
        self._changed = changed
        self._slips = slips or Slips()
        self._once = Once(self._slips)
        self._prover = Prover(vault, poster)

    def _allowed(self, name: str) -> bool:
        return not self._settings.accounts or name in self._settings.accounts

    def _true_name(self, grant: Grant, claimed: str) -> str:
        """The account's name as the token tells it: what stands in an address anybody may have written.

        When Poster does not tell, the address is believed as long as nobody else here has that name.
        """
        try:
            good, name = works(self._poster, grant.token)
        except PosterDown:
            good, name = True, ""
        if not good:
            raise PosterError(0, "The token that Poster has just given is refused by Poster.")
        with reading():
            owner = books.by_name(name or claimed)
        if not name and (not claimed or (owner is not None and owner.number != grant.number)):
            raise PosterDown("the account's name could not be checked")
        return name or claimed

    def _park(self, key: str, kind: str, name: str, grant: Grant, browser: str) -> Outcome:
        """Inside a transaction."""
        if not self._allowed(name):
            return Outcome(problem=NOT_ALLOWED)
        parked = books.park(name, grant, self._vault.seal(grant.token), hash_of(browser), self._just_told)
        books.remember(key, kind, None, parked)
        return Outcome(parked=parked, browser=browser)

    def _welcome(self, account: int) -> Account:
        """Shows a fresh connect's restaurant at once where Poster is quick, else the mirror goes on behind."""
        self._changed(account)
        try:
            start(self._mirror.refresh, account).result(MIRROR_INLINE)
        except TimeoutError:
            log.info("account %s: the mirror goes on in the background", account)
        with reading():
            return books.fresh(account)

    def _prove(self, account: int) -> None:
        """Tries the token that waits; a good one is used from now on."""
        with reading():
            rang = books.fresh(account).rings
        if self._prover.prove(account):
            if not rang:
                self._slips.put("told", str(account), {}, JUST_TOLD)
            self._changed(account)
            self._mirror.refresh(account)

    def _just_told(self, account: int) -> bool:
        """Whether Poster's webhook alone connected it, a moment ago. It may overtake the browser of the same
        install, and what that browser brings still waits for its button."""
        return self._slips.see("told", str(account)) is not None

    def _holds(self, row: Account, token: str) -> bool:
        try:
            return bool(row.token) and hmac.compare_digest(
                self._vault.open(row.token).encode(), token.encode()
            )
        except Unreadable:
            return False


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def problem(trouble: Trouble) -> Outcome:
    if isinstance(trouble, PosterError):
        log.warning("Poster refused a code: %s", trouble)
        told = f"{trouble.message} ({trouble.code})" if trouble.code else trouble.message
        return Outcome(problem=REFUSED, told=told.strip())
    log.warning("a code was not exchanged: %s", trouble)
    return Outcome(problem=UNAVAILABLE)
