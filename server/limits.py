"""How often somebody may knock at a door: token, account, register and address each have their own measure.

A bucket is one number (when it will be empty again: the generic cell rate algorithm), so ten thousand of them are a
few megabytes, and the least recently used go first. `limits` of PyPI was measured beside it: as quick (5 us), but it
keeps every key until its window is over, however many somebody invents. Counted in this process: with N workers, N
times as much goes through, which is still an end.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger("dzvinok.limits")

MOST = 20_000  # buckets; what is forgotten is full again
SAID_EVERY = 10.0  # seconds between two lines of the log about one limit


@dataclass(frozen=True)
class Limit:
    """`burst` at once, then `rate` a second. Why so many stands beside each in docs/security.md."""

    name: str
    rate: float
    burst: int


HOOK = Limit("hook", 100, 3000)
"""Of one company's address to one trunk: a ring of a thousand lines is told in a few hundred deliveries."""
HOOK_REFUSED = Limit("hook_refused", 5, 200)
HOOK_UNKNOWN = Limit("hook_unknown", 5, 200)
NOTICE_REFUSED = Limit("notice_refused", 5, 200)
"""Of all together: so many of Poster's refused notices are written down. The door takes every one that is signed."""
REGISTER = Limit("register", 20, 300)
REGISTER_ACCOUNT = Limit("register_account", 500, 15_000)
REGISTER_REFUSED = Limit("register_refused", 200, 3000)
"""A thousand registers with a wrong clock ask every fifteen seconds, and others with a right one beside them."""
SOCKET = Limit("socket", 200, 6000)
"""Of one address: a chain's thousand registers come back through one of them, and may try five times at once."""
JOIN = Limit("join", 1, 60)
FRAME = Limit("frame", 20, 600)
PONG = Limit("pong", 2000, 5000)
"""One for each card that a register was asked about; more is no answer any more."""
CONNECT = Limit("connect", 0.5, 40)
CODE = Limit("code", 0.5, 40)
"""Each costs Poster and us a question."""
MANAGE = Limit("manage", 20, 400)
FILE = Limit("file", 2, 60)
PLAIN = Limit("plain", 50, 1000)
"""Pages and programs that are the same for everybody."""

ALL = (
    HOOK, HOOK_REFUSED, HOOK_UNKNOWN, NOTICE_REFUSED, REGISTER, REGISTER_ACCOUNT, REGISTER_REFUSED, SOCKET, JOIN,
    FRAME, PONG, CONNECT, CODE, MANAGE, FILE, PLAIN,
)  # fmt: skip


class Limits:
    """`times` as much as each limit says; 0: no limits."""

    def __init__(self, times: float = 1, now: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self.times = times
        self._now = now
        self._most = most
        self._empty_at: OrderedDict[tuple[object, ...], float] = OrderedDict()
        self._lock = threading.Lock()
        self._said: dict[str, float] = {}
        self.refused: Counter[str] = Counter()
        """How often each limit said no since this process began, by its name."""

    def wait(self, limit: Limit, *who: object, count: bool = True) -> float:
        """Seconds after which it may be tried again; 0: it is counted (or could be), go on."""
        if not self.times:
            return 0.0
        now, key, step = self._now(), (limit.name, *who), 1 / (limit.rate * self.times)
        with self._lock:
            empty_at = max(self._empty_at.get(key, 0.0), now) + step
            over = empty_at - now - limit.burst / limit.rate
            if over < step / 2:  # half a step is nobody's: sums of fractions are never even
                if count:
                    self._keep(key, empty_at)
                return 0.0
        self._say(limit, now)
        return over

    def _keep(self, key: tuple[object, ...], empty_at: float) -> None:
        self._empty_at[key] = empty_at
        self._empty_at.move_to_end(key)
        while len(self._empty_at) > self._most:
            self._empty_at.popitem(last=False)

    def _say(self, limit: Limit, now: float) -> None:
        """Who it was is not said: the key may hold a token."""
        self.refused[limit.name] += 1
        if now - self._said.get(limit.name, -SAID_EVERY) >= SAID_EVERY:
            self._said[limit.name] = now
            log.warning("limit %s reached (%d times since the start)", limit.name, self.refused[limit.name])
