"""What one worker tells, every worker tells its own registers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from websocket import ABNF, WebSocket, create_connection

from server import covering
from server.db import transaction
from server.messages import TICKET
from server.models import Account, Did
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.redis.conftest import At
from tests.redis.crew import Crew, Store, desks
from tests.waiting import until


@pytest.fixture
def phones(standing: Crew, place: Account) -> list[wire.Binotel]:
    """The same company at each worker's door."""
    trunk = add_trunk(place)
    return [wire.Binotel(hook_of(worker, trunk)) for worker in standing.workers]


Phones = list[wire.Binotel]


def knock(worker: wire.Server, account: str, ticket: str) -> WebSocket:
    """Opens a socket with a ticket from elsewhere."""
    socket = create_connection(f"ws://127.0.0.1:{worker.port}/pos/{account}/socket", timeout=10)
    hello = {"type": "hello", "ticket": ticket, "protocol": 1, "bundle": "test", "employee": 5}
    socket.send(json.dumps(hello))
    return socket


def kind(socket: WebSocket) -> Any:
    """Of the first frame, or the code with which it was closed."""
    opcode, data = socket.recv_data()
    return int.from_bytes(data[:2], "big") if opcode == ABNF.OPCODE_CLOSE else json.loads(data)["type"]


def state(one: wire.Register) -> str:
    return str(one.hear_until("call")["call"]["state"])


def test_a_ring_at_one_worker_reaches_registers_at_all(standing: Crew, at: At, phones: Phones) -> None:
    registers = [at(worker, number, 5) for number, worker in enumerate(standing.workers, 1)]
    phones[0].ring("c1")
    rung = [one.hear_until("call")["call"] for one in registers]
    assert {(call["state"], call["mine"], call["from"]) for call in rung} == {
        ("ringing", True, "+380671112233")
    }
    phones[1].answer("c1", "101")
    phones[2].hangup("c1")
    assert [[state(one), state(one)] for one in registers] == [["answered", "ended"]] * 3


def test_each_hears_what_is_for_it_wherever_it_listens(standing: Crew, at: At, phones: Phones) -> None:
    first, second, third = standing.workers
    hers, his, empty = at(first, 1, 5), at(second, 2, 6), at(third, 3, None)
    phones[2].ring("c1")
    phones[2].answer("c1", "101")
    assert [state(hers), state(hers)] == ["ringing", "answered"]
    assert state(his) == "ringing"
    assert his.hear_until("call")["call"]["mine"] is False
    assert his.hear_until("talking")["list"][0]["name"] == "Olena"
    assert [frame for frame in empty.heard_before_sentinel() if frame["type"] == "call"] == []


def test_one_account_hears_nothing_of_another_over_redis(
    standing: Crew, at: At, phones: Phones, place: Account
) -> None:
    other = make_restaurant(f"{place.name}-too", f"{place.number}9")
    theirs = wire.Register(standing.workers[1].url, other.name, 1, 1, 5)
    theirs.connect()
    mine = at(standing.workers[1], 1, 5)
    phones[0].ring("c1")
    assert state(mine) == "ringing"  # so the word has come to that worker
    assert theirs.heard_before_sentinel() == []
    theirs.close()


def test_a_ticket_of_one_worker_opens_a_socket_at_another_once(standing: Crew, place: Account) -> None:
    first, second, third = standing.workers
    reply = wire.Register(first.url, place.name, 1, 1, 5).ask("hello").json()
    for worker, heard in ((second, "snapshot"), (third, TICKET)):
        socket = knock(worker, place.name, reply["ticket"])
        assert kind(socket) == heard
        socket.shutdown()


def test_a_ticket_of_one_account_opens_nothing_of_another(standing: Crew, place: Account) -> None:
    other = make_restaurant(f"{place.name}-too", f"{place.number}9")
    reply = wire.Register(standing.workers[0].url, place.name, 1, 1, 5).ask("hello").json()
    socket = knock(standing.workers[1], other.name, reply["ticket"])
    assert kind(socket) == TICKET
    socket.shutdown()


def test_what_a_register_does_at_one_worker_is_seen_at_another(
    standing: Crew, at: At, phones: Phones
) -> None:
    one, two = at(standing.workers[0], 1, 5), at(standing.workers[1], 2, 5)
    phones[2].ring("c1")
    phones[2].hangup("c1", "NOANSWER", 0)
    row = two.hear_until("missed")["list"][0]
    assert one.ask("claim", id=row["id"]).json()["ok"]
    while not (claimed := two.hear_until("missed")["list"][0]["claimed"]):
        pass
    assert claimed
    assert one.ask("quiet", on=True).json()["ok"]
    assert two.hear_until("snapshot")["settings"]["quiet"] is True


def test_who_covers_is_decided_by_all_who_listen(
    standing: Crew, at: At, phones: Phones, place: Account
) -> None:
    """Register 3 covers for the first spot. While Olena stands there, at another worker, it has no card."""
    with transaction():
        Did.create(account=place, number="+380441234567", spot=1)
    covering.choose(place.id, 1, {3})
    olena, cover = at(standing.workers[0], 1, 5), at(standing.workers[1], 3, None)
    until(lambda: desks(place.id), lambda found: len(found) == 2)
    phones[1].ring("c1")
    assert state(olena) == "ringing"
    assert [frame for frame in cover.heard_before_sentinel() if frame["type"] == "call"] == []
    olena.login(None)
    assert cover.hear_until("call")["call"]["mine"] is True


def test_a_register_that_is_at_another_worker_is_no_poller_here(standing: Crew, place: Account) -> None:
    """Its hello went to the first worker, its socket to the second: it is one register with a socket."""
    reply = wire.Register(standing.workers[0].url, place.name, 1, 1, 5).ask("hello").json()
    socket = knock(standing.workers[1], place.name, reply["ticket"])
    assert kind(socket) == "snapshot"
    until(lambda: desks(place.id), lambda found: [(desk[1], desk[-1]) for desk in found] == [(1, False)])
    socket.shutdown()


def test_redis_restarted_in_mid_ring(standing: Crew, at: At, phones: Phones, store: Store) -> None:
    near, far = at(standing.workers[0], 1, 5), at(standing.workers[1], 2, 5)
    phones[0].ring("c1")
    assert [state(near), state(far)] == ["ringing", "ringing"]
    store.kill()
    phones[0].answer("c1", "101")
    assert state(near) == "answered"  # as if there had never been a Redis
    store.start()
    card = far.hear_until("snapshot", timeout=20)["calls"][0]["call"]
    assert (card["state"], card["line"]) == ("answered", "101")
    phones[0].hangup("c1")
    assert [state(near), state(far)] == ["ended", "ended"]
