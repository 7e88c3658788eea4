"""Who calls: from the first moment to everything that is known."""

from __future__ import annotations

from tests.browser.scenes.table import (
    CALL,
    DAY,
    answered,
    cast,
    flag,
    known,
    nobody,
    person,
    rings,
    scene,
)  # fmt: skip
from tests.browser.showing import NOW, Showing, golden

HOSTILE = "<b>Bold</b>\u202e\u2066 =cmd|' /C calc'!A0 \u0000\u0007"


@scene
def loading(register: Showing) -> None:
    """It rings; nobody has said yet whose number it is."""
    register.script["answers"]["clients.find"] = "hang"
    register.start()
    rings(register)


@scene
def found_late(register: Showing) -> None:
    """Nobody answered for ten seconds."""
    register.script["answers"]["clients.find"] = "hang"
    register.start()
    rings(register)
    register.passes(10.5)


@scene
def name_only(register: Showing) -> None:
    """The name has come, the orders have not."""
    register.start()
    rings(register)
    found = golden("guest_found")["guest"]["guests"][0] | {"name": cast(register).guest}
    known(register, found, stage="found")


@scene
def known_guest(register: Showing) -> None:
    register.start()
    rings(register)
    known(register)


@scene
def known_talking(register: Showing) -> None:
    register.start(load={"open": 7, "minutes": 45})
    answered(register)
    known(register)


@scene
def known_hints(register: Showing) -> None:
    """A birthday is near, and there is a bonus to mention."""
    register.start()
    rings(register)
    hints = [{"kind": "birthday", "days": 2}, {"kind": "bonus", "sum": "45.00"}]
    known(register, person(cast(register), hints=hints))


def _flagged(register: Showing, kind: str, text: str) -> None:
    register.start()
    rings(register)
    known(register, person(cast(register), flags=[flag(cast(register), kind, text)]))


@scene
def flag_vip(register: Showing) -> None:
    """By the owner's rule: nobody wrote it."""
    register.start()
    rings(register)
    known(register, person(cast(register), flags=[flag(cast(register), "vip", "", id=None, by="")]))


@scene
def flag_allergy(register: Showing) -> None:
    _flagged(register, "allergy", cast(register).allergy)


@scene
def flag_careful(register: Showing) -> None:
    _flagged(register, "careful", cast(register).careful)


@scene
def flag_prepay(register: Showing) -> None:
    _flagged(register, "prepay", "")


@scene
def flag_refuse(register: Showing) -> None:
    _flagged(register, "refuse", cast(register).refuse)


@scene
def flag_note(register: Showing) -> None:
    _flagged(register, "note", cast(register).note)


@scene
def flags_all(register: Showing) -> None:
    actors = cast(register)
    texts = {"refuse": actors.refuse, "prepay": "", "careful": actors.careful, "allergy": actors.allergy,
             "note": actors.note, "vip": ""}  # fmt: skip
    flags = [flag(actors, kind, text, id=number) for number, (kind, text) in enumerate(texts.items())]
    register.start()
    rings(register)
    known(register, person(actors, flags=flags))


@scene
def open_order_first(register: Showing) -> None:
    register.start(load={"open": 7, "minutes": 45})
    rings(register)
    going = {"kind": "order", "id": 50031, "order": 1795435000000, "at": NOW - 1500, "sum": "455.00",
             "address": f"{cast(register).street} 5/7", "spot": 1, "status": "cooking"}  # fmt: skip
    known(register, person(cast(register), open=[going]))


@scene
def open_online_order(register: Showing) -> None:
    register.start()
    rings(register)
    waits = {"kind": "online", "id": 77, "order": None, "at": NOW - 240, "sum": "612.00",
             "address": f"{cast(register).street} 5/7", "spot": 1, "status": "waiting"}  # fmt: skip
    known(register, person(cast(register), open=[waits]))


@scene
def called_again(register: Showing) -> None:
    actors = cast(register)
    last = {"call": "before01", "at": NOW - 360, "outcome": "answered", "by": actors.colleague, "note": "complaint",
            "text": actors.complaint, "order": {"id": 50012, "sum": "345.00"}}  # fmt: skip
    register.start()
    rings(register)
    known(register, again={"count": 2, "minutes": 6, "last": last})


@scene
def called_again_in_vain(register: Showing) -> None:
    last = {
        "call": "before01",
        "at": NOW - 240,
        "outcome": "missed",
        "by": "",
        "note": "",
        "text": "",
        "order": None,
    }
    register.start()
    rings(register)
    nobody(register, again={"count": 4, "minutes": 2, "last": last})


@scene
def several_guests(register: Showing) -> None:
    actors = cast(register)
    register.start()
    rings(register)
    known(register, *[person(actors, id=320 + n, name=name) for n, name in enumerate(actors.others)])


@scene
def new_guest(register: Showing) -> None:
    register.start()
    rings(register)
    nobody(register)


@scene
def new_guest_filled(register: Showing) -> None:
    register.start()
    answered(register)
    nobody(register)
    register.fills("name", cast(register).others[0])


@scene
def number_belongs(register: Showing) -> None:
    """Somebody was given this number at another register while it was being typed here."""
    register.start()
    answered(register)
    nobody(register)
    register.fills("name", cast(register).others[0])
    known(register, version=4)


@scene
def withheld(register: Showing) -> None:
    register.start()
    register.says(golden("call_ringing_withheld"))


@scene
def company_names_caller(register: Showing) -> None:
    """What the phone company calls them is text, whatever stands in it."""
    register.start()
    rings(register, name=HOSTILE)
    nobody(register)


@scene
def hostile_name(register: Showing) -> None:
    actors = cast(register)
    people = person(actors, name=HOSTILE + "W" * 60, comment=HOSTILE * 4, group=HOSTILE, last_address=HOSTILE)
    register.start()
    rings(register)
    known(register, people | {"flags": [flag(actors, "note", HOSTILE * 3)]})


@scene
def long_name(register: Showing) -> None:
    actors = cast(register)
    register.start()
    rings(register)
    known(
        register,
        person(actors, name=actors.long, group=actors.long, flags=[flag(actors, "vip", actors.long)]),
    )


@scene
def first_order(register: Showing) -> None:
    """A guest who never ordered."""
    none = {"orders": [], "usual": [], "figures": None, "addresses": [], "last_order": None, "last_address": "",
            "address": "", "comment": ""}  # fmt: skip
    register.start()
    rings(register)
    known(register, person(cast(register), **none))


@scene
def poster_behind(register: Showing) -> None:
    """From our own directory, because Poster does not answer."""
    register.start()
    rings(register)
    known(register, at=NOW - DAY / 3, behind=True)


@scene
def poster_failed(register: Showing) -> None:
    """Nobody in our directory, and Poster does not answer."""
    register.start()
    rings(register)
    failed = golden("guest_failed")["guest"] | {"version": 3, "at": None, "behind": True, "again": None}
    register.says({"type": "guest", "call": CALL, "guest": failed})


@scene
def big_text(register: Showing) -> None:
    register.start()
    rings(register)
    known(register, person(cast(register), flags=[flag(cast(register), "allergy", cast(register).allergy)]))
    register.enlarge()
