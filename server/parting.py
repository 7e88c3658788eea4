"""The end of a serving process: its registers are sent on at once, or their open sockets would hold it for seconds.

The next process takes over the listening socket (systemd keeps it), so that rings only wait meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from server.hub import Hub
from server.messages import RESTART

LOOK_EVERY = 0.1


def watch(hub: Hub, serving: Callable[[], bool]) -> threading.Thread:
    """Looks whether the process still serves, and once it doesn't sends away whoever is there or still comes."""
    thread = threading.Thread(target=_watch, args=(hub, serving), name="parting", daemon=True)
    thread.start()
    return thread


def _watch(hub: Hub, serving: Callable[[], bool]) -> None:
    while serving():
        time.sleep(LOOK_EVERY)
    while True:
        for one in hub.sockets():
            one.close(RESTART)
        time.sleep(LOOK_EVERY)
