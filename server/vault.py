"""Tokens and companies' secrets, unreadable in the database file. The key comes from `SECRET_KEY`."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Unreadable(Exception):
    """Sealed with another `SECRET_KEY`."""


class Vault:
    def __init__(self, secret_key: str, old: str = "") -> None:
        """`old`: a key that is still read, but seals nothing any more."""
        self._fernet = MultiFernet([_fernet(key) for key in (secret_key, old) if key])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable("sealed with another SECRET_KEY") from None

    def seal_dict(self, values: dict[str, str]) -> str:
        return self.seal(json.dumps(values))

    def open_dict(self, sealed: str) -> dict[str, str]:
        return dict(json.loads(self.open(sealed))) if sealed else {}


def _fernet(secret_key: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"dzvinok vault 1").derive(secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))
