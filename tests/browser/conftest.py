"""Sandbox, server and Chromium once; a calm restaurant and fresh pages for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.stage import Phone, Poster, Stage
from tests.browser.till import Till
from tests.wire import ROOT, Server

BUNDLE = ROOT / "pos_bundle" / "dist" / "bundle.js"
DESK = {"width": 1024, "height": 720}

OpenTill = Callable[..., Till]
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def stage(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    assert BUNDLE.exists(), "make build"
    stage = Stage(tmp_path_factory.mktemp("stage"))
    yield stage
    stage.close()


@pytest.fixture
def poster(stage: Stage) -> Iterator[Poster]:
    """With every fault switch in its normal place, before and after."""
    bitten = len(stage.poster.ask("watchdog")["entries"])
    stage.poster.faults(reset=True)
    yield stage.poster
    stage.poster.faults(reset=True)
    entries = stage.poster.ask("watchdog")["entries"]
    assert len(entries) == bitten, f"Poster's watchdog reloaded us: {entries[0]}"


@pytest.fixture
def server(stage: Stage) -> Iterator[Server]:
    """Running again afterwards, whatever was done to it."""
    yield stage.server
    if stage.server.process.poll() is not None:
        stage.server.start()


@pytest.fixture
def phone(stage: Stage, server: Server) -> Iterator[Phone]:
    phone = Phone(stage.hook)
    yield phone
    phone.hang_up()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK, locale="uk-UA")
    yield context
    context.close()


@pytest.fixture
def new_page(context: BrowserContext) -> Iterator[NewPage]:
    """Pages whose scripts may not throw."""
    thrown: list[str] = []

    def open_page(width: int = DESK["width"], height: int = DESK["height"]) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("pageerror", lambda error: thrown.append(str(error)))
        return page

    yield open_page
    assert not thrown


@pytest.fixture
def till(new_page: NewPage, poster: Poster) -> OpenTill:
    """`till(1, MARTA)`: register 1 with Marta logged in; without a PIN nobody is."""

    def open_till(
        tablet: int, pin: str = "", width: int = DESK["width"], height: int = DESK["height"]
    ) -> Till:
        opened = Till(new_page(width, height), poster, tablet)
        return opened.login(pin) if pin else opened

    return open_till
