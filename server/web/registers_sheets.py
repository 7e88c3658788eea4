"""The verb `sheet`: which sheets there are."""

from __future__ import annotations

from collections.abc import Callable

from server.parts import Parts
from server.web import (
    registers_sheet_book,
    registers_sheet_call,
    registers_sheet_guest,
    registers_sheet_missed,
    registers_sheet_place,
)
from server.web.registers_ask import Ask, Json, Verb, refused
from server.web.registers_sheet import Pressed, pressed

SHEETS: dict[str, Callable[[Pressed], Json]] = {
    "flag": registers_sheet_guest.flag,
    "numbers": registers_sheet_guest.numbers,
    "note": registers_sheet_call.note,
    "never": registers_sheet_call.never,
    "handover": registers_sheet_call.handover,
    "place": registers_sheet_place.place,
    "missed": registers_sheet_missed.missed,
    "book": registers_sheet_book.book,
}


def sheet(parts: Parts, ask: Ask) -> Json:
    draw = SHEETS.get(ask.text("name", 20))
    return draw(pressed(parts, ask)) if draw else refused("sheet")


VERBS: dict[str, Verb] = {"sheet": sheet}
