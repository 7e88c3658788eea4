"""A guest's flags in Poster's extras of the client: a copy of ours, written beside and again until Poster took it."""

from __future__ import annotations

import json
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from server import owed
from server.db import reading, rows, transaction, write
from server.models import CONNECTED

KEY = "dzvinok_flags"
AT_ONCE = 50

STANDING = """SELECT kind, text, by_name, at FROM flag WHERE account_id = ? AND client_id = ? AND gone_at IS NULL
    ORDER BY id"""
WAITING = """SELECT account_id, client_id FROM flag_copy JOIN account ON account.id = account_id
    WHERE account.state = ? ORDER BY at"""
ASKED = "SELECT at FROM flag_copy WHERE account_id = ? AND client_id = ?"
COPIED = "DELETE FROM flag_copy WHERE account_id = ? AND client_id = ? AND at = ?"

log = logging.getLogger("dzvinok.flags")

# Writes a client's extras at Poster: (account id, client id, all our keys) -> whether taken.
WriteClient = Callable[[int, int, Mapping[str, str]], bool]
Key = tuple[int, int]


class FlagCopies:
    def __init__(self, write_client: WriteClient) -> None:
        self._write_client = write_client
        self._copying: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)

    def copy(self, account: int, client_id: int) -> bool:
        """Whether Poster has the guest's flags as they are now."""
        key = (account, client_id)
        with self._copying[key]:
            with reading():
                asked = rows(ASKED, account, client_id)
                text = value(account, client_id)
            if not asked:
                return True
            if not self._write_client(account, client_id, {KEY: text}):
                owed.later(account, owed.CLIENT, client_id)
                log.warning("account %s: guest %s: the flags were not copied to Poster", *key)
                return False
            with transaction(account):
                owed.paid(account, owed.CLIENT, client_id)
                write(COPIED, account, client_id, asked[0][0])
            return True

    def copy_waiting(self) -> int:
        """What Poster did not take yet, each after a longer rest. Returns how many it took."""
        with reading():
            waiting, resting = rows(WAITING, CONNECTED), owed.resting(owed.CLIENT)
        return sum(self.copy(*key) for key in [key for key in waiting if key not in resting][:AT_ONCE])


def value(account: int, client_id: int) -> str:
    """All flags of a guest as one text, "" when there is none: Poster may merge what it gets or replace it."""
    flags = [
        {"kind": kind, "text": text, "by": by, "on": datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")}
        for kind, text, by, at in rows(STANDING, account, client_id)
    ]
    return json.dumps(flags, ensure_ascii=False, separators=(",", ":")) if flags else ""
