"""The pages beside the lines: all of them as one list, working hours, who covers."""

from __future__ import annotations

import html
import re

import pytest
import requests
from flask import Flask

from server import covering, hours, preferences
from server.config import Settings
from server.db import reading, transaction
from server.lines import EMPLOYEE, REGISTER, of
from server.models import Account, Audit, Cover, Employee, LineOwner, SpotHours
from server.web.manage_bulk_reading import MOST_ROWS, labels, read
from server.web.pagetoken import PageTokens, Pass
from tests.conftest import Restaurant
from tests.desks import Desk
from tests.manage_page import Page, note
from tests.wire import Server

OLENA, TARAS, IRYNA = (EMPLOYEE, 5), (EMPLOYEE, 6), (EMPLOYEE, 7)
BAR, HALL, SECOND = (REGISTER, 1), (REGISTER, 2), (REGISTER, 3)
PEOPLE = {
    OLENA: "Olena Kovalenko", TARAS: "Taras", IRYNA: "Ірина Шевченко", BAR: "Bar", HALL: "Hall 2", SECOND: "Register 3",
}  # fmt: skip


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return restaurant()


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(use_cookies=False), settings, Pass(account=account.id))


# Reading a list


@pytest.mark.parametrize(
    ("row", "owner", "lines"),
    [
        ("Taras 101, 102", TARAS, ["101", "102"]),
        ("Taras;101;102", TARAS, ["101", "102"]),
        ('"Taras";"101, 102"', TARAS, ["101", "102"]),
        ("Taras\t101\t", TARAS, ["101"]),
        ("taras: 101", TARAS, ["101"]),
        ("Taras - 101", TARAS, ["101"]),
        ("Taras", TARAS, []),
        ("Taras;", TARAS, []),
        ("Kovalenko Olena 101", OLENA, ["101"]),
        ("Olena 101", OLENA, ["101"]),
        ("Iryna Shevchenko;*55#", IRYNA, ["*55#"]),
        ("Hall 2 103", HALL, ["103"]),
        ("Hall 2", HALL, []),
        ("Register 3; 104", SECOND, ["104"]),
        ("101 Taras", TARAS, ["101"]),
        ("101;Taras", TARAS, ["101"]),
        ("101, 102\tKovalenko Olena", OLENA, ["101", "102"]),
        ("Shevchenko Iryna|101|102", IRYNA, ["101", "102"]),
    ],
)
def test_a_row_is_read_as_people_and_spreadsheets_write_it(
    row: str, owner: tuple[str, int], lines: list[str]
) -> None:
    found = read(f"\ufeff\n{row}\r\n ; ;\n", PEOPLE)
    assert (found.wanted, found.problems) == ({owner: lines}, [])


def test_a_name_in_several_rows_has_the_lines_of_all() -> None:
    assert read("Taras;101\nTaras;102\nTaras;101", PEOPLE).wanted == {TARAS: ["101", "102"]}


@pytest.mark.parametrize(
    ("row", "why"),
    [("Nobody 101", "whose"), ("101, 102", "whose"), ("Taras 10a", "line_characters"), ("Taras;<b>", "line_characters"),
     ("Taras " + "1" * 21, "line_long"), ("Taras " + " ".join(map(str, range(100, 121))), "line_many"),
     ("Tarasyuk 101", "whose"), ("Hall 3 103", "whose"), ("Hall 103", "whose"), ("3 Register", "whose"),
     ("Kovalenko2 101", "whose"), ("101 Nobody", "whose")],
)  # fmt: skip
def test_what_is_not_understood_is_told_with_its_row(row: str, why: str) -> None:
    found = read(f"Bar;109\n{row}", PEOPLE)
    assert [(one.row, one.why) for one in found.problems] == [(2, why)]
    assert found.wanted == {BAR: ["109"]}


def test_two_of_one_name_are_told_apart_by_a_mark() -> None:
    people = {OLENA: "Olena", TARAS: "Olena", BAR: "Bar"}
    assert labels(people) == {OLENA: "Olena [e5]", TARAS: "Olena [e6]", BAR: "Bar"}
    assert read("Olena [e6]; 101", people).wanted == {TARAS: ["101"]}
    assert [one.why for one in read("Olena 101", people).problems] == ["whose"]


