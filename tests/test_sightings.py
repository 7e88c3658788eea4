"""Why a register had a call's card or had not: each reason as it comes about in life, on real sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TypeVar

import pytest
import requests

from server import covering, hub, popping, preferences, sightings
from server.calls import RINGING, Call
from server.db import close_database, open_database, transaction
from server.models import CallRow, Did, Sighting
from server.routing import Route
from server.sightings import VERDICTS, Sightings
from server.sightings.verdicts import better
from server.speech import LANGUAGES, load
from tests.conftest import add_trunk, hook_of, make_restaurant
from tests.waiting import until
from tests.wire import Json, Register, Server

T = TypeVar("T")
numbers = count(700200)


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of them; each has a restaurant of its own."""
    folder: Path = tmp_path_factory.mktemp("box")
    server = Server(folder / "dzvinok.db")
    open_database(server.env["DATABASE_URL"])
    yield server
    server.kill()
    close_database()


class Place:
    """A restaurant, its registers and a phone that says what it does."""

    def __init__(self, server: Server) -> None:
        number = str(next(numbers))
        self.server, self.account = server, make_restaurant(f"place{number}", number)
        self.hook = hook_of(server, add_trunk(self.account, "generic"))
        self.open: list[Register] = []

    def register(self, register: int, employee: int | None, spot: int = 1, connect: bool = True) -> Register:
        one = Register(self.server.url, self.account.name, register, spot, employee)
        self.open.append(one)
        if connect:
            one.connect()
        return one

    def say(self, event: str, call: str = "c1", **more: str) -> None:
        query = {"event": event, "call": call, "from": "+380671112233", "to": "0441234567", **more}
        assert requests.get(self.hook, params=query, timeout=20).ok

    def call(self) -> str:
        row = CallRow.select().where(CallRow.account == self.account).order_by(CallRow.started.desc()).get()
        return str(row.id)

    def seen(self, **wanted: str) -> dict[int, str]:
        """Register -> verdict, once the clock has written what is waited for (`_2="offline"`)."""
        want = {int(name[1:]): word for name, word in wanted.items()}
        return until(lambda: self._verdicts(), lambda found: want.items() <= found.items())

    def took(self, register: int) -> int:
        def of() -> int | None:
            return next(
                (one.took for one in sightings.of(self.account.id, self.call()) if one.register == register),
                None,
            )

        found = until(of, lambda took: took is not None)
        assert found is not None
        return found

    def _verdicts(self) -> dict[int, str]:
        return {one.register: one.verdict for one in sightings.of(self.account.id, self.call())}


@pytest.fixture
def place(box: Server) -> Iterator[Place]:
    place = Place(box)
    yield place
    for register in place.open:
        register.close()


def rung(register: Register) -> Json:
    return dict(register.hear_until("call")["call"])


def test_each_register_says_why(place: Place) -> None:
    olena, empty = place.register(1, 5), place.register(2, None)
    place.say("ring")
    assert rung(olena)["mine"]
    assert place.seen(_1="shown", _2="nobody", _3="offline") == {1: "shown", 2: "nobody", 3: "offline"}
    empty.login(6)
    assert place.seen(_2="joined")[2] == "joined"


def test_the_way_from_ring_to_card_is_measured_by_the_registers_own_answer(place: Place) -> None:
    """A register that is busy for 300 ms after the card answers the ping so much later."""
    olena, taras = place.register(1, 5), place.register(2, 6)
    place.say("ring")
    rung(olena), rung(taras)
    olena.heard_before_sentinel()
    time.sleep(0.3)
    taras.heard_before_sentinel()
    assert place.took(1) < place.took(2)
    assert place.took(2) >= 300
    speed = sightings.speed(place.account.id, 2)
    assert speed
    assert (speed.calls, speed.p50) == (1, place.took(2))


def test_a_pong_of_the_connection_is_no_cards(place: Place) -> None:
    desk = hub.Listener(1, 1, 1, 5)
    desk.ping(4409)
    desk.probe("a", 7.0)
    desk.ping(4409)
    assert [desk.pong() for _ in range(4)] == [None, ("a", 7.0), None, None]
    assert desk.take() == ['{"type":"ping"}'] * 3


def test_a_register_that_never_answers_is_asked_no_more(place: Place) -> None:
    desk = hub.Listener(1, 1, 1, 5)
    for number in range(50):
        desk.probe(str(number), 0.0)
    assert (len(desk.take()), desk.closed) == (hub.MOST_PINGS, None)


def test_another_persons_line(place: Place) -> None:
    place.register(1, 5), place.register(2, 6)
    place.say("ring", line="101")
    assert place.seen(_1="shown", _2="other_line")[2] == "other_line"


def test_another_spots_number(place: Place) -> None:
    with transaction():
        Did.create(account=place.account, number="+380441234567", spot=2)
    place.register(1, 5), place.register(3, 7, spot=2)
    place.say("ring")
    assert place.seen(_1="other_spot", _3="shown")[1] == "other_spot"


def test_somebody_had_taken_it(place: Place) -> None:
    place.register(1, 5), place.register(2, 6)
    place.say("answer", line="101")
    assert place.seen(_1="shown", _2="taken")[2] == "taken"


def test_a_transfer_brings_the_card(place: Place) -> None:
    place.register(1, 5), place.register(2, 6)
    place.say("ring", line="101")
    assert place.seen(_2="other_line")
    place.say("ring", line="102")
    assert place.seen(_1="shown", _2="shown")


def test_a_number_that_never_pops(place: Place) -> None:
    popping.hush(place.account.id, "+380671112233", "courier", (5, "Olena"))
    place.register(1, 5)
    place.say("ring")
    assert place.seen(_1="never")


