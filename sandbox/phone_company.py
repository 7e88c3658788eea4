"""The phone company of one restaurant: its calls, and what is told to our server about them."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.companies import COMPANIES
from sandbox.companies.base import Company, Moment, PhoneCall, Scene
from sandbox.phone_line import PhoneLine
from sandbox.phone_office import Office
from sandbox.phone_setup import PhoneError, Setup
from sandbox.phone_stories import CLICK, STORIES, Player, Step
from sandbox.world import Unknown

KINDS = ("in", "out", "internal")
SHOWN_AFTER_END = 30.0
KEPT = 300
"""Calls that REST may ask for."""


class PhoneCompany:
    def __init__(
        self,
        setup: Setup,
        office: Office,
        socket: Callable[[str, str], int],
        retries: tuple[float, ...],
        pace: float,
    ) -> None:
        self.setup, self.office = setup, office
        self.line = PhoneLine(setup, socket, retries, pace)
        self.player = Player(pace)
        self.calls: dict[str, PhoneCall] = {}
        self._lock = threading.RLock()

    def close(self) -> None:
        self.player.close()
        self.line.close()

    def configure(self, asked: dict[str, Any]) -> None:
        self.setup.configure(asked)

    def scene(self, company: Company) -> Scene:
        return Scene(self.setup.keys(company), self.office.people(), time.time(), self.setup.account)

    def ring(
        self,
        external: str,
        did: str,
        kind: str = "in",
        line: str = "",
        lines: tuple[str, ...] = (),
        said: str = "",
        company: str = "",
        disturbed: bool = False,
        notes: Mapping[str, str] | None = None,
    ) -> PhoneCall:
        """A call begins. One that comes in rings `lines`, or all that somebody sits at."""
        if kind not in KINDS:
            raise PhoneError(f"A call is {', '.join(KINDS)}; not {kind[:20]!r}.")
        if kind != "in" and not line:
            raise PhoneError("Say which line is calling.")
        rings = lines or tuple(self.office.group()) if kind == "in" else ()
        with self._lock:
            now = time.time()
            call = PhoneCall(
                self._new_id(now), kind, external[:100], did, now, company or self.setup.company.name, rings, said[:200]
            )  # fmt: skip
            call.notes.update(notes or {})
            call.line, call.disturbed = line if kind != "in" else "", disturbed
            self.calls[call.id] = call
            self._forget()
        self._tell(call, COMPANIES[call.company].began)
        return call

    def _new_id(self, now: float) -> str:
        """Grows across restarts; two calls of one moment differ."""
        fresh = int(now * 10)
        while str(fresh) in self.calls:
            fresh += 1
        return str(fresh)

    def _forget(self) -> None:
        over = [call.id for call in self.calls.values() if call.state == "ended"]
        for old in over[: max(0, len(self.calls) - KEPT)]:
            del self.calls[old]

    def answer(self, id: str, line: str) -> PhoneCall:
        with self._lock:
            call = self._live(id, "ringing")
            if not line and not call.line:
                raise PhoneError("Say which line answers.")
            call.line = line if call.kind == "in" else call.line
            call.state, call.answered = "answered", time.time()
            call.take(call.answered)
        self._tell(call, COMPANIES[call.company].answered)
        return call

    def transfer(self, id: str, line: str) -> PhoneCall:
        with self._lock:
            call = self._live(id, "answered")
            if not line:
                raise PhoneError("Say which line gets the call.")
            call.line = line
            call.take(time.time())
        self._tell(call, COMPANIES[call.company].moved)
        return call

    def hang_up(self, id: str, disposition: str = "") -> PhoneCall:
        with self._lock:
            call = self._live(id, "ringing", "answered")
            call.disposition = self._ending(call, disposition)
            call.state, call.ended = "ended", time.time()
        self._tell(call, COMPANIES[call.company].ended)
        return call

    def _ending(self, call: PhoneCall, asked: str) -> str:
        ends = COMPANIES[call.company].ends
        after_talk = (*ends.answered, *filter(None, [ends.transferred]))
        usual = ends.ringing[0]
        if call.answered:
            usual = ends.transferred if len(call.lines) > 1 and ends.transferred else ends.answered[0]
        chosen = asked or usual
        if chosen not in (*ends.ringing, *after_talk):
            raise PhoneError(f"There is no disposition {chosen[:20]!r}.")
        if chosen in after_talk and not call.answered:
            raise PhoneError("Nobody answered this call yet.")
        return chosen

    def miss(self, id: str) -> PhoneCall:
        return self.hang_up(id, COMPANIES[self._live(id, "ringing", "answered").company].ends.ringing[0])

    def busy(self, id: str) -> PhoneCall:
        return self.hang_up(id, COMPANIES[self._live(id, "ringing", "answered").company].ends.busy)

    def _tell(self, call: PhoneCall, moment: Moment) -> None:
        self.line.send(call, *moment(call, self.scene(COMPANIES[call.company])))

    def _live(self, id: str, *states: str) -> PhoneCall:
        call = self.calls.get(id)
        if call is None:
            raise Unknown(f"There is no call {id[:20]!r}.")
        if call.state not in states:
            raise PhoneError(f"This call is {call.state} already.")
        return call

    # Calls that go on by themselves

    def play(self, name: str, external: str, did: str, disturbed: bool = False) -> PhoneCall:
        if name not in STORIES:
            raise PhoneError(f"There is no story {name[:20]!r}; there are {', '.join(STORIES)}.")
        story, group = STORIES[name], self.office.group()
        lines = tuple(group[: story.rings or None])
        if story.kind == "out":
            call = self.ring(external, did, "out", group[0], disturbed=disturbed)
        else:
            caller = external if story.caller is None else story.caller
            call = self.ring(caller, did, lines=lines, said=story.said, disturbed=disturbed)
        self._go_on(call, story.steps, group)
        return call

    def dial(self, company: str, line: str, number: str, **notes: str) -> PhoneCall:
        """Click-to-call: the guest picks up and talks for a while."""
        if line not in self.office.extensions():
            raise PhoneError(f"There is no line {line[:20]!r} here.")
        call = self.ring(number, self.office.did(), "out", line, company=company, notes=notes)
        self._go_on(call, CLICK, [line])
        return call

    def _go_on(self, call: PhoneCall, steps: tuple[Step, ...], lines: list[str]) -> None:
        after = 0.0
        for step in steps:
            after += step.after
            line = lines[min(step.line, len(lines) - 1)]
            self.player.later(after, lambda step=step, line=line: self._do(call.id, step.verb, line))  # type: ignore[misc]

    def _do(self, id: str, verb: str, line: str) -> None:
        """Somebody at the panel may have been quicker."""
        with contextlib.suppress(PhoneError, Unknown):
            if verb == "end":
                self.hang_up(id)
            else:
                (self.answer if verb == "answer" else self.transfer)(id, line)

    def of(self, company: str) -> list[PhoneCall]:
        """One company's calls, the newest first."""
        with self._lock:
            return [call for call in reversed(self.calls.values()) if call.company == company]

    def visible(self) -> list[PhoneCall]:
        """In progress and just ended, newest first."""
        with self._lock:
            now = time.time()
            shown = [call for call in self.calls.values() if now - (call.ended or now) < SHOWN_AFTER_END]
            return sorted(shown, key=lambda call: call.started, reverse=True)
