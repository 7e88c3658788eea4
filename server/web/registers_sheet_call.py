"""Sheets about a call, and about the end of a shift."""

from __future__ import annotations

from server import notes, phones, popping
from server.web.registers_ask import Json
from server.web.registers_calls import handover as left_behind
from server.web.registers_calls import never as set_never
from server.web.registers_calls import note as keep_note
from server.web.registers_sheet import Pressed, Sheet, gone


def note(it: Pressed) -> Json:
    """What the call was about: one tap, or some words and Enter. Nobody has to."""
    call = it.ask.text("call", 40)
    outcome, text = notes.of_calls(it.ask.account.id, [call]).get(call, ("", ""))
    if it.press:
        chosen = it.press if it.press in notes.OUTCOMES else outcome
        answer = it.do(keep_note, outcome=chosen, text=it.value("text", text))
        return gone(it.say("noteSaved" if answer["ok"] else "notSaved"))
    sheet = Sheet(it.say("noteAsk"), it.say("save"))
    if outcome:
        sheet.text("✓ " + it.say("about_" + outcome), "good tag")
    sheet.text("", taps=[(one, it.say("about_" + one)) for one in notes.OUTCOMES if one])
    sheet.ask("text", it.say("noteText"), text)
    return sheet.json()


def never(it: Pressed) -> Json:
    """A number whose calls open no card any more; undone where it was done."""
    notice = ""
    if it.press:
        answer = it.do(set_never, on=it.press in popping.KINDS, kind=it.press)
        notice = "" if answer["ok"] else it.say("notSaved")
    number = phones.read(it.ask.text("number"), it.parts.telling.showing.country(it.ask.account.id))
    listed = popping.never(it.ask.account.id, number.e164)
    kinds = [(kind, it.say("kind_" + kind)) for kind in popping.KINDS]
    sheet = Sheet(it.say("neverPop"), notice=notice)
    sheet.text(it.say("neverDone" if listed else "neverAsk"))
    sheet.text("", taps=[("pops", it.say("undo"))] if listed else kinds)
    return sheet.json()


def handover(it: Pressed) -> Json:
    """What a shift leaves behind, on one page; `brief` is the same in one line."""
    left = it.do(left_behind)
    sheet, brief = Sheet(it.say("staysOpen")), []
    for word, found in (("callbacks", "missed"), ("promises", "promises"), ("flagsAdded", "flags")):
        if left[found]:
            brief.append(it.say(word, str(len(left[found]))))
            sheet.text(brief[-1], "head")
        for one in left[found]:
            sheet.text(*_line(it, found, one))
    if not brief:
        sheet.text(it.say("nothingOpen"))
    sheet.brief = " · ".join(brief)
    return sheet.json()


def _line(it: Pressed, kind: str, one: Json) -> tuple[str, str, str, str]:
    """Text, look, more, side of one row."""
    if kind == "missed":
        return one["name"] or one["shown"], "box", one["shown"] if one["name"] else "", it.clock(one["at"])
    if kind == "promises":
        return one["name"] or "…", "box", one["by"], it.clock(one["due"])
    return one["name"], "box", one["text"], it.say("flag_" + one["kind"])
