"""What orders from calls brought, and what lost guests may have been worth, with all that it is reckoned from."""

from __future__ import annotations

from dataclasses import dataclass, field

from server import reports
from server.reports.money import LEAST_ANSWERED, LEAST_BILLS, Band, lost_money
from server.web.manage_reports_keyed import by_key
from server.web.manage_reports_look import Look
from server.web.manage_reports_maps import Maps
from server.web.manage_reports_shapes import BAR, Table, Tiles, table
from server.web.manage_reports_times import by_time, in_hours, tiles

EARNED = {"answered": "", "converted": "", "conversion": "", "orders": "", "bill": "", "revenue": BAR}


@dataclass(frozen=True)
class Lost:
    """`range` is "" where there is too little to say, which `text` then says; `inputs` are sentences.

    `brief`: the report of money tells more.
    """

    name: str
    title: str
    range: str
    text: str
    inputs: list[str]
    brief: bool
    low: float | None = None
    high: float | None = None
    shape: str = field(default="lost", init=False)


Block = Tiles | Table | Maps | Lost


def money(look: Look) -> list[Block]:
    """What the phone earned, what it lost."""
    scope, numbers = look.asked.scope, look.numbers
    told: list[Block] = [
        tiles(look, "earned", ("revenue", "orders", "conversion", "bill", "per_call")),
        lost(look),
        by_time(look, EARNED, "money_"),
    ]
    if look.asked.scope.length > 1:
        hourly = in_hours(look, reports.by_hour(scope))
        told.append(table("money_hours", EARNED, hourly, numbers, total=look.now))
    return [
        *told,
        by_key(look, "money_people", EARNED, reports.by_employee, look.employee, "revenue"),
        by_key(look, "money_lines", EARNED, reports.by_line, look.line, "revenue"),
    ]


def lost(look: Look, brief: bool = False) -> Lost:
    title, say, now = look.say("reports.lost"), look.say, look.now
    band = lost_money(now)
    if band is None:
        few = say("reports.lost_few", answered=look.numbers.count(now.answered), bills=look.numbers.count(now.bills),
                  least_answered=LEAST_ANSWERED, least_bills=LEAST_BILLS)  # fmt: skip
        return Lost("lost", title, "", few, [], brief)
    if not band.lost and not band.waiting:
        return Lost("lost", title, "", say("reports.lost_nobody"), [], brief)
    low, high = (look.numbers.money(kopecks, 0) for kopecks in (band.low, band.high))
    span = say("reports.lost_range", low=low, high=high) if low != high else low
    return Lost(
        "lost",
        title,
        span,
        say("reports.lost_text"),
        _inputs(look, band),
        brief,
        band.low / 100,
        band.high / 100,
    )


def _inputs(look: Look, band: Band) -> list[str]:
    say, numbers = look.say, look.numbers
    return [
        say("reports.lost_guests", lost=numbers.count(band.lost), waiting=numbers.count(band.waiting)),
        say("reports.lost_share", converted=numbers.count(band.converted), answered=numbers.count(band.answered),
            low=numbers.share(band.share_low), high=numbers.share(band.share_high)),
        say("reports.lost_bill", average=numbers.money(band.average), bills=numbers.count(band.bills)),
        say("reports.lost_sum", low=numbers.money(band.low, 0), high=numbers.money(band.high, 0)),
    ]  # fmt: skip
