"""What `/metrics` counts while it happens. What stands in the database is read when somebody asks: `server.gauges`.

Labels are words of ours and ids of trunks, never a number, a name or an address: see docs/watching.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.multiprocess import MultiProcessCollector

# Around what is promised (5 ms to a frame, 25 ms under load, a second to a card), seconds.
QUICK = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)

REGISTRY = CollectorRegistry(auto_describe=False)
ProcessCollector(registry=REGISTRY)

EVENTS = Counter("dzvinok_events", "What phone companies and PBXs told, by trunk and kind.", ("trunk", "kind"),
                 registry=REGISTRY)  # fmt: skip
REFUSED = Counter("dzvinok_refused", "Deliveries of phone companies that were refused.", ("trunk", "why"),
                  registry=REGISTRY)  # fmt: skip
RINGS = Counter("dzvinok_rings", "Calls of guests that began to ring.", registry=REGISTRY)
CARDS = Counter("dzvinok_cards", "Registers that these calls' cards belonged on.", registry=REGISTRY)
UNSEEN = Counter(
    "dzvinok_rings_unseen", "Calls of guests whose card belonged on no register.", registry=REGISTRY
)
FRAMES = Counter("dzvinok_frames", "Frames written to registers' sockets.", registry=REGISTRY)
CLOSED = Counter("dzvinok_sockets_closed", "Sockets of registers that ended, by close code.", ("code",),
                 registry=REGISTRY)  # fmt: skip
STORE = Histogram("dzvinok_store_seconds", "From a webhook's arrival until its call is on the disk.",
                  buckets=QUICK, registry=REGISTRY)  # fmt: skip
FRAME = Histogram("dzvinok_frame_seconds", "From a call on the disk until its frame is written to a register.",
                  buckets=QUICK, registry=REGISTRY)  # fmt: skip
CARD = Histogram("dzvinok_card_seconds", "From a ring until the register says that it has the card.",
                 buckets=SLOW, registry=REGISTRY)  # fmt: skip
WRITE = Histogram("dzvinok_write_seconds", "Database transactions, waiting for the lock included.",
                  buckets=QUICK, registry=REGISTRY)  # fmt: skip
POSTER = Histogram("dzvinok_poster_seconds", "Requests to Poster, by method and how they ended.",
                   ("method", "ended"), buckets=SLOW, registry=REGISTRY)  # fmt: skip
POSTER_NO = Counter("dzvinok_poster_refusals", "Answers in which Poster said no, by its code.", ("code",),
                    registry=REGISTRY)  # fmt: skip
LOGGED = Counter("dzvinok_log_lines", "Lines of the log, by level.", ("level",), registry=REGISTRY)


def of_all_workers() -> CollectorRegistry | None:
    """What several workers of one gunicorn counted, see gunicorn.conf.py; None where there is only this one."""
    found = CollectorRegistry(auto_describe=False)
    try:
        MultiProcessCollector(found)  # type: ignore[no-untyped-call]
    except ValueError:
        return None
    return found


def rang(registers: int) -> None:
    RINGS.inc()
    CARDS.inc(registers) if registers else UNSEEN.inc()


def sent(frames: int, since: float) -> None:
    """To one register. `since`: when their call was stored (`perf_counter`), 0 for whatever else is told."""
    FRAMES.inc(frames)
    if since:
        FRAME.observe(perf_counter() - since)


def came(trunk: int | None, kinds: Iterable[str]) -> None:
    for kind in kinds:
        EVENTS.labels(trunk or 0, kind).inc()


@contextmanager
def asking(method: str) -> Iterator[Callable[[str], None]]:
    """One request to Poster; what it hands out is called with how that ended."""
    begun, ended = perf_counter(), ["broken"]
    try:
        yield lambda how: ended.__setitem__(0, how)
    finally:
        POSTER.labels(method, ended[0]).observe(perf_counter() - begun)


@contextmanager
def writing() -> Iterator[None]:
    begun = perf_counter()
    try:
        yield
    finally:
        WRITE.observe(perf_counter() - begun)
