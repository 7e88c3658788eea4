"""What a report is drawn from: figures with what was before, tables, maps of hours and weekdays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.figures import Sums
from server.web.manage_reports_measures import DOWN, MEASURES, UP, Measure
from server.web.manage_reports_numbers import COUNT, MONEY, NONE, SHARE, SPELL, WAIT, Numbers, whole

BAR, STACK, LINE = "bar", "stack", "line"
LYING = ("employees", "lines", "dids", "spots", "money_people", "money_lines")


@dataclass(frozen=True)
class Cell:
    """`value` is what files and pictures take: units of money, per cent, seconds; None where there is none."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Change:
    """`way`: up, down, same or none (there was nothing before); `good`: None where neither way is."""

    way: str
    text: str
    good: bool | None = None


@dataclass(frozen=True)
class Tile:
    name: str
    title: str
    kind: str
    cell: Cell
    before: Cell
    change: Change
    more: str = ""


@dataclass(frozen=True)
class Column:
    """`draw`: how the picture shows it, "" = not at all."""

    name: str
    title: str
    kind: str
    draw: str = ""


@dataclass(frozen=True)
class Row:
    """`plain`: how files write its title, "" = like that."""

    title: str
    cells: list[Cell]
    plain: str = ""


@dataclass(frozen=True)
class Table:
    """`first`: what its rows are. `folded`: long, so shut until somebody wants it."""

    name: str
    title: str
    lead: str
    first: str
    columns: list[Column]
    rows: list[Row]
    total: Row | None = None
    folded: bool = False
    shape: str = field(default="table", init=False)

    @property
    def drawn(self) -> bool:
        return len(self.rows) > 1 and any(column.draw for column in self.columns)

    @property
    def across(self) -> bool:
        """Bars lie where their names are long: people, lines, numbers."""
        return self.name in LYING


@dataclass(frozen=True)
class Tiles:
    name: str
    title: str
    tiles: list[Tile]
    lead: str = ""
    shape: str = field(default="tiles", init=False)


def cell(measure: Measure, sums: Sums, numbers: Numbers, brief: bool = False) -> Cell:
    return figure(measure.of(sums), measure.kind, numbers, brief)


def figure(value: float | None, kind: str, numbers: Numbers, brief: bool = False) -> Cell:
    text = numbers.brief(value, kind) if brief else numbers.written(value, kind)
    if value is None:
        return Cell(text)
    scale = {SHARE: 100.0, MONEY: 0.01}.get(kind, 1)
    return Cell(text, value if kind == COUNT else round(value * scale, 2))


def column(name: str, numbers: Numbers, draw: str = "") -> Column:
    return Column(name, numbers.say(f"reports.m_{name}"), MEASURES[name].kind, draw)


def row(title: str, names: list[str], sums: Sums, numbers: Numbers) -> Row:
    return Row(title, [cell(MEASURES[name], sums, numbers) for name in names])


def table(
    name: str, measures: Mapping[str, str], sums: Mapping[str, Sums], numbers: Numbers, *, total: Sums | None,
    folded: bool = False,
) -> Table:  # fmt: skip
    """`measures` -> how each is drawn; `sums` by the rows' titles, in their order."""
    say, names = numbers.say, list(measures)
    return Table(
        name,
        say(f"reports.{name}"),
        say(f"reports.{name}_lead"),
        say(f"reports.{name}_first"),
        [column(one, numbers, draw) for one, draw in measures.items()],
        [row(title, names, its, numbers) for title, its in sums.items()],
        row(say("reports.total"), names, total, numbers) if total is not None and len(sums) > 1 else None,
        folded,
    )


def tile(name: str, now: Sums, before: Sums | None, numbers: Numbers, **values: object) -> Tile:
    """`before` None: there is nothing to compare with."""
    measure = MEASURES[name]
    more = numbers.say(f"reports.m_{name}_of", **values) if values else ""
    return Tile(
        name,
        numbers.say(f"reports.m_{name}"),
        measure.kind,
        cell(measure, now, numbers, brief=True),
        cell(measure, before, numbers) if before is not None else Cell(NONE),
        change(measure, now, before, numbers),
        more,
    )


def change(measure: Measure, now: Sums, before: Sums | None, numbers: Numbers) -> Change:
    is_, was = measure.of(now), measure.of(before) if before is not None else None
    if is_ is None or was is None:
        return Change("none", numbers.say("reports.before_none"))
    told, by = numbers.brief(was, measure.kind), _by(is_, was, measure.kind, numbers)
    if not by or numbers.written(is_, measure.kind) == numbers.written(was, measure.kind):
        return Change("same", numbers.say("reports.before_same"))
    way = UP if is_ > was else DOWN
    good = None if not measure.better else way == measure.better
    return Change(way, numbers.say(f"reports.{way}", by=by, was=told), good)


def _by(is_: float, was: float, kind: str, numbers: Numbers) -> str:
    """How much more or less: per cent of counts and money, points of shares, time of times; "" is next to nothing."""
    step = {WAIT: 1, SPELL: 60, SHARE: 0.001}.get(kind)
    if step:  # of what is shown, so that everybody can check it
        apart = abs(whole(is_ / step) - whole(was / step)) * step
        points = numbers.plain(100 * apart, 1)
        return numbers.say("reports.points", points=points) if kind == SHARE else numbers.written(apart, kind)
    if not was:
        return numbers.brief(is_, kind)
    return numbers.share(abs(is_ - was) / was) if whole(1000 * abs(is_ - was) / was) else ""
