"""Hands messages to the sending process: merged by recipient, in lanes, each outcome noted as soon as it is told.

A message that was handed over and never answered for is sent again: better twice after a crash than never.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from server import days, preferences
from server.alerts import posts, quiet, running
from server.alerts.targets import Target, Targets
from server.background import detach
from server.db import NOBODYS, reading, rows, transaction
from server.speech import Say, language, speaker

Json = dict[str, Any]
Lane = tuple[bool, bool]  # fenced, again

MOST_TARGETS, MOST_POSTS, LONGEST = 20, 20, 3000
MOST_PROCESSES, SOON = 3, 4.0  # of a lane; seconds after which a process is not waited for
SECONDS = 25.0  # for each target; the process is killed after `running.PATIENCE`

TO = "SELECT account_id, kind, address, problem FROM alert_target WHERE id = ?"
OWNER = "SELECT lang, timezone FROM account WHERE id = ?"


@dataclass(frozen=True)
class Parcel:
    """What one target is sent at once. `fenced`: only to the public internet. `again`: it failed before."""

    target: int
    posts: list[int]
    title: str
    text: str
    address: str
    fenced: bool
    again: bool = False


class Outbox:
    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._lock = threading.Lock()
        self._running: list[tuple[Lane, float]] = []
        self._busy: set[int] = set()

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def tend(self) -> None:
        """Hands over what is due, with a lane of their own for those that failed before."""
        now = time.time()
        lanes: dict[Lane, list[Parcel]] = {}
        for target in posts.due(now):
            parcel = None if target in self._busy else self._pack(target, now)
            if parcel:
                lanes.setdefault((parcel.fenced, parcel.again), []).append(parcel)
        for lane, parcels in lanes.items():
            self._start(lane, parcels[:MOST_TARGETS])

    def _pack(self, target: int, now: float) -> Parcel | None:
        to, some = rows(TO, target), posts.waiting(target, now, MOST_POSTS)
        if not to or not some:
            return None
        account, kind, sealed, problem = to[0]
        say, later = _quiet(account, now)
        if later > now:
            posts.put_off(target, later, now)
            return None
        address = self._targets.address(kind, sealed)
        title, text = merged([(title, text) for _, title, text in some], say)
        fenced = self._targets.fenced(kind, address)
        return Parcel(target, [post for post, _, _ in some], title, text, address, fenced, bool(problem))

    def _start(self, lane: Lane, parcels: list[Parcel]) -> None:
        """A process that takes long has somebody in it who hangs: the next does not wait for it."""
        now = time.monotonic()
        with self._lock:
            mine = [at for other, at in self._running if other == lane]
            if len(mine) >= MOST_PROCESSES or any(at > now - SOON for at in mine):
                return
            self._running.append((lane, now))
            self._busy |= {one.target for one in parcels}
        detach(self._carry, (lane, now), parcels)

    def _carry(self, run: tuple[Lane, float], parcels: list[Parcel]) -> None:
        under_way = {one.target for one in parcels}

        def free(target: int) -> None:
            with self._lock:
                under_way.discard(target)
                self._busy.discard(target)

        try:
            self.send(parcels, free)
        finally:
            with self._lock:
                self._running.remove(run)
                self._busy -= under_way

    def send(
        self, parcels: list[Parcel], free: Callable[[int], None] = lambda target: None
    ) -> dict[int, str]:
        """Target -> what went wrong, "" for nothing. `free` hears each target as it is done with."""
        waits, ended = {one.target: one for one in parcels}, dict[int, str]()

        def told(answer: Json) -> None:
            parcel = waits.pop(answer["id"], None)
            if parcel:
                ended[parcel.target] = answer["problem"]
                posts.note(parcel.target, parcel.posts, answer["problem"])
                free(parcel.target)

        for one in [one for one in parcels if not one.address]:
            told({"id": one.target, "problem": "sealed"})
        messages = [_message(one) for one in waits.values()]
        if messages:
            fenced = any(one.fenced for one in parcels)
            running.carry({"messages": messages, "seconds": SECONDS, "fenced": fenced}, told)
        for target in list(waits):
            told({"id": target, "problem": "hangs"})
        return ended

    def test(self, target: Target, said: tuple[str, str]) -> str:
        """At once, also in quiet hours, and only once; what went wrong, "" for nothing."""
        now = time.time()
        with transaction(NOBODYS):
            stored = posts.tell([target.id], posts.TEST, said, now + 2 * running.PATIENCE, now)
            _, kind, sealed, _ = rows(TO, target.id)[0]
        address = self._targets.address(kind, sealed)
        parcel = Parcel(target.id, stored, *said, address, self._targets.fenced(kind, address))
        return self.send([parcel])[target.id]


def _message(one: Parcel) -> Json:
    return {"id": one.target, "address": one.address, "title": one.title, "text": one.text}


def _quiet(account: int | None, now: float) -> tuple[Say, float]:
    """The account's language, and when its messages may go out."""
    with reading():
        found = rows(OWNER, account) if account is not None else []
        if not found:
            return speaker("en"), now
        chosen = preferences.of(account or 0)
    where = days.zone(found[0][1])
    return speaker(language(found[0][0])), quiet.until(now, where, chosen.quiet_from, chosen.quiet_to)


def merged(some: list[tuple[str, str]], say: Say) -> tuple[str, str]:
    """Several messages (title, text) as one, not longer than a chat takes."""
    if len(some) == 1:
        title, text = some[0]
        return title, _cut(text, say)
    text = "\n\n".join(f"{title}\n{text}" for title, text in some)
    return say("alert.together", count=len(some)), _cut(text, say)


def _cut(text: str, say: Say) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit("\n", 1)[0] + "\n" + say("alert.more")
