"""1, 2 and 4 workers on one PostgreSQL and one Redis: what a ring costs each of them, and how soon it is everywhere.

Processor time is measured, not only the clock: on a machine with two cores four workers, Redis and the registers
share them, so rings a second say little there, and what the busiest worker works for a ring says how many it could
serve on a core of its own.
"""

from __future__ import annotations

import selectors
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from websocket import WebSocket

from bench.figures import Json, cpu, spread
from bench.servers import FORM, company_at
from server.db import close_database, open_database, transaction
from server.models import CONNECTED, Account, Employee, LineOwner, Register, Spot, Trunk
from tests import wire
from tests.postgres.cluster import Cluster
from tests.redis.crew import Crew, Store

SECRET = "bench-token-of-place-"
PLACES, EACH = 20, 4  # restaurants, registers of each
SPREAD, TOGETHER = "each restaurant's registers at all workers", "each restaurant's registers at one worker"
STORM, MOUTHS = 300, 4  # rings without a pause, and how many of them at once
SETTLES = 1.5  # seconds: what is written down a moment after a ring belongs to it too
PAUSE = 0.03  # seconds after each ring: the next finds the workers at rest

callers = (f"+38067{number:07d}" for number in count(2_000_000))


def scale(rings: int = 100, sizes: tuple[int, ...] = (1, 2, 4)) -> list[Json]:
    rows = [_measure(1, TOGETHER, rings, alone=True)]
    for size in sizes:
        rows += [_measure(size, way, rings) for way in ((TOGETHER,) if size == 1 else (TOGETHER, SPREAD))]
    return rows


def _measure(size: int, way: str, rings: int, alone: bool = False) -> Json:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dz")))
        store = Store(folder)
        store.start()
        stack.callback(store.kill)
        more = {"LIMITS": "0", **({"HUB_URL": ""} if alone else {})}
        cluster = Cluster()
        stack.callback(cluster.remove)
        more["DATABASE_URL"] = cluster.database(folder / "dzvinok.db")
        crew = Crew(folder / "dzvinok.db", store, size, **more)
        stack.callback(crew.kill)
        _furnish(crew)
        sockets = stack.enter_context(_registers(crew, way))
        _ring(crew, sockets, 40)
        taken = _ring(crew, sockets, rings)
        with _drained(sockets):
            _storm(crew, 100)
            pids = [*(worker.pid for worker in crew.workers), store.process.pid]
            before, begun = [cpu(pid) for pid in pids], time.monotonic()
            _storm(crew, STORM)
            used = [cpu(pid) - then for pid, then in zip(pids, before, strict=True)]
            seconds = time.monotonic() - begun
        idle = _idle(crew, seconds)
    workers = [max(0.0, one - idle) for one in used[:-1]]
    busiest = 1000 * max(workers) / STORM
    return {
        "workers": size, "bus": "none" if alone else "Redis", "registers": way, **spread(taken),
        "all ms/ring": round(1000 * sum(workers) / STORM, 2), "busiest ms/ring": round(busiest, 2),
        "Redis ms/ring": round(1000 * used[-1] / STORM, 2), "rings/s here": round(STORM / (seconds - SETTLES)),
        "rings/s with a core each": round(1000 / busiest),
    }  # fmt: skip


@contextmanager
def _drained(sockets: dict[int, list[WebSocket]]) -> Iterator[None]:
    """Somebody reads what the registers hear."""
    over = threading.Event()
    ears = selectors.DefaultSelector()
    for one in (one for some in sockets.values() for one in some):
        assert one.sock
        ears.register(one.sock, selectors.EVENT_READ)

    def read() -> None:
        while not over.is_set():
            for key, _ in ears.select(0.2):
                key.fileobj.recv(65536)  # type: ignore[union-attr]

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        ears.close()


