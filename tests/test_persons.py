"""People's data: what is known of somebody, as a file, erased everywhere, and not learned again."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from flask import Flask

from server import figures, persons, popping
from server.calls import END, IN, RING, CallEvent
from server.clock import Clock
from server.config import Settings
from server.db import reading, rows, transaction, write
from server.models import Account, CallRow, Trunk
from server.parts import Parts
from server.persons.finding import asked
from server.persons.holding import FREE, HELD, Held
from server.unfit import Unfit
from tests import guestbook, household
from tests.conftest import Restaurant, add_trunk, finish_background_work
from tests.household import NUMBER, SECOND

SUMS = ", ".join(f"sum({name})" for name in figures.NAMES)


@pytest.fixture
def pechera(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def lavra(app: Flask, restaurant: Restaurant) -> Account:
    """Another restaurant, which knows the same guest."""
    other = restaurant("lavra", "700124")
    household.settle(other, add_trunk(other))
    return other


@pytest.fixture
def trunk(pechera: Account) -> Trunk:
    return add_trunk(pechera)


def erase(parts: Parts, account: Account, number: str = NUMBER) -> persons.Receipt:
    return persons.erase(account.id, number, "UA", parts.settings.secret_key)[1]


def counted(account: Account) -> list[tuple[int, ...]]:
    """Every figure that there is, by each of its keys but for the call's id."""
    while figures.refresh(account.id):
        pass
    with reading():
        by_call = rows(
            f"SELECT call_id, day, hour, spot, line, employee, outcome, counted, {', '.join(figures.NAMES)} "
            "FROM call_fact WHERE account_id = ? ORDER BY call_id",
            account.id,
        )
        by_day = rows(
            f"SELECT by, day, hour, spot, open, key, {', '.join(figures.NAMES)} FROM figure WHERE account_id = ? "
            "ORDER BY by, day, hour, spot, open, key",
            account.id,
        )
    return by_call + [row for row in by_day if any(row[6:])]


def test_every_table_is_decided_upon(database: None) -> None:
    """A table that is new here: does it hold anything of who called? Say so in server/persons/holding.py."""
    with reading():
        there = set(household.tables())
    assert {held.table for held in HELD} | set(FREE) == there
    assert not {held.table for held in HELD} & set(FREE)
    assert all(FREE.values())


def test_everything_is_found_by_any_spelling_and_by_each_number(
    parts: Parts, pechera: Account, trunk: Trunk
) -> None:
    household.settle(pechera, trunk)
    household.hush(pechera, SECOND)
    with reading():
        for spelling in (
            "0671112233",
            "8 067 111-22-33",
            "+380 67 111 22 33",
            "tel:+380671112233",
            "050 123 45 67",
        ):
            person = persons.who(pechera.id, spelling, "UA")
            assert set(person.numbers) == {NUMBER, SECOND}
            assert person.guests == ((318, "Kovalenko Olena"),)
            tables = {one.held.table for one in persons.find(person)}
            assert tables == {held.table for held in HELD} - {"flag_copy"}


def test_what_is_no_number_is_refused_and_a_stranger_has_nothing(parts: Parts, pechera: Account) -> None:
    with reading():
        with pytest.raises(Unfit, match="not a phone number"):
            persons.who(pechera.id, "Olena", "UA")
        assert persons.find(persons.who(pechera.id, "0509999999", "UA")) == []
    with pytest.raises(Unfit, match="Nothing is known"):
        erase(parts, pechera, "0509999999")
    with reading():
        assert not rows("SELECT 1 FROM receipt UNION SELECT 1 FROM forgotten")


