"""What the owner of an account has overlooked, as facts for the Manage pages and the doctor."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass

from server.models import Account, Did, Employee, LineOwner, Register, Stray, Trunk

REMEMBERED = 30 * 86400.0  # a call to an unknown line is old news after this


@dataclass(frozen=True)
class Notice:
    """One fact. `kind` is one of

    `no_trunk`; `stray_line`, `stray_did`: calls came to `value` and nobody is set for it; `left`: its owner
    is not in Poster any more; `no_line`: employees without one; `uncopied`: Poster's extras are behind;
    `shared`: several people or registers have it, which is no fault but worth knowing. `owner` is a poster_id.
    """

    kind: str
    value: str = ""
    names: tuple[str, ...] = ()
    count: int = 0
    last_at: float | None = None
    owner: int = 0

    @property
    def harmless(self) -> bool:
        return self.kind in ("shared", "no_line", "uncopied")


def notices(account: Account) -> list[Notice]:
    """The most urgent first. Needs an open connection."""
    staff = list(Employee.select().where(Employee.account == account).order_by(Employee.name))
    lines = _lines_of(account)
    return [
        *_no_trunk(account),
        *_strays(account, lines),
        *_left(staff, lines),
        *_no_line(staff, lines),
        *_uncopied(staff, lines),
        *_shared(account, staff, lines),
    ]


Lines = dict[tuple[str, int], list[str]]


def _lines_of(account: Account) -> Lines:
    found: Lines = defaultdict(list)
    for row in LineOwner.select().where(LineOwner.account == account).order_by(LineOwner.id):
        found[row.kind, row.owner].append(row.line)
    return found


def _no_trunk(account: Account) -> list[Notice]:
    return [] if Trunk.select().where(Trunk.account == account).exists() else [Notice("no_trunk")]


def _strays(account: Account, lines: Lines) -> list[Notice]:
    known = {
        "line": _owned(account, lines),
        "did": {row.number for row in Did.select().where(Did.account == account)},
    }
    recent = Stray.last_at > time.time() - REMEMBERED
    rows = Stray.select().where(Stray.account == account, recent).order_by(Stray.last_at.desc())
    return [
        Notice(f"stray_{row.kind}", row.value, count=row.count, last_at=row.last_at)
        for row in rows
        if row.value and row.value not in known.get(row.kind, set())
    ]


def _owned(account: Account, lines: Lines) -> set[str]:
    """The lines of people and registers that Poster still has."""
    staff = Employee.select().where(Employee.account == account, Employee.gone == False)  # noqa: E712
    registers = Register.select().where(Register.account == account, Register.gone == False)  # noqa: E712
    here = {("employee", one.poster_id) for one in staff} | {("register", one.poster_id) for one in registers}
    return {line for owner, owned in lines.items() if owner in here for line in owned}


def _left(staff: list[Employee], lines: Lines) -> list[Notice]:
    gone = [one for one in staff if one.gone and lines.get(("employee", one.poster_id))]
    return [
        Notice("left", ", ".join(lines["employee", one.poster_id]), (one.name,), owner=one.poster_id)
        for one in gone
    ]


def _no_line(staff: list[Employee], lines: Lines) -> list[Notice]:
    names = tuple(one.name for one in staff if not one.gone and not lines.get(("employee", one.poster_id)))
    return [Notice("no_line", names=names, count=len(names))] if names else []


def _uncopied(staff: list[Employee], lines: Lines) -> list[Notice]:
    behind = [
        one.name
        for one in staff
        if not one.gone and one.extras_line != ",".join(lines.get(("employee", one.poster_id), []))
    ]
    return [Notice("uncopied", names=tuple(behind), count=len(behind))] if behind else []


def _shared(account: Account, staff: list[Employee], lines: Lines) -> list[Notice]:
    names: dict[str, list[str]] = defaultdict(list)
    desks = Register.select().where(Register.account == account).order_by(Register.name)
    for kind, those in (("employee", staff), ("register", desks)):
        for one in those:
            for line in lines.get((kind, one.poster_id), []) if not one.gone else []:
                names[line].append(one.name)
    return [
        Notice("shared", line, tuple(people), len(people))
        for line, people in names.items()
        if len(people) > 1
    ]
