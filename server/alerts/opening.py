"""What a look found becomes rows: opened once, told of at most daily, told of when it is over.

The messages are written in the transaction that notes it, so neither is ever there without the other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from server.alerts import missed, posts, quiet, saying
from server.alerts.looking import MISSED, Json, Key, Look, Reader, Wrong
from server.db import NOBODYS, rows, transaction, write

DAY = 86400.0
GATHERS = 600.0  # several guests within so many seconds are one message

OPEN = """SELECT id, kind, thing, facts, since, told_at FROM alert
    WHERE coalesce(account_id, 0) = coalesce(?, 0) AND over_at IS NULL
    AND kind <> 'digest'"""
UNTOLD_ENDS = """SELECT id, kind, thing, facts, since, over_at FROM alert WHERE account_id = ? AND over_at IS NOT NULL
    AND over_told IS NULL"""
UNTOLD_OF_BOX = UNTOLD_ENDS.replace("account_id = ?", "account_id IS NULL")
LAST_MISSED = """SELECT max(CASE WHEN coalesce(told_at, 0) > coalesce(over_told, 0) THEN told_at
    ELSE over_told END) FROM alert WHERE account_id = ? AND kind = 'missed' AND since > ?"""
BEGIN = "INSERT INTO alert (account_id, kind, thing, facts, since) VALUES (?, ?, ?, ?, ?)"
END = "UPDATE alert SET over_at = ?, facts = ?, over_told = ? WHERE id = ?"
TOLD = "UPDATE alert SET told_at = ? WHERE id = ?"
OVER_TOLD = "UPDATE alert SET over_told = ? WHERE id = ?"
TRIM = "DELETE FROM alert WHERE account_id IS NULL AND over_at < ?"
CARE = 90 * DAY  # of the box's own; an account's are swept with its other data


@dataclass(frozen=True)
class Open:
    id: int
    kind: str
    thing: str
    facts: Json
    since: float
    told_at: float | None

    @property
    def key(self) -> Key:
        return self.kind, self.thing


def open_of(account: int | None) -> dict[Key, Open]:
    found = [
        Open(id_, kind, thing, json.loads(facts), since, told)
        for id_, kind, thing, facts, since, told in rows(OPEN, account)
    ]
    return {one.key: one for one in found}


def keep(reader: Reader, look: Look, before: dict[Key, Open], now: float) -> int:
    """Makes the rows what the look found; returns how many messages were written."""
    wrong = {(one.kind, one.thing): one for one in look.wrong}
    fresh = [one for key, one in wrong.items() if key not in before and one.now]
    ended = [one for key, one in before.items() if key not in wrong]
    due = [one for key, one in before.items() if key in wrong and wrong[key].now and _is_due(one, now)]
    told = (due or _untold_ends(reader.account)) and posts.listeners(reader.account)
    if not (fresh or ended or told):
        return 0
    with transaction(reader.account):
        for one in fresh:
            write(BEGIN, reader.account, one.kind, one.thing, json.dumps(one.facts), one.since)
        for past in ended:
            _end(past, look, now)
        return _tell(reader, wrong, now)


def _untold_ends(account: int | None) -> list[tuple[Any, ...]]:
    return rows(UNTOLD_OF_BOX) if account is None else rows(UNTOLD_ENDS, account)


def _is_due(one: Open, now: float) -> bool:
    return one.told_at is None or one.told_at <= now - DAY


def _end(one: Open, look: Look, now: float) -> None:
    """What was never told of needs no end; nor what is simply not there any more."""
    well = look.well.get(one.key)
    silent = well is None or one.told_at is None
    facts = {**one.facts, **(well or {}), "well": well is not None}
    write(END, now, json.dumps(facts), 0 if silent else None, one.id)


def _tell(reader: Reader, wrong: dict[Key, Wrong], now: float) -> int:
    """One message for all that is due now. Where nobody listens, what lasts waits for whoever will."""
    listeners = posts.listeners(reader.account)
    due = [one for one in open_of(reader.account).values() if one.key in wrong and _is_due(one, now)]
    ends = _untold_ends(reader.account)
    if not listeners:
        for row in ends:
            write(OVER_TOLD, 0, row[0])
        return 0
    if not _may_tell_missed(reader, now):
        due = [one for one in due if one.kind != MISSED]
        ends = [row for row in ends if row[1] != MISSED]
    due = [one for one in due if wrong[one.key].now]
    if not due and not ends:
        return 0
    said = _message(reader, due, ends, now)
    for one in due:
        write(TOLD, now, one.id)
    for row in ends:
        write(OVER_TOLD, now, row[0])
    at = quiet.until(now, reader.where, reader.chosen.quiet_from, reader.chosen.quiet_to)
    return len(posts.tell(listeners, posts.ALERT, said, at, now))


def _may_tell_missed(reader: Reader, now: float) -> bool:
    if reader.account is None:
        return True
    last = rows(LAST_MISSED, reader.account, now - 3 * DAY)[0][0] or 0.0
    return bool(last <= now - GATHERS)


def _message(reader: Reader, due: list[Open], ends: list[tuple[object, ...]], now: float) -> tuple[str, str]:
    """Title and text; the title alone says what it is about, because a phone shows no more."""
    say = reader.say
    things = [one.thing for one in due if one.kind == MISSED] + [
        str(row[2]) for row in ends if row[1] == MISSED
    ]
    people = missed.about(reader, things) if things else {}
    lines = [_begun(reader, one, people, now) for one in due] + [_over(reader, row, people) for row in ends]
    lines = [line for line in lines if line]
    guests = sum(one.kind == MISSED for one in due)
    if guests and guests == len(due):
        title = say("alert.title_missed", count=guests)
    elif due:
        title = say("alert.title")
    else:
        title = say("alert.title_over")
    return f"{reader.title}: {title}", "\n".join(lines)


def _begun(reader: Reader, one: Open, people: dict[str, Json], now: float) -> str:
    facts = {**one.facts, **people.get(one.thing, {})} if one.kind == MISSED else one.facts
    if one.kind == MISSED and "name" not in facts:  # erased in the meantime
        return ""
    text = saying.sentence(reader.say, reader.where, one.kind, facts, now)
    return f"{reader.say('alert.still')} {text}" if one.told_at else text


def _over(reader: Reader, row: tuple[object, ...], people: dict[str, Json]) -> str:
    _, kind, thing, facts, since, over_at = row
    known = {**json.loads(str(facts)), **(people.get(str(thing), {}) if kind == MISSED else {})}
    if kind == MISSED and "flags" not in known:  # erased in the meantime
        return ""
    assert isinstance(since, float)
    assert isinstance(over_at, float)
    return saying.over(reader.say, str(kind), known, over_at - since)


def trim(now: float) -> None:
    with transaction(NOBODYS):
        write(TRIM, now - CARE)
