"""Who answers what: setting, refusing, copying to Poster, noticing what was forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from server.db import reading, transaction
from server.lines import EMPLOYEE, REGISTER, Lines, of, parse
from server.models import DISCONNECTED, Account, Did, Employee, LineOwner, Stray, Trunk
from server.unfit import Unfit
from tests.conftest import Restaurant, add_trunk

pytestmark = pytest.mark.usefixtures("database")


@dataclass
class Poster:
    """Poster's end of the wire: takes extras, or not."""

    takes: bool = True
    extras: dict[tuple[int, int], Mapping[str, str]] = field(default_factory=dict)
    asked: int = 0

    def write_staff(self, account: int, employee: int, extras: Mapping[str, str]) -> bool:
        self.asked += 1
        if self.takes:
            self.extras[account, employee] = dict(extras)
        return self.takes


@dataclass
class Bell:
    rung: list[int] = field(default_factory=list)

    def __call__(self, account: int) -> None:
        self.rung.append(account)


@pytest.fixture
def poster() -> Poster:
    return Poster()


@pytest.fixture
def changed() -> Bell:
    return Bell()


@pytest.fixture
def lines(poster: Poster, changed: Bell) -> Lines:
    return Lines(poster.write_staff, changed)


@pytest.fixture
def account(restaurant: Restaurant) -> Account:
    return restaurant()


def refused(word: str, attempt: Callable[[], object]) -> None:
    with reading():
        before = list(LineOwner.select().tuples()), list(Did.select().tuples())
    with pytest.raises(Unfit) as wrong:
        attempt()
    with reading():
        assert before == (list(LineOwner.select().tuples()), list(Did.select().tuples()))
    assert wrong.value.word == word


def test_lines_are_read_in_the_order_typed_without_repeats() -> None:
    assert parse(" 102,101;102 *55 ") == ["102", "101", "*55"]
    assert parse(["101", "102,103"]) == ["101", "102", "103"]
    assert parse("") == []


@pytest.mark.parametrize(
    ("typed", "word"),
    [("10a", "line_characters"), ("۱۰۱", "line_characters"), ("101,<b>", "line_characters"), ("1" * 21, "line_long"),
     (",".join(map(str, range(100, 121))), "line_many")],
)  # fmt: skip
def test_what_is_no_line_is_refused_and_nothing_changes(
    lines: Lines, account: Account, typed: str, word: str
) -> None:
    refused(word, lambda: lines.set_employee(account, 5, typed))


def test_setting_replaces_the_lines_and_tells_the_registers(
    lines: Lines, account: Account, changed: Bell
) -> None:
    assert lines.set_employee(account, 5, "103, 104") == ["103", "104"]
    assert of(account.id, EMPLOYEE, 5) == ["103", "104"]
    assert changed.rung == [account.id]


def test_setting_the_same_lines_tells_nobody(lines: Lines, account: Account, changed: Bell) -> None:
    lines.set_employee(account, 5, "101")
    assert changed.rung == []


def test_several_people_may_share_a_line(lines: Lines, account: Account) -> None:
    lines.set_employee(account, 6, "101,102")
    lines.set_register(account, 2, "101")
    assert {(one.kind, one.id, one.name) for one in lines.owners(account, "101")} == {
        (EMPLOYEE, 5, "Olena"), (EMPLOYEE, 6, "Taras"), (REGISTER, 2, "Register 2"),
    }  # fmt: skip


def test_unknown_people_and_registers_are_refused(lines: Lines, account: Account) -> None:
    refused("employee_unknown", lambda: lines.set_employee(account, 999, "101"))
    refused("register_unknown", lambda: lines.set_register(account, 999, "101"))


def test_another_accounts_employee_is_unknown(lines: Lines, account: Account, restaurant: Restaurant) -> None:
    other = restaurant("kaffka", "700124")
    with transaction():
        Employee.create(account=other, poster_id=77, name="Theirs")
    refused("employee_unknown", lambda: lines.set_employee(account, 77, "101"))
    lines.set_employee(account, 5, "901")
    assert of(other.id, EMPLOYEE, 5) == ["101"]
    assert lines.owners(other, "901") == []


def test_somebody_who_left_keeps_no_calls_and_can_only_lose_lines(lines: Lines, account: Account) -> None:
    with transaction():
        Employee.update(gone=True).where(Employee.poster_id == 5).execute()
    assert lines.owners(account, "101") == []
    refused("employee_unknown", lambda: lines.set_employee(account, 5, "101,105"))
    assert "left" in kinds(lines, account)
    lines.set_employee(account, 5, "")
    assert "left" not in kinds(lines, account)


def test_every_spelling_of_an_outside_number_is_one_number(lines: Lines, account: Account) -> None:
    for spelling in ("044 123-45-67", "+380441234567", "380441234567"):
        assert lines.set_did(account, spelling, 2) == "+380441234567"
    with reading():
        assert [(row.number, row.spot) for row in Did.select()] == [("+380441234567", 2)]
    assert lines.set_did(account, "(044) 123 45 67", None) == "+380441234567"
    with reading():
        assert not Did.select().exists()


