"""Forms that are needed now and then: the server draws them, the register shows them."""

from __future__ import annotations

from server.web.registers_sheet import Sheet
from server.words import speaker
from tests.browser.scenes.table import answered, cast, known, person, places, scene
from tests.browser.showing import Json, Showing

KINDS = ("vip", "allergy", "careful", "prepay", "refuse", "note")


def _settings() -> Json:
    return {"grace": 20, "pop": "ring", "quiet": False, "veil": False, "delivery": "comment", "booking": True}


def _card(register: Showing, sheet: Sheet) -> None:
    register.script["door"]["sheet"] = sheet.json()
    register.start(settings=_settings())
    answered(register)
    known(register, person(cast(register), numbers=["+380501112233"]))


def _opens(register: Showing, sheet: Sheet, word: str) -> None:
    """By the button with this word on the card, or behind "More"."""
    _card(register, sheet)
    button = register.app.get_by_role("button", name=register.say(word), exact=True)
    if not button.count():
        register.tap("more")
    register.taps(button.first)


def _addresses(register: Showing, street: str = "", found: tuple[str, ...] = ()) -> Sheet:
    say, actors = speaker(register.lang), cast(register)
    sheet = Sheet(say("addresses"), say("useAddress"))
    for number, one in enumerate([] if found else places(actors, actors.way)):
        taps = [(f"use:{number}", say("takeIt")), (f"change:{number}", say("change"))]
        sheet.text(one["door"], "box", more=one["way"], taps=taps)
    sheet.text(say("newAddress"), "head")
    sheet.ask("street", say("street"), street, live=True)
    sheet.text("", taps=[(f"street:{one}", one) for one in found])
    for name in ("house", "flat", "entrance", "floor", "code"):
        sheet.ask(name, say(name), look="third")
    sheet.ask("note", say("placeNote"))
    return sheet


@scene
def addresses(register: Showing) -> None:
    _card(register, _addresses(register))
    register.taps(register.app.locator("main button.row").first)


@scene
def address_typed(register: Showing) -> None:
    """Streets of the restaurant's own deliveries are offered."""
    actors = cast(register)
    _card(register, _addresses(register, actors.streets[0][:7], actors.streets))
    register.taps(register.app.locator("main button.row").first)
    register.fills("street", actors.streets[0][:7])
    register.passes(1)


def _flags(register: Showing, notice: str = "") -> Sheet:
    say, actors = speaker(register.lang), cast(register)
    sheet = Sheet(say("flags"), say("save"), say(notice) if notice else "")
    taken = [("remove:7", say("remove"))]
    sheet.text(
        f"{say('flag_allergy')}: {actors.allergy}",
        "box allergy",
        f"{actors.colleague}, 03.11.2026",
        taps=taken,
    )
    sheet.text(say("flag_vip"), "box vip", say("ownersRule"))
    sheet.text(say("newFlag"), "head")
    sheet.pick("kind", [(kind, say(f"flag_{kind}")) for kind in KINDS], "note")
    sheet.ask("text", say("flagText"))
    return sheet


@scene
def sheet_flags(register: Showing) -> None:
    _opens(register, _flags(register), "flag")


@scene
def sheet_flag_without_words(register: Showing) -> None:
    _opens(register, _flags(register, "needText"), "flag")


@scene
def sheet_note(register: Showing) -> None:
    say = speaker(register.lang)
    sheet = Sheet(say("noteAsk"), say("save"))
    sheet.text("", taps=[(one, say(f"about_{one}")) for one in ("order", "question", "complaint", "wrong")])
    sheet.ask("text", say("noteText"))
    _opens(register, sheet, "note")


@scene
def sheet_never_pop(register: Showing) -> None:
    say = speaker(register.lang)
    sheet = Sheet(say("neverPop"))
    sheet.text(say("neverAsk"))
    sheet.text("", taps=[(one, say(f"kind_{one}")) for one in ("courier", "supplier", "staff", "other")])
    _opens(register, sheet, "neverPop")


@scene
def sheet_numbers(register: Showing) -> None:
    say = speaker(register.lang)
    sheet = Sheet(say("otherNumbers"))
    sheet.text("+380501112233", "box", taps=[("part:+380501112233", say("notTheirs"))])
    sheet.text("+380671112233", "box")
    _opens(register, sheet, "numbers")


def _booking(register: Showing) -> Sheet:
    say = speaker(register.lang)
    sheet = Sheet(say("bookTable"), say("findTables"))
    sheet.pick("day", [("2026-11-23", say("today")), ("2026-11-24", say("tomorrow"))], "2026-11-23")
    sheet.ask("day", say("date"), "2026-11-23", "date")
    sheet.ask("time", say("time"), "19:30", "time")
    sheet.ask("guests", say("people"), "4", "number")
    sheet.text(say("howLong"))
    sheet.pick("minutes", [(one, one) for one in ("60", "90", "120", "150", "180", "240")], "120")
    return sheet


@scene
def sheet_booking(register: Showing) -> None:
    sheet = _booking(register)
    sheet.text(speaker(register.lang)("bookingHint"), "soft")
    _opens(register, sheet, "aTable")


@scene
def sheet_free_tables(register: Showing) -> None:
    say, sheet = speaker(register.lang), _booking(register)
    for number, seats in (("2", "4"), ("7", "6")):
        taps = [(f"table:{number}", say("bookIt"))]
        sheet.text(say("table", number), "box", side=say("seats", seats), taps=taps)
    sheet.text(say("bookingHint"), "soft")
    _opens(register, sheet, "aTable")
    register.app.locator("main").evaluate("(one) => { one.scrollTop = one.scrollHeight; }")


@scene
def sheet_booked(register: Showing) -> None:
    say = speaker(register.lang)
    sheet = Sheet(say("bookTable"))
    sheet.text(say("booked", "23.11 19:30"), "good tag")
    sheet.text(say("bookingHint"), "soft")
    _opens(register, sheet, "aTable")


@scene
def sheet_failed(register: Showing) -> None:
    """The server does not answer."""
    _opens(register, Sheet(speaker(register.lang)("noteAsk")), "more")
    register.answers(sheet={"ok": False, "error": "offline"})
    register.tap("note")


@scene
def more(register: Showing) -> None:
    _opens(register, Sheet(""), "more")


def _farewell(register: Showing, *rows: tuple[str, str, str, str]) -> None:
    say, sheet = speaker(register.lang), Sheet(speaker(register.lang)("staysOpen"))
    for text, look, beneath, side in rows:
        sheet.text(text, look, beneath, side)
    if not rows:
        sheet.text(say("nothingOpen"))
    register.script["door"]["sheet"] = sheet.json()
    register.start(settings=_settings())
    register.fires("applicationIconClicked", {"place": "functions"})
    register.tap("endOfShift")
    register.passes(0.2)


@scene
def handover(register: Showing) -> None:
    say, actors = speaker(register.lang), cast(register)
    _farewell(
        register,
        (say("callbacks", "2"), "head", "", ""),
        (actors.others[0], "box", "050 222 3341", "14:16"),
        (actors.long, "box", "050 222 3342", "13:02"),
        (say("promises", "1"), "head", "", ""),
        (actors.guest, "box", actors.employee, "15:05"),
        (say("flagsAdded", "1"), "head", "", ""),
        (actors.others[1], "box", actors.careful, say("flag_careful")),
    )


@scene
def handover_empty(register: Showing) -> None:
    _farewell(register)
