"""What stands beside a backup as `<file>.json`: who made it, of what, and how to know it again."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from server.backups import Refused, sealing
from server.backups.copying import Counts


@dataclass(frozen=True)
class Manifest:
    """`sha256` and `bytes` are the file's as it lies there (encrypted, if it is); `at` is in Unix seconds."""

    version: str
    schema: list[str]
    at: float
    bytes: int
    sha256: str
    counts: Counts
    encrypted: bool

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def beside(backup: Path) -> Path:
    return backup.with_name(backup.name + ".json")


def write(manifest: Manifest, path: Path, key: str) -> None:
    """`path`: where it is to stand now; it may still have to be moved beside its backup."""
    sealed = {"seal": sealing.seal(manifest.text(), key)} if manifest.encrypted else {}
    path.write_text(json.dumps(asdict(manifest) | sealed, indent=1, sort_keys=True) + "\n", "utf-8")


def read(backup: Path, key: str) -> Manifest | None:
    """Checked against its file. None where there is none: an older copy, or one made by other means."""
    path = beside(backup)
    if not path.exists():
        return None
    try:
        found = dict(json.loads(path.read_text("utf-8")))
        sealed = str(found.pop("seal", ""))
        manifest = Manifest(**found)
    except (ValueError, TypeError):
        raise Refused(
            f"{path.name} is not a manifest of a backup: take it away, or take another backup."
        ) from None
    if manifest.encrypted and key and not hmac.compare_digest(sealed, sealing.seal(manifest.text(), key)):
        raise Refused(f"{path.name} was not written with this BACKUP_KEY: set the key it was made with.")
    if backup.stat().st_size != manifest.bytes or sealing.sum_of(backup) != manifest.sha256:
        raise Refused(f"{backup.name} is not the file that {path.name} describes: take another backup.")
    return manifest
