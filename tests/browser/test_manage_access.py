"""Lines, working hours, access and history in a real browser: small screens, axe, and the way in with a code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server import covering, hours, members
from server.acting import MANAGER, OWNER, VIEWER
from server.config import Settings, load
from server.db import transaction
from server.lines import EMPLOYEE, of
from server.models import Account, Did, Employee
from server.speech import speaker
from server.web.pagetoken import PageTokens, Pass
from tests import wire
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE
from tests.conftest import make_restaurant

LONG = "Олександра-Вікторія Нечуй-Левицька-Коваленко"
CODE = "lavender-7"
AXE = wire.ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("lines", "hours", "bulk", "access", "history", "unlock")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(wire.environment(wire.free_port(), tmp_path / "d.db"), tmp_path / "no.env")


@pytest.fixture
def account(app: Flask, settings: Settings) -> Iterator[Account]:
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    account = make_restaurant()
    with transaction():
        Employee.update(name=LONG).where(Employee.poster_id == 6).execute()
        Did.create(account=account, number="+380441234567", spot=1)
    hours.set_week(account.id, 1, dict.fromkeys(range(6), (600, 1320)))
    covering.choose(account.id, 1, {3})
    yield account
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, settings: Settings, account: Account) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda told: thrown.append(told.text) if "Content Security" in told.text else None)
    yield page
    context.close()
    assert not thrown


def open_in(
    page: Page, settings: Settings, account: Account, name: str, lang: str = "en", member: int = 0
) -> None:
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id, member=member))
    page.goto("about:blank")
    page.goto(f"{settings.public_url}/manage/{name}?lang={lang}#t={token}")
    expect(page.locator("h1")).to_have_text(speaker(lang)(f"{name}.title"))


def test_every_page_fits_320_px_and_axe_finds_nothing(
    page: Page, settings: Settings, account: Account
) -> None:
    owner = members.add(account.id, LONG, OWNER, CODE)
    members.add(account.id, "Іван", MANAGER, CODE)
    members.change(account.id, owner, LONG[:30], OWNER)
    for lang in ("ua", "pl"):
        for name in PAGES:
            open_in(page, settings, account, name, lang, owner)
            assert page.evaluate(TOO_WIDE) <= 0, (name, lang)
            assert page.evaluate(TOO_SMALL) == [], (name, lang)
            assert page.evaluate(TOO_FINE) == [], (name, lang)
            if lang == "ua":
                page.evaluate(AXE.read_text("utf-8"))
                assert [found["id"] for found in page.evaluate("axe.run()")["violations"]] == [], name


def test_the_first_code_the_lock_and_the_way_back_in(
    page: Page, settings: Settings, account: Account
) -> None:
    open_in(page, settings, account, "access")
    new = page.locator("[data-part=member-new]")
    new.get_by_label("Name").fill("Olena")
    new.get_by_label("Code").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator("#note-member-new")).to_contain_text("open in your name")
    new.get_by_label("Name").fill("Ivan")
    new.get_by_label("Role").select_option(VIEWER)
    new.get_by_label("Code").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator("#note-member-new")).to_contain_text("Ivan: the code works.")
    page.locator("#lock").click()
    expect(page.locator("h1")).to_have_text("Who are you?")
    page.get_by_label("Your name").select_option("Olena")
    page.get_by_label("Your code").fill("wrong-code")
    page.keyboard.press("Enter")
    expect(page.locator("#note-unlock")).to_have_text("The code does not fit the name.")
    page.reload()
    expect(page.locator("h1")).to_have_text("Who are you?")
    page.get_by_label("Your name").select_option("Ivan")
    page.get_by_label("Your code").fill(CODE)
    page.keyboard.press("Enter")
    expect(page.locator("header .holder")).to_contain_text("Ivan")
    page.reload()
    expect(page.locator("header .holder")).to_contain_text("viewer")


def test_a_pasted_list_is_looked_at_and_saved(page: Page, settings: Settings, account: Account) -> None:
    open_in(page, settings, account, "bulk")
    page.locator("#bulk-list").fill("Olena\t105\nNobody\t9")
    page.get_by_role("button", name="What would change?").click()
    expect(page.locator("[data-part=bulk]")).to_contain_text("Row 2, “Nobody 9”")
    assert page.evaluate(TOO_WIDE) <= 0
    page.locator("#bulk-save").click()
    expect(page.locator("#note-bulk")).to_contain_text("Saved. Changed: 1.")
    assert of(account.id, EMPLOYEE, 5) == ["105"]


def test_hours_and_cover_are_set_with_the_keyboard(page: Page, settings: Settings, account: Account) -> None:
    open_in(page, settings, account, "hours")
    page.locator("#hours-1-opens-6").fill("18:00")
    page.locator("#hours-1-closes-6").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#note-hours-1")).to_have_text("The hours are saved")
    expect(page.locator("#hours-1-closes-6")).to_have_value("02:00")
    page.locator("#cover-1-2").focus()
    page.keyboard.press("Space")
    expect(page.locator("#note-cover-1")).to_have_text("Saved")
    with transaction():
        assert covering.of(account.id, 1) == {2, 3}
        assert hours.week(account.id, 1)[6] == (1080, 1560)
