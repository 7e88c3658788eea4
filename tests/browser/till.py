"""A register page with a person in front of it."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.stage import ACCOUNT, Poster
from tests.browser.words import say

Json = dict[str, Any]
SOON = 10_000


class Till:
    """What the cashier sees and taps. Hidden frames are never painted, so waits go by the clock, not by frames."""

    def __init__(self, page: Page, poster: Poster, tablet: int, account: str = ACCOUNT) -> None:
        self.page, self.poster, self.tablet = page, poster, tablet
        page.set_default_timeout(SOON)
        page.goto(f"{poster.url}/register?account={account}&tablet={tablet}")
        self.wait_for("sandbox.state().appState === 'running'")

    # The register around us.

    def wait_for(self, expression: str, timeout: int = SOON) -> None:
        self.page.wait_for_function(f"window.sandbox && ({expression})", polling=30, timeout=timeout)

    def does(self, hook: str, *arguments: Any) -> Any:
        """One of the register page's own hooks: `login`, `openOrder`, `addProduct`..."""
        return self.page.evaluate("([hook, given]) => sandbox[hook](...given)", [hook, list(arguments)])

    def state(self) -> Json:
        return dict(self.does("state"))

    def login(self, pin: str) -> Till:
        """Until the server knows who stands here."""
        assert self.does("login", pin)
        return self.linked()

    def linked(self, link: str = "socket", timeout: int = SOON) -> Till:
        """The menu, drawn behind the curtain, says so; unless a call is there already."""
        card = ", header:not(.link)" if link == "socket" else ""
        said = self.app.locator(f"header.link.{link}{card}")
        said.first.wait_for(state="attached", timeout=timeout)
        return self

    def notified(self, text: str, timeout: int = SOON) -> Locator:
        """The notification with this text, still on the screen."""
        toast = self.page.locator(".toast", has_text=text)
        expect(toast.first).to_be_visible(timeout=timeout)
        return toast.first

    def reload(self) -> None:
        """The register itself is started anew; nobody is logged in."""
        self.page.reload()
        self.wait_for("sandbox.state().appState === 'running'")

    def restart(self) -> None:
        """Our application alone, by Poster's hand."""
        self.does("restartApp")
        self.wait_for("sandbox.state().appState === 'running'")

    # Our card.

    @property
    def app(self) -> Locator:
        return self.page.frame_locator("[data-test=container]").locator("#app-container")

    @property
    def frame(self) -> Frame:
        return next(frame for frame in self.page.frames if "/platform/container" in frame.url)

    @property
    def main(self) -> Locator:
        return self.app.locator("main")

    def sees(self, *texts: str, timeout: int = SOON) -> None:
        """In the open popup, all of them."""
        for text in texts:
            found = self.app.get_by_text(text, exact=False).first
            expect(found).to_be_visible(timeout=timeout)

    def sees_no(self, text: str) -> None:
        expect(self.app.get_by_text(text)).not_to_be_visible()

    def sees_no_card(self, timeout: int = SOON) -> None:
        expect(self.page.locator("[data-test=popup]")).to_be_hidden(timeout=timeout)

    def button(self, word: str) -> Locator:
        return self.app.get_by_role("button", name=say(word), exact=True)

    def tap(self, word: str) -> None:
        self.button(word).click()

    def fills(self, word: str, text: str) -> None:
        self.app.get_by_label(say(word)).fill(text)

    def field(self, word: str) -> Locator:
        return self.app.get_by_label(say(word))

    def opens_menu(self) -> None:
        self.does("clickIcon", "functions")
        expect(self.app.locator("header.link")).to_be_visible()

    def opens_menu_after_login(self, pin: str) -> None:
        """Whatever the connection is like."""
        self.does("login", pin)
        self.wait_for("sandbox.state().icons.functions")
        self.opens_menu()

    @property
    def chips(self) -> Locator:
        return self.app.locator("nav button")

    def chip(self, text: str) -> Locator:
        return self.chips.filter(has_text=text)

    # The order on the screen.

    def order_opens(self) -> Json:
        self.wait_for("sandbox.state().screen === 'order' && sandbox.activeOrder()")
        return dict(self.does("activeOrder"))

    def order_has(self, guest: int) -> None:
        self.wait_for(f"sandbox.activeOrder()?.clientId === {guest}")


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)
