"""The sheet of those who called in vain and wait for a call, as the register shows it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from server.db import reading
from server.hub import Poller
from server.web.registers_ask import Json, Verb
from server.web.registers_calls import claim, done, release
from server.web.registers_sheet import Pressed, Sheet
from server.web.registers_verbs import dial

VERBS: dict[str, Verb] = {"claim": claim, "release": release, "done": done}
DIALLING = {"line": "dialLine", "dial_impossible": "dialImpossible"}
FRESH, FAIR = 20, 60  # minutes that somebody may wait before the colour changes


@dataclass(frozen=True)
class Came:
    """What came of the last tap: about which row, in a sentence."""

    row: int = 0
    words: str = ""


def missed(it: Pressed) -> Json:
    """The most urgent first. A tap is answered beside its row; every register hears what changed by itself."""
    came, sheet = _press(it), Sheet(it.say("waiting"))
    with reading():
        rows = it.parts.telling.missed(
            Poller(it.ask.account.id, it.ask.register, it.ask.spot, it.ask.employee)
        )
    if came.row not in [row["id"] for row in rows] and came.words:
        sheet.text(came.words, "note")
    for row in rows:
        _row(it, sheet, row, came)
    if not rows:
        sheet.text(it.say("noMissed"), "soft")
    return sheet.json()


def _press(it: Pressed) -> Came:
    verb, _, number = it.press.partition(":")
    row = int(number) if number.isdecimal() else 0
    if verb in VERBS:
        return Came(row, _refusal(it, it.do(VERBS[verb], id=row)))
    return _call_back(it, row) if verb == "call" else Came()


def _refusal(it: Pressed, answer: Json) -> str:
    if answer["ok"]:
        return ""
    return it.say("taken", answer.get("by", "")) if answer["error"] == "claimed" else it.say("gone")


def _call_back(it: Pressed, row: int) -> Came:
    """Theirs first, then the line rings. What can't be dialled from here is dialled by hand: the number is there."""
    refused = _refusal(it, it.do(claim, id=row))
    if refused:
        return Came(row, refused)
    with reading():
        desk = Poller(it.ask.account.id, it.ask.register, it.ask.spot, it.ask.employee)
        number = next((one["from"] for one in it.parts.telling.missed(desk) if one["id"] == row), "")
    answer = it.do(dial, number=number, line="")
    if answer["ok"]:
        return Came(row, it.say("dialling"))
    return Came(row, it.say(DIALLING.get(answer["error"], "dialFailed")))


def _row(it: Pressed, sheet: Sheet, row: Json, came: Came) -> None:
    claimed, waits = row["claimed"], max(0, int((time.time() - row["at"]) // 60))
    mine = bool(claimed) and claimed["employee"] == it.ask.employee
    more = [
        *(it.say("flag_" + kind) for kind in row["flags"]),
        (it.say("claimedHere") if mine else it.say("claimedBy", claimed["name"])) if claimed else "",
        it.say("hasOrder") if row["open"] else "",
        it.say("timesCalled", str(row["calls"])) if row["calls"] > 1 else "",
        row["shown"] if row["name"] else "",
    ]
    look = "soon" if waits <= FRESH else "fair" if waits <= FAIR else "poor"
    sheet.text(
        row["name"] or row["shown"], f"waits {look}", " · ".join(filter(None, more)), _ago(it, waits),
        _taps(it, row["id"], mine) if mine or not claimed else (), opens=_past(row),
    )  # fmt: skip
    if came.row == row["id"] and came.words:
        sheet.text(came.words, "notice")
    if mine:
        sheet.text(row["shown"], "box number")


def _taps(it: Pressed, row: int, mine: bool) -> list[tuple[str, str]]:
    give = "release" if mine else "claim"
    return [
        (f"{what}:{row}", it.say(word))
        for what, word in (("call", "callBack"), (give, give), ("done", "done"))
    ]


def _ago(it: Pressed, minutes: int) -> str:
    if minutes < 60:
        return it.say("minutesAgo", str(minutes))
    hours = minutes // 60
    return it.say("hoursAgo", str(hours)) if hours < 24 else it.say("daysAgo", str(hours // 24))


def _past(row: Json) -> Json:
    """As a row of the last callers: it opens the caller's card."""
    kept = {key: row[key] for key in ("call", "from", "shown", "name", "at", "line")}
    return {**kept, "outcome": "missed", "by": "", "test": False}
