"""Who opens Manage: whoever Poster lets in is the owner, until the owner gives codes to people.

Poster does not say who looks at its back office, so what somebody may do hangs on a code of their own.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from server import audit, logins, preferences
from server.acting import NOBODY, OWNER, ROLES, Actor
from server.aside import run
from server.db import reading, rows, transaction, write
from server.locks import LEAST, LONGEST, hashed, matches
from server.unfit import Unfit

MOST = 50
NAME = 60  # characters

ANY_OWNER = "SELECT 1 FROM member WHERE account_id = ? AND role = 'owner' AND gone_at IS NULL LIMIT 1"
ONE = "SELECT role, name FROM member WHERE account_id = ? AND id = ? AND gone_at IS NULL"
ALL = "SELECT id, name, role, at, last_at FROM member WHERE account_id = ? AND gone_at IS NULL ORDER BY name, id"
CODE = "SELECT code FROM member WHERE account_id = ? AND id = ? AND gone_at IS NULL"
ADD = "INSERT INTO member (account_id, name, role, code, at, last_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id"
CHANGE = "UPDATE member SET name = ?, role = ? WHERE account_id = ? AND id = ?"
GO = "UPDATE member SET gone_at = ?, code = '' WHERE account_id = ? AND id = ?"
WAS_HERE = "UPDATE member SET last_at = ? WHERE account_id = ? AND id = ?"


@dataclass(frozen=True)
class Person:
    """Somebody with a code; `last_at` is when they typed it last."""

    id: int
    name: str
    role: str
    at: float
    last_at: float | None


def locked(account: int) -> bool:
    """Whether codes are asked for: only once an owner has one, so that nobody locks everybody out."""
    return bool(rows(ANY_OWNER, account))


def actor(account: int, member: int, login: str = "") -> Actor:
    """Who holds a page of the account; `member` 0 has typed no code.

    Somebody who was removed is nobody at once, and so is every page of a login that was ended.
    """
    if not locked(account):
        return Actor(OWNER)
    found = rows(ONE, account, member) if member and not logins.over(login) else []
    if found:
        return Actor(found[0][0], found[0][1], member, login)
    chosen = preferences.of(account).open_role
    return Actor(chosen if chosen != "nobody" else NOBODY)


def of(account: int) -> list[Person]:
    return [Person(*row) for row in rows(ALL, account)]


def add(account: int, name: str, role: str, code: str) -> int:
    """Gives somebody a code; returns their id. Raises Unfit."""
    name, sealed = _name(name), run(hashed, _code(code))
    with transaction(account):
        people = of(account)
        if len(people) >= MOST:
            raise Unfit("member_many", most=MOST)
        _check(people, 0, name, role)
        if role != OWNER and not _owners(people):
            raise Unfit("member_first")
        audit.note(account, "member_added", name, "", role)
        return _insert(account, name, role, sealed, None)


def change(account: int, member: int, name: str, role: str) -> None:
    """Another name or role."""
    name = _name(name)
    with transaction(account):
        people = of(account)
        one = _one(people, member)
        _check(people, member, name, role)
        if role != OWNER:
            _not_the_last(people, one)
        write(CHANGE, name, role, account, member)
        if one.name != name:
            audit.note(account, "member_renamed", one.name, one.name, name)
        audit.note(account, "member_role", name, one.role, role)


def recode(account: int, member: int, code: str) -> int:
    """A new code, and with it a new id: what was opened with the old code is shut at once."""
    sealed = run(hashed, _code(code))
    with transaction(account):
        one = _one(of(account), member)
        write(GO, time.time(), account, member)
        audit.note(account, "member_code", one.name)
        return _insert(account, one.name, one.role, sealed, one.last_at)


def remove(account: int, member: int) -> None:
    """Takes the code away. The last owner's goes last, and then the page is open again."""
    with transaction(account):
        people = of(account)
        one = _one(people, member)
        _not_the_last(people, one)
        write(GO, time.time(), account, member)
        audit.note(account, "member_removed", one.name, one.role, "")


def remove_all(account: int) -> int:
    """Opens the page to whoever Poster lets in, as it was in the beginning."""
    with transaction(account):
        people = of(account)
        for one in people:
            write(GO, time.time(), account, one.id)
            audit.note(account, "member_removed", one.name, one.role, "")
    return len(people)


def opens(account: int, member: int, code: str) -> bool:
    """Whether it is this person's code. It takes as long when there is no such person."""
    with reading():
        found = rows(CODE, account, member)
    if not run(matches, found[0][0] if found else "", code.strip()):
        return False
    with transaction(account):
        write(WAS_HERE, time.time(), account, member)
    return True


def _insert(account: int, name: str, role: str, sealed: str, last_at: float | None) -> int:
    return int(rows(ADD, account, name, role, sealed, time.time(), last_at)[0][0])


def _name(text: str) -> str:
    name = " ".join("".join(char for char in text if char.isprintable()).split())[:NAME]
    if not name:
        raise Unfit("member_name")
    return name


def _code(text: str) -> str:
    code = text.strip()
    if len(code) < LEAST:
        raise Unfit("code_short", least=LEAST)
    if len(code) > LONGEST:
        raise Unfit("code_long", most=LONGEST)
    return code


def _one(people: list[Person], member: int) -> Person:
    found = next((one for one in people if one.id == member), None)
    if found is None:
        raise Unfit("member_unknown")
    return found


def _check(people: list[Person], member: int, name: str, role: str) -> None:
    if role not in ROLES:
        raise Unfit("role_unknown", value=role)
    if name.casefold() in {one.name.casefold() for one in people if one.id != member}:
        raise Unfit("member_taken", value=name)


def _owners(people: list[Person]) -> list[Person]:
    return [one for one in people if one.role == OWNER]


def _not_the_last(people: list[Person], one: Person) -> None:
    """Without an owner nobody could give codes any more, but those who have one would still have it."""
    if _owners(people) == [one] and len(people) > 1:
        raise Unfit("member_last")
