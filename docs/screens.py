"""Makes a picture of every state of the card in every language: `make screens`.

Or of some: `.venv/bin/python -m docs.screens --lang en --only menu`. Each picture has the card as a usual till shows it
and as the smallest one does; docs/screens/<language>.png is a sheet of all.
"""

from __future__ import annotations

import argparse
import io
import math
from contextlib import ExitStack
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

from tests import chromium
from tests.browser.conftest import BUNDLE
from tests.browser.flaws import FLAWS
from tests.browser.scenes import SCENES, Scene
from tests.browser.showing import SIZES, Showing, stand
from tests.browser.words import LANGUAGES

SCREENS = Path(__file__).parent / "screens"
GAP, PAPER, INK = 12, (110, 120, 132), (255, 255, 255)
COLOURS = 14
SHEET_COLUMNS, SHEET_SCALE, CAPTION = 12, 0.22, 14
SHEET_COLOURS = 8


def drawn(page: Page, one: Scene, lang: str, bundle: Path) -> Image.Image:
    """Says what does not fit, too."""
    one(Showing(page, lang, bundle))
    for flaw, where in page.evaluate(FLAWS).items():
        if where:
            print(f"{lang} {one.__name__} {page.viewport_size}: {flaw} {where}", flush=True)
    shot = page.screenshot(animations="disabled")
    return Image.open(io.BytesIO(shot)).convert("RGB")


def beside(pictures: list[Image.Image]) -> Image.Image:
    width = sum(one.width for one in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGB", (width, max(one.height for one in pictures)), PAPER)
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width + GAP
    return whole


def keep(picture: Image.Image, path: Path, colours: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)


def sheet(pictures: dict[str, Image.Image]) -> Image.Image:
    """All of a language as a usual till shows them, small, each under its name."""
    large = next(iter(SIZES.values()))
    width, height = (round(side * SHEET_SCALE) for side in large)
    columns = min(SHEET_COLUMNS, len(pictures))
    rows = math.ceil(len(pictures) / columns)
    whole = Image.new("RGB", (columns * (width + GAP), rows * (height + CAPTION + GAP)), PAPER)
    pen = ImageDraw.Draw(whole)
    for index, (name, picture) in enumerate(pictures.items()):
        left, top = (index % columns) * (width + GAP), (index // columns) * (height + CAPTION + GAP)
        pen.text((left + 2, top + 4), name, fill=INK)
        small = picture.crop((0, 0, *large)).resize((width, height), Image.Resampling.LANCZOS)
        whole.paste(small, (left, top + CAPTION))
    return whole


def main() -> None:
    asked = argparse.ArgumentParser(prog="docs.screens")
    asked.add_argument("--lang", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    asked.add_argument("--only", nargs="+", choices=list(SCENES), default=list(SCENES))
    asked.add_argument("--into", type=Path, default=SCREENS)
    asked.add_argument("--bundle", type=Path, default=BUNDLE)
    asked.add_argument("--sheets-only", action="store_true")
    wanted = asked.parse_args()
    with ExitStack() as at_the_end:
        playwright = at_the_end.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.FLAGS)
        at_the_end.callback(browser.close)
        pages = [at_the_end.enter_context(stand(browser, size)) for size in SIZES]
        for lang in wanted.lang:
            pictures = {}
            for name in wanted.only:
                pictures[name] = beside([drawn(page, SCENES[name], lang, wanted.bundle) for page in pages])
                if not wanted.sheets_only:
                    keep(pictures[name], wanted.into / lang / f"{name}.png", COLOURS)
            if len(pictures) == len(SCENES):
                keep(sheet(pictures), wanted.into / f"{lang}.png", SHEET_COLOURS)


if __name__ == "__main__":
    main()
