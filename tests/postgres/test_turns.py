"""Whoever writes for one account waits for that one alone; between processes nothing is lost, nothing comes twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest

from server import db
from server.db import rows
from server.models import Account
from tests import wire
from tests.conftest import add_trunk, make_restaurant
from tests.postgres.cluster import Cluster
from tests.postgres.processes import program

MANY = 8


def meanwhile(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            db.database.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def waiting() -> int:
    """How many writers stand in a queue."""
    return int(rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")[0][0])


def test_the_same_thirty_events_from_eight_processes_are_thirty_calls(born: str) -> None:
    account = make_restaurant()
    trunk = add_trunk(account)
    crowd = [program("TAKE", born, str(account.id), str(trunk.id), str(number)) for number in range(MANY)]
    for one in crowd:
        assert one.stdout
        assert one.stdout.readline() == "ready\n", one.communicate()
    for one in crowd:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in crowd:
        said, wrong = one.communicate(timeout=60)
        assert said == "done\n", wrong
    assert rows("SELECT count(*), count(DISTINCT key), min(version), max(version) FROM call") == [
        (30, 30, 1, 1)
    ]


def test_two_accounts_write_beside_each_other(born: str) -> None:
    one, other = make_restaurant(), make_restaurant("lavra", "700124")
    with db.transaction(one.id):
        thread = meanwhile(lambda: in_turn(other))
        thread.join(timeout=10)
        assert not thread.is_alive()
        assert Account.at(other.id).title == "written"


def in_turn(account: Account) -> None:
    with db.transaction(account.id):
        db.write("UPDATE account SET title = 'written' WHERE id = ?", account.id)


@pytest.mark.parametrize("whose", ["the same", "everybody's"])
def test_the_same_account_and_everybody_wait(born: str, whose: str) -> None:
    account = make_restaurant()
    with db.transaction(account.id if whose == "the same" else None):
        thread = meanwhile(lambda: in_turn(account))
        while not waiting():
            assert thread.is_alive()
        db.write("UPDATE account SET title = 'first' WHERE id = ?", account.id)
    thread.join(timeout=10)
    assert Account.at(account.id).title == "written"


def test_a_transaction_in_another_goes_by_its_turn(born: str) -> None:
    account = make_restaurant()
    with db.transaction(account.id), db.transaction():
        assert rows("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") == [(2,)]


def test_what_fails_inside_leaves_the_rest_as_it_was(born: str) -> None:
    account = make_restaurant()
    with db.transaction(account.id):
        db.write("UPDATE account SET title = 'kept' WHERE id = ?", account.id)
        with pytest.raises(peewee.IntegrityError), db.transaction():
            Account.create(name=account.name, number="1")
    assert Account.at(account.id).title == "kept"


def test_who_waits_too_long_is_told(born: str) -> None:
    account = make_restaurant()
    told: list[BaseException] = []

    def impatient() -> None:
        with db.reading():
            db.database.execute_sql("SET lock_timeout = '100ms'")
            try:
                in_turn(account)
            except peewee.OperationalError as why:
                told.append(why)
            db.database.execute_sql("RESET lock_timeout")

    with db.transaction(account.id):
        meanwhile(impatient).join(timeout=10)
    assert "lock timeout" in str(told)


def test_a_restarted_database_is_one_error_and_then_all_is_well(cluster: Cluster, born: str) -> None:
    account = make_restaurant()
    with db.reading():
        cluster.stop()
        cluster.start()
        with pytest.raises(peewee.OperationalError):
            rows("SELECT 1")
    in_turn(account)
    assert Account.at(account.id).title == "written"


def test_a_server_goes_on_when_its_database_was_restarted(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.url(cluster.empty("born"))
    server = wire.Server(tmp_path / "dzvinok.db", DATABASE_URL=url)
    try:
        db.open_database(url)
        account = make_restaurant()
        register = wire.Register(server.url, account.name, 1, 1, 5)
        assert register.ask("hello").ok
        cluster.stop()
        cluster.start()
        said = [register.ask("hello").status_code for _ in range(3)]
        assert said[-1] == 200
        assert set(said) <= {200, 500, 503}
    finally:
        server.kill()
        db.close_database()
