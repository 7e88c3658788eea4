"""Every text of the database is somebody's markup: no page, no sheet and no file has any of it as markup or formula."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from server.db import database, rows, transaction, write
from server.providers import PROVIDERS
from server.web.manage_words import LANGUAGES
from server.web.registers_sheets import SHEETS
from tests.fuzz.forms import TRAP, Form, faults
from tests.fuzz.house import House, open_house
from tests.fuzz.test_manage_forms import crawled
from tests.fuzz.test_registers import right, sealed

# Text that somebody outside wrote, or could have written; the rest are words of ours, keys and JSON.
WRITTEN = {
    "spot": ["name"], "register": ["name", "version"], "employee": ["name", "role"], "guest": ["name", "comment"],
    "guest_place": ["text", "street", "house", "flat", "entrance", "floor", "code", "note"], "street": ["name"],
    "guest_order": ["address", "employee"], "online_order": ["address"], "menu_item": ["name"],
    "flag": ["text", "by_name"], "call": ["name", "did", "via"], "call_note": ["text", "by_name"],
    "member": ["name"], "audit": ["who", "before", "after"], "stray": ["value"], "dial": ["problem"],
    "trunk": ["last_from", "last_did", "trouble_detail"], "raw": ["way", "word", "verdict", "text"],
    "alert_target": ["title", "problem"], "account": ["owner", "title", "currency"],
}  # fmt: skip


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house"), providers=tuple(PROVIDERS)) as one:
        assert spoilt() > 25
        yield one


def spoilt() -> int:
    """Writes the trap into every such column; returns into how many."""
    count = 0
    for table, names in WRITTEN.items():
        there = (
            {column.name for column in database.get_columns(table)}
            if table in database.get_tables()
            else set()
        )
        for name in there & {*names}:
            with transaction():
                write(f'UPDATE "{table}" SET {name} = ? || {name}', TRAP)
            count += 1
    return count


@pytest.fixture(scope="module")
def forms(house: House) -> list[Form]:
    return crawled(house)


def test_markup_would_be_found() -> None:
    assert faults(f"<p>{TRAP}</p>")
    assert faults(f'<a title="{TRAP}">')
    assert faults('<a href=" javascript:x">')
    assert faults("<p onclick=x>")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_has_somebodys_markup(house: House, forms: list[Form], lang: str) -> None:
    page, seen = house.page(), 0
    paths = {form.path for form in forms if form.method == "get"} | {
        f"/manage/calls/{call}" for call in house.calls
    }
    for path in [*sorted(paths), *(f"/manage/{name}" for name in PLAIN)]:
        answer = page.client.get(path, query_string={"lang": lang, "text": TRAP}, headers=page.headers())
        assert faults(answer.text) == [], path
        seen += "&lt;x5s" in answer.text or "&#34;&#39;&gt;&lt;x5s" in answer.text
    assert seen > 8  # it stands there, as text


PLAIN = (
    "start",
    "calls",
    "reports",
    "lines",
    "hours",
    "bulk",
    "phone",
    "card",
    "alerts",
    "people",
    "access",
    "history",
    "doctor",
)


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_is_text(house: House, name: str) -> None:
    """It goes to the register as JSON, which puts it on the screen as text: a tap's name is never made of it."""
    answer = house.ask(
        "sheet",
        sealed({"protocol": 1, "employee": 5, "lang": "ua", **right(house), "name": name, "press": ""}),
    )
    sheet = answer.json["sheet"] if answer.json else None
    for row in (sheet or {}).get("rows", ()):
        for press, _ in row.get("taps", ()):
            assert "<" not in press
    assert answer.content_type == "application/json"


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_no_cell_of_a_file_is_a_formula(house: House, format_: str) -> None:
    with transaction():
        write('UPDATE "call_note" SET text = ?', '=HYPERLINK("http://x","y")')
        write('UPDATE "employee" SET name = ?', "@SUM(A1)")
        write('UPDATE "spot" SET name = ?', "+1+1")
        write('UPDATE "call" SET name = ?', "-2+3\t=1")
    page = house.page()
    answer = page.client.post(
        "/manage/calls/export", data={"format": format_, "part": "export"}, headers=page.headers()
    )
    links = [part.split('"')[0] for part in answer.text.split("/manage/download/")[1:]]
    assert links, answer.text[:2000]
    file = page.client.get(f"/manage/download/{links[0]}")
    assert file.status_code == 200
    for cell in cells(file.data, format_):
        assert not cell.startswith(("=", "@", "\t", "\r")), cell
        assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "").isdigit() or len(cell) == 1, cell


def cells(data: bytes, format_: str) -> list[str]:
    if format_ == "csv":
        text = data.decode("utf-8-sig")
        table = csv.reader(io.StringIO(text), csv.Sniffer().sniff(text.splitlines()[0], ",;\t"))
        return [cell for row in table for cell in row]
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert not any("<f>" in sheet or "<f " in sheet for sheet in sheets)
    return []


def test_what_a_register_hears_is_json(house: House) -> None:
    told: dict[str, Any] = json.loads(house.parts.telling.snapshot(house.poller()))
    assert TRAP[:20] in json.dumps(told, ensure_ascii=False).replace('\\"', '"')
    assert rows("SELECT 1")
