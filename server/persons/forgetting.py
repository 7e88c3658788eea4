"""What remains of a number that was erased: a digest that only this box can make, and a stand-in in its old calls."""

from __future__ import annotations

import hmac
import secrets
import time

from server import phones
from server.db import rows, write

LETTERS = "abcdefghjkmnpqrstuvwxyz"

KNOWN = "SELECT 1 FROM forgotten WHERE account_id = ? AND digest = ? AND at >= ?"
KEEP = """INSERT INTO forgotten (account_id, digest, at) VALUES (?, ?, ?)
    ON CONFLICT (account_id, digest) DO UPDATE SET at = excluded.at"""


def digest(secret_key: str, account: int, number: str) -> str:
    """The same number (E.164) in another account has another one, and nobody finds it out by trying all numbers."""
    key = f"dzvinok person {secret_key}".encode()
    return hmac.new(key, f"{account} {number}".encode(), "sha256").hexdigest()[:32]


def forgotten(secret_key: str, account: int, number: str, at: float) -> bool:
    """Whether the number was erased since: what a history tells of a call at that moment is not taken in again."""
    return bool(number) and bool(rows(KNOWN, account, digest(secret_key, account, number), at))


def forget(secret_key: str, account: int, number: str) -> str:
    """Inside the caller's transaction; returns the digest."""
    word = digest(secret_key, account, number)
    write(KEEP, account, word, time.time())
    return word


def stand_in() -> str:
    """Stands for one number in all its calls, so that figures still know which of them were one guest's."""
    return phones.STAND_IN + "".join(secrets.choice(LETTERS) for _ in range(14))
