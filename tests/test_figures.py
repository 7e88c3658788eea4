"""Figures of calls: what each means, and that they stay true whatever changes, in whatever order."""

from __future__ import annotations

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from server import figures, journal, preferences, reports
from server.calls import ANSWER, END, RING, CallEvent, step
from server.db import rows, transaction, write
from server.figures import Sums, writing
from server.models import Account, Did
from server.phones import read
from server.reports import Scope
from tests.conftest import Restaurant

pytestmark = pytest.mark.usefixtures("database")

KYIV, WARSAW, KOLKATA = "Europe/Kyiv", "Europe/Warsaw", "Asia/Kolkata"
ALL = (date(2000, 1, 1), date(2100, 1, 1))
OUTCOMES = ("answered", "answered", "missed", "missed", "busy", "declined", "failed", "voicemail", "unknown")
DAY = 86400.0


def at(text: str, zone: str = KYIV) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def put(
    account: Account, call_id: str, started: float, outcome: str = "missed", number: str = "+380671112233",
    way: str = "in", answered: float | None = None, lasts: float = 30.0, line: str = "101", did: str = "",
    state: str = "ended", test: int = 0,
) -> str:  # fmt: skip
    """A call as the journal has it."""
    if outcome == "answered" and answered is None:
        answered = started + 8
    with transaction():
        write(
            """INSERT INTO call (id, account_id, key, direction, caller, number, did, state, outcome, line,
            answered_by, started, answered, ended, touched, test)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, outcome = excluded.outcome,
            answered = excluded.answered, ended = excluded.ended, number = excluded.number""",
            call_id, account.id, call_id, way, number, number, did, state, outcome, line,
            line if outcome == "answered" else "", started, answered or None, started + lasts, started, test,
        )  # fmt: skip
    return call_id


def ordered(account: Account, call_id: str, order: int, total: int | None) -> None:
    with transaction():
        write(
            """INSERT INTO call_order (account_id, call_id, order_id, sum, at) VALUES (?, ?, ?, ?, 0)
            ON CONFLICT (account_id, order_id) DO UPDATE SET sum = excluded.sum""",
            account.id, call_id, order, total,
        )  # fmt: skip


def said_done(account: Account, number: str, closed: float) -> None:
    with transaction():
        write(
            """INSERT INTO callback (account_id, number, call_id, first_at, at, closed_at, closed_how)
            VALUES (?, ?, '', 0, 0, ?, 'done')""",
            account.id, number, closed,
        )  # fmt: skip


def sums_of(account: Account) -> Sums:
    while figures.refresh(account.id):
        pass
    return reports.totals(Scope(account.id, *ALL))


def test_what_a_call_adds(restaurant: Restaurant) -> None:
    account = restaurant()
    put(
        account, "a", at("2026-03-02 12:00:00.9"), "answered", answered=at("2026-03-02 12:00:20.1"), lasts=100
    )
    ordered(account, "a", 1, 34500)
    ordered(account, "a", 2, None)
    assert sums_of(account) == Sums(
        calls=1, answered=1, timed=1, quick=1, wait_answered=20, talk=80, fresh=1, converted=1, orders=2, bills=1,
        revenue=34500,
    )  # fmt: skip


