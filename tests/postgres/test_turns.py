"""Whoever writes for one account waits for that one alone; between processes nothing is lost, nothing comes twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import peewee
import pytest

from server import db
from server.db import rows
from server.models import Account
from server.postgres import MOST, ONE
from tests import wire
from tests.conftest import add_trunk, hook_of, make_restaurant
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


def test_what_is_nobodys_waits_for_no_account(born: str) -> None:
    account = make_restaurant()
    with db.transaction(db.NOBODYS):
        thread = meanwhile(lambda: in_turn(account))
        thread.join(timeout=10)
        assert not thread.is_alive()


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
        try:
            with db.database.atomic():
                db.write("SET LOCAL lock_timeout = '100ms'")
                db.write(ONE, account.id)
        except peewee.OperationalError as why:
            told.append(why)

    with db.transaction(account.id):
        meanwhile(impatient).join(timeout=10)
    assert "lock timeout" in str(told)


def test_more_may_ask_at_once_than_there_are_connections(born: str) -> None:
    crowd = 3 * MOST
    together = threading.Barrier(crowd, timeout=20)

    def ask(_: int) -> int:
        with db.reading():
            together.wait()
            return int(rows("SELECT 1")[0][0])

    with ThreadPoolExecutor(crowd) as pool:
        assert list(pool.map(ask, range(crowd))) == [1] * crowd
    assert rows("SELECT count(*) <= ? FROM pg_stat_activity WHERE datname = current_database()", MOST) == [
        (True,)
    ]


def test_a_restarted_database_is_one_error_and_then_all_is_well(cluster: Cluster, born: str) -> None:
    account = make_restaurant()

    def through_a_restart() -> None:
        with db.transaction():
            cluster.stop()
            cluster.start()
            rows("SELECT 1")

    with pytest.raises(peewee.OperationalError):
        through_a_restart()
    in_turn(account)
    assert Account.at(account.id).title == "written"


def test_a_ring_that_waits_for_its_account_keeps_no_other_waiting(cluster: Cluster, tmp_path: Path) -> None:
    url = cluster.url(cluster.empty("born"))
    server = wire.Server(tmp_path / "dzvinok.db", DATABASE_URL=url)
    try:
        db.open_database(url)
        held, free = make_restaurant(), make_restaurant("lavra", "700124")
        phones = [wire.Binotel(hook_of(server, add_trunk(account))) for account in (held, free)]
        with db.transaction(held.id):
            thread = meanwhile(lambda: phones[0].ring("c1", "0671112201"))
            while not waiting():
                assert thread.is_alive()
            phones[1].ring("c2", "0671112202")
            assert rows("SELECT account_id FROM call") == [(free.id,)]
        thread.join(timeout=10)
        assert rows("SELECT count(*) FROM call") == [(2,)]
    finally:
        server.kill()
        db.close_database()


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


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path: Path) -> None:
    env = wire.environment(8080, tmp_path / "x.db", DATABASE_URL="postgresql://me:secret@127.0.0.1:1/nothing")
    flask = str(Path(sys.executable).with_name("flask"))
    said = subprocess.run([flask, "--app", "wsgi", "accounts"], cwd=wire.ROOT, env=env, capture_output=True,
                          text=True, timeout=60)  # fmt: skip
    assert said.returncode == 1
    assert said.stderr.startswith("Dzvinok can't start. The database that DATABASE_URL names does not answer")
    assert "Traceback" not in said.stderr
    assert "secret" not in said.stderr
