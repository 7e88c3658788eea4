"""What is to be written at once, and what was read for it, each thing once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from server import journal, phones, popping, preferences
from server.calls import Call
from server.db import NOBODYS, rows, unhurried, write
from server.preferences import ON_ANSWER
from server.sightings.verdicts import Mood, Seat

PORTION = 100  # rows
GIVES_WAY = 0.001  # seconds; after less than that gevent goes on without looking who else came
# Of a chain with more registers than that, some of those that are away stand for all.
REGISTERS = "SELECT poster_id FROM register WHERE account_id = ? AND gone = 0 ORDER BY poster_id LIMIT 60"
# A call that was erased meanwhile leaves nothing behind. "WHERE true" tells SQLite where the upsert begins.
NUMBER = "CAST(json_extract(value, '$[{}]') AS BIGINT)"
KEEP = f"""INSERT INTO sighting (account_id, call_id, register, employee, verdict, at)
    SELECT call.account_id, call.id, {NUMBER.format(2)}, {NUMBER.format(3)}, json_extract(value, '$[4]'),
    CAST(json_extract(value, '$[5]') AS DOUBLE PRECISION) FROM json_each(?) AS one JOIN call
    ON call.id = json_extract(value, '$[1]') AND call.account_id = {NUMBER.format(0)} WHERE true
    ON CONFLICT (call_id, register) DO UPDATE SET employee = excluded.employee, verdict = excluded.verdict,
    at = excluded.at"""  # noqa: S608 - our own words
TOOK = f"""UPDATE sighting SET took = {NUMBER.format(3)} FROM json_each(?) AS one
    WHERE call_id = json_extract(value, '$[1]') AND register = {NUMBER.format(2)}
    AND account_id = {NUMBER.format(0)} AND took IS NULL"""  # noqa: S608 - our own words


Kept = tuple[int, str, int, int, str, float]


@dataclass
class Page:
    """`kept`: account, call, register, employee, verdict, when; `timed`: account, call, register, milliseconds."""

    country: str
    kept: list[Kept] = field(default_factory=list)
    timed: list[tuple[int, str, int, int]] = field(default_factory=list)
    _registers: dict[int, list[int]] = field(default_factory=dict)
    _on_answer: dict[int, bool] = field(default_factory=dict)
    _never: dict[str, bool] = field(default_factory=dict)
    _quiet: dict[tuple[int, int | None], bool] = field(default_factory=dict)

    def registers(self, account: int) -> list[int]:
        if account not in self._registers:
            self._registers[account] = [register for (register,) in rows(REGISTERS, account)]
        return self._registers[account]

    def mood(self, call: Call, seat: Seat) -> Mood:
        who = call.account, seat.employee
        if call.account not in self._on_answer:
            self._on_answer[call.account] = preferences.of(call.account).pop == ON_ANSWER
        if call.id not in self._never:
            number = phones.read(call.caller, journal.country(call.account, self.country)).e164
            self._never[call.id] = popping.never(call.account, number)
        if who not in self._quiet:
            self._quiet[who] = popping.quiet(*who)
        return Mood(self._never[call.id], self._on_answer[call.account], self._quiet[who])

    def write(self) -> None:
        """In one short transaction that no ring waits for; in several for a chain with hundreds of registers."""
        while self.kept or self.timed:
            now, self.kept = self.kept[:PORTION], self.kept[PORTION:]
            with unhurried(NOBODYS):
                write(KEEP, json.dumps(_latest(now)))
                if not self.kept:
                    write(TOOK, json.dumps(self.timed))
                    self.timed = []
            time.sleep(GIVES_WAY)


def _latest(kept: list[Kept]) -> list[Kept]:
    """Of each call at each register what was told last: a statement changes no row twice."""
    return list({(one[1], one[2]): one for one in kept}.values())