def test_an_order_of_a_guest_who_was_called_back_is_money_and_no_conversion(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"))
    ordered(account, "a", 1, 34500)
    found = sums_of(account)
    assert (found.orders, found.revenue, found.converted) == (1, 34500, 0)


def test_twenty_one_seconds_are_not_quick(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00:00"), "answered", answered=at("2026-03-02 12:00:21"))
    assert (sums_of(account).quick, sums_of(account).answered) == (0, 1)


def test_an_answer_without_its_moment_is_no_short_wait(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"), "answered", answered=0.0)
    sums = sums_of(account)
    assert (sums.answered, sums.timed, sums.quick, sums.wait_answered, sums.talk) == (1, 0, 0, 0, 0)


def test_tests_and_calls_in_progress_and_those_that_never_pop_up_do_not_count(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"), test=1)
    put(account, "b", at("2026-03-02 12:00"), state="answered")
    put(account, "c", at("2026-03-02 12:00"), number="+380670000000")
    assert sums_of(account).calls == 1
    with transaction():
        write("INSERT INTO never_pop (account_id, number, kind, at) VALUES (?, '+380670000000', 'courier', 0)",
              account.id)  # fmt: skip
    assert sums_of(account) == Sums()
    with transaction():
        write("UPDATE never_pop SET kind = 'pops' WHERE account_id = ?", account.id)
    assert sums_of(account).guests == 1


def test_a_masked_number_is_nobody_in_particular(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"), number="+38067*****33")
    put(account, "b", at("2026-03-02 13:00"), number="")
    sums = sums_of(account)
    assert (sums.hidden, sums.vain, sums.guests) == (2, 2, 0)


@pytest.mark.parametrize(
    ("gap", "ends"), [(48 * 3600 - 1, Sums(guests=1, lost=1)), (48 * 3600, Sums(guests=2, lost=2))]
)
def test_two_days_part_one_waiting_from_the_next(restaurant: Restaurant, gap: int, ends: Sums) -> None:
    account = restaurant()
    for call_id, moment in (("a", 0), ("b", gap)):
        put(account, call_id, at("2026-03-02 12:00") + moment)
    found = sums_of(account)
    assert (found.guests, found.lost, found.met) == (ends.guests, ends.lost, 0)


def test_a_guest_is_met_from_their_first_call_in_vain(restaurant: Restaurant) -> None:
    account, noon = restaurant(), at("2026-03-02 12:00")
    put(account, "a", noon)
    put(account, "b", noon + 600)
    put(account, "c", noon + 1200, "unknown", way="out")
    put(account, "d", noon + 1800, "answered", way="out")
    found = sums_of(account)
    assert (found.guests, found.met, found.met_after, found.placed, found.reached) == (1, 1, 1808, 2, 1)


def test_who_rings_while_somebody_says_done_is_not_meant(restaurant: Restaurant) -> None:
    account, noon = restaurant(), at("2026-03-02 12:00")
    put(account, "a", noon)
    put(account, "b", noon + 600, lasts=60)
    assert (sums_of(account).guests, sums_of(account).lost) == (1, 1)
    said_done(account, "+380671112233", noon + 630)
    found = sums_of(account)
    assert (found.guests, found.settled, found.lost) == (2, 1, 1)
    with transaction():
        write("DELETE FROM callback WHERE account_id = ?", account.id)
    assert sums_of(account).settled == 0


def test_who_waits_is_lost_after_two_days(restaurant: Restaurant) -> None:
    account, now = restaurant(), time.time()
    put(account, "a", now - 47 * 3600)
    assert sums_of(account).waiting == 1
    figures.lapse(now)
    assert figures.stale(account.id) == 0
    figures.lapse(now + 3600)
    figures.refresh(account.id, now=now + 3600)
    found = reports.totals(Scope(account.id, *ALL))
    assert (found.waiting, found.lost) == (0, 1)


def test_known_is_who_called_or_was_called_in_ninety_days(restaurant: Restaurant) -> None:
    account, noon = restaurant(), at("2026-03-02 12:00")
    put(account, "a", noon, "answered", way="out")
    put(account, "b", noon + 90 * DAY, "answered")
    put(account, "c", noon + 180 * DAY + 1, "answered")
    found = sums_of(account)
    assert (found.known, found.fresh) == (1, 1)


@pytest.mark.parametrize(
    ("zone", "begins", "moment", "day", "hour"),
    [
        (KYIV, 0, "2026-03-28 23:59:59", date(2026, 3, 28), 23),
        (KYIV, 0, "2026-03-29 00:00:00", date(2026, 3, 29), 0),
        (KYIV, 5, "2026-03-29 02:59:59", date(2026, 3, 28), 2),
        (KYIV, 5, "2026-03-29 04:59:59", date(2026, 3, 28), 4),
        (KYIV, 5, "2026-03-29 05:00:00", date(2026, 3, 29), 5),
        (WARSAW, 5, "2026-10-25 02:30:00", date(2026, 10, 24), 2),
        (KOLKATA, 5, "2026-06-01 04:59:59", date(2026, 5, 31), 4),
    ],
)
def test_the_day_is_the_restaurants(
    restaurant: Restaurant, zone: str, begins: int, moment: str, day: date, hour: int
) -> None:
    account = restaurant()
    set_up(account, zone, begins)
    put(account, "a", at(moment, zone))
    assert sums_of(account).calls == 1
    assert list(reports.by_day(Scope(account.id, *ALL))) == [day]
    assert list(reports.by_weekday_hour(Scope(account.id, *ALL))) == [(day.weekday(), hour)]


def test_an_hour_that_is_twice_is_one_row(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, WARSAW, 0)
    first = at("2026-10-25 02:30:00", WARSAW)
    put(account, "a", first)
    put(account, "b", first + 3600)
    assert sums_of(account).calls == 2
    assert {hour: sums.calls for hour, sums in reports.by_hour(Scope(account.id, *ALL)).items()} == {2: 2}


def test_a_day_that_begins_later_moves_the_night(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, KYIV, 0)
    put(account, "a", at("2026-03-03 01:00"))
    assert sums_of(account).calls == 1
    preferences.choose(account.id, day_starts="5")
    assert figures.stale(account.id) == 1
    assert sums_of(account).calls == 1
    assert list(reports.by_day(Scope(account.id, *ALL))) == [date(2026, 3, 2)]


def test_a_line_given_to_another_keeps_its_past(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"), "answered")
    sums_of(account)
    with transaction():
        write("UPDATE line_owner SET owner = 6 WHERE account_id = ? AND line = '101'", account.id)
    put(account, "b", at("2026-03-03 12:00"), "answered")
    figures.rebuild(account.id)
    sums_of(account)
    assert {who: sums.calls for who, sums in reports.by_employee(Scope(account.id, *ALL)).items()} == {
        5: 1,
        6: 1,
    }


def test_a_line_that_nobody_had_gets_its_past_with_its_first_owner(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"), "answered", line="109")
    sums_of(account)
    with transaction():
        write(
            "INSERT INTO line_owner (account_id, line, kind, owner) VALUES (?, '109', 'employee', 7)",
            account.id,
        )
    sums_of(account)
    assert list(reports.by_employee(Scope(account.id, *ALL))) == [7]


def test_the_spot_is_the_outside_numbers_else_where_the_line_was(restaurant: Restaurant) -> None:
    account, noon = restaurant(), at("2026-03-02 12:00")
    with transaction():
        Did.create(account=account, number="+380441112233", spot=2)
        write(
            "INSERT INTO line_owner (account_id, line, kind, owner) VALUES (?, '110', 'register', 3)",
            account.id,
        )
        for spot, register, minutes in ((1, 1, 12), (2, 3, 48)):
            write("INSERT INTO presence VALUES (?, ?, ?, ?, 6, ?)", account.id, int(noon) // 3600, spot, register,
                  minutes)  # fmt: skip
    put(account, "a", noon, did="+380441112233", line="101")
    put(account, "b", noon, line="110")
    put(account, "c", noon, line="102")
    put(account, "d", noon, line="101")
    sums_of(account)
    assert dict(rows("SELECT call_id, spot FROM call_fact")) == {"a": 2, "b": 2, "c": 2, "d": 0}


def test_open_hours_only(restaurant: Restaurant) -> None:
    account = restaurant()
    set_up(account, KYIV, 0)
    with transaction():
        for spot in (1, 2):
            write("INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) VALUES (?, ?, 0, 600, 1320)",
                  account.id, spot)  # fmt: skip
    put(account, "a", at("2026-03-02 12:00"))
    put(account, "b", at("2026-03-02 23:00"))
    sums_of(account)
    assert reports.totals(Scope(account.id, *ALL, open_only=True)).calls == 1


def test_a_call_that_is_saved_again_and_again_is_counted_once(restaurant: Restaurant) -> None:
    account, now = restaurant(), at("2026-03-02 12:00")
    call = journal.load(account.id, None, "k")
    for kind, after, outcome in ((RING, 0, ""), (ANSWER, 5, ""), (END, 65, "")):
        event = CallEvent("k", kind, now + after, "in", "0671112233", line="101", outcome=outcome)
        call = step(call, event)
        with transaction():
            journal.save(call, read(call.caller, "UA"))
        figures.refresh(account.id)
    found = sums_of(account)
    assert (found.calls, found.answered, found.wait_answered, found.talk) == (1, 1, 5, 60)


def test_of_two_who_count_at_once_the_second_gives_way(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"))
    marks = [mark for (mark,) in rows("SELECT id FROM stale_call WHERE account_id = ?", account.id)]
    sums_of(account)
    with pytest.raises(writing.Overtaken), transaction():
        writing.settle(account.id, marks, [])
    assert sums_of(account).calls == 1


def test_an_account_goes_with_all_its_figures(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"))
    ordered(account, "a", 1, 100)
    sums_of(account)
    put(account, "b", at("2026-03-02 12:00"))
    with transaction():
        write("DELETE FROM account WHERE id = ?", account.id)
    figures.lapse(time.time())
    for table in ("call_fact", "figure", "stale_call", "recount"):
        assert not rows(f"SELECT 1 FROM {table}")


def set_up(account: Account, zone: str, begins: int) -> None:
    with transaction():
        Account.update(timezone=zone).where(Account.id == account.id).execute()
    preferences.choose(account.id, day_starts=str(begins))


SET_UP = {
    "time zone": "UPDATE account SET timezone = 'Asia/Tokyo' WHERE id = ?",
    "beginning of the day": "INSERT INTO preference (account_id, name, value) VALUES (?, 'day_starts', '6')",
    "hours": "INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) "
    "SELECT account_id, poster_id, 1, 600, 700 FROM spot WHERE account_id = ?",
    "outside number": "INSERT INTO did (account_id, number, spot) VALUES (?, '+380441112233', 2)",
    "somebody's own telephone": "INSERT INTO line_owner (account_id, line, kind, owner) "
    "VALUES (?, '0671112233', 'employee', 7)",
}


@pytest.mark.parametrize("what", SET_UP)
def test_what_is_set_up_anew_counts_everything_again(restaurant: Restaurant, what: str) -> None:
    account, other = restaurant(), restaurant("other", "700124")
    for one in (account, other):
        put(one, f"{one.id}", at("2026-03-02 00:30", "UTC"), did="+380441112233")
    before = [sums_of(one) for one in (account, other)]
    assert [one.calls for one in before] == [1, 1]
    facts = "SELECT day, hour, open, counted, spot FROM call_fact ORDER BY account_id"
    was = rows(facts)
    with transaction():
        write(SET_UP[what], account.id)
    assert (figures.stale(account.id), figures.stale(other.id)) == (1, 0)
    sums_of(account)
    now = rows(facts)
    assert now[0] != was[0]
    assert now[1] == was[1]


@pytest.mark.parametrize("moment", [1.7e12, -5.0])
def test_a_company_with_a_wrong_clock_stops_nothing(restaurant: Restaurant, moment: float) -> None:
    account = restaurant()
    put(account, "a", moment)
    put(account, "b", at("2026-03-02 12:00"))
    figures.tend()
    assert figures.stale(account.id) == 0
    assert dict(rows("SELECT call_id, counted FROM call_fact")) == {"a": 1, "b": 1}


def test_another_preference_counts_nothing_again(restaurant: Restaurant) -> None:
    account = restaurant()
    put(account, "a", at("2026-03-02 12:00"))
    sums_of(account)
    preferences.choose(account.id, promise="50", keep_calls="24")
    assert figures.stale(account.id) == 0
