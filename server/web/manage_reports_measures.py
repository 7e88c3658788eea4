"""What can be told of calls: each measure is a sum, or one sum divided by another. See docs/figures.md for the sums."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter

from server.figures import Sums
from server.web.manage_reports_numbers import COUNT, MONEY, SHARE, SPELL, WAIT

UP, DOWN = "up", "down"


@dataclass(frozen=True)
class Measure:
    """`better`: which way is good news, "" where neither is."""

    name: str
    kind: str
    top: str
    under: str = ""
    better: str = ""

    def of(self, sums: Sums) -> float | None:
        """None where there is nothing to divide by."""
        top: int = attrgetter(self.top)(sums)
        if not self.under:
            return top
        under = sum(attrgetter(name)(sums) for name in self.under.split("+"))
        return top / under if under else None


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("calls", COUNT, "calls"),
        Measure("answered", COUNT, "answered", better=UP),
        Measure("vain", COUNT, "vain", better=DOWN),
        Measure("unclear", COUNT, "unclear"),
        Measure("vain_share", SHARE, "vain", "calls", better=DOWN),
        Measure("quick", COUNT, "quick", better=UP),
        Measure("quick_share", SHARE, "quick", "timed", better=UP),
        Measure("wait_answered", WAIT, "wait_answered", "timed", better=DOWN),
        Measure("wait_vain", WAIT, "wait_vain", "vain"),
        Measure("talk", WAIT, "talk", "timed"),
        Measure("guests", COUNT, "guests", better=DOWN),
        Measure("met", COUNT, "met", better=UP),
        Measure("met_share", SHARE, "met", "guests", better=UP),
        Measure("met_after", SPELL, "met_after", "met", better=DOWN),
        Measure("settled", COUNT, "settled"),
        Measure("lost", COUNT, "lost", better=DOWN),
        Measure("waiting", COUNT, "waiting"),
        Measure("fresh", COUNT, "fresh"),
        Measure("known", COUNT, "known"),
        Measure("hidden", COUNT, "hidden"),
        Measure("fresh_share", SHARE, "fresh", "fresh+known"),
        Measure("converted", COUNT, "converted", better=UP),
        Measure("conversion", SHARE, "converted", "answered", better=UP),
        Measure("orders", COUNT, "orders", better=UP),
        Measure("revenue", MONEY, "revenue", better=UP),
        Measure("bill", MONEY, "revenue", "bills", better=UP),
        Measure("per_call", MONEY, "revenue", "answered", better=UP),
        Measure("placed", COUNT, "placed"),
        Measure("reached", COUNT, "reached"),
    )
}