def test_a_list_without_end_is_read_to_a_point() -> None:
    found = read("Taras;101\n" * (MOST_ROWS + 50), PEOPLE)
    assert [(one.row, one.why) for one in found.problems] == [(MOST_ROWS + 1, "many")]


def test_a_row_without_end_is_not_even_looked_at() -> None:
    found = read("a" + ",1" * 9_999 + "x\n" + " " * 100 + "b" + " " * 9_000 + "x", PEOPLE)
    assert [(one.row, one.why) for one in found.problems] == [(1, "line_many"), (2, "line_many")]


# The page with the list


def stamp(text: str) -> str:
    return re.findall(r'name="stamp" value="(\w*)"', text)[0]


def test_the_list_that_stands_there_would_change_nothing(page: Page) -> None:
    text = page.get("/manage/bulk")
    listed = re.findall(r"<textarea.*?>(.*?)</textarea>", text, re.S)[0]
    assert "Olena; 101\n" in listed
    assert note(page.post("/manage/bulk", list=listed), "bulk") == "Nothing would change."


def test_first_it_is_looked_at_then_saved_in_one_go(page: Page, account: Account) -> None:
    typed = "Olena 101, 105\nNobody 900\nIryna;105\nTaras\nRegister 2;107"
    text = page.post("/manage/bulk", list=typed)
    assert "Changes: 4. Nothing is saved yet." in text
    assert "Row 2, “Nobody 900”" in text
    assert "Line 105 is shared: Iryna, Olena." in text or "Line 105 is shared: Olena, Iryna." in text
    assert of(account.id, EMPLOYEE, 5) == ["101"]
    text = page.post("/manage/bulk/save", list=typed, stamp=stamp(text))
    assert note(text, "bulk") == "Saved. Changed: 4. The registers go by it already."
    assert [of(account.id, EMPLOYEE, one) for one in (5, 6, 7)] == [["101", "105"], [], ["105"]]
    assert of(account.id, REGISTER, 2) == ["107"]
    with reading():
        assert Audit.select().where(Audit.what == "lines").count() == 4


def test_what_somebody_changed_meanwhile_is_looked_at_again(page: Page, account: Account) -> None:
    text = page.post("/manage/bulk", list="Olena 105")
    with transaction():
        LineOwner.update(line="909").where(LineOwner.owner == 5).execute()
    text = page.post("/manage/bulk/save", list="Olena 105", stamp=stamp(text))
    assert "Look again" in note(text, "bulk")
    assert of(account.id, EMPLOYEE, 5) == ["909"]
    page.post("/manage/bulk/save", list="Olena 105", stamp=stamp(text))
    assert of(account.id, EMPLOYEE, 5) == ["105"]


def test_nothing_is_saved_that_was_not_looked_at(page: Page, account: Account) -> None:
    for given in ("", "forged"):
        page.post("/manage/bulk/save", list="Olena 105", stamp=given)
        assert of(account.id, EMPLOYEE, 5) == ["101"]


