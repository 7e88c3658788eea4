"""Sheets about a guest: flags, other numbers."""

from __future__ import annotations

from server import flags, kin
from server.web.registers_ask import Json
from server.web.registers_guests import flag as put_up
from server.web.registers_guests import part
from server.web.registers_guests import unflag as take_down
from server.web.registers_sheet import Pressed, Sheet

PICKED = "note"


def flag(it: Pressed) -> Json:
    """What everybody must know about the guest: who said so, taking it back, saying more."""
    notice = ""
    if it.press == "save":
        kind, text = it.value("kind", PICKED), it.value("text")
        empty = kind == PICKED and not text
        notice = it.say("needText") if empty else _failed(it, it.do(put_up, kind=kind, text=text))
    elif number := it.pressed("remove"):
        notice = _failed(it, it.do(take_down, flag=int(number) if number.isdecimal() else 0))
    return _flags(it, notice).json()


def _flags(it: Pressed, notice: str) -> Sheet:
    sheet = Sheet(it.say("flags"), it.say("save"), notice)
    for one in flags.of_guest(it.ask.account.id, it.ask.number("guest")):
        whose = (
            it.say("ownersRule")
            if one["id"] is None
            else ", ".join(filter(None, [one["by"], it.date(one["at"])]))
        )
        taps = [(f"remove:{one['id']}", it.say("remove"))] if one["id"] is not None else []
        text = (
            f"{it.say('flag_' + one['kind'])}: {one['text']}"
            if one["text"]
            else it.say("flag_" + one["kind"])
        )
        sheet.text(text, f"box {one['kind']}", more=whose, taps=taps)
    sheet.text(it.say("newFlag"), "head")
    kinds = [(kind, it.say("flag_" + kind)) for kind in flags.KINDS]
    typed = bool(notice)
    sheet.pick("kind", kinds, it.value("kind", PICKED) if typed else PICKED)
    sheet.ask("text", it.say("flagText"), it.value("text") if typed else "")
    return sheet


def numbers(it: Pressed) -> Json:
    """The numbers kept with the guest; what was joined here can be parted again."""
    notice, guest = "", it.ask.number("guest")
    if number := it.pressed("part"):
        notice = _failed(it, it.do(part, number=number))
    sheet = Sheet(it.say("otherNumbers"), notice=notice)
    ours = kin.joined(it.ask.account.id, guest)
    for number in kin.numbers_of(it.ask.account.id, guest, ""):
        sheet.text(number, "box", taps=[(f"part:{number}", it.say("notTheirs"))] if number in ours else [])
    return sheet.json()


def _failed(it: Pressed, answer: Json) -> str:
    return "" if answer["ok"] else it.say("notSaved")
