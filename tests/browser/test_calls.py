"""The journal in a real browser: rows that come by themselves, a recording that plays, files, small screens."""

from __future__ import annotations

import csv
import io
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server.calls import ANSWER, END, IN, RING, CallEvent
from server.config import Settings, load
from server.db import reading
from server.models import Account, CallRow, Trunk
from server.parts import Parts
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE
from tests.browser.words import LANGUAGES, manage
from tests.conftest import make_restaurant
from tests.far import Far, Reply, Request, says

LONG = "Олександра-Вікторія Нечуй-Левицька-Коваленко"
AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"
OUTCOMES = ("answered", "missed", "busy", "declined", "failed", "voicemail", "unknown")


@pytest.fixture
def far() -> Iterator[Far]:
    far = Far()
    yield far
    far.close()


@pytest.fixture
def settings(tmp_path: Path, far: Far) -> Settings:
    environ = wire.environment(wire.free_port(), tmp_path / "d.db", COMPANIES_URL=far.url)
    return load(environ, tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings) -> Iterator[Account]:
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield make_restaurant()
    server.shutdown()
    server.server_close()


@pytest.fixture
def trunk(parts: Parts, account: Account) -> Trunk:
    """Calls of every kind, one minute after the other; the newest was answered."""
    trunk = parts.trunks.add(account, "binotel", {"api_key": "k1", "api_secret": "s1"})
    for number in range(21):
        began, outcome = time.time() - 60 - number * 60, OUTCOMES[number % 7]
        parts.intake.take(account.id, trunk.id, [CallEvent(
            f"k{number}", END, began + 50, IN, f"06711122{number + 10}", did="0441234567", line="101", name=LONG,
            outcome=outcome, started=began, answered=began + 7 if outcome == "answered" else None,
        )])  # fmt: skip
    return trunk


@pytest.fixture
def page(browser: Browser, settings: Settings, trunk: Trunk) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda told: thrown.append(told.text) if "Content Security" in told.text else None)
    open_in(page, settings, trunk, "en")
    yield page
    context.close()
    assert not thrown


def open_in(page: Page, settings: Settings, trunk: Trunk, lang: str, of: str = "") -> None:
    token = PageTokens(settings.secret_key).issue(Pass(account=trunk.account_id))
    page.goto("about:blank")
    page.goto(f"{settings.public_url}/manage/calls{of}?lang={lang}#t={token}")
    expect(page.locator("nav [aria-current=page]")).to_have_text(manage("nav.calls", lang))


def newest() -> str:
    with reading():
        return str(CallRow.select().order_by(CallRow.started.desc()).first().id)


def test_both_pages_fit_320_px_and_axe_finds_nothing(page: Page, settings: Settings, trunk: Trunk) -> None:
    for of in ("", f"/{newest()}"):
        for lang in LANGUAGES:
            open_in(page, settings, trunk, lang, of)
            assert page.evaluate(TOO_WIDE) <= 0, (of, lang)
            assert page.evaluate(TOO_SMALL) == [], (of, lang)
            assert page.evaluate(TOO_FINE) == [], (of, lang)
        page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
        page.evaluate(AXE.read_text("utf-8"))
        assert [found["id"] for found in page.evaluate("axe.run()")["violations"]] == [], of


def test_a_call_appears_by_itself_and_nobody_loses_their_place(
    page: Page, parts: Parts, trunk: Trunk
) -> None:
    reader = page.locator(".calls:not(.live) .call > a").nth(9)
    name = reader.get_attribute("id")
    reader.focus()
    reader.scroll_into_view_if_needed()
    before = page.evaluate("document.activeElement.getBoundingClientRect().top")
    ring = CallEvent("new", RING, time.time(), IN, "0509998877", line="102")
    parts.intake.take(trunk.account_id, trunk.id, [ring])
    expect(page.locator(".live .call")).to_contain_text("Ringing")
    expect(page.locator("#say")).to_have_text("New calls in the list: 1")
    assert page.evaluate("document.activeElement.id") == name
    assert abs(page.evaluate("document.activeElement.getBoundingClientRect().top") - before) < 2
    parts.intake.take(trunk.account_id, trunk.id, [CallEvent("new", ANSWER, time.time(), line="102")])
    expect(page.locator(".live .call")).to_contain_text("Talking")
    end = CallEvent("new", END, time.time(), outcome="answered")
    parts.intake.take(trunk.account_id, trunk.id, [end])
    expect(page.locator(".live")).to_have_count(0)
    expect(page.locator(".call").first).to_contain_text("050 999 8877")


def test_what_is_sought_stays_in_the_address_and_can_be_undone(page: Page) -> None:
    page.locator("#seek-text").fill("…22")
    page.locator("summary").click()
    page.locator("#seek-outcome").select_option("vain")
    page.keyboard.press("Enter")
    page.locator(".seek .go").click()
    expect(page.locator(".chips a")).to_have_count(3)
    assert "outcome=vain" in page.url
    page.reload()
    expect(page.locator(".chips a")).to_have_count(3)
    page.locator(".chips a").first.click()
    expect(page.locator("#seek-text")).to_have_value("")
    assert "outcome=vain" in page.url


def test_a_file_is_fetched_with_one_press(page: Page) -> None:
    with page.expect_download() as got:
        page.locator("#export-csv").click()
    text = Path(got.value.path()).read_bytes().decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == 22
    expect(page.locator("#note-export")).to_contain_text(manage("export.begins", "en"))


def test_a_recording_plays_in_the_page(page: Page, far: Far) -> None:
    def answer(request: Request) -> Reply:
        if "call-record" in request.path:
            return says({"status": "success", "url": "https://pbx.binotel.com/rec/1.wav"})
        return Reply(sound(), 200, {"Content-Type": "audio/x-wav"})

    far.answer = answer
    page.locator(".call > a").first.click()
    page.locator("#sound-play").click()
    player = page.locator("audio")
    expect(player).to_be_visible()
    expect(player).to_have_js_property("error", None)
    page.wait_for_function("document.querySelector('audio').duration > 0.9")


def sound() -> bytes:
    """A second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(b"\x00" * 16000)
    return out.getvalue()
