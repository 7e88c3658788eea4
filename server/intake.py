"""The one path of every event: load the call, step it, keep it, commit, and only then tell."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server import callbacks, dials, journal, measures, once, persons, phones, together, trail
from server.calls import END, ENDED, IN, REGISTER_MARK, RING, RINGING, Call, CallEvent, expire, is_next, step
from server.config import Settings
from server.db import reading, transaction, write
from server.routing import Route
from server.telling import Telling

log = logging.getLogger("dzvinok.intake")

TRUNK_HEARD = """UPDATE trunk SET last_at = ?, first_at = coalesce(first_at, ?), delay = coalesce(?, delay),
    last_from = coalesce(?, last_from), last_did = coalesce(?, last_did) WHERE id = ?"""
SETTLES = 5.0  # seconds that a call's first event may run ahead of a list of all calls


@dataclass(frozen=True)
class Change:
    """What one event did to a call."""

    before: Call
    after: Call
    old: Route
    new: Route
    begun: float = field(default_factory=time.monotonic)


class Intake:
    def __init__(self, settings: Settings, telling: Telling) -> None:
        self._settings = settings
        self._telling = telling

    def take(self, account: int, trunk: int | None, events: Iterable[CallEvent]) -> int:
        """Stores what happened and tells it; returns on how many registers the cards belong."""
        with once.remembering():
            return self._take(account, trunk, list(events))

    def _take(self, account: int, trunk: int | None, happened: list[CallEvent]) -> int:
        measures.came(trunk, (event.kind for event in happened))
        changes, waiting = together.write(account, lambda: self._store(account, trunk, happened))
        if took := trail.stored(change.after.id for change in changes):
            measures.STORE.observe(took)
        shown = self._tell_all(account, changes)
        trail.told()
        if waiting:
            self._telling.missed_changed(account)
        return shown

    def _store(self, account: int, trunk: int | None, events: list[CallEvent]) -> tuple[list[Change], bool]:
        """What became of the calls, and whether the list of those who wait is another now."""
        country = self._country(account)
        changes = [change for event in events for change in self._keep(account, trunk, event, country)]
        if trunk is not None:
            self._note_trunk(trunk, events, changes, country)
        return changes, _settle(account, changes, country)

    def settle(self, account: int, trunk: int, live: frozenset[str], now: float) -> int:
        """Ends the trunk's calls that its PBX does not have any more; returns how many these were."""
        with reading():
            known = journal.unended_of(account, trunk, now - SETTLES)
        gone = [call for call in known if call.key not in live]
        self.take(account, trunk, [CallEvent(call.key, END, now, outcome="unknown") for call in gone])
        return len(gone)

    def hang_up_all(self, account: int, trunk: int) -> None:
        """Before a trunk goes: nobody would end its calls any more."""
        self.settle(account, trunk, frozenset(), time.time() + 2 * SETTLES)

    def expire(self, now: float) -> None:
        """Ends the calls of which nothing was heard for too long."""
        with reading():
            stuck = journal.stuck(now)
        for call in stuck:
            with transaction(call.account):
                before = journal.get(call.account, call.id) or call
                after = expire(before, now)
                change = (
                    self._save(before, after, self._country(call.account)) if after is not before else None
                )
            if change:
                self._tell(change)

    def test_ring(self, account: int, line: str = "", register: int | None = None, caller: str = "") -> int:
        """Rings a line, or one register, with an invented call; returns how many registers heard it."""
        rung = line or f"{REGISTER_MARK}{register}"
        event = CallEvent("test-" + secrets.token_hex(6), RING, time.time(), IN, caller, line=rung, test=True)
        return self.take(account, None, [event])

    def _keep(self, account: int, trunk: int | None, event: CallEvent, country: str) -> list[Change]:
        since = event.at - journal.REUSED_FOR if event.reused else 0.0
        # A phone's own number of a call comes again with another guest: a ring goes by the guest alone.
        alias = "" if event.reused and event.kind == RING else event.alias
        before = journal.load(account, trunk, event.key, alias, since)
        if self._erased(before, event, country):
            return []
        changes = []
        if is_next(before, event, event.reused and journal.has_id(before, event.alias)):
            changes += self._close(before, event.at, country)
            before = journal.next_of(before, event.key)
        if trunk is not None and not before.dial:
            before, event = dials.recognise(before, event, country)
        after = step(before, event)
        if event.alias and trunk is not None and after.state not in ("", ENDED):
            after = self._ended_before(after, journal.end_of(account, trunk, event.alias))
        if after is before:
            log.info("call=%s trunk=%s %s changed nothing", before.id, trunk or "-", event.kind)
            return changes
        changes.append(self._save(before, after, country))
        journal.know_as(after, event.key, event.alias)
        return changes

    def _erased(self, call: Call, event: CallEvent, country: str) -> bool:
        """Late word of a call that was made nobody's, or of somebody who was erased since."""
        if phones.stands_in(call.caller) and not event.reused:
            return True
        number = phones.read(event.caller, country).e164 if event.late else ""
        at, key = event.started or event.at, self._settings.persons_key
        return bool(number) and persons.forgotten(key, call.account, number, at)

    def _ended_before(self, call: Call, end: Call | None) -> Call:
        """Its end overtook this event."""
        if end is None or end.id == call.id or end.touched < call.started:
            return call
        return step(call, CallEvent(call.key, END, end.touched, outcome=end.outcome))

    def _close(self, call: Call, at: float, country: str) -> list[Change]:
        """The guest calls again: a call whose end was lost is over, nobody knows since when."""
        after = step(call, CallEvent(call.key, END, at, outcome="unknown"))
        return [self._save(call, after, country)] if after is not call else []

    def _save(self, before: Call, after: Call, country: str) -> Change:
        did = phones.read(after.did, country)
        after = replace(after, did=did.e164)
        old, new = journal.route(before, did), journal.route(after, did)
        journal.save(after, phones.read(after.caller, country))
        new = self._telling.covering.settle(before, after, new)
        if after.state != ENDED and (before.state, before.legs) != (after.state, after.legs):
            journal.note_strays(after, new, old.strays(before) if before.state else ())
        return Change(before, after, old, new)

    def _tell_all(self, account: int, changes: list[Change]) -> int:
        """What a history told comes onto the list of callers and rings nowhere."""
        late = [change for change in changes if change.after.late]
        if late:
            log.info("account=%d late calls journaled=%d", account, len(late))
            self._telling.account_changed(account)
        return sum(self._tell(change) for change in changes if not change.after.late)

    def _tell(self, change: Change) -> int:
        before, after = change.before, change.after
        if not after.state:  # facts came before the call itself
            return 0
        log.info(
            "call=%s trunk=%s stored %s->%s line=%s outcome=%s from=%s",
            after.id, after.trunk or "-", before.state or "new", after.state, after.line or "?", after.outcome or "-",
            phones.tail(after.caller or ""),
        )  # fmt: skip
        with reading():
            shown = self._telling.call_changed(before, after, change.old, change.new)
            time.sleep(0)  # the registers' greenlets send now, before this one goes on
            if (
                after.incoming
                and after.state != ENDED
                and (before.incoming, before.caller) != (True, after.caller)
            ):
                self._telling.look(after)
            self._telling.sightings.told(before, after, change.new, change.begun)
        if before.state == "" and after.incoming and after.state == RINGING and not after.test:
            measures.rang(shown)
        log.info("call=%s card at registers=%d", after.id, shown)
        return shown

    def _note_trunk(self, trunk: int, events: list[CallEvent], changes: list[Change], country: str) -> None:
        """When the company was last heard; what its history tells is no sign of life."""
        if events and all(event.late for event in events):
            return
        now = time.time()
        rung = next(
            (change.after for change in changes if change.after.incoming and not change.after.late), None
        )
        last = (phones.read(rung.caller, country).masked, rung.did) if rung else (None, None)
        delay = max(
            (now - (event.started or event.at) for event in events if event.kind == RING), default=None
        )
        write(TRUNK_HEARD, now, now, None if delay is None else max(0.0, delay), *last, trunk)

    def _country(self, account: int) -> str:
        return journal.country(account, self._settings.default_country)


def _settle(account: int, changes: list[Change], country: str) -> bool:
    """Opens and closes call-backs; returns whether the list of them is another now."""
    concerned = [
        phones.read(one.after.caller, country) for one in changes if callbacks.concerns(one.before, one.after)
    ]
    numbers = {number.e164 for number in concerned if number.matchable}
    return True in {callbacks.settle(account, number, time.time()) for number in numbers}
