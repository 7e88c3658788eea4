"""How far an account is: each first step's state, read from what is there and never remembered by itself.

So a step that broke later (the trunk was removed, nobody has a line any more) says so by itself.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from server.db import reading, rows
from server.models import BROKEN, Account, Employee, Register, Spot
from server.parts import Parts
from server.web.manage_card import directory_state
from server.web.manage_facts import Json, present
from server.web.manage_phone import title_of
from server.web.manage_start_phone import called, first_call
from server.web.manage_words import Say

CONNECTED, PHONE, LINES, RING, DONE = "connected", "phone", "lines", "ring", "done"
STEPS = (CONNECTED, PHONE, LINES, RING)
# good: done. todo: not yet. bad: broken, or it was good once.
GOOD, TODO, BAD = "good", "todo", "bad"
CALLS_COME = ("heard", "connecting")  # of a trunk that was heard before

MISSED = 3 * 86400.0  # seconds without any register that are no day off any more
LOOKED_AT = 200  # calls, when it matters whether the phone company tells lines at all
OWNED = "SELECT line FROM line_owner WHERE account_id = ?"
STRAYS = "SELECT count(*) FROM stray WHERE account_id = ? AND kind = 'line' AND value <> ''"
TOLD = """SELECT count(*) FROM (SELECT line, test FROM call WHERE account_id = ? ORDER BY started DESC LIMIT ?)
    AS latest WHERE line <> '' AND test = 0"""
SEEN = "SELECT max(seen_at) FROM register WHERE account_id = ? AND gone = 0"
DRAWN = "SELECT 1 FROM sighting WHERE account_id = ? AND took IS NOT NULL LIMIT 1"


@dataclass(frozen=True)
class Step:
    """`text` is one sentence of how it is, for whoever does not open it."""

    name: str
    state: str
    text: str


def steps(parts: Parts, account: Account, say: Say) -> list[Step]:
    found = [
        Step(CONNECTED, *_connected(account, say)),
        Step(PHONE, *_phone(parts, account, say)),
        Step(LINES, *_lines(account, say)),
        Step(RING, *_ring(parts, account, say)),
    ]
    return [_fallen_behind(one, found[number + 1 :]) for number, one in enumerate(found)]


def _fallen_behind(one: Step, later: list[Step]) -> Step:
    """What is not done although the test ring came through was done before."""
    broke = one.state == TODO and any(step.name == RING and step.state == GOOD for step in later)
    return Step(one.name, BAD, one.text) if broke else one


def _connected(account: Account, say: Say) -> tuple[str, str]:
    if account.state == BROKEN:
        return BAD, say(f"broken.{account.problem or 'token'}")
    counts = [len(present(model, account)) for model in (Spot, Register, Employee)]
    if not counts[1] or not counts[2]:
        return TODO, say("start.connected_wait")
    its = directory_state(account, say)
    if its["trouble"]:
        return BAD, its["trouble"]
    return GOOD, say("start.connected_good", spots=counts[0], registers=counts[1], people=counts[2])


def _phone(parts: Parts, account: Account, say: Say) -> tuple[str, str]:
    trunks = parts.trunks.of(account)
    found = [(one, first_call(parts, account, one, say)) for one in trunks]
    heard = [(one, its) for one, its in found if its["state"] in CALLS_COME and called(one)]
    if not found:
        return TODO, say("start.phone_none")
    trunk, last = (heard or found)[-1]
    text = f"{title_of(parts, trunk.provider, say)}: {last['text'] if heard else last['trouble'] or last['text']}"
    if heard:
        return GOOD, text
    return (BAD if last["state"] in ("problem", "paused") else TODO), text


def _lines(account: Account, say: Say) -> tuple[str, str]:
    with reading():
        owned = {line for (line,) in rows(OWNED, account.id)}
        told = rows(STRAYS, account.id)[0][0] or rows(TOLD, account.id, LOOKED_AT)[0][0]
        drawn = rows(DRAWN, account.id)
    if owned:
        return GOOD, say("start.lines_good", count=len(owned))
    if told:
        return (BAD if drawn else TODO), say("start.lines_missing")
    return (GOOD, say("start.lines_without")) if drawn else (TODO, say("start.lines_none"))


def _ring(parts: Parts, account: Account, say: Say) -> tuple[str, str]:
    """Whether some register ever said that it had a card, and whether any was there lately."""
    with reading():
        drawn, (seen,) = rows(DRAWN, account.id), rows(SEEN, account.id)[0]
    if not drawn:
        return TODO, say("start.ring_none")
    now = parts.hub.present(account.id)
    if not now and (seen or 0.0) < time.time() - MISSED:
        return BAD, say("start.ring_gone")
    return GOOD, say("start.ring_good")


def shown(step: Step, opened: str, say: Say) -> Json:
    now = step.name == opened
    word = step.state if step.state != TODO else "now" if now else "later"
    return {
        "name": step.name,
        "title": say(f"start.{step.name}"),
        "text": step.text,
        "state": step.state,
        "open": now,
        "word": say(f"start.is_{word}"),
    }
