"""Addresses of files: a link can carry no token, so a page is given an address that works once and soon."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from server import acting
from server.acting import Actor
from server.bus import Slips

LIFE = 60.0


@dataclass(frozen=True)
class Offer:
    """Whose file it is and who may fetch it; `facts` say which, see `server.web.downloads`."""

    account: int
    actor: Actor
    kind: str
    facts: Mapping[str, Any]


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
    def __init__(self, public_url: str, slips: Slips | None = None) -> None:
        self._base = urlsplit(public_url).path.rstrip("/")
        self._slips = slips or Slips()

    def offer(self, account: int, kind: str, facts: Mapping[str, Any]) -> str:
        """The address at which who acts now finds the file, once, within a minute. `facts` are plain JSON."""
        word = secrets.token_urlsafe(24)
        self.give_back(word, Offer(account, acting.now(), kind, dict(facts)))
        return f"{self._base}/manage/download/{word}"

    def take(self, word: str) -> Offer | None:
        """The offer, once; None when it is unknown, used or too old."""
        found = self._slips.take("download", word)
        return Offer(**{**found, "actor": Actor(**found["actor"])}) if found else None

    def give_back(self, word: str, offer: Offer) -> None:
        """Good for another minute: the file could not be begun just now."""
        self._slips.put("download", word, {**vars(offer), "actor": vars(offer.actor)}, LIFE)
