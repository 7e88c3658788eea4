"""The sheet of a guest's addresses: which one goes with the order, and room for another."""

from __future__ import annotations

from server import kin, places
from server.places import streets
from server.web.registers_ask import Json
from server.web.registers_guests import place as remember
from server.web.registers_sheet import Pressed, Sheet, gone

SHORT = ("house", "flat", "entrance", "floor", "code")
SHORTEST = 2  # letters of a street that are worth looking for


def place(it: Pressed) -> Json:
    """Every address that this guest used, newest first; one tap takes one."""
    account, guest = it.ask.account.id, it.ask.number("guest")
    known = places.of(account, guest, *kin.own_address(account, guest))
    if it.press == "save" and it.value("street"):
        return _saved(it)
    chosen = it.pressed("use")
    if chosen.isdecimal() and int(chosen) < len(known):
        return gone(place=known[int(chosen)])
    sheet = Sheet(it.say("addresses"), it.say("useAddress"))
    if it.press == "save":
        sheet.notice = it.say("needStreet")
    for number, one in enumerate(known):
        taps = [(f"use:{number}", it.say("takeIt")), (f"change:{number}", it.say("change"))]
        sheet.text(one["door"], "box", more=one["way"], taps=taps)
    changed = it.pressed("change")
    typed = known[int(changed)] if changed.isdecimal() and int(changed) < len(known) else it.values
    _fields(it, sheet, {**typed, "street": typed.get("street") or typed.get("text", "")})
    return sheet.json()


def _fields(it: Pressed, sheet: Sheet, typed: Json) -> None:
    street = it.pressed("street") or typed["street"]
    sheet.text(it.say("newAddress"), "head")
    sheet.ask("street", it.say("street"), street, live=True)
    found = (
        streets.suggest(it.ask.account.id, street) if it.press == "typed" and len(street) >= SHORTEST else []
    )
    sheet.text("", taps=[(f"street:{one}", one) for one in found if one != street])
    for name in SHORT:
        sheet.ask(name, it.say(name), typed.get(name, ""), look="third")
    sheet.ask("note", it.say("placeNote"), typed.get("note", ""))


def _saved(it: Pressed) -> Json:
    """Kept with the guest; an address that could not be kept goes with this order all the same."""
    answer = it.do(remember, place=it.values)
    if answer["ok"] and answer["addresses"]:
        return gone(place=answer["addresses"][0])
    text = places.line(it.values)
    return gone(it.say("placeLost"), place={**it.values, "text": text, "door": text, "way": "", "at": 0})
