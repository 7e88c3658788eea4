"""The sheet that books a table from a call."""

from __future__ import annotations

import math
import time
from datetime import datetime, timedelta

from server.web.registers_ask import Json
from server.web.registers_orders import book as book_table
from server.web.registers_orders import tables
from server.web.registers_sheet import Pressed, Sheet

DAY, MINUTES = "%Y-%m-%d", (60, 90, 120, 150, 180, 240)
TROUBLES = {
    "booking": "noBooking",
    "refused": "bookFailed",
    "unavailable": "noAnswer",
    "unclear": "bookUnclear",
}


def book(it: Pressed) -> Json:
    """When, how many, which table. A booking is made once: an answer that never came is not tried again by itself."""
    at = _at(it)
    if number := it.pressed("table"):
        return _booked(it, at, number).json()
    sheet = _form(it)
    if it.press == "save":
        _free(it, sheet, at)
    sheet.text(it.say("bookingHint"), "soft")
    return sheet.json()


def _form(it: Pressed) -> Sheet:
    sheet, today = Sheet(it.say("bookTable"), it.say("findTables")), datetime.now(it.zone)
    day, clock = _when(it)
    days = [(today + timedelta(days=more)).strftime(DAY) for more in (0, 1)]
    sheet.pick("day", list(zip(days, (it.say("today"), it.say("tomorrow")), strict=True)), day)
    sheet.ask("day", it.say("date"), day, "date")
    sheet.ask("time", it.say("time"), clock, "time")
    sheet.ask("guests", it.say("people"), it.value("guests", "2"), "number")
    sheet.text(it.say("howLong"))
    sheet.pick("minutes", [(str(one), str(one)) for one in MINUTES], it.value("minutes", "120"))
    return sheet


def _when(it: Pressed) -> tuple[str, str]:
    """What was typed; first the next half hour that leaves an hour to come."""
    soon = datetime.fromtimestamp(math.ceil(time.time() / 1800 + 2) * 1800, it.zone)
    return it.value("day", soon.strftime(DAY)), it.value("time", soon.strftime("%H:%M"))


def _at(it: Pressed) -> float:
    """Unix seconds by the restaurant's clock; 0 for what is no time."""
    try:
        return datetime.strptime(" ".join(_when(it)), f"{DAY} %H:%M").replace(tzinfo=it.zone).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _body(it: Pressed, at: float) -> Json:
    whole = {name: it.value(name, default) for name, default in (("guests", "2"), ("minutes", "120"))}
    return {"at": at, **{name: int(text) if text.isdecimal() else 0 for name, text in whole.items()}}


def _free(it: Pressed, sheet: Sheet, at: float) -> None:
    if at < time.time():
        sheet.notice = it.say("badTime")
        return
    answer = it.do(tables, **_body(it, at))
    if not answer["ok"]:
        sheet.notice = it.say(TROUBLES.get(answer["error"], "noAnswer"))
        return
    for one in answer["tables"]:
        name = it.say("table", one["number"] or str(one["id"]))
        taps = [(f"table:{one['id']}", it.say("bookIt"))]
        sheet.text(name, "box", side=it.say("seats", str(one["seats"])), taps=taps)
    if not answer["tables"]:
        sheet.text(it.say("noTables"), "note")


def _booked(it: Pressed, at: float, table: str) -> Sheet:
    body = {**_body(it, at), "table": int(table) if table.isdecimal() else 0, "comment": "", "name": ""}
    answer = it.do(book_table, **body)
    if not answer["ok"]:
        sheet = _form(it)
        sheet.notice = it.say(TROUBLES.get(answer["error"], "bookUnclear"))
        return sheet
    sheet = Sheet(it.say("bookTable"))
    sheet.text(it.say("booked", it.clock(answer.get("at") or at, "%d.%m %H:%M")), "good tag")
    sheet.text(it.say("bookingHint"), "soft")
    return sheet
