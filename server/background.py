"""Work that nobody waits for, or that is done side by side. Under gevent a thread is a greenlet."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

log = logging.getLogger("dzvinok.background")

P = ParamSpec("P")
T = TypeVar("T")


def start(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Runs it beside; the future carries what it returns or raises."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it travels to whoever asks the future
            future.set_exception(error)

    threading.Thread(target=run, name="background", daemon=True).start()
    return future


def detach(work: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Runs it beside for its effect alone; what breaks is logged, since nobody will ask."""
    start(work, *args, **kwargs).add_done_callback(_log)


def _log(future: Future[object]) -> None:
    error = future.exception()
    if error is not None:
        log.error("background work failed", exc_info=error)
