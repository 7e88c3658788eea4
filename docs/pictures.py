"""Makes the pictures of README and docs from the running product: `.venv/bin/python -m docs.pictures`."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.browser.stage import ACCOUNT, BOHDAN, MARTA, Phone, Stage, stranger
from tests.browser.till import Till

PICTURES = Path(__file__).parent / "pictures"
LARGEST = 150_000
DRAWN = 1500
"""Milliseconds until orders have come and notifications have slid in."""

OLENA, SHEVCHUKS = "0671112233", "0502223344"


class Studio:
    """A restaurant that speaks English, and a browser."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self.browser, self.stage = browser, stage
        self.phone = Phone(stage.hook)

    def page(self, width: int, height: int) -> Page:
        return self.browser.new_page(viewport={"width": width, "height": height}, locale="en-GB")

    def till(self, tablet: int, pin: str, width: int = 900, height: int = 620) -> Till:
        return Till(self.page(width, height), self.stage.poster, tablet).login(pin)

    def keep(self, page: Page, name: str) -> None:
        page.wait_for_timeout(DRAWN)
        path = PICTURES / f"{name}.png"
        page.screenshot(path=path)
        assert path.stat().st_size < LARGEST, f"{path} is too large"
        page.close()
        self.phone.hang_up()
        self.phone.rings.clear()


def card_known(studio: Studio) -> Page:
    register = studio.till(1, MARTA)
    studio.phone.ring(OLENA)
    register.sees("Margherita")
    return register.page


def card_unknown(studio: Studio) -> Page:
    register = studio.till(1, MARTA)
    studio.phone.ring(stranger())
    register.app.locator("#guest input").first.fill("Дмитро")
    return register.page


def card_several(studio: Studio) -> Page:
    register = studio.till(1, MARTA)
    studio.phone.ring(SHEVCHUKS)
    register.sees("Шевчук Ірина")
    return register.page


def answered_elsewhere(studio: Studio) -> Page:
    """Folded at this register, with who has the call."""
    register = studio.till(2, BOHDAN)
    ring = studio.phone.ring(OLENA)
    register.sees("Margherita")
    ring.answer("101")
    register.sees_no_card()
    return register.page


def sandbox(studio: Studio) -> Page:
    page = studio.page(1200, 680)
    page.goto(studio.stage.poster.url)
    page.wait_for_timeout(3 * DRAWN)
    page.click("[data-test=ring]")
    return page


def manage_lines(studio: Studio) -> Page:
    return _manage(studio, "Lines")


def manage_phone(studio: Studio) -> Page:
    studio.phone.ring(OLENA).end()
    return _manage(studio, "Phone")


def manage_choose(studio: Studio) -> Page:
    """All that can be connected, by what it takes."""
    page = _manage(studio, "Phone")
    page.frame_locator("#application").locator("#add").evaluate("one => one.scrollIntoView()")
    return page


def manage_sheet(studio: Studio) -> Page:
    """What to enter at a desk phone."""
    page = _manage(studio, "Phone")
    page.set_viewport_size({"width": 1100, "height": 620})
    frame = page.frame_locator("#application")
    frame.get_by_role("link", name="Desk phones").click()
    frame.get_by_role("button", name="Connect").click()
    frame.locator("section.card").last.get_by_role("link", name="Sheet to print").click()
    return page


def manage_start(studio: Studio) -> Page:
    return _manage(studio, "First steps")


def manage_calls(studio: Studio) -> Page:
    studio.phone.ring(OLENA).answer("101")
    return _manage(studio, "Calls")


def manage_reports(studio: Studio) -> Page:
    return _manage(studio, "Reports", 860)


def manage_hours(studio: Studio) -> Page:
    page = _manage(studio, "Reports", 860)
    page.frame_locator("#application").get_by_role("link", name="Hours", exact=True).click()
    return page


def manage_doctor(studio: Studio) -> Page:
    return _manage(studio, "Check-up", 900)


def _manage(studio: Studio, tab: str, height: int = 720) -> Page:
    page = studio.page(1200, height)
    page.goto(f"{studio.stage.poster.url}/manage/applications/dzvinok?account=pechera")
    page.frame_locator("#application").get_by_role("link", name=tab, exact=True).click()
    return page


SCENES: list[Callable[[Studio], Page]] = [
    card_known, card_unknown, card_several, answered_elsewhere, sandbox, manage_lines, manage_phone, manage_choose,
    manage_sheet, manage_start, manage_calls, manage_reports, manage_hours, manage_doctor,
]  # fmt: skip


def counted(stage: Stage) -> None:
    """Figures follow the calls in a minute."""
    path = stage.server.env["DATABASE_URL"].removeprefix("sqlite:///")
    while uncounted(path):
        time.sleep(0.5)


def uncounted(path: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute("SELECT count(*) FROM stale_call").fetchone()[0])


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        with closing(Stage(Path(folder))) as stage:
            stage.poster.faults(lang="en")
            stage.server.cli("simulate", "--account", ACCOUNT, "--weeks", "5")
            counted(stage)
            studio = Studio(browser, stage)
            for scene in SCENES:
                studio.keep(scene(studio), scene.__name__.replace("_", "-"))


if __name__ == "__main__":
    main()
