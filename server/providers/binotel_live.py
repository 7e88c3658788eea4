"""Binotel's WebSocket. Events are JSON; everything else is text, some of it meant for people and skipped."""

from __future__ import annotations

import json
import re
from collections import deque
from typing import Any

from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.providers import binotel_calls as calls
from server.providers import values
from server.providers.abilities import NOTHING, Place, Step
from server.providers.base import Settings, Unreadable

URL = "wss://ws.binotel.com:9002"
FRAMES = {"callStart": RING, "callAnswer": ANSWER, "callStop": END}

GREETING = re.compile(r"authori[sz]e\b", re.IGNORECASE)
ADMITTED = re.compile(r"(?<!not )(?<!no )\bsuccess", re.IGNORECASE)
REFUSED = re.compile(
    r"fail|error|wrong|denied|invalid|incorrect|refused|\bun(?:auth|succ|know)|\bnot\b", re.IGNORECASE
)

GREETS_WITHIN = 10.0  # then the key is sent without having been asked for
ANSWERS_WITHIN = 20.0


class BinotelLive:
    """Greeting, our key, "success", then events until somebody hangs up. Pings are the runner's."""

    place = Place("ws", url=URL)

    def __init__(self, settings: Settings) -> None:
        self._company = settings.get("company_id", "")
        self._login = {"key": settings["ws_key"], "secret": settings["ws_secret"]}
        self._strangers: deque[str] = deque(maxlen=500)
        self._opened = 0.0
        self._asked: float | None = None
        self._ready = self._spoke = False

    def opened(self, now: float, local: tuple[str, int]) -> Step:
        """A side that hung up on our key has refused it, even when it did not say so."""
        hung_up = self._asked is not None and not self._ready
        self._opened, self._asked, self._ready, self._spoke = now, None, False, False
        return Step(trouble="login", detail="it hung up after the key") if hung_up else NOTHING

    def received(self, data: bytes | str, now: float) -> Step:
        text = data if isinstance(data, str) else data.decode("utf-8", "replace")
        frame = _object(text)
        if "eventName" in frame:
            return self._told(frame, now)
        return NOTHING if self._ready else self._greeted(text, now)

    def tick(self, now: float) -> Step:
        if self._ready:
            return NOTHING
        if self._asked is None:
            return self._authorise(now) if now - self._opened >= GREETS_WITHIN else NOTHING
        if now - self._asked < ANSWERS_WITHIN:
            return NOTHING
        return self._admitted() if self._spoke else self._cut("silent")

    def _greeted(self, text: str, now: float) -> Step:
        if self._asked is None:
            return self._authorise(now) if GREETING.search(text) else NOTHING
        if ADMITTED.search(text):
            return self._admitted()
        if REFUSED.search(text):
            return self._cut("login")
        self._spoke = self._spoke or not GREETING.search(text)
        return NOTHING

    def _authorise(self, now: float) -> Step:
        self._asked = now
        return Step(send=(json.dumps({"task": "authLikeService", **self._login}),))

    def _admitted(self) -> Step:
        self._ready = True
        return Step(ready=True)

    def _cut(self, trouble: str) -> Step:
        self._asked = None
        return Step(trouble=trouble, close=True)

    def _told(self, frame: dict[str, Any], now: float) -> Step:
        """Whoever is told of calls has been let in, however that was said."""
        first, self._ready = not self._ready, True
        event = self._event(frame, now)
        return Step(events=(event,) if event else (), ready=first) if first or event else NOTHING

    def _event(self, frame: dict[str, Any], now: float) -> CallEvent | None:
        kind = FRAMES.get(values.text(frame["eventName"]))
        try:
            event = _event(kind, frame, now) if kind else None
        except Unreadable:
            return None
        return event if event and not self._is_strange(frame, event.key) else None

    def _is_strange(self, frame: dict[str, Any], key: str) -> bool:
        """Only the first frame of a call names the company."""
        company = values.text(frame.get("companyID"))
        if self._company and company and company != self._company:
            self._strangers.append(key)
        return key in self._strangers


def _event(kind: str, frame: dict[str, Any], now: float) -> CallEvent:
    line = _first_line(frame)
    who = calls.parties({"internalNumber": line, **frame}, IN if kind == RING and not line else "")
    if kind == RING and who["caller"] is None:
        who["caller"] = ""
    return CallEvent(
        calls.key(frame, "frame"),
        kind,
        now,
        outcome=calls.OUTCOMES.get(calls.disposition(frame), "unknown") if kind == END else "",
        started=values.moment(frame.get("startTime"), now),
        answered=values.moment(frame.get("answeredAt"), now),
        ended=values.moment(frame.get("stopTime"), now),
        **who | {"name": values.text(frame.get("customerName")) or who["name"]},
    )


def _first_line(frame: dict[str, Any]) -> str:
    """Who calls out; of a call that comes in only a line that rings alone."""
    told = frame.get("internalNumbers")
    lines = told if isinstance(told, list) else []
    out = calls.DIRECTIONS.get(values.text(frame.get("callType"))) == OUT
    return values.line(lines[0]) if len(lines) == 1 or (lines and out) else ""


def _object(text: str) -> dict[str, Any]:
    """The frame's object; {} for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
