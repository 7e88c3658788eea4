"""A report's table as a file: the same rows and figures, as plain numbers."""

from __future__ import annotations

import csv
import io

from server.exporting.columns import harmless
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_reports_asked import asked
from server.web.manage_reports_look import Look
from server.web.manage_reports_maps import Maps
from server.web.manage_reports_numbers import MONEY, SHARE, SPELL, WAIT
from server.web.manage_reports_pages import PAGES, Block
from server.web.manage_reports_shapes import Cell, Table, Tile, Tiles
from server.web.manage_room import Said, Typed
from server.web.manage_words import Say

ASKED = ("p", "from", "to", "spot", "open")
MARK = "\ufeff"  # spreadsheets take a file without it for another alphabet


def file(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Makes the file and gives out its address. Raises Unfit where the report has no such table (any more)."""
    report, name = typed.get("page", ""), typed.get("table", "")
    look = Look(account, asked(account, {key: typed[key] for key in ASKED if key in typed}), say)
    block = next((one for one in PAGES.get(report, _none)(look) if one.name == name), None)
    rows = _rows(block, look) if block else []
    if block is None or not rows:
        raise Unfit("no_table")
    days = f"{look.asked.scope.first}_{look.asked.scope.last}"
    facts = {"name": f"{say('reports.file_name')}_{name}_{days}.csv", "type": "text/csv; charset=utf-8",
             "content": _text(rows, say("lang"))}  # fmt: skip
    address = parts.downloads.offer(account.id, "ready", facts)
    return Said(typed.get("part", ""), say("reports.file_ready"), there=f"reports/{report}", file=address)


def _none(look: Look) -> list[Block]:
    return []


def _text(rows: list[list[str]], lang: str) -> str:
    """Spreadsheets of countries that write a decimal comma want semicolons between the cells."""
    out = io.StringIO()
    csv.writer(out, delimiter="," if lang == "en" else ";").writerows(rows)
    return MARK + out.getvalue()


def _rows(block: Block, look: Look) -> list[list[str]]:
    match block:
        case Table():
            head = [block.first, *(_titled(one.title, one.kind, look) for one in block.columns)]
            told = [*block.rows, *([block.total] if block.total else [])]
            return [head, *([harmless(row.plain or row.title), *_cells(row.cells, look)] for row in told)]
        case Tiles():
            head = [look.say(f"reports.file_{name}") for name in ("measure", "now", "before")]
            return [
                head,
                *(
                    [_titled(one.title, one.kind, look), *_cells([one.cell, one.before], look)]
                    for one in block.tiles
                ),
            ]
        case Maps():
            head = [
                look.say("reports.hour"),
                *(f"{one.title}, {day}" for one in block.maps for day in one.weekdays),
            ]
            return [head, *_beside(block, look)]
    return []


def _tile(tile: Tile, look: Look) -> list[str]:
    return [_titled(tile.title, tile.kind, look), *_cells([tile.cell, tile.before], look)]


def _beside(block: Maps, look: Look) -> list[list[str]]:
    lines = zip(*(one.lines for one in block.maps), strict=True)
    return [
        [hour[0].title, *_cells([spot.cell for line in hour for spot in line.spots], look)] for hour in lines
    ]


def _titled(title: str, kind: str, look: Look) -> str:
    unit = {SHARE: "%", MONEY: look.account.currency, WAIT: look.say("reports.unit_seconds"),
            SPELL: look.say("reports.unit_seconds")}.get(kind, "")  # fmt: skip
    return harmless(f"{title}, {unit}" if unit else title)


def _cells(cells: list[Cell], look: Look) -> list[str]:
    comma = look.say("lang") != "en"
    told = ["" if one.value is None else f"{one.value:.10g}" for one in cells]
    return [one.replace(".", ",") for one in told] if comma else told
