"""Every table, and what it knows of a person: what is found, handed out and erased.

In the questions ?1 is the account, ?2 the person's numbers (E.164), ?3 Poster's ids of them as a guest, ?4 their
numbers in every spelling, ?5 numbers with their stand-ins, ?6 their names, ?7 how their numbers look where they are
masked; all but the first are JSON. A table that is not here makes a test fail: say what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass

DELETE, KEEP = "", "-"

NUMBERS = "(SELECT value FROM json_each(?2))"
CLIENTS = "(SELECT CAST(value AS BIGINT) FROM json_each(?3))"
CALLS = f"(SELECT id FROM call WHERE account_id = ?1 AND number IN {NUMBERS})"  # noqa: S608 - our own words
STANDS = "(SELECT value FROM json_each(?5) WHERE key = number)"
# An order that is open must still hear its sum: `retention` cuts it off from Poster's afterwards.
CUT_ORDER = """client_id = 0, transaction_id = CASE WHEN closed_at IS NULL THEN transaction_id ELSE 0 END,
    order_id = CASE WHEN closed_at IS NULL THEN order_id ELSE -id END"""
WAITS = f"""(SELECT CAST(id AS TEXT) FROM callback
    WHERE account_id = ?1 AND number IN {NUMBERS})"""  # noqa: S608
BY = "by_name"
OF_CALLS = f"call_id IN {CALLS}"
BESIDES = "+account_id = ?1"  # asked of rows that were found by another index
OF_GUEST = f"client_id IN {CLIENTS}"


def says(*columns: str, words: str = "?4") -> str:
    """Whether one of the texts has one of the words in it. `key` and `value` would be json_each's own."""
    texts = " || ' ' || ".join(columns)
    return f"EXISTS (SELECT 1 FROM json_each({words}) WHERE instr({texts}, value) > 0)"  # noqa: S608


def without(column: str) -> str:
    return f"{column} = CASE WHEN {says(column)} THEN '…' ELSE {column} END"


def theirs(table: str) -> str:
    """Rows with a number or as a guest, each by its own index."""
    mine = f"SELECT id FROM {table} WHERE account_id = ?1 AND"  # noqa: S608
    return f"id IN ({mine} number IN {NUMBERS} UNION {mine} client_id IN {CLIENTS})"


@dataclass(frozen=True)
class Held:
    """Which rows are a person's, what of them is told, and what becomes of them when the person is erased: DELETE,
    KEEP (nothing in them is about the person any more, once the calls are nobody's), or what is set instead.

    `order` is the column that the newest come by (never an index: it would lead through everybody), `of` how a row
    belongs to an account.
    """

    table: str
    where: str
    columns: str
    erase: str = DELETE
    order: str = "at"
    of: str = "account_id = ?1"

    @property
    def question(self) -> str:
        return f"SELECT {self.columns} FROM {self._mine} ORDER BY +{self.order} DESC"  # noqa: S608 - our own words

    @property
    def names(self) -> list[str]:
        """What the columns of the question are called."""
        return [part.split()[-1] for part in self.columns.split(", ")]

    @property
    def statement(self) -> str:
        """What erases; "" where nothing has to be."""
        if self.erase == KEEP:
            return ""
        if self.erase == DELETE:
            return f"DELETE FROM {self._mine}"  # noqa: S608
        return f"UPDATE {self._mine.replace(' WHERE ', f' SET {self.erase} WHERE ', 1)}"  # noqa: S608

    @property
    def _mine(self) -> str:
        return f"{self.table} WHERE {self.of} AND ({self.where})"


