"""Who answers what: lines of employees and registers, outside numbers of spots.

Our database is the truth. Each employee's lines are copied into Poster's `staff` extras (key `line`), because
that is where a register looks when it cannot hear us. A copy that failed stays dirty and is tried again.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from server import audit, owed, phones
from server.db import reading, transaction
from server.models import CONNECTED, Account, Did, Employee, LineOwner, Register, Spot, Stray
from server.oversights import Notice, notices
from server.unfit import Unfit

EMPLOYEE, REGISTER = "employee", "register"
LINE, DID = "line", "did"
LONGEST, MOST = 20, 20

_LINE = re.compile(r"^[0-9*#]+$")
_BETWEEN = re.compile(r"[\s,;]+")
_SHORT_NUMBER = re.compile(r"^[0-9]{3,6}$")
_MODELS: dict[str, type[Employee] | type[Register]] = {EMPLOYEE: Employee, REGISTER: Register}

log = logging.getLogger("dzvinok.lines")

# Writes a staff member's extras at Poster: (account id, employee's poster_id, all our keys) -> whether taken.
WriteStaff = Callable[[int, int, Mapping[str, str]], bool]
Key = tuple[int, int]
Mirrored = Employee | Register | Spot


@dataclass(frozen=True)
class Owner:
    kind: str
    id: int
    name: str


class Lines:
    """`changed(account id)` is called after each change, when it is stored."""

    def __init__(self, write_staff: WriteStaff, changed: Callable[[int], None], country: str = "UA") -> None:
        self._write_staff = write_staff
        self._changed = changed
        self._country = country
        self._copying: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)

    def set_employee(self, account: Account, employee_id: int, lines: str | Iterable[str]) -> list[str]:
        """Replaces the employee's lines. Somebody who left Poster can only lose theirs."""
        return self._set(account, EMPLOYEE, employee_id, parse(lines))

    def set_register(self, account: Account, register_id: int, lines: str | Iterable[str]) -> list[str]:
        return self._set(account, REGISTER, register_id, parse(lines))

    def set_many(self, account: Account, wanted: Mapping[tuple[str, int], list[str]]) -> int:
        """Lines of several at once, all or none; returns how many are others now. Raises Unfit."""
        with transaction(account.id):
            changed = [_put(account, kind, owner, lines) for (kind, owner), lines in wanted.items()]
        if any(changed):
            self._changed(account.id)
        return sum(changed)

    def _set(self, account: Account, kind: str, owner: int, lines: list[str]) -> list[str]:
        self.set_many(account, {(kind, owner): lines})
        return lines

    def set_did(self, account: Account, number: str, spot: int | None) -> str:
        """Makes an outside number ring a spot, or nothing in particular (None). Returns it as E.164."""
        e164 = self.outside(account, number)
        with transaction(account.id):
            was = Did.get_or_none(Did.account == account, Did.number == e164)
            audit.note(
                account.id, "did", e164, _spot(account.id, was.spot if was else None), _spot(account.id, spot)
            )
            if spot is None:
                gone = Did.delete().where(Did.account == account, Did.number == e164).execute()
                if not gone:
                    raise Unfit("did_unknown", value=number)
            else:
                _put_did(account, e164, spot)
        self._changed(account.id)
        return e164

    def outside(self, account: Account, number: str) -> str:
        """The number as calls carry it. Three to six digits are a short number of some company's own."""
        found = phones.read(number, account.country or self._country)
        if not found.matchable and not _SHORT_NUMBER.match(found.e164):
            raise Unfit("number", value=number.strip())
        return found.e164

    def owners(self, account: Account, line: str) -> list[Owner]:
        """The employees and registers that have the line, without those that left Poster."""
        with reading():
            rows = LineOwner.select().where(LineOwner.account == account, LineOwner.line == line)
            found = [(row.kind, row.owner, _find(account.id, row.kind, row.owner)) for row in rows]
        return [Owner(kind, owner, row.name) for kind, owner, row in found if row and not row.gone]

    def warnings(self, account: Account) -> list[Notice]:
        with reading():
            return notices(account)

    def write_extras(self, account_id: int, employee_id: int) -> bool:
        """Copies the employee's lines to Poster: always all our keys, in case Poster replaces what it had."""
        key = (account_id, employee_id)
        with self._copying[key]:
            with reading():
                lines = ",".join(of(account_id, EMPLOYEE, employee_id))
            if not self._write_staff(account_id, employee_id, {"line": lines}):
                owed.later(account_id, owed.STAFF, employee_id)
                log.warning("account %s: employee %s: the line was not copied to Poster", *key)
                return False
            with transaction(account_id):
                owed.paid(account_id, owed.STAFF, employee_id)
                Employee.update(extras_line=lines).where(*_is(Employee, account_id, employee_id)).execute()
            return True

    def write_dirty(self) -> int:
        """Tries again the copies that failed, each after a longer rest. Returns how many Poster took."""
        with reading():
            dirty = [(one.id, employee) for one in _connected() for employee in uncopied(one)]
            resting = owed.resting(owed.STAFF)
        return sum(self.write_extras(*one) for one in dirty if one not in resting)


