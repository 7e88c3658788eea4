"""What a Manage page has instead of a cookie: a signed token in the page that opens one account."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, replace

from itsdangerous import BadData, URLSafeTimedSerializer

LIFE = 3600


@dataclass(frozen=True)
class Pass:
    """Opens one account, or the one install that waits for the button on this very page.

    `member` is who typed their code on it, see `server.members`; 0 is nobody.
    `login` is born with the first token of a member and stays through all its renewals, see `server.logins`.
    `browser` is the secret that `Connecting` gave out with a parked install: only this page can confirm it.
    """

    account: int = 0
    member: int = 0
    parked: int = 0
    browser: str = ""
    login: str = ""


class PageTokens:
    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="dzvinok manage page 1")

    def issue(self, opens: Pass) -> str:
        if opens.member and not opens.login:
            opens = replace(opens, login=secrets.token_urlsafe(12))
        token = self._serializer.dumps(asdict(opens))
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str) -> Pass | None:
        """None for a forged, broken or expired one: all three are told the same."""
        try:
            opens = Pass(**self._serializer.loads(token, max_age=LIFE))
        except (BadData, TypeError):
            return None
        return opens if opens.login or not opens.member else None