def test_a_list_touches_the_tokens_account_only(page: Page, account: Account, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    with transaction():
        Employee.create(account=other, poster_id=77, name="Zoya")
    assert "Row 1, “Zoya 101”" in page.post("/manage/bulk", list="Zoya 101")
    text = page.post("/manage/bulk", list="Olena 105")
    page.post("/manage/bulk/save", list="Olena 105", stamp=stamp(text))
    assert of(other.id, EMPLOYEE, 5) == ["101"]


def test_hostile_names_are_text(page: Page, account: Account) -> None:
    with transaction():
        Employee.update(name="<img src=x onerror=alert(1)>").where(Employee.poster_id == 7).execute()
    page.post("/manage/bulk", list="<script>alert(1)</script> 101\n</textarea><b>x")
    assert page.last
    assert "<script>alert" not in page.last.text
    assert "<img src" not in page.last.text
    assert "</textarea><b>" not in page.last.text


def test_a_saved_list_counts_at_the_registers_at_once(served: Server, place: Account, desk: Desk) -> None:
    olena, iryna = desk(1, 5), desk(2, 7)
    olena.connect(), iryna.connect()
    token = PageTokens(served.env["SECRET_KEY"]).issue(Pass(account=place.id))

    def post(verb: str, **typed: str) -> str:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.post(
            f"{served.url}/manage/{verb}?lang=en", data=typed, headers=headers, timeout=10
        ).text

    typed = "Olena\nIryna 101"
    post("bulk/save", list=typed, stamp=stamp(html.unescape(post("bulk", list=typed))))
    assert olena.hear_until("snapshot")["employee"]["lines"] == []
    assert iryna.hear_until("snapshot")["employee"]["lines"] == ["101"]
    assert served.cli("ring", "--account", "pechera", "--line", "101", "--from", "0671112233").returncode == 0
    assert iryna.hear_until("call")["call"]["state"] == "ringing"
    assert [one for one in olena.heard_before_sentinel() if one["type"] == "call"] == []


# Working hours


def grid(*spans: str) -> dict[str, str]:
    pairs = [span.split("-") if span else ["", ""] for span in spans]
    return {f"opens.{day}": pair[0] for day, pair in enumerate(pairs)} | {
        f"closes.{day}": pair[1] for day, pair in enumerate(pairs)
    }


def test_hours_are_saved_and_shown(page: Page, account: Account) -> None:
    assert "always open" in page.get("/manage/hours")
    text = page.post("/manage/hours", part="hours-1", spot="1", **grid("10:00-22:00", "", "18:00-02:00"))
    assert note(text, "hours-1") == "The hours are saved"
    assert 'name="opens.2" value="18:00"' in text
    assert 'name="closes.2" value="02:00"' in text
    with reading():
        assert hours.week(account.id, 1) == {0: (600, 1320), 2: (1080, 1560)}


def test_monday_is_copied_to_all_days(page: Page, account: Account) -> None:
    page.post("/manage/hours", part="hours-1", spot="1", copy="1", **grid("10-22", "11-12"))
    with reading():
        assert hours.week(account.id, 1) == dict.fromkeys(range(7), (600, 1320))


def test_a_wrong_time_stays_where_it_was_typed(page: Page) -> None:
    text = page.post("/manage/hours", part="hours-1", spot="1", **grid("10:00-22:00", "25:00-2"))
    assert "“25:00” is no time of the day" in note(text, "hours-1")
    assert page.status == 422
    assert 'name="opens.1" value="25:00"' in text
    with reading():
        assert not SpotHours.select().exists()


def test_all_empty_is_always_open_again(page: Page) -> None:
    page.post("/manage/hours", part="hours-1", spot="1", **grid("10-22"))
    assert "always open" in note(page.post("/manage/hours", part="hours-1", spot="1"), "hours-1")
    with reading():
        assert not SpotHours.select().exists()


def test_who_covers_is_chosen_by_register(page: Page, account: Account) -> None:
    text = page.post(
        "/manage/hours/cover", part="cover-1", spot="1", **{"register.3": "1", "register.1": "1"}
    )
    assert note(text, "cover-1") == "Saved"
    with reading():
        assert covering.of(account.id, 1) == {1, 3}
    for typed in ({"register.99": "1"}, {"register.x": "1"}, {"register.1": "1", "spot": "99"}):
        page.post("/manage/hours/cover", **{"part": "cover-1", "spot": "1", **typed})
        assert page.status == 422
    page.post("/manage/hours/cover", part="cover-1", spot="1")
    with reading():
        assert not Cover.select().exists()
        assert [(one.thing, one.before, one.after) for one in Audit.select().order_by(Audit.id)] == [
            ("Podil", "", "Register 1, Register 3"),
            ("Podil", "Register 1, Register 3", ""),
        ]


def test_the_day_begins_when_the_owner_says(page: Page, account: Account) -> None:
    text = page.post("/manage/hours/choose", part="pref-day_starts", name="day_starts", value="4")
    assert note(text, "pref-day_starts") == "Saved"
    with reading():
        assert preferences.of(account.id).day_starts == 4
    page.post("/manage/hours/choose", part="pref-day_starts", name="day_starts", value="13")
    assert page.status == 422


def test_another_accounts_hours_and_cover_are_not_ours(
    page: Page, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    page.post("/manage/hours", part="hours-1", spot="1", **grid("10-22"))
    page.post("/manage/hours/cover", part="cover-1", spot="1", **{"register.1": "1"})
    with reading():
        assert hours.week(other.id, 1) == {}
        assert covering.of(other.id, 1) == set()