def parse(lines: str | Iterable[str]) -> list[str]:
    """`"101, 102"` or its parts -> `["101", "102"]`, without repeats, in the order typed."""
    text = lines if isinstance(lines, str) else ",".join(lines)
    found = list(dict.fromkeys(part for part in _BETWEEN.split(text) if part))
    for line in found:
        if not _LINE.match(line):
            raise Unfit("line_characters", value=line)
        if len(line) > LONGEST:
            raise Unfit("line_long", value=line, most=LONGEST)
    if len(found) > MOST:
        raise Unfit("line_many", most=MOST)
    return found


def of(account_id: int, kind: str, owner: int) -> list[str]:
    """The lines of one employee or register, in the order in which they were typed."""
    rows = LineOwner.select(LineOwner.line).where(*_whose(account_id, kind, owner)).order_by(LineOwner.id)
    return [row.line for row in rows]


def uncopied(account: Account) -> list[int]:
    """Employees whose lines Poster's extras do not have yet. Two questions: it is asked every 20 seconds."""
    lines: defaultdict[int, list[str]] = defaultdict(list)
    owned = LineOwner.select(LineOwner.owner, LineOwner.line).order_by(LineOwner.id)
    for row in owned.where(LineOwner.account == account, LineOwner.kind == EMPLOYEE):
        lines[row.owner].append(row.line)
    staff = Employee.select().where(Employee.account == account, Employee.gone == False)  # noqa: E712
    return [one.poster_id for one in staff if one.extras_line != ",".join(lines[one.poster_id])]


def _put(account: Account, kind: str, owner: int, lines: list[str]) -> bool:
    """Inside a transaction; False when they are what they were."""
    name, had = _must_exist(account, kind, owner, even_gone=not lines), of(account.id, kind, owner)
    if lines == had:
        return False
    LineOwner.delete().where(*_whose(account.id, kind, owner)).execute()
    for line in lines:
        LineOwner.create(account=account, line=line, kind=kind, owner=owner)
    Stray.delete().where(Stray.account == account, Stray.kind == LINE, Stray.value.in_(lines)).execute()
    audit.note(account.id, "lines", name, ", ".join(had), ", ".join(lines))
    return True


def _spot(account_id: int, spot: int | None) -> str:
    row = Spot.get_or_none(*_is(Spot, account_id, spot)) if spot else None
    return row.name if row else ""


def _put_did(account: Account, number: str, spot: int) -> None:
    if not Spot.get_or_none(*_is(Spot, account.id, spot), Spot.gone == False):  # noqa: E712
        raise Unfit("spot_unknown")
    Did.delete().where(Did.account == account, Did.number == number).execute()
    Did.create(account=account, number=number, spot=spot)
    Stray.delete().where(Stray.account == account, Stray.kind == DID, Stray.value == number).execute()


def _must_exist(account: Account, kind: str, owner: int, even_gone: bool) -> str:
    """Their name."""
    row = _find(account.id, kind, owner)
    if row is None or (row.gone and not even_gone):
        raise Unfit(f"{kind}_unknown")
    return row.name


def _find(account_id: int, kind: str, owner: int) -> Employee | Register | None:
    model = _MODELS[kind]
    found: Employee | Register | None = model.get_or_none(*_is(model, account_id, owner))
    return found


def _is(model: type[Mirrored], account_id: int, poster_id: int) -> tuple[object, object]:
    return model.account == account_id, model.poster_id == poster_id


def _whose(account_id: int, kind: str, owner: int) -> tuple[object, ...]:
    return LineOwner.account == account_id, LineOwner.kind == kind, LineOwner.owner == owner


def _connected() -> list[Account]:
    """A broken account's token serves nothing, so its copies wait until it is connected again."""
    return list(Account.select().where(Account.state == CONNECTED))
