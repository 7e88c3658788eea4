"""Sheets: what the server draws for a register, and what pressing something in them does."""

from __future__ import annotations

from typing import Any

import pytest

from server import flags, kin, popping
from server.models import Account, CallNote, LineOwner, Trunk
from server.web.registers_sheets import SHEETS
from server.words import LANGUAGES, speaker
from tests import guestbook
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.wire import Binotel, Json, Register, Server

OLENA, OTHER = 318, "+380509998877"
say = speaker("ua")


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    account = restaurant()
    guestbook.add(account)
    return account


@pytest.fixture
def till(served: Server, account: Account) -> Register:
    return Register(served.url, "pechera", register=1, spot=1, employee=5)


@pytest.fixture
def call(served: Server, account: Account, till: Register) -> str:
    Binotel(hook_of(served, add_trunk(account))).ring("c-1", "0671112233", "0441234567")
    return str(till.ask("hello").json()["message"]["calls"][0]["call"]["id"])


@pytest.fixture
def lost(served: Server, call: str, account: Account) -> str:
    """The call, over without an answer."""
    Binotel(hook_of(served, Trunk.get(Trunk.account == account))).hangup("c-1", "NOANSWER")
    return call


def sheet(till: Register, name: str, press: str = "", **more: Any) -> Json:
    answer = till.ask("sheet", name=name, press=press, **more).json()
    assert answer["ok"], answer
    return dict(answer)


def texts(answer: Json) -> list[str]:
    return [row.get("text", "") for row in answer["sheet"]["rows"]]


def taps(answer: Json) -> list[str]:
    return [press for row in answer["sheet"]["rows"] for press, _ in row.get("taps", [])]


def test_a_flag_is_put_up_shown_and_taken_down(till: Register, account: Account) -> None:
    done = sheet(till, "flag", "save", guest=OLENA, values={"kind": "allergy", "text": "горіхи"})
    assert texts(done)[0] == f"{say('flag_allergy')}: горіхи"
    (remove,) = taps(done)
    assert taps(sheet(till, "flag", remove, guest=OLENA)) == []
    assert flags.of_guest(account.id, OLENA) == []


def test_an_important_flag_needs_words_and_what_was_chosen_stays(till: Register, account: Account) -> None:
    answer = sheet(till, "flag", "save", guest=OLENA, values={"kind": "note", "text": " "})
    assert answer["notice"] == say("needText")
    assert flags.of_guest(account.id, OLENA) == []


def test_a_guest_that_is_nobody_s_gets_no_flag(till: Register) -> None:
    answer = sheet(till, "flag", "save", guest=999999, values={"kind": "vip", "text": ""})
    assert answer["notice"] == say("notSaved")


def test_numbers_that_were_joined_here_can_be_parted(till: Register, account: Account) -> None:
    kin.join(account.id, OLENA, OTHER, (5, "Olena"))
    answer = sheet(till, "numbers", guest=OLENA)
    assert taps(answer) == [f"part:{OTHER}"]
    assert OTHER not in texts(sheet(till, "numbers", f"part:{OTHER}", guest=OLENA))


def test_a_note_is_one_tap_and_back_to_the_card(till: Register, call: str) -> None:
    assert taps(sheet(till, "note", call=call)) == ["order", "question", "complaint", "wrong"]
    done = sheet(till, "note", "complaint", call=call, values={"text": "холодна піца"})
    assert (done["sheet"], done["notice"]) == (None, say("noteSaved"))
    row = CallNote.get()
    assert (row.outcome, row.text) == ("complaint", "холодна піца")
    assert texts(sheet(till, "note", call=call))[0] == f"✓ {say('about_complaint')}"


def test_words_alone_keep_the_outcome_that_was_chosen_before(till: Register, call: str) -> None:
    sheet(till, "note", "question", call=call)
    sheet(till, "note", "save", call=call, values={"text": "про алергени"})
    assert (CallNote.get().outcome, CallNote.get().text) == ("question", "про алергени")


def test_a_number_that_never_pops_is_undone_where_it_was_done(till: Register, account: Account) -> None:
    done = sheet(till, "never", "courier", number=OTHER)
    assert popping.never(account.id, OTHER)
    assert taps(done) == ["pops"]
    assert taps(sheet(till, "never", "pops", number=OTHER)) == list(popping.KINDS)
    assert not popping.never(account.id, OTHER)


def test_a_shift_that_leaves_nothing_says_so(till: Register) -> None:
    answer = sheet(till, "handover")
    assert (texts(answer), answer["brief"]) == ([say("nothingOpen")], "")


def test_a_shift_leaves_its_flags(till: Register) -> None:
    sheet(till, "flag", "save", guest=OLENA, values={"kind": "careful", "text": "жартує"})
    answer = sheet(till, "handover")
    assert answer["brief"] == say("flagsAdded", "1")
    assert "жартує" in [row.get("more") for row in answer["sheet"]["rows"]]


