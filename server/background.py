"""Work that nobody waits for, or that is done side by side. Under gevent a thread is a greenlet."""

from __future__ import annotations

import _thread
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from functools import partial
from typing import Any, ParamSpec, TypeVar

log = logging.getLogger("dzvinok.background")

P = ParamSpec("P")
T = TypeVar("T")

_running: set[Future[Any]] = set()


def start(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Runs it beside; the future carries what it returns or raises."""
    future: Future[T] = Future()
    _running.add(future)
    future.add_done_callback(_running.discard)
    # A `Thread` would be waited for until it runs, and a ring with it.
    _thread.start_new_thread(_run, (future, partial(work, *args, **kwargs)))
    return future


def _run(future: Future[T], work: Callable[[], T]) -> None:
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - it travels to whoever asks the future
        future.set_exception(error)


def detach(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Runs it beside for its effect alone; what breaks is logged, since nobody will ask."""
    start(work, *args, **kwargs).add_done_callback(_log)


def attempt(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """As `detach`, but at once: for what is quick, and must not break what it is done beside."""
    future: Future[object] = Future()
    _run(future, partial(work, *args, **kwargs))
    _log(future)


def finish(timeout: float) -> None:
    """Waits for what was started and still runs."""
    wait(tuple(_running), timeout)


def _log(future: Future[object]) -> None:
    error = future.exception()
    if error is not None:
        log.error("background work failed", exc_info=error)


class Soon:
    """Work for an account that is done a moment after it is asked for, once for however often it was asked until then.

    Never two at a time: what is told later is newer.
    """

    def __init__(self, work: Callable[[int], object], after: float) -> None:
        self._work = work
        self._after = after
        self._asked: set[int] = set()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def ask(self, account: int) -> None:
        with self._lock:
            if account in self._asked:
                return
            self._asked.add(account)
        detach(self._do, account)

    def _do(self, account: int) -> None:
        time.sleep(self._after)
        with self._turn:
            with self._lock:
                self._asked.discard(account)
            self._work(account)
