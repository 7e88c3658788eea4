"""Who may open Manage and do what: people with codes."""

from __future__ import annotations

from collections.abc import Mapping

from server import acting, members
from server.acting import MANAGER, OWNER, ROLES, VIEWER
from server.locks import LEAST, LONGEST
from server.models import Account
from server.parts import Parts
from server.web.manage_access_table import table
from server.web.manage_asking import id_in
from server.web.manage_choices import choices, saver
from server.web.manage_facts import Json, moment
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

SHOWN = ("open_role", "manager_numbers")


def access(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    people = members.of(account.id)
    return "access", {
        "people": [_person(one, account, say) for one in people],
        "roles": {role: say(f"role.{role}") for role in (OWNER, MANAGER, VIEWER)},
        "first": not people,
        "table": table(say),
        "preferences": choices(SHOWN, account, say) if people else [],
        "least": LEAST,
        "longest": LONGEST,
    }


def _person(one: members.Person, account: Account, say: Say) -> Json:
    seen = say("access.seen", at=moment(one.last_at, account)) if one.last_at else say("access.unseen")
    me = one.id == acting.now().member
    return {"id": one.id, "name": one.name, "role": one.role, "seen": seen, "me": me}


def add(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """The first is the owner's own code, so the page is theirs from then on."""
    first = not members.locked(account.id)
    member = members.add(account.id, typed.get("name", ""), typed.get("role", ""), typed.get("code", ""))
    if first:
        return Said("member-new", say("access.first_added"), member=member)
    return Said("member-new", say("access.added", name=typed.get("name", "").strip()))


def change(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    members.change(account.id, _id(typed), typed.get("name", ""), typed.get("role", ""))
    return Said(typed.get("part", ""), say("saved"))


def recode(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    old = _id(typed)
    new = members.recode(account.id, old, typed.get("code", ""))
    mine = acting.now().member == old
    return Said(f"member-{new}", say("access.recoded"), member=new if mine else None)


def remove(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    members.remove(account.id, _id(typed))
    return Said("member-new", say("access.removed" if members.locked(account.id) else "access.open_again"))


def _id(typed: Typed) -> int:
    return id_in(typed, "id", "member_unknown")


FORMS: dict[str, Form] = {
    "access": add, "access/change": change, "access/code": recode, "access/remove": remove,
    "access/choose": saver(SHOWN),
}  # fmt: skip
assert set(ROLES) == {OWNER, MANAGER, VIEWER}

ROOM = Room("access", access, OWNER, forms_for(OWNER, FORMS))
