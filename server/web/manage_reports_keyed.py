"""Tables of lines, people, numbers and spots: what each had, and how much of the first of it before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from server import figures
from server.figures import Sums
from server.reports import Scope
from server.web.manage_reports_look import Look
from server.web.manage_reports_measures import MEASURES
from server.web.manage_reports_shapes import Column, Row, Table, cell, table

K = TypeVar("K", int, str)


def by_key(
    look: Look, name: str, measures: Mapping[str, str], ask: Callable[[Scope], dict[K, Sums]],
    title: Callable[[K], str], by: str,
) -> Table:  # fmt: skip
    """The most of `by` first. Only whole days are known of a line, so that is what stood before, and is said."""
    now, was = ask(look.asked.scope), ask(look.asked.before)
    keys = sorted(now, key=lambda key: (-getattr(now[key], by), str(key)))
    titles = apart(title(key) for key in keys)
    sums = {title: now[key] for title, key in zip(titles, keys, strict=True)}
    made: Table = table(name, measures, sums, look.numbers, total=look.now)
    if not was:
        return made
    said = look.say("reports.before_whole" if look.asked.running else "reports.before_of",
                    what=look.say(f"reports.m_{by}"))  # fmt: skip
    before = [was.get(key, Sums()) for key in keys]
    return replace(
        made,
        columns=[*made.columns, Column("before", said, MEASURES[by].kind)],
        rows=[_beside(look, row, its, by) for row, its in zip(made.rows, before, strict=True)],
        total=_beside(look, made.total, figures.total(was.values()), by) if made.total else None,
    )


def _beside(look: Look, row: Row, before: Sums, by: str) -> Row:
    return Row(row.title, [*row.cells, cell(MEASURES[by], before, look.numbers)])


def apart(titles: Iterable[str]) -> list[str]:
    """Two of one name (two waiters called Olena) stay two rows."""
    found: list[str] = []
    for title in titles:
        name, count = title, 2
        while name in found:
            name, count = f"{title} ({count})", count + 1
        found.append(name)
    return found
