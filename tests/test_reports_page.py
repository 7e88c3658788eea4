"""The reports as pages: their figures are the sums, in the page's language, of this account alone."""

from __future__ import annotations

import csv
import html
import io
import re
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from server import figures, preferences, reports
from server.config import Settings
from server.db import transaction, write
from server.figures import Sums, total
from server.models import Account, Employee
from server.reports import Scope
from server.web.manage_reports_asked import MOST, span
from server.web.manage_reports_measures import MEASURES
from server.web.manage_reports_numbers import NONE, Numbers
from server.web.manage_reports_pages import PAGES
from server.web.manage_reports_shapes import change
from server.web.manage_words import LANGUAGES, speaker
from server.web.manage_words import load as words
from server.web.pagetoken import Pass
from tests.conftest import Restaurant
from tests.manage_page import Page, note
from tests.test_figures import at, ordered, put
from tests.wire import ROOT

DAYS = {"p": "own", "from": "2026-03-02", "to": "2026-03-15"}  # two whole weeks
SECOND = {"p": "own", "from": "2026-03-09", "to": "2026-03-15"}
THERE = (
    "INSERT INTO presence (account_id, hour, spot, register, employee, minutes) VALUES (?, ?, 1, ?, 5, 60)"
)
OPEN = "INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) VALUES (?, 2, 0, 600, 800)"
WEEK = Scope(0, date(2026, 3, 9), date(2026, 3, 15))
HOSTILE = "<img src=x onerror=alert(1)>\"'{{7*7}}"


@pytest.fixture
def account(app: object, restaurant: Restaurant) -> Account:
    """In Kyiv, with two weeks of calls: the second has fewer in vain and one order more."""
    account = restaurant()
    with transaction():
        Account.update(timezone="Europe/Kyiv").where(Account.id == account.id).execute()
    for number, (day, hour, outcome) in enumerate(CALLS):
        put(account, f"c{number}", at(f"2026-03-{day:02} {hour:02}:15"), outcome, f"+3806711100{number:02}",
            line="101" if number % 2 else "102", did="+380441112233")  # fmt: skip
        if outcome == "answered":
            ordered(account, f"c{number}", 100 + number, 34500 + number)
    count(account)
    return account


CALLS = [
    (2, 12, "answered"), (2, 19, "missed"), (3, 19, "missed"), (4, 12, "busy"), (7, 20, "answered"),
    (9, 12, "answered"), (9, 12, "answered"), (10, 19, "answered"), (11, 13, "unknown"), (14, 19, "missed"),
]  # fmt: skip


@pytest.fixture
def page(client: FlaskClient, settings: Settings, account: Account) -> Page:
    return Page(client, settings, Pass(account=account.id))


@pytest.fixture
def client(app: object) -> FlaskClient:
    return app.test_client()  # type: ignore[attr-defined, no-any-return]


def count(account: Account) -> None:
    while figures.refresh(account.id):
        pass


def tile(text: str, name: str) -> dict[str, str]:
    """A figure as it is shown, its bare value, and what is said of those before."""
    body = re.search(rf'id="tile-{name}">(.*?)</div>', text, re.S)
    assert body, name
    value = re.search(r'class="value"(?: data-value="([^"]*)")?>([^<]*)<', body[1])
    change = re.search(r'class="change ([^"]*)">(.*?)</dd>', body[1], re.S)
    assert value
    assert change
    said = " ".join(re.sub(r"<[^>]*>", "", change[2]).split())
    return {"value": value[1], "shown": value[2], "way": change[1], "change": said}


def rows(text: str, name: str) -> dict[str, dict[str, float | None]]:
    """A table's bare values by row and column; the total is under ""."""
    body = re.search(rf'<table id="t-{name}".*?</table>', text, re.S)
    assert body, name
    names = re.findall(r'data-name="(\w+)"', body[0])
    found = {}
    for title, cells in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', body[0], re.S):
        values = [
            float(one[1]) if one[0] else None for one in re.findall(r'<td( data-value="([^"]*)")?[ >]', cells)
        ]
        found[title] = dict(zip(names, values, strict=True))
    foot = re.search(r"<tfoot><tr><th[^>]*>(.*?)</th>", body[0])
    return {"" if foot and title == foot[1] else title: values for title, values in found.items()}


