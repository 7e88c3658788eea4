"""One call from its first ring to its order, as far as anybody told us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server import flags, journal, kin, sightings
from server.callbook import masks, reading
from server.callbook.reading import Names
from server.callbook.rows import Row, became, line, rows
from server.calls import ANSWERED, ENDED, MOVED, OUT, Call
from server.db import reading as reads
from server.db import rows as asked
from server.legs import RINGING
from server.messages import Json, clean
from server.models import Account
from server.sightings import Sighting
from server.unfit import Unfit

BACK = """SELECT id, calls, first_at, at, claimed_by, claimed_at, closed_at, closed_how, closed_by, closed_call
    FROM callback INDEXED BY callback_number WHERE account_id = ? AND number = ? AND first_at <= ?
    AND (closed_at IS NULL OR closed_at >= ?) ORDER BY first_at DESC LIMIT 1"""
EARLIER = """SELECT id FROM call INDEXED BY call_number WHERE account_id = ? AND number = ? AND direction <> ''
    AND (started, id) < (?, ?) ORDER BY started DESC, id DESC LIMIT 1"""
LATER = """SELECT id FROM call INDEXED BY call_number WHERE account_id = ? AND number = ? AND direction <> ''
    AND (started, id) > (?, ?) ORDER BY started, id LIMIT 1"""
NOTED = "SELECT by_name, at FROM call_note WHERE account_id = ? AND call_id = ?"
OWNERS = "SELECT kind, owner FROM line_owner WHERE account_id = ? AND line = ? ORDER BY kind, owner"
REGISTERS = "SELECT poster_id, name FROM register WHERE account_id = ?"


@dataclass(frozen=True)
class Leg:
    """One line that had the call: whose it is, what became of it there, and when it rang, where the company says."""

    line: str
    who: tuple[str, ...]
    became: str
    rang: tuple[float, float] | None = None


@dataclass(frozen=True)
class Step:
    """`kind`: came, placed, answered, moved, held, or what became of the call."""

    at: float | None
    kind: str
    line: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class Back:
    """That the guest waited to be called: how often they tried, who took it on, how it ended and how long it took."""

    id: int
    calls: int
    first: float
    claimed_by: str
    how: str
    by: str
    closed: float | None
    call: str

    @property
    def minutes(self) -> int | None:
        return None if self.closed is None else max(0, round((self.closed - self.first) / 60))


@dataclass(frozen=True)
class Guest:
    id: int
    name: str
    numbers: tuple[str, ...]
    flags: list[Json]


@dataclass(frozen=True)
class Story:
    row: Row
    number: str
    legs: list[Leg]
    steps: list[Step]
    guest: Guest | None
    back: Back | None
    sightings: list[Sighting]
    earlier: str
    later: str
    noted: tuple[str, float] | None


def story(account: Account, call_id: str) -> Story:
    """Raises Unfit `call_unknown`, also for another account's call."""
    read = reading.some(account.id, [call_id])
    with reads():
        call = journal.get(account.id, call_id)
        if call is None or not read.calls or not call.direction:
            raise Unfit("call_unknown")
        row, number = rows(read, read.calls, account)[0], read.calls[0].number
        legs = _legs(call, read.names, account.id)
        noted = asked(NOTED, account.id, call_id)
        return Story(
            row=row, number=number, legs=legs, steps=_steps(call, legs, became(read.calls[0])),
            guest=_guest(account, row, number), back=_back(account.id, number, call),
            sightings=sightings.of(account.id, call_id), earlier=_beside(EARLIER, account.id, number, call),
            later=_beside(LATER, account.id, number, call), noted=(clean(noted[0][0]), noted[0][1]) if noted else None,
        )  # fmt: skip


def _legs(call: Call, names: Names, account: int) -> list[Leg]:
    found = [
        Leg(line(name), whose(account, name, names), its, call.rang.get(name))
        for name, its in call.legs.items()
        if name
    ]
    return sorted(found, key=lambda leg: leg.rang[0] if leg.rang else call.started)


def whose(account: int, name: str, names: Names) -> tuple[str, ...]:
    """Employees and registers that the line belongs to now; a test ring's register itself."""
    registers: Mapping[int, str] = dict(asked(REGISTERS, account))
    if name.startswith("@"):
        return (clean(registers.get(int(name[1:]), "")),) if name[1:].isdigit() else ()
    owners = [
        (names.people if kind == "employee" else registers).get(owner)
        for kind, owner in asked(OWNERS, account, name)
    ]
    return tuple(clean(one) for one in owners if one)


def _steps(call: Call, legs: list[Leg], became: str) -> list[Step]:
    """In the order in which they happened; of a transfer nobody tells when it was."""
    who = {leg.line: leg.who for leg in legs}
    steps = [Step(call.started, "placed" if call.direction == OUT else "came")]
    picked = line(call.answered_by or call.line)
    if call.answered:
        steps.append(Step(call.answered, ANSWERED, picked, who.get(picked, ())))
    if any(leg.became == MOVED for leg in legs) and line(call.line) != picked:
        steps.append(Step(None, MOVED, line(call.line), who.get(line(call.line), ())))
    if call.held and call.state != ENDED:
        steps.append(Step(None, "held"))
    if call.state == ENDED:
        steps.append(Step(call.ended, "over" if became == ANSWERED else became))
    elif call.state != RINGING and not call.answered:
        steps.append(Step(None, "talking"))
    return steps


def _guest(account: Account, row: Row, number: str) -> Guest | None:
    if not row.guest:
        return None
    others = [number, *kin.numbers_of(account.id, row.guest, number)]
    shown = tuple(masks.shown(one, account) for one in others)
    raised, sees = flags.of_guest(account.id, row.guest), masks.sees_numbers(account)
    told = [{**flag, "text": masks.words(flag["text"], sees)} for flag in raised]
    return Guest(row.guest, row.name, shown, told)


def _back(account: int, number: str, call: Call) -> Back | None:
    """Of the guest's wait that this call began, was part of, or ended."""
    found = (
        asked(BACK, account, number, call.started + 1, call.started - 1) if number and not call.test else []
    )
    if not found:
        return None
    id_, calls, first, last, claimed_by, _, closed, how, by, closed_call = found[0]
    if call.id != closed_call and call.started > last + 1:
        return None
    return Back(id_, calls, first, clean(claimed_by), how, clean(by), closed, closed_call)


def _beside(sql: str, account: int, number: str, call: Call) -> str:
    found = asked(sql, account, number, call.started, call.id) if number else []
    return str(found[0][0]) if found else ""
