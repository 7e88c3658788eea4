"""Percentiles, a table for the eye, and the facts of the machine that they were taken on."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]

COMPARED = ("p50", "p95", "p99", "KB/register", "all in, s")


def spread(seconds: Sequence[float]) -> Json:
    """Milliseconds at the median, the 95th and the 99th of a hundred, and the worst."""
    ranked = sorted(seconds)

    def at(share: float) -> float:
        return round(1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))], 2)

    return {"n": len(ranked), "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)}


def machine() -> Json:
    model = [row.split(":")[1].strip() for row in _lines("/proc/cpuinfo") if row.startswith("model name")]
    return {
        "cpu": (model or ["unknown"])[0], "cores": os.cpu_count(), "system": platform.platform(),
        "python": platform.python_version(), "load": os.getloadavg()[0],
    }  # fmt: skip


def resident(pid: int) -> int:
    """Memory of a process in KB."""
    return int(next(row for row in _lines(f"/proc/{pid}/status") if row.startswith("VmRSS")).split()[1])


def table(rows: Sequence[Json]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [columns, *[[str(row.get(column, "")) for column in columns] for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells
    )


def ratios(rows: Sequence[Json]) -> list[Json]:
    """The peer's figure divided by ours, row by row: over 1, ours is the smaller."""
    ours, peer = (
        {(row["registers"], row["rings"]): row for row in rows if (row["server"] == "Dzvinok") is mine}
        for mine in (True, False)
    )
    return [
        {"registers": key[0], "rings": key[1]}
        | {name: round(peer[key][name] / row[name], 2) for name in COMPARED if row.get(name)}
        for key, row in ours.items()
    ]


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