def cells(text: str, name: str) -> dict[str, list[float]]:
    body = re.search(rf'<table id="t-{name}".*?</table>', text, re.S)
    assert body, name
    lines = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', body[0], re.S)
    return {hour: [float(one) for one in re.findall(r'data-value="([^"]*)"', line)] for hour, line in lines}


# Figures


def test_the_overview_shows_the_sums(page: Page, account: Account) -> None:
    text = page.get("/manage/reports/overview", **SECOND)
    sums = reports.totals(replace(WEEK, account=account.id))
    assert (sums.calls, sums.answered, sums.vain, sums.unclear) == (5, 3, 1, 1)
    assert tile(text, "calls")["value"] == str(sums.calls)
    assert tile(text, "answered")["value"] == str(sums.answered)
    assert float(tile(text, "vain_share")["value"]) == 20
    assert float(tile(text, "revenue")["value"]) == sums.revenue / 100
    assert float(tile(text, "bill")["value"]) == round(sums.revenue / sums.bills / 100, 2)
    assert float(tile(text, "conversion")["value"]) == round(100 * sums.converted / sums.answered, 2)
    days = rows(text, "days")
    assert len(days) == 8
    for name in ("calls", "answered", "vain", "converted"):
        assert (
            days[""][name] == getattr(sums, name) == sum(its[name] or 0 for day, its in days.items() if day)
        )
    assert days["Mon 9 Mar"]["calls"] == 2


@pytest.mark.parametrize(
    ("report", "table", "by"),
    [("people", "employees", "by_employee"), ("people", "lines", "by_line"), ("people", "dids", "by_did"),
     ("people", "spots", "by_spot"), ("money", "money_people", "by_employee"), ("money", "money_lines", "by_line"),
     ("money", "money_days", "by_day"), ("money", "money_hours", "by_hour"), ("hours", "shift", "by_hour"),
     ("guests", "wait_hours", "by_hour"), ("guests", "fresh_days", "by_day")],
)  # fmt: skip
def test_every_table_holds_its_sums(page: Page, account: Account, report: str, table: str, by: str) -> None:
    """Row by row what the question for it answers; all of them together are the totals."""
    shown = rows(page.get(f"/manage/reports/{report}", **DAYS), table)
    scope = Scope(account.id, date(2026, 3, 2), date(2026, 3, 15))
    sums: dict[object, Sums] = getattr(reports, by)(scope)
    for name in ("calls", "answered", "vain", "converted", "orders", "fresh"):
        if name in next(iter(shown.values())):
            want = sorted(value for one in sums.values() if (value := getattr(one, name)))
            assert sorted(its[name] or 0 for title, its in shown.items() if title and its[name]) == want
    if "revenue" in next(iter(shown.values())):
        cents = sum(round(100 * (its["revenue"] or 0)) for title, its in shown.items() if title)
        assert cents == total(sums.values()).revenue == reports.totals(scope).revenue


def test_waiting_and_recovery(page: Page, account: Account) -> None:
    put(account, "back", at("2026-03-14 20:15"), "answered", "+380671110009", way="out")  # the guest of c9
    count(account)
    text = page.get("/manage/reports/guests", **SECOND)
    assert (tile(text, "wait_answered")["shown"], tile(text, "wait_answered")["way"]) == ("0:08", "same")
    assert tile(text, "wait_vain")["shown"] == "0:30"
    assert tile(text, "quick_share")["shown"] == "100%"
    assert (tile(text, "guests")["value"], tile(text, "met_share")["shown"]) == ("1", "100%")
    assert tile(text, "met_after")["shown"] == "1\u00a0h\u00a00\u00a0min"
    assert tile(text, "fresh")["value"] == "5"


def test_the_heat_map_has_each_hour_of_each_weekday(page: Page, account: Account) -> None:
    text = page.get("/manage/reports/hours", **DAYS)
    calls, vain = cells(text, "map_calls"), cells(text, "map_vain")
    assert list(calls) == [f"{hour}:00" for hour in range(12, 21)]
    assert calls["12:00"] == [3, 0, 1, 0, 0, 0, 0]
    assert calls["19:00"] == [1, 2, 0, 0, 0, 1, 0]
    assert vain["19:00"] == [1, 1, 0, 0, 0, 1, 0]
    assert sum(map(sum, calls.values())) == len(CALLS)
    assert 'class="l7" data-value="3"' in text
    assert "map_people" not in text
    assert words("en")["reports.shift_unknown"] in text


