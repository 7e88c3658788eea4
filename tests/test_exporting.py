"""Files of calls: the same rows as the journal, from a process of its own, at an address that works once."""

from __future__ import annotations

import csv
import io
import os
import re
import socket
import subprocess
import sys
import time
from datetime import datetime

import openpyxl
import pytest
import requests
from flask import Flask

from server import acting, aside, members, notes, speech
from server.acting import OWNER, VIEWER, Actor
from server.callbook.filters import Sought
from server.calls import END, IN, CallEvent
from server.config import Settings
from server.db import database, reading, rows, transaction, write
from server.downloads import Downloads
from server.exporting import starting
from server.exporting.columns import COLUMNS, MEASURES, harmless
from server.exporting.jobs import CSV, XLSX, Job
from server.exporting.starting import AT_ONCE, start
from server.exporting.writing import write_csv, write_xlsx
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.conftest import Restaurant, add_trunk
from tests.manage_page import Page
from tests.test_callbook import as_role
from tests.waiting import until

NOW = float(int(time.time()))
GUEST = "+380671112233"


@pytest.fixture
def account(app: Flask, parts: Parts, restaurant: Restaurant) -> Account:
    """Three calls; the newest brought 345.50."""
    account = restaurant()
    trunk = add_trunk(account)
    for ago, outcome, name in (
        (60, "answered", "=1+1"),
        (120, "missed", "Іван; Франко"),
        (180, "missed", ""),
    ):
        event = CallEvent(f"k{ago}", END, NOW - ago + 40, IN, GUEST, did="0441234567", line="101", outcome=outcome,
                          started=NOW - ago, answered=NOW - ago + 7 if outcome == "answered" else None, name=name,
                          ended=NOW - ago + 40)  # fmt: skip
        parts.intake.take(account.id, trunk.id, [event])
    with transaction():
        newest = rows("SELECT id FROM call ORDER BY started DESC")[0][0]
        write("""INSERT INTO call_order (account_id, call_id, order_id, transaction_id, sum, at, closed_at)
            VALUES (?, ?, 1, 4512, 34550, 0, 1)""", account.id, newest)  # fmt: skip
    notes.keep(account.id, newest, "order", "@here", (0, ""))
    return account


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(), settings, Pass(account=account.id))


def address(page: Page, format_: str = CSV, **wanted: str) -> str:
    text = page.post("/manage/calls/export", part="export", format=format_, **wanted)
    found = re.search(r'href="(/manage/download/[\w-]+)" data-file', text)
    assert found, text
    return found[1]


def rows_of(page: Page, **wanted: str) -> list[dict[str, str]]:
    """As a spreadsheet in English reads the file, under the columns' own names."""
    answer = page.client.get(address(page, **wanted))
    assert answer.status_code == 200
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert table[0] == [speech.speaker("en")(f"export.col_{name}") for name in COLUMNS]
    return [dict(zip(COLUMNS, row, strict=True)) for row in table[1:]]


def test_the_file_has_what_the_journal_shows(page: Page, account: Account) -> None:
    found = rows_of(page)
    shown = re.findall(r'data-key="(.*?)"', page.get("/manage/calls"))
    assert [row["id"] for row in found] == shown
    one = found[0]
    assert (one["number"], one["outcome"], one["by"]) == (GUEST, "answered", "Olena")
    assert (one["order_ids"], one["revenue"], one["note"]) == ("4512", "345.50", "order")
    assert (one["name"], one["text"]) == ("'=1+1", "'@here")
    assert datetime.fromisoformat(one["at"]).timestamp() == int(one["unix"]) == NOW - 60
    missed = rows_of(page, outcome="missed", text="0671112233")
    assert missed == [row for row in found if row["outcome"] == "missed"]


