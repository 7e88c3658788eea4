"""Figures beside those before, and tables by day or hour, as several reports have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from server import reports
from server.figures import Sums
from server.web.manage_reports_look import Look
from server.web.manage_reports_shapes import Table, Tile, Tiles, table, tile

MANY = 14  # rows that are shown without asking


def tiles(look: Look, name: str, names: Sequence[str]) -> Tiles:
    now, before, numbers, say = look.now, look.before, look.numbers, look.say
    values: dict[str, dict[str, object]] = {
        "vain_share": {"vain": numbers.count(now.vain), "calls": numbers.count(now.calls)},
        "quick_share": {"quick": numbers.count(now.quick), "answered": numbers.count(now.timed)},
        "met_share": {"met": numbers.count(now.met), "guests": numbers.count(now.guests)},
        "conversion": {"converted": numbers.count(now.converted), "answered": numbers.count(now.answered)},
        "bill": {"bills": numbers.count(now.bills)},
        "revenue": {"orders": numbers.count(now.orders)},
    }
    made: list[Tile] = [tile(one, now, before, numbers, **values.get(one, {})) for one in names]
    return Tiles(name, say(f"reports.{name}"), made, say(f"reports.{name}_lead"))


def by_time(look: Look, measures: Mapping[str, str], prefix: str = "") -> Table:
    """By day; a single day by its hours."""
    if look.asked.scope.length == 1:
        its = in_hours(look, reports.by_hour(look.asked.scope))
        return table(f"{prefix}day_hours", measures, its, look.numbers, total=look.now)
    days = reports.by_day(look.asked.scope)
    titled = {look.day(day): days.get(day, Sums()) for day in look.asked.days}
    made = table(f"{prefix}days", measures, titled, look.numbers, total=look.now, folded=len(titled) > MANY)
    rows = zip(made.rows, look.asked.days, strict=True)
    return replace(made, rows=[replace(row, plain=str(day)) for row, day in rows])


def in_hours(look: Look, sums: Mapping[int, Sums]) -> dict[str, Sums]:
    used = between(look.hours, {hour for hour, its in sums.items() if its.calls})
    return {look.hour(hour): sums.get(hour, Sums()) for hour in used}


def between(hours: list[int], used: set[int]) -> list[int]:
    """From the first hour that is used to the last: nobody needs the empty night."""
    places = [place for place, hour in enumerate(hours) if hour in used]
    return hours[places[0] : places[-1] + 1] if places else []