def test_people_on_shift_are_an_average_of_the_days_that_are_known(page: Page, account: Account) -> None:
    """On Mondays two people at noon, known since the second Monday: two, not one."""
    monday = int(at("2026-03-09 12:00")) // 3600
    with transaction():
        for register in (1, 2):
            write(THERE, account.id, monday, register)
    text = page.get("/manage/reports/hours", **DAYS)
    assert cells(text, "map_people")["12:00"] == [2, 0, 0, 0, 0, 0, 0]
    assert rows(text, "shift")["12:00"]["people"] == round(2 / 7, 2)


def test_hours_stand_in_the_order_of_the_business_day(page: Page, account: Account) -> None:
    preferences.choose(account.id, day_starts="5")
    put(account, "late", at("2026-03-15 01:30"), "missed", "+380671119999")
    while figures.refresh(account.id):
        pass
    hours = list(cells(page.get("/manage/reports/hours", **SECOND), "map_calls"))
    assert hours == [f"{hour:02}:00" for hour in [*range(12, 24), 0, 1]]


# Comparison


def test_each_figure_stands_beside_the_one_before(page: Page) -> None:
    text = page.get("/manage/reports/overview", **SECOND)
    assert tile(text, "answered") == {"value": "3", "shown": "3", "way": "up good",
                                      "change": "▲ 50.0% more, was 2, which is better"}  # fmt: skip
    assert tile(text, "vain_share")["change"] == "▼ 40.0 points less, was 60.0%, which is better"
    assert tile(text, "calls")["change"] == words("en")["reports.before_same"]
    assert tile(text, "revenue")["way"] == "up good"
    assert "Compared with 2 Mar 2026 – 8 Mar 2026" in text


def test_each_line_stands_beside_what_it_had_before(page: Page, account: Account) -> None:
    shown = rows(page.get("/manage/reports/people", **SECOND), "lines")
    before = reports.by_line(Scope(account.id, date(2026, 3, 2), date(2026, 3, 8)))
    assert {title[:3]: its["before"] for title, its in shown.items() if title} == {
        line: before[line].answered for line in ("101", "102")
    }
    assert shown[""]["before"] == total(before.values()).answered == 2
    assert "before" not in rows(page.get("/manage/reports/people", **DAYS), "lines")[""]


def test_without_days_before_nothing_is_compared(page: Page) -> None:
    text = page.get("/manage/reports/overview", **DAYS)
    assert tile(text, "calls")["change"] == words("en")["reports.before_none"]
    assert "▲" not in text


def test_a_day_that_is_not_over_is_compared_up_to_the_same_hour(page: Page, account: Account) -> None:
    kyiv = ZoneInfo("Europe/Kyiv")
    today = datetime.now(kyiv).replace(hour=0, minute=0, second=0, microsecond=0)
    for hour in range(24):
        then = at(f"{today - timedelta(days=1):%Y-%m-%d} {hour:02}:20")
        put(account, f"y{hour}", then, "answered", f"+3806722200{hour:02}")
    put(account, "now", max(today.timestamp(), time.time() - 40), "answered", "+380672229999")
    count(account)
    over = {hours_over(kyiv)}
    told = tile(page.get("/manage/reports/overview", p="today"), "calls")["change"]
    over.add(hours_over(kyiv))
    assert any(as_before(hours) in told for hours in over)


def as_before(calls: int) -> str:
    """What is said of one call, beside so many."""
    if calls < 2:
        return words("en")["reports.before_same" if calls else "reports.before_none"]
    return f"was {calls}"


def hours_over(zone: ZoneInfo) -> int:
    now = datetime.now(zone)
    return round((now.hour * 60 + now.minute + 0.5) / 60)


# Which days