def test_every_measure_of_the_reports_is_in_the_file(page: Page, account: Account) -> None:
    with reading():
        kept = {column.name for column in database.get_columns("call_fact")}
    assert kept - {"call_id", "account_id", "started", "spot", "owned"} <= set(COLUMNS)
    row = rows_of(page)[0]
    with reading():
        fact = rows(MEASURES, account.id, f'["{row["id"]}"]')[0]
    assert [row["talk"], row["wait_answered"], row["converted"]] == ["33", "7", "1"]
    assert str(fact[1]) == row["day"]


def test_a_workbook_opens_and_says_the_same(page: Page) -> None:
    answer = page.client.get(address(page, XLSX))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [row[0] for row in cells[1:]] == re.findall(r'data-key="(.*?)"', page.get("/manage/calls"))
    assert cells[1][COLUMNS.index("revenue")] == 345.5
    assert cells[1][COLUMNS.index("name")] == "'=1+1"


def test_no_cell_is_a_formula() -> None:
    assert [harmless(text) for text in ("-2", "+1+1", "\tx", GUEST, "+380…33", "x=1")] == [
        "'-2", "'+1+1", "'\tx", GUEST, "+380…33", "x=1",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", speech.LANGUAGES)
def test_the_columns_are_named_in_every_language(lang: str) -> None:
    out, say = io.BytesIO(), speech.speaker(lang)
    write_csv(iter([]), out, say)
    assert out.getvalue().decode().startswith("\ufeff" + say("export.col_id"))
    assert out.getvalue().count(b"," if lang == "en" else b";") >= len(COLUMNS) - 1


def test_a_workbook_that_is_full_says_so() -> None:
    out, say = io.BytesIO(), speech.speaker("en")
    write_xlsx(iter([["x"] + [None] * (len(COLUMNS) - 1)] * 4), out, say, most=3)
    book = openpyxl.load_workbook(out)
    assert [sheet.max_row for sheet in book] == [4, 1]
    assert "holds 3 rows at most" in str(book.worksheets[1]["A1"].value)


def test_a_viewer_gets_masked_numbers(app: Flask, settings: Settings, account: Account) -> None:
    page = as_role(app, settings, account, VIEWER)
    data = page.client.get(address(page)).data.decode()
    assert data.count("+380…33") == 3
    assert GUEST[4:] not in data
    assert page.post("/manage/calls/export", part="export", text="0671").count("only a whole number") == 1


def test_an_address_works_once_soon_and_for_whom_it_was_given(
    app: Flask, settings: Settings, account: Account, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = address(page)
    assert page.client.get(given).status_code == 200
    assert page.client.get(given).status_code == 404
    assert page.client.get("/manage/download/nonsense").status_code == 404
    late, now = address(page), time.monotonic()
    monkeypatch.setattr("server.bus.slips.time.monotonic", lambda: now + 61)
    assert page.client.get(late).status_code == 404
    monkeypatch.undo()
    viewer = as_role(app, settings, account, VIEWER)
    given = address(viewer)
    with reading():
        member = rows("SELECT max(id) FROM member")[0][0]
    members.remove(account.id, member)
    assert viewer.client.get(given).status_code == 404


def test_an_address_leads_to_its_own_account_alone(
    app: Flask, settings: Settings, account: Account, page: Page, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    theirs = Page(app.test_client(), settings, Pass(account=other.id))
    assert rows_of(theirs) == []
    assert [row["did"] for row in rows_of(page)] == ["+380441234567"] * 3
    answer = theirs.client.get(address(theirs))
    assert b"pechera" not in str(answer.headers).encode()


def test_an_address_is_not_used_up_by_a_look_or_a_busy_minute(page: Page, account: Account) -> None:
    given, made = address(page), [start(job_of(account), "a.csv") for _ in range(AT_ONCE)]
    for _ in range(2):
        answer = page.client.get(given)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "20")
    for file in made:
        file.close()
    assert page.client.head(given).status_code == 405
    assert page.client.get(given).status_code == 200
    assert page.client.get(given).status_code == 404


def test_a_calls_id_is_exact_in_a_file(page: Page) -> None:
    with transaction():
        write("UPDATE call SET id = '-old_id-of-1' WHERE id = (SELECT id FROM call WHERE name = '' LIMIT 1)")
    assert "-old_id-of-1" in [row["id"] for row in rows_of(page)]


def test_two_files_at_once_and_no_more(page: Page, account: Account) -> None:
    job = job_of(account)
    made = [start(job, "a.csv") for _ in range(AT_ONCE)]
    with pytest.raises(Unfit):
        start(job, "b.csv")
    assert "Two files are being made" in page.post("/manage/calls/export", part="export", format=CSV)
    for file in made:
        file.close()
        file.close()
    assert not starting.busy()


def test_a_download_that_is_cancelled_ends_the_process(account: Account) -> None:
    file = start(job_of(account), "a.csv")
    processes = children(os.getpid())
    assert len(processes) == 1
    file.close()
    assert children(os.getpid()) == []


def children(of: int) -> list[str]:
    """Processes of this one that write files."""
    found = subprocess.run(["ps", "-o", "args=", "--ppid", str(of)], capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if "server.exporting" in line]


def test_a_file_that_breaks_does_not_look_whole(account: Account) -> None:
    broken = Job("/nowhere/at/all.db", account.id, CSV, "en", "", True, Sought())
    file = start(broken, "a.csv")
    with pytest.raises(starting.Broken):
        list(file.chunks)
    file.close()


def test_the_process_is_told_no_secret(account: Account) -> None:
    packed = job_of(account).packed().decode()
    assert wire.APPLICATION_SECRET not in packed
    command = [sys.executable, "-m", "server.exporting"]
    made = subprocess.run(
        command, input=packed.encode(), capture_output=True, env={"PYTHONUTF8": "1"}, check=True
    )
    assert made.stdout.startswith(b"\xef\xbb\xbf")


def test_offers_are_forgotten() -> None:
    downloads = Downloads("https://example.com/dz/")
    with acting.as_(Actor(OWNER, "Boss", 3)):
        given = downloads.offer(1, "calls", {})
    assert given.startswith("/dz/manage/download/")
    offer = downloads.take(given.rsplit("/", 1)[1])
    assert offer is not None
    assert (offer.account, offer.actor) == (1, Actor(OWNER, "Boss", 3))


def job_of(account: Account) -> Job:
    return Job(aside.place(), account.id, CSV, "en", "Europe/Kyiv", True, Sought())


def test_a_workbook_that_nobody_waits_for_is_not_finished(served: wire.Server, place: Account) -> None:
    """On the real server: the browser hangs up long before the first byte, which would take half a minute."""
    with transaction():
        write("""INSERT INTO call (id, account_id, key, direction, state, outcome, started, touched)
            WITH RECURSIVE n (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 150000)
            SELECT 'c' || at, ?, at, 'in', 'ended', 'missed', at, 0 FROM n""", place.id)  # fmt: skip
    token = PageTokens("a key for tests, long enough").issue(Pass(account=place.id))
    asked = requests.post(f"{served.url}/manage/calls/export?lang=en", data={"part": "export", "format": XLSX},
                          headers={"Authorization": f"Bearer {token}"}, timeout=20)  # fmt: skip
    found = re.search(r"/manage/download/[\w-]+", asked.text)
    assert found
    caller = socket.create_connection(("127.0.0.1", served.port))
    caller.sendall(f"GET {found[0]} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    until(lambda: bool(exporting(served)))
    begun = exporting(served)
    caller.close()
    until(lambda: not exporting(served))
    assert begun
    assert "was not finished" not in served.log.read_text()


def exporting(server: wire.Server) -> list[str]:
    """Processes under the server's worker that write files."""
    worker = subprocess.run(
        ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True
    ).stdout.split()
    return [line for one in worker for line in children(int(one))]
