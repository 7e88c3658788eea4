"""The page on which the lines of everybody are edited as one list, with a look at what would change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from server.acting import MANAGER
from server.background import detach
from server.db import rows
from server.lines import EMPLOYEE, REGISTER
from server.models import Account, Employee, Register
from server.parts import Parts
from server.web.manage_bulk_reading import Owner, Problem, Reading, labels, read
from server.web.manage_facts import Json, present
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

LONGEST = 20_000  # characters
NONE = "—"
OWNED = "SELECT kind, owner, line FROM line_owner WHERE account_id = ? ORDER BY id"
Lines = dict[Owner, list[str]]


def view(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    people = _people(account)
    had, called = _lines(account, people), labels(people)
    listed = [f"{called[owner]}; {', '.join(had[owner])}".rstrip() for owner in people]
    return "bulk", {"list": "\n".join(listed), "longest": LONGEST, "people": len(people)}


def look(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """What would change; nothing does yet."""
    people = _people(account)
    had, found = _lines(account, people), read(typed.get("list", "")[:LONGEST], people)
    return _looked(account, people, had, found, typed, say)


def save(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """All rows that were understood, in one go; if somebody changed lines since the look, it is looked at again."""
    people = _people(account)
    had, found = _lines(account, people), read(typed.get("list", "")[:LONGEST], people)
    changes = _changes(had, found)
    if typed.get("stamp") != _stamp(had, changes):
        return _looked(account, people, had, found, typed, say, word="bulk.changed")
    count = parts.lines.set_many(account, changes)
    detach(_copy, parts, account.id, [who for kind, who in changes if kind == EMPLOYEE])
    return Said("bulk", say("bulk.saved", count=count))


def _looked(
    account: Account,
    people: Mapping[Owner, str],
    had: Lines,
    found: Reading,
    typed: Typed,
    say: Say,
    word: str = "",
) -> Said:
    changes, called = _changes(had, found), labels(people)
    shown: list[Json] = [_problem(one, say) for one in found.problems]
    shown += [_change(called[owner], had[owner], lines, say) for owner, lines in changes.items()]
    shown += _shared(called, {**had, **changes}, changes, say)
    text = say(word) if word else say("bulk.looked" if changes else "bulk.same", count=len(changes))
    # A look that shows changes is neither good nor bad yet.
    kept = {"list": typed.get("list", "")[:LONGEST], "stamp": _stamp(had, changes) if changes else ""}
    return Said("bulk", text, good=not word and not found.problems, typed=kept, rows=shown)


def _problem(one: Problem, say: Say) -> Json:
    why = say(f"bulk.why_{one.why}")
    return {"kind": "problem", "text": say("bulk.problem", row=one.row, text=one.text, why=why)}


def _change(name: str, before: list[str], after: list[str], say: Say) -> Json:
    return {
        "kind": "change",
        "name": name,
        "before": ", ".join(before) or NONE,
        "after": ", ".join(after) or NONE,
    }


def _shared(called: Mapping[Owner, str], lines: Lines, changes: Lines, say: Say) -> list[Json]:
    """Lines that would belong to several, where that is new."""
    touched = dict.fromkeys(line for those in changes.values() for line in those)
    owners = {line: [called[one] for one, those in lines.items() if line in those] for line in touched}
    return [
        {"kind": "shared", "text": say("notice.shared", value=line, names=", ".join(names))}
        for line, names in owners.items()
        if len(names) > 1
    ]


def _changes(had: Lines, found: Reading) -> Lines:
    return {owner: lines for owner, lines in found.wanted.items() if lines != had[owner]}


def _people(account: Account) -> dict[Owner, str]:
    """Those that Poster still has: employees, then registers."""
    models = ((EMPLOYEE, Employee), (REGISTER, Register))
    return {(kind, one.poster_id): one.name for kind, model in models for one in present(model, account)}


def _lines(account: Account, people: Mapping[Owner, str]) -> Lines:
    """As `lines.of`, of all at once."""
    found: Lines = {owner: [] for owner in people}
    for kind, who, line in rows(OWNED, account.id):
        found.get((kind, who), []).append(line)
    return found


def _stamp(had: Lines, changes: Lines) -> str:
    """Says which change of what was looked at."""
    return hashlib.sha256(
        repr([(one, had[one], changes[one]) for one in sorted(changes)]).encode()
    ).hexdigest()[:16]


def _copy(parts: Parts, account: int, employees: list[int]) -> None:
    """One that Poster does not take is tried again by the clock."""
    for one in employees:
        parts.lines.write_extras(account, one)


FORMS: dict[str, Form] = {"bulk": look, "bulk/save": save}

ROOM = Room("bulk", view, MANAGER, forms_for(MANAGER, FORMS), listed=False, within="lines")
