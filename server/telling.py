"""What each register hears: snapshots, changes of calls, guests as they become known, changed lines."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

from server import journal, messages, phones
from server.calls import ENDED, Call
from server.config import Settings
from server.db import reading, rows
from server.hub import Hub, Listener
from server.messages import ACCOUNT, SLOW, Answerer, Json, Person
from server.models import Account
from server.phones import Number
from server.routing import Route

log = logging.getLogger("dzvinok.telling")

RECENT = 20

# In plain SQL, as the journal's: each snapshot asks them.
NAMES = {
    "employee": "SELECT name FROM employee WHERE account_id = ? AND poster_id = ?",
    "register": "SELECT name FROM register WHERE account_id = ? AND poster_id = ?",
}
OVER = "SELECT id FROM call WHERE id IN (SELECT value FROM json_each(?)) AND state = 'ended' AND ended <= ?"
LINES = "SELECT line FROM line_owner WHERE account_id = ? AND kind = ? AND owner = ? ORDER BY line"

Card = dict[str, Any]
Look = Callable[[int, str, Callable[[Card], None]], None]


class Telling:
    """Turns what is stored into frames and puts them into outboxes; never waits for a register or for Poster."""

    def __init__(
        self, settings: Settings, hub: Hub, look: Look, remembered: Callable[[int, str], Card | None]
    ) -> None:
        self._settings = settings
        self._hub = hub
        self._look = look
        self._remembered = remembered
        self._cards: dict[str, Card] = {}
        self._lock = threading.Lock()

    def call_changed(self, before: Call, after: Call, old: Route, new: Route) -> int:
        """Tells the registers that have the card or now get it; returns how many of them it belongs on."""
        number, answerer = self._number(after), self._answerer(after, new)
        texts = {
            mine: messages.frame("call", call=messages.call(after, number, answerer, mine))
            for mine in (True, False)
        }
        has, had = new.audience(after), old.audience(before)
        shown = 0

        def frame_for(desk: Listener) -> str | None:
            nonlocal shown
            mine = has(desk)
            shown += mine
            return texts[mine] if mine or (before.state and had(desk)) else None

        self._hub.publish(after.account, frame_for, SLOW)
        if after.state == ENDED and before.state != ENDED:
            self._tell_recent(after, new)
        return shown

    def look(self, call: Call) -> None:
        """Starts finding out who calls; each thing learned is told to the registers that have the card."""
        number, begun = self._number(call), time.monotonic()
        if number.matchable:
            self._look(call.account, number.e164, lambda card: self._guest_known(call, card, begun))

    def number_of(self, call: Call) -> str:
        return self._number(call).e164

    def snapshot(self, desk: Listener) -> str:
        """The first frame of every connection, and the answer to whatever changes what a register may see."""
        account = Account.at(desk.account)
        assert account  # no account is ever deleted, only disconnected
        cards = [self._with_guest(call, route) for call, route in self._calls_at(desk)]
        return messages.text(
            messages.snapshot(
                at=time.time(),
                account=self._account(account),
                employee=self.person("employee", desk.account, desk.employee),
                register=self.person("register", desk.account, desk.register),
                grace=self._settings.grace,
                calls=cards,
                recent=self._recent(desk),
            )
        )

    def account_changed(self, account: int) -> None:
        """After a connect, a disconnect or a change of lines: everybody hears where they stand, or is sent away."""
        with reading():
            row = Account.at(account)
            for desk in self._hub.listeners(account):
                if row and row.rings:
                    desk.put(self.snapshot(desk), SLOW)
                else:
                    desk.close(ACCOUNT)

    def person(self, kind: str, account: int, poster_id: int | None) -> Person | None:
        if poster_id is None:
            return None
        names = rows(NAMES[kind], account, poster_id)
        lines = tuple(line for (line,) in rows(LINES, account, kind, poster_id))
        return Person(poster_id, names[0][0] if names else "", lines)

    def _calls_at(self, desk: Listener) -> list[tuple[Call, Route]]:
        calls = journal.live(desk.account, time.time() - self._settings.grace)
        routed = [(call, journal.route(call, self._did(call))) for call in calls]
        return [(call, route) for call, route in routed if route.shows(call, desk)]

    def _with_guest(self, call: Call, route: Route) -> Json:
        card = self._cards.get(call.id)
        if card is None and call.state != ENDED:
            self.look(call)
        return {
            "call": messages.call(call, self._number(call), self._answerer(call, route), True),
            "guest": self._cards.get(call.id),
        }

    def _guest_known(self, call: Call, card: Card, begun: float) -> None:
        took, matches = 1000 * (time.monotonic() - begun), len(card["guests"])
        log.info("call=%s guest %s matches=%d after=%.0fms", call.id, card["stage"], matches, took)
        with self._lock:
            # Milliseconds, so that a version told after a restart still beats one told before it.
            version = max(self._cards.get(call.id, {}).get("version", 0) + 1, int(time.time() * 1000))
            told = self._cards[call.id] = {**card, "version": version}
        with reading():
            now = journal.get(call.account, call.id) or call
            has = journal.route(now, self._did(now)).audience(now)
        frame = messages.frame("guest", call=call.id, guest=told)
        self._hub.publish(call.account, lambda desk: frame if has(desk) else None, SLOW)

    def forget(self, ended_before: float) -> None:
        """Drops the cards of calls that no snapshot can name any more."""
        with self._lock:
            for (call,) in rows(OVER, json.dumps(list(self._cards)), ended_before):
                del self._cards[call]

    def _tell_recent(self, call: Call, route: Route) -> None:
        frame = messages.frame("recent", row=self._recent_row(call, route))
        rang = route.rung(call)
        self._hub.publish(call.account, lambda desk: frame if rang(desk) else None, SLOW)

    def _recent(self, desk: Listener) -> list[Json]:
        calls = journal.callers(desk.account, 3 * RECENT)
        routed = ((call, journal.route(call, self._did(call))) for call in calls)
        rang = ((call, route) for call, route in routed if route.rung(call)(desk))
        return [self._recent_row(call, route) for call, route in islice(rang, RECENT)]

    def _recent_row(self, call: Call, route: Route) -> Json:
        number = self._number(call)
        card = self._remembered(call.account, number.e164) if number.matchable else None
        guests = (card or {}).get("guests") or [{}]
        answerer = self._answerer(call, route)
        return messages.recent(
            call, number, guests[0].get("name", ""), (answerer.name or answerer.line) if answerer else ""
        )

    def _answerer(self, call: Call, route: Route) -> Answerer | None:
        """Who has the call. A line that several share names nobody: the company doesn't say which of them."""
        if not call.answered_by:
            return None
        people = [who for kind, who in route.owners.get(call.line, frozenset()) if kind == "employee"]
        person = self.person("employee", call.account, people[0]) if len(people) == 1 else None
        return Answerer(call.line, person.id if person else None, person.name if person else "")

    def _number(self, call: Call) -> Number:
        return phones.read(call.caller, self._country(call.account))

    def _did(self, call: Call) -> Number:
        return phones.read(call.did, self._country(call.account))

    def _country(self, account: int) -> str:
        return journal.country(account, self._settings.default_country)

    def _account(self, row: Account) -> Json:
        country = row.country or self._settings.default_country
        return {"name": row.name, "country": country, "code": phones.calling_code(country),
                "currency": row.currency, "lang": row.lang}  # fmt: skip
