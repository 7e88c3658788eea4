"""Hours by weekdays, darker where there is more: the number stands in every cell, so that no colour is needed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.figures import Sums
from server.web.manage_reports_look import Look
from server.web.manage_reports_numbers import COUNT, TENTH
from server.web.manage_reports_shapes import Cell, figure
from server.web.manage_reports_times import between

LEVELS = 7  # shades; 0 is none at all
WEEK = range(7)


@dataclass(frozen=True)
class Spot:
    cell: Cell
    level: int


@dataclass(frozen=True)
class Line:
    title: str
    spots: list[Spot]


@dataclass(frozen=True)
class Map:
    """`hue`: which scale its shades are of. `most`: what stands at the dark end of its legend."""

    name: str
    title: str
    lead: str
    hue: str
    weekdays: list[str]
    lines: list[Line]
    most: str


@dataclass(frozen=True)
class Maps:
    """Of the same hours, to be looked at beside each other."""

    name: str
    title: str
    lead: str
    maps: list[Map]
    levels: range = range(LEVELS + 1)
    shape: str = field(default="maps", init=False)

    @property
    def wide(self) -> bool:
        """Thousands need larger cells."""
        return any(
            (spot.cell.value or 0) >= 1000 for one in self.maps for line in one.lines for spot in line.spots
        )


Cells = Mapping[tuple[int, int], float]


def maps(look: Look, sums: Mapping[tuple[int, int], Sums], staffed: Mapping[tuple[int, int], int]) -> Maps:
    """Calls, those in vain and people, all for the hours at which there was any of them."""
    calls = {at: its.calls for at, its in sums.items()}
    vain = {at: its.vain for at, its in sums.items()}
    span = days_of(look)
    people = {at: minutes / 60 / (span[at[0]] or 1) for at, minutes in staffed.items()}
    used = {hour for cells in (calls, people) for (_, hour), value in cells.items() if value}
    hours = between(look.hours, used)
    drawn = [
        _map(look, "map_calls", "blue", calls, hours, COUNT),
        _map(look, "map_vain", "orange", vain, hours, COUNT),
    ]
    if people:
        drawn.append(_map(look, "map_people", "grey", people, hours, TENTH))
    return Maps("maps", look.say("reports.maps"), look.say("reports.maps_lead"), drawn)


def days_of(look: Look) -> list[int]:
    """How many Mondays, Tuesdays, … are asked for of which it is known who was there."""
    count = [0] * 7
    for day in look.asked.days:
        if look.staffed_since and day >= look.staffed_since:
            count[day.weekday()] += 1
    return count


def _map(look: Look, name: str, hue: str, cells: Cells, hours: list[int], kind: str) -> Map:
    say, most = look.say, max(cells.values(), default=0.0)
    return Map(
        name,
        say(f"reports.{name}"),
        say(f"reports.{name}_lead"),
        hue,
        [say(f"reports.weekday_{day}") for day in WEEK],
        [
            Line(look.hour(hour), [_spot(look, cells.get((day, hour), 0), most, kind) for day in WEEK])
            for hour in hours
        ],
        look.numbers.written(most, kind),
    )


def _spot(look: Look, value: float, most: float, kind: str) -> Spot:
    cell = figure(value, kind, look.numbers) if value else Cell("0", 0)
    return Spot(cell, math.ceil(LEVELS * value / most) if most else 0)
