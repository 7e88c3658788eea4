"""Every state that the card can be in, as a small script."""

from tests.browser.scenes import calls, guests, links, orders, sheets
from tests.browser.scenes.table import TOLD, Scene

CHAPTERS = (guests, orders, sheets, calls, links)

SCENES: dict[str, Scene] = {
    name: one for chapter in CHAPTERS for name, one in TOLD.items() if one.__module__ == chapter.__name__
}
"""By the name of its picture, in the order in which a cashier meets them."""

__all__ = ["SCENES", "Scene"]
