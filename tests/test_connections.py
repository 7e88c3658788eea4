"""Our own connections, by a real server to a company on a real WebSocket: heard, lost, made again, paused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from server.db import close_database, open_database, reading, transaction
from server.models import Account, CallRow, Trunk
from server.providers import PROVIDERS
from server.trunks import Trunks
from server.vault import Vault
from tests import wire
from tests.conftest import make_restaurant
from tests.switchboard import Line, Switchboard
from tests.wire import Register

KEYS = {"ws_key": "ws-key-1", "ws_secret": "ws-secret-1"}
REST = {"api_key": "api-key-1", "api_secret": "api-secret-1"}
GREETING = "Connected to Binotel WebSocket. Please, authorise!"


@pytest.fixture
def board() -> Iterator[Switchboard]:
    board = Switchboard()
    yield board
    board.close()


@pytest.fixture
def served(tmp_path: Path, board: Switchboard) -> Iterator[wire.Server]:
    server = wire.Server(tmp_path / "dzvinok.db", COMPANIES_URL=board.url)
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


@pytest.fixture
def account(served: wire.Server) -> Account:
    return make_restaurant()


@pytest.fixture
def olena(served: wire.Server, account: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


def add(served: wire.Server, account: Account, **settings: str) -> Trunk:
    trunks = Trunks(Vault(served.env["SECRET_KEY"]), served.url, PROVIDERS)
    return trunks.add(account, "binotel", settings)


def admitted(board: Switchboard) -> Line:
    line = board.next_line()
    line.say(GREETING)
    assert json.loads(line.hear()) == {"task": "authLikeService", "key": "ws-key-1", "secret": "ws-secret-1"}
    line.say("Authorization success")
    return line


def start(call: str) -> dict[str, Any]:
    return {"eventName": "callStart", "companyID": 1, "generalCallID": call, "startTime": int(time.time()),
            "externalNumber": "0671112233", "callType": 0, "pbxNumber": "0441234567",
            "internalNumbers": []}  # fmt: skip


def stop(call: str, disposition: str) -> dict[str, Any]:
    return {"eventName": "callStop", "generalCallID": call, "stopTime": int(time.time()), "billsec": 0,
            "disposition": disposition}  # fmt: skip


def until(what: Callable[[], Any], seconds: float = 15) -> Any:
    """Waits for something that the server's own clock does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with reading():
            found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def state(trunk: Trunk) -> Trunk:
    found: Trunk = Trunk.get_by_id(trunk.id)
    return found


def outcomes() -> list[tuple[str, str, bool]]:
    return [(row.key, row.outcome, bool(row.late)) for row in CallRow.select().order_by(CallRow.started)]


def test_a_ring_over_our_own_connection_is_on_the_register(
    board: Switchboard, served: wire.Server, account: Account, olena: Register
) -> None:
    trunk = add(served, account, **KEYS)
    olena.connect()
    line = admitted(board)
    line.say("some words for people")
    line.say(start("c1"))
    call = olena.hear_until("call")["call"]
    assert (call["state"], call["from"], call["did"]) == ("ringing", "+380671112233", "+380441234567")
    until(lambda: state(trunk).state == "connected")


def test_a_lost_connection_is_made_again_and_counted(
    board: Switchboard, served: wire.Server, account: Account, olena: Register
) -> None:
    trunk = add(served, account, **KEYS)
    olena.connect()
    admitted(board).hang_up()
    admitted(board).say(start("c2"))
    assert olena.hear_until("call")["call"]["state"] == "ringing"
    assert until(lambda: state(trunk).reconnects) == 1


def test_a_refused_key_is_told_and_not_tried_all_the_time(
    board: Switchboard, served: wire.Server, account: Account
) -> None:
    trunk = add(served, account, **KEYS)
    line = board.next_line()
    line.say(GREETING)
    line.hear()
    line.say("Authorization failed")
    assert until(lambda: state(trunk).trouble) == "login"
    assert line.was_hung_up()
    assert board.nobody_connects()


