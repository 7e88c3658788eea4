"""Who opens Manage: whoever Poster lets in is the owner, until the owner gives codes to people.

Poster does not say who looks at its back office, so what somebody may do hangs on a code of their own.
"""

from __future__ import annotations

from server import preferences
from server.acting import NOBODY, OWNER, Actor
from server.db import rows

ANY_OWNER = "SELECT 1 FROM member WHERE account_id = ? AND role = 'owner' AND gone_at IS NULL LIMIT 1"
ONE = "SELECT role, name FROM member WHERE account_id = ? AND id = ? AND gone_at IS NULL"


def locked(account: int) -> bool:
    """Whether codes are asked for: only once an owner has one, so that nobody locks everybody out."""
    return bool(rows(ANY_OWNER, account))


def actor(account: int, member: int) -> Actor:
    """Who holds a page of the account; `member` 0 has typed no code. Somebody who was removed is nobody at once."""
    if not locked(account):
        return Actor(OWNER)
    found = rows(ONE, account, member) if member else []
    if found:
        return Actor(found[0][0], found[0][1], member)
    chosen = preferences.of(account).open_role
    return Actor(chosen if chosen != "nobody" else NOBODY)
