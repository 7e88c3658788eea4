"""What became of a call's card at each register, read back."""

from __future__ import annotations

from dataclasses import dataclass

from server.db import rows
from server.sightings.verdicts import LATE, UNRECORDED

# Registers that Poster does not have any more keep their name. The plus: the call says where to look, not the account.
OF_CALL = """SELECT sighting.register, coalesce(register.name, ''), sighting.employee, coalesce(employee.name, ''),
    sighting.verdict, sighting.at, sighting.took FROM sighting
    LEFT JOIN register ON register.account_id = sighting.account_id AND register.poster_id = sighting.register
    LEFT JOIN employee ON employee.account_id = sighting.account_id AND employee.poster_id = sighting.employee
    WHERE +sighting.account_id = ? AND sighting.call_id = ? ORDER BY sighting.took IS NULL, 2, 1"""
CALL = "SELECT started, late, direction FROM call WHERE account_id = ? AND id = ?"
TAKEN = """SELECT took FROM (SELECT took, verdict FROM sighting WHERE account_id = ? AND register = ?
    ORDER BY id DESC LIMIT 200) AS latest WHERE took IS NOT NULL ORDER BY took"""


@dataclass(frozen=True)
class Sighting:
    """One register (its Poster id and name), who was logged in there, a word of `verdicts.VERDICTS`.

    `took`: milliseconds from the phone company's word to the register's that it has the card, or None.
    """

    register: int
    name: str
    employee: int
    who: str
    verdict: str
    at: float
    took: int | None = None


def of(account: int, call_id: str) -> list[Sighting]:
    """Every register's, the first to have the card first.

    One with register 0 speaks for all: `late` (told by the company's history, so no card came) or `unrecorded` (an
    older version, or the box lost power in that second). Nothing for outgoing calls and calls of other accounts.
    """
    if found := [Sighting(*row) for row in rows(OF_CALL, account, call_id)]:
        return found
    call = rows(CALL, account, call_id)
    if not call or call[0][2] != "in":
        return []
    return [Sighting(0, "", 0, "", LATE if call[0][1] else UNRECORDED, call[0][0])]


@dataclass(frozen=True)
class Speed:
    """Milliseconds from ring to card at one register, over its last calls."""

    calls: int
    p50: int
    p95: int


def speed(account: int, register: int) -> Speed | None:
    took = [ms for (ms,) in rows(TAKEN, account, register)]
    return Speed(len(took), _at(took, 0.5), _at(took, 0.95)) if took else None


def _at(ranked: list[int], share: float) -> int:
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]
