"""The figures once more, by other means: straight through the journal, call by call, with nothing of ours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.db import rows
from server.figures import NAMES, Sums

VAIN = {"missed", "busy", "declined", "failed", "voicemail"}
TWO_DAYS, NINETY_DAYS = timedelta(hours=48), timedelta(days=90)

Call = dict[str, Any]
Key = tuple[Any, ...]


def journal(account: int) -> list[Call]:
    """Ended calls as they are exported: with times in whole seconds, their orders, and where they count."""
    names = "id, number, did, direction, outcome, line, answered_by, started, answered, ended"
    found = rows(f"SELECT {names} FROM call WHERE account_id = ? AND state = 'ended' AND test = 0", account)
    calls = [dict(zip(names.split(", "), row, strict=True)) for row in found]
    never = {number for (number,) in rows("SELECT number FROM never_pop WHERE account_id = ?", account)}
    for call in calls:
        for name in ("started", "answered", "ended"):
            call[name] = None if call[name] is None else datetime.fromtimestamp(int(call[name]), UTC)
        call["never"] = call["number"] in never
        call["orders"] = [
            total for (total,) in rows("SELECT sum FROM call_order WHERE call_id = ?", call["id"])
        ]
    return calls


def figures(account: int, now: float) -> dict[Key, Sums]:
    """(day, hour, spot, open, line, employee, did) -> sums. Where a call belongs is read from the rows under test but
    for day and hour, which are worked out here."""
    calls = journal(account)
    zone = rows("SELECT timezone FROM account WHERE id = ?", account)[0][0] or "UTC"
    begins = rows("SELECT value FROM preference WHERE account_id = ? AND name = 'day_starts'", account)
    where = "SELECT spot, open, line, employee, did FROM call_fact WHERE call_id = ?"
    for call in calls:
        found = rows(where, call["id"])
        call["where"] = found[0] if found else None
    return figures_of(calls, said(account), zone, int(begins[0][0]) if begins else 0, now)


def said(account: int) -> dict[str, list[datetime]]:
    """When somebody said of whom that nothing more is to be done."""
    found: dict[str, list[datetime]] = defaultdict(list)
    done = "SELECT number, closed_at FROM callback WHERE account_id = ? AND closed_how = 'done'"
    for number, at in rows(done, account):
        found[number].append(datetime.fromtimestamp(int(at), UTC))
    return found


def figures_of(
    calls: list[Call], done: dict[str, list[datetime]], zone: str, begins: int, now: float
) -> dict[Key, Sums]:
    guests = dict(_guests(calls, done, datetime.fromtimestamp(int(now), UTC)))
    found: dict[Key, Sums] = defaultdict(Sums)
    for call in calls:
        if call["where"]:
            key = (*_place(zone, begins, call["started"]), *call["where"])
            found[key] += Sums(**_counted(call, calls, guests))
    return {key: sums for key, sums in found.items() if sums != Sums()}


def grouped(found: dict[Key, Sums], *places: int) -> dict[Key, Sums]:
    together: dict[Key, Sums] = defaultdict(Sums)
    for key, sums in found.items():
        together[tuple(key[place] for place in places)] += sums
    return dict(together)


def _place(zone: str, begins: int, at: datetime) -> tuple[date, int]:
    clock = at.astimezone(ZoneInfo(zone))
    night = clock.hour < begins
    return clock.date() - timedelta(days=night), clock.hour


def _counted(call: Call, calls: list[Call], guests: dict[str, Call]) -> dict[str, int]:
    sums = dict.fromkeys(NAMES, 0)
    if call["never"] or call["direction"] not in ("in", "out"):
        return sums
    if call["direction"] == "out":
        return sums | {"placed": 1, "reached": int(call["outcome"] == "answered")}
    sums["calls"] = 1
    if call["outcome"] == "answered":
        sums["answered"] = 1
        if call["answered"]:
            wait = max(timedelta(0), call["answered"] - call["started"]).seconds
            talk = max(timedelta(0), call["ended"] - call["answered"]).seconds
            sums |= {"timed": 1, "wait_answered": wait, "quick": int(wait <= 20), "talk": talk}
    elif call["outcome"] in VAIN:
        sums |= {"vain": 1, "wait_vain": max(timedelta(0), call["ended"] - call["started"]).seconds}
    else:
        sums["unclear"] = 1
    sums[_who(call, calls)] = 1
    sums |= guests.get(call["id"], {})
    known = [total for total in call["orders"] if total is not None]
    sums |= {"converted": int(bool(call["orders"] and sums["answered"])), "orders": len(call["orders"])}
    return sums | {"bills": len(known), "revenue": sum(known)}


def _who(call: Call, calls: Iterable[Call]) -> str:
    if not _whole(call["number"]):
        return "hidden"
    me = (call["started"], call["id"])
    before = [
        one for one in calls
        if one["number"] == call["number"] and one["direction"] in ("in", "out")
        and (one["started"], one["id"]) < me and call["started"] - one["started"] <= NINETY_DAYS
    ]  # fmt: skip
    return "known" if before else "fresh"


def _whole(number: str) -> bool:
    return number.startswith("+") and number[1:].isdigit()


def _guests(calls: list[Call], said: dict[str, list[datetime]], now: datetime) -> Iterable[tuple[str, Call]]:
    """The first call in vain of each guest, with what became of them."""
    for number in {call["number"] for call in calls if _whole(call["number"]) and not call["never"]}:
        theirs = [call for call in calls if call["number"] == number]
        vain = [one for one in theirs if one["direction"] == "in" and one["outcome"] in VAIN]
        met = [(one["answered"] or one["started"], "met") for one in theirs
               if one["direction"] in ("in", "out") and one["outcome"] == "answered"]  # fmt: skip
        done = [(at, "settled") for at in said.get(number, ())]
        vain.sort(key=lambda one: (one["started"], one["id"]))
        while vain:
            first = vain[0]
            word, at, vain = _end(vain, sorted(met + done), now)
            after = int((at - first["started"]).total_seconds()) if word == "met" else 0
            yield first["id"], {"guests": 1, word: 1, "met_after": after}


def _end(
    vain: list[Call], closings: list[tuple[datetime, str]], now: datetime
) -> tuple[str, datetime, list[Call]]:
    """Follows one guest from their first call in vain; returns the end, when, and the calls that are left."""
    first, last, rest = vain[0], vain[0], vain[1:]
    while True:
        until = last["started"] + TWO_DAYS
        following = rest[0]["started"] if rest else until
        limit = min(until, following)
        for at, word in closings:
            early = at < last["started"] or (word == "settled" and at < first["ended"])
            if not early and at < limit:
                ringing = (
                    [one for one in vain if one["started"] <= at < one["ended"]] if word == "settled" else []
                )
                return word, at, [*ringing, *rest]
        if rest and following < until:
            last, rest = rest[0], rest[1:]
        else:
            return ("lost" if now >= until else "waiting"), until, rest
