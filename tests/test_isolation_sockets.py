"""A register's socket hears nothing of another account, on a real server: the neighbour of test_isolation.py."""

from __future__ import annotations

import json

import pytest
import websocket

from server.messages import ACCOUNT, TICKET
from server.models import Account
from tests import wire
from tests.conftest import Restaurant, add_trunk, hook_of
from tests.desks import Desk

SPOKEN = {
    "employee": {"type": "employee", "employee": 5},
    "look": {"type": "look", "call": "{call}"},
    "pong": {"type": "pong"},
    "hello": {"type": "hello", "ticket": "x", "protocol": 1},
}


@pytest.fixture
def neighbours(served: wire.Server, restaurant: Restaurant) -> tuple[Account, Account]:
    return restaurant(), restaurant("kaffka", "700124")


def test_a_socket_hears_nothing_of_another_account(
    served: wire.Server, neighbours: tuple[Account, Account], desk: Desk
) -> None:
    """The same register, spot, employee and line in both: only the account differs."""
    mine, _ = neighbours
    binotel = wire.Binotel(hook_of(served, add_trunk(mine)))
    own, stranger = desk(1, 5), desk(1, 5, account="kaffka")
    own.connect()
    stranger.connect()
    for kind, message in sorted(SPOKEN.items()):
        binotel.ring(kind, caller="0679998877")
        call = own.hear_until("call")["call"]["id"]
        stranger.say(json.loads(json.dumps(message).replace("{call}", call)))
        binotel.answer(kind, "101", caller="0679998877")
        heard = stranger.heard_before_sentinel()
        assert not [one for one in heard if one["type"] != "snapshot"], kind
        assert own.hear_until("call")["call"]["state"] == "answered"
        binotel.hangup(kind)
        assert own.hear_until("call")["call"]["state"] == "ended"


def test_every_socket_message_is_a_row_here() -> None:
    text = (wire.ROOT / "server" / "web" / "sockets.py").read_text("utf-8")
    read = {word for word in ("employee", "pong", "look") if f'"{word}"' in text}
    told = {line.split('"type":"')[1].split('"')[0] for line in _register_rows() if '"type":"' in line}
    assert told | read == SPOKEN.keys()


def _register_rows() -> list[str]:
    page = (wire.ROOT / "docs" / "messages.md").read_text("utf-8")
    chapter = page.split("## 2.")[1].split("Close codes:")[0]
    return [line for line in chapter.splitlines() if line.startswith("| `{")]


def test_a_ticket_of_one_account_opens_no_other_s_socket(
    served: wire.Server, neighbours: tuple[Account, Account], desk: Desk
) -> None:
    own = desk(1, 5)
    for account, code in (("kaffka", TICKET), ("nobody", ACCOUNT)):
        ticket = own.ask("hello").json()["ticket"]
        socket = websocket.create_connection(f"ws://127.0.0.1:{served.port}/pos/{account}/socket", timeout=10)
        socket.send(json.dumps({"type": "hello", "ticket": ticket, "protocol": 1, "employee": 5}))
        opcode, frame = socket.recv_data()
        assert (opcode, int.from_bytes(frame[:2], "big")) == (8, code)
        socket.close()
        socket.shutdown()
