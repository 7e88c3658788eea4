"""What this worker says: kept in order, sent by a greenlet of its own, so that no ring waits for the network."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("dzvinok.bus")

AT_ONCE = 200  # words in one round trip
MOST = 20_000  # words that wait while Redis is away; then it is not worth telling them any more
PAUSE = 0.3


class Mouth:
    """`lost` is the word to say to everybody when some of ours were not said."""

    def __init__(self, redis: Redis, all_channel: str, lost: str) -> None:
        self._redis = redis
        self._all = all_channel
        self._lost_word = lost
        self._lost = False
        self._words: deque[tuple[str, str]] = deque()
        self._wake = threading.Event()
        self._stopped = False
        self._turn = threading.Lock()

    def start(self) -> None:
        threading.Thread(target=self._run, name="bus-mouth", daemon=True).start()

    def say(self, channel: str, text: str) -> None:
        if len(self._words) >= MOST:
            self._words.clear()
            self._lost = True
        self._words.append((channel, text))
        self._wake.set()

    def stop(self) -> None:
        """What waits is said first, if Redis is there."""
        with self._turn:
            self._send()
            self._stopped = True
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped:
            self._wake.wait(PAUSE if self._lost else None)
            self._wake.clear()
            while self._words or self._lost:
                with self._turn:
                    sent = self._stopped or self._send()
                if self._stopped:
                    return
                if not sent:
                    self._wake.wait(PAUSE)
                    break

    def _send(self) -> bool:
        some = [self._words.popleft() for _ in range(min(len(self._words), AT_ONCE))]
        if self._lost:
            some.append((self._all, self._lost_word))
        if not some:
            return True
        pipe = self._redis.pipeline(transaction=False)
        for channel, text in some:
            pipe.publish(channel, text)
        try:
            pipe.execute()
        except (RedisError, OSError) as why:
            if not self._lost:
                log.warning("Redis does not take what we tell: %s", type(why).__name__)
            self._lost = True
            return False
        self._lost = False
        return True
