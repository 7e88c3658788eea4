"""Everything that the stand-in knows: accounts, codes and tokens."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox.account import Account, Change

CODE_LIFE = 600.0
"""Seconds. Poster doesn't say; ten minutes is what apps assume."""

KEPT = 500
"""Codes and tokens kept; older ones are forgotten."""


@dataclass(frozen=True)
class Code:
    value: str
    account: str
    kind: str
    """`oauth` or `manage`: each is good at its own door only."""
    redirect_uri: str
    made: float
    token: str = ""
    """What it was exchanged for; empty while unused."""


@dataclass(frozen=True)
class Token:
    value: str
    account: str
    made: float
    revoked: bool = False


class Unknown(LookupError):
    """There is no such account, register, client…; the text is for the person."""


class World:
    def __init__(self, accounts: list[Account], clock: Callable[[], float] = time.time) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.accounts = {account.name: account for account in accounts}
        self.codes: dict[str, Code] = {}
        self.tokens: dict[str, Token] = {}
        self.listeners: list[Callable[[Change], None]] = []
        self.on_dirty: Callable[[], None] = lambda: None
        for account in accounts:
            account.tell = self._told
            # Grows across restarts, so that an open register page misses nothing.
            account.rev = int(clock())

    def account(self, name: str | None) -> Account:
        """By name; nothing means the first one."""
        if not name:
            return next(iter(self.accounts.values()))
        if name not in self.accounts:
            raise Unknown(f"There is no account {name[:40]!r}.")
        return self.accounts[name]

    def replace_account(self, account: Account) -> None:
        account.tell = self._told
        account.rev = self.accounts[account.name].rev + 1
        self.accounts[account.name] = account
        self.dirty()

    def dirty(self) -> None:
        self.on_dirty()

    def _told(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)
        self.dirty()

    def mint_code(self, account: str, kind: str, redirect_uri: str = "") -> str:
        with self.lock:
            code = Code(secrets.token_hex(16), account, kind, redirect_uri, self.clock())
            self.codes[code.value] = code
            _forget(self.codes)
            self.dirty()
            return code.value

    def live_code(self, value: str, kind: str) -> Code | None:
        """The code if it can still be exchanged; a used one only when the account's switch says so."""
        code = self.codes.get(value)
        if code is None or code.kind != kind or self.clock() - code.made > CODE_LIFE:
            return None
        if code.token and self.account(code.account).fault("code_reuse") == "refuse":
            return None
        return code

    def spend_code(self, code: Code) -> str:
        """Exchanges it; a code that may be used again gives the same token."""
        with self.lock:
            if code.token:
                return code.token
            token = self.mint_token(code.account)
            self.codes[code.value] = replace(code, token=token)
            self.account(code.account).connected = True
            self.dirty()
            return token

    def mint_token(self, account: str) -> str:
        value = f"{self.account(account).number}:{secrets.token_hex(16)}"
        self.tokens[value] = Token(value, account, self.clock())
        _forget(self.tokens)
        return value

    def current_token(self, account: str) -> str | None:
        """The newest token of the account that still works."""
        live = [token for token in self.tokens.values() if token.account == account and not token.revoked]
        return live[-1].value if live else None

    def revoke_tokens(self, account: str) -> None:
        for token in [token for token in self.tokens.values() if token.account == account]:
            self.tokens[token.value] = replace(token, revoked=True)

    def token_account(self, value: str) -> Account | None:
        token = self.tokens.get(value)
        return None if token is None or token.revoked else self.account(token.account)


def _forget(rows: dict[str, Any]) -> None:
    while len(rows) > KEPT:
        del rows[next(iter(rows))]
