"""How workers tell each other: what one of them stored, every one that has listeners of that account tells too.

Nothing that must not be lost goes this way. All of it stands in the database, and whoever may have missed a word gets
a fresh snapshot: after a gap everybody here, after a worker's sudden death whoever had calls just then.
"""

from server.bus.base import Bus, Handler, Json
from server.bus.open import bus_for
from server.bus.slips import Slips

__all__ = ["Bus", "Handler", "Json", "Slips", "bus_for"]
