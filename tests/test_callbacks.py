"""Who called in vain and waits: opened, counted, claimed and closed by what the journal says."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from server import callbacks, dials, popping
from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.db import reading, transaction
from server.models import Account, Callback, Did, Employee, Flag, Guest, GuestNumber, GuestOrder
from server.parts import Parts
from tests import desks
from tests.conftest import Restaurant, add_trunk
from tests.desks import E164, GUEST, Desk
from tests.wire import Binotel, Json

OTHER, OTHER_E164 = "0501234567", "+380501234567"


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


class Line(desks.Line):
    def open(self) -> list[Callback]:
        with reading():
            return list(Callback.select().where(Callback.closed_at.is_null()).order_by(Callback.number))

    def how(self) -> list[tuple[str, str]]:
        with reading():
            closed = Callback.select().where(Callback.closed_at.is_null(False)).order_by(Callback.id)
            return [(row.closed_how, row.closed_call) for row in closed]


@pytest.fixture
def line(parts: Parts, account: Account) -> Line:
    return Line(parts, account)


@pytest.mark.parametrize("outcome", ["missed", "busy", "declined", "failed", "voicemail"])
def test_a_call_in_vain_opens_a_row(line: Line, outcome: str) -> None:
    line.missed("a", 100, outcome)
    assert [(row.number, row.calls) for row in line.open()] == [(E164, 1)]


@pytest.mark.parametrize(
    "facts",
    [
        {"caller": ""},
        {"caller": "00-12ab"},
        {"direction": OUT},
        {"direction": "internal", "caller": "102"},
        {"test": True},
    ],
)
def test_nobody_waits_after_such_a_call(line: Line, facts: dict[str, Any]) -> None:
    line.missed("a", 100, **facts)
    assert line.open() == []


def test_what_became_of_a_call_is_not_invented(line: Line) -> None:
    line.missed("a", 100, "unknown")
    assert line.open() == []


def test_one_row_for_a_number_however_often_it_calls(line: Line) -> None:
    line.missed("a", 300)
    line.missed("b", 200, caller="+38 (067) 111-22-33")
    line.missed("b", 200, caller="+38 (067) 111-22-33")
    line.missed("c", 100, caller=OTHER)
    first, second = line.open()
    assert (first.number, first.calls) == (OTHER_E164, 1)
    assert (second.number, second.calls, second.first_at, second.at) == (
        E164,
        2,
        line.now - 300,
        line.now - 200,
    )


def test_they_get_through(line: Line) -> None:
    line.missed("a", 300)
    line.tell("b", RING, 100)
    assert len(line.open()) == 1
    line.tell("b", ANSWER, 95, line="102")
    assert line.open() == []
    with reading():
        closed = Callback.get()
        assert (closed.closed_how, closed.closed_at) == ("called", line.now - 95)


def test_we_reach_them_from_any_trunk(line: Line, parts: Parts, account: Account) -> None:
    line.missed("a", 300)
    trunk = add_trunk(account, "generic")
    out = {"direction": OUT, "caller": "0038" + E164[3:]}
    parts.intake.take(account.id, trunk.id, [CallEvent("o", RING, line.now - 100, **out)])
    assert len(line.open()) == 1
    parts.intake.take(account.id, trunk.id, [CallEvent("o", ANSWER, line.now - 90, line="101", **out)])
    assert (line.open(), [how for how, _ in line.how()]) == ([], ["reached"])


def test_a_call_back_that_the_register_placed_closes_it(line: Line, parts: Parts, account: Account) -> None:
    """The company shows it as its own call of our line: the wish says whom it is for."""
    line.missed("a", 300)
    trunk = add_trunk(account, "generic")
    with transaction():
        mark = dials.begin(account.id, trunk.id, "101", E164)
    ours = {"direction": IN, "caller": "101", "mark": str(mark)}
    parts.intake.take(account.id, trunk.id, [CallEvent("o", RING, line.now - 9, line="101", **ours)])
    assert len(line.open()) == 1
    parts.intake.take(account.id, trunk.id, [CallEvent("o", ANSWER, line.now - 5, line="101")])
    assert (line.open(), [how for how, _ in line.how()]) == ([], ["reached"])


def test_nobody_picked_up_there_so_they_still_wait(line: Line) -> None:
    line.missed("a", 300)
    line.missed("o", 100, direction=OUT)
    assert len(line.open()) == 1


def test_a_late_word_of_an_earlier_call_opens_nothing(line: Line) -> None:
    line.talked("b", 100)
    line.missed("a", 300, late=True)
    assert line.open() == []


def test_a_late_word_of_a_later_call_opens(line: Line) -> None:
    line.talked("a", 300)
    line.missed("b", 100, late=True)
    assert [row.calls for row in line.open()] == [1]


def test_calls_in_any_order_come_to_the_same_end(line: Line) -> None:
    line.missed("c", 100)
    line.talked("b", 200)
    line.missed("a", 300)
    assert [(row.calls, row.first_at) for row in line.open()] == [(1, line.now - 100)]


def test_a_record_that_knows_better_closes(line: Line) -> None:
    line.missed("a", 100)
    line.tell("a", END, 50, outcome="answered", line="101")
    assert line.open() == []


def test_the_next_phone_rings_so_nobody_waits_yet(line: Line) -> None:
    line.tell("a", RING, 40, line="101")
    line.tell("a", "miss", 30, line="101")
    assert len(line.open()) == 1
    line.tell("a", RING, 29, line="102")
    assert line.open() == []
    line.tell("a", "miss", 15, line="102")
    assert [(row.calls, row.call_id) for row in line.open()] == [(1, line.open()[0].call_id)]


def test_a_number_that_never_pops_is_not_missed(line: Line, account: Account) -> None:
    popping.hush(account.id, E164, "courier", (5, "Olena"))
    line.missed("a", 100)
    assert line.open() == []


def test_done_is_done_until_they_call_again(line: Line, account: Account) -> None:
    line.missed("a", 300)
    assert callbacks.done(account.id, line.open()[0].id, (5, "Olena"), line.now - 100)
    line.missed("a", 300)
    assert line.open() == []
    line.missed("b", 80)
    assert [row.calls for row in line.open()] == [1]


def test_who_rang_while_it_was_done_is_not_forgotten(line: Line, account: Account) -> None:
    line.missed("a", 300)
    line.tell("b", RING, 30)
    callbacks.done(account.id, line.open()[0].id, (5, "Olena"), line.now - 20)
    line.tell("b", END, 10, outcome="missed")
    assert [row.calls for row in line.open()] == [1]


def test_nobody_waits_for_longer_than_two_days(line: Line, account: Account) -> None:
    line.missed("a", 100)
    assert callbacks.close_old(line.now + 47 * 3600) == set()
    assert callbacks.close_old(line.now + 49 * 3600) == {account.id}
    assert line.how() == [("old", "")]


def test_of_two_who_claim_one_wins(line: Line, account: Account) -> None:
    line.missed("a", 100)
    row, now = line.open()[0].id, time.time()
    assert callbacks.claim(account.id, row, (5, "Olena"), now) is None
    assert callbacks.claim(account.id, row, (6, "Taras"), now) == "Olena"
    assert callbacks.claim(account.id, row, (5, "Olena"), now + 1) is None
    assert callbacks.release(account.id, row, (6, "Taras"), now) == "Olena"
    assert callbacks.release(account.id, row, (5, "Olena"), now) is None
    assert callbacks.claim(account.id, row, (6, "Taras"), now) is None


def test_a_claim_of_long_ago_counts_as_free(line: Line, account: Account) -> None:
    line.missed("a", 100)
    row, now = line.open()[0].id, time.time()
    callbacks.claim(account.id, row, (5, "Olena"), now)
    with reading():
        assert callbacks.waiting(account.id, now + 890)[0].claimed == (5, "Olena", now)
        assert callbacks.waiting(account.id, now + 910)[0].claimed is None
        assert callbacks.lapsed(now + 910, within=40) == {account.id}
        assert callbacks.lapsed(now + 990, within=40) == set()
    assert callbacks.claim(account.id, row, (6, "Taras"), now + 910) is None


def test_a_claim_stays_when_they_call_once_more(line: Line, account: Account) -> None:
    line.missed("a", 100)
    callbacks.claim(account.id, line.open()[0].id, (5, "Olena"), time.time())
    line.missed("b", 50)
    assert [(row.calls, row.claimed_by) for row in line.open()] == [(2, "Olena")]


def test_another_accounts_row_is_nobodys(line: Line, restaurant: Restaurant) -> None:
    line.missed("a", 100)
    other, row = restaurant("kaffka", "700124").id, line.open()[0].id
    with pytest.raises(LookupError):
        callbacks.claim(other, row, (5, "Olena"), time.time())
    assert not callbacks.done(other, row, (5, "Olena"), time.time())
    with reading():
        assert callbacks.waiting(other, time.time()) == []


# At the registers


def miss(binotel: Binotel, call: str, caller: str = GUEST) -> None:
    binotel.ring(call, caller)
    binotel.hangup(call, "NOANSWER", 0)


def rows_of(message: Json) -> list[Json]:
    assert message["type"] == "missed"
    return list(message["list"])


def test_every_register_of_the_spot_hears_who_waits(binotel: Binotel, desk: Desk, place: Account) -> None:
    with transaction():
        Did.create(account=place, number="+380441234567", spot=1)
    here, beside, far = desk(1, 5), desk(2, 6), desk(3, 7, spot=2)
    for one in (here, beside, far):
        assert one.connect()["missed"] == []
    miss(binotel, "77")
    row = rows_of(here.hear_until("missed"))[0]
    assert (row["from"], row["shown"], row["calls"], row["claimed"], row["name"]) == (
        E164, "067 111 2233", 1, None, "",
    )  # fmt: skip
    assert rows_of(beside.hear_until("missed"))[0]["id"] == row["id"]
    assert "missed" not in [heard["type"] for heard in far.heard_before_sentinel()]
    assert here.login(5)["missed"] == [row]
    assert far.login(7)["missed"] == []


def test_a_claim_is_seen_elsewhere_and_refused_there(binotel: Binotel, desk: Desk) -> None:
    olena, taras = desk(1, 5), desk(2, 6)
    olena.connect(), taras.connect()
    miss(binotel, "77")
    row = rows_of(olena.hear_until("missed"))[0]["id"]
    taras.hear_until("missed")
    assert olena.ask("claim", id=row).json() == {"ok": True}
    claimed = rows_of(taras.hear_until("missed"))[0]["claimed"]
    assert (claimed["employee"], claimed["name"]) == (5, "Olena")
    assert taras.ask("claim", id=row).json() == {"ok": False, "error": "claimed", "by": "Olena"}
    assert taras.ask("release", id=row).json() == {"ok": False, "error": "claimed", "by": "Olena"}
    assert olena.ask("release", id=row).json() == {"ok": True}
    assert rows_of(taras.hear_until("missed"))[0]["claimed"] is None
    assert taras.ask("done", id=row).json() == {"ok": True}
    assert rows_of(olena.hear_until("missed"))[0]["claimed"]["employee"] == 5
    assert rows_of(olena.hear_until("missed"))[0]["claimed"] is None
    assert rows_of(olena.hear_until("missed")) == []
    for verb in ("claim", "done", "release"):
        assert olena.ask(verb, id=row).json() == {"ok": False, "error": "gone"}


def test_of_eight_who_claim_at_once_one_wins(binotel: Binotel, desk: Desk, place: Account) -> None:
    with transaction():
        for employee in range(10, 18):
            Employee.create(account=place, poster_id=employee, name=f"Waiter {employee}")
    first = desk(1, 5)
    first.connect()
    miss(binotel, "77")
    row = rows_of(first.hear_until("missed"))[0]["id"]
    waiters = [desk(number, number) for number in range(10, 18)]
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda waiter: waiter.ask("claim", id=row).json(), waiters))
    winners = [waiter.employee for waiter, answer in zip(waiters, said, strict=True) if answer["ok"]]
    assert len(winners) == 1
    assert {answer.get("by") for answer in said} == {None, f"Waiter {winners[0]}"}


def test_they_get_through_and_leave_every_list(binotel: Binotel, desk: Desk) -> None:
    olena = desk(1, 5)
    olena.connect()
    miss(binotel, "77")
    assert len(rows_of(olena.hear_until("missed"))) == 1
    binotel.ring("78")
    binotel.answer("78", "102")
    assert rows_of(olena.hear_until("missed")) == []


def test_many_changes_at_once_are_told_once(binotel: Binotel, desk: Desk) -> None:
    olena = desk(1, 5)
    olena.connect()
    for call in range(8):
        miss(binotel, str(call), f"06711122{call}0")
    heard = [rows_of(olena.hear_until("missed"))]
    while len(heard[-1]) < 8:
        heard.append(rows_of(olena.hear_until("missed")))
    assert len(heard) < 6


def test_the_most_urgent_is_first(binotel: Binotel, desk: Desk, place: Account) -> None:
    def guest(client: int, number: str, paid: int, flag: str = "", is_open: bool = False) -> None:
        Guest.create(
            account=place, client_id=client, name=f"Guest {client}", paid=paid, read_at=1, deleted=False
        )
        GuestNumber.create(account=place, number=number, client_id=client, at=1)
        if flag:
            Flag.create(account=place, client_id=client, kind=flag, at=1)
        if is_open:
            GuestOrder.create(account=place, transaction_id=client, client_id=client,
                              started=int(time.time() * 1000), status="open", read_at=1)  # fmt: skip

    with transaction():
        guest(1, "+380671110001", 90000, "refuse")
        guest(2, "+380671110002", 100)
        guest(3, "+380671110003", 500, "vip")
        guest(4, "+380671110004", 200, is_open=True)
        guest(5, "+380671110005", 70000, "allergy")
    olena = desk(1, 5)
    for last in (2, 1, 4, 6, 3, 5):
        miss(binotel, str(last), f"067111000{last}")
    found = olena.connect()["missed"]
    assert [row["guest"] for row in found] == [3, 4, 5, 2, None, 1]
    assert [row["flags"] for row in found] == [["vip"], [], ["allergy"], [], [], ["refuse"]]
    assert [row["open"] for row in found] == [False, True, False, False, False, False]
    assert (found[0]["name"], found[0]["paid"]) == ("Guest 3", "5.00")


def test_what_is_open_at_the_end_of_a_shift(binotel: Binotel, desk: Desk, place: Account) -> None:
    with transaction():
        Guest.create(account=place, client_id=318, name="Kovalenko Olena", read_at=1)
        Flag.create(account=place, client_id=318, kind="note", text="old", at=time.time() - 86400)
        fresh = Flag.create(account=place, client_id=318, kind="allergy", text="nuts", by_name="Olena",
                            at=time.time())  # fmt: skip
    olena = desk(1, 5)
    snapshot = olena.connect()
    miss(binotel, "77")
    call = olena.hear_until("recent")["row"]["call"]
    assert snapshot["missed"] == []
    assert olena.ask("ordered", call=call, order=1795436500000, guest=318, minutes=45).json()["ok"]
    told = olena.ask("handover").json()
    assert [row["call"] for row in told["missed"]] == [call]
    promise = told["promises"][0]
    assert (promise["order"], promise["call"], promise["name"], promise["by"]) == (
        1795436500000, call, "Kovalenko Olena", "Olena",
    )  # fmt: skip
    assert [(flag["id"], flag["guest"], flag["name"]) for flag in told["flags"]] == [
        (fresh.id, 318, "Kovalenko Olena")
    ]
    olena.ask("closed", order=1795436500000, sum="345.00", guest=318)
    assert olena.ask("handover").json()["promises"] == []
