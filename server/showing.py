"""What a register may see of a call: numbers, names, who answered, and what stays behind a veil."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from server import journal, messages, notes, phones, popping, preferences
from server.callbacks import listing
from server.calls import RINGING, Call
from server.config import Settings
from server.db import rows
from server.messages import Answerer, Json, Person
from server.models import Account
from server.phones import Number
from server.routing import Desk, Route

RECENT = 20

# In plain SQL, as the journal's: each snapshot asks them.
NAMES = {
    "employee": "SELECT name FROM employee WHERE account_id = ? AND poster_id = ?",
    "register": "SELECT name FROM register WHERE account_id = ? AND poster_id = ?",
}
LINES = "SELECT line FROM line_owner WHERE account_id = ? AND kind = ? AND owner = ? ORDER BY line"

Card = dict[str, Any]


@dataclass(frozen=True)
class Face:
    """A call as it is shown. `veil`: the owner wants number and name hidden until somebody answers."""

    call: Call
    number: Number
    answerer: Answerer | None
    pop: bool
    veil: bool

    def veiled(self, mine: bool) -> bool:
        """While it rings from everybody; afterwards from those whom it is not for."""
        return self.veil and bool(self.number.e164) and (self.call.state == RINGING or not mine)

    def json(self, mine: bool, open_: bool = False) -> Json:
        veiled = self.veiled(mine) and not open_
        return messages.call(self.call, self.number, self.answerer, mine, self.pop, veiled)


class Showing:
    """Reads what frames are made of; writes nothing and knows of no socket."""

    def __init__(self, settings: Settings, remembered: Callable[[int, str], Card | None]) -> None:
        self._settings = settings
        self._remembered = remembered

    def face(self, call: Call, route: Route) -> Face:
        number = self.number(call)
        pop = not popping.never(call.account, number.e164)
        veil = preferences.of(call.account).veil
        return Face(call, number, self.answerer(call, route), pop, veil)

    def number(self, call: Call) -> Number:
        return phones.read(call.caller, self.country(call.account))

    def route(self, call: Call) -> Route:
        return journal.route(call, phones.read(call.did, self.country(call.account)))

    def country(self, account: int) -> str:
        return journal.country(account, self._settings.default_country)

    def account(self, row: Account) -> Json:
        country = row.country or self._settings.default_country
        return {"name": row.name, "country": country, "code": phones.calling_code(country),
                "currency": row.currency, "lang": row.lang}  # fmt: skip

    def settings(self, account: int, employee: int | None) -> Json:
        chosen = preferences.of(account)
        quiet = popping.quiet(account, employee)
        return {"grace": self._settings.grace, "pop": chosen.pop, "quiet": quiet, "veil": chosen.veil,
                "delivery": chosen.delivery, "booking": chosen.booking}  # fmt: skip

    def person(self, kind: str, account: int, poster_id: int | None) -> Person | None:
        if poster_id is None:
            return None
        names = rows(NAMES[kind], account, poster_id)
        lines = tuple(line for (line,) in rows(LINES, account, kind, poster_id))
        return Person(poster_id, names[0][0] if names else "", lines)

    def answerer(self, call: Call, route: Route) -> Answerer | None:
        """Who has the call. A line that several share names nobody: the company doesn't say which of them."""
        if not call.answered_by:
            return None
        people = [who for kind, who in route.owners.get(call.line, frozenset()) if kind == "employee"]
        person = self.person("employee", call.account, people[0]) if len(people) == 1 else None
        return Answerer(call.line, person.id if person else None, person.name if person else "")

    def live(self, account: int) -> list[tuple[Call, Route]]:
        """Calls in progress and those that ended a moment ago."""
        calls = journal.live(account, time.time() - self._settings.grace)
        return [(call, self.route(call)) for call in calls]

    def recent(self, account: int, desk: Desk) -> list[Json]:
        calls = journal.callers(account, 3 * RECENT)
        routed = ((call, self.route(call)) for call in calls)
        rang = list(islice(((call, its) for call, its in routed if its.rung(call)(desk)), RECENT))
        noted = notes.of_calls(account, [call.id for call, _ in rang])
        return [self.recent_row(call, route, noted.get(call.id, ("", ""))[0]) for call, route in rang]

    def recent_row(self, call: Call, route: Route, note: str = "") -> Json:
        number, answerer = self.number(call), self.answerer(call, route)
        by = (answerer.name or answerer.line) if answerer else ""
        return messages.recent(call, number, self._name_of(call.account, number), by, note)

    def missed(self, account: int) -> list[tuple[Callable[[Desk], bool], Json]]:
        """Everybody who waits for a call, the most urgent first, each with the registers that see them."""
        country = self.country(account)
        found = listing.rows_for(account, country, time.time(), lambda number: self._name_of(account, number))
        return [(self.route(call).rung(call), row) for call, row in found]

    def _name_of(self, account: int, number: Number) -> str:
        card = self._remembered(account, number.e164) if number.matchable else None
        guests = (card or {}).get("guests") or [{}]
        return str(guests[0].get("name", ""))
