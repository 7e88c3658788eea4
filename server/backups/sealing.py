"""Encrypted backups in OpenSSL's own file format, so that whoever has the key can open them without Dzvinok.

    openssl enc -d -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -pass env:BACKUP_KEY -in FILE.db.enc -out FILE.db

`Salted__`, 8 bytes of salt, AES-256-CBC with PKCS 7; key and first block from the passphrase by PBKDF2-HMAC-SHA256.
That a file was not changed is proved by the manifest's seal, not by the cipher.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from server.backups import Refused

MAGIC, SALT, ROUNDS = b"Salted__", 8, 600_000
CHUNK = 1024 * 1024


def _cipher(key: str, salt: bytes) -> Cipher[CBC]:
    made = hashlib.pbkdf2_hmac("sha256", key.encode(), salt, ROUNDS, 48)
    return Cipher(AES(made[:32]), CBC(made[32:]))


def lock(plain: Path, target: Path, key: str) -> None:
    salt = os.urandom(SALT)
    cipher, padding = _cipher(key, salt).encryptor(), PKCS7(128).padder()
    with plain.open("rb") as source, target.open("wb") as made:
        target.chmod(0o600)
        made.write(MAGIC + salt)
        while chunk := source.read(CHUNK):
            made.write(cipher.update(padding.update(chunk)))
        made.write(cipher.update(padding.finalize()) + cipher.finalize())


def unlock(sealed: Path, target: Path, key: str) -> None:
    with sealed.open("rb") as source, target.open("wb") as made:
        target.chmod(0o600)
        if source.read(len(MAGIC)) != MAGIC:
            raise Refused(f"{sealed.name} is not an encrypted backup.")
        cipher, padding = _cipher(key, source.read(SALT)).decryptor(), PKCS7(128).unpadder()
        try:
            while chunk := source.read(CHUNK):
                made.write(padding.update(cipher.update(chunk)))
            made.write(padding.update(cipher.finalize()) + padding.finalize())
        except ValueError:
            raise Refused(f"BACKUP_KEY does not open {sealed.name}: set the key it was made with.") from None


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(text: str, key: str) -> str:
    """Proves that `text` was written by whoever has the key."""
    own = hashlib.pbkdf2_hmac("sha256", key.encode(), b"dzvinok manifest 1", ROUNDS)
    return hmac.new(own, text.encode(), "sha256").hexdigest()
