"""The short form of `make torture`: a few kills of a real server under load."""

from __future__ import annotations

from pathlib import Path

from tests.torture.killing import ALL, MASTER, WORKER, Run

SEED = 1802


def test_a_killed_server_loses_nothing_counts_nothing_twice_and_leaves_no_call_half(tmp_path: Path) -> None:
    run = Run(tmp_path, SEED)
    try:
        run.begin()
        for way in (WORKER, ALL, WORKER, MASTER):
            run.kill(way)
        toll = run.finish()
    finally:
        run.close()
    assert toll.wrong == []
    assert toll.again > 0  # it was killed while it was needed
    assert toll.snapshots >= 2 * sum(toll.kills.values()) - 2