def test_periods() -> None:
    today = date(2026, 3, 31)
    assert span("7", today) == (date(2026, 3, 25), today)
    assert span("yesterday", today) == (date(2026, 3, 30), date(2026, 3, 30))
    assert span("month", today) == (date(2026, 3, 1), today)
    assert span("last_month", today) == (date(2026, 2, 1), date(2026, 2, 28))
    assert span("last_month", date(2026, 1, 5)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_dates_that_were_typed_are_wanted_whatever_the_period_was(page: Page) -> None:
    text = page.get("/manage/reports/overview", **{**SECOND, "p": "30"})
    assert tile(text, "calls")["value"] == "5"
    assert 'data-address="/manage/reports/overview?lang=en&p=own&from=2026-03-09&to=2026-03-15"' in text


def test_the_dates_of_a_period_are_the_period(page: Page) -> None:
    today = datetime.now(ZoneInfo("Europe/Kyiv")).date()
    text = page.get(
        "/manage/reports/overview", p="7", **{"from": str(today - timedelta(days=6)), "to": str(today)}
    )
    assert 'lang=en&p=7"' in text


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [("2026-03-15", "2026-03-09", "backwards"), ("2199-01-01", "2199-01-02", "ahead"), ("", "2026-03-09", "unread"),
     ("=1+1", "2026-03-09", "unread"), ("2024-01-01", "2026-03-01", "many"), ("0001-01-01", "0001-01-02", "many"),
     (HOSTILE, "2026-03-09", "unread")],
)  # fmt: skip
def test_days_that_cannot_be_used_are_told_beside_their_fields(
    page: Page, first: str, last: str, word: str
) -> None:
    text = page.get("/manage/reports/money", p="own", **{"from": first, "to": last})
    assert page.status == 200
    assert words("en")[f"reports.{word}"].format(most=MOST) in text
    assert text.count('aria-invalid="true"') == 2
    assert HOSTILE not in page.last.text  # type: ignore[union-attr]


def test_a_spot_and_working_hours_narrow_all_of_it(page: Page, account: Account) -> None:
    with transaction():
        write("INSERT INTO did (account_id, number, spot) VALUES (?, '+380441112233', 2)", account.id)
        write(OPEN, account.id)
    figures.rebuild(account.id)
    count(account)
    assert tile(page.get("/manage/reports/overview", spot="2", **DAYS), "calls")["value"] == str(len(CALLS))
    assert words("en")["reports.nothing"] in page.get("/manage/reports/overview", spot="1", **DAYS)
    text = page.get("/manage/reports/overview", spot="2", open="1", **DAYS)
    scope = Scope(account.id, date(2026, 3, 2), date(2026, 3, 15), 2, open_only=True)
    assert tile(text, "calls")["value"] == str(reports.totals(scope).calls) == "3"
    assert "spot=2&open=1" in text


# Language


@pytest.mark.parametrize(
    ("lang", "money", "share", "spell"),
    [("ua", "1 234 567,80 ₴", "12,3 %", "3 год 5 хв"), ("ru", "1 234 567,80 ₴", "12,3 %", "3 ч 5 мин"),
     ("en", "₴1,234,567.80", "12.3%", "3 h 5 min"), ("pl", "1 234 567,80 ₴", "12,3 %", "3 godz. 5 min")],
)  # fmt: skip
def test_figures_are_written_as_the_language_writes_them(
    lang: str, money: str, share: str, spell: str
) -> None:
    numbers = Numbers(speaker(lang), "₴")
    written = (numbers.money(123456780), numbers.share(0.1234), numbers.spell(11100))
    plain = [one.replace("\u00a0", " ") for one in written]
    assert plain == [money, share, spell]
    assert [numbers.wait(5), numbers.wait(65.5), numbers.wait(3725)] == ["0:05", "1:06", "1:02:05"]
    assert (numbers.written(None, "share"), numbers.share(1)[:3], numbers.spell(59)[0]) == (NONE, "100", "1")


def test_large_sums_beside_a_title_have_no_pennies() -> None:
    numbers = Numbers(speaker("en"), "₴")
    assert (numbers.brief(999999, "money"), numbers.brief(1234567, "money")) == ("₴9,999.99", "₴12,346")
    assert (numbers.brief(0.5, "share"), numbers.brief(None, "money")) == ("50.0%", NONE)


def test_next_to_no_change_is_none() -> None:
    """Nobody is told of `0.0% more`."""
    numbers, measure = Numbers(speaker("en"), "₴"), MEASURES["answered"]
    assert change(measure, Sums(answered=100_001), Sums(answered=100_000), numbers).way == "same"
    assert change(measure, Sums(answered=100_051), Sums(answered=100_000), numbers).way == "up"
    assert change(MEASURES["wait_answered"], Sums(timed=10, wait_answered=124), Sums(timed=10, wait_answered=116),
                  numbers).way == "same"  # fmt: skip


def test_a_currency_of_letters_stands_behind_in_english_too() -> None:
    assert Numbers(speaker("en"), "zł").money(1250) == "12.50\u00a0zł"
    assert Numbers(speaker("en"), "").money(1250) == "12.50"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_report_speaks_every_language(page: Page, lang: str) -> None:
    put_today = {"p": "own", "from": "2026-03-09", "to": "2026-03-09"}
    for report in PAGES:
        for query in (DAYS, put_today):
            text = page.get(f"/manage/reports/{report}", **{**query, "lang": lang})
            assert page.status == 200
            assert words(lang)[f"reports.{report}_title"] in text