# In the order in which they are erased: what is found through the calls' number goes before it does.
HELD: tuple[Held, ...] = (
    Held("call_note", OF_CALLS, f"at, outcome, text, {BY}", "text = ''"),
    Held("call_order", OF_CALLS, f"at, transaction_id, sum, due, closed_at, {BY}", CUT_ORDER),
    Held("call_order", f"client_id <> 0 AND {OF_GUEST} AND call_id NOT IN {CALLS}",
         f"at, transaction_id, sum, due, closed_at, {BY}", CUT_ORDER),
    Held("sighting", OF_CALLS, "at, register, employee, verdict", KEEP),
    Held("reveal", OF_CALLS, f"at, {BY}", KEEP),
    Held("alias", f"{OF_CALLS} AND {says('alias.value')}", "value", order="id"),
    Held("online_ask", f"{OF_GUEST} OR {OF_CALLS}", f"at, incoming_id, transaction_id, due, state, {BY}"),
    Held("dial", f"number IN {NUMBERS}", "at, number, line"),
    # What was sent may name others with the same last digits: nobody is shown its text as theirs.
    Held("alert_post", " OR ".join(says("title", "text", words=words) for words in ("?4", "?6", "?7")), "at, kind"),
    Held("alert", f"{says('facts')} OR {says('facts', words='?6')} OR kind = 'missed' AND thing IN {WAITS}",
         "since AS at, kind, over_at", order="since"),
    Held("callback", f"number IN {NUMBERS} AND closed_at IS NULL", "at, number, calls, first_at, claimed_by"),
    Held("callback", f"number IN {NUMBERS} AND closed_at IS NOT NULL",
         "at, number, calls, first_at, closed_at, closed_how, closed_by", f"number = {STANDS}"),
    Held("never_pop", f"number IN {NUMBERS}", f"at, number, kind, {BY}",
         f"number = {STANDS}, kind = 'erased', by_id = 0, by_name = ''"),
    Held("audit", says("thing", "before", "after"), "at, what, thing, before, after, who",
         ", ".join(without(one) for one in ("thing", "before", "after"))),
    # Numbers are masked there: it may as well be somebody else's, so its text is shown to nobody as theirs.
    Held("raw", f"{says('text', words='?6')} OR {says('text', words='?7')}", "at, way, word"),
    Held("trunk", "last_from IN (SELECT value FROM json_each(?7))", "last_at AS at, last_from", "last_from = ''",
         order="id"),
    Held("command", says("body"), "at, kind, body", of="CAST(json_extract(body, '$.account') AS BIGINT) = ?1"),
    # Bit by bit, see `erasing`.
    Held("call", f"number IN {NUMBERS}",
         "started AS at, direction, number, caller, name, did, line, answered_by, outcome, answered, ended, key, "
         "recording",
         f"number = {STANDS}, caller = {STANDS}, name = '', recording = '', dial_id = NULL, "
         f"key = CASE WHEN {says('call.key')} THEN 'erased ' || id ELSE key END", order="started"),
    Held("flag", OF_GUEST, f"at, kind, text, {BY}, gone_at, gone_by"),
    Held("guest_place", OF_GUEST,
         "at, text, street, house, flat, entrance, floor, code, note"),
    Held("guest_order", OF_GUEST,
         "started / 1000.0 AS at, transaction_id, sum, status, delivery, address, items", order="started"),
    Held("online_order", theirs("online_order"),
         "read_at AS at, incoming_id, number, sum, status, address, transaction_id", order="read_at", of=BESIDES),
    Held("guest_number", theirs("guest_number"), f"at, number, client_id, ours, {BY}", of=BESIDES),
    Held("guest", OF_GUEST,
         "since AS at, client_id, name, group_name, bonus, discount, comment, address, birthday, paid", order="id"),
    Held("todo", f"kind = 'client' AND thing IN {CLIENTS}", "at, kind, thing"),
    Held("flag_copy", OF_GUEST, "at, client_id", KEEP),
    Held("owed", f"kind = 'client' AND thing IN {CLIENTS}", "since AS at, kind, tries", KEEP, order="since"),
)  # fmt: skip

# Tables that know nobody who called, and why.
FREE = {
    "account": "the restaurant itself and who owns it",
    "spot": "the restaurant's places",
    "register": "the restaurant's registers",
    "employee": "who works there, by Poster's list",
    "line_owner": "who works there",
    "did": "the restaurant's own numbers",
    "stray": "lines and own numbers that nobody was set for",
    "nonce": "random words of signed requests",
    "pending": "hashes of connects that were begun",
    "parked": "an account that waits for its button",
    "code": "hashes of Poster's codes",
    "hook": "digests of Poster's notices, for three days",
    "tally": "how often something was refused",
    "migration": "the schema's own steps",
    "kept_key": "sealed keys of this box",
    "worker": "the processes that serve now",
    "lease": "which of them does what",
    "directory": "how far the directory is filled",
    "street": "names of streets where it delivers; one that only they lived in goes with their addresses",
    "street_word": "words of these names",
    "menu_item": "dishes",
    "open_order": "orders open now by Poster's number, for a day; whose they are does not stand there",
    "preference": "the owner's choices",
    "member": "who opens Manage",
    "login_over": "random words of pages that were locked, for two hours",
    "code_try": "when a code was tried, for a quarter of an hour",
    "spot_hours": "working hours",
    "cover": "which register covers for which spot",
    "call_fact": "figures of a call; its number is the call's and changes with it",
    "figure": "sums",
    "stale_call": "what is to be counted again, for a moment; erasing takes its marks of the number away",
    "recount": "how far everything is counted again",
    "covered": "calls that others covered, by their ids",
    "presence": "when employees were there",
    "alert_target": "where alerts go: the owner's own addresses",
    "swept": "when what was swept",
    "receipt": "that somebody was erased: a digest of the number and counts",
    "forgotten": "digests of erased numbers",
}