def _storm(crew: Crew, rings: int) -> None:
    """As many rings at once as there are mouths, each to the next worker; until all are answered and told."""
    todo = iter(range(rings))

    def call() -> None:
        with ExitStack() as stack:
            doors = [stack.enter_context(company_at(worker.port)) for worker in crew.workers]
            for number in todo:
                _post(doors[number // PLACES % len(doors)], 1 + number % PLACES, next(callers))

    with ThreadPoolExecutor(MOUTHS) as pool:
        for mouth in [pool.submit(call) for _ in range(MOUTHS)]:
            mouth.result()
    time.sleep(SETTLES)


def _post(door: HTTPConnection, place: int, caller: str) -> None:
    body = urlencode({"event": "ring", "call": caller, "from": caller, "to": "0441234567", "line": ""})
    door.request("POST", f"/hooks/generic/{SECRET}{place}", body, {"Content-Type": FORM})
    answer = door.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()


def _idle(crew: Crew, seconds: float) -> float:
    """What a worker works in so many seconds in which nobody calls: its chores and its beats."""
    pids = [worker.pid for worker in crew.workers]
    before = sum(cpu(pid) for pid in pids)
    time.sleep(3)
    return (sum(cpu(pid) for pid in pids) - before) / len(pids) / 3 * seconds


def _furnish(crew: Crew) -> None:
    open_database(crew.workers[0].env["DATABASE_URL"])
    with transaction():
        for place in range(1, PLACES + 1):
            account = Account.create(
                name=f"place{place}",
                number=str(place),
                state=CONNECTED,
                country="UA",
                mirrored_at=time.time(),
            )
            Spot.create(account=account, poster_id=1, name="Bench")
            Trunk.create(
                account=account,
                provider="generic",
                token=f"{SECRET}{place}",
                created_at=time.time(),
            )
            for number in range(1, EACH + 1):
                line = str(1000 + number)
                Register.create(account=account, poster_id=number, name=line, spot=1)
                Employee.create(account=account, poster_id=number, name=line, extras_line=line)
                LineOwner.create(account=account, line=line, kind="employee", owner=number)
    close_database()


@contextmanager
def _registers(crew: Crew, way: str) -> Iterator[dict[int, list[WebSocket]]]:
    """Restaurant -> its registers' sockets."""
    found: dict[int, list[wire.Register]] = {}
    for place in range(1, PLACES + 1):
        for number in range(1, EACH + 1):
            worker = crew.workers[(number if way == SPREAD else place) % len(crew.workers)]
            register = wire.Register(worker.url, f"place{place}", number, 1, number)
            register.connect()
            found.setdefault(place, []).append(register)
    yield {place: [one.socket for one in some if one.socket] for place, some in found.items()}
    for some in found.values():
        for one in some:
            one.close()


def _ring(crew: Crew, sockets: dict[int, list[WebSocket]], rings: int) -> list[float]:
    """Seconds from before each webhook until the last of the restaurant's registers has the frame. The company's
    webhooks go to the workers in turn, as a balancer would send them."""
    taken = []
    with ExitStack() as stack:
        doors = [stack.enter_context(company_at(worker.port)) for worker in crew.workers]
        for number in range(rings):
            place, caller = 1 + number % PLACES, next(callers)
            begun = time.perf_counter()
            _post(doors[number // PLACES % len(doors)], place, caller)
            taken.append(_last_heard(sockets[place], caller) - begun)
            time.sleep(PAUSE)
    return taken


def _last_heard(sockets: list[WebSocket], caller: str) -> float:
    """When the last of them had the call; other frames are passed over, pings answered."""
    with selectors.DefaultSelector() as ears:
        for socket in sockets:
            assert socket.sock
            ears.register(socket.sock, selectors.EVENT_READ, socket)
        while ears.get_map():
            for key, _ in ears.select():
                frame = key.data.recv()
                if frame == '{"type":"ping"}':
                    key.data.send('{"type":"pong"}')
                elif caller in frame and frame.startswith('{"type":"call"'):
                    ears.unregister(key.data.sock)
    return time.perf_counter()
