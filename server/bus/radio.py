"""The bus over Redis: publish and subscribe, one channel for each account and one for all."""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable
from functools import partial

from redis import ConnectionPool, Redis
from redis.exceptions import RedisError

from server.bus.base import Bus, Handler, Json
from server.bus.ear import Ear
from server.bus.mouth import Mouth
from server.bus.redis_slips import RedisSlips

log = logging.getLogger("dzvinok.bus")

ANSWERS = 1.0  # seconds for one command
SILENT = 6.0  # seconds after which a line on which nothing came is given up; we ask every two
GAP, QUESTION, ANSWER = "gap", "?", "!"


class Radio(Bus):
    """`name` keeps several installations on one Redis apart. A word is `{"w": worker, "t": topic, "b": body}`."""

    shared = True

    def __init__(self, url: str, name: str) -> None:
        super().__init__()
        self.worker = secrets.token_hex(6)
        self._prefix = f"dzvinok:{name}"
        self._all = f"{self._prefix}:all"
        redis = Redis.from_url(url, protocol=2, socket_timeout=ANSWERS, socket_connect_timeout=ANSWERS)
        self._redis = redis
        self.slips = RedisSlips(redis, self._prefix)
        self._handlers: dict[str, Handler] = {}
        self._answerers: dict[str, Callable[[Json], Json | None]] = {}
        self._gaps: list[Callable[[], None]] = []
        self._waiting: dict[str, tuple[threading.Event, list[Json]]] = {}
        self._mouth = Mouth(redis, self._all, self._word(GAP, {}))
        pool = ConnectionPool.from_url(url, protocol=2, socket_timeout=SILENT, socket_connect_timeout=ANSWERS)
        self._ear = Ear(pool, self._all, self._heard, self._gap)
        self._started = False
        self.on(GAP, lambda account, body: self._gap())

    def start(self) -> None:
        self._started = True
        self._mouth.start()
        self._ear.start()

    def stop(self) -> None:
        if self._started:
            self._mouth.stop()
            self._ear.stop()
            self._redis.close()

    @property
    def away_since(self) -> float | None:
        """A process that does not serve (the terminal) has no ear, and asks."""
        if self._started:
            return self._ear.away_since
        try:
            self._redis.ping()
        except (RedisError, OSError):
            return time.time()
        return None

    def on(self, topic: str, handler: Handler) -> None:
        self._handlers[topic] = handler

    def on_gap(self, handler: Callable[[], None]) -> None:
        self._gaps.append(handler)

    def answer(self, topic: str, handler: Callable[[Json], Json | None]) -> None:
        self._answerers[topic] = handler

    def tell(self, account: int, topic: str, body: Callable[[], Json]) -> None:
        if self._started:
            self._mouth.say(self._channel(account), self._word(topic, body()))

    def tell_all(self, topic: str, body: Json) -> None:
        if self._started:
            self._mouth.say(self._all, self._word(topic, body))

    def hear(self, account: int) -> None:
        if self._started:
            self._ear.want(self._channel(account))

    def hear_only(self, accounts: Callable[[], set[int]]) -> None:
        stay = {self._all, *map(self._channel, accounts())}
        for channel in set(self._ear.channels()) - stay:
            self._ear.leave(channel, partial(_still, int(channel.rpartition(":")[2]), accounts))

    def ask(self, topic: str, body: Json, seconds: float) -> Json | None:
        mark, came = secrets.token_hex(6), threading.Event()
        answers: list[Json] = []
        self._waiting[mark] = (came, answers)
        try:
            self.tell_all(
                QUESTION, {"mark": mark, "topic": topic, "body": body, "until": time.time() + seconds}
            )
            came.wait(seconds)
        finally:
            del self._waiting[mark]
        return answers[0] if answers else None

    def _channel(self, account: int) -> str:
        return f"{self._prefix}:{account}"

    def _word(self, topic: str, body: Json) -> str:
        return json.dumps(
            {"w": self.worker, "t": topic, "b": body}, ensure_ascii=False, separators=(",", ":")
        )

    def _heard(self, channel: str, text: str) -> None:
        word = json.loads(text)
        if word["w"] == self.worker:
            return
        last = channel.rpartition(":")[2]
        try:
            self._obey(0 if last == "all" else int(last), word["t"], word["b"])
        except Exception:  # the edge: what one worker says wrongly must not deafen another
            log.exception("what another worker told of %s could not be done", word["t"])

    def _obey(self, account: int, topic: str, body: Json) -> None:
        if topic == QUESTION:
            # Beside: an answer may take a while, and what is told meanwhile must not wait.
            threading.Thread(target=self._reply, args=(body,), daemon=True).start()
        elif topic == ANSWER:
            came, answers = self._waiting.get(body["mark"], (None, []))
            answers.append(body["body"])
            if came:
                came.set()
        elif handler := self._handlers.get(topic):
            handler(account, body)

    def _reply(self, body: Json) -> None:
        answerer = self._answerers.get(body["topic"])
        if answerer is None or time.time() > body["until"]:
            return  # nobody waits any more: what is asked (ring this number) must not be done behind their back
        told = answerer(body["body"])
        if told is not None:
            self.tell_all(ANSWER, {"mark": body["mark"], "body": told})

    def _gap(self) -> None:
        for handler in self._gaps:
            threading.Thread(target=handler, name="background", daemon=True).start()


def _still(account: int, accounts: Callable[[], set[int]]) -> bool:
    return account in accounts()
