"""What the check-up finds, that it goes when it is put right, and who sees it."""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from flask import Flask

from server import create_app, doctor, hub, preferences, presence
from server.cli import common
from server.config import ROOT, Settings, load
from server.db import close_database, reading, rows, transaction, write
from server.doctor import BAD, GOOD, WARN, Finding, box, registers
from server.doctor.finding import sorted_
from server.models import Account, CallRow, Employee, Hook, LineOwner, Member, Register, Stray, Tally, Trunk
from server.models import Sighting as SightingRow
from server.parts import Parts
from server.poster.wire import Wire
from server.probing import Outside
from server.probing.outside import certificate
from server.speech import LANGUAGES
from server.speech import load as words
from server.web.pagetoken import Pass
from tests import wire
from tests.conftest import Restaurant, add_trunk, finish_background_work
from tests.manage_page import Page
from tests.poster.company import TOKEN, Company, error

NOON = 1795435200.0  # Monday, 23 November 2026, 12:00 UTC
DAY, HOUR = 86400.0, 3600.0


@pytest.fixture
def settings(tmp_path: Path, company: Company) -> Settings:
    """Nothing of it leaves this machine."""
    return load(wire.environment(9, tmp_path / "dzvinok.db", company.url), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, parts: Parts, restaurant: Restaurant) -> Account:
    found = restaurant()
    with transaction():
        Account.update(token=parts.vault.seal(TOKEN), connected_at=time.time()).execute()
        Employee.update(extras_line="101").where(Employee.poster_id == 5).execute()
        Employee.update(extras_line="102").where(Employee.poster_id == 6).execute()
    return found


@pytest.fixture
def page(app: Flask, settings: Settings, account: Account) -> Page:
    return Page(app.test_client(), settings, Pass(account=account.id))


def levels(parts: Parts, account: Account | None, now: float | None = None) -> dict[str, str]:
    """Kind, with what it is about where it says so, -> level."""
    found = doctor.findings(parts, account.id if account else None, now)
    return {f"{one.kind} {one.thing}".strip(): one.level for one in found}


def put(model: type, **values: object) -> None:
    with transaction():
        model.update(values).execute()  # type: ignore[attr-defined]


def test_the_key_to_poster(parts: Parts, account: Account) -> None:
    assert levels(parts, account)["token_good"] == GOOD
    put(Account, state="broken", problem="expired")
    assert levels(parts, account)["token"] == BAD
    put(Account, state="connected", problem="", connected_at=time.time() - 715 * DAY)
    assert levels(parts, account)["token_aging"] == WARN
    put(Account, connected_at=time.time() - DAY, token="")
    parts.probes.ask_now(account.id)
    assert levels(parts, account)["token"] == BAD
    put(Account, connected_at=time.time() + 1)
    assert levels(parts, account)["token_good"] == GOOD
    put(Account, state="disconnected")
    assert levels(parts, account)["not_connected"] == BAD


def test_the_accesses_that_poster_gives(parts: Parts, account: Account, company: Company) -> None:
    company.answers |= {"clients.getGroups": error(20), "menu.getProduct": error(20),
                        "incomingOrders.getIncomingOrder": error(700), "dash.getTransaction": error(32)}  # fmt: skip
    parts.probes.ask_now(account.id)
    found = levels(parts, account)
    assert (found["access clients"], found["access menu"], found["plan incomingOrders"]) == (BAD, WARN, WARN)
    assert "access dash" not in found
    company.answers |= {"clients.getGroups": [], "menu.getProduct": [], "incomingOrders.getIncomingOrder": []}
    parts.probes.ask_now(account.id)
    assert levels(parts, account)["access_good"] == GOOD


def test_a_silent_poster_is_asked_one_question_not_six(
    parts: Parts, account: Account, company: Company
) -> None:
    company.stop()
    begun = time.monotonic()
    parts.probes.ask_now(account.id)
    assert levels(parts, account)["poster_down"] == WARN
    assert time.monotonic() - begun < 5


def test_posters_webhooks(parts: Parts, account: Account) -> None:
    assert not {"hooks_good", "hooks_none"} & levels(parts, account).keys()
    put(Account, connected_at=time.time() - 2 * DAY)
    assert levels(parts, account)["hooks_none"] == WARN
    with transaction():
        Hook.create(digest="x", at=time.time(), account="somebody-else")
    assert levels(parts, account)["hooks_none"] == WARN
    with transaction():
        Hook.create(digest="y", at=time.time(), account="pechera")
    assert levels(parts, account)["hooks_good"] == GOOD


