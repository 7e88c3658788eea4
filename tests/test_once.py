"""What is read once for a ring is true after it, and is nobody else's."""

from __future__ import annotations

import contextvars
import threading

from server import db, once
from server.models import Account
from tests.conftest import make_restaurant

TITLE = "SELECT title FROM account WHERE id = ?"


def rename(account: Account, title: str) -> None:
    with db.transaction():
        db.write("UPDATE account SET title = ? WHERE id = ?", title, account.id)


def test_a_ring_sees_one_state_of_the_settings(database: None) -> None:
    account = make_restaurant()
    with once.remembering():
        before = once.rows(TITLE, account.id)
        rename(account, "another")
        assert once.rows(TITLE, account.id) == before
        assert Account.at(account.id) is Account.at(account.id)
    assert once.rows(TITLE, account.id) == [("another",)]


def test_an_inner_ring_is_the_outer_one(database: None) -> None:
    account = make_restaurant()
    with once.remembering():
        with once.remembering():
            before = once.rows(TITLE, account.id)
        rename(account, "another")
        assert once.rows(TITLE, account.id) == before


def test_work_begun_by_a_ring_sees_what_is_true_after_it(database: None) -> None:
    account = make_restaurant()
    with once.remembering():
        once.rows(TITLE, account.id)
        begun = contextvars.copy_context()
    rename(account, "another")
    assert begun.run(once.rows, TITLE, account.id) == [("another",)]
    assert begun.run(Account.at, account.id).title == "another"


def test_another_thread_reads_for_itself(database: None) -> None:
    account = make_restaurant()
    seen: list[object] = []

    def ask() -> None:
        with db.reading():
            seen.extend(once.rows(TITLE, account.id))

    with once.remembering():
        once.rows(TITLE, account.id)
        rename(account, "another")
        asking = threading.Thread(target=ask)
        asking.start()
        asking.join()
    assert seen == [("another",)]
