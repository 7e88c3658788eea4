"""`make bench`: webhook -> frame, webhook -> card painted, memory per register; ours beside Flask-SocketIO."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from bench.figures import Json, machine, resident, spread, table
from bench.servers import Crowd, Side, start_ours, start_socketio

RESULTS = Path(__file__).parent / "results"
WARM_UP = 20


def frames(side: Side, registers: int, rings: int) -> list[Json]:
    """From before the webhook is sent until the register has the frame: for one line, and for everybody."""
    before = resident(side.pid)
    crowd = Crowd(side, 1, registers)
    memory = round((resident(side.pid) - before) / registers, 1)
    one = _ring_all(side, crowd, rings, line="1001", label=f"{registers}o")
    everybody = _ring_all(side, crowd, max(rings // 5, 20), line="", label=f"{registers}e")
    crowd.leave()
    base = {"server": side.kind, "registers": registers}
    return [
        {**base, "rings": "one line", **spread(one), "kb/register": memory if registers > 50 else ""},
        {**base, "rings": "everybody", **spread(everybody)},
    ]


def _ring_all(side: Side, crowd: Crowd, rings: int, line: str, label: str) -> list[float]:
    sent: dict[str, float] = {}
    for number in range(rings + WARM_UP):
        caller = f"+38067{len(label)}{ord(label[-1]) % 10}{number:05d}"
        sent[caller] = time.perf_counter()
        side.ring(f"{side.kind}-{label}-{number}", caller, line)
        time.sleep(0.02)
    time.sleep(1)
    heard = crowd.report()
    return [heard[caller][1] - at for caller, at in list(sent.items())[WARM_UP:]]


def main() -> None:
    asked = argparse.ArgumentParser(prog="bench")
    asked.add_argument("--registers", type=int, nargs="+", default=[1, 100, 1000])
    asked.add_argument("--rings", type=int, default=300)
    asked.add_argument("--no-browser", action="store_true")
    options = asked.parse_args()
    rows: list[Json] = []
    with tempfile.TemporaryDirectory() as folder:
        for registers in options.registers:
            for start in (start_ours, start_socketio):
                place = Path(folder) / f"{start.__name__}-{registers}"
                place.mkdir()
                process, side = start(place)
                rows += frames(side, registers, options.rings)
                process.kill()
    print(table(rows))
    painted: list[Json] = []
    if not options.no_browser:
        from bench.painted import cards

        painted = cards(options.registers)
        print("\nwebhook -> card painted in Chromium\n" + table(painted))
    RESULTS.mkdir(exist_ok=True)
    result = {"machine": machine(), "frames": rows, "painted": painted}
    (RESULTS / "latest.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
