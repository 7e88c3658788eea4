"""Rows into a file: CSV as it goes, a workbook through a file on the disk. Neither holds more than some rows."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import xlsxwriter

from server.exporting.columns import COLUMNS, MONEY, Value
from server.speech import Say

MOST_ROWS = 1_048_575  # of a sheet, beside its headings
FLUSH = 200
MARK = "\ufeff"  # so that spreadsheets see that it is UTF-8


def write_csv(rows: Iterator[list[Value]], out: IO[bytes], say: Say) -> None:
    """A comma between cells where people write decimals with a point, a semicolon elsewhere."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter="," if say("lang") == "en" else ";", lineterminator="\r\n")
    text.write(MARK)
    writer.writerow([say(f"export.col_{name}") for name in COLUMNS])
    money = [COLUMNS.index(name) for name in MONEY]
    for number, row in enumerate(rows):
        for place in money:
            row[place] = "" if row[place] is None else f"{row[place]:.2f}"
        writer.writerow(["" if value is None else value for value in row])
        if number % FLUSH == 0:
            _give(text, out)
    _give(text, out)


def _give(text: io.StringIO, out: IO[bytes]) -> None:
    out.write(text.getvalue().encode())
    out.flush()
    text.seek(0)
    text.truncate()


def write_xlsx(rows: Iterator[list[Value]], out: IO[bytes], say: Say, most: int = MOST_ROWS) -> None:
    with tempfile.TemporaryDirectory(prefix="dzvinok-") as folder:
        path = Path(folder) / "calls.xlsx"
        _workbook(rows, path, say, most)
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)


def _workbook(rows: Iterator[list[Value]], path: Path, say: Say, most: int) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": path.parent,
    }
    with xlsxwriter.Workbook(str(path), {**options, "tmpdir": str(path.parent)}) as book:
        sheet = book.add_worksheet(say("export.sheet")[:31])
        sheet.freeze_panes(1, 0)
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, say(f"export.col_{name}"), bold)
        written = 0
        for written, row in enumerate(rows, 1):
            if written > most:
                _say_more(book, say, most)
                return
            _row(sheet, written, row, money)


def _row(sheet: xlsxwriter.worksheet.Worksheet, number: int, row: list[Value], money: object) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            if value:
                sheet.write_string(number, column, value)
        elif value is not None:
            sheet.write_number(number, column, value, money if COLUMNS[column] in MONEY else None)


def _say_more(book: xlsxwriter.Workbook, say: Say, most: int) -> None:
    book.add_worksheet("…").write_string(0, 0, say("export.first_of", most=most))
