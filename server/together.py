"""Writes that come at the same moment share one commit: the disk is asked once for all of them.

Each of them is answered after that commit, so what was acknowledged is on the disk; what one of them breaks on is
undone alone and told to it alone.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from peewee import PeeweeException

from server.db import database, on_postgres, transaction

T = TypeVar("T")
MOST = 64  # in one commit: a reader of the database's log waits for none of it, but the first of them waits for all


class _Job(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self.work = work
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error
            raise


class _Queue:
    def __init__(self) -> None:
        self.waiting: deque[_Job[Any]] = deque()
        self.turn = threading.Lock()

    def next(self) -> list[_Job[Any]]:
        return [self.waiting.popleft() for _ in range(min(len(self.waiting), MOST))]


# SQLite has one writer, so all accounts stand in one queue; PostgreSQL has one for each.
_queues: defaultdict[int | None, _Queue] = defaultdict(_Queue)


def write(account: int, work: Callable[[], T]) -> T:
    """What `work` returns, once it is committed. Raises what it raises, or what the commit did."""
    of = account if on_postgres() else None
    job, queue = _Job(work), _queues[of]
    queue.waiting.append(job)
    time.sleep(0)  # whoever else has come by now is taken along
    with queue.turn:
        while not job.done:
            _commit(of, queue.next())
    if job.error:
        raise job.error
    return job.result


def _commit(account: int | None, jobs: list[_Job[Any]]) -> None:
    """The oldest come first, so whoever holds the turn is among them, or has been served already."""
    failed: BaseException | None = InterruptedError("the commit was broken off")
    try:
        with transaction(account):
            for job in jobs:
                _one(job, alone=len(jobs) == 1)
        failed = None
    except PeeweeException as error:
        failed = error
    finally:
        for job in jobs:
            job.error, job.done = job.error or failed, True


def _one(job: _Job[Any], alone: bool) -> None:
    if alone:
        job.run()
        return
    try:
        with database.atomic():
            job.run()
    except Exception as error:
        # Another error than its own: the commit itself failed, or SQLite has undone all of it (a full disk may do
        # that), and what came after would be stored though it is told that it was not.
        if error is not job.error:
            raise
