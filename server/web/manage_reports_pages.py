"""The reports, each with one purpose: what stands on it, from top to bottom."""

from __future__ import annotations

from collections.abc import Callable

from server import reports
from server.figures import Sums
from server.web.manage_reports_keyed import by_key
from server.web.manage_reports_look import Look
from server.web.manage_reports_maps import Maps, days_of, maps
from server.web.manage_reports_money import Lost, lost, money
from server.web.manage_reports_numbers import COUNT, SHARE, TENTH
from server.web.manage_reports_shapes import BAR, LINE, STACK, Column, Row, Table, Tiles, figure, row, table
from server.web.manage_reports_times import between, by_time, in_hours, tiles

Block = Tiles | Table | Maps | Lost
DAILY = {"calls": "", "answered": STACK, "vain": STACK, "vain_share": "", "converted": "", "revenue": ""}
SERVED = {"calls": "", "answered": BAR, "quick_share": "", "wait_answered": "", "talk": ""}
CALLERS = {"fresh": STACK, "known": STACK, "hidden": STACK, "fresh_share": ""}
CALLED = {"calls": "", "answered": STACK, "vain": STACK, "vain_share": ""}
WAITS = {"answered": "", "quick_share": "", "wait_answered": BAR, "vain": "", "wait_vain": LINE}


def overview(look: Look) -> list[Block]:
    """How the phone did."""
    names = ("calls", "answered", "vain_share", "wait_answered", "met_share", "conversion", "bill", "revenue")
    return [tiles(look, "figures", names), by_time(look, DAILY), lost(look, brief=True)]


def hours(look: Look) -> list[Block]:
    """When guests call, and when nobody answers."""
    staffed = reports.staffed(look.asked.scope)
    return [maps(look, reports.by_weekday_hour(look.asked.scope), staffed), _shift(look, staffed)]


def guests(look: Look) -> list[Block]:
    """How long guests waited, what became of those who were not answered, who calls for the first time."""
    hourly = in_hours(look, reports.by_hour(look.asked.scope))
    return [
        tiles(look, "waiting", ("quick_share", "wait_answered", "wait_vain")),
        table("wait_hours", WAITS, hourly, look.numbers, total=look.now),
        tiles(look, "recovered", ("guests", "met_share", "met_after", "settled", "lost", "waiting")),
        tiles(look, "callers", ("fresh", "known", "hidden", "fresh_share")),
        by_time(look, CALLERS, "fresh_"),
    ]


def people(look: Look) -> list[Block]:
    """Who answers, on which lines and numbers, at which spots."""
    say, reached = look.say, {**SERVED, "placed": "", "reached": ""}
    tables: list[Block] = [
        tiles(look, "served", ("answered", "quick_share", "talk", "placed", "reached")),
        by_key(look, "employees", reached, reports.by_employee, look.employee, "answered"),
        by_key(look, "lines", SERVED, reports.by_line, look.line, "answered"),
        by_key(look, "dids", CALLED, reports.by_did, lambda did: did or say("reports.no_did"), "calls"),
    ]
    if look.asked.scope.spot is None and len(look.asked.spots) > 1:
        tables.append(by_key(look, "spots", DAILY, reports.by_spot, look.spot, "calls"))
    return tables


def _shift(look: Look, staffed: dict[tuple[int, int], int]) -> Table:
    """The share of calls in vain beside how many people were there, for each hour of the clock."""
    numbers, say, span = look.numbers, look.say, sum(days_of(look)) or 1
    names = ["calls", "vain", "vain_share"]
    sums, minutes = reports.by_hour(look.asked.scope), dict.fromkeys(range(24), 0)
    for (_, hour), some in staffed.items():
        minutes[hour] += some
    used = between(
        look.hours, {*(hour for hour, its in sums.items() if its.calls), *(h for h in minutes if minutes[h])}
    )
    rows = []
    for hour in used:
        its = row(look.hour(hour), names, sums.get(hour, Sums()), numbers)
        there = figure(minutes[hour] / 60 / span if staffed else None, TENTH, numbers)
        rows.append(Row(its.title, [*its.cells, there]))
    columns = [Column("calls", say("reports.m_calls"), COUNT), Column("vain", say("reports.m_vain"), COUNT),
               Column("vain_share", say("reports.m_vain_share"), SHARE, BAR),
               Column("people", say("reports.m_people"), TENTH, LINE)]  # fmt: skip
    lead = say("reports.shift_lead") if staffed else say("reports.shift_unknown")
    return Table("shift", say("reports.shift"), lead, say("reports.shift_first"), columns, rows)


PAGES: dict[str, Callable[[Look], list[Block]]] = {
    "overview": overview, "hours": hours, "guests": guests, "people": people, "money": money,
}  # fmt: skip
