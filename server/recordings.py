"""A call's sound, fetched when somebody wants to hear it, through us and only from the company's own hosts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from server import journal
from server.asking import Asking
from server.db import reading
from server.models import Account
from server.providers import PROVIDERS
from server.providers.abilities import Ask, Failed, Records
from server.trunks import Trunks
from server.unfit import Unfit

MOST_HOPS = 3
LARGEST = 256 * 1024 * 1024
CHUNK = 64 * 1024
KINDS = ("audio/", "application/octet-stream", "binary/octet-stream", "application/ogg", "video/mp4")


@dataclass(frozen=True)
class Sound:
    content_type: str
    length: int | None
    chunks: Iterator[bytes]


class Recordings:
    def __init__(self, trunks: Trunks, asking: Asking) -> None:
        self._trunks = trunks
        self._asking = asking

    @contextmanager
    def open(self, account: Account, call_id: str) -> Iterator[Sound]:
        """Raises `Unfit` (no such call, no recording) or `Failed`. Nothing is kept here."""
        with reading():
            call = journal.get(account.id, call_id)
        if call is None or call.trunk is None:
            raise Unfit("call_unknown")
        trunk = self._trunks.one(account, call.trunk)
        adapter = PROVIDERS.get(trunk.provider)
        if not isinstance(adapter, Records):
            raise Unfit("recording_none")
        settings = self._trunks.settings_of(trunk)
        ask = self._asking.ask(adapter.recording(settings, call.key, call.recording))
        with self._follow(ask, adapter.recording_hosts) as sound:
            yield sound

    @contextmanager
    def _follow(self, ask: Ask, hosts: frozenset[str], hops: int = 0) -> Iterator[Sound]:
        """Redirects are followed by hand: each of them must stay at the company."""
        if not allowed(ask.url, hosts):
            raise Failed("odd", "the recording is not at one of the company's own addresses")
        with self._asking.open(ask) as response:
            if response.is_redirect and hops < MOST_HOPS:
                there = urljoin(ask.url, response.headers["location"])
                same = urlsplit(there).netloc == urlsplit(ask.url).netloc
                with self._follow(Ask("GET", there, ask.headers if same else {}), hosts, hops + 1) as sound:
                    yield sound
                return
            kind = (
                response.headers.get("content-type", "application/octet-stream").split(";")[0].strip().lower()
            )
            if response.status_code != 200 or not kind.startswith(KINDS):
                raise Failed("refused", f"HTTP {response.status_code}")
            length = response.headers.get("content-length", "")
            known = int(length) if length.isascii() and length.isdigit() else None
            safe = kind if kind.startswith("audio/") else "application/octet-stream"
            yield Sound(safe, known, _bounded(response.iter_content(CHUNK)))


def allowed(url: str, hosts: frozenset[str]) -> bool:
    """https, no password in the address, the usual port or one that is named, and a host of the company's."""
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold()
    named = any(host == one or (one.startswith(".") and host.endswith(one)) for one in hosts)
    return parts.scheme == "https" and named and parts.username is None


def _bounded(chunks: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > LARGEST:
            return
        yield chunk
