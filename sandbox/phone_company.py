"""A phone company that speaks Binotel: calls, and what is told to the webhook about them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from sandbox import phone_bodies as bodies
from sandbox.phone_bodies import ANSWERED, DISPOSITIONS, PhoneCall
from sandbox.phone_line import PhoneLine, is_success
from sandbox.world import Unknown

KINDS = ("in", "out", "internal")
PUSHES = ("receivedTheCall", "answeredTheCall", "transferredTheCall", "hangupTheCall", "apiCallCompleted")
CHOICES = {
    "encoding": ["form", "json", "field"],
    "drop": ["none", *PUSHES],
    "disposition": list(DISPOSITIONS),
    "kind": list(KINDS),
}
DEFAULTS: dict[str, Any] = {
    "hook": "",
    "company_id": "12345",
    "encoding": "form",
    "duplicate": False,
    "shuffle": False,
    "drop": "none",
    "settings_first": True,
}
SHOWN_AFTER_END = 30.0
COMPLETED_AFTER = 1.0
"""Seconds between the hang-up and the full report."""


class PhoneError(ValueError):
    """Something that can't be done with a call; the text is for the person at the panel."""


class PhoneCompany:
    """`room` outlives the process: the settings. `names` gives the PBX's extensions and who sits there."""

    def __init__(
        self,
        room: dict[str, Any],
        names: Callable[[], dict[str, str]],
        retries: tuple[float, ...],
        dirty: Callable[[], None],
    ) -> None:
        for key, value in DEFAULTS.items():
            room.setdefault(key, value)
        self.settings, self.names, self.retries, self.dirty = room, names, retries, dirty
        self.line = PhoneLine(room)
        self.calls: dict[str, PhoneCall] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        self.line.close()

    def configure(self, asked: dict[str, Any]) -> None:
        """Checks everything before it changes anything."""
        fresh: dict[str, Any] = {}
        for key, value in asked.items():
            if key not in DEFAULTS:
                raise PhoneError(f"There is no phone setting {key[:40]!r}.")
            fresh[key] = _setting(key, value)
        self.settings.update(fresh)
        self.dirty()

    def ring(self, external: str, did: str, kind: str = "in", line: str = "") -> PhoneCall:
        """A call begins. An incoming one may only be dialled to a number of the restaurant."""
        if kind not in KINDS:
            raise PhoneError(f"A call is {', '.join(KINDS)}; not {kind[:20]!r}.")
        if kind != "in" and not line:
            raise PhoneError("Say which line is calling.")
        with self._lock:
            now = time.time()
            call = PhoneCall(self._new_id(now), kind, external[:100], did, now, line=line)
            self.calls[call.id] = call
        if self.settings["settings_first"] and kind != "internal":
            self.line.send(
                call.id,
                bodies.settings_request(call, self._company()),
                lambda status, text: named(call, text),
            )
        self.line.send(call.id, bodies.received(call, self._company()))
        return call

    def _new_id(self, now: float) -> str:
        """Grows across restarts; two calls of one moment differ."""
        fresh = int(now * 10)
        while str(fresh) in self.calls:
            fresh += 1
        return str(fresh)

    def answer(self, id: str, line: str) -> PhoneCall:
        with self._lock:
            call = self._live(id, "ringing")
            if not line and not call.line:
                raise PhoneError("Say which line answers.")
            call.line = line if call.kind == "in" else call.line
            call.state, call.answered = "answered", time.time()
            call.lines.append(call.line)
        self.line.send(call.id, bodies.answered(call, self._company()))
        return call

    def transfer(self, id: str, line: str) -> PhoneCall:
        with self._lock:
            call = self._live(id, "answered")
            if not line:
                raise PhoneError("Say which line gets the call.")
            call.line = line
            call.lines.append(line)
        self.line.send(call.id, bodies.transferred(call, self._company()))
        return call

    def hang_up(self, id: str, disposition: str = "") -> PhoneCall:
        with self._lock:
            call = self._live(id, "ringing", "answered")
            usual = ("TRANSFER" if len(call.lines) > 1 else "ANSWER") if call.answered else "NOANSWER"
            chosen = disposition or usual
            if chosen not in DISPOSITIONS:
                raise PhoneError(f"There is no disposition {chosen[:20]!r}.")
            if chosen in ANSWERED and not call.answered:
                raise PhoneError("Nobody answered this call yet.")
            call.state, call.disposition, call.ended = "ended", chosen, time.time()
        self.line.send(call.id, bodies.hangup(call))
        self._complete(call, 1, COMPLETED_AFTER)
        return call

    def _complete(self, call: PhoneCall, attempt: int, after: float) -> None:
        """Repeated until the answer is right, or for as long as Binotel would."""

        def heard(status: int | None, reply: str) -> None:
            if not is_success(status, reply) and attempt <= len(self.retries):
                self._complete(call, attempt + 1, self.retries[attempt - 1])

        self.line.send(
            call.id, bodies.completed(call, self._company(), self.names(), attempt), heard, after, attempt
        )

    def _live(self, id: str, *states: str) -> PhoneCall:
        call = self.calls.get(id)
        if call is None:
            raise Unknown(f"There is no call {id[:20]!r}.")
        if call.state not in states:
            raise PhoneError(f"This call is {call.state} already.")
        return call

    def _company(self) -> int:
        return int(self.settings["company_id"])

    def visible(self) -> list[PhoneCall]:
        """In progress and just ended, newest first."""
        with self._lock:
            now = time.time()
            self.calls = {
                call.id: call for call in self.calls.values() if now - (call.ended or now) < SHOWN_AFTER_END
            }
            return sorted(self.calls.values(), key=lambda call: call.started, reverse=True)


def named(call: PhoneCall, reply: str) -> None:
    """Remembers what the desk phone would show."""
    try:
        data = json.loads(reply)["customerData"]
        call.name = str(data["name"])[:200]
    except (ValueError, KeyError, TypeError):
        return


def _setting(key: str, value: object) -> Any:
    if isinstance(DEFAULTS[key], bool):
        if not isinstance(value, bool):
            raise PhoneError(f"{key} is true or false.")
        return value
    text = str(value or "")
    if key in CHOICES and text not in CHOICES[key]:
        raise PhoneError(f"{key} may be {', '.join(CHOICES[key])}.")
    if key == "hook" and text and not text.startswith(("http://", "https://")):
        raise PhoneError("The hook address begins with http:// or https://.")
    if key == "company_id" and not text.isdigit():
        raise PhoneError("The company's number is digits only.")
    return text