@pytest.mark.parametrize(
    "values", [{"day": "2020-01-01", "time": "10:00"}, {"day": "soon"}, {"time": "25:99"}]
)
def test_a_table_is_not_looked_for_at_a_time_that_is_none(till: Register, values: Json) -> None:
    answer = sheet(till, "book", "save", values={"time": "19:00", **values})
    assert answer["notice"] == say("badTime")


def test_when_poster_is_away_no_table_is_booked_and_the_form_stays(till: Register, call: str) -> None:
    answer = sheet(till, "book", "table:85", call=call, values={"day": "2035-01-01", "time": "19:00"})
    assert answer["notice"]
    assert answer["sheet"]["save"] == say("findTables")


def test_every_sheet_speaks_every_language(till: Register, call: str) -> None:
    for name in SHEETS:
        for lang in LANGUAGES:
            answer = sheet(till, name, call=call, guest=OLENA, number=OTHER, lang=lang)
            assert answer["sheet"]["title"], (name, lang)
            assert answer["sheet"]["rows"], (name, lang)


def test_strange_values_are_no_values_and_a_strange_sheet_is_refused(till: Register) -> None:
    for values in (None, [], "x", {"text": 5}, {"kind": ["vip"]}, {"x" * 50: "y"}):
        assert sheet(till, "flag", guest=OLENA, values=values)["sheet"]
    assert till.ask("sheet", name="secrets").json() == {"ok": False, "error": "sheet"}


def test_somebody_who_waits_is_taken_given_back_and_done_with(
    till: Register, lost: str, served: Server
) -> None:
    waiting = sheet(till, "missed")
    (row,) = waiting["sheet"]["rows"]
    assert (row["look"], row["side"]) == ("waits soon", say("minutesAgo", "0"))
    assert row["opens"]["call"] == lost
    dial, claim, done = (press for press, _ in row["taps"])
    taken = sheet(till, "missed", claim)["sheet"]["rows"][0]
    assert say("claimedHere") in taken["more"]
    assert [word for _, word in taken["taps"]] == [say("callBack"), say("release"), say("done")]
    bohdan = Register(served.url, "pechera", register=1, spot=1, employee=7)
    assert texts(sheet(bohdan, "missed", dial))[1] == say("taken", "Olena")
    assert texts(sheet(till, "missed", done)) == [say("noMissed")]
    assert texts(sheet(till, "missed", claim)) == [say("gone"), say("noMissed")]


def test_what_cannot_be_dialled_from_here_is_said_with_the_number(till: Register, lost: str) -> None:
    LineOwner.delete().execute()
    (dial, _), *_ = sheet(till, "missed")["sheet"]["rows"][0]["taps"]
    said, number = sheet(till, "missed", dial)["sheet"]["rows"][1:]
    assert say("dialLine") == said["text"]
    assert number["look"] == "box number"
    assert "111" in number["text"]


def test_an_address_is_taken_with_one_tap_or_typed_and_kept(till: Register, account: Account) -> None:
    guestbook.delivered(account, OLENA, "вул. Садова, 5/7", "кв. 12, під. 2")
    known = sheet(till, "place", guest=OLENA)
    assert texts(known)[0] == "вул. Садова 5/7, кв. 12"
    taken = sheet(till, "place", "use:0", guest=OLENA)
    assert (taken["sheet"], taken["place"]["way"]) == (None, "під. 2")
    typed = {"street": "Садова", "house": "9", "flat": "3", "note": "собака"}
    kept = sheet(till, "place", "save", guest=OLENA, values=typed)
    assert (kept["place"]["house"], kept["place"]["note"]) == ("9", "собака")
    assert sheet(till, "place", "save", guest=OLENA, values={"house": "9"})["notice"] == say("needStreet")


def test_streets_are_suggested_while_one_types_and_what_was_typed_stays(
    till: Register, account: Account
) -> None:
    guestbook.delivered(account, OLENA, "вул. Садова, 5/7")
    typed = sheet(till, "place", "typed", guest=OLENA, values={"street": "сад", "flat": "3"})
    assert "street:вул. Садова" in taps(typed)
    rows = {row["field"]: row.get("value", "") for row in typed["sheet"]["rows"] if "field" in row}
    assert (rows["street"], rows["flat"]) == ("сад", "3")
    filled = sheet(till, "place", "street:вул. Садова", guest=OLENA, values={"street": "сад", "flat": "3"})
    rows = {row["field"]: row.get("value", "") for row in filled["sheet"]["rows"] if "field" in row}
    assert (rows["street"], rows["flat"]) == ("вул. Садова", "3")