def refuse(parts: Parts, name: str) -> None:
    body = {
        "account": name,
        "object": "client",
        "object_id": 1,
        "action": "changed",
        "time": "1",
        "verify": "x",
    }
    assert parts.noticing.take(json.dumps(body).encode()) == "signature"


def test_a_notice_that_anybody_may_have_sent_turns_no_accounts_page_red(
    parts: Parts, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    refuse(parts, "nobody-knows")
    assert "hooks_refused signature" not in levels(parts, account)
    refuse(parts, "kaffka")
    assert "hooks_refused signature" not in levels(parts, account)
    assert levels(parts, other)["hooks_refused signature"] == WARN
    assert levels(parts, None)["hooks_refused signature"] == WARN


def test_refused_notices_are_a_fault_once_none_was_taken_for_an_hour(parts: Parts, account: Account) -> None:
    refuse(parts, "pechera")
    write("UPDATE tally SET last_at = last_at - ?", 2 * HOUR)
    refuse(parts, "Pechera ")
    assert levels(parts, account)["hooks_refused signature"] == BAD
    assert levels(parts, None)["hooks_refused signature"] == BAD
    with transaction():
        Hook.create(digest="y", at=time.time(), account="pechera")
    assert levels(parts, account)["hooks_refused signature"] == WARN
    assert levels(parts, None)["hooks_refused signature"] == WARN
    write("UPDATE tally SET last_at = last_at - ?", DAY)
    assert "hooks_refused signature" not in levels(parts, account)


def test_lines_without_anyone(parts: Parts, account: Account) -> None:
    assert levels(parts, account)["lines_good"] == GOOD
    with transaction():
        Stray.create(account=account, kind="line", value="109", count=3, last_at=time.time())
    assert levels(parts, account)["stray_line 109"] == WARN
    with transaction():
        LineOwner.create(account=account, line="109", kind="employee", owner=7)
        Employee.update(extras_line="109").where(Employee.poster_id == 7).execute()
    assert levels(parts, account)["lines_good"] == GOOD


def test_figures_and_alerts_that_wait(parts: Parts, account: Account) -> None:
    with transaction():
        write("""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
            INSERT INTO stale_call (account_id, call_id) SELECT ?, i FROM n""", account.id)  # fmt: skip
        write(
            "INSERT INTO alert_target (account_id, kind, title, address, at) VALUES (?, 'mail', 'Boss', '', 1)",
            account.id,
        )
        write("""INSERT INTO alert_post (account_id, target_id, kind, text, at, tries, next_at)
            SELECT ?, id, 'alert', 'x', 1, 3, 1 FROM alert_target""", account.id)  # fmt: skip
    found = levels(parts, account)
    assert (found["figures"], found["alerts_stuck Boss"]) == (WARN, BAD)
    with transaction():
        write("DELETE FROM stale_call")
        write("UPDATE alert_post SET done_at = 2")
    assert not {"figures", "alerts_stuck Boss"} & levels(parts, account).keys()


def test_a_trunk_from_the_first_event_to_trouble(parts: Parts, account: Account) -> None:
    assert levels(parts, account)["no_trunk"] == BAD
    id_ = add_trunk(account).id
    assert levels(parts, account)[f"trunk_new {id_}"] == WARN
    put(Trunk, last_at=time.time(), first_at=1.0)
    assert levels(parts, account)[f"trunk_good {id_}"] == GOOD
    put(Trunk, delay=7.0)
    assert levels(parts, account)[f"trunk_late {id_}"] == WARN
    put(Trunk, trouble="login")
    assert levels(parts, account)[f"trunk_trouble {id_}"] == BAD
    put(Trunk, trouble="busy")
    assert levels(parts, account)[f"trunk_trouble {id_}"] == WARN
    put(Trunk, trouble="", state="connecting", state_at=time.time() - 10)
    assert levels(parts, account)[f"trunk_connecting {id_}"] == WARN
    put(Trunk, state_at=time.time() - 1000)
    assert levels(parts, account)[f"trunk_connecting {id_}"] == BAD
    put(Trunk, paused=True)
    assert levels(parts, account)[f"trunk_paused {id_}"] == WARN


def calls(account: Account, trunk: Trunk, *moments: float) -> None:
    with transaction():
        for at in moments:
            key = f"k{account.id}-{at}"
            CallRow.create(account=account, trunk=trunk, id=key, key=key, direction="in", state="ended", started=at,
                           touched=at, version=1)  # fmt: skip


def test_a_trunk_is_silent_when_other_weeks_were_not(parts: Parts, account: Account) -> None:
    """Seven hours of silence; in the same hours of each earlier week there were calls, at night there never were."""
    trunk = add_trunk(account)
    weeks = [NOON - back * 7 * DAY for back in (1, 2, 3)]
    calls(account, trunk, NOON - 25 * DAY, *(at - 3 * HOUR for at in weeks))
    put(Trunk, last_at=NOON - 7 * HOUR)
    assert levels(parts, account, NOON)[f"trunk_silent {trunk.id}"] == BAD
    night = NOON - 9 * HOUR
    put(Trunk, last_at=night - 5 * HOUR)
    assert f"trunk_silent {trunk.id}" not in levels(parts, account, night + 4 * HOUR)
    put(Trunk, last_at=NOON - HOUR)
    assert levels(parts, account, NOON)[f"trunk_good {trunk.id}"] == GOOD
    put(Trunk, last_at=NOON - 7 * HOUR)
    preferences.choose(account.id, alert_trunk="0")
    assert f"trunk_silent {trunk.id}" not in levels(parts, account, NOON)


def test_hours_when_nobody_works_are_no_silence(parts: Parts, account: Account) -> None:
    """The spots open at noon: what was not heard in the morning is not missed."""
    trunk = add_trunk(account)
    put(Trunk, last_at=NOON - 14 * HOUR)
    with transaction():
        for weekday in range(7):
            for spot in (1, 2):
                write("INSERT INTO spot_hours (account_id, spot, weekday, opens, closes) VALUES (?, ?, ?, 720, 1320)",
                      account.id, spot, weekday)  # fmt: skip
        Account.update(timezone="UTC").execute()
    assert f"trunk_silent {trunk.id}" not in levels(parts, account, NOON + HOUR)
    assert levels(parts, account, NOON + 7 * HOUR)[f"trunk_silent {trunk.id}"] == BAD


def seat(
    parts: Parts, account: Account, register: int, employee: int | None, version: str = ""
) -> hub.Listener:
    one = hub.Listener(account.id, register, 1, employee, version=version)
    parts.hub.join(one)
    return one


def test_a_register_from_never_to_gone(parts: Parts, account: Account) -> None:
    assert levels(parts, account)["register_never 1"] == WARN
    olena, now = seat(parts, account, 1, 5), time.time()
    presence.note(parts.hub, now)
    assert not any(kind.endswith(" 1") for kind in levels(parts, account))
    parts.hub.leave(olena)
    assert levels(parts, account, now + 60)["register_gone 1"] == WARN
    assert levels(parts, account, now + 20 * 60)["register_gone 1"] == BAD
    # Nobody set hours: after a day without it, it is not missed; a week later at the same hour it is.
    assert levels(parts, account, now + DAY)["register_off 1"] == GOOD
    with transaction():
        write("UPDATE presence SET minutes = 40")
    assert levels(parts, account, now + 7 * DAY)["register_gone 1"] == BAD


def test_a_register_with_nobody_an_old_program_without_a_socket_and_slow(
    parts: Parts, account: Account
) -> None:
    empty = seat(parts, account, 1, None, "1.0.0-00000000")
    presence.note(parts.hub)
    with transaction():
        for number in range(10):
            call = CallRow.create(id=f"c{number}", account=account, key=str(number), direction="in", state="ended",
                                  started=1.0, touched=1.0, version=1)  # fmt: skip
            SightingRow.create(
                account=account, call_id=call.id, register=1, verdict="shown", at=1.0, took=100 * 4**number
            )
    found = levels(parts, account)
    assert (found["register_nobody 1"], found["register_slow 1"]) == (WARN, WARN)
    assert found["register_old 1"] == WARN or not registers.newest(parts)
    parts.hub.leave(empty)
    parts.hub.asked(hub.Poller(account.id, 1, 1, 5, version=registers.newest(parts)))
    with transaction():
        write("UPDATE sighting SET took = 40")
    assert {kind for kind in levels(parts, account) if kind.endswith(" 1")} == {"register_polls 1"}


def test_minutes_of_presence(parts: Parts, account: Account) -> None:
    seat(parts, account, 1, 5, "1.3.0-0a0a0a0a")
    seat(parts, account, 1, 5)  # it came back before its old socket was given up
    parts.hub.asked(hub.Poller(account.id, 2, 1, None))
    for minute in range(70):
        presence.note(parts.hub, 3600 * 1000 + 60 * minute)
    with reading():
        kept = rows(
            "SELECT hour, register, employee, minutes FROM presence WHERE account_id = ? ORDER BY 1, 2",
            account.id,
        )
        seen = Register.get(Register.account == account, Register.poster_id == 1)
    assert kept == [(1000, 1, 5, 60), (1000, 2, 0, 60), (1001, 1, 5, 10), (1001, 2, 0, 10)]
    assert (seen.seen_at, seen.seen_employee, seen.version) == (3600 * 1000 + 60 * 69, 5, "1.3.0-0a0a0a0a")


# The box


def test_room_on_the_disk(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def free(size: int) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(100 * 1024 * box.MB, 0, size * box.MB))

    free(50_000)
    assert levels(parts, None)["disk_good"] == GOOD
    free(1500)
    assert levels(parts, None)["disk"] == WARN
    free(100)
    assert levels(parts, None)["disk"] == BAD


Usage = namedtuple("Usage", "total used free")


def test_the_newest_backup(settings: Settings, tmp_path: Path) -> None:
    folder, now = tmp_path / "backups", time.time()

    def look(**more: str) -> dict[str, str]:
        environ = wire.environment(9, tmp_path / "dzvinok.db", **more)
        app = create_app(load(environ, tmp_path / "no.env"))
        found = levels(app.extensions["dzvinok"], None, now)
        close_database()
        return {kind: level for kind, level in found.items() if kind.startswith("backup")}

    assert look() == {"backup_none": WARN}
    assert look(BACKUP_DIR=str(folder)) == {"backup_missing": BAD}
    folder.mkdir()
    (folder / "one.db").write_text("x")
    assert look(BACKUP_DIR=str(folder)) == {"backup_good": GOOD}
    now += 2 * DAY
    assert look(BACKUP_DIR=str(folder)) == {"backup": BAD}


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        (Outside(200, 60, ""), {"reach_good": GOOD, "tls_good": GOOD}),
        (Outside(200, 10, ""), {"reach_good": GOOD, "tls": WARN}),
        (Outside(200, 1, ""), {"reach_good": GOOD, "tls": BAD}),
        (Outside(502, 60, ""), {"reach": BAD, "tls_good": GOOD}),
        (Outside(0, None, "silent"), {"reach": BAD, "tls_silent": BAD}),
        (Outside(200, None, "name"), {"reach_good": GOOD, "tls_name": BAD}),
        (Outside(200, None, "expired"), {"reach_good": GOOD, "tls_expired": BAD}),
        (Outside(200, None, "none"), {"reach_good": GOOD, "tls_none": BAD}),
        (None, {}),
    ],
)
def test_our_address(settings: Settings, told: Outside | None, kinds: dict[str, str]) -> None:
    public = Settings(**{**vars(settings), "public_url": "http://phone.example.com"})
    assert {one.kind: one.level for one in box.address(public, told)} == kinds


