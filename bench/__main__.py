"""`make bench`: everything. `python -m bench frames --registers 1000`: one part. What each figure means, and what
limits it, stands in docs/performance.md.

A whole run replaces bench/results/latest.json and leaves a copy with its date; one part replaces only itself there.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import cold, directory, frames, million, scale
from bench.figures import Json, fsync, machine, table
from bench.painted import cards
from bench.pbx import calls
from bench.sides import SIDES
from bench.stopwatch import stopwatch

RESULTS = Path(__file__).parent / "results"
Options = argparse.Namespace
Tables = dict[str, list[Json]]


def _frames(asked: Options) -> Tables:
    rows = frames.frames(asked.servers, asked.registers, asked.rates)
    return {"webhook -> frame, ms": rows, "others beside ours": frames.ratios(rows)}


def _million(asked: Options) -> Tables:
    return {"reports and pages of the journal among a million calls, ms": million.million(calls=asked.calls)}


def _directory(asked: Options) -> Tables:
    title = "webhook -> complete card of one of many guests while Poster fails, ms"
    return {title: directory.cards(asked.guests)}


PARTS: dict[str, Callable[[Options], Tables]] = {
    "frames": _frames,
    "cold": lambda asked: {"cold start, s": cold.starts()},
    "directory": _directory,
    "million": _million,
    "painted": lambda asked: {"webhook -> card painted in Chromium, ms": cards(asked.crowd, asked.cards)},
    "pbx": lambda asked: {"INVITE at a live Asterisk -> card painted in Chromium, ms": calls(asked.cards)},
    "scale": lambda asked: {"a ring at 1 to 4 workers, ms": scale.scale()},
    "stopwatch": lambda asked: {"ring -> order with its guest in Chromium, ms": stopwatch(asked.ways)},
}
IN_BROWSER = ("painted", "pbx", "stopwatch")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # the servers go too
    asked = _asked()
    parts = asked.parts or [name for name in PARTS if not (asked.no_browser and name in IN_BROWSER)]
    result: Json = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": _machine(), "parts": {}}
    for name in parts:
        begun, before = time.monotonic(), machine()["load"]
        tables = PARTS[name](asked)
        for title, rows in tables.items():
            print(f"\n{title}\n{table(rows)}", flush=True)
        took = round(time.monotonic() - begun)
        result["parts"][name] = {"load before": before, "seconds": took, "at": result["at"], "tables": tables}
    print(f"\n{result['machine']}")
    _keep(result, whole=not asked.parts)


def _asked() -> Options:
    asked = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}; none: all of them")
    asked.add_argument("--servers", nargs="+", choices=SIDES, default=list(SIDES))
    asked.add_argument("--registers", type=int, nargs="+", default=[1, 1000, 10_000])
    asked.add_argument("--rates", type=int, nargs="*", default=list(frames.RATES), help="rings a second")
    asked.add_argument(
        "--crowd", type=int, nargs="+", default=[1, 100], help="registers beside the painted one"
    )
    asked.add_argument("--cards", type=int, default=30)
    asked.add_argument("--ways", type=int, default=10)
    asked.add_argument("--guests", type=int, default=directory.GUESTS)
    asked.add_argument("--calls", type=int, default=million.CALLS)
    asked.add_argument("--no-browser", action="store_true")
    found = asked.parse_args()
    if unknown := [name for name in found.parts if name not in PARTS]:
        asked.error(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    return found


def _machine() -> Json:
    with tempfile.TemporaryDirectory() as folder:
        return machine() | {"fsync, ms": fsync(Path(folder))}


def _keep(result: Json, whole: bool) -> None:
    RESULTS.mkdir(exist_ok=True)
    latest = RESULTS / "latest.json"
    if whole:
        day = result["at"][:10]
        (RESULTS / f"{day}.json").write_text(json.dumps(result, indent=1) + "\n")
    elif latest.exists():
        before = json.loads(latest.read_text())
        result["parts"] = before.get("parts", {}) | result["parts"]
    latest.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
