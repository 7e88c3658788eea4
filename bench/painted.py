"""Webhook -> card painted: the sandbox, the server and a real Chromium, with a crowd of registers beside.

Painted is when the number stands in the open popup and an animation frame with it has passed. The page looks itself
(a hidden frame gets no animation frames at all) and says when that was; each ring rings every register.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from playwright.sync_api import Frame, sync_playwright

from bench.figures import Json, spread
from bench.servers import Crowd
from tests.browser.conftest import DESK
from tests.browser.stage import ACCOUNT, MARTA, Phone, Stage, shown, stranger
from tests.browser.till import Till
from tests.chromium import FLAGS, MISSING, path

WARM_UP = 5
SLOWER = 6  # a cheap tablet beside the machine that this runs on
FIRST_OF_CROWD = 1000
NOW = "() => performance.timeOrigin + performance.now()"
WATCH = """(number) => { window.painted = new Promise((done) => {
  const card = document.getElementById("app-container");
  const frame = () => requestAnimationFrame(() => innerWidth ? requestAnimationFrame(stamp) : frame());
  const stamp = () => done(performance.timeOrigin + performance.now());
  const look = new MutationObserver(() => {
    if (!card.textContent.includes(number)) return;
    look.disconnect();
    frame();
  });
  look.observe(card, { childList: true, subtree: true, characterData: true });
}); }"""


def cards(registers: list[int], rings: int) -> list[Json]:
    """A row of milliseconds for each number of registers, and for a till as slow as they are in restaurants."""
    if path() is None:
        print(MISSING)
        return []
    ways = [(count, 1) for count in registers] + [(registers[0], SLOWER)]
    return [
        {"registers": count, "CPU slower": f"{slower}x", **spread(_cards(count, rings, slower)[WARM_UP:])}
        for count, slower in ways
    ]


def _cards(registers: int, rings: int, slower: int) -> list[float]:
    with open_stage() as stage, open_till(stage) as till:
        till.page.context.new_cdp_session(till.page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        others = registers - 1
        crowd = Crowd("ours", stage.server.url, ACCOUNT, FIRST_OF_CROWD, others) if others else nullcontext()
        phone = Phone(stage.hook)
        ahead = _ahead(till.frame)
        with crowd:
            return [_card(till, phone, ahead) for _ in range(WARM_UP + rings)]


def _card(till: Till, phone: Phone, ahead: float) -> float:
    """Seconds from before the webhook is sent; then everything is as before the ring."""
    number = stranger()
    till.frame.evaluate(WATCH, shown(number))
    sent = time.time()
    ring = phone.ring(number)
    painted = float(till.frame.evaluate("() => window.painted")) / 1000 - ahead
    till.does("closePopup")
    ring.miss()
    till.wait_for("!sandbox.popupOpen()")
    time.sleep(0.2)
    return painted - sent


def _ahead(frame: Frame) -> float:
    """By how many seconds the page's clock is ahead of ours: asked in the quickest of some questions."""
    asked = []
    for _ in range(20):
        before = time.time()
        theirs = float(frame.evaluate(NOW)) / 1000
        after = time.time()
        asked.append((after - before, theirs - (before + after) / 2))
    return min(asked)[1]


@contextmanager
def open_stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(Path(folder))
        try:
            yield stage
        finally:
            stage.close()


@contextmanager
def open_till(stage: Stage) -> Iterator[Till]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=FLAGS)
        page = browser.new_page(viewport=DESK, locale="uk-UA")
        yield Till(page, stage.poster, 1).login(MARTA)
        browser.close()
