"""Which restaurants are connected; the ways in are a browser, Poster's back office and Poster's own word."""

from __future__ import annotations

from server.connecting.entering import Entered, Entering
from server.connecting.installs import Installs
from server.connecting.outcome import Outcome
from server.connecting.told import Told


class Connecting(Installs, Entering, Told):
    """All three ways over one desk; its constructor is `Desk`'s."""


__all__ = ["Connecting", "Entered", "Outcome"]
