"""The golden messages are what this server says, to the letter; the register's tests read the same files."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import requests

from server import messages, phones
from server.calls import ANSWERED, ENDED, RINGING, Call
from server.guests import cards
from server.messages import Answerer, Hello, Person
from server.models import Account
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.wire import ROOT, Binotel, Json, Register, Server, envelope

FOLDER = ROOT / "tests" / "messages"
OLENA = "0671112233"

RINGS = Call(
    "k3V9aQx2", 1, 1, "1", "in", OLENA, "+380441234567", state=RINGING, line="101", started=1795436400.1,
    version=2,
)  # fmt: skip
TALKS = replace(RINGS, state=ANSWERED, answered=1795436407.4, version=3)
OVER = replace(TALKS, state=ENDED, ended=1795436531, outcome="answered", version=4)
MISSED = replace(RINGS, state=ENDED, ended=1795436431, outcome="missed", version=3)
SECOND = replace(RINGS, id="second01", caller="0501234567", started=1795436401)
WITHHELD = replace(OVER, id="m7Yp01Lk", caller="", line="102", started=1795435000, answered=None, ended=None)

HERE, ELSEWHERE, NOBODY = Answerer("101", 5, "Olena"), Answerer("102", 7, "Taras"), Answerer("109")

CALLS: dict[str, tuple[Call, Answerer | None, bool]] = {
    "call_ringing": (RINGS, None, True),
    "call_ringing_line_unknown": (replace(RINGS, line="", version=1), None, True),
    "call_ringing_test": (replace(RINGS, id="test0001", test=True), None, True),
    "call_ringing_unparsed": (replace(RINGS, id="unparsed1", caller="00-12ab"), None, True),
    "call_ringing_withheld": (replace(RINGS, id="w1thhe1d", caller=""), None, True),
    "call_answered_here": (TALKS, HERE, True),
    "call_answered_elsewhere": (replace(TALKS, line="102"), ELSEWHERE, False),
    "call_answered_by_nobody_known": (replace(TALKS, line="109"), NOBODY, False),
    "call_moved": (replace(RINGS, line="105", version=4), None, False),
    "call_ended": (OVER, HERE, True),
    "call_missed": (MISSED, None, True),
    "call_held": (replace(TALKS, held=True, version=4), HERE, True),
}


def golden(name: str) -> Json:
    return dict(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def told(call: Call, answerer: Answerer | None, mine: bool) -> Json:
    return messages.call(call, phones.read(call.caller, "UA"), answerer, mine)


def recent_row(call: Call, name: str, by: str, note: str = "") -> Json:
    return messages.recent(call, phones.read(call.caller, "UA"), name, by, note)


@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_told_as_in_the_golden_file(name: str) -> None:
    assert json.loads(messages.frame("call", call=told(*CALLS[name]))) == golden(name)


def test_every_golden_call_is_compared() -> None:
    files = {path.stem for path in FOLDER.glob("call_*.json")}
    assert files == CALLS.keys() | {"call_ringing_hostile_name", "call_veiled", "call_never_pops"}


def test_a_veiled_call_tells_two_digits_and_nothing_else() -> None:
    veiled = replace(RINGS, name="Kovalenko Olena")
    said = messages.call(veiled, phones.read(OLENA, "UA"), None, True, veiled=True)
    assert json.loads(messages.frame("call", call=said)) == golden("call_veiled")


def test_a_call_of_a_courier_opens_no_card() -> None:
    courier = replace(RINGS, id="courier1")
    said = messages.call(courier, phones.read(OLENA, "UA"), None, True, pop=False)
    assert json.loads(messages.frame("call", call=said)) == golden("call_never_pops")


def test_a_hostile_name_is_made_harmless_here_already() -> None:
    """The file holds what a careless server would say, so that the register proves itself too."""
    hostile = golden("call_ringing_hostile_name")["call"]
    name = told(replace(RINGS, id="h0st1le", name=hostile["name"]), None, True)["name"]
    assert name.startswith("<script>alert(1)</script>")
    assert len(name) == messages.LONGEST_NAME
    assert name.isprintable()


ACCOUNT = {"name": "acme", "country": "UA", "code": 380, "currency": "₴", "lang": "ua"}
BAR = Person(1, "Bar")
SETTINGS = {"grace": 20, "pop": "ring", "quiet": False, "veil": False, "delivery": "comment", "booking": True}
LOAD = {"open": 7, "minutes": 45}
NOTED = replace(WITHHELD, id="n0ted", caller="0501234567")
ROWS: dict[str, tuple[Call, str, str, str]] = {
    "recent": (MISSED, "Kovalenko Olena", "", ""),
    "recent_answered_withheld": (WITHHELD, "", "Taras", ""),
    "recent_noted": (NOTED, "", "Taras", "complaint"),
}


@pytest.mark.parametrize("name", ROWS)
def test_the_list_of_callers(name: str) -> None:
    assert json.loads(messages.frame("recent", row=recent_row(*ROWS[name]))) == golden(name)


def test_a_snapshot() -> None:
    guest = golden("guest_found")["guest"]
    ringing = [
        {"call": told(RINGS, None, True), "guest": guest},
        {"call": told(SECOND, None, True), "guest": None},
    ]
    rows = [recent_row(*ROWS["recent"]), recent_row(*ROWS["recent_answered_withheld"])]
    olena = Person(5, "Olena", ("101", "102"))
    said = messages.snapshot(1795436402.5, ACCOUNT, olena, BAR, SETTINGS, ringing, rows, [], [], LOAD)
    assert (
        json.loads(messages.text(said)) == golden("snapshot_ringing") == golden("door_hello_reply")["message"]
    )
    quiet = messages.snapshot(1795436402.5, ACCOUNT, None, BAR, SETTINGS, [], [], [], [], LOAD)
    assert json.loads(messages.text(quiet)) == golden("snapshot_quiet")


def test_a_ping() -> None:
    assert json.loads(messages.PING) == golden("ping")


CLIENT = {
    "client_id": "318", "lastname": "Kovalenko", "firstname": "Olena", "client_groups_name": "VIP",
    "client_groups_id_client": "4", "client_groups_id": "4", "loyalty_type": "1", "bonus": "4500",
    "addresses": [{"id": 1, "address1": "Sadova 5/7"}],
}  # fmt: skip


def guest_frame(stage: str, guests: list[Json], hidden: list[int]) -> Json:
    card = {**cards.card(stage, "+380671112233", guests, hidden), "version": 2, "again": None}
    return dict(json.loads(messages.frame("guest", call="k3V9aQx2", guest=card)))


def test_a_guest_who_is_found_unknown_or_not_told() -> None:
    assert guest_frame("found", [cards.guest(CLIENT, "+380671112233")], []) == golden("guest_found")
    assert guest_frame("unknown", [], [77]) == golden("guest_unknown")
    assert guest_frame("failed", [], []) == golden("guest_failed")


def test_what_registers_say_is_understood() -> None:
    hello = messages.read_hello(json.dumps(golden("register_hello")))
    assert hello == Hello("tk-1f2e3d4c5b6a79888796a5b4", 1, "1.0.0", 5)
    assert messages.employee_id(golden("register_employee")["employee"]) == 5
    assert messages.employee_id(golden("register_employee_nobody")["employee"]) is None


def shape(value: Any) -> Any:
    """Names and kinds, without what they hold; a list is as its first row."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value[:1]]
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def ask_as_golden(register: Register, verb: str) -> requests.Response:
    url, body = f"{register.base}/{verb}", envelope(**golden(f"door_{verb}"))
    return requests.post(url, data=body, headers=register.headers(url, body), timeout=20)


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    return restaurant()


