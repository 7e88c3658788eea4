"""Webhook -> frame, memory per register, and how fast a crowd gets in; the same for both servers."""

from __future__ import annotations

import tempfile
import time
from itertools import count
from pathlib import Path

from bench.figures import Json, resident, spread
from bench.servers import ACCOUNT, SIDES, Crowd, Side

WARM_UP = 20
BREATH = 0.02
"""Seconds after each webhook, and again for each hundred registers that it rings: the next finds the server at rest."""

callers = (f"+38067{number:07d}" for number in count(1_000_000))


def frames(registers: int, rings: int) -> list[Json]:
    """A row for each server and each way to ring."""
    rows = []
    for kind, start in SIDES.items():
        with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as side:
            rows += _side(kind, side, registers, rings)
    return rows


def _side(kind: str, side: Side, registers: int, rings: int) -> list[Json]:
    _wake(kind, side)
    before = resident(side.pid)
    with Crowd(kind, side.url, ACCOUNT, 1, registers) as crowd:
        memory = round((resident(side.pid) - before) / registers, 1)
        everybody = _ring(side, crowd, max(rings // 5, 20), "")
        one = _ring(side, crowd, rings, "1001")
    taken = {"KB/register": memory, "all in, s": crowd.seconds}
    base = {"server": side.kind, "registers": registers}
    return [
        {**base, "rings": "one line", **spread(one), **(taken if registers >= 100 else {})},
        {**base, "rings": "everybody", **spread(everybody)},
    ]


def _wake(kind: str, side: Side) -> None:
    """What is loaded at the first use is no register's memory and no ring's time."""
    with Crowd(kind, side.url, ACCOUNT, 1, 5) as crowd:
        _ring(side, crowd, 1, "1001")


def _ring(side: Side, crowd: Crowd, rings: int, line: str) -> list[float]:
    """Seconds from before the webhook is sent until the last register that it rings has the frame."""
    sent: dict[str, float] = {}
    side.company.close()  # the server may have closed it while a crowd came in; the next request opens it again
    pause = BREATH if line else BREATH * (1 + crowd.count / 100)
    for _ in range(WARM_UP + rings):
        caller = next(callers)
        sent[caller] = time.perf_counter()
        side.ring(caller, caller, line)
        time.sleep(pause)
    time.sleep(1)
    heard = crowd.report()
    return [heard[caller][1] - at for caller, at in list(sent.items())[WARM_UP:]]
