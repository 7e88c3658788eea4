"""Where this greenlet's delivery stands: when it came in, when it was stored, and which calls it was about.

Context variables are a greenlet's own, so nothing has to be handed through the adapters and the intake.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from time import perf_counter

_came: ContextVar[float] = ContextVar("came", default=0.0)
_stored: ContextVar[float] = ContextVar("stored", default=0.0)
_calls: ContextVar[tuple[str, ...]] = ContextVar("calls", default=())


def begin() -> None:
    """A delivery comes in; what was known of the one before on this connection is forgotten."""
    _came.set(perf_counter())
    _calls.set(())


def stored(calls: Iterable[str]) -> float:
    """These calls are committed. Seconds since the delivery came in, 0 when nothing came (a chore, a test ring)."""
    now, came = perf_counter(), _came.get()
    _came.set(0.0)
    _stored.set(now)
    _calls.set(tuple(dict.fromkeys(calls)))
    return now - came if came else 0.0


def told() -> None:
    """Everybody has it in their outbox."""
    _stored.set(0.0)


def stored_at() -> float:
    """When (`perf_counter`) that was stored which is being told now; 0 when nothing is."""
    return _stored.get()


def calls() -> tuple[str, ...]:
    """The calls that this delivery changed."""
    return _calls.get()
