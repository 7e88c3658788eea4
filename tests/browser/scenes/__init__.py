"""Every state that the card can be in, as a small script."""

from tests.browser.scenes import calls, guests, links, orders
from tests.browser.scenes.table import SCENES, Scene

__all__ = ["SCENES", "Scene", "calls", "guests", "links", "orders"]
