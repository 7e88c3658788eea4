"""The long form: `python -m tests.torture [what] [--seed N] [--kills N]`; prints what was tried and counted."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.torture import returning
from tests.torture.killing import WAYS, Run

Row = tuple[str, str]


def kills(asked: argparse.Namespace, folder: Path) -> Iterable[Row]:
    run = Run(folder, asked.seed)
    try:
        run.begin()
        while sum(run.toll.kills.values()) < asked.kills:
            run.kill(run.chance.choice(WAYS))
        toll = run.finish()
    finally:
        run.close()
    yield from toll.lines()
    yield from (("WRONG", wrong) for wrong in toll.wrong)


def crowd(asked: argparse.Namespace, folder: Path) -> Iterable[Row]:
    wrong, measured = returning.run(folder, asked.registers)
    yield from measured
    yield from (("WRONG", one) for one in wrong)


SCENES: dict[str, Callable[[argparse.Namespace, Path], Iterable[Row]]] = {"kills": kills, "crowd": crowd}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("what", nargs="*", choices=[[], *SCENES], help="which of them; all if none is named")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--registers", type=int, default=1000)
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    wrong = False
    for name in asked.what or SCENES:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="dzvinok-torture-") as folder:
            rows = list(SCENES[name](asked, Path(folder)))
        print(f"\n{name} ({time.monotonic() - begun:.0f} s)")
        for what, found in rows:
            print(f"  {what:46} {found}")
        wrong = wrong or any(what == "WRONG" for what, _ in rows)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
