"""Every state of the card, on the usual till and on the smallest: what axe finds, and what fits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.flaws import FLAWS
from tests.browser.scenes import SCENES
from tests.browser.showing import SIZES, Json, Showing, stand
from tests.browser.words import LANGUAGES
from tests.wire import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BEGIN = "() => { axe.run(document).then((found) => { window.found = found; }); }"
VIOLATIONS = """() => window.found && window.found.violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 120) + " " + failureSummary.slice(0, 200)))"""
OTHERS = [lang for lang in LANGUAGES if lang != "ua"]
ENLARGED = {"big-text"}
"""Text twice as large may leave less than a hundred pixels to the middle, and quiet buttons to slide to."""


def violations(register: Showing) -> list[str]:
    """The page's clock stands still, so axe's own pauses are passed for it."""
    register.page.evaluate(BEGIN)
    for _ in range(40):
        register.passes(0.1)
        found: list[str] | None = register.page.evaluate(VIOLATIONS)
        if found is not None:
            return found
    raise AssertionError("axe did not finish")


def flaws(register: Showing, name: str) -> Json:
    found: Json = register.page.evaluate(FLAWS)
    allowed = {"squeezed", "slid"} if name in ENLARGED else set()
    return {flaw: where for flaw, where in found.items() if where and flaw not in allowed}


def at_each_size(page: Page, look: Callable[[], Any]) -> Json:
    """What is wrong, by size."""
    wrong: Json = {}
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        found = look()
        wrong |= {size: found} if found else {}
    return wrong


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One for all scenes."""
    with stand(browser) as page:
        yield page


@pytest.mark.parametrize("name", SCENES)
def test_axe_finds_nothing_and_everything_fits(name: str, page: Page) -> None:
    """Contrast too. Nothing smaller than a thumb, nothing finer than 14 px, nothing cut, nothing to scroll sideways."""
    register = Showing(page, "ua")
    SCENES[name](register)
    page.evaluate(AXE.read_text("utf-8"))
    assert at_each_size(page, lambda: flaws(register, name)) == {}
    assert at_each_size(page, lambda: violations(register)) == {}


@pytest.mark.parametrize(
    ("name", "lang"), [(name, OTHERS[at % len(OTHERS)]) for at, name in enumerate(SCENES)]
)
def test_other_languages_fit_as_well(name: str, lang: str, page: Page) -> None:
    """Each scene in one more language by turns; `make screens` looks at all of them."""
    register = Showing(page, lang)
    SCENES[name](register)
    assert at_each_size(page, lambda: flaws(register, name)) == {}


def test_every_state_has_its_picture_in_every_language() -> None:
    """`make screens` after a scene was added."""
    drawn = {(path.parent.name, path.stem) for path in (ROOT / "docs" / "screens").glob("*/*.png")}
    assert drawn == {(lang, name) for lang in LANGUAGES for name in SCENES}
