"""The page of alerts in Manage: recipients, what they hear, what may be typed, who may see it, what happened."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import hours, members
from server.alerts import services, targets
from server.config import Settings
from server.db import rows, transaction, write
from server.models import Account
from server.parts import Parts
from server.preferences import READERS
from server.unfit import Unfit
from server.web.manage_alerts import SHOWN
from server.web.manage_words import LANGUAGES
from server.web.manage_words import load as words
from server.web.pagetoken import Pass
from tests.alerting import MIN, NOON, add_target, answer, call_in_vain, look, set_up, settings_at
from tests.conftest import Restaurant
from tests.mailbox import Box, Mail
from tests.manage_page import Page, note

ALERTS = "/manage/alerts"
BOT = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"


@pytest.fixture
def settings(tmp_path: Path, mail: Mail) -> Settings:
    return settings_at(tmp_path, mail.url)


@pytest.fixture
def account(app: Flask, restaurant: Restaurant) -> Account:
    return set_up(restaurant())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def page(client: FlaskClient, settings: Settings, account: Account) -> Page:
    return Page(client, settings, Pass(account=account.id))


def audited() -> list[tuple[str, ...]]:
    return rows("SELECT what, thing, before, after FROM audit WHERE what LIKE 'alert%' ORDER BY id")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_everything_in_every_language(
    page: Page, parts: Parts, account: Account, lang: str
) -> None:
    assert set(SHOWN) <= set(READERS)
    text = page.get(ALERTS, lang=lang)
    for word in (
        "alerts.title",
        "alerts.none",
        "alerts.no_hours",
        "alerts.history_none",
        "alerts.telegram_3",
    ):
        assert words(lang)[word] in text
    for name in SHOWN:
        assert words(lang)[f"pref.{name}"] in text
    hours.set_week(account.id, 1, {0: (600, 1200)})
    assert words(lang)["alerts.no_hours"] not in page.get(ALERTS, lang=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_problem_has_a_sentence_with_a_cure(
    page: Page, parts: Parts, account: Account, lang: str
) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    source = (Path(targets.__file__).parent / "apprising.py").read_text("utf-8")
    told = re.search(r"UNUSABLE = \((.*?)\)", source, re.S)
    assert told
    for problem in [*re.findall(r'"(\w+)"', told[1]), "sealed"]:
        with transaction():
            write("UPDATE alert_target SET problem = ?, problem_at = ?", problem, NOON)
        assert words(lang)[f"alerts.problem_{problem}"] in page.get(ALERTS, lang=lang)


def test_an_address_of_e_mail_is_added_tried_and_removed(page: Page, account: Account, mail: Mail) -> None:
    text = page.post(f"{ALERTS}/email", part="email", address=" olena@gmail.com ")
    assert note(text, "targets") == words("en")["alerts.added"]
    assert "ol…@gmail.com" in text
    assert "olena@gmail.com" not in text
    text = page.post(f"{ALERTS}/test", part="target-1", id="1")
    assert note(text, "target-1") == words("en")["alerts.tested"]
    assert [(letter["To"], letter["Subject"]) for letter in mail.got] == [("olena@gmail.com", "Печера: Test")]
    assert "Last message delivered" in text
    text = page.post(f"{ALERTS}/hears", part="target-1", id="1", digest="1")
    assert note(text, "target-1") == words("en")["saved"]
    text = page.post(f"{ALERTS}/remove", part="targets", id="1")
    assert "ol…@gmail.com" not in text
    assert audited() == [
        ("alert_added", "ol…@gmail.com", "", "email"),
        ("alert_changed", "ol…@gmail.com", "alerts, digest", "digest"),
        ("alert_removed", "ol…@gmail.com", "email", ""),
    ]
    assert rows("SELECT count(*) FROM alert_post") == [(0,)]


def test_two_of_a_kind_are_told_apart(page: Page, parts: Parts) -> None:
    page.post(f"{ALERTS}/email", part="email", address="olena@gmail.com")
    page.post(f"{ALERTS}/email", part="email", address="oleg@gmail.com")
    page.post(f"{ALERTS}/email", part="email", address="olha@gmail.com", name=" Ольга\u202e 0671112233 ")
    titles = ["ol…@gmail.com", "ol…@gmail.com (2)", "Ольга …33: ol…@gmail.com"]
    assert [thing for _, thing, _, _ in audited()] == titles
    text, told = page.get(ALERTS), page.get("/manage/history")
    for title in titles:
        assert f"<h3><bdi>{title}</bdi></h3>" in text
        assert f"Recipient of alerts added: {title}" in told
    for secret in ("olena", "oleg", "olha", "0671112233"):
        assert secret not in text + told
    text = page.post(f"{ALERTS}/other", part="other", address="hello", name="Anna M.")
    assert 'value="Anna M."' in text, "what was typed stays"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_sent_and_not_confirmed_is_not_called_unsent(
    page: Page, parts: Parts, account: Account, lang: str
) -> None:
    add_target(parts, account, "json://127.0.0.1:9/")
    assert words(lang)["alerts.fresh"] in page.get(ALERTS, lang=lang)
    with transaction():
        write("UPDATE alert_target SET problem = 'unconfirmed', problem_at = ?", NOON)
    text = page.get(ALERTS, lang=lang)
    assert words(lang)["alerts.fresh"] not in text
    assert words(lang)["alerts.unsure"] in text
    assert words(lang)["alerts.problem_unconfirmed"] in text


def test_what_the_mail_server_says_is_told_in_words(
    page: Page, parts: Parts, account: Account, mail: Mail
) -> None:
    mail.refuses = True
    add_target(parts, account, "olena@gmail.com", "email")
    text = page.post(f"{ALERTS}/test", part="target-1", id="1")
    assert note(text, "target-1") in (
        words("en")["alerts.problem_refused"],
        words("en")["alerts.problem_unreachable"],
    )
    assert rows("SELECT how, text FROM alert_post") == [("lost", "")], "a test is not tried again"


def test_the_chat_that_wrote_to_the_bot_last_is_found(page: Page, parts: Parts, box: Box) -> None:
    parts.alerts.targets.telegram_url = f"http://{box.host}"
    box.reply = {"ok": True, "result": [
        {"message": {"chat": {"id": 5, "first_name": "Old"}}},
        {"message": {"chat": {"id": -1007, "title": "Керівники\u202e <b>"}}},
    ]}  # fmt: skip
    text = page.post(f"{ALERTS}/telegram", part="telegram", bot=BOT)
    assert note(text, "targets") == words("en")["alerts.added"]
    assert "Telegram Керівники <b>" in text
    [(sealed,)] = rows("SELECT address FROM alert_target")
    assert parts.vault.open(sealed) == f"tgram://{BOT}/-1007"
    assert box.paths == [f"/bot{BOT}/getUpdates"]
    box.reply = {"ok": True, "result": []}
    text = page.post(f"{ALERTS}/telegram", part="telegram", bot=BOT)
    assert note(text, "telegram") == words("en")["unfit.alert_chat_none"]
    box.answer = 401
    text = page.post(f"{ALERTS}/telegram", part="telegram", bot=BOT)
    assert note(text, "telegram") == words("en")["unfit.alert_denied"]


def test_a_service_of_apprises_is_added_under_its_name(page: Page, parts: Parts) -> None:
    text = page.post(
        f"{ALERTS}/other",
        part="other",
        address="pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )
    assert note(text, "targets") == words("en")["alerts.added"]
    assert "Pushover …aaa" in text
    text = page.post(
        f"{ALERTS}/other",
        part="other",
        address="pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )
    assert note(text, "other") == words("en")["unfit.alert_same"]
    text = page.post(f"{ALERTS}/other", part="other", address="pover://x")
    assert note(text, "other") == words("en")["unfit.alert_unusable"]


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("gotify://10.0.0.1/token", "alert_service"),
        ("ntfy://topic", "alert_service"),
        ("mailto://user:pass@example.com", "alert_service"),
        ("https://hooks.slack.com/services/A/B/C", "alert_service"),
        ("file:///etc/passwd", "alert_service"),
        ("syslog://", "alert_address"),
        ("hello", "alert_address"),
        ("tgram://1:a/2 tgram://3:b/4", "alert_address"),
        ("tgram://a/b?template=/etc/passwd", "alert_query"),
        ("slack://a/b/c?Template=x", "alert_query"),
        ("tgram://a/b?format=html", "alert_query"),
        ("tgram://a/b?rto=600", "alert_query"),
        ("tgram://a/b?redirect=yes", "alert_query"),
        ("tgram://a/b?+X-Header=1", "alert_query"),
        ("json://127.0.0.1/?:x=y", "alert_query"),
        ("tgram://" + "a" * 700, "alert_address"),
    ],
)
def test_what_may_lead_elsewhere_is_refused(address: str, word: str) -> None:
    with pytest.raises(Unfit) as wrong:
        services.other(address, {"json"})
    assert wrong.value.word == word


@pytest.mark.parametrize("bot", ["", "x", "123:abc", f"{BOT}/../x", f"{BOT}?to=1", "1" * 9 + ":" + "é" * 35])
def test_a_bots_key_is_a_bots_key(bot: str) -> None:
    with pytest.raises(Unfit):
        services.telegram(bot, "1234")


@pytest.mark.parametrize("chat", ["1/2", "a b", "../x", "12?to=3", "@", "1,2"])
def test_a_chat_is_one_chat(chat: str) -> None:
    with pytest.raises(Unfit):
        services.telegram(BOT, chat)


@pytest.mark.parametrize(
    "address", ["", "x", "a@b", "a@b.c", "a,b@example.com", "a@b.com,c@d.com", "a b@c.com", "a@b.com\nBcc: c@d.com",
     "a@[10.0.0.1]"]
)  # fmt: skip
def test_an_e_mail_address_is_one_reader(address: str) -> None:
    with pytest.raises(Unfit):
        services.email(address)


def test_every_fixed_service_is_one_that_apprise_has() -> None:
    folder = Path(str(__import__("apprise").__file__)).parent / "plugins"
    text = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    assert [name for name in services.FIXED if f'"{name}"' not in text] == []


def test_a_box_without_a_mail_server_says_so(
    tmp_path: Path, page: Page, parts: Parts, account: Account
) -> None:
    object.__setattr__(parts.settings, "smtp_url", "")
    assert words("en")["alerts.email_off"] in page.get(ALERTS)
    text = page.post(f"{ALERTS}/email", part="email", address="a@example.com")
    assert rows("SELECT * FROM alert_target") == []
    assert page.status == 422
    assert text


def test_an_account_has_ten_at_most(page: Page, parts: Parts, account: Account) -> None:
    for number in range(targets.MOST):
        add_target(parts, account, f"a{number}@example.com", "email")
    text = page.post(f"{ALERTS}/email", part="email", address="b@example.com")
    assert note(text, "email") == words("en")["unfit.alert_many"].format(most=10)


def test_another_accounts_recipients_are_nobodys(
    page: Page,
    parts: Parts,
    account: Account,
    restaurant: Restaurant,
    client: FlaskClient,
    settings: Settings,
) -> None:
    add_target(parts, account, "olena@gmail.com", "email")
    call_in_vain(account, NOON - 40 * MIN, name="Secret guest")
    look(parts, account)
    other = Page(client, settings, Pass(account=restaurant("kaffka", "700124").id))
    for verb in ("test", "hears", "remove"):
        text = other.post(f"{ALERTS}/{verb}", part="targets", id="1")
        assert note(text, "targets") == words("en")["unfit.alert_unknown"], verb
    text = other.get(ALERTS)
    assert "gmail" not in text
    assert "Secret" not in text
    assert [one.alerts for one in parts.alerts.targets.of(account.id)] == [True]


@pytest.mark.parametrize("role", ["manager", "viewer", "nobody"])
def test_only_the_owner_sees_and_changes_it(
    page: Page, parts: Parts, account: Account, client: FlaskClient, settings: Settings, role: str
) -> None:
    add_target(parts, account, "olena@gmail.com", "email")
    with transaction():
        write(
            "INSERT INTO member (account_id, name, role, code, at) VALUES (?, 'O', 'owner', 'x', 0)",
            account.id,
        )
        write(
            "INSERT INTO member (account_id, name, role, code, at) VALUES (?, 'M', ?, 'x', 0)",
            account.id,
            role,
        )
    member = {"nobody": 0}.get(role, 2)
    assert members.actor(account.id, member).role == role
    theirs = Page(client, settings, Pass(account=account.id, member=member))
    assert "gmail" not in theirs.get(ALERTS)
    for verb in ("telegram", "email", "other", "hears", "remove", "test"):
        theirs.post(f"{ALERTS}/{verb}", part="targets", id="1", address="x@example.com")
        assert theirs.status == 403, verb
    theirs.post(ALERTS, part="pref-alert_missed", name="alert_missed", value="5")
    assert theirs.status == 403
    assert audited() == []


def test_what_was_wrong_is_told_with_how_it_ended(page: Page, parts: Parts, account: Account) -> None:
    add_target(parts, account, "olena@gmail.com", "email")
    call_in_vain(account, NOON - 40 * MIN, name="<b>Ivan</b> 0671112233")
    call_in_vain(account, NOON - 50 * MIN, "+380501234567")
    look(parts, account)
    answer(account, NOON)
    look(parts, account, NOON + MIN)
    text = page.get(ALERTS)
    assert "<strong>Now</strong>" in text
    assert "Guest +380…67 called at 18.11 11:10 in vain" in text
    assert "+380…33 was called back, after 41 min." in text
    assert "0671112233" not in text
    with transaction():
        write("DELETE FROM callback")
    assert words("en")["alerts.guest_gone"] in page.get(ALERTS)


def test_addresses_stand_nowhere_in_the_open(
    page: Page, parts: Parts, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    page.post(
        f"{ALERTS}/other",
        part="other",
        address="pover://verysecretkeyverysecretkeyvery@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    )
    page.post(f"{ALERTS}/email", part="email", address="secretive@example.com")
    assert rows("SELECT count(*) FROM alert_target") == [(2,)]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("d.db*"))
    for secret in ("verysecretkey", "secretive"):
        assert secret.encode() not in stored
        assert secret not in caplog.text
        assert secret not in page.get(ALERTS)
