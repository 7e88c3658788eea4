"""What a register may see of a call: numbers, names, who answered, and what stays behind a veil."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from server import journal, messages, notes, once, phones, popping, preferences
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
# Of several guests with one number the one who paid most comes last.
NAMES_OF = """SELECT known.number, guest.name FROM guest_number AS known JOIN guest
    ON guest.account_id = known.account_id AND guest.client_id = known.client_id
    WHERE known.account_id = ? AND known.number IN (SELECT value FROM json_each(?)) AND guest.deleted = 0
    ORDER BY guest.paid, guest.client_id DESC"""
DIDS = "SELECT count(*) FROM did WHERE account_id = ?"
LINES = "SELECT line FROM line_owner WHERE account_id = ? AND kind = ? AND owner = ? ORDER BY line"


@dataclass(frozen=True)
class Face:
    """A call as it is shown. `veil`: the owner wants number and name hidden until somebody answers."""

    call: Call
    number: Number
    answerer: Answerer | None
    pop: bool
    veil: bool
    brand: str = ""

    def veiled(self, mine: bool) -> bool:
        """While it rings from everybody; afterwards from those whom it is not for."""
        return self.hides(self.call.state) or (self.hides(RINGING) and not mine)

    def hides(self, state: str) -> bool:
        """Whether a call in this state is veiled where its card is."""
        return self.veil and state == RINGING and bool(self.number.e164)

    def json(self, mine: bool, open_: bool = False) -> Json:
        veiled = self.veiled(mine) and not open_
        return messages.call(self.call, self.number, self.answerer, mine, self.pop, veiled, self.brand)


class Showing:
    """Reads what frames are made of; writes nothing and knows of no socket."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def face(self, call: Call, route: Route) -> Face:
        number = self.number(call)
        pop = not popping.never(call.account, number.e164)
        veil = preferences.of(call.account).veil
        return Face(call, number, self.answerer(call, route), pop, veil, self._brand(call))

    def _brand(self, call: Call) -> str:
        """The number that was called; nobody asks which when there is only one."""
        several = call.did and once.rows(DIDS, call.account)[0][0] > 1
        return phones.read(call.did, self.country(call.account)).shown if several else ""

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
        rang = islice(((call, route) for call, route in routed if route.rung(call)(desk)), RECENT)
        return self.recent_rows(account, list(rang))

    def recent_rows(self, account: int, rang: Sequence[tuple[Call, Route]]) -> list[Json]:
        """Rows for the list of callers; names and notes of all of them are read at once."""
        numbers = [self.number(call) for call, _ in rang]
        names = dict(rows(NAMES_OF, account, json.dumps([number.e164 for number in numbers])))
        noted = notes.of_calls(account, [call.id for call, _ in rang])
        found = []
        for (call, route), number in zip(rang, numbers, strict=True):
            who, note = self.answerer(call, route), noted.get(call.id, ("", ""))[0]
            by = (who.name or who.line) if who else ""
            found.append(messages.recent(call, number, names.get(number.e164, ""), by, note))
        return found

    def missed(self, account: int) -> list[tuple[Callable[[Desk], bool], Json]]:
        """Everybody who waits for a call, the most urgent first, each with the registers that see them."""
        found = listing.rows_for(account, self.country(account), time.time())
        return [(self.route(call).rung(call), row) for call, row in found]