def test_every_word_is_said_somewhere() -> None:
    sources = [*(ROOT / "server" / "web").glob("manage_reports*.py")]
    sources += (ROOT / "manage_ui" / "templates").glob("reports*.html")
    said = "".join(path.read_text("utf-8") for path in sources)
    named = {one.removeprefix("reports.") for one in words("en") if one.startswith("reports.")}
    endings = ("_lead", "_first", "_title", "_about", "_of")
    built = {one for one in named if one.startswith(("m_", "p_", "weekday_", "counted_", "file_", "lost_"))}
    stems = {
        next((one.removesuffix(end) for end in endings if one.endswith(end)), one) for one in named - built
    }
    assert {stem for stem in stems if stem.removeprefix("fresh_").removeprefix("money_") not in said} == set()


# Honesty


def test_an_empty_account_is_told_when_figures_come(
    client: FlaskClient, settings: Settings, restaurant: Restaurant
) -> None:
    page = Page(client, settings, Pass(account=restaurant("new", "700555").id))
    text = page.get("/manage/reports/money")
    assert words("en")["reports.empty"] in text
    assert "<table" not in text


def test_days_without_calls_are_told(page: Page) -> None:
    text = page.get("/manage/reports/hours", p="own", **{"from": "2025-01-01", "to": "2025-01-02"})
    assert words("en")["reports.nothing"] in text
    assert "<table" not in text


def test_what_is_not_counted_is_said(page: Page, account: Account) -> None:
    """More waits to be counted than a question works off itself."""
    text = page.get("/manage/reports/overview", **SECOND)
    assert words("en")["reports.unclear"].format(count=1) in text
    figures.rebuild(account.id)
    for number in range(1200):
        with transaction():
            write(
                "INSERT OR IGNORE INTO stale_call (account_id, call_id) VALUES (?, ?)",
                account.id,
                f"gone{number}",
            )
    left = re.search(r"Calls not counted yet: ([\d,]+)", page.get("/manage/reports/overview", **SECOND))
    assert left
    assert int(left[1].replace(",", "")) > 0


def test_too_little_says_no_sum(page: Page) -> None:
    text = page.get("/manage/reports/money", **DAYS)
    assert "There is too little to say honestly" in text
    assert "data-low" not in text


def test_the_band_shows_what_it_is_made_of(page: Page, account: Account) -> None:
    for number in range(40):
        put(
            account, f"m{number}", at("2026-03-12 12:00") + 60 * number, "answered", f"+3806733300{number:02}"
        )
        if number < 20:
            ordered(account, f"m{number}", 500 + number, 40000)
    count(account)
    band = reports.band(replace(WEEK, account=account.id))
    assert band
    text = page.get("/manage/reports/money", **SECOND)
    shown = re.search(r'data-low="([^"]*)" data-high="([^"]*)">([^<]*)<', text)
    assert shown
    assert (round(100 * float(shown[1])), round(100 * float(shown[2]))) == (band.low, band.high)
    numbers = Numbers(speaker("en"), "₴")
    assert shown[3] == f"{numbers.money(band.low, 0)} to {numbers.money(band.high, 0)}"
    for part in (
        "Guests lost: 1",
        f"Of {band.answered} answered calls {band.converted}",
        numbers.money(band.average),
    ):
        assert part in text


# Live


def test_the_mark_is_another_when_a_call_has_ended(page: Page, account: Account) -> None:
    before = mark(page)
    assert mark(page) == before
    put(account, "now", time.time() - 40, "missed", "+380675554433")
    assert mark(page) != before


def mark(page: Page) -> str:
    answer = page.client.get("/manage/reports/events?lang=en", headers=page.headers()).get_json()
    return str(answer["mark"])


# Files


def fetch(
    page: Page, report: str, table: str, lang: str = "en", comma: str = ",", **query: str
) -> list[list[str]]:
    its = f"{lang}&{urlencode(query)}"  # the page that is drawn afterwards looks at the same days
    text = page.post("/manage/reports/file", its, part=f"file-{table}", page=report, table=table, **query)
    address = re.search(r'href="([^"]*)" data-file', text)
    assert address, note(text, f"file-{table}")
    answer = page.client.get(address[1])
    assert answer.status_code == 200
    assert page.client.get(address[1]).status_code == 404
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")), delimiter=comma))


