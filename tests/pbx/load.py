"""Many guests at once: sipp on both sides of an Asterisk."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.pbx import packages
from tests.pbx.lab import Lab, free_udp_port

SCENARIOS = Path(__file__).parent / "sipp"
NUMBER = "0442000012"
LINE = "105"


def program(lab: Lab) -> list[str]:
    """The machine's own sipp, or that of the lab's packages."""
    own = shutil.which("sipp")
    return [own] if own else packages.program(lab.root, "usr/bin/sipp")


@contextlib.contextmanager
def ringing_phone(lab: Lab, folder: Path) -> Iterator[None]:
    """One that only rings, for as many as call."""
    with _sipp(lab, folder, "phone", "127.0.0.1", lab.busy_phone) as phone:
        try:
            yield
        finally:
            phone.kill()


def guests_call(lab: Lab, folder: Path, numbers: list[str], a_second: int) -> None:
    """Returns when every call rang and was given up; anything else is a failure."""
    (folder / "numbers.csv").write_text("SEQUENTIAL\n" + "\n".join(numbers) + "\n")
    more = ["-s", NUMBER, "-inf", str(folder / "numbers.csv"), "-r", str(a_second), "-m", str(len(numbers)),
            "-l", "2000", "-timeout", "120s"]  # fmt: skip
    with _sipp(lab, folder, "guests", "127.0.0.2", free_udp_port(), *more) as guests:
        assert guests.wait(timeout=150) == 0, (folder / "guests.out").read_text()[-2000:]


@contextlib.contextmanager
def _sipp(
    lab: Lab, folder: Path, name: str, host: str, port: int, *more: str
) -> Iterator[subprocess.Popen[bytes]]:
    command = [*program(lab), f"127.0.0.1:{lab.sip}", "-sf", str(SCENARIOS / f"{name}.xml"), "-i", host, "-mi", host,
               "-p", str(port), "-mp", str(free_udp_port() & ~1), "-nostdin", "-aa", *more]  # fmt: skip
    with (folder / f"{name}.out").open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