def test_somebody_who_wants_no_card(place: Place) -> None:
    popping.set_quiet(place.account.id, 5, True)
    place.register(1, 5), place.register(2, 6)
    place.say("ring")
    assert place.seen(_1="quiet", _2="shown")


def test_the_owner_wants_it_on_answer(place: Place) -> None:
    preferences.choose(place.account.id, pop="answer")
    place.register(1, 5), place.register(2, 6)
    place.say("ring")
    assert place.seen(_1="on_answer", _2="on_answer")
    place.say("answer", line="101")
    assert place.seen(_1="shown", _2="on_answer")


def test_a_register_that_covers(place: Place) -> None:
    with transaction():
        Did.create(account=place.account, number="+380441234567", spot=1)
    covering.choose(place.account.id, 1, [3])
    place.register(3, 7, spot=2)
    place.say("ring")
    assert place.seen(_1="offline", _3="covered")


def test_a_register_that_comes_while_it_rings(place: Place) -> None:
    place.register(2, 6)
    place.say("ring")
    assert place.seen(_1="offline", _2="shown")
    place.register(1, 5)
    assert place.seen(_1="joined")


def test_a_register_that_polls_has_it_at_its_next_question(place: Place) -> None:
    olena = place.register(1, 5, connect=False)
    olena.ask("hello")
    place.say("ring")
    assert place.seen(_1="shown")
    time.sleep(0.2)
    (entry,) = olena.ask("hello").json()["message"]["calls"]
    assert entry["call"]["state"] == "ringing"
    assert place.took(1) >= 200


def test_it_was_over_when_we_heard_of_it(place: Place) -> None:
    place.register(1, 5)
    place.say("missed", line="101")
    assert place.seen(_1="over", _2="offline")


def test_a_test_ring_is_for_one_register(place: Place) -> None:
    place.register(1, 5), place.register(2, 6)
    done = place.server.cli(
        "ring", "--account", place.account.name, "--line", "101", "--from", "+380671112233"
    )
    assert done.returncode == 0, done.stderr
    assert place.seen(_1="shown", _2="other_line")


def test_a_restart_forgets_nothing_that_was_written(box: Server, place: Place) -> None:
    olena = place.register(1, 5)
    place.say("ring")
    rung(olena), olena.heard_before_sentinel()
    took = place.took(1)
    box.kill()
    box.start()
    olena.connect()
    place.register(2, 6)
    assert place.seen(_2="joined")[1] == "shown"
    assert place.took(1) == took


def test_what_was_not_recorded_is_not_invented(place: Place) -> None:
    facts: Json = {"account": place.account, "state": "ended", "started": 1.0, "touched": 1.0, "version": 1}
    told: dict[str, Json] = {"old": {}, "late": {"late": True}, "out": {"direction": "out"}}
    with transaction():
        for key, more in told.items():
            CallRow.create(
                **{**facts, "id": f"{key}{place.account.id}", "key": key, "direction": "in", **more}
            )

    def words(key: str) -> list[str]:
        return [one.verdict for one in sightings.of(place.account.id, f"{key}{place.account.id}")]

    assert [words(key) for key in ("old", "late", "out")] == [["unrecorded"], ["late"], []]


def test_one_account_sees_nothing_of_another(place: Place, box: Server) -> None:
    other = Place(box)
    place.register(1, 5)
    place.say("ring")
    assert place.seen(_1="shown")
    assert sightings.of(other.account.id, place.call()) == []
    assert Sighting.select().where(Sighting.account == other.account).count() == 0


def test_a_connection_that_broke_in_that_second(box: Server) -> None:
    """Real parts without a server: the socket of a register that takes nothing is given up when its outbox is full."""
    place = Place(box)
    one = hub.Hub()
    stuck = hub.Listener(place.account.id, 1, 1, 5)
    one.join(stuck)
    stuck.close(4409)
    with transaction():
        CallRow.create(id="gone1", account=place.account, key="g", direction="in", state="ringing", started=1.0,
                       touched=1.0, version=1)  # fmt: skip
    book = Sightings(one)
    call = Call(id="gone1", account=place.account.id, trunk=None, key="g", direction="in", state=RINGING)
    book.told(
        Call(id="gone1", account=place.account.id, trunk=None, key="g"), call, Route({}), time.monotonic()
    )
    book.write_down()
    assert {seen.register: seen.verdict for seen in sightings.of(place.account.id, "gone1")}[1] == "gone"


def test_a_call_that_was_erased_leaves_nothing(box: Server) -> None:
    place = Place(box)
    one = hub.Hub()
    one.join(hub.Listener(place.account.id, 1, 1, 5))
    book = Sightings(one)
    call = Call(id="erased", account=place.account.id, trunk=None, key="g", direction="in", state=RINGING)
    book.told(Call(id="erased", account=place.account.id, trunk=None, key="g"), call, Route({}), 0.0)
    book.write_down()
    assert Sighting.select().where(Sighting.call_id == "erased").count() == 0


def test_a_card_that_came_up_is_never_taken_back() -> None:
    assert [better("shown", word) for word in VERDICTS] == [False] * len(VERDICTS)
    assert [better("offline", "joined"), better("on_answer", "shown"), better("quiet", "taken")] == [
        True,
        True,
        False,
    ]


def test_every_reason_has_words() -> None:
    for lang in LANGUAGES:
        missing = [word for word in VERDICTS if f"sighting.{word}" not in load(lang)]
        assert missing == [], json.dumps(missing)
