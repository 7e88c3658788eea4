"""What a trunk's company is asked from the Phone page: whether it answers, its numbers, to call our address.

A company may take its time. The page waits a little and then says so; the question goes on behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from server.backfill import HISTORIC
from server.background import start
from server.lines import EMPLOYEE, of
from server.models import Account, Employee, Trunk
from server.parts import Parts
from server.providers.abilities import Extension, Failed
from server.unfit import Unfit
from server.vault import Unreadable as Sealed
from server.web.manage_facts import Json, is_line, present
from server.web.manage_health import MILD, trouble
from server.web.manage_names import whose
from server.web.manage_room import Form, Said, Typed
from server.web.manage_words import Say, unfit

__all__ = ["Form", "Typed", "give", "id_in", "numbers", "part_of", "prepare", "test", "trunk_of"]

PATIENCE = 8.0
COPY_PATIENCE = 2.0  # seconds that a person waits for Poster's copies before "saved" is said without them
MOST_NUMBERS = 200
TESTED = ("works", "connected", "connecting", "waiting")

T = TypeVar("T")


def test(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk = _known(parts, account, typed)

    def tell() -> Said:
        tested = _within(parts.companies.test, trunk)
        if tested.word == "works":
            parts.health.well(trunk.id, "rights", "unset", *HISTORIC)
        # What is only worth knowing stands above already; the question was whether calls come.
        word = (trunk.state or "waiting") if tested.word in MILD else tested.word
        if word in TESTED:
            text = say(f"tested.{word}", count=tested.count)
            return Said(part_of(trunk), text, good=word != "connecting")
        return Said(part_of(trunk), trouble(say, trunk.provider, word, tested.detail), good=False)

    return _told(trunk, say, tell)


def prepare(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk = _known(parts, account, typed)

    def tell() -> Said:
        done = _within(parts.companies.prepare, trunk)
        return Said(part_of(trunk), say("prepared" if done else "prepare_by_hand"), good=done)

    return _told(trunk, say, tell)


def numbers(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """The company's own list, with whoever seems to be meant."""
    trunk = _known(parts, account, typed)

    def tell() -> Said:
        found = _within(parts.companies.extensions, trunk)
        said = say("numbers_found", count=len(found)) if found else say("numbers_none")
        return Said(part_of(trunk), said, good=bool(found), rows=_rows(parts, account, found))

    return _told(trunk, say, tell)


def give(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Each chosen employee gets the line beside what they have."""
    trunk = trunk_of(parts, account, typed)
    shown = [number for number in range(MOST_NUMBERS) if f"line.{number}" in typed]
    chosen = [number for number in shown if typed.get(f"owner.{number}")]
    listed = [Extension(typed[f"line.{one}"], typed.get(f"name.{one}", "")) for one in shown]
    given: set[int] = set()
    try:
        for number in chosen:
            employee = id_in(typed, f"owner.{number}", "employee_unknown")
            had = of(account.id, EMPLOYEE, employee)
            parts.lines.set_employee(account, employee, [*had, typed[f"line.{number}"]])
            given.add(employee)
    except Unfit as wrong:
        told = unfit(say, wrong)
        return Said(part_of(trunk), told, good=False, mistake=True, rows=_rows(parts, account, listed))
    if not chosen:
        return Said(part_of(trunk), say("numbers_nobody"), good=False, rows=_rows(parts, account, listed))
    copied = _copied(parts, account, given)
    return Said(part_of(trunk), say("numbers_saved", count=len(chosen)) if copied else say("saved_here"))


def trunk_of(parts: Parts, account: Account, typed: Typed) -> Trunk:
    return parts.trunks.one(account, id_in(typed, "id", "trunk_unknown"))


def part_of(trunk: Trunk) -> str:
    return f"trunk-{trunk.id}"


def id_in(typed: Typed, name: str, otherwise: str) -> int:
    text = typed.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Unfit(otherwise, value=text)
    return int(text)


def _known(parts: Parts, account: Account, typed: Typed) -> Trunk:
    """One whose provider this version still has."""
    trunk = trunk_of(parts, account, typed)
    if trunk.provider not in parts.trunks.providers:
        raise Unfit("provider_unknown", value=trunk.provider)
    return trunk


def _within(work: Callable[[Trunk], T], trunk: Trunk) -> T:
    return start(work, trunk).result(PATIENCE)


def _told(trunk: Trunk, say: Say, tell: Callable[[], Said]) -> Said:
    """What the company did not do, in words."""
    try:
        return tell()
    except Failed as why:
        return Said(part_of(trunk), trouble(say, trunk.provider, why.word, why.detail), good=False)
    except Sealed:
        return Said(part_of(trunk), trouble(say, trunk.provider, "sealed"), good=False)
    except TimeoutError:
        return Said(part_of(trunk), say("takes_longer"), good=False)


def _rows(parts: Parts, account: Account, found: list[Extension]) -> list[Json]:
    staff = {one.poster_id: one.name for one in present(Employee, account)}
    return [_row(parts, account, one, staff) for one in found[:MOST_NUMBERS]]


def _row(parts: Parts, account: Account, one: Extension, staff: Mapping[int, str]) -> Json:
    owners = ", ".join(owner.name for owner in parts.lines.owners(account, one.line))
    usable = is_line(one.line)
    chosen = 0 if owners or not usable else whose(one.name, staff)
    return {"line": one.line, "name": one.name, "owners": owners, "usable": usable, "chosen": chosen}


def _copied(parts: Parts, account: Account, employees: set[int]) -> bool:
    """Gives Poster its copies, one after the other; those that take longer go on behind the page."""

    def write() -> bool:
        taken = [parts.lines.write_extras(account.id, one) for one in sorted(employees)]
        return all(taken)

    try:
        return start(write).result(COPY_PATIENCE)
    except TimeoutError:
        return True
