"""Thirty calls at once on ten registers: every card where it belongs, with its number and guest, and nowhere else."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from sandbox.seed.crowd import FIRST
from tests.browser.conftest import DESK
from tests.browser.stage import ACCOUNT, Phone, Ring, Stage, stranger
from tests.browser.till import Till, digits
from tests.browser.words import say
from tests.wire import ROOT

REGISTERS, CALLS = 10, 30
EACH = CALLS // REGISTERS
SOON = 20
"""Seconds: ten pages share the machine."""
CARDS = """() => [...document.querySelectorAll("nav .chip b")].map((one) => one.textContent)"""
CARD = """() => [document.querySelector("main h1").textContent,
  (document.querySelector("input[readonly]") || {}).value || document.querySelector("main").textContent]"""


class Desk:
    """A register of the crowd with its cashier: two of them stand at each spot."""

    def __init__(self, index: int, page: Page, stage: Stage) -> None:
        self.number = FIRST + index
        self.did = f"04450000{FIRST + index // 2}"
        self.line = f"2{self.number}"
        self.till = Till(page, stage.poster, self.number)
        self.till.login(f"90{self.number}")

    def has_cards(self, names: list[str]) -> None:
        """These and no others, in whatever order; waits for the last of them."""
        wanted, deadline = sorted(names), time.monotonic() + SOON
        while (cards := sorted(self.till.frame.evaluate(CARDS))) != wanted and time.monotonic() < deadline:
            self.till.page.wait_for_timeout(50)
        assert cards == wanted, f"register {self.number}"

    def opened(self, name: str) -> tuple[str, str]:
        """Whom the card of this chip names, and by which number. Pages in the background are not painted."""
        self.till.chips.filter(has_text=name).first.dispatch_event("click")
        title, number = self.till.frame.evaluate(CARD)
        return title, digits(number)


GIVE_LINES = f"""
from wsgi import app
for number in range({FIRST}, {FIRST + REGISTERS}):
    words = ["lines", "set", "--account", "{ACCOUNT}", "--employee", str(number), "--line", f"2{{number}}"]
    done = app.test_cli_runner().invoke(args=words)
    assert done.exit_code == 0, done.output
"""


@pytest.fixture(scope="module")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    stage = Stage(tmp_path_factory.mktemp("crowd"), crowd=REGISTERS)
    subprocess.run([sys.executable, "-c", GIVE_LINES], cwd=ROOT, env=stage.server.env, check=True)
    yield stage
    stage.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK, locale="uk-UA")
    yield context
    context.close()


def callers(stage: Stage) -> list[tuple[str, str]]:
    """Twenty guests and ten strangers: a number, and what the chip says."""
    known: dict[str, list[str]] = {}
    for one in stage.poster.guests(hidden=0):
        number = digits(str(one["phone"]))[-10:]
        if re.fullmatch(r"0\d{9}", number):
            known.setdefault(number, []).append(f"{one['lastname']} {one['firstname']}".strip())
    single = {number: names[0] for number, names in known.items() if len(names) == 1}
    by_name = {name: number for number, name in single.items()}
    guests = [(number, name) for name, number in by_name.items()][: CALLS - REGISTERS]
    strangers = [stranger() for _ in range(REGISTERS)]
    return guests + [(number, f"{number[:3]} {number[3:6]} {number[6:]}") for number in strangers]


def test_thirty_calls_on_ten_registers(stage: Stage, context: BrowserContext) -> None:
    desks = [Desk(index, context.new_page(), stage) for index in range(REGISTERS)]
    random = Random(30)
    people = callers(stage)
    assert len(people) == CALLS
    random.shuffle(people)
    plan = [(desks[index % REGISTERS], number, name) for index, (number, name) in enumerate(people)]
    phone = Phone(stage.hook)

    with ThreadPoolExecutor(CALLS) as pool:
        rings: list[Ring] = list(pool.map(lambda one: phone.ring(one[1], one[0].did), plan))
        for desk in desks:
            desk.has_cards([name for other, _, name in plan if other.did == desk.did])

        answers = list(zip(plan, rings, strict=True))
        random.shuffle(answers)
        list(pool.map(lambda one: one[1].answer(one[0][0].line), answers))
        for desk in desks:
            own = {name: number for other, number, name in plan if other is desk}
            assert len(own) == EACH
            desk.has_cards(list(own))
            for name, number in own.items():
                title, shown = desk.opened(name)
                assert title == name
                assert number[1:] in shown

        random.shuffle(rings)
        list(pool.map(lambda ring: ring.end(), rings))
    for desk in desks:
        desk.till.sees_no_card(timeout=1000 * SOON)
        assert desk.till.frame.evaluate(CARDS) == []
    talked = {say("talking"), say("incoming")}
    for desk in desks:
        assert not talked & set(desk.till.app.locator("header b").all_inner_texts())
