"""Reads a typed or pasted list of lines: "Olena 101, 102" in each row, or name;line as spreadsheets write it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from server.lines import MOST, parse
from server.unfit import Unfit
from server.web.manage_names import nearest, words

MOST_ROWS, LONGEST_ROW = 500, 300
Owner = tuple[str, int]

_FIGURES = re.compile(r"[0-9]+")
_CELLS = re.compile(r"\s*[;\t|]\s*|\s*:\s+")
_HEAD = re.compile(r"^((?:[0-9*#]+[\s,;:|=–—-]+)+)([^0-9*#].*)$")
_WORD = re.compile(r"[^\s,:=–—-]+")
_LINE = re.compile(r"^[0-9*#]+$")


@dataclass(frozen=True)
class Problem:
    """A row that was not understood: its number, what stands there, `why` is a word of the page."""

    row: int
    text: str
    why: str


@dataclass
class Reading:
    """Whose lines are typed, each once; a name with nothing behind it has none from now on."""

    wanted: dict[Owner, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def labels(people: Mapping[Owner, str]) -> dict[Owner, str]:
    """What each is called in the list: by name, with a mark behind it where two have the same."""
    named: dict[str, int] = {}
    for name in people.values():
        named[_plain(name)] = named.get(_plain(name), 0) + 1
    return {
        (kind, id_): name if named[_plain(name)] == 1 else f"{name} [{kind[0]}{id_}]"
        for (kind, id_), name in people.items()
    }


@dataclass(frozen=True)
class _Names:
    """What the rows are compared with, made once: names as typed, the longest first; their words and figures."""

    plain: list[tuple[str, Owner]]
    words: dict[Owner, frozenset[str]]
    figures: dict[Owner, list[str]]


def _names(people: Mapping[Owner, str]) -> _Names:
    plain = [(_plain(name), owner) for owner, name in labels(people).items()]
    return _Names(
        sorted(plain, key=lambda one: -len(one[0])),
        {owner: words(name) for owner, name in people.items()},
        {owner: _FIGURES.findall(name) for owner, name in people.items()},
    )


def read(text: str, people: Mapping[Owner, str]) -> Reading:
    found, names = Reading(), _names(people)
    rows = [(number, row.strip().strip("\ufeff")) for number, row in enumerate(text.splitlines(), 1)]
    typed = [(number, row) for number, row in rows if row.strip(" ;,\t|")]
    for number, row in typed[:MOST_ROWS]:
        try:
            owner, lines = _row(row, names)
            found.wanted[owner] = parse([*found.wanted.get(owner, []), *lines])
        except Unfit as wrong:
            found.problems.append(Problem(number, row[:80], wrong.word))
    found.problems += [Problem(number, row[:80], "many") for number, row in typed[MOST_ROWS:][:1]]
    return found


def _row(row: str, names: _Names) -> tuple[Owner, list[str]]:
    """A name may have figures in it ("Register 2 101"), so the names that there are are looked for first."""
    if len(row) > LONGEST_ROW:
        raise Unfit("line_many", most=MOST)
    plain = _plain(row)
    for name, owner in names.plain:
        rest = plain.removeprefix(name)
        if plain.startswith(name) and not rest[:1].isalnum():
            return owner, parse(re.sub(r"^[\s;:,=|–—-]+", "", rest).replace("|", " "))
    name, lines = _split(row)
    return _whose(name, names), parse(lines)


def _split(row: str) -> tuple[str, str]:
    """Name and lines; the lines may stand first."""
    if head := _HEAD.match(row.replace('"', "")):
        return head[2].strip(" ;,\t|"), head[1].replace(";", " ").replace(":", " ").strip("\t |=–—-")
    cells = [cell.strip(' "') for cell in _CELLS.split(row)]
    if len(cells) > 1:
        return cells[0], " ".join(cells[1:])
    parts = list(_WORD.finditer(row))
    last = len(parts)
    while last and _LINE.match(parts[last - 1][0]):
        last -= 1
    return row[: parts[last - 1].end()] if last else "", " ".join(part[0] for part in parts[last:])


def _whose(name: str, names: _Names) -> Owner:
    """Figures in a name tell one hall from another: without them, or with others, it is nobody's."""
    figures = _FIGURES.findall(name)
    alike = {owner: its for owner, its in names.words.items() if names.figures[owner] == figures}
    owner = nearest(words(name), alike)
    if owner is None:
        raise Unfit("whose", value=name)
    return owner


def _plain(name: str) -> str:
    return " ".join(name.replace('"', "").casefold().split())