def test_a_foreign_account_reads_numbers_by_its_own_country(lines: Lines, account: Account) -> None:
    account.country = "PL"
    assert lines.set_did(account, "22 123 45 67", 1) == "+48221234567"


def test_bad_outside_numbers_and_spots_are_refused(lines: Lines, account: Account) -> None:
    refused("number", lambda: lines.set_did(account, "abc", 1))
    refused("number", lambda: lines.set_did(account, "", 1))
    refused("spot_unknown", lambda: lines.set_did(account, "0441234567", 99))
    refused("did_unknown", lambda: lines.set_did(account, "0441234567", None))


def test_the_copy_at_poster_is_our_whole_set_of_keys(lines: Lines, account: Account, poster: Poster) -> None:
    lines.set_employee(account, 5, "101, 105")
    assert lines.write_extras(account.id, 5)
    assert poster.extras == {(account.id, 5): {"line": "101,105"}}
    lines.set_employee(account, 5, "")
    assert lines.write_extras(account.id, 5)
    assert poster.extras == {(account.id, 5): {"line": ""}}


def test_a_failed_copy_stays_dirty_and_is_tried_again_later(
    lines: Lines, account: Account, poster: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr("server.owed.time.time", lambda: now)
    assert lines.write_dirty() == 2
    poster.takes = False
    lines.set_employee(account, 5, "105")
    assert not lines.write_extras(account.id, 5)
    assert "uncopied" in kinds(lines, account)
    poster.takes, asked = True, poster.asked
    assert lines.write_dirty() == 0
    assert poster.asked == asked, "it rests before the next attempt"
    now += 31
    assert lines.write_dirty() == 1
    assert poster.extras[account.id, 5] == {"line": "105"}
    assert "uncopied" not in kinds(lines, account)


def test_each_failure_makes_the_rest_longer_up_to_an_hour(
    lines: Lines, account: Account, poster: Poster, monkeypatch: pytest.MonkeyPatch
) -> None:
    poster.takes, now = False, 1000.0
    monkeypatch.setattr("server.owed.time.time", lambda: now)
    lines.set_employee(account, 6, "")
    for rest in (30, 60, 120, 240, 480, 960, 1920, 3600, 3600):
        asked = poster.asked
        lines.write_dirty()
        assert poster.asked == asked + 1
        now += rest - 1
        lines.write_dirty()
        assert poster.asked == asked + 1
        now += 1


def test_a_disconnected_account_is_left_alone(lines: Lines, account: Account, poster: Poster) -> None:
    with transaction():
        Account.update(state=DISCONNECTED).execute()
    assert lines.write_dirty() == 0
    assert poster.asked == 0


def kinds(lines: Lines, account: Account) -> set[str]:
    return {notice.kind for notice in lines.warnings(account)}


def test_what_was_forgotten_is_noticed(lines: Lines, account: Account) -> None:
    assert kinds(lines, account) == {"no_trunk", "no_line", "uncopied"}
    add_trunk(account)
    with transaction():
        for kind, value in (("line", "105"), ("did", "+380441234567"), ("line", "")):
            Stray.create(account=account, kind=kind, value=value, count=3, last_at=time.time())
    lines.set_employee(account, 6, "101")
    found = {notice.kind: notice for notice in lines.warnings(account)}
    assert set(found) == {"stray_line", "stray_did", "no_line", "uncopied", "shared"}
    assert (found["stray_line"].value, found["stray_line"].count) == ("105", 3)
    assert found["shared"].names == ("Olena", "Taras")
    assert found["no_line"].names == ("Iryna",)


def test_a_notice_goes_when_it_is_cured(lines: Lines, account: Account) -> None:
    with transaction():
        for kind, value in (("line", "105"), ("did", "+380441234567")):
            Stray.create(account=account, kind=kind, value=value, count=3, last_at=time.time())
    lines.set_register(account, 1, "105")
    lines.set_did(account, "0441234567", 1)
    assert not kinds(lines, account) & {"stray_line", "stray_did"}
    with reading():
        assert not Stray.select().exists()


def test_old_strays_are_no_news(lines: Lines, account: Account) -> None:
    with transaction():
        Stray.create(account=account, kind="line", value="105", count=3, last_at=time.time() - 31 * 86400)
    assert "stray_line" not in kinds(lines, account)


def test_one_accounts_notices_are_not_anothers(
    lines: Lines, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    add_trunk(other)
    with transaction():
        Stray.create(account=other, kind="line", value="909", count=1, last_at=time.time())
    assert "909" not in {notice.value for notice in lines.warnings(account)}
    assert "no_trunk" in kinds(lines, account)
    with reading():
        assert Trunk.select().count() == 1
