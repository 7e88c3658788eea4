"""What the companies sent, as it came: bounded, without secrets and numbers, to learn from when a guess was wrong.

Kept beside the call's path: written now and then by the clock, lost by a crash, and nobody misses it.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from server import trail
from server.db import NOBODYS, rows, transaction, unhurried, write
from server.models import Raw

KEPT = 50  # of each trunk, and the first of each event's name besides
LONGEST = 4000
WAITING = 2000
AT_ONCE, GIVES_WAY = 10, 0.001  # entries between two pauses of so many seconds

# A number may follow a letter or what a percent sign has spelled: `tel380…`, `%3A067…`, `%22%2B380…`.
_NUMBER = re.compile(
    r"(?:(?<![0-9A-Za-z.])|(?<=%[0-9A-Fa-f]{2}))(\+|%2B)?[0-9]{7,15}(?![0-9])"
    r"|(?<=[A-Za-z])()[0-9]{9,15}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<![0-9A-Za-z])\+?\(?[0-9]{1,4}[ ().-]{1,2}[0-9][0-9 ().-]{5,16}[0-9](?![0-9:])")
_DATE = re.compile(r"(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-3][0-9]\.[01][0-9]\.(19|20)[0-9]{2}|[0-9.]+$")
_NAMED_SECRET = re.compile(
    r"""(["']?[\w.-]*(?:token|secret|sign|signature|password|passwd|api_?key|authorization)["']?\s*[=:]\s*)"""
    r"""("[^"]*"|'[^']*'|[^"'&\s,}]+)""",
    re.IGNORECASE,
)
ADD = "INSERT INTO raw (account_id, trunk_id, at, way, word, verdict, text, calls) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
TRIM = """DELETE FROM raw WHERE trunk_id = ?
    AND id NOT IN (SELECT id FROM raw WHERE trunk_id = ? ORDER BY id DESC LIMIT ?)
    AND id NOT IN (SELECT min(id) FROM raw WHERE trunk_id = ? GROUP BY word LIMIT 100)"""
FULL = "SELECT trunk_id FROM raw GROUP BY trunk_id HAVING count(*) > ?"
EXISTS = "SELECT 1 FROM trunk WHERE id = ?"


@dataclass(frozen=True)
class Entry:
    account: int
    trunk: int
    at: float
    way: str
    word: str
    verdict: str
    text: str
    hide: tuple[str, ...]
    calls: tuple[str, ...]


class Diary:
    def __init__(self) -> None:
        self._waiting: deque[Entry] = deque(maxlen=WAITING)
        self._told: set[tuple[int, str]] = set()
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def note(
        self,
        account: int,
        trunk: int,
        way: str,
        text: str,
        verdict: str,
        word: str = "",
        hide: Iterable[str] = (),
    ) -> None:
        """`hide` are the trunk's own secrets; they and numbers are taken out before anything is kept.

        That is done by the clock: between a ring and its answer nobody waits for it.
        """
        entry = Entry(
            account, trunk, time.time(), way[:200], word[:80], verdict[:200], text[:LONGEST], tuple(hide),
            trail.calls(),
        )  # fmt: skip
        self._waiting.append(entry)

    def is_news(self, trunk: int, word: str) -> bool:
        """Whether this word of this trunk was not told yet since we started."""
        with self._lock:
            fresh = (trunk, word) not in self._told and len(self._told) < 1000
            self._told.add((trunk, word)) if fresh else None
            return fresh

    def write_down(self) -> None:
        """A few at a time, and whoever rings goes between: after a busy minute there are thousands."""
        with self._writing:
            while some := [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]:
                texts = [
                    [redacted(text, one.hide) for text in (one.way, one.word, one.verdict, one.text)]
                    for one in some
                ]
                with unhurried(NOBODYS):
                    there = {one.trunk for one in some if rows(EXISTS, one.trunk)}
                    for one, told in zip(some, texts, strict=True):
                        if one.trunk in there:
                            write(ADD, one.account, one.trunk, one.at, *told, " ".join(one.calls)[:LONGEST])
                time.sleep(GIVES_WAY)

    def trim(self) -> None:
        """The newest of each trunk stay, and the first of each word."""
        with transaction(NOBODYS):
            for (trunk,) in rows(FULL, KEPT):
                write(TRIM, trunk, trunk, KEPT, trunk)

    def of_call(self, account: int, call: str) -> list[Raw]:
        """What was said of one call, as far as it is still kept. The oldest first."""
        self.write_down()
        found = Raw.select().where(Raw.account == account, Raw.calls.contains(call)).order_by(Raw.id)
        return [one for one in found if call in one.calls.split()]

    def of(self, trunk: int) -> list[Raw]:
        """The oldest first, with what is not written down yet."""
        self.write_down()
        return list(Raw.select().where(Raw.trunk_id == trunk).order_by(Raw.id))


def redacted(text: str, hide: Iterable[str] = ()) -> str:
    """Without these secrets, without what is named like one, and numbers down to their ends."""
    for secret in sorted({one for one in hide if len(one) >= 4}, key=len, reverse=True):
        text = text.replace(secret, "•••")
    text = _NAMED_SECRET.sub(_hidden, text)
    return _NUMBER.sub(_masked, _SPACED.sub(_masked_spaced, text))


def _hidden(match: re.Match[str]) -> str:
    quote = match[2][0] if match[2][0] in "\"'" else ""
    return f"{match[1]}{quote}•••{quote}"


def _masked_spaced(match: re.Match[str]) -> str:
    """`+38 (067) 111-22-33` loses all but its first three and last two digits; dates and decimals stay."""
    found = match[0]
    places = [place for place, char in enumerate(found) if char.isdigit()]
    if len(places) < 9 or _DATE.match(found):
        return found
    hidden = set(places[3:-2])
    return "".join("*" if place in hidden else char for place, char in enumerate(found))


def _masked(match: re.Match[str]) -> str:
    """The first three digits and the last two: enough to see in which form numbers come.

    Moments (Unix seconds or milliseconds of these years) look like numbers and are no secret.
    """
    found = match[0]
    if re.fullmatch(r"1[6-9][0-9]{8}([0-9]{3})?", found):
        return found
    lead = match[1] or ""
    plain = found[len(lead) :]
    return lead + plain[:3] + "*" * (len(plain) - 5) + plain[-2:]
