"""Addresses of files: a link can carry no token, so a page is given an address that works once and soon."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from server import acting
from server.acting import Actor

LIFE = 60.0
MOST = 1000


@dataclass(frozen=True)
class Offer:
    """Whose file it is and who may fetch it; `facts` say which, see `server.web.downloads`."""

    account: int
    actor: Actor
    kind: str
    facts: Mapping[str, Any]
    expires: float


@dataclass(frozen=True)
class File:
    """What a browser is given to keep. `close` ends whoever makes it, also when nobody waits for it any more; `watch`
    is told how to find that out."""

    name: str
    content_type: str
    chunks: Iterator[bytes]
    close: Callable[[], None] = lambda: None
    watch: Callable[[Callable[[], bool]], None] = lambda gone: None


class Downloads:
    def __init__(self, public_url: str) -> None:
        self._base = urlsplit(public_url).path.rstrip("/")
        self._open: dict[str, Offer] = {}
        self._lock = threading.Lock()

    def offer(self, account: int, kind: str, facts: Mapping[str, Any]) -> str:
        """The address at which who acts now finds the file, once, within a minute."""
        now, word = time.monotonic(), secrets.token_urlsafe(24)
        with self._lock:
            if len(self._open) >= MOST:
                self._open = {key: one for key, one in self._open.items() if one.expires > now}
            self._open[word] = Offer(account, acting.now(), kind, dict(facts), now + LIFE)
        return f"{self._base}/manage/download/{word}"

    def take(self, word: str) -> Offer | None:
        """The offer, once; None when it is unknown, used or too old."""
        with self._lock:
            found = self._open.pop(word, None)
        return found if found and found.expires >= time.monotonic() else None

    def give_back(self, word: str, offer: Offer) -> None:
        """Good for another minute: the file could not be begun just now."""
        with self._lock:
            self._open[word] = replace(offer, expires=time.monotonic() + LIFE)
