"""Placing and ending calls from a register and from the terminal, through a company's REST on a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.db import close_database, open_database, reading
from server.models import Account, CallRow, Dial, Trunk
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.vault import Vault
from tests import wire
from tests.conftest import hook_of, make_restaurant
from tests.switchboard import Switchboard
from tests.wire import Binotel, Register

REST = {"api_key": "api-key-1", "api_secret": "api-secret-1"}


@pytest.fixture
def board() -> Iterator[Switchboard]:
    board = Switchboard()
    board.answer = company
    yield board
    board.close()


def company(path: str, body: Any) -> Any:
    if "internal-number-to-external-number" in path:
        return {"status": "success", "generalCallID": "9001"}
    return {"status": "success", "callDetails": {}}


@pytest.fixture
def served(tmp_path: Path, board: Switchboard) -> Iterator[wire.Server]:
    server = wire.Server(tmp_path / "dzvinok.db", COMPANIES_URL=board.url)
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


@pytest.fixture
def trunk(served: wire.Server) -> Trunk:
    account: Account = make_restaurant()
    return Trunks(Vault(served.env["SECRET_KEY"]), served.url, PROVIDERS).add(account, "binotel", REST)


@pytest.fixture
def olena(served: wire.Server, trunk: Trunk) -> Register:
    return Register(served.url, "pechera", register=1, spot=1, employee=5)


def asked(board: Switchboard, method: str) -> list[Any]:
    return [body for path, body in board.asked if method in path]


def test_an_employee_calls_a_guest_from_their_own_line(
    board: Switchboard, served: wire.Server, trunk: Trunk, olena: Register
) -> None:
    assert olena.ask("dial", number="+380671112233").json() == {"ok": True}
    (body,) = asked(board, "internal-number-to-external-number")
    assert (body["internalNumber"], body["externalNumber"]) == ("101", "0671112233")
    with reading():
        dial = Dial.get()
    assert (dial.line, dial.number, dial.key, dial.problem) == ("101", "+380671112233", "9001", "")


def test_the_call_that_was_placed_is_known_when_its_events_come(
    board: Switchboard, served: wire.Server, trunk: Trunk, olena: Register
) -> None:
    olena.ask("dial", number="0671112233")
    Binotel(hook_of(served, trunk)).post(
        externalNumber="0671112233", internalNumber="101", generalCallID="9001", callType=1, companyID=1,
        requestType="receivedTheCall",
    )  # fmt: skip
    with reading():
        call, dial = CallRow.get(), Dial.get()
    assert (call.dial_id, call.direction, dial.call_id) == (dial.id, "out", call.id)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"number": "0671112233", "line": "102"}, "line"),
        ({"number": "ring"}, "number"),
        ({"number": "101"}, "number"),
    ],
)
def test_nobody_calls_from_a_line_that_is_not_theirs_or_to_no_number(
    board: Switchboard, olena: Register, body: dict[str, str], error: str
) -> None:
    assert olena.ask("dial", **body).json() == {"ok": False, "error": error}
    assert asked(board, "internal-number-to-external-number") == []


def test_an_employee_without_a_line_cannot_call(served: wire.Server, trunk: Trunk) -> None:
    iryna = Register(served.url, "pechera", register=2, spot=1, employee=7)
    assert iryna.ask("dial", number="0671112233").json() == {"ok": False, "error": "line"}


def test_the_companys_refusal_is_told(board: Switchboard, olena: Register) -> None:
    board.answer = lambda path, body: {"status": "error", "code": "105", "message": "Number is blocked"}
    assert olena.ask("dial", number="0671112233").json() == {"ok": False, "error": "refused"}
    with reading():
        assert "blocked" in Dial.get().problem


def test_the_terminal_places_and_ends_calls(board: Switchboard, served: wire.Server, trunk: Trunk) -> None:
    said = served.cli("dial", "--account", "pechera", "--line", "101", "--to", "0671112233")
    assert (said.returncode, said.stdout.count("Placed")) == (0, 1)
    Binotel(hook_of(served, trunk)).ring("9002")
    with reading():
        call = CallRow.get(CallRow.key == "9002")
    assert served.cli("hangup", "--account", "pechera", "--call", call.id).returncode == 0
    assert [body["generalCallID"] for body in asked(board, "hangup-call")] == ["9002"]


def test_a_call_of_another_account_cannot_be_ended(
    board: Switchboard, served: wire.Server, trunk: Trunk, olena: Register
) -> None:
    make_restaurant("kaffka", "700124")
    Binotel(hook_of(served, trunk)).ring("9003")
    with reading():
        call = CallRow.get(CallRow.key == "9003")
    said = served.cli("hangup", "--account", "kaffka", "--call", call.id)
    assert said.returncode == 1
    assert "no such call" in said.stderr
    assert asked(board, "hangup-call") == []


def test_a_call_that_is_over_is_not_ended_again(served: wire.Server, trunk: Trunk, olena: Register) -> None:
    assert olena.ask("hangup", call="nobody knows it").json() == {"ok": False, "error": "call_unknown"}


def test_the_terminal_says_in_a_sentence_what_went_wrong(
    board: Switchboard, served: wire.Server, trunk: Trunk
) -> None:
    board.answer = lambda path, body: {"status": "error", "code": "1", "message": "Wrong key or secret"}
    words = ("--account", "pechera", "--trunk", str(trunk.id))
    said = served.cli("trunks", "test", *words)
    assert (said.returncode, said.stdout.split(":")[0]) == (1, "Key, secret, user or password are refused")
    board.answer = lambda path, body: {"status": "success", "listOfEmployees": []}
    assert served.cli("trunks", "test", *words).stdout == "It works. Extensions found: 0.\n"
    dialled = served.cli("dial", "--account", "pechera", "--line", "101", "--to", "nobody")
    assert (dialled.returncode, "not a phone number" in dialled.stderr) == (1, True)
