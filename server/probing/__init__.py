"""Questions that go over the network for the doctor, asked in the background and remembered."""

from server.probing.outside import Outside
from server.probing.probes import DOWN, NO, PLAN, REFUSED, YES, Probes

__all__ = ["DOWN", "NO", "PLAN", "REFUSED", "YES", "Outside", "Probes"]
