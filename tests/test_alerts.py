"""Alerts: what opens one, when it is told, to whom, and that it is told of once. Real sockets, a real process."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server import callbacks, doctor, hours, preferences
from server.alerts import digest, missed, opening, posts, quiet, saying, targets
from server.alerts.watching import Alerts
from server.config import Settings
from server.db import reading, rows, transaction, write
from server.doctor.finding import Finding
from server.models import Account, Did, Register, Trunk
from server.parts import Parts
from server.speech import speaker
from tests.alerting import (
    DAY,
    HOUR,
    KYIV,
    MIN,
    NOON,
    add_target,
    answer,
    call_in_vain,
    look,
    nothing,
    now_due,
    send,
    set_up,
    settings_at,
    waiting,
)
from tests.conftest import Restaurant, add_trunk
from tests.mailbox import Box
from tests.waiting import until


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_at(tmp_path)


@pytest.fixture
def account(parts: Parts, restaurant: Restaurant) -> Account:
    return set_up(restaurant())


# Guests who wait


def test_a_guest_whom_nobody_called_back_is_told_of_once(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 31 * MIN)
    call_in_vain(account, NOON - 10 * MIN)
    assert look(parts, account) == 1
    assert look(parts, account, NOON + 20) == 0
    [(kind, text, at)] = waiting()
    assert (kind, at) == ("alert", NOON)
    assert "times: 2, first at 11:29, and has waited for 31 min" in text
    now_due()
    send(parts)
    assert [one["title"] for one in box.got] == ["Печера: guests not called back: 1"]
    assert rows("SELECT text, title, how FROM alert_post") == [("", "", "sent")]


def test_before_the_minutes_are_over_nobody_is_told(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 29 * MIN)
    assert look(parts, account) == 0
    preferences.choose(account.id, alert_missed="0")
    assert look(parts, account, NOON + HOUR) == 0


def test_ten_guests_are_one_message_and_later_ones_wait_for_each_other(
    parts: Parts, account: Account, box: Box
) -> None:
    add_target(parts, account, box.url)
    for guest in range(10):
        call_in_vain(account, NOON - 40 * MIN + guest, f"+38067111220{guest}")
    assert look(parts, account) == 1
    assert waiting()[0][1].count("\n") == 9
    for guest in range(3):
        call_in_vain(account, NOON - 30 * MIN + 60 * guest, f"+38050111220{guest}")
    assert [look(parts, account, NOON + 60 * minute) for minute in range(1, 12)].count(1) == 1
    assert waiting()[1][1].count("\n") == 2


def test_whoever_was_called_back_ends_it(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 40 * MIN)
    look(parts, account)
    answer(account, NOON + 2 * MIN)
    assert look(parts, account, NOON + 3 * MIN) == 0  # together with others, ten minutes after the last
    assert look(parts, account, NOON + 11 * MIN) == 1
    assert waiting()[-1][1].endswith("was called back, after 43 min.")
    assert look(parts, account, NOON + 30 * MIN) == 0
    assert opening.open_of(account.id) == {}


def test_somebody_who_was_called_back_before_it_was_told_is_never_told_of(
    parts: Parts, account: Account, box: Box
) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 40 * MIN)
    answer(account, NOON - 5 * MIN)
    assert look(parts, account) == 0
    assert rows("SELECT * FROM alert") == []


def test_outside_working_hours_it_waits_for_the_opening(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    hours.set_week(account.id, 1, dict.fromkeys(range(7), (600, 1320)))
    hours.set_week(account.id, 2, dict.fromkeys(range(7), (1080, 1320)))
    with transaction():
        Did.create(account=account, number="+380441234567", spot=2)
    call_in_vain(account, NOON - 40 * MIN, did="+380441234567")
    assert look(parts, account) == 0, "its spot opens at six"
    assert look(parts, account, NOON + 6 * HOUR) == 1


def test_somebody_who_is_being_called_back_is_not_told_of(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 40 * MIN)
    [(callback,)] = rows("SELECT id FROM callback")
    callbacks.claim(account.id, callback, (5, "Olena"), NOON - MIN)
    assert look(parts, account) == 0
    assert look(parts, account, NOON + 16 * MIN) == 1


@pytest.mark.parametrize(("whole", "shown"), [("0", "+380…33"), ("1", "067 111 2233")])
def test_numbers_are_hidden_unless_the_owner_wants_them(
    parts: Parts, account: Account, box: Box, whole: str, shown: str
) -> None:
    add_target(parts, account, box.url)
    preferences.choose(account.id, alert_numbers=whole)
    call_in_vain(account, NOON - 40 * MIN, name="Ivan 0671112233")
    look(parts, account)
    text = waiting()[0][1]
    assert shown in text
    assert ("2233" in text) == (whole == "1")


# Phones, registers, the key


class Doctor:
    """Says what it is told to say."""

    def __init__(self) -> None:
        self.bad: set[tuple[str, str]] = set()
        self.asked = 0

    def __call__(self, account: int | None) -> list[Finding]:
        self.asked += 1
        return [Finding(kind, "bad", thing) for kind, thing in sorted(self.bad)]


def trunk_of(account: Account, **facts: object) -> Trunk:
    trunk = add_trunk(account)
    with transaction():
        Trunk.update(facts).where(Trunk.id == trunk.id).execute()
    return trunk


def test_a_silent_trunk_is_told_once_a_day_and_when_it_is_over(
    parts: Parts, account: Account, box: Box
) -> None:
    add_target(parts, account, box.url)
    doctor = Doctor()
    trunk = trunk_of(account, first_at=NOON - 9 * DAY, last_at=NOON - 7 * HOUR)
    doctor.bad = {("trunk_silent", str(trunk.id))}
    told = [parts.alerts.look(account, doctor, NOON + 20 * MIN * step) for step in range(90)]
    assert [step for step, count in enumerate(told) if count] == [0, 72]
    first, again = (text for _, text, _ in waiting())
    assert first.startswith("Binotel: no call and no event since 05:00")
    assert again.startswith("Still so: Binotel")
    with transaction():
        Trunk.update(last_at=NOON + 30 * HOUR).execute()
    assert parts.alerts.look(account, Doctor(), NOON + 30 * HOUR + 5) == 1
    assert waiting()[-1][1] == "Binotel: calls come again, after 37 h 00 min."
    assert parts.alerts.look(account, Doctor(), NOON + 31 * HOUR) == 0


def test_whoever_is_added_later_hears_what_still_lasts(parts: Parts, account: Account, box: Box) -> None:
    doctor = Doctor()
    still, past = (trunk_of(account, last_at=NOON, trouble="login", trouble_at=NOON - HOUR) for _ in range(2))
    doctor.bad = {("trunk_trouble", str(still.id)), ("trunk_trouble", str(past.id))}
    assert parts.alerts.look(account, doctor, NOON) == 0
    assert len(opening.open_of(account.id)) == 2
    doctor.bad = {("trunk_trouble", str(still.id))}
    assert parts.alerts.look(account, doctor, NOON + HOUR) == 0
    add_target(parts, account, box.url)
    assert parts.alerts.look(account, doctor, NOON + 2 * HOUR) == 1
    [(_, text, _)] = waiting()
    assert text.count("Binotel") == 1
    assert "again" not in text.partition(".")[0]
    assert parts.alerts.look(account, doctor, NOON + 3 * HOUR) == 0


def test_a_trouble_that_goes_by_itself_is_not_told(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    doctor = Doctor()
    trunk = trunk_of(account, last_at=NOON, trouble="login", trouble_at=NOON)
    doctor.bad = {("trunk_trouble", str(trunk.id))}
    assert parts.alerts.look(account, doctor, NOON + 9 * MIN) == 0
    assert parts.alerts.look(account, doctor, NOON + 10 * MIN) == 1
    assert waiting()[0][1].startswith("Binotel: The key or password is not accepted.")


def test_a_trunk_that_was_removed_ends_without_a_word(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    doctor = Doctor()
    trunk = trunk_of(account, last_at=NOON, trouble="login", trouble_at=NOON - HOUR)
    doctor.bad = {("trunk_trouble", str(trunk.id))}
    assert parts.alerts.look(account, doctor, NOON) == 1
    with transaction():
        Trunk.delete().execute()
    assert parts.alerts.look(account, Doctor(), NOON + HOUR) == 0
    assert opening.open_of(account.id) == {}


def test_a_register_that_is_off_for_the_night_neither_opens_nor_ends(
    parts: Parts, account: Account, box: Box
) -> None:
    add_target(parts, account, box.url)
    parts.alerts._started = NOON - DAY
    doctor = Doctor()
    with transaction():
        Register.update(seen_at=NOON - 20 * MIN).where(Register.poster_id == 1).execute()
    assert parts.alerts.look(account, doctor, NOON) == 0, "the doctor says that it may be off"
    doctor.bad = {("register_gone", "1")}
    assert parts.alerts.look(account, doctor, NOON + MIN) == 1
    assert waiting()[0][1].startswith("Register 1, Podil has been away since 11:40")
    assert parts.alerts.look(account, Doctor(), NOON + 10 * HOUR) == 0, "closed, and still away"
    with transaction():
        Register.update(seen_at=NOON + 20 * HOUR).where(Register.poster_id == 1).execute()
    assert parts.alerts.look(account, Doctor(), NOON + 20 * HOUR + 30) == 1
    assert waiting()[-1][1] == "Register 1, Podil is there again, after 20 h 20 min."


def test_a_server_that_was_away_itself_blames_no_register(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    doctor = Doctor()
    doctor.bad = {("register_gone", "1")}
    with transaction():
        Register.update(seen_at=NOON - 3 * HOUR).where(Register.poster_id == 1).execute()
    parts.alerts._started = NOON - 5 * MIN
    assert parts.alerts.look(account, doctor, NOON) == 0
    assert parts.alerts.look(account, doctor, NOON + 11 * MIN) == 1


def test_a_key_that_ends_soon_or_is_refused(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    with transaction():
        Account.update(connected_at=NOON - 701 * DAY).execute()
    assert look(parts, account) == 1
    assert "ends on 17.12.2026" in waiting()[0][1]
    with transaction():
        Account.update(state="broken", problem="expired").execute()
    assert look(parts, account, NOON + 60) == 1
    assert "no longer accepts our key" in waiting()[1][1]
    with transaction():
        Account.update(state="connected", problem="", connected_at=NOON + 2 * HOUR).execute()
    assert look(parts, account, NOON + 2 * HOUR) == 1
    assert waiting()[2][1].splitlines() == ["Poster accepts our key again, after 1 h 59 min."]


def test_the_doctor_and_the_alerts_speak_of_the_same(parts: Parts, account: Account, box: Box) -> None:
    """The real doctor, on a Wednesday at noon with working hours from ten."""
    add_target(parts, account, box.url)
    parts.alerts._started = NOON - DAY
    for spot in (1, 2):
        hours.set_week(account.id, spot, dict.fromkeys(range(7), (600, 1320)))
    trunk_of(account, first_at=NOON - 90 * DAY, last_at=NOON - 20 * HOUR)
    trunk_of(account, last_at=NOON, trouble="login", trouble_at=NOON - HOUR)
    trunk_of(account, last_at=NOON, state="connecting", state_at=NOON - HOUR)
    with transaction():
        Register.update(seen_at=NOON - 20 * MIN).where(Register.poster_id == 1).execute()

    def ask(of: int | None) -> list[Finding]:
        return doctor.findings(parts, of, NOON)

    assert parts.alerts.look(account, ask, NOON) == 1
    text = waiting()[0][1]
    assert [
        word
        for word in ("no call and no event", "is not accepted", "connection is lost", "been away")
        if word not in text
    ] == []
    assert len(text.splitlines()) == 4


def test_a_quiet_account_asks_the_doctor_nothing(parts: Parts, account: Account) -> None:
    doctor = Doctor()
    trunk_of(account, last_at=NOON - MIN)
    parts.alerts.look(account, doctor, NOON)
    assert doctor.asked == 0


def test_the_boxs_trouble_goes_to_its_own_target_and_not_to_accounts(
    tmp_path: Path, parts: Parts, account: Account, restaurant: Restaurant, box: Box
) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    alerts = Alerts(replace(parts.settings, alert_url=box.url), parts.vault)

    def full(account: int | None) -> list[Finding]:
        return [Finding("disk", "bad", facts={"free_mb": 12, "database_mb": 3, "wal_mb": 0})]

    assert alerts.watch_box(full, NOON) == 1
    assert alerts.watch_box(full, NOON + HOUR) == 0
    alerts.outbox.tend()
    until(lambda: len(box.got) == 1)
    assert box.got[0]["title"] == "phone.example.com: something is wrong"
    assert box.got[0]["message"].startswith("Little room is left on the server’s disk. Make room")
    assert alerts.watch_box(lambda account: [Finding("disk_good", "good")], NOON + 2 * HOUR) == 1
    assert rows("SELECT DISTINCT account_id FROM alert_post") == [(None,)]


def test_the_only_owner_hears_of_the_box_where_nobody_is_named(
    parts: Parts, account: Account, restaurant: Restaurant
) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    bad = [Finding("clock", "bad", facts={"seconds": 90})]
    assert parts.alerts.watch_box(lambda account: bad, NOON) == 1
    with transaction():
        write("DELETE FROM alert")
    restaurant("kaffka", "700124")
    assert parts.alerts.watch_box(lambda account: bad, NOON) == 0


# When


@pytest.mark.parametrize(
    ("at", "begins", "ends", "until_"),
    [
        ((2026, 3, 28, 23, 30), 23, 8, (2026, 3, 29, 8, 0)),  # the shortest night
        (
            (2026, 3, 29, 1, 0),
            23,
            3,
            (2026, 3, 29, 4, 0),
        ),  # three o'clock does not come: the clock jumps to four
        ((2026, 10, 24, 23, 30), 23, 8, (2026, 10, 25, 8, 0)),  # the longest
        ((2026, 10, 25, 2, 0), 23, 3, (2026, 10, 25, 3, 0)),  # three o'clock comes twice: the first
        ((2026, 11, 18, 12, 0), 23, 8, (2026, 11, 18, 12, 0)),
        ((2026, 11, 18, 7, 59), 23, 8, (2026, 11, 18, 8, 0)),
        ((2026, 11, 18, 13, 0), 12, 15, (2026, 11, 18, 15, 0)),
        ((2026, 11, 18, 5, 0), 5, 5, (2026, 11, 18, 5, 0)),
    ],
)
def test_quiet_hours_end_when_the_clock_says_so(
    at: tuple[int, ...], begins: int, ends: int, until_: tuple[int, ...]
) -> None:
    asked, wanted = (datetime(*one, tzinfo=KYIV).timestamp() for one in (at, until_))  # type: ignore[arg-type, misc]
    assert quiet.until(asked, KYIV, begins, ends) == wanted


def test_every_minute_of_a_year_comes_out_of_quiet_hours() -> None:
    begin = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    for at in range(begin, begin + 366 * 86400, 1740):
        end = quiet.until(at, KYIV, 22, 7)
        assert at <= end <= at + 10 * HOUR
        assert not quiet.is_quiet(end, KYIV, 22, 7)


def test_what_happens_at_night_comes_as_one_message_in_the_morning(
    parts: Parts, account: Account, box: Box
) -> None:
    add_target(parts, account, box.url)
    night = NOON + 13 * HOUR
    call_in_vain(account, night - HOUR)
    look(parts, account, night)
    call_in_vain(account, night - MIN, "+380501234567")
    look(parts, account, night + HOUR)
    assert [at for _, _, at in waiting()] == [NOON + 20 * HOUR] * 2
    with transaction():
        write("UPDATE alert_post SET next_at = 0")
        write("DELETE FROM preference WHERE name LIKE 'quiet%'")
        write("INSERT INTO preference (account_id, name, value) VALUES (?, 'quiet_from', '0')", account.id)
        hour = datetime.now(KYIV).hour
        write(
            "INSERT INTO preference (account_id, name, value) VALUES (?, 'quiet_to', ?)",
            account.id,
            str(hour + 1),
        )
    if hour < 23:
        send(parts)
        assert box.got == [], "it is quiet now"
    now_due()
    send(parts)
    assert [one["title"] for one in box.got] == ["Dzvinok: messages 2"]
    assert box.texts()[0].count("in vain") == 2


def test_the_digest_comes_once_a_day(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    preferences.choose(account.id, digest_at="9")
    call_in_vain(account, NOON - DAY, name="Ivan 0671112233")
    nine = NOON - 3 * HOUR
    told = [look(parts, account, nine + step * 300) for step in range(-3, 40)]
    digests = rows("SELECT title, text, next_at FROM alert_post WHERE kind = 'digest'")
    assert len(digests) == 1
    assert told[3] >= 1
    assert digests[0][0] == "Печера: calls of 17.11.2026"
    assert "Calls: 1. Answered: 0, in vain: 1." in digests[0][1]
    assert "Still wait for a call: 1. Ivan" in digests[0][1]
    assert "33" not in digests[0][1]
    assert " more" not in digests[0][1]
    fresh = Alerts(parts.settings, parts.vault)  # as after a restart
    assert fresh.look(account, nothing, nine + HOUR) == 0
    preferences.choose(account.id, digest_at="15")
    assert look(parts, account, NOON + 4 * HOUR) == 0, "moved on the same day: it was sent already"
    look(parts, account, NOON + 27 * HOUR + 60)
    assert rows("SELECT count(*) FROM alert_post WHERE kind = 'digest'") == [(2,)]


def test_the_digest_says_how_many_it_does_not_name_and_no_half_names(parts: Parts, account: Account) -> None:
    names = ("Ivan 0671112233", "<img src=x onerror=alert(1)>", "Стіл 5 Анна", "", "Олена К.", "Олена " * 12)
    for number, name in enumerate(names):
        call_in_vain(account, NOON - HOUR + number, f"+38067111220{number}", name=name)
    _, text = digest.said_of(parts.alerts.reader(account), date(2026, 11, 18), NOON)
    assert "Still wait for a call: 6. Ivan, Олена К. and 4 more" in text
    assert "img" not in text
    for number in range(10):
        call_in_vain(
            account, NOON - HOUR + 60 + number, f"+38050111220{number}", name=f"Guest{chr(65 + number)}"
        )
    _, text = digest.said_of(parts.alerts.reader(account), date(2026, 11, 18), NOON)
    assert "GuestD and 10 more" in text


@pytest.mark.parametrize(
    ("name", "shown"), [("Олена " * 10 + "Коваль", "Олена " * 9 + "Олена…"), ("Ї" * 80, "Ї" * 59 + "…")]
)
def test_a_long_name_is_seen_to_be_cut(parts: Parts, account: Account, name: str, shown: str) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    call_in_vain(account, NOON - 40 * MIN, name=name)
    look(parts, account)
    assert waiting()[0][1].startswith(f"{shown} +380…33 called")


@pytest.mark.parametrize("lang", ["ua", "ru", "pl", "en"])
def test_days_end_a_sentence_with_one_full_stop(parts: Parts, account: Account, lang: str) -> None:
    say, now = speaker(lang), NOON
    facts = {
        "name": "Anna M.",
        "number": "+380…33",
        "calls": 1,
        "first": now - 3 * DAY,
        "flags": [],
        "how": "done",
    }
    told = [saying.sentence(say, KYIV, "missed", {**facts, "calls": calls}, now) for calls in (1, 2)]
    told += [saying.over(say, kind, facts, 3 * DAY) for kind in ("missed", "register_gone", "token_refused")]
    told += [saying.over(say, kind, facts, 3 * DAY) for kind in ("trunk_silent", "trunk_connecting")]
    for text in told:
        assert text.endswith("."), text
        assert ".." not in text, text


def test_a_box_that_was_off_sends_the_digest_when_it_is_back_but_not_at_night(
    parts: Parts, account: Account
) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    preferences.choose(account.id, digest_at="9")
    reader = parts.alerts.reader(account)
    assert digest.due(reader, NOON + 8 * HOUR) is not None
    assert digest.due(reader, NOON + 10 * HOUR) is None


def test_the_digest_comes_at_its_hour_also_when_the_clock_is_changed(parts: Parts, account: Account) -> None:
    preferences.choose(account.id, digest_at="3")
    reader = parts.alerts.reader(account)
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26)):
        due = [
            at
            for minute in range(0, 26 * 60, 10)
            if (at := quiet.on(day, 0, KYIV) + 60 * minute)
            and (owed := digest.due(reader, at))
            and owed[0] == day
        ]
        assert (
            due[0] == datetime.combine(day, dt.time(4 if day == date(2026, 3, 29) else 3), KYIV).timestamp()
        )


def test_a_target_added_at_noon_gets_no_digest_of_the_morning(parts: Parts, account: Account) -> None:
    preferences.choose(account.id, digest_at="9")
    with transaction():
        write(targets.ADD, account.id, "other", "…", parts.vault.seal("json://127.0.0.1:9/"), NOON)
    assert look(parts, account) == 0
    assert look(parts, account, NOON + DAY) == 1


@pytest.mark.parametrize(
    "sql",
    [posts.DUE, posts.WAITING, posts.TRIM, opening.OPEN, opening.UNTOLD_ENDS, missed.WAITING, missed.THESE],
)
def test_what_the_clock_asks_finds_its_way(sqlite: None, database: None, sql: str) -> None:
    with reading():
        plan = [row[3] for row in rows(f"EXPLAIN QUERY PLAN {sql}", *([1] * sql.count("?")))]
    for step in plan:
        assert not step.startswith("SCAN") or "json_each" in step, step
        assert "callback_number" not in step, step
