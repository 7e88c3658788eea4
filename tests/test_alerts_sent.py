"""How alerts get there: a process of its own, real web and mail servers, good and bad ones."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from peewee import DatabaseError

from server.alerts import apprising, fence, outbox, posts, running, services
from server.alerts.names import defused
from server.config import Settings
from server.db import rows, transaction, write
from server.models import Account, Guest, GuestNumber
from server.parts import Parts
from server.speech import speaker
from tests.alerting import (
    CALLER,
    DAY,
    MIN,
    NOON,
    add_target,
    call_in_vain,
    look,
    now_due,
    send,
    set_up,
    settings_at,
)
from tests.conftest import Restaurant
from tests.mailbox import Box, Mail, hanging
from tests.waiting import until


@pytest.fixture
def settings(tmp_path: Path, mail: Mail) -> Settings:
    return settings_at(tmp_path, mail.url)


@pytest.fixture
def account(parts: Parts, restaurant: Restaurant) -> Account:
    return set_up(restaurant())


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
    harmless = "‹a href='http∶/∕x'›∗Іван∗‹∕a› Bcc: all＠example․com ＿b＿"
    assert text.startswith(f"{harmless} +380…33")
    [letter] = mail.got
    assert letter["Bcc"] is None
    assert letter["To"] == "owner@example.com"
    assert letter["Subject"] == "Печера: guests not called back: 1"
    plain = letter.get_body(("plain",))
    assert plain is None or harmless in plain.get_content()
    rich = letter.get_body(("html",))
    assert rich is None or "<a href" not in rich.get_content()


@pytest.mark.parametrize("told", ["guest", "call"])
def test_a_name_brings_no_link_and_no_mention(parts: Parts, account: Account, box: Box, told: str) -> None:
    add_target(parts, account, box.url)
    name = "<b>@everyone</b> http://evil.test/ www.evil.test [x](tg://x) `#a`"
    if told == "guest":
        with transaction():
            Guest.create(account=account, client_id=9, name=name[:40], paid=0, read_at=NOON)
            GuestNumber.create(account=account, client_id=9, number=CALLER, at=NOON)
    call_in_vain(account, NOON - 40 * MIN, name=name)
    look(parts, account)
    now_due()
    send(parts)
    [text] = box.texts()
    assert text.startswith("‹b›＠everyone‹∕b› http∶/∕evil․test")
    for sign in ("@", "<", ">", "`", "#", "[", "://", "evil.test", "www."):
        assert sign not in text, sign


@pytest.mark.parametrize(
    "name",
    ["O'Reilly", "ТОВ «Ромашка»", "Anna M.", "Łukasz Żółć-Nowak", "Tom & Jerry, 1/2", "Олена (VIP): 5+2"],
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert defused(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a@b.com", "a＠b․com"),
        ("evil。test", "evil․test"),
        ("<!channel> &lt;b&gt;", "‹!channel› ＆lt;b＆gt;"),
        ("/start *x* _y_ ~z~ ||w||", "∕start ∗x∗ ＿y＿ ∼z∼ ∣∣w∣∣"),
    ],
)
def test_what_a_chat_makes_something_of_looks_the_same_and_is_not(name: str, shown: str) -> None:
    assert defused(name) == shown


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of Apprise's own imports
def test_discord_gets_a_name_without_mentions(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.discord import NotifyDiscord

    monkeypatch.setattr(NotifyDiscord, "notify_url", f"http://{box.host}")
    text = defused("@everyone <@123> https://evil.test **x**")
    apprising.send("discord://1234567890/abcdefghijklmnopqrstuvwxyz", "t", text)
    assert "＠everyone ‹＠123› https∶/∕evil․test ∗∗x∗∗" in str(box.got[-1])
    assert "@" not in str({key: value for key, value in box.got[-1].items() if key != "avatar_url"})


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


# How


def test_a_target_that_hangs_or_refuses_delays_nobody(
    parts: Parts, account: Account, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SOON", 0.0)
    now = time.time()
    with hanging() as mute:
        for url in (f"json://{mute}/?rto=15&cto=15", "json://127.0.0.1:9/", box.url):
            add_target(parts, account, url)
        _, _, well = listeners = posts.listeners(account.id)
        with transaction():
            posts.tell(listeners, "alert", ("t", "x"), now, now)
        now_due()
        parts.alerts.post()
        until(lambda: rows("SELECT count(*) FROM alert_post WHERE done_at IS NULL") == [(2,)])
        until(lambda: rows("SELECT 1 FROM alert_target WHERE problem = 'unreachable'"))
        with transaction():
            posts.tell([well], "alert", ("t", "y"), now, now)
        assert parts.alerts.outbox.busy, "the first still hangs"
        parts.alerts.post()
        until(lambda: box.texts() == ["x", "y"], seconds=8)
        assert parts.alerts.outbox.busy
    until(lambda: not parts.alerts.outbox.busy)
    assert [one.problem for one in parts.alerts.targets.of(account.id)] == ["unreachable", "unreachable", ""]
    assert box.texts() == ["x", "y"]


def test_what_was_taken_and_not_confirmed_is_said_and_seldom_sent_again(
    parts: Parts, account: Account
) -> None:
    now = time.time()
    with hanging() as mute:
        target = add_target(parts, account, f"json://{mute}/?rto=0.2")
        with transaction():
            posts.tell([target.id], "alert", ("t", "x"), now, now)
        now_due()
        send(parts)
    assert [one.problem for one in parts.alerts.targets.of(account.id)] == [apprising.UNCONFIRMED]
    [(again, tries)] = rows("SELECT next_at, tries FROM alert_post WHERE done_at IS NULL")
    assert tries == 1
    assert again - now >= posts.SLOW[0]
    assert apprising.UNCONFIRMED == posts.UNCONFIRMED


def test_many_that_hang_do_not_keep_the_others_of_their_batch(box: Box) -> None:
    heard: list[dict[str, Any]] = []
    with hanging() as mute:
        urls = [*[f"json://{mute}/?rto=30&cto=30"] * 12, box.url]
        messages = [{"id": id_, "address": url, "title": "t", "text": "x"} for id_, url in enumerate(urls)]
        running.carry({"messages": messages, "seconds": 5.0, "fenced": False}, heard.append)
    assert heard[0] == {"id": 12, "problem": ""}
    assert sorted(one["id"] for one in heard) == list(range(13))
    assert {one["problem"] for one in heard[1:]} == {"hangs"}


def test_it_is_tried_again_with_growing_pauses_for_a_day(parts: Parts, account: Account, box: Box) -> None:
    box.answer = 503
    target = add_target(parts, account, box.url)
    now = time.time()
    with transaction():
        posts.tell([target.id], "alert", ("t", "x"), now, now)
    pauses = []
    for _ in range(8):
        posts.note(target.id, [1], "down")
        pauses.append(round(rows("SELECT next_at FROM alert_post")[0][0] - time.time(), -1))
    assert pauses == sorted(pauses)
    assert sum(pauses[:7]) <= DAY
    assert rows("SELECT done_at FROM alert_post") == [(None,)]
    with transaction():
        write("UPDATE alert_post SET at = ?", now - DAY - 1)
    posts.note(target.id, [1], "down")
    assert rows("SELECT how, text FROM alert_post") == [("lost", "")]
    assert parts.alerts.targets.of(account.id)[0].problem == "down"


def test_a_process_that_dies_leaves_its_messages_to_be_sent_again(
    parts: Parts, account: Account, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_target(parts, account, box.url)
    now = time.time()
    with transaction():
        posts.tell(posts.listeners(account.id), "alert", ("t", "x"), now, now)
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
        write("ALTER TABLE alert_post RENAME COLUMN text TO elsewhere")
    with pytest.raises(DatabaseError):
        look(parts, account)
    assert rows("SELECT * FROM alert") == []
    with transaction():
        write("ALTER TABLE alert_post RENAME COLUMN elsewhere TO text")
    assert look(parts, account) == 1


def test_long_mornings_are_cut_at_a_line(parts: Parts) -> None:
    title, text = outbox.merged([("t", "line\n" * 400)] * 5, speaker("en"))
    assert title == "Dzvinok: messages 5"
    assert len(text) < 3100
    assert text.endswith("line\n" + speaker("en")("alert.more"))


def test_nobody_is_led_elsewhere(box: Box) -> None:
    heard: list[dict[str, Any]] = []
    box.answer, box.location = 307, f"http://{box.host}/elsewhere"
    message = {"id": 1, "address": box.url, "title": "t", "text": "x"}
    running.carry({"messages": [message], "seconds": 10, "fenced": False}, heard.append)
    assert heard[0]["problem"]
    assert box.paths == ["/"]


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