def test_a_number_that_others_have_too_stays(parts: Parts, pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    guestbook.add(pechera, 400, "Kovalenko Taras", SECOND)
    with reading():
        person = persons.who(pechera.id, NUMBER, "UA")
    assert person.numbers == (NUMBER,)
    assert person.shared == (SECOND,)
    erase(parts, pechera)
    with reading():
        assert rows("SELECT client_id FROM guest_number WHERE number = ?", SECOND) == [(400,)]
        assert rows("SELECT count(*) FROM call WHERE number = ?", SECOND) == [(1,)]


def test_nothing_of_an_erased_person_is_left_anywhere(
    parts: Parts, pechera: Account, lavra: Account, trunk: Trunk
) -> None:
    household.settle(pechera, trunk)
    household.hush(pechera, SECOND)
    with reading():
        others = household.dump(lavra)
        assert all(
            word in json.dumps(household.dump(pechera), ensure_ascii=False) for word in household.SECRETS
        )
    receipt = erase(parts, pechera)
    with reading():
        mine = json.dumps(household.dump(pechera), ensure_ascii=False)
        assert [word for word in household.SECRETS if word in mine] == []
        assert household.dump(lavra) == others
        assert rows("SELECT body FROM command WHERE body LIKE ?", f'%"account": {pechera.id}%') == []
    assert receipt.counts["call"] == 5
    assert receipt.counts["guest_order"] == 1
    assert (receipt.numbers, receipt.guests) == (2, 1)


def test_the_file_itself_has_forgotten_too(
    sqlite: None, parts: Parts, pechera: Account, trunk: Trunk, settings: Settings
) -> None:
    household.settle(pechera, trunk)
    files = Path(settings.database_url.removeprefix("sqlite:///")).parent
    erase(parts, pechera)
    left = b"".join(path.read_bytes() for path in files.iterdir() if "dzvinok.db" in path.name)
    assert [word for word in household.SECRETS if word.encode() in left] == []
    assert b"pechera" in left


def test_the_calls_stay_and_every_figure_is_as_before(
    parts: Parts, pechera: Account, lavra: Account, trunk: Trunk
) -> None:
    """Who got through after a call in vain, who is new and who is known: all of that is still told from the calls."""
    household.settle(pechera, trunk)
    household.call(pechera, trunk, "other", "+380930000001", ago=5000)
    before = counted(pechera)
    with transaction():
        popping.hush(lavra.id, SECOND, "courier", (0, ""))
    theirs = counted(lavra)
    erase(parts, pechera)
    erase(parts, lavra)
    assert counted(pechera) == before
    assert counted(lavra) == theirs
    figures.rebuild(pechera.id)
    figures.rebuild(lavra.id)
    assert counted(pechera) == before
    assert counted(lavra) == theirs
    assert (
        sum(
            row[8 + figures.NAMES.index("met")] for row in before if isinstance(row[0], str) and "-" in row[0]
        )
        >= 1
    )


def test_erasing_that_breaks_at_once_has_changed_nothing(
    parts: Parts, pechera: Account, trunk: Trunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.settle(pechera, trunk)
    with reading():
        before = household.dump()
    monkeypatch.setattr("server.persons.erasing._receipt", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(parts, pechera)
    with reading():
        assert household.dump() == before


def test_erasing_that_was_stopped_half_way_is_finished_by_the_clock(
    parts: Parts, pechera: Account, trunk: Trunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    household.settle(pechera, trunk)
    for index in range(40):
        household.call(pechera, trunk, f"k{index}", ago=7200.0 + index)
    before = counted(pechera)
    monkeypatch.setattr("server.persons.erasing.aside.tidy", lambda empty=False: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        erase(parts, pechera)
    with reading():
        left = rows("SELECT count(*) FROM call WHERE account_id = ? AND number = ?", pechera.id, NUMBER)[0][0]
    assert 0 < left < 44
    monkeypatch.undo()
    Clock(parts).people()
    finish_background_work()
    with reading():
        mine = json.dumps(household.dump(pechera), ensure_ascii=False)
        (receipt,) = persons.receipts(pechera.id)
    assert [word for word in household.SECRETS if word in mine] == []
    assert receipt.counts["call"] == 45
    assert counted(pechera) == before
    assert persons.resume() == 0


def test_nobody_is_erased_while_on_the_phone(parts: Parts, pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    parts.intake.take(pechera.id, trunk.id, [CallEvent("live", RING, time.time(), IN, NUMBER, line="101")])
    with pytest.raises(Unfit, match="on the phone"):
        erase(parts, pechera)
    with reading():
        assert rows("SELECT 1 FROM receipt") == []
        assert rows("SELECT count(*) FROM call WHERE account_id = ? AND number = ?", pechera.id, NUMBER) == [
            (5,)
        ]


def test_a_history_does_not_bring_an_erased_person_back(
    parts: Parts, pechera: Account, lavra: Account, trunk: Trunk
) -> None:
    household.settle(pechera, trunk)
    erase(parts, pechera)
    at = time.time() - 3600
    told = [
        CallEvent(
            key, kind, at + 1, IN, NUMBER, started=at, outcome=outcome, late=True, name="Kovalenko Olena"
        )
        for key in ("unheard of", "b", f"{NUMBER}-1")
        for kind, outcome in ((RING, ""), (END, "missed"))
    ]
    parts.intake.take(pechera.id, trunk.id, told)
    # The company's last word on a call that was erased, after its end; with a recording.
    parts.intake.take(
        pechera.id, trunk.id, [CallEvent("b", END, time.time(), IN, NUMBER, recording="r", name="K")]
    )
    with reading():
        mine = json.dumps(household.dump(pechera))
        assert "671112233" not in mine
        assert "Kovalenko" not in mine
        assert rows("SELECT recording, name FROM call WHERE id = ?", f"{pechera.id}-b") == [("", "")]
        assert rows("SELECT count(*) FROM call WHERE account_id = ?", pechera.id) == [(5,)]
    other = Trunk.get(Trunk.account == lavra)
    parts.intake.take(lavra.id, other.id, [told[0]])
    with reading():
        assert rows("SELECT count(*) FROM call WHERE account_id = ?", lavra.id) == [(6,)]


def test_whoever_calls_again_is_a_new_guest(parts: Parts, pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    erase(parts, pechera)
    parts.intake.take(
        pechera.id, trunk.id, [CallEvent("new", RING, time.time(), IN, "0671112233", line="101")]
    )
    with reading():
        assert rows("SELECT count(*) FROM call WHERE number = ?", NUMBER) == [(1,)]


def test_posters_copy_of_the_flags_is_emptied(parts: Parts, pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    erase(parts, pechera)
    with reading():
        assert rows("SELECT client_id FROM flag_copy WHERE account_id = ?", pechera.id) == [(318,)]


def test_an_order_that_was_open_hears_its_sum_and_is_cut_off_then(
    parts: Parts, pechera: Account, trunk: Trunk
) -> None:
    calls = household.settle(pechera, trunk)
    with transaction():
        CallRow.update(state="ended").where(CallRow.id == calls[0]).execute()
        write("UPDATE call_order SET closed_at = NULL, sum = NULL WHERE account_id = ?", pechera.id)
    erase(parts, pechera)
    order = "SELECT transaction_id, sum, order_id FROM call_order WHERE account_id = ?"
    with reading():
        assert rows(order, pechera.id) == [(77, None, 1700000000001)]
    with transaction():
        persons.cut_off(pechera.id)
        assert rows(order, pechera.id) == [(77, None, 1700000000001)]
        write("UPDATE call_order SET closed_at = 1, sum = 500 WHERE account_id = ?", pechera.id)
        persons.cut_off(pechera.id)
        ((transaction_id, total, order_id),) = rows(order, pechera.id)
    assert (transaction_id, total) == (0, 500)
    assert order_id < 0


def test_the_file_is_whole_and_only_of_this_account(
    parts: Parts, pechera: Account, lavra: Account, trunk: Trunk
) -> None:
    household.settle(pechera, trunk)
    with reading():
        person = persons.who(pechera.id, NUMBER, "UA")
        told = json.loads(persons.document(person, persons.find(person), pechera.name))
    assert told["numbers"] == [NUMBER, SECOND]
    assert len(told["data"]["call"]) == 5
    assert told["data"]["guest_order"][0]["sum"] == 34500
    assert told["data"]["call"][0]["at"].endswith("+00:00")
    assert {row["key"] for row in told["data"]["call"]} == {f"{NUMBER}-1", "b", "c", "d", "e"}


def test_the_receipt_names_nobody_and_the_audit_neither(parts: Parts, pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    receipt = erase(parts, pechera)
    with reading():
        assert persons.receipts(pechera.id) == [receipt]
        ((_what, thing, after),) = rows("SELECT what, thing, after FROM audit WHERE what = 'person_erased'")
    assert (thing, after) == (f"#{receipt.id}", str(sum(receipt.counts.values())))
    assert receipt.digest == persons.digest(parts.settings.secret_key, pechera.id, NUMBER)
    assert receipt.digest != persons.digest(parts.settings.secret_key, pechera.id + 1, NUMBER)
    with pytest.raises(Unfit, match="no such receipt"):
        persons.receipt_of(pechera.id + 1, receipt.id)


LARGE = ("call", "call_note", "call_order", "callback", "guest", "guest_number", "guest_order", "guest_place",
         "online_order")  # fmt: skip


@pytest.mark.parametrize("held", [held for held in HELD if held.table in LARGE], ids=lambda held: held.table)
def test_a_person_is_found_without_walking_through_everybody(
    sqlite: None, database: None, held: Held
) -> None:
    with reading():
        for sql in filter(None, (held.question, held.statement)):
            plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *asked(sql, ("[]",) * 7))]
            walked = [step for step in plan if step.startswith("SCAN") and "json_each" not in step]
            alone = [step for step in plan if step.endswith("(account_id=?)") and f" {held.table} " in step]
            assert (walked, alone) == ([], []), sql
