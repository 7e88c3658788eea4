"""Sipuni's WebSocket: the events of its HTTP requests, in frames."""

from __future__ import annotations

import json
from typing import Any

from server.providers import forms, values
from server.providers import sipuni_calls as calls
from server.providers.abilities import NOTHING, Place, Step
from server.providers.base import Foreign, Unreadable

URL = "wss://sipuni.com:8083/"
KEEP_ALIVE = 30.0
ANSWERS_WITHIN = 20.0


class SipuniLive:
    """Our code, "status 1", then the same events as by HTTP. It is we who keep the connection alive."""

    place = Place("ws", url=URL)

    def __init__(self, key: str) -> None:
        self._key = key
        self._said = 0.0
        self._asked = self._ready = False

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        """A side that hung up on our code has refused it, even when it did not say so."""
        hung_up = self._asked and not self._ready
        self._said, self._asked, self._ready = now, True, False
        login = json.dumps({"type": "auth", "body": {"key": self._key}})
        trouble = ("login", "it hung up after the code") if hung_up else ("", "")
        return Step(send=(login,), trouble=trouble[0], detail=trouble[1])

    def received(self, data: bytes | str, now: float) -> Step:
        frame = _object(data)
        action = values.text(frame.get("action"))
        if action == "auth":
            return self._answered(frame.get("status"))
        return self._told(forms.nested(frame.get("request")), now) if action == "notify" else NOTHING

    def tick(self, now: float) -> Step:
        if not self._ready:
            return NOTHING if now - self._said < ANSWERS_WITHIN else self._cut("silent")
        if now - self._said < KEEP_ALIVE:
            return NOTHING
        self._said = now
        return Step(send=(json.dumps({"type": "keepalive"}),))

    def _answered(self, status: Any) -> Step:
        if status not in (1, "1"):
            return NOTHING if self._ready else self._cut("login")
        first, self._ready = not self._ready, True
        return Step(ready=True) if first else NOTHING

    def _cut(self, trouble: str) -> Step:
        self._asked = False
        return Step(trouble=trouble, close=True)

    def _told(self, fields: dict[str, Any], now: float) -> Step:
        first, self._ready = not self._ready, True
        try:
            return Step(events=(calls.event(fields, now),), ready=first)
        except Foreign as why:
            return Step(ready=first, trouble="unknown_word" if why.word else "", detail=why.word)
        except Unreadable as why:
            return Step(ready=first, trouble="unreadable", detail=str(why))


def _object(data: bytes | str) -> dict[str, Any]:
    """The frame's object; {} for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
