"""The bench measures what it says: every ring is heard, and a server that stops has its stop in the figures."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from bench.sides import SIDES, Load

REGISTERS = 12


def test_every_ring_of_the_load_reaches_its_register(tmp_path: Path) -> None:
    with SIDES["ours"](tmp_path, REGISTERS) as side, Load(side, REGISTERS) as load:
        assert load.ask("join")["registers"] == REGISTERS
        for told in (load.ask("flood", rings=20, mouths=4), load.ask("open", rate=50, seconds=0.2, warm=0)):
            assert (told["missing"], told["refused"], told["lost"]) == (0, 0, 0)
        assert side.cpu > 0
        assert side.pss > 0


def test_a_server_that_stops_has_the_stop_in_its_figures(tmp_path: Path) -> None:
    """Rings that were planned for these 2 s count from when they were planned, not from when they could be sent."""
    with SIDES["bare"](tmp_path, REGISTERS) as side, Load(side, REGISTERS) as load:
        load.ask("join")
        os.kill(side.pid, signal.SIGSTOP)
        wakes = threading.Timer(2.0, os.kill, (side.pid, signal.SIGCONT))
        wakes.start()
        told = load.ask("open", rate=100, seconds=0.4, warm=0)
        wakes.join()
    assert (told["missing"], told["refused"]) == (0, 0)
    assert told["p50"] > 100  # of 40 rings planned for the first 0.5 s each waited until 2 s