def test_a_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    with secure_server(tmp_path) as port:
        assert certificate(f"https://127.0.0.1:{port}") == (None, "untrusted")
    assert certificate(f"https://127.0.0.1:{wire.free_port()}") == (None, "silent")
    assert certificate("http://127.0.0.1") == (None, "none")


@contextmanager
def secure_server(folder: Path) -> Iterator[int]:
    """TLS with a certificate that its own owner has signed."""
    made = (
        "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 9 -subj /CN=127.0.0.1"
    )
    subprocess.run(made.split(), cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *about: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_the_clock_is_compared_with_posters(parts: Parts, account: Account, tmp_path: Path) -> None:
    parts.probes.ask_now(account.id)
    assert levels(parts, None)["clock_good"] == GOOD
    assert [one.level for seconds in (2.0, -20.0, 3600.0) for one in box.clock(seconds)] == [GOOD, WARN, BAD]
    answer = b"HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\nContent-Length: 2\r\n\r\n{}"
    with one_answer(answer) as url:
        web = Wire()
        web.send("GET", url, time.monotonic() + 5)
    assert web.skew is not None
    assert abs(NOON - time.time() - web.skew) < 2


@contextmanager
def one_answer(answer: bytes) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            caller = door.accept()[0]
            caller.recv(65536)
            caller.sendall(answer)
            caller.close()

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"


# The page


def test_what_is_bad_comes_first_each_with_its_cure(parts: Parts, account: Account, page: Page) -> None:
    add_trunk(account)
    put(Trunk, last_at=time.time(), trouble="login")
    text = page.get("/manage/doctor")
    shown = re.findall(r'data-level="(\w+)" data-kind="(\w+)"', text)
    marks = [level for level, _ in shown]
    assert marks == sorted(marks, key=doctor.LEVELS.index)
    assert shown[0] == (BAD, "trunk_trouble")
    assert text.count('class="cure"') == sum(level != GOOD for level in marks)
    assert 'class="sum" data-part="probes" data-level="bad"' in text


def test_a_question_that_hangs_holds_no_page(tmp_path: Path) -> None:
    """The address takes connections and never says a word; nor does Poster."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        settings = load(wire.environment(9, tmp_path / "d.db", url, PUBLIC_URL=url), tmp_path / "no.env")
        app = create_app(settings)
        with transaction():
            account = Account.create(name="pechera", number="1", state="connected",
                                     token=app.extensions["dzvinok"].vault.seal(TOKEN))  # fmt: skip
        page = Page(app.test_client(), settings, Pass(account=account.id))
        begun = time.monotonic()
        text = page.get("/manage/doctor")
        again = page.post("/manage/doctor/again", part="probes")
        assert time.monotonic() - begun < 2
        assert words("en")["doctor.asking"] in text
        assert words("en")["doctor.again_said"] in again
    finish_background_work()
    close_database()


def test_asking_again_is_asked_once(page: Page, parts: Parts, account: Account, company: Company) -> None:
    page.get("/manage/doctor")
    for _ in range(5):
        page.post("/manage/doctor/again", part="probes")
    finish_background_work()
    assert company.count("clients.getGroups") == 1
    assert re.search(r"asked: \d+ s ago", page.get("/manage/doctor"))


def test_a_viewer_sees_it_and_is_sent_nowhere_they_may_not_go(page: Page, account: Account) -> None:
    assert "/manage/phone?" in page.get("/manage/doctor")
    with transaction():
        Member.create(account=account, name="Boss", role="owner", code="x", at=1.0)
    page.get("/manage/doctor")
    assert page.status == 403
    preferences.choose(account.id, open_role="viewer")
    text = page.get("/manage/doctor")
    assert page.status == 200
    assert "/manage/phone?" not in text.split("<main>")[1]


def unshown(account: Account, call: str, number: str, verdict: str, **more: object) -> None:
    with transaction():
        CallRow.create(**{"id": call, "account": account, "key": call, "direction": "in", "state": "ended",
                          "started": time.time() - 60, "touched": 1.0, "version": 1, "number": number,
                          "legs": '{"101":"ended"}', **more})  # fmt: skip
        SightingRow.create(account=account, call_id=call, register=1, employee=5, verdict=verdict, at=1.0)


def test_calls_that_reached_nobody_with_the_reasons(page: Page, account: Account) -> None:
    unshown(account, "a1", "+380671112233", "nobody")
    unshown(account, "a2", "+380671112244", "shown")
    unshown(account, "a3", "+380671112255", "nobody", started=time.time() - 8 * DAY)
    text = page.get("/manage/doctor").split('id="blind"')[1]
    assert re.findall(r"/manage/calls/(\w+)", text) == ["a1"]
    assert words("en")["sighting.nobody"] in text
    found = page.get("/manage/doctor", number="067 111 22 44").split('id="blind"')[1]
    assert re.findall(r"/manage/calls/(\w+)", found) == ["a2"]
    assert words("en")["doctor.found_none"] in page.get("/manage/doctor", number="067 111 22")


def test_a_viewer_sees_no_number(page: Page, account: Account) -> None:
    unshown(account, "a1", "+380671112233", "nobody")
    with transaction():
        Member.create(account=account, name="Boss", role="owner", code="x", at=1.0)
    preferences.choose(account.id, open_role="viewer")
    text = page.get("/manage/doctor")
    assert "a1" in text
    assert "1112233" not in re.sub(r"\D", "", re.sub(r'class="code".*?</pre>', "", text, flags=re.S))


def test_one_account_sees_nothing_of_another(
    page: Page, parts: Parts, account: Account, restaurant: Restaurant
) -> None:
    other = restaurant("kaffka", "700124")
    with transaction():
        Register.update(name="Their bar").where(Register.account == other).execute()
        Tally.create(name="poster webhook: unknown account", count=9, last_at=time.time())
    add_trunk(other)
    put(Trunk, trouble="login", last_at=time.time())
    seat(parts, other, 1, 5)
    unshown(other, "theirs", "+380671112233", "nobody")
    for text in (page.get("/manage/doctor"), page.get("/manage/doctor", number="0671112233")):
        assert not [
            word for word in ("Their bar", "theirs", "trunk_trouble", "hooks_refused") if word in text
        ]
    assert "hooks_refused unknown account" in levels(parts, None)


def test_the_report_has_no_names_numbers_or_keys(page: Page, parts: Parts, account: Account) -> None:
    seat(parts, account, 1, 5)
    unshown(account, "a1", "+380671112233", "nobody")
    with transaction():
        Stray.create(account=account, kind="did", value="+380441234567", count=3, last_at=time.time())
    report = re.search(r'<pre id="doctor-report".*?>(.*?)</pre>', page.get("/manage/doctor"), re.S)
    assert report
    assert "register 1 on socket people=1" in report[1]
    assert "not shown: 1 nobody" in report[1]
    secret = ("Olena", "Register 1", "Podil", "pechera", "38067", "38044", TOKEN.partition(":")[2], "free_mb")
    assert [word for word in secret if word in report[1]] == []


def kinds() -> Iterator[str]:
    for path in [*(ROOT / "server" / "doctor").glob("*.py"), ROOT / "server" / "cli" / "doctor.py"]:
        yield from re.findall(r'(?:Finding\(|else |Finding\(\s*)"(\w+)"', path.read_text("utf-8"))


def test_every_kind_has_words_and_every_trouble_its_cure() -> None:
    known = {*kinds()} | {f"tls_{word}" for word in ("name", "expired", "untrusted", "silent")}
    known -= {"never", "off", "socket", "unmeasured"}
    assert len(known) > 40
    for lang in LANGUAGES:
        said = words(lang)
        missing = [kind for kind in known if f"doctor.{kind}" not in said]
        uncured = [kind for kind in known if not kind.endswith("_good") and f"cure.{kind}" not in said]
        assert missing == []
        assert set(uncured) <= {"version", "register_off", "unmeasured", "database_whole"}


def test_the_worst_is_first() -> None:
    mixed = [Finding("a", GOOD), Finding("b", BAD), Finding("c", WARN), Finding("d", BAD)]
    assert [one.kind for one in sorted_(mixed)] == ["b", "d", "c", "a"]


# The terminal


def test_the_terminal_says_the_same_of_the_serving_process(
    served: wire.Server, restaurant: Restaurant
) -> None:
    restaurant()
    olena = wire.Register(served.url, "pechera", register=1, spot=1, employee=5)
    olena.connect()
    told = served.cli("doctor", "--json")
    found = {(row["kind"], row["thing"]): row for row in map(json.loads, told.stdout.splitlines())}
    assert told.returncode == 1
    assert found["server_good", ""]["level"] == GOOD
    assert found["reach_good", ""]["level"] == GOOD
    assert found["no_trunk", ""]["account"] == "pechera"
    assert found["no_trunk", ""]["cure"] == words("en")["cure.no_trunk"]
    assert ("register_never", "2") in found
    assert not [
        thing for kind, thing in found if kind in ("register_never", "register_gone") and thing == "1"
    ]
    olena.close()


def test_the_terminal_says_when_nothing_serves(
    app: Flask, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "PATIENCE", 0.1)
    told = app.test_cli_runner().invoke(args=["doctor"])
    assert told.exit_code == 1
    assert f"BAD   {words('en')['doctor.server']}\n        {words('en')['cure.server']}" in told.output
    assert f"BAD   pechera: {words('en')['doctor.no_trunk']}" in told.output
