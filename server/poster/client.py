"""Poster's Web API for every account that we hold a token of."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from server.poster.breaker import Breaker
from server.poster.pace import Pace
from server.poster.trouble import FATAL, PosterDown, PosterError, Trouble, Unasked
from server.poster.wire import SPAN, Reply, Unreached, Wire, value_of

LONGEST_REST = 4.0  # the next phone may ring already
LONGEST_PAUSE = 2.0  # seconds: who answers 503 for longer is down, and not busy

# account id -> its token; raises NotConnected
TokenOf = Callable[[int], str]
# (account id, the token that was refused, Poster's code)
Refused = Callable[[int, str, int], None]
Worked = Callable[[int], None]


def _nobody(account: int) -> None:
    return None


class Poster:
    """`token_of` opens an account's token; `refused` and `worked` hear how Poster took it.

    Times called `until` are of `time.monotonic()`; without one a request, its turn included, may take 10 s.
    """

    def __init__(self, url: str, token_of: TokenOf, refused: Refused, worked: Worked = _nobody) -> None:
        self._url = url
        self._token_of = token_of
        self._refused = refused
        self._worked = worked
        self._wire = Wire()
        self._pace = Pace()
        self._breaker = Breaker()

    @property
    def skew(self) -> float | None:
        """Seconds that Poster's clock is before ours, or None before its first answer."""
        return self._wire.skew

    def get(
        self, account: int, method: str, until: float | None = None, urgent: bool = False, **query: object
    ) -> Any:
        """Reads. An `urgent` request is of a phone that rings: it goes before the mirror's."""
        return self._of_account(account, lambda token: self.read(token, method, until, urgent, **query))

    def post(self, account: int, method: str, body: Mapping[str, object], until: float | None = None) -> Any:
        """Writes, once. After PosterDown nobody knows whether it was done: look before trying again."""
        return self._of_account(account, lambda token: self._write(token, method, body, until))

    def read(
        self, token: str, method: str, until: float | None = None, urgent: bool = False, **query: object
    ) -> Any:
        """Reads with a token that need not be any account's yet. Raises Resting at once while Poster is silent."""
        self._breaker.check(_key(token))
        until = until or time.monotonic() + SPAN
        params = {name: _word(value) for name, value in query.items()}
        return self._watched(token, lambda: self._ask("GET", token, method, until, urgent, params, None))

    def write_staff(self, account: int, employee: int, extras: Mapping[str, str]) -> bool:
        """Puts our keys into an employee's extras, where the register looks; whether Poster took them."""
        return self._write_extras(account, "staff", employee, extras)

    def write_client(self, account: int, client_id: int, extras: Mapping[str, str]) -> bool:
        """The same of a guest."""
        return self._write_extras(account, "client", client_id, extras)

    def _write_extras(self, account: int, kind: str, entity: int, extras: Mapping[str, str]) -> bool:
        body = {"entity_type": kind, "entity_id": entity, "extras": dict(extras)}
        try:
            return bool(self.post(account, "application.setEntityExtras", body))
        except Trouble:
            return False

    def _of_account(self, account: int, work: Callable[[str], Any]) -> Any:
        token = self._token_of(account)
        try:
            value = work(token)
        except PosterError as error:
            if error.code in FATAL:
                self._refused(account, token, error.code)
            raise
        self._worked(account)
        return value

    def _write(self, token: str, method: str, body: Mapping[str, object], until: float | None) -> Any:
        """Somebody waits for it, or it comes again after a rest of its own: it is tried whatever was read before."""
        until = until or time.monotonic() + SPAN
        return self._watched(token, lambda: self._ask("POST", token, method, until, True, {}, body))

    def _watched(self, token: str, ask: Callable[[], Reply]) -> Any:
        """What Poster answered, noted for who asks next."""
        begun, key = time.monotonic(), _key(token)
        try:
            value = value_of(ask())
        except PosterError:
            self._breaker.worked(key)
            raise
        except PosterDown as why:
            self._breaker.failed(key, why, time.monotonic() - begun)
            raise
        self._breaker.worked(key)
        return value

    def _ask(
        self, verb: str, token: str, method: str, until: float, urgent: bool,
        params: Mapping[str, str], body: Mapping[str, object] | None,
    ) -> Reply:  # fmt: skip
        """One request, and again when that is safe: a read over a connection that Poster had closed, or
        after Poster asked to slow down."""
        key = _key(token)
        pause, broken, last = 1.0, False, None
        while True:
            try:
                self._pace.wait(key, until, urgent)
            except Unasked:
                if last is None:
                    raise
                return last
            try:
                reply = self._wire.send(
                    verb, f"{self._url}/api/{method}", until, params={**params, "token": token}, json=body
                )
            except Unreached:
                if broken or verb != "GET":
                    raise
                broken = True
                continue
            if not _slow_down(verb, reply) or (reply.status == 503 and pause > LONGEST_PAUSE):
                return reply
            last = reply
            self._pace.rest(key, min(max(pause, reply.rest), LONGEST_REST))
            pause *= 2


def _key(token: str) -> str:
    """The account's number."""
    return token.partition(":")[0]


def _slow_down(verb: str, reply: Reply) -> bool:
    """Whether to ask once more later. A write that met 503 may have been done."""
    answered = isinstance(reply.body, dict) and "response" in reply.body
    return not answered and (reply.status == 429 or (reply.status == 503 and verb == "GET"))


def _word(value: object) -> str:
    """Booleans in Poster's queries are words."""
    return str(value).lower() if isinstance(value, bool) else str(value)
