"""Several calls and several people."""

from __future__ import annotations

import time
from types import SimpleNamespace

from server.web.registers_sheet import Pressed, Sheet
from server.web.registers_sheet_missed import Came, _row
from server.words import speaker
from tests.browser.scenes.table import answered, cast, known, nobody, person, rings, row, scene, waiting
from tests.browser.showing import NOW, Json, Showing


def _others(register: Showing, count: int) -> None:
    for number in range(count):
        digits = f"5022233{40 + number}"
        rings(register, id=f"other{number}", **{"from": f"+380{digits}"}, shown=f"0{digits}", version=1)


@scene
def two_calls(register: Showing) -> None:
    register.start()
    answered(register)
    known(register)
    _others(register, 1)


@scene
def six_calls(register: Showing) -> None:
    """One talks, one holds, one is over, three ring."""
    register.start()
    _others(register, 5)
    answered(register, 120, 2, id="other0", held=True)
    rings(register, id="other1", version=2, state="ended", outcome="missed", ended=NOW)
    rings(register)
    answered(register)
    known(register)
    register.taps(register.app.locator("nav .chip").last)


@scene
def held(register: Showing) -> None:
    register.start()
    answered(register, held=True)
    known(register)


@scene
def missed(register: Showing) -> None:
    register.start()
    rings(register)
    known(register)
    rings(register, version=4, state="ended", outcome="missed", ended=NOW)


@scene
def over(register: Showing) -> None:
    """What may be noted about a call that has ended."""
    register.start()
    answered(register)
    known(register)
    answered(register, version=5, state="ended", outcome="answered", ended=NOW)


@scene
def typed_here_answered_there(register: Showing) -> None:
    """A draft outlives its call."""
    register.start()
    rings(register)
    nobody(register)
    register.fills("name", cast(register).others[0])
    by = {"line": "102", "employee": 7, "name": cast(register).colleague}
    rings(register, version=4, state="answered", mine=False, answered_by=by, answered=NOW)


@scene
def test_call(register: Showing) -> None:
    register.start()
    rings(register, test=True)
    nobody(register)


@scene
def veiled(register: Showing) -> None:
    """The number is hidden until somebody answers."""
    register.start(settings=_settings(veil=True))
    rings(register, **{"from": None}, shown="", veiled=True)


def _settings(**change: bool | str) -> Json:
    return {
        "grace": 20,
        "pop": "ring",
        "quiet": False,
        "veil": False,
        "delivery": "comment",
        "booking": True,
    } | change


def _menu(register: Showing, **snapshot: object) -> None:
    actors = cast(register)
    rows = [
        row(1, name=actors.guest, outcome="answered", by=actors.employee),
        row(2, name=actors.long, outcome="missed"),
        row(3, name="", outcome="busy"),
        row(4, name="", outcome="answered", by=actors.colleague, **{"from": None}, shown=""),
    ]
    told: Json = {"recent": rows, "settings": _settings(), "load": {"open": 7, "minutes": 45}}
    register.start(**(told | snapshot))
    register.fires("applicationIconClicked", {"place": "functions"})


def _missed(register: Showing) -> list[Json]:
    actors = cast(register)
    claimed = {"employee": 7, "name": actors.colleague, "at": NOW - 60}
    return [
        waiting(actors, 1, flags=["vip"], paid="12000.00", calls=3),
        waiting(actors, 2, open=True),
        waiting(actors, 3, claimed=claimed),
        waiting(actors, 4, name=actors.long, guest=None),
        waiting(actors, 11, name="", guest=None, late=True),
    ]


@scene
def menu(register: Showing) -> None:
    _menu(register)


@scene
def menu_busy(register: Showing) -> None:
    """People wait for a call, somebody talks."""
    actors = cast(register)
    talk = {"call": "t1", "line": "102", "employee": 7, "name": actors.colleague, "masked": "+380…12",
            "since": NOW - 83, "held": False}  # fmt: skip
    _menu(register, missed=_missed(register), talking=[talk])


@scene
def menu_quiet(register: Showing) -> None:
    _menu(register, settings=_settings(quiet=True))


@scene
def menu_empty(register: Showing) -> None:
    _menu(register, recent=[])


@scene
def past_caller(register: Showing) -> None:
    """A row of the list becomes a card."""
    guest = {"stage": "complete", "version": 1, "number": "+380671112201", "hidden": []}
    register.script["door"]["find"] = {"ok": True, "guest": guest | {"guests": [person(cast(register))]}}
    _menu(register)
    register.taps(register.app.locator("main button", has_text=cast(register).guest).last)


def _list(register: Showing, rows: list[Json], came: str = "") -> None:
    """The page as the server draws it; `came`: what came of the tap on the first row."""
    say = speaker(register.lang)
    ask = SimpleNamespace(employee=5)
    it, sheet = Pressed(None, ask, say, "", {}), Sheet(say("waiting"))
    for one in rows:
        _row(it, sheet, one | {"at": time.time() - 240 * one["id"] - 5}, Came(1, came))
    register.script["door"]["sheet"] = sheet.json()
    _menu(register, missed=rows)
    register.taps(register.app.locator("main button.row", has_text=register.say("waiting")).first)
    register.passes(0.2)


@scene
def waiting_list(register: Showing) -> None:
    """Who called in vain: the most urgent first."""
    _list(register, _missed(register))


def _mine(register: Showing) -> list[Json]:
    mine = {"employee": 5, "name": cast(register).employee, "at": NOW - 30}
    return [waiting(cast(register), 1, claimed=mine), *_missed(register)[1:]]


@scene
def waiting_list_claimed(register: Showing) -> None:
    _list(register, _mine(register))


@scene
def call_back_by_hand(register: Showing) -> None:
    """The phone company can't place calls: the number stands there large."""
    _list(register, _mine(register), register.say("dialImpossible"))


@scene
def call_back_rings(register: Showing) -> None:
    _list(register, _mine(register), register.say("dialling"))


@scene
def call_back_taken(register: Showing) -> None:
    """Two tapped at the same moment."""
    _list(register, _missed(register), register.say("taken", cast(register).colleague))


@scene
def call_back_unanswered(register: Showing) -> None:
    """The server is away."""
    _list(register, _missed(register))
    register.answers(sheet={"ok": False, "error": "offline"})
    register.tap("callBack")


@scene
def waiting_list_empty(register: Showing) -> None:
    sheet = Sheet(register.say("waiting"))
    sheet.text(register.say("noMissed"), "soft")
    register.script["door"]["sheet"] = sheet.json()
    _menu(register)
    register.taps(register.app.locator("main button.row", has_text=register.say("waiting")).first)


@scene
def rings_over_the_list(register: Showing) -> None:
    """A call that comes meanwhile stands in the head."""
    _list(register, _missed(register))
    rings(register)
    known(register)


@scene
def all_calls(register: Showing) -> None:
    six_calls(register)
    register.taps(register.app.locator("nav .all"))


@scene
def colleague_talks(register: Showing) -> None:
    talk = {"call": "t1", "line": "102", "employee": 7, "name": cast(register).colleague, "masked": "+380…12",
            "since": NOW - 83, "held": False}  # fmt: skip
    register.start(talking=[talk])
    rings(register)
    known(register)
