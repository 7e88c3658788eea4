"""Percentiles, a table for the eye, and the facts of the machine that they were taken on."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]


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


def pss(pid: int) -> float:
    """Memory of a process in KB, with its share of what others have too."""
    return float(
        next(row for row in _lines(f"/proc/{pid}/smaps_rollup") if row.startswith("Pss:")).split()[1]
    )


def cpu(pid: int) -> float:
    """Seconds that a process has worked, in itself and in the kernel for it."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fsync(folder: Path, times: int = 200) -> float:
    """Milliseconds until a small write is on this disk, at the median: no durable ring can be quicker."""
    took = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(times):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - begun)
    (folder / "fsync").unlink()
    return round(1000 * statistics.median(took), 3)


def table(rows: Sequence[Json]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [columns, *[[str(row.get(column, "")) for column in columns] for row in rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text("utf-8").splitlines() if Path(path).exists() else []