def test_a_paused_trunk_hangs_up_and_comes_back_when_resumed(
    board: Switchboard, served: wire.Server, account: Account
) -> None:
    trunk = add(served, account, **KEYS)
    line = admitted(board)
    assert served.cli("trunks", "pause", "--account", "pechera", "--trunk", str(trunk.id)).returncode == 0
    assert line.was_hung_up()
    until(lambda: state(trunk).state == "")
    served.cli("trunks", "resume", "--account", "pechera", "--trunk", str(trunk.id))
    admitted(board)


def test_a_removed_trunk_hangs_up(board: Switchboard, served: wire.Server, account: Account) -> None:
    trunk = add(served, account, **KEYS)
    line = admitted(board)
    served.cli("trunks", "remove", "--account", "pechera", "--trunk", str(trunk.id))
    assert line.was_hung_up()


def test_a_changed_key_is_used_at_once(board: Switchboard, served: wire.Server, account: Account) -> None:
    trunk = add(served, account, ws_key="old", ws_secret="old")
    old = board.next_line()
    trunks = Trunks(Vault(served.env["SECRET_KEY"]), served.url, PROVIDERS)
    trunks.update(trunk, KEYS)
    assert old.was_hung_up()
    admitted(board)


def test_what_was_missed_is_journaled_late_and_rings_nowhere(
    board: Switchboard, served: wire.Server, account: Account, olena: Register
) -> None:
    now = int(time.time())
    record = {"generalCallID": "777", "companyID": 1, "callType": "0", "externalNumber": "0671112233",
              "startTime": now - 5, "waitsec": 4, "billsec": 0, "disposition": "NOANSWER",
              "pbxNumberData": {"number": "0441234567"}, "historyData": []}  # fmt: skip
    board.answer = lambda path, body: {
        "status": "success", "callDetails": {"777": record} if "incoming" in path else {},
    }  # fmt: skip
    olena.connect()
    add(served, account, **KEYS, **REST)
    line = admitted(board)
    assert until(outcomes) == [("777", "missed", True)]
    line.say(start("c3"))
    snapshot_or_call = olena.hear()
    kinds = [snapshot_or_call["type"]]
    while kinds[-1] != "call":
        kinds.append((heard := olena.hear())["type"])
        snapshot_or_call = heard if heard["type"] == "snapshot" else snapshot_or_call
    assert "snapshot" in kinds
    assert snapshot_or_call["calls"] == []
    assert [row["outcome"] for row in snapshot_or_call["recent"]] == ["missed"]


def test_a_call_that_ended_while_we_were_away_does_not_ring_for_ever(
    board: Switchboard, served: wire.Server, account: Account, olena: Register
) -> None:
    board.answer = lambda path, body: {"status": "success", "callDetails": {}}
    olena.connect()
    add(served, account, **KEYS, **REST)
    line = admitted(board)
    line.say(start("c4"))
    assert olena.hear_until("call")["call"]["state"] == "ringing"
    with transaction():
        CallRow.update(touched=CallRow.touched - 10).execute()
    line.hang_up()
    admitted(board)
    assert olena.hear_until("call")["call"]["outcome"] == "unknown"


def test_secrets_reach_neither_log_nor_database_in_the_open(
    board: Switchboard, served: wire.Server, account: Account
) -> None:
    add(served, account, **KEYS, **REST)
    line = admitted(board)
    line.say({**start("c5"), "customerName": "ws-secret-1"})
    until(outcomes)
    file = Path(served.env["DATABASE_URL"].removeprefix("sqlite:///"))
    text = served.log.read_bytes() + file.read_bytes() + file.with_name(file.name + "-wal").read_bytes()
    assert b"api-secret-1" not in text
    assert b"ws-key-1" not in text
    assert b"0671112233" not in served.log.read_bytes()