def test_a_file_has_what_the_table_has(page: Page) -> None:
    text = page.get("/manage/reports/money", **DAYS)
    shown = rows(text, "money_lines")
    kept = fetch(page, "money", "money_lines", **DAYS)
    assert kept[0][0] == "Line"
    assert [line[0] for line in kept[1:]] == [title or "Total" for title in shown]
    values = [[float(one) if one else None for one in line[1:]] for line in kept[1:]]
    assert values == [list(its.values()) for its in shown.values()]


def test_days_in_a_file_are_dates(page: Page) -> None:
    days = [line[0] for line in fetch(page, "money", "money_days", **SECOND)]
    assert days[1:] == [*(f"2026-03-{day:02}" for day in range(9, 16)), "Total"]


def test_every_table_has_its_file(page: Page) -> None:
    for report in PAGES:
        for table in re.findall(r'name="table" value="(\w+)"', page.get(f"/manage/reports/{report}", **DAYS)):
            assert len(fetch(page, report, table, **DAYS)) > 1, table


def test_spreadsheets_of_a_decimal_comma_get_one(page: Page) -> None:
    lines = [";".join(line) for line in fetch(page, "overview", "figures", "ua", ";", **DAYS)]
    assert lines[0] == ";".join(words("ua")[f"reports.file_{name}"] for name in ("measure", "now", "before"))
    assert any(re.search(r";\d+,\d+;", line) for line in lines)


@pytest.mark.parametrize(
    ("report", "table"), [("overview", "nothing"), ("nowhere", "days"), ("money", "lost")]
)
def test_a_table_that_is_not_there_is_no_file(page: Page, report: str, table: str) -> None:
    page.post("/manage/reports/file", part="x", page=report, table=table)
    assert page.status == 422
    assert page.last
    assert "data-file" not in page.last.text


# Whose


def test_hostile_names_are_only_names(page: Page, account: Account) -> None:
    with transaction():
        Employee.update(name=HOSTILE).where(Employee.account == account.id, Employee.poster_id == 5).execute()
        Employee.update(name='=HYPERLINK("x")').where(
            Employee.account == account.id, Employee.poster_id == 6
        ).execute()
    page.get("/manage/reports/people", **DAYS)
    assert page.last
    assert HOSTILE not in page.last.text
    assert html.escape(HOSTILE, quote=False)[:20] in page.last.text
    names = [line[0] for line in fetch(page, "people", "employees", **DAYS)]
    assert '\'=HYPERLINK("x")' in names


def test_nothing_of_one_account_is_in_anothers_reports(
    client: FlaskClient, settings: Settings, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("lavra", "700777")
    put(other, "o1", at("2026-03-10 12:00"), "missed", "+380670000001", line="777", did="+380449998877")
    count(other)
    theirs, mine = (Page(client, settings, Pass(account=one.id)) for one in (other, account))
    for report in PAGES:
        assert "777" not in mine.get(f"/manage/reports/{report}", **DAYS)
        text = theirs.get(f"/manage/reports/{report}", **DAYS)
        assert "+380441112233" not in text
        assert "₴345" not in text
    assert tile(theirs.get("/manage/reports/overview", **DAYS), "calls")["value"] == "1"
    assert [line[1] for line in fetch(theirs, "people", "lines", **DAYS)][1:] == ["1"]


def test_a_viewer_may_look_and_take_files(client: FlaskClient, settings: Settings, account: Account) -> None:
    """Reports have no guests' numbers, so there is nothing to hide."""
    with transaction():
        for member, role in ((1, "owner"), (2, "viewer")):
            write("INSERT INTO member (id, account_id, name, role, code, at) VALUES (?, ?, ?, ?, 'x', 0)",
                  member, account.id, role, role)  # fmt: skip
    viewer = Page(client, settings, Pass(account=account.id, member=2))
    assert tile(viewer.get("/manage/reports/overview", **DAYS), "calls")["value"] == str(len(CALLS))
    assert fetch(viewer, "overview", "days", **DAYS)
    stranger = Page(client, settings, Pass(account=account.id))
    assert "tile-calls" not in stranger.get("/manage/reports/overview", **DAYS)
    assert stranger.status == 403
    assert client.get("/manage/reports/events", headers=stranger.headers()).status_code == 403
