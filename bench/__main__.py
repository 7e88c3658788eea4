"""`make bench`: webhook -> frame, webhook or a real SIP call -> card painted, memory; ours beside Flask-SocketIO;
the card of one of 200,000 guests while Poster is slow or down; every report and page of 1,000,000 calls; taps and
seconds from a ring to an order."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bench import directory, million
from bench.figures import Json, machine, ratios, table
from bench.frames import frames
from bench.painted import cards
from bench.pbx import calls
from bench.stopwatch import stopwatch

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--registers", type=int, nargs="+", default=[1, 100, 1000])
    asked.add_argument("--rings", type=int, default=200)
    asked.add_argument("--cards", type=int, default=60)
    asked.add_argument("--ways", type=int, default=20)
    asked.add_argument("--guests", type=int, default=directory.GUESTS)
    asked.add_argument("--calls", type=int, default=million.CALLS)
    asked.add_argument("--no-browser", action="store_true")
    options = asked.parse_args()
    result: Json = {"machine": machine()}
    result["frames"] = [row for registers in options.registers for row in frames(registers, options.rings)]
    result["ratios"] = ratios(result["frames"])
    _print("webhook -> frame, ms", result["frames"])
    _print("Flask-SocketIO's figure divided by ours", result["ratios"])
    result["directory"] = directory.cards(options.guests)
    _print("webhook -> complete card of one of many guests while Poster fails, ms", result["directory"])
    result["million"] = million.million(calls=options.calls)
    _print("reports and pages of the journal among a million calls, ms", result["million"])
    if not options.no_browser:
        result["painted"] = cards(options.registers, options.cards)
        _print("webhook -> card painted in Chromium, ms", result["painted"])
        result["pbx"] = calls(options.cards)
        _print("INVITE at a live Asterisk -> card painted in Chromium, ms", result["pbx"])
        result["stopwatch"] = stopwatch(options.ways)
        _print("ring -> order with its guest in Chromium: taps, fields, ms", result["stopwatch"])
    result["machine"]["load after"] = machine()["load"]
    print(f"\n{result['machine']}")
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(result, indent=1) + "\n")


def _print(title: str, rows: list[Json]) -> None:
    print(f"\n{title}\n{table(rows)}", flush=True)


if __name__ == "__main__":
    main()
