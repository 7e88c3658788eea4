"""Telling a PBX where we are, again and again. Part of `server.providers.sip`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from server.providers import sip_messages as sip
from server.providers.abilities import NOTHING, Step
from server.providers.sip_messages import Message

LASTS = 300  # seconds; a PBX may want more or give less
SOONEST, LATEST = 20.0, 3600.0
FIRST_REPEAT, LAST_REPEAT = 1.0, 4.0
GIVES_UP = 32.0  # as long as SIP repeats a request
MOST_ROUNDS = 4
CRLF = b"\r\n\r\n"
KEEPS_ALIVE = 30.0  # routers forget where a packet came from after a minute or less
_VIA = re.compile(r";\s*(received|rport)\s*=\s*([^;,\s]+)", re.IGNORECASE)


class Registration:
    """One at a time: asked, challenged, proved, told for how long; repeated until somebody answers."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._user, self._host = settings["user"], settings["host"]
        self._login = settings.get("auth_user") or self._user
        self._password = settings.get("secret", "")
        self._id = secrets.token_hex(12)
        self._number = secrets.randbelow(10_000)
        self._lasts = LASTS
        self._waiting = b""  # what nobody has answered yet
        self._asked = self._next = self._alive = 0.0
        self._gap = FIRST_REPEAT
        self._again: float | None = None
        self._local = self._seen = ("", 0)
        self._on = False

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        self._local = self._seen = local
        self._on, self._again = False, None
        return self._begin(now)

    @property
    def contact(self) -> str:
        """As the PBX sees us: behind a router that is not our own address."""
        return f"<sip:{self._user}@{_at(self._seen)}>"

    def tick(self, now: float) -> Step:
        if self._waiting:
            return self._repeat(now)
        if self._again is not None and now >= self._again:
            return self._begin(now)
        if self._on and now - self._alive >= KEEPS_ALIVE:
            self._alive = now
            return Step(send=(CRLF,))
        return NOTHING

    def answered(self, message: Message, now: float) -> Step:
        if not self._waiting or message.call_id != self._id or message.number != self._number:
            return NOTHING
        if message.code < 200:
            return NOTHING
        self._waiting = b""
        self._look_at_ourselves(message)
        if message.code < 300:
            return self._accepted(message, now)
        if message.code in (401, 407):
            return self._prove(message, now)
        if message.code == 423 and self._rounds < MOST_ROUNDS:
            wanted = message.get("min-expires").strip()
            self._lasts = int(wanted) if re.fullmatch(r"\d{1,5}", wanted) else 2 * LASTS
            return self._ask(now)
        word = "login" if message.code in (403, 404) else "refused"
        return self._failed(word, f"{message.code} {message.words}".strip())

    def _begin(self, now: float) -> Step:
        self._rounds, self._proved = 0, False
        self._alive = now
        self._tag = secrets.token_hex(6)
        return self._ask(now)

    def _ask(self, now: float, more: tuple[tuple[str, str], ...] = ()) -> Step:
        self._number += 1
        self._rounds += 1
        me, uri = f"<sip:{self._user}@{self._host}>", self._uri
        via = f"SIP/2.0/UDP {_at(self._local)};rport;branch={sip.new_branch()}"
        headers = [
            ("Via", via), ("Max-Forwards", "70"), ("From", f"{me};tag={self._tag}"), ("To", me),
            ("Call-ID", self._id), ("CSeq", f"{self._number} REGISTER"), ("Contact", self.contact),
            ("Expires", str(self._lasts)), *more, ("User-Agent", sip.AGENT),
        ]  # fmt: skip
        self._waiting = sip.write(f"REGISTER {uri} SIP/2.0", headers)
        self._asked, self._gap = now, FIRST_REPEAT
        self._next = now + self._gap
        return Step(send=(self._waiting,))

    @property
    def _uri(self) -> str:
        return f"sip:{self._host}"

    def _repeat(self, now: float) -> Step:
        if now - self._asked >= GIVES_UP:
            return self._failed("silent" if self._on else "unreachable", "no answer to REGISTER")
        if now < self._next:
            return NOTHING
        self._gap = min(LAST_REPEAT, 2 * self._gap)
        self._next = now + self._gap
        return Step(send=(self._waiting,))

    def _prove(self, message: Message, now: float) -> Step:
        """A second challenge means that the first proof was wrong, unless it only came too late."""
        asked = sip.challenge(message)
        if not asked:
            return self._failed("odd", "it wants a login that we don't know")
        stale = asked.get("stale", "").casefold() == "true"
        if (self._proved and not stale) or self._rounds >= MOST_ROUNDS:
            return self._failed("login", str(message.code))
        self._proved = True
        name = "Authorization" if message.code == 401 else "Proxy-Authorization"
        return self._ask(now, ((name, sip.proof(asked, self._login, self._password, "REGISTER", self._uri)),))

    def _accepted(self, message: Message, now: float) -> Step:
        lasts = self._given(message)
        self._again = now + min(LATEST, max(SOONEST, lasts * 0.8))
        first, self._on, self._alive = not self._on, True, now
        return Step(ready=first)

    def _given(self, message: Message) -> float:
        """For how long: what stands at our contact, or for all of them."""
        ours = next(
            (one for one in message.all("contact") if f"sip:{self._user}@{_at(self._seen)}" in one), ""
        )
        mine = ours.partition(f"@{_at(self._seen)}")[2].partition(",")[0]
        found = re.search(r";\s*expires\s*=\s*\"?(\d{1,6})", mine) or re.match(
            r"(\d{1,6})", message.get("expires")
        )
        return float(found[1]) if found else float(self._lasts)

    def _look_at_ourselves(self, message: Message) -> None:
        told = {name.casefold(): value for name, value in _VIA.findall(message.get("via"))}
        port = told.get("rport", "")
        host = told.get("received", self._seen[0]).strip("[]")
        if re.fullmatch(r"\d{1,5}", port) and re.fullmatch(r"[0-9A-Fa-f.:]{2,45}", host):
            self._seen = host, int(port)

    def _failed(self, word: str, detail: str) -> Step:
        self._waiting = b""
        return Step(trouble=word, detail=detail, close=True)


def _at(place: tuple[str, int]) -> str:
    host, port = place
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
