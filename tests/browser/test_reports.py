"""The reports in a real browser: pictures of their tables, figures that change by themselves, keys, files, paper."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from werkzeug.serving import make_server

from server import figures
from server.config import Settings, load
from server.db import transaction, write
from server.models import Account
from server.web.manage_reports_pages import PAGES
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.browser.desk import TOO_FINE, TOO_SMALL
from tests.browser.test_axe import AXE
from tests.conftest import make_restaurant
from tests.test_figures import ordered, put

HOUR = 3600.0
RUN = """() => axe.run(document).then((found) => found.violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 120)} ${failureSummary.slice(0, 200)}`)))"""
# The reports' own part: the head of the page is everybody's.
TOO_WIDE = """() => [...document.querySelectorAll("main *")].filter((one) => !one.closest(".scroll, .unseen"))
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.outerHTML.slice(0, 100))"""
COLOURED = """(id) => { const one = document.querySelector(`[data-chart="${id}"] canvas`);
  const all = new Uint32Array(one.getContext("2d").getImageData(0, 0, one.width, one.height).data.buffer);
  return new Set(all).size; }"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db"), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings) -> Iterator[Account]:
    """A restaurant of a server that listens here, with nine days of calls."""
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    account = make_restaurant()
    for number in range(60):
        started, good = time.time() - 5 * HOUR - number * 4 * HOUR, number % 3 > 0
        put(account, f"c{number}", started, "answered" if good else "missed", f"+3806711100{number:02}",
            line="101" if number % 2 else "102", did="+380441112233")  # fmt: skip
        if good:
            ordered(account, f"c{number}", 100 + number, 34500 + number)
    with transaction():
        write("INSERT INTO presence (account_id, hour, spot, register, employee, minutes) VALUES (?, ?, 1, 1, 5, 60)",
              account.id, int(time.time() - 30 * HOUR) // 3600)  # fmt: skip
    while figures.refresh(account.id):
        pass
    yield account
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, account: Account) -> Iterator[Page]:
    """Nothing may be thrown here, and the page's own policy may forbid nothing."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page, thrown = context.new_page(), list[str]()

    def told(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            thrown.append(message.text)

    page.on("console", told)
    page.on("pageerror", lambda error: thrown.append(str(error)))
    yield page
    context.close()
    assert not thrown


def go(
    page: Page, settings: Settings, account: Account, report: str, lang: str = "en", spot: str = ""
) -> None:
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    page.goto("about:blank")
    page.goto(f"{settings.public_url}/manage/reports/{report}?lang={lang}&p=7&spot={spot}#t={token}")
    expect(page.locator("#said")).to_be_visible()


def test_every_report_is_drawn_fits_and_is_clean(page: Page, settings: Settings, account: Account) -> None:
    for report, lang in zip(PAGES, ("ua", "en", "pl", "ru", "ua"), strict=True):
        go(page, settings, account, report, lang)
        for place in page.locator("[data-chart]").all():
            expect(place.locator("canvas")).to_be_visible()
            assert page.evaluate(COLOURED, place.get_attribute("data-chart")) > 5, report
        page.evaluate(AXE.read_text("utf-8"))
        assert page.evaluate(RUN) == [], report
        for width in (1280, 320):
            page.set_viewport_size({"width": width, "height": 900})
            wrong = [page.evaluate(look) for look in (TOO_WIDE, TOO_SMALL, TOO_FINE)]
            assert wrong == [[], [], []], (report, lang, width)
        page.set_viewport_size({"width": 1280, "height": 900})


def test_figures_change_by_themselves_and_nothing_else_does(
    page: Page, settings: Settings, account: Account
) -> None:
    """What has the focus keeps it, what was opened stays open, and the page stays where it was."""
    go(page, settings, account, "overview")
    calls = page.locator("#tile-calls .value")
    before = int(calls.get_attribute("data-value") or 0)
    page.locator("#counted summary").click()
    page.locator("#counted summary").focus()
    page.evaluate("window.canvas = document.querySelector('canvas'); scrollTo(0, 300)")
    put(account, "now", time.time() - 60, "missed", "+380679998877")
    expect(calls).to_have_attribute("data-value", str(before + 1), timeout=15000)
    assert page.evaluate("document.activeElement.closest('details').id + scrollY") == "counted300"
    assert page.evaluate("document.querySelector('#counted').open && window.canvas.isConnected")
    assert page.locator("#t-days tfoot td").first.text_content() == str(before + 1)


def test_the_first_call_of_the_days_brings_its_tables(
    page: Page, settings: Settings, account: Account
) -> None:
    with transaction():
        write("INSERT INTO did (account_id, number, spot) VALUES (?, '+380449990000', 2)", account.id)
    go(page, settings, account, "overview", spot="2")
    expect(page.locator("h2").first).to_have_text("There are no calls in these days.")
    page.locator("#period-7").focus()
    put(account, "now", time.time() - 60, "missed", "+380679998877", did="+380449990000")
    expect(page.locator("#tile-calls .value")).to_have_text("1", timeout=15000)
    expect(page.locator("[data-chart=t-days] canvas")).to_be_visible()
    expect(page.locator("#period-7")).to_be_focused()


def test_days_are_chosen_with_keys_alone_and_stay_on_the_way(
    page: Page, settings: Settings, account: Account
) -> None:
    go(page, settings, account, "hours")
    page.locator("#period-30").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#period-30")).to_have_attribute("aria-current", "true")
    expect(page.locator("#period-30")).to_be_focused()
    page.locator("#from").fill("2020-01-01")
    page.locator("#show").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_contain_text("Too many days")
    expect(page.locator("#from")).to_have_value("2020-01-01")
    page.locator("#period-90").click()
    expect(page.locator("#period-90")).to_have_attribute("aria-current", "true")
    page.locator(".pages a").nth(4).click()
    expect(page.locator("h1")).to_have_text("What the phone earned, what it lost")
    expect(page.locator("#period-90")).to_have_attribute("aria-current", "true")


def test_a_table_is_kept_as_a_file_and_printed(
    page: Page, settings: Settings, account: Account, tmp_path: Path
) -> None:
    go(page, settings, account, "overview")
    with page.expect_download() as kept:
        page.locator("#file-days").click()
    text = Path(kept.value.path()).read_text("utf-8-sig")
    assert text.startswith("Day,Calls,Answered,")
    assert kept.value.suggested_filename.endswith(".csv")
    expect(page.locator("#note-file-days")).to_contain_text("The file is ready.")
    expect(page.locator("[data-chart=t-days] canvas")).to_be_visible()
    page.emulate_media(media="print")
    hidden = (".pages", ".periods", ".asked", "#file-days", "header nav:first-of-type")
    assert [one for one in hidden if page.locator(one).first.is_visible()] == []
    assert page.locator("#t-days").is_visible()
