"""Saying who one is: a name and a code make the page somebody's; the lock makes it nobody's again."""

from __future__ import annotations

import math

from server import audit, members
from server.db import transaction
from server.locks import TRIES, Tries, name_of
from server.models import Account
from server.parts import Parts
from server.web.manage_room import Form, Said, Typed
from server.web.manage_words import Say

UNLOCK, LOCK = "unlock", "lock"


def doors(tries: Tries) -> dict[str, Form]:
    """The two forms that nobody needs a role for."""

    def unlock(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
        member = _member(typed)
        wait = tries.begin(account.id, member)
        if wait:
            told = say("unlock.wait", minutes=math.ceil(wait / 60))
            return Said(UNLOCK, told, good=False, mistake=True, there=UNLOCK, wait=wait)
        if not members.opens(account.id, member, typed.get("code", "")):
            return _wrong(tries, account, member, say)
        tries.right(account.id, member)
        there = typed.get("there", "")
        return Said("", "", there="" if there in (UNLOCK, LOCK) else there, member=member)

    def lock(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
        return Said(UNLOCK, say("unlock.locked"), there=UNLOCK, member=0)

    return {UNLOCK: unlock, LOCK: lock}


def _member(typed: Typed) -> int:
    text = typed.get("member", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _wrong(tries: Tries, account: Account, member: int, say: Say) -> Said:
    if tries.spent(account.id, member):
        with transaction(account.id):
            audit.note(account.id, "code_tries", name_of(account.id, member), "", TRIES)
    kept = {"member": str(member or "")}
    return Said(UNLOCK, say("unlock.wrong"), good=False, mistake=True, typed=kept, there=UNLOCK)