def test_a_real_server_says_the_same(served: Server, account: Account) -> None:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    company = Binotel(hook_of(served, add_trunk(account)))
    register.connect()
    company.ring("77", OLENA, "0441234567")
    assert shape(register.hear_until("call")) == shape(golden("call_ringing_line_unknown"))
    assert shape(register.hear_until("guest")) == shape(golden("guest_failed"))
    company.answer("77", "101", OLENA)
    assert shape(register.hear_until("call")) == shape(golden("call_answered_here"))
    company.hangup("77")
    assert shape(register.hear_until("call")) == shape(golden("call_ended"))
    assert shape(register.hear_until("recent")) == shape(golden("recent"))
    register.close()


def test_a_real_door_answers_the_same(served: Server, account: Account) -> None:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    reply = ask_as_golden(register, "hello").json()
    quiet = golden("snapshot_quiet") | {"employee": golden("snapshot_ringing")["employee"]}
    assert shape(reply) == shape(golden("door_hello_reply") | {"message": quiet})
    again = ask_as_golden(register, "hello")
    assert (again.status_code, again.json()) == (403, golden("door_refused_reply") | {"error": "replayed"})


@pytest.mark.parametrize(("verb", "word"), [("dial", "dial_impossible"), ("hangup", "call_unknown")])
def test_a_call_that_cannot_be_placed_or_ended_says_why(
    served: Server, account: Account, verb: str, word: str
) -> None:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    assert ask_as_golden(register, verb).json() == {"ok": False, "error": word}
