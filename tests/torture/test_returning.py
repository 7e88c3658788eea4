"""The short form: how fast it is, the long form measures."""

from __future__ import annotations

from pathlib import Path

from tests.torture import returning


def test_registers_that_come_back_all_at_once_all_get_their_snapshot_and_companies_are_answered(
    tmp_path: Path,
) -> None:
    wrong, measured = returning.run(tmp_path, registers=100)
    assert wrong == []
    found = dict(measured)
    assert int(found["registers that lost their socket"]) >= 100
    assert "webhooks answered meanwhile" in found
