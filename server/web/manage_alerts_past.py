"""What was wrong lately, and still is, as the Alerts page shows it."""

from __future__ import annotations

import json
from typing import Any

from server.alerts import missed, saying
from server.alerts.looking import MISSED, Reader
from server.db import rows
from server.models import Account
from server.parts import Parts
from server.web.manage_facts import Json, moment
from server.web.manage_words import Say

MOST = 30
LAST = """SELECT kind, thing, facts, since, over_at FROM alert WHERE account_id = ? AND kind <> 'digest'
    ORDER BY over_at IS NOT NULL, since DESC LIMIT ?"""


def past(parts: Parts, account: Account, say: Say, now: float) -> list[Json]:
    """What is still wrong first. Guests are named from where a person can be erased, so some have no name any more."""
    reader = parts.alerts.reader(account)
    found = rows(LAST, account.id, MOST)
    people = missed.about(reader, [row[1] for row in found if row[0] == MISSED])
    return [_row(reader, row, people, account, say, now) for row in found]


def _row(
    reader: Reader, row: tuple[Any, ...], people: dict[str, Json], account: Account, say: Say, now: float
) -> Json:  # fmt: skip
    kind, thing, facts, since, over_at = row
    known = {**json.loads(facts), **(people.get(thing, {}) if kind == MISSED else {})}
    at = moment(since, account)
    if over_at is None:
        when = say("alerts.from", at=at)
    else:
        when = say("alerts.lasted", at=at, span=saying.span(say, over_at - since))
    if kind == MISSED and "flags" not in known:
        text = say("alerts.guest_gone")
    elif over_at is not None and known.get("well"):
        text = saying.over(say, kind, known, over_at - since)
    else:
        text = saying.sentence(say, reader.where, kind, known, over_at or now)
    return {"open": over_at is None, "when": when, "text": text}
