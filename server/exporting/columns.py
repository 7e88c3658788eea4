"""The columns of a file of calls: all that a row of the journal shows, and every measure of the reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from server import aside, days
from server.aside import Connection
from server.callbook import masks, reading
from server.callbook.names import people
from server.callbook.reading import CallFacts, Ordered, Read
from server.callbook.rows import became, by, hears, line
from server.callbook.seeking import NEWEST, seek
from server.exporting.jobs import Job
from server.figures.sums import NAMES
from server.messages import clean

CHUNK = 1000
KEYS = ("day", "hour", "employee", "spot", "line", "open", "counted")
MEASURES = f"""SELECT call_id, {", ".join(KEYS)}, {", ".join(NAMES)} FROM call_fact
    WHERE account_id = ? AND call_id IN (SELECT value FROM json_each(?))"""  # noqa: S608 - our own words
FIRST = ("id", "at", "unix", "direction", "outcome", "number", "name", "did", "line", "by", "employee", "spot",
         "spot_id", "answered_at", "answered_unix", "ended_at", "ended_unix", "order_ids", "note", "text", "late",
         "test", "recording", "day", "hour", "open", "counted")  # fmt: skip
COLUMNS = (*FIRST, *NAMES)
MONEY = ("revenue",)
# From outside, or typed by somebody. Not "id": we make it, of characters that say nothing to a spreadsheet.
WORDS = ("number", "name", "did", "line", "by", "spot", "note", "text")

Value = str | int | float | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"\+\d+(…\d+)?")


def values(job: Job) -> Iterator[list[Value]]:
    """Row by row, the newest first. Each portion is a question of its own: no writer waits for the last one."""
    mark, more = NEWEST, True
    while more:
        with aside.opened(job.where) as connection:
            who = people(connection, job.account, job.sought)
            found = seek(connection, job.account, job.sought, who, mark, CHUNK, patience=60)
            read = reading.about(connection, job.account, found)
            facts = _measures(connection, job.account, [call for _, call in found.marks])
        yield from _rows(job, read, facts)
        more = found.more
        mark = found.reached or (found.marks[-1] if found.marks else mark)


def _measures(connection: Connection, account: int, ids: list[str]) -> dict[str, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in connection.execute(MEASURES, [account, json.dumps(ids)])}


def _rows(job: Job, read: Read, facts: dict[str, tuple[Any, ...]]) -> Iterator[list[Value]]:
    where = days.zone(job.timezone)
    nothing: tuple[Any, ...] = (None,) * (len(KEYS) + len(NAMES))
    for call in read.calls:
        keys = dict(zip((*KEYS, *NAMES), facts.get(call.id, nothing), strict=True))
        told = _told(call, read, job.sees, where) | keys
        told["line"] = line(call.line if keys["line"] is None else keys["line"])
        told["spot_id"], told["spot"] = keys["spot"], clean(read.names.spots.get(keys["spot"] or 0, ""))
        for name in WORDS:
            told[name] = harmless(told[name])
        for name in MONEY:
            told[name] = None if told[name] is None else told[name] / 100
        yield [told[name] for name in COLUMNS]


def _told(call: CallFacts, read: Read, sees: bool, where: tzinfo) -> dict[str, Any]:
    _, guest = read.guests.get(call.number, (0, ""))
    return {
        "id": call.id, "at": _at(call.started, where), "unix": int(call.started), "direction": call.direction,
        "outcome": became(call), "number": call.number if sees else masks.masked(call.number),
        "name": masks.words(clean(guest or call.name), sees), "did": call.did, "line": line(call.line),
        "by": by(call, read.names), "answered_at": _at(call.answered, where), "answered_unix": _whole(call.answered),
        "ended_at": _at(call.ended, where), "ended_unix": _whole(call.ended),
        "order_ids": _ids(read.orders.get(call.id, [])), "note": call.note,
        "text": masks.words(clean(call.text, 300), sees), "late": call.late, "test": call.test,
        "recording": int(hears(call)),
    }  # fmt: skip


def harmless(text: str) -> str:
    """What a spreadsheet would take for a formula is text; a number in the world's spelling may stay."""
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


def _at(at: float | None, where: tzinfo) -> str:
    return datetime.fromtimestamp(int(at), where).isoformat() if at else ""


def _whole(at: float | None) -> int | None:
    return int(at) if at else None


def _ids(orders: list[Ordered]) -> str:
    return " ".join(str(one.id) for one in orders if one.id)
