"""Alerts: what opens one, when it is told, to whom, and that it is told of once. Real sockets, a real process."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from peewee import IntegrityError

from server import callbacks, hours, preferences
from server.alerts import apprising, digest, fence, opening, outbox, quiet, running, services, targets
from server.alerts.targets import Target
from server.alerts.watching import Alerts
from server.config import Settings, load
from server.db import rows, transaction, write
from server.doctor.finding import Finding
from server.models import Account, CallRow, Did, Guest, GuestNumber, Register, Trunk
from server.parts import Parts
from server.speech import speaker
from tests import wire
from tests.conftest import Restaurant, add_trunk
from tests.mailbox import Box, Mail, hanging, until

KYIV = ZoneInfo("Europe/Kyiv")
CALLER = "+380671112233"
MIN, HOUR, DAY = 60.0, 3600.0, 86400.0
NOON = datetime(2026, 11, 18, 12, tzinfo=KYIV).timestamp()  # a Wednesday


@pytest.fixture
def box() -> Iterator[Box]:
    box = Box()
    yield box
    box.close()


@pytest.fixture
def mail() -> Iterator[Mail]:
    mail = Mail()
    yield mail
    mail.close()


@pytest.fixture
def settings(tmp_path: Path, mail: Mail) -> Settings:
    environ = wire.environment(8080, tmp_path / "d.db", PUBLIC_URL="https://phone.example.com", SMTP_URL=mail.url,
                               ALERT_SCHEMAS="json")  # fmt: skip
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(parts: Parts, restaurant: Restaurant) -> Account:
    return set_up(restaurant())


def set_up(account: Account) -> Account:
    with transaction():
        Account.update(
            timezone="Europe/Kyiv", title="Печера", lang="en", connected_at=NOON - 30 * DAY
        ).execute()
    preferences.choose(account.id, digest_at="24")
    return Account.get_by_id(account.id)


def nothing(account: int | None) -> list[Any]:
    """A doctor to whom all is well."""
    return []


def look(parts: Parts, account: Account, now: float = NOON) -> int:
    return parts.alerts.look(account, nothing, now)


def call_in_vain(account: Account, at: float, number: str = CALLER, did: str = "", name: str = "") -> None:
    with transaction():
        CallRow.create(account=account, id=f"{number}-{at}", key=f"{number}-{at}", direction="in", caller=number,
                       number=number, did=did, name=name, state="ended", outcome="missed", started=at, ended=at + 20,
                       touched=at, version=1)  # fmt: skip
        callbacks.settle(account.id, number, at + 20)


def answer(account: Account, at: float, number: str = CALLER) -> None:
    with transaction():
        CallRow.create(account=account, id=f"{number}+{at}", key=f"{number}+{at}", direction="out", caller=number,
                       number=number, state="ended", outcome="answered", started=at, answered=at + 5, ended=at + 60,
                       touched=at, version=1)  # fmt: skip
        callbacks.settle(account.id, number, at + 60)


def add_target(parts: Parts, account: Account, url: str, kind: str = "other") -> Target:
    """Without asking Apprise, which takes half a second."""
    with transaction():
        write(targets.ADD, account.id, kind, "…", parts.vault.seal(url), NOON - 30 * DAY)
    return parts.alerts.targets.of(account.id)[-1]


def waiting() -> list[tuple[str, str, float]]:
    """Kind, text and time of the messages that wait."""
    return rows("SELECT kind, text, next_at FROM alert_post WHERE done_at IS NULL ORDER BY id")


def send(parts: Parts) -> None:
    """Until nothing is under way."""
    parts.alerts.post()
    until(lambda: not parts.alerts.outbox.busy)


def now_due() -> None:
    """The clock of the messages is the real one; those of a made-up day go out now."""
    with transaction():
        write("UPDATE alert_post SET next_at = 0, at = ? WHERE done_at IS NULL", time.time())
        write("DELETE FROM preference WHERE name LIKE 'quiet%'")
        for name in ("quiet_from", "quiet_to"):
            write("INSERT INTO preference (account_id, name, value) SELECT id, ?, '0' FROM account", name)


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


def test_a_hostile_name_is_only_text(parts: Parts, account: Account, box: Box, mail: Mail) -> None:
    add_target(parts, account, box.url)
    add_target(parts, account, "owner@example.com", "email")
    name = "<a href='http://x'>*Іван*</a>\r\nBcc: all@example.com \u202e_b_"
    with transaction():
        Guest.create(account=account, client_id=9, name=name, paid=0, read_at=NOON)
        GuestNumber.create(account=account, client_id=9, number=CALLER, at=NOON)
    call_in_vain(account, NOON - 40 * MIN)
    look(parts, account)
    now_due()
    send(parts)
    until(lambda: len(mail.got) == 1 and len(box.got) == 1)
    [text] = box.texts()
    assert text.startswith("<a href='http://x'>*Іван*</a> Bcc: all@example.com _b_ +380…33")
    [letter] = mail.got
    assert letter["Bcc"] is None
    assert letter["To"] == "owner@example.com"
    assert letter["Subject"] == "Печера: guests not called back: 1"
    plain = letter.get_body(("plain",))
    assert plain is None or "<a href='http://x'>*Іван*</a>" in plain.get_content()
    rich = letter.get_body(("html",))
    assert rich is None or "<a href" not in rich.get_content()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Apprise's own imports
def test_telegram_gets_it_escaped(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.telegram import NotifyTelegram

    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://{box.host}/bot")
    box.reply = {"ok": True, "result": {}}
    address = services.telegram("123456789:AAabcdefghijklmnopqrstuvwxyz0123456", "-100200300")
    assert apprising.send(address, "Печера: <i>x</i>", "<b>Іван</b> [x](http://x)") == ""
    sent = box.got[-1]
    assert sent["chat_id"] in (-100200300, "-100200300")
    assert "&lt;b&gt;Іван&lt;/b&gt; [x](http://x)" in sent["text"]
    assert sent["parse_mode"].upper() == "HTML"


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
    assert "33" not in digests[0][1]
    fresh = Alerts(parts.settings, parts.vault)  # as after a restart
    assert fresh.look(account, nothing, nine + HOUR) == 0
    preferences.choose(account.id, digest_at="15")
    assert look(parts, account, NOON + 4 * HOUR) == 0, "moved on the same day: it was sent already"
    look(parts, account, NOON + 27 * HOUR + 60)
    assert rows("SELECT count(*) FROM alert_post WHERE kind = 'digest'") == [(2,)]


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


# How


def test_a_target_that_hangs_or_refuses_delays_nobody(
    parts: Parts, account: Account, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SOON", 0.0)
    now = time.time()
    with hanging() as mute:
        for url in (f"json://{mute}/?rto=15&cto=15", "json://127.0.0.1:9/", box.url):
            add_target(parts, account, url)
        _, _, well = listeners = outbox.listeners(account.id)
        with transaction():
            outbox.tell(account.id, listeners, "alert", ("t", "x"), now, now)
        now_due()
        parts.alerts.post()
        until(lambda: rows("SELECT count(*) FROM alert_post WHERE done_at IS NULL") == [(2,)])
        until(lambda: rows("SELECT 1 FROM alert_target WHERE problem = 'unreachable'"))
        with transaction():
            outbox.tell(account.id, [well], "alert", ("t", "y"), now, now)
        assert parts.alerts.outbox.busy, "the first still hangs"
        parts.alerts.post()
        until(lambda: box.texts() == ["x", "y"], seconds=8)
        assert parts.alerts.outbox.busy
    until(lambda: not parts.alerts.outbox.busy)
    assert [one.problem for one in parts.alerts.targets.of(account.id)] == ["unreachable", "unreachable", ""]
    assert box.texts() == ["x", "y"]


def test_it_is_tried_again_with_growing_pauses_for_a_day(parts: Parts, account: Account, box: Box) -> None:
    box.answer = 503
    target = add_target(parts, account, box.url)
    parcel = outbox.Parcel(target.id, [1], "t", "x", "", False, False)
    now = time.time()
    with transaction():
        outbox.tell(account.id, [target.id], "alert", ("t", "x"), now, now)
    pauses = []
    for _ in range(8):
        parts.alerts.outbox._note(parcel, "down")
        pauses.append(round(rows("SELECT next_at FROM alert_post")[0][0] - time.time(), -1))
    assert pauses == sorted(pauses)
    assert sum(pauses[:7]) <= DAY
    assert rows("SELECT done_at FROM alert_post") == [(None,)]
    with transaction():
        write("UPDATE alert_post SET at = ?", now - DAY - 1)
    parts.alerts.outbox._note(parcel, "down")
    assert rows("SELECT how, text FROM alert_post") == [("lost", "")]
    assert parts.alerts.targets.of(account.id)[0].problem == "down"


def test_a_process_that_dies_leaves_its_messages_to_be_sent_again(
    parts: Parts, account: Account, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_target(parts, account, box.url)
    now = time.time()
    with transaction():
        outbox.tell(account.id, outbox.listeners(account.id), "alert", ("t", "x"), now, now)
    now_due()
    monkeypatch.setattr(running, "COMMAND", ["/bin/false"])
    send(parts)
    assert parts.alerts.targets.of(account.id)[0].problem == "hangs"
    monkeypatch.undo()
    now_due()
    send(parts)
    assert box.texts() == ["x"]
    assert parts.alerts.targets.of(account.id)[0].problem == ""


def test_an_alert_and_its_messages_are_one_transaction(parts: Parts, account: Account, box: Box) -> None:
    add_target(parts, account, box.url)
    call_in_vain(account, NOON - 40 * MIN)
    with transaction():
        write("CREATE TRIGGER no BEFORE INSERT ON alert_post BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(IntegrityError):
        look(parts, account)
    assert rows("SELECT * FROM alert") == []
    with transaction():
        write("DROP TRIGGER no")
    assert look(parts, account) == 1


def test_long_mornings_are_cut_at_a_line(parts: Parts) -> None:
    title, text = outbox.merged([("t", "line\n" * 400)] * 5, speaker("en"))
    assert title == "Dzvinok: messages 5"
    assert len(text) < 3100
    assert text.endswith("line\n" + speaker("en")("alert.more"))


def test_a_private_address_is_fenced_off(box: Box) -> None:
    heard: list[Any] = []
    message = {"id": 1, "address": box.url, "title": "t", "text": "x"}
    running.carry({"messages": [message], "seconds": 10, "fenced": True}, heard.append)
    assert [one["id"] for one in heard] == [1]
    assert heard[0]["problem"]
    assert box.paths == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "0.0.0.0",
     "fd00::1", "100.64.0.1", "localhost"],
)  # fmt: skip
def test_the_fence_knows_what_is_private(address: str) -> None:
    with pytest.raises(fence.Fenced):
        fence.look((address, 443))


def test_the_fence_lets_the_internet_through() -> None:
    fence.look(("149.154.167.220", 443))
    fence.look(("2001:67c:4e8:f004::9", 443, 0, 0))
