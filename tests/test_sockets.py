"""Registers on real sockets of a real server: who hears what."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from websocket import WebSocket, create_connection

from server.db import transaction
from server.models import Account
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.wire import Binotel, Json, Register, Server


@pytest.fixture
def account(served: Server, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def binotel(served: Server, account: Account) -> Binotel:
    return Binotel(hook_of(served, add_trunk(account)))


@pytest.fixture
def olena(served: Server, account: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=1, spot=1, employee=5)
    yield register
    register.close()


@pytest.fixture
def taras(served: Server, account: Account) -> Iterator[Register]:
    register = Register(served.url, "pechera", register=2, spot=1, employee=6)
    yield register
    register.close()


def call_of(message: Json) -> Json:
    return dict(message["call"])


def closing_code(socket: WebSocket) -> int:
    while True:
        opcode, data = socket.recv_data()
        if opcode == 8:
            return int.from_bytes(data[:2], "big")


@pytest.fixture
def opened() -> Iterator[Callable[..., WebSocket]]:
    """Opens bare sockets and closes them all at the end."""
    with ExitStack() as stack:

        def open_one(url: str, **more: str) -> WebSocket:
            socket = create_connection(url, timeout=5, **more)
            stack.callback(socket.shutdown)
            return socket

        yield open_one


def test_the_first_frame_is_a_snapshot_with_the_employee_and_their_lines(olena: Register) -> None:
    snapshot = olena.connect()
    assert snapshot["type"] == "snapshot"
    assert snapshot["employee"] == {"id": 5, "name": "Olena", "lines": ["101"]}
    assert snapshot["register"]["id"] == 1
    assert snapshot["calls"] == []


def test_a_ring_reaches_everybody_and_folds_at_the_others_when_answered(
    binotel: Binotel, olena: Register, taras: Register
) -> None:
    olena.connect(), taras.connect()
    binotel.ring("c1")
    for register in (olena, taras):
        rung = call_of(register.hear_until("call"))
        assert (rung["state"], rung["mine"], rung["from"]) == ("ringing", True, "+380671112233")
    binotel.answer("c1", "101")
    kept, folded = call_of(olena.hear_until("call")), call_of(taras.hear_until("call"))
    assert (kept["mine"], folded["mine"]) == (True, False)
    assert folded["answered_by"] == {"line": "101", "employee": 5, "name": "Olena"}


def test_a_transfer_moves_the_card(binotel: Binotel, olena: Register, taras: Register) -> None:
    olena.connect(), taras.connect()
    binotel.ring("c1"), binotel.answer("c1", "101"), binotel.transfer("c1", "102")
    states = [[call_of(register.hear_until("call"))["mine"] for _ in range(3)] for register in (olena, taras)]
    assert states == [[True, True, False], [True, False, True]]


def test_a_register_hears_nothing_of_another_line(binotel: Binotel, olena: Register, taras: Register) -> None:
    olena.connect(), taras.connect()
    binotel.answer("c2", "101")
    assert call_of(olena.hear_until("call"))["line"] == "101"
    assert [message for message in taras.heard_before_sentinel() if message["type"] == "call"] == []


def test_a_register_with_nobody_logged_in_hears_no_call_of_the_spot(
    binotel: Binotel, served: Server, account: Account
) -> None:
    empty = Register(served.url, "pechera", register=3, spot=2, employee=None)
    empty.connect()
    binotel.ring("c3")
    assert empty.heard_before_sentinel() == []
    empty.close()


def test_a_call_in_progress_is_in_the_snapshot_of_a_register_that_comes_late(
    binotel: Binotel, olena: Register
) -> None:
    binotel.ring("c4")
    (entry,) = olena.connect()["calls"]
    assert (entry["call"]["state"], entry["call"]["from"]) == ("ringing", "+380671112233")


def test_the_line_follows_who_is_logged_in(binotel: Binotel, olena: Register) -> None:
    olena.connect()
    assert olena.login(6)["employee"]["lines"] == ["102"]
    binotel.answer("c5", "102")
    assert call_of(olena.hear_until("call"))["mine"] is True


def test_a_change_of_lines_by_the_command_line_is_heard_within_two_seconds(
    served: Server, olena: Register
) -> None:
    olena.connect()
    done = served.cli("lines", "set", "--account", "pechera", "--employee", "5", "--line", "201,202")
    assert done.returncode == 0, done.stderr
    assert olena.hear_until("snapshot", timeout=2)["employee"]["lines"] == ["201", "202"]


def test_a_test_ring_says_how_many_registers_heard_it(served: Server, olena: Register) -> None:
    nobody = served.cli("ring", "--account", "pechera", "--line", "101", "--from", "+380671112233")
    assert nobody.returncode == 1
    assert "No register listens on line 101" in nobody.stderr
    olena.connect()
    heard = served.cli("ring", "--account", "pechera", "--line", "101", "--from", "+380671112233")
    assert heard.returncode == 0, heard.stderr
    rung = call_of(olena.hear_until("call"))
    assert (rung["test"], rung["from"], rung["line"]) == (True, "+380671112233", "101")
    rows = [
        json.loads(line) for line in served.cli("calls", "--account", "pechera", "--json").stdout.splitlines()
    ]
    assert [row["test"] for row in rows] == [True, True]


def test_a_killed_server_gives_the_ringing_call_back(
    binotel: Binotel, served: Server, olena: Register
) -> None:
    olena.connect()
    binotel.ring("c6")
    olena.hear_until("call")
    served.kill()
    served.start()
    (entry,) = olena.connect()["calls"]
    assert entry["call"]["state"] == "ringing"


def test_a_ticket_opens_one_socket(olena: Register, opened: Callable[..., WebSocket]) -> None:
    reply = olena.ask("hello").json()
    hello = json.dumps(
        {"type": "hello", "ticket": reply["ticket"], "protocol": 1, "bundle": "x", "employee": 5}
    )
    first, second = opened(reply["socket"]), opened(reply["socket"])
    first.send(hello)
    assert json.loads(first.recv())["type"] == "snapshot"
    second.send(hello)
    assert closing_code(second) == 4401


def test_a_ticket_of_one_account_opens_nothing_at_another(
    olena: Register, restaurant: Restaurant, opened: Callable[..., WebSocket]
) -> None:
    restaurant("kaffka", "700124")
    reply = olena.ask("hello").json()
    other = opened(reply["socket"].replace("pechera", "kaffka"))
    other.send(json.dumps({"type": "hello", "ticket": reply["ticket"], "protocol": 1, "employee": 5}))
    assert closing_code(other) == 4401


@pytest.mark.parametrize(
    ("frame", "code"),
    [("not json", 4400), ("{}", 4400), ('{"type":"hello","ticket":"x","protocol":1}', 4401),
     ('{"type":"hello","ticket":"x","protocol":99}', 4426)],
)  # fmt: skip
def test_a_hello_that_is_no_good_is_closed_with_a_name(
    olena: Register, opened: Callable[..., WebSocket], frame: str, code: int
) -> None:
    socket = opened(olena.base.replace("http", "ws") + "/socket")
    socket.send(frame)
    assert closing_code(socket) == code


def test_a_page_of_another_origin_gets_no_socket(olena: Register, opened: Callable[..., WebSocket]) -> None:
    reply = olena.ask("hello").json()
    assert closing_code(opened(reply["socket"], origin="https://evil.example")) == 4401


def test_disconnecting_sends_the_registers_away(served: Server, olena: Register) -> None:
    olena.connect()
    with transaction():
        Account.update(state="disconnected").execute()
    served.cli("lines", "set", "--account", "pechera", "--register", "1", "--line", "")
    assert olena.socket
    assert closing_code(olena.socket) == 4403
    assert olena.ask("hello").status_code == 403


def test_one_account_never_hears_another(
    served: Server, binotel: Binotel, olena: Register, restaurant: Restaurant
) -> None:
    restaurant("kaffka", "700124")
    stranger = Register(served.url, "kaffka", register=1, spot=1, employee=5)
    stranger.connect()
    binotel.ring("c7"), binotel.answer("c7", "101"), binotel.hangup("c7")
    assert stranger.heard_before_sentinel() == []
    assert stranger.login(5)["recent"] == []
    stranger.close()


def test_an_ended_call_joins_the_list_of_callers(binotel: Binotel, olena: Register) -> None:
    olena.connect()
    binotel.ring("c8"), binotel.hangup("c8", "NOANSWER", 0)
    assert olena.hear_until("recent")["row"]["outcome"] == "missed"
    assert olena.login(5)["recent"][0]["from"] == "+380671112233"


def signed(register: Register, at: int, url: str | None = None, **headers: str) -> requests.Response:
    url, body = url or f"{register.base}/hello", register.body()
    return requests.post(
        f"{register.base}/hello", data=body, headers={**register.headers(url, body, at), **headers}, timeout=5
    )


def test_signed_requests_that_prove_nothing_are_refused(served: Server, olena: Register) -> None:
    now = int(time.time())
    assert signed(olena, now).json()["ok"] is True
    assert signed(olena, now - 4000).status_code == 403
    assert signed(olena, now, url=f"{olena.base}/other").status_code == 403
    assert signed(olena, now, **{"X-Poster-Url": "kaffka"}).status_code == 403
    assert signed(olena, now, **{"X-Poster-Signature": "0" * 32}).status_code == 403
    assert requests.post(f"{olena.base}/hello", data=olena.body(), timeout=5).status_code == 403


def test_a_signed_request_is_accepted_once_even_after_a_restart(served: Server, olena: Register) -> None:
    url, body = f"{olena.base}/hello", olena.body()
    headers = olena.headers(url, body)
    assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 200
    again = requests.post(url, data=body, headers=headers, timeout=5)
    assert (again.status_code, again.json()["error"]) == (403, "replayed")
    served.kill()
    served.start()
    assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 403


def test_an_unknown_protocol_is_told_in_words(served: Server, olena: Register) -> None:
    assert olena.ask("hello", protocol=99).json() == {"ok": False, "error": "protocol"}
