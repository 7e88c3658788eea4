"""What is kept for how long: swept daily, all that hangs on it too, figures and lists follow, nobody waits."""

from __future__ import annotations

import time

import pytest
from flask import Flask

from server import figures, preferences, retention
from server.clock import Clock
from server.db import reading, rows, transaction, write
from server.models import Account, Alert, Audit, Flag, Member, Raw, Receipt, Trunk
from server.parts import Parts
from server.retention import DAY, KINDS, MONTH, Retention, due
from tests import household
from tests.conftest import Restaurant, add_trunk, finish_background_work

HANGING = ("call_note", "call_order", "alias", "sighting", "reveal", "callback", "dial")


@pytest.fixture
def pechera(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def trunk(pechera: Account) -> Trunk:
    return add_trunk(pechera)


@pytest.fixture
def lavra(app: Flask, restaurant: Restaurant) -> Account:
    other = restaurant("lavra", "700124")
    household.settle(other, add_trunk(other))
    return other


def swept(account: Account, after: float) -> dict[str, int]:
    """As if so many seconds had passed."""
    return Retention(lambda _: None).sweep(account.id, time.time() + after)


def count(table: str, account: Account) -> int:
    with reading():
        return int(rows(f"SELECT count(*) FROM {table} WHERE account_id = ?", account.id)[0][0])


def test_a_call_takes_along_all_that_hangs_on_it_and_other_accounts_keep_theirs(
    pechera: Account, trunk: Trunk, lavra: Account
) -> None:
    household.settle(pechera, trunk)
    with reading():
        others = household.dump(lavra)
    went = swept(pechera, 12 * MONTH - 99 * DAY)  # two calls are a little over twelve months old then
    assert went["calls"] == 2
    assert count("call", pechera) == 3
    assert [count(table, pechera) for table in ("call_note", "call_order", "sighting")] == [0, 0, 0]
    assert count("alias", pechera) == 3
    with reading():
        assert household.dump(lavra) == others


def test_after_its_span_nothing_of_a_call_is_left(pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    with transaction():
        write("UPDATE callback SET closed_at = 1 WHERE account_id = ?", pechera.id)
    swept(pechera, 12 * MONTH + DAY)
    assert [table for table in ("call", *HANGING) if count(table, pechera)] == []
    assert count("guest", pechera) == 1  # Poster's own


def test_each_kind_goes_by_its_own_span(pechera: Account, trunk: Trunk) -> None:
    now = time.time()
    with transaction():
        for days in (29, 31):
            Raw.create(account=pechera, trunk_id=trunk.id, at=now - days * DAY, way="POST", text=str(days))
        for months in (23.9, 24.1, 35.9, 36.1):
            Audit.create(account=pechera, at=now - months * MONTH, what="lines", thing=str(months))
            Receipt.create(account=pechera, at=now - months * MONTH, digest="d", body="{}")
        for over in (now - 2.9 * MONTH, now - 3.1 * MONTH, None):
            Alert.create(account_id=pechera.id, kind="disk", thing=str(over), since=1.0, over_at=over)
        for gone in (now - 13 * MONTH, None):
            Flag.create(account=pechera, client_id=1, kind="vip", at=1.0, gone_at=gone)
        for gone in (now - 25 * MONTH, None):
            Member.create(account=pechera, name="Petro", role="viewer", code="x", at=1.0, gone_at=gone)
    went = swept(pechera, 0)
    assert {name: number for name, number in went.items() if number} == {
        "raw": 1, "audit": 3, "receipts": 1, "alerts": 1, "flags": 1, "members": 1,
    }  # fmt: skip
    preferences.choose(pechera.id, keep_raw="5", keep_audit="1")
    assert swept(pechera, 0)["raw"] == 1


def test_the_sums_of_a_day_follow_its_calls(pechera: Account, trunk: Trunk) -> None:
    household.settle(pechera, trunk)
    while figures.refresh(pechera.id):
        pass
    with reading():
        before = rows("SELECT by, sum(calls), sum(orders), sum(revenue) FROM figure GROUP BY by ORDER BY by")
    swept(pechera, 12 * MONTH - 99 * DAY)
    while figures.refresh(pechera.id):
        pass
    with reading():
        after = rows("SELECT by, sum(calls), sum(orders), sum(revenue) FROM figure GROUP BY by ORDER BY by")
        assert rows("SELECT count(*) FROM call_fact WHERE account_id = ?", pechera.id) == [(3,)]
    assert before != after
    for (by, calls, orders, revenue), (_, calls_now, orders_now, revenue_now) in zip(
        before, after, strict=True
    ):
        if calls:
            assert calls - calls_now == 2, by
        assert (orders, revenue) == (orders_now + orders, revenue_now + revenue)
        assert (orders_now, revenue_now) == (0, 0)


def test_a_call_that_goes_on_is_never_swept(pechera: Account, trunk: Trunk) -> None:
    household.call(pechera, trunk, "live", ago=400 * DAY, state="answered", outcome="", ended=None)
    household.call(pechera, trunk, "over", ago=400 * DAY)
    assert swept(pechera, 0)["calls"] == 1
    assert count("call", pechera) == 1


def test_the_clock_sweeps_once_a_day_also_after_it_was_missed(
    parts: Parts, pechera: Account, trunk: Trunk
) -> None:
    household.call(pechera, trunk, "old", ago=400 * DAY)
    Clock(parts).people()
    finish_background_work()
    assert count("call", pechera) == 0
    now = time.time()
    with reading():
        fresh = Account.get_by_id(pechera.id)
        assert not due(fresh, now + 3600)
        assert due(fresh, now + DAY + 1)
        told = {one.kind.name: one for one in retention.states(pechera.id)}
    assert told["calls"].went == 1
    assert set(told) == {kind.name for kind in KINDS}


def test_many_calls_go_in_short_bits(pechera: Account, trunk: Trunk, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    delete = retention._delete

    def watched(account: int, kind: retention.Kind, ids: list[object]) -> int:
        sizes.append(len(ids))
        return delete(account, kind, ids)

    monkeypatch.setattr(retention, "_delete", watched)
    for index in range(60):
        household.call(pechera, None, f"k{index}", ago=400 * DAY)
    assert swept(pechera, 0)["calls"] == 60
    assert max(sizes) <= retention.AT_ONCE
    assert sum(sizes) >= 60


def test_a_sweep_that_breaks_goes_on_the_next_time(
    parts: Parts, pechera: Account, trunk: Trunk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(30):
        household.call(pechera, None, f"k{index}", ago=400 * DAY)
    monkeypatch.setattr("server.retention.aside.tidy", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        swept(pechera, 0)
    left = count("call", pechera)
    assert 0 < left < 30
    with reading():
        assert due(Account.get_by_id(pechera.id), time.time())
    monkeypatch.undo()
    assert swept(pechera, 0)["calls"] == left


def test_registers_hear_that_old_calls_are_gone(pechera: Account, trunk: Trunk) -> None:
    told: list[int] = []
    sweeper = Retention(told.append)
    sweeper.sweep(pechera.id)
    assert told == []
    household.call(pechera, trunk, "old", ago=400 * DAY)
    sweeper.sweep(pechera.id)
    assert told == [pechera.id]
