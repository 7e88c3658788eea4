"""Writes of the same moment share one commit, and none pays for another's fault."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import peewee
import pytest

from server import db, together
from server.db import rows

SHELF = 1  # the account whose it is


def _queue() -> together._Queue:
    return together._queues[SHELF if db.on_postgres() else None]


@pytest.fixture
def shelf(database: None) -> None:
    db.write("CREATE TABLE shelf (id INTEGER PRIMARY KEY, word TEXT NOT NULL)")


def put(number: int, word: str | None) -> int:
    db.write("INSERT INTO shelf (id, word) VALUES (?, ?)", number, word)
    return number


def on_shelf() -> list[int]:
    return [number for (number,) in rows("SELECT id FROM shelf ORDER BY id")]


class Crowd:
    """Threads that come while somebody else holds the turn, so that they are all waiting when it is free."""

    def __init__(self, *works: tuple[int, str | None]) -> None:
        self.told: dict[int, object] = {}
        self._threads = [threading.Thread(target=self._ask, args=work) for work in works]

    def _ask(self, number: int, word: str | None) -> None:
        try:
            self.told[number] = together.write(SHELF, lambda: put(number, word))
        except peewee.DatabaseError as error:
            self.told[number] = error
        finally:
            db.database.close()

    def come(self) -> None:
        with _queue().turn:
            for count, thread in enumerate(self._threads, 1):
                thread.start()
                while len(_queue().waiting) < count:
                    pass
        for thread in self._threads:
            thread.join()


def test_each_of_a_crowd_is_told_its_own_result(shelf: None) -> None:
    crowd = Crowd(*((number, "word") for number in range(1, 9)))
    crowd.come()
    assert crowd.told == {number: number for number in range(1, 9)}
    assert on_shelf() == list(range(1, 9))


def test_a_crowd_is_one_commit(shelf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    commits: list[None] = []

    @contextmanager
    def counted(account: int | None) -> Iterator[None]:
        with db.transaction(account):
            yield
        commits.append(None)

    monkeypatch.setattr(together, "transaction", counted)
    Crowd(*((number, "word") for number in range(1, 9))).come()
    assert len(commits) == 1
    assert on_shelf() == list(range(1, 9))


def test_more_than_one_commit_takes_are_all_served(shelf: None) -> None:
    many = together.MOST + 6
    Crowd(*((number, "word") for number in range(1, many + 1))).come()
    assert len(on_shelf()) == many


def test_what_breaks_in_a_crowd_breaks_alone(shelf: None) -> None:
    crowd = Crowd((1, "word"), (2, None), (3, "word"))
    crowd.come()
    assert on_shelf() == [1, 3]
    assert isinstance(crowd.told.pop(2), peewee.IntegrityError)
    assert crowd.told == {1: 1, 3: 3}


def test_when_the_database_undoes_a_crowd_nobody_is_told_yes_and_nothing_is_stored(
    shelf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = put

    def undone(number: int, word: str | None) -> int:
        """As SQLite may do by itself when the disk is full."""
        if word is None:
            db.database.execute_sql("ROLLBACK")
        return usual(number, word)

    monkeypatch.setitem(globals(), "put", undone)
    crowd = Crowd((1, "word"), (2, None), (3, "word"))
    with contextlib.suppress(peewee.OperationalError):
        crowd.come()
    assert on_shelf() == []
    assert not any(isinstance(told, int) for told in crowd.told.values())


def test_what_breaks_alone_leaves_nothing_and_the_next_is_served(shelf: None) -> None:
    def broken() -> None:
        put(1, "word")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        together.write(SHELF, broken)
    assert on_shelf() == []
    assert together.write(SHELF, lambda: put(2, "word")) == 2


def test_nobody_is_told_yes_when_the_commit_fails(shelf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def full(account: int | None) -> Iterator[None]:
        yield
        raise peewee.OperationalError("database or disk is full")

    monkeypatch.setattr(together, "transaction", full)
    with pytest.raises(peewee.OperationalError, match="full"):
        together.write(SHELF, lambda: None)
