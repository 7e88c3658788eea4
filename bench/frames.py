"""Webhook -> frame at each server, by how many registers listen and how many rings come; what they hold in memory;
how many rings a second are stored and told at most."""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Json
from bench.sides import SIDES, Load, Side

FLOOD, MOUTHS = 3000, 64
# rings a second -> for so many seconds
RATES = {1: 6.0, 100: 6.0, 200: 6.0, 1000: 4.0}
WARM = 100  # rings of one connection after the other: what is loaded at the first use is no ring's time


def frames(kinds: Sequence[str], registers: Sequence[int], rates: Sequence[int]) -> list[Json]:
    """A row for each server, number of registers and rate."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        return [row for count in registers for kind in kinds for row in _side(kind, count, rates)]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _side(kind: str, registers: int, rates: Sequence[int]) -> list[Json]:
    with tempfile.TemporaryDirectory() as folder, SIDES[kind](Path(folder), registers) as side:
        before = side.pss
        with Load(side, registers) as load:
            joined = load.ask("join")
            base: Json = {"server": side.name, "registers": registers}
            taken = {"all in, s": joined["seconds"]}
            if registers >= 100:
                taken["KB/register"] = round((side.pss - before) / registers, 1)
            load.ask("flood", rings=WARM, mouths=1)
            rows = [base | {"rings/s": rate} | _run(side, load, rate) for rate in rates]
            most = base | {"rings/s": "most"} | _flood(side, load)
    return [*rows[:-1], *([rows[-1] | taken] if rows else []), most]


def _run(side: Side, load: Load, rate: int) -> Json:
    worked = side.cpu
    told = load.ask("open", rate=rate, seconds=RATES.get(rate, 6.0))
    per_ring = 1000 * (side.cpu - worked) / told["rings"]
    told["kept"] = told.pop("rings/s")
    return told | {"CPU ms/ring": round(per_ring, 2)}


def _flood(side: Side, load: Load) -> Json:
    """Durable rings a second, told too: as many as 64 connections get answered one after the other."""
    worked = side.cpu
    told = load.ask("flood", rings=FLOOD, mouths=MOUTHS)
    per_ring = 1000 * (side.cpu - worked) / told["rings"]
    told["kept"] = told.pop("rings/s")
    return told | {"CPU ms/ring": round(per_ring, 2)}


def ratios(rows: Sequence[Json]) -> list[Json]:
    """Ours beside each of the others, row by row: rings a second and work for each of them as a multiple."""
    ours = {(row["registers"], row["rings/s"]): row for row in rows if row["server"] == "Dzvinok"}
    return [_ratio(row, mine) for row in rows
            if row["server"] != "Dzvinok" and (mine := ours.get((row["registers"], row["rings/s"])))]  # fmt: skip


def _ratio(theirs: Json, ours: Json) -> Json:
    """`most`: over 1, ours takes more rings. The others: over 1, theirs is the slower or the dearer."""
    told: Json = {"against": theirs["server"], "registers": theirs["registers"], "rings/s": theirs["rings/s"]}
    if theirs["rings/s"] == "most":
        told["rings, ours/theirs"] = round(ours["kept"] / max(1, theirs["kept"]), 2)
    else:
        told |= {name: round(theirs[name] / ours[name], 2) for name in ("p50", "p99") if ours[name]}
    for name in ("CPU ms/ring", "KB/register"):
        if ours.get(name) and name in theirs:
            told[name] = round(theirs[name] / ours[name], 2)
    return told
