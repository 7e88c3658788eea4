"""The long form: `python -m tests.fuzz [what] [--seconds N] [--seed N]`; prints every seed."""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.fuzz import memory
from tests.fuzz.effort import TRIES
from tests.fuzz.guided import TARGETS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Told = Iterator[tuple[bool, str]]  # whether it held, and a line about it


def examples(asked: argparse.Namespace, dice: random.Random, seconds: float) -> Told:
    """Every file in turn, each time with another seed, until the time is over."""
    until, files = time.monotonic() + seconds, sorted(HERE.glob("test_*.py"))
    dice.shuffle(files)
    turn = 0
    while time.monotonic() < until or turn < 1:
        path, seed = files[turn % len(files)], dice.randrange(2**32)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no", "--tb=short",
                   f"--hypothesis-seed={seed}", str(path)]  # fmt: skip
        yield ran(command, f"{path.name} --hypothesis-seed={seed}", {TRIES: str(asked.times)})
        turn += 1


def parsers(asked: argparse.Namespace, dice: random.Random, seconds: float) -> Told:
    """Guided by what is covered: atheris, which has wheels for Linux and CPython 3.11 to 3.13."""
    if importlib.util.find_spec("atheris") is None:
        yield True, "left out: atheris is not there (pip install -r requirements-fuzz.txt)"
        return
    for name in TARGETS:
        seed = dice.randrange(2**31)
        with tempfile.TemporaryDirectory(prefix="dzvinok-fuzz-") as folder:
            command = [sys.executable, "-m", "tests.fuzz.guided", name, folder, f"-seed={seed}",
                       f"-max_total_time={max(5, int(seconds / len(TARGETS)))}", "-max_len=20000", "-timeout=20",
                       "-rss_limit_mb=1500", f"-artifact_prefix={folder}/"]  # fmt: skip
            yield ran(command, f"{name} -seed={seed}", {})


def growth(asked: argparse.Namespace, dice: random.Random, seconds: float) -> Told:
    with tempfile.TemporaryDirectory(prefix="dzvinok-fuzz-") as folder:
        found = memory.measure(
            Path(folder), asked.requests, dice.randrange(2**32), lambda text: print("  " + text, flush=True)
        )
    yield found.holds, found.line


def ran(command: list[str], title: str, more: dict[str, str]) -> tuple[bool, str]:
    begun = time.monotonic()
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    said = lines[-1] if lines else "nothing was said"
    if done.returncode:
        print("\n".join(line[:300] for line in lines[-80:]))
    return done.returncode == 0, f"{title} ({time.monotonic() - begun:.0f} s) {said.strip()[:90]}"


SCENES: dict[str, Callable[[argparse.Namespace, random.Random, float], Told]] = {
    "examples": examples,
    "parsers": parsers,
    "growth": growth,
}
SHARE = {"examples": 0.7, "parsers": 0.3, "growth": 0.0}  # growth ends by itself, after so many requests


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("what", nargs="*", choices=[[], *SCENES], help="which of them; all if none is named")
    parser.add_argument("--seconds", type=int, default=600, help="of examples and parsers together")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--times", type=int, default=10, help="as many examples as in CI")
    parser.add_argument("--requests", type=int, default=100_000, help="while memory is watched")
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    dice, wrong = random.Random(asked.seed), 0
    for name in asked.what or SCENES:
        print(f"\n{name}", flush=True)
        for holds, line in SCENES[name](asked, dice, asked.seconds * SHARE[name]):
            print(f"  {'ok   ' if holds else 'WRONG'} {line}", flush=True)
            wrong += not holds
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
