"""What `/metrics` reads when somebody asks: who listens, what waits, how each trunk is. Cheap, by indexes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from server.db import reading, rows
from server.hub import Hub

# queue -> how many wait in it, by whom they are awaited
QUEUES = {
    "figures": "SELECT count(*) FROM stale_call",
    "recounts": "SELECT count(*) FROM recount",
    "alerts": "SELECT count(*) FROM alert_post WHERE done_at IS NULL",
    "directory": "SELECT count(*) FROM todo",
    "to Poster": "SELECT count(*) FROM flag_copy",
    "commands": "SELECT count(*) FROM command WHERE answer IS NULL",
    "stray lines": "SELECT count(*) FROM stray",
    "call-backs": "SELECT count(*) FROM callback WHERE closed_at IS NULL",
    "live calls": "SELECT count(*) FROM call WHERE state <> 'ended'",
}
TRUNKS = "SELECT id, state, reconnects, last_at, delay, trouble, paused FROM trunk ORDER BY id"


class Gauges(Collector):
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is asked before somebody reads."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._registers()
        with reading():
            yield self._queues()
            yield from self._trunks()

    def _registers(self) -> Iterator[GaugeMetricFamily]:
        present = self._hub.present_everywhere()
        polls = sum(one.polls for one in present)
        found = GaugeMetricFamily("dzvinok_registers", "Registers that listen, by how.", labels=["by"])
        found.add_metric(["socket"], len(present) - polls)
        found.add_metric(["polling"], polls)
        yield found
        waiting = [one.waiting for one in self._hub.everybody()]
        yield GaugeMetricFamily(
            "dzvinok_outbox_frames", "Frames that wait to be written.", value=sum(waiting)
        )
        yield GaugeMetricFamily("dzvinok_outbox_longest", "Of one register.", value=max(waiting, default=0))

    def _queues(self) -> GaugeMetricFamily:
        found = GaugeMetricFamily("dzvinok_waiting", "What waits in each queue.", labels=["queue"])
        for name, sql in QUEUES.items():
            found.add_metric([name], rows(sql)[0][0])
        return found

    def _trunks(self) -> Iterator[GaugeMetricFamily]:
        names = {
            "dzvinok_trunk_connected": "1 while our own connection to it stands; absent where it has none.",
            "dzvinok_trunk_reconnects": "How often that was made anew.",
            "dzvinok_trunk_silent_seconds": "Since it was last heard; absent until it was.",
            "dzvinok_trunk_delay_seconds": "How late its last ring came, by its own word.",
            "dzvinok_trunk_trouble": "1 while something is wrong with it; 0 also while it is paused.",
        }
        found = {name: GaugeMetricFamily(name, text, labels=["trunk"]) for name, text in names.items()}
        now = time.time()
        for id_, state, reconnects, last_at, delay, trouble, paused in rows(TRUNKS):
            values = (None if not state else float(state == "connected"), reconnects,
                      None if last_at is None else max(0.0, now - last_at), delay,
                      float(bool(trouble) and not paused))  # fmt: skip
            for family, value in zip(found.values(), values, strict=True):
                if value is not None:
                    family.add_metric([str(id_)], value)
        yield from found.values()
