"""From nothing to the first answered request, and where the time goes: loading what the server is made of."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

from bench import town
from bench.figures import Json
from tests.wire import ROOT, environment, free_port

TIMES = 5
LOADS = "import wsgi"


def starts() -> list[Json]:
    """The database is there, as it is when a box starts again; files lie in the system's memory after the first."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "cold.db"
        town.build(f"sqlite:///{database}", 10)
        served = [_timed(_served, database) for _ in range(TIMES)]
        loaded = [_timed(_loaded, database) for _ in range(TIMES)]
    return [_row("gunicorn -> /healthz answers", served), _row("python -> the app is made", loaded)]


def _timed(start: Callable[[Path], float], database: Path) -> tuple[float, float]:
    """Seconds on the clock, and seconds of work of the processes that were started (their end included)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, after = start(database), resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(what: str, taken: list[tuple[float, float]]) -> Json:
    clock, work = zip(*taken, strict=True)
    return {"what": what, "median": round(statistics.median(clock), 2), "best": round(min(clock), 2),
            "worst": round(max(clock), 2), "CPU": round(statistics.median(work), 2)}  # fmt: skip


def _served(database: Path) -> float:
    port = free_port()
    command = [str(Path(sys.executable).with_name("gunicorn")), "wsgi:app"]
    begun = time.perf_counter()
    with database.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(port, database), stdout=log, stderr=log)
    try:
        while not _answers(port):
            assert process.poll() is None, "the server did not start"
            time.sleep(0.005)
        return time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    company = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        company.request("GET", "/healthz")
        return company.getresponse().status == 200
    except OSError:
        return False
    finally:
        company.close()


def _loaded(database: Path) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOADS], cwd=ROOT, env=environment(free_port(), database), check=True,
                   stderr=subprocess.DEVNULL)  # fmt: skip
    return time.perf_counter() - begun
