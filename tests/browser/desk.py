"""Poster's back office with our page in its frame, as an owner sees it."""

from __future__ import annotations

from playwright.sync_api import Frame, FrameLocator, Page, expect

from tests.browser.stage import Poster

# What a thumb can't hit: a box that is ticked by its label counts as large as that.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")]
  .filter(one => one.checkVisibility())
  .map(one => one.closest("label.check") ?? one)
  .filter(one => { const box = one.getBoundingClientRect(); return box.width < 43.5 || box.height < 43.5 })
  .map(one => one.outerHTML.slice(0, 100))"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
TOO_FINE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && [...one.childNodes].some(text => text.nodeType === 3 && text.data.trim()))
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < 14)
  .map(one => one.outerHTML.slice(0, 100))"""


class Desk:
    """At the page of the lines."""

    def __init__(self, page: Page, poster: Poster, server_url: str) -> None:
        self.page, self.server_url = page, server_url
        page.goto(f"{poster.url}/manage/applications/dzvinok?account=pechera")
        expect(self.frame.locator("h1")).to_be_visible()
        self.frame.locator("nav:not(.languages) a[href*='/manage/lines?']").click()
        expect(self.frame.locator("#employees")).to_be_visible()

    @property
    def frame(self) -> FrameLocator:
        return self.page.frame_locator("#application")

    @property
    def inside(self) -> Frame:
        return next(frame for frame in self.page.frames if frame.url.startswith(self.server_url))

    def lines(self, employee: int) -> str:
        return f"#employee-{employee}-lines"

    def note(self, part: str, text: str) -> None:
        expect(self.frame.locator(f"#note-{part}")).to_contain_text(text)

    def go(self, name: str, lang: str = "ua") -> None:
        go(self.frame, name, lang)


def go(root: FrameLocator | Page, name: str, lang: str) -> None:
    """By the language's link first, so that the words that follow are known."""
    tongue = root.locator(f".languages a[href*='lang={lang}']")
    tongue.click()
    expect(tongue).to_have_attribute("aria-current", "true")
    tab = root.locator(f"nav:not(.languages) a[href*='/manage/{name}?']")
    tab.click()
    expect(tab).to_have_attribute("aria-current", "page")
