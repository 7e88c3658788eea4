"""Messages that wait: written with what they tell of, sent by a process of its own, tried again for a day.

Whoever writes here holds `db.transaction()`. A message that was handed over and never answered for is sent again:
better twice after a crash than never.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from server import days, preferences
from server.alerts import quiet, running
from server.alerts.targets import Target, Targets
from server.background import detach
from server.db import reading, rows, transaction, write
from server.speech import Say, language, speaker

Json = dict[str, Any]

PAUSES = (60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
DAY = 86400.0
MOST_TARGETS, MOST_POSTS, LONGEST = 20, 20, 3000
MOST_PROCESSES, SOON = 3, 4.0  # of a lane; seconds after which it is not waited for
SECONDS = 40.0  # a batch; the process is killed after `running.PATIENCE`
SENT, LOST, DROPPED = "sent", "lost", "dropped"
TEST, DIGEST, ALERT = "test", "digest", "alert"
CARE = 30 * DAY

ADD = """INSERT INTO alert_post (account_id, target_id, kind, title, text, at, next_at, how)
    VALUES (?, ?, ?, ?, ?, ?, ?, '')"""
LISTEN = "SELECT id FROM alert_target WHERE account_id IS ? AND alerts"
LISTEN_DIGEST = "SELECT id FROM alert_target WHERE account_id = ? AND digest AND at <= ?"
ACCOUNTS = "SELECT id FROM account WHERE state IN ('connected', 'broken') LIMIT 2"
DUE = """SELECT target_id FROM alert_post WHERE done_at IS NULL AND next_at <= ? GROUP BY target_id
    ORDER BY min(next_at) LIMIT 200"""
WAITING = """SELECT id, title, text FROM alert_post WHERE target_id = ? AND done_at IS NULL AND next_at <= ?
    AND kind <> 'test' ORDER BY at, id LIMIT ?"""
TO = "SELECT account_id, kind, address, problem FROM alert_target WHERE id = ?"
OWNER = "SELECT lang, timezone FROM account WHERE id = ?"
PUT_OFF = """UPDATE alert_post SET next_at = ? WHERE target_id = ? AND done_at IS NULL AND next_at <= ?
    AND kind <> 'test'"""
THESE = "id IN (SELECT value FROM json_each(?))"
DONE = f"UPDATE alert_post SET done_at = ?, how = ?, title = '', text = '' WHERE {THESE}"  # noqa: S608 - our own words
AGAIN = f"UPDATE alert_post SET tries = tries + 1, next_at = ? WHERE {THESE}"  # noqa: S608 - our own words
TRIES = f"SELECT max(tries) FROM alert_post WHERE {THESE}"  # noqa: S608 - our own words
GIVE_UP = f"""UPDATE alert_post SET done_at = ?, how = 'lost', title = '', text = ''
    WHERE {THESE} AND done_at IS NULL AND (at < ? OR kind = 'test')"""  # noqa: S608 - our own words
WORKED = "UPDATE alert_target SET worked_at = ?, problem = '', problem_at = NULL WHERE id = ?"
FAILED = """UPDATE alert_target SET problem_at = CASE WHEN problem = '' THEN ? ELSE problem_at END, problem = ?
    WHERE id = ?"""
LAST = "SELECT max(id) FROM alert_post"
TRIM = "DELETE FROM alert_post WHERE id IN (SELECT id FROM alert_post WHERE done_at < ? LIMIT 500)"
OLD_TESTS = (
    "UPDATE alert_post SET done_at = ?, how = 'lost' WHERE kind = 'test' AND done_at IS NULL AND next_at < ?"
)


@dataclass(frozen=True)
class Parcel:
    """What one target is sent at once. `fenced`: only to the public internet."""

    target: int
    posts: list[int]
    title: str
    text: str
    address: str
    fenced: bool
    again: bool


def tell(
    account: int | None, targets: Iterable[int], kind: str, said: tuple[str, str], at: float, now: float
) -> int:
    """Writes a message (title, text) for each target, to be sent `at`; returns how many."""
    found = list(targets)
    for target in found:
        write(ADD, account, target, kind, *said, now, at)
    return len(found)


def listeners(account: int | None) -> list[int]:
    """Who hears alerts. Of the box: whom `ALERT_URL` names, else the owner where there is only one account."""
    found = rows(LISTEN, account)
    if account is None and not found and len(only := rows(ACCOUNTS)) == 1:
        found = rows(LISTEN, only[0][0])
    return [target for (target,) in found]


def digest_listeners(account: int, before: float) -> list[int]:
    return [target for (target,) in rows(LISTEN_DIGEST, account, before)]


class Outbox:
    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._lock = threading.Lock()
        self._running: list[tuple[tuple[bool, bool], float]] = []
        self._busy: set[int] = set()

    def tend(self) -> None:
        """Hands over what is due, with a lane of their own for those that failed before."""
        now = time.time()
        with self._lock:
            free = [target for (target,) in rows(DUE, now) if target not in self._busy]
        lanes: dict[tuple[bool, bool], list[Parcel]] = {}
        for target in free:
            parcel = self._pack(target, now)
            if parcel:
                lanes.setdefault((parcel.fenced, parcel.again), []).append(parcel)
        for lane, parcels in lanes.items():
            self._start(lane, parcels[:MOST_TARGETS])

    def _start(self, lane: tuple[bool, bool], parcels: list[Parcel]) -> None:
        """A process that takes long has somebody in it who hangs: the next does not wait for it."""
        now = time.monotonic()
        with self._lock:
            mine = [at for other, at in self._running if other == lane]
            if len(mine) >= MOST_PROCESSES or any(at > now - SOON for at in mine):
                return
            self._running.append((lane, now))
            self._busy |= {one.target for one in parcels}
        detach(self._carry, (lane, now), parcels)

    def _carry(self, run: tuple[tuple[bool, bool], float], parcels: list[Parcel]) -> None:
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

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def send(
        self, parcels: list[Parcel], free: Callable[[int], None] = lambda target: None
    ) -> dict[int, str]:
        """Target -> what went wrong, "" for nothing. Noted as each is told."""
        waits, ended = {one.target: one for one in parcels}, dict[int, str]()

        def told(answer: Json) -> None:
            parcel = waits.pop(answer["id"], None)
            if parcel:
                ended[parcel.target] = answer["problem"]
                self._note(parcel, answer["problem"])
                free(parcel.target)

        for one in [one for one in parcels if not one.address]:
            told({"id": one.target, "problem": "sealed"})
        messages = [
            {"id": one.target, "address": one.address, "title": one.title, "text": one.text}
            for one in waits.values()
        ]
        if messages:
            fenced = any(one.fenced for one in parcels)
            running.carry({"messages": messages, "seconds": SECONDS, "fenced": fenced}, told)
        for target in list(waits):
            told({"id": target, "problem": "hangs"})
        return ended

    def test(self, target: Target, said: tuple[str, str]) -> str:
        """At once, also in quiet hours; what went wrong, "" for nothing."""
        now = time.time()
        with transaction():
            tell(target.account, [target.id], TEST, said, now + 2 * running.PATIENCE, now)
            post, (_, kind, sealed, _) = rows(LAST)[0][0], rows(TO, target.id)[0]
        address = self._targets.address(kind, sealed)
        parcel = Parcel(target.id, [post], *said, address, self._targets.fenced(kind, address), False)
        return self.send([parcel])[target.id]

    def _pack(self, target: int, now: float) -> Parcel | None:
        to, posts = rows(TO, target), rows(WAITING, target, now, MOST_POSTS)
        if not to or not posts:
            return None
        account, kind, sealed, problem = to[0]
        say, later = _quiet(account, now)
        if later > now:
            with transaction():
                write(PUT_OFF, later, target, now)
            return None
        address = self._targets.address(kind, sealed)
        fenced = self._targets.fenced(kind, address)
        parcel = Parcel(target, [post for post, _, _ in posts], "", "", address, fenced, bool(problem))
        title, text = merged([(title, text) for _, title, text in posts], say)
        return replace(parcel, title=title, text=text)

    def _note(self, parcel: Parcel, problem: str) -> None:
        now, these = time.time(), json.dumps(parcel.posts)
        with transaction():
            if not problem:
                write(DONE, now, SENT, these)
                write(WORKED, now, parcel.target)
                return
            tries = rows(TRIES, these)[0][0] or 0
            write(AGAIN, now + PAUSES[min(tries, len(PAUSES) - 1)], these)
            write(GIVE_UP, now, these, now - DAY)
            write(FAILED, now, problem, parcel.target)

    def trim(self, now: float) -> None:
        with transaction():
            write(OLD_TESTS, now, now)
            write(TRIM, now - CARE)


def _quiet(account: int | None, now: float) -> tuple[Say, float]:
    """The account's language, and when its messages may go out."""
    with reading():
        found = rows(OWNER, account) if account is not None else []
        if not found:
            return speaker("en"), now
        chosen = preferences.of(account or 0)
    where = days.zone(found[0][1])
    return speaker(language(found[0][0])), quiet.until(now, where, chosen.quiet_from, chosen.quiet_to)


def merged(posts: list[tuple[str, str]], say: Say) -> tuple[str, str]:
    """Several messages as one, not longer than a chat takes."""
    if len(posts) == 1:
        title, text = posts[0]
        return title, _cut(text, say)
    text = "\n\n".join(f"{title}\n{text}" for title, text in posts)
    return say("alert.together", count=len(posts)), _cut(text, say)


def _cut(text: str, say: Say) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit("\n", 1)[0] + "\n" + say("alert.more")
