"""What is to be written at once, and what was read for it, each thing once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field

from server import journal, phones, popping, preferences
from server.calls import Call
from server.db import rows, unhurried, write
from server.preferences import ON_ANSWER
from server.sightings.verdicts import Mood, Seat

PORTION = 100  # rows
GIVES_WAY = 0.001  # seconds; after less than that gevent goes on without looking who else came
# Of a chain with more registers than that, some of those that are away stand for all.
REGISTERS = "SELECT poster_id FROM register WHERE account_id = ? AND NOT gone ORDER BY poster_id LIMIT 60"
# A call that was erased meanwhile leaves nothing behind. "WHERE true" tells SQLite where the upsert begins.
KEEP = """INSERT INTO sighting (account_id, call_id, register, employee, verdict, at)
    SELECT call.account_id, call.id, json_extract(value, '$[2]'), json_extract(value, '$[3]'),
    json_extract(value, '$[4]'), json_extract(value, '$[5]') FROM json_each(?) JOIN call
    ON call.id = json_extract(value, '$[1]') AND call.account_id = json_extract(value, '$[0]') WHERE true
    ON CONFLICT (call_id, register) DO UPDATE SET employee = excluded.employee, verdict = excluded.verdict,
    at = excluded.at"""
TOOK = """UPDATE sighting SET took = json_extract(value, '$[3]') FROM json_each(?)
    WHERE call_id = json_extract(value, '$[1]') AND register = json_extract(value, '$[2]')
    AND account_id = json_extract(value, '$[0]') AND took IS NULL"""


@dataclass
class Page:
    """`kept`: account, call, register, employee, verdict, when; `timed`: account, call, register, milliseconds."""

    country: str
    kept: list[tuple[int, str, int, int, str, float]] = field(default_factory=list)
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
            with unhurried():
                write(KEEP, json.dumps(now))
                if not self.kept:
                    write(TOOK, json.dumps(self.timed))
                    self.timed = []
            time.sleep(GIVES_WAY)
