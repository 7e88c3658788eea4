"""A page of Manage alone in a small browser, without Poster's back office around it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from server.config import Settings
from server.models import Account
from server.web.pagetoken import PageTokens, Pass
from tests.browser.desk import TOO_FINE, TOO_SMALL, TOO_WIDE
from tests.wire import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@contextmanager
def serving(app: Flask, settings: Settings) -> Iterator[None]:
    host, port = settings.bind.split(":")
    server = make_server(host, int(port), app, threaded=True)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


@contextmanager
def opened(browser: Browser, settings: Settings, account: Account, room: str) -> Iterator[Page]:
    """In Ukrainian, 320 px wide; nothing may be thrown there or stopped by the page's security policy."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, accept_downloads=True)
    page, thrown = context.new_page(), list[str]()
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.on("console", lambda told: thrown.append(told.text) if "Content Security" in told.text else None)
    token = PageTokens(settings.secret_key).issue(Pass(account=account.id))
    page.goto(f"{settings.public_url}/manage/{room}?lang=ua#t={token}")
    yield page
    context.close()
    assert not thrown


def fits(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(TOO_FINE) == []


def violations(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(
        "async () => (await axe.run(document)).violations.map(one => one.id + ' ' + one.nodes[0].html)"
    )
    return found
