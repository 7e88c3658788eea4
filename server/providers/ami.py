"""The Asterisk Manager Interface on the wire: bytes in, messages out, and the way in. Pure.

A message is its headers by their names in small letters. Of a header that repeats the first counts: what a caller
can write into a call always comes after what Asterisk itself says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

Message = dict[str, str]

LONGEST = 256 * 1024  # bytes without a blank line: nothing that Asterisk says is so long
LONGEST_GREETING = 512
GREETING = "Asterisk Call Manager"
MASK = "call,agent"
_HEADERS: dict[str, str] = {}  # as they came -> in small letters; there are some two hundred
_MOST_HEADERS = 2000
_BREAKS = re.compile(r"[\r\n\0]+")


class Odd(Exception):
    """The other side is no Asterisk; the text is how it began."""


class Frames:
    """Cuts a stream into messages. Letters are decoded only when a message is whole: segments end anywhere."""

    def __init__(self, events: frozenset[str]) -> None:
        self._events = frozenset(name.encode() for name in events)
        self._rest = b""
        self.greeting = ""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Answers, and those events that somebody wants to hear. Raises `Odd`."""
        self._rest += data
        if not self.greeting and not self._greeted():
            return
        blocks = self._rest.split(b"\r\n\r\n")
        self._rest = blocks.pop()
        if len(self._rest) > LONGEST:
            raise Odd("too long")
        for block in blocks:
            if self._wanted(block):
                yield read(block)

    def _greeted(self) -> bool:
        line, end, rest = self._rest.partition(b"\n")
        text = line[:80].decode("ascii", "replace").strip()
        if text and not (text.startswith(GREETING) or (not end and GREETING.startswith(text[:21]))):
            raise Odd("".join(char for char in text if char.isprintable()))
        if not end and len(line) > LONGEST_GREETING:
            raise Odd("too long")
        if not end:
            return False
        self.greeting, self._rest = text or GREETING, rest
        return True

    def _wanted(self, block: bytes) -> bool:
        """Two thirds of what a talkative PBX sends is dropped here, before it costs anything."""
        first = block.lstrip(b"\r\n").partition(b"\r\n")[0]
        return bool(first) and (not first.startswith(b"Event: ") or first[7:].strip() in self._events)


def read(block: bytes) -> Message:
    said: Message = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            said.setdefault(_HEADERS.get(name) or _small(name), value.strip())
    return said


def _small(name: str) -> str:
    small = name.strip().casefold()
    if len(_HEADERS) < _MOST_HEADERS:
        _HEADERS[name] = small
    return small


def action(name: str, mark: str, *fields: tuple[str, str]) -> bytes:
    """One command. A value cannot begin a line of its own, whoever wrote it."""
    lines = [("Action", name), ("ActionID", mark), *fields]
    return ("".join(f"{key}: {_BREAKS.sub(' ', value)}\r\n" for key, value in lines) + "\r\n").encode()


class Entrance:
    """The way in: the secret itself is not sent, unless the PBX has no challenge to offer."""

    def __init__(self, user: str, secret: str) -> None:
        self._user = user
        self._secret = secret
        self.inside = False
        self.refused = ""  # in the PBX's own words

    def knock(self) -> bytes:
        return action("Challenge", "challenge", ("AuthType", "MD5"))

    def answer(self, said: Message) -> bytes:
        """What to say to this answer; nothing when it is not about getting in."""
        word, good = said.get("actionid", ""), said.get("response", "") == "Success"
        if word == "challenge":
            return self._login(said.get("challenge", "") if good else "")
        if word == "login":
            self.inside = good
            self.refused = "" if good else said.get("message") or "refused"
        return b""

    def _login(self, challenge: str) -> bytes:
        fields = [("Username", self._user), ("Events", MASK)]
        if not challenge:
            return action("Login", "login", *fields, ("Secret", self._secret))
        key = hashlib.md5((challenge + self._secret).encode(), usedforsecurity=False).hexdigest()
        return action("Login", "login", *fields, ("AuthType", "MD5"), ("Key", key))
