"""Slips that every worker sees, in Redis. While it is away each worker has its own."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from redis.exceptions import RedisError

from server.bus.slips import Json, Slips

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("dzvinok.bus")


class RedisSlips(Slips):
    """Each slip lies in one place, Redis or this process, so none works twice."""

    def __init__(self, redis: Redis, prefix: str) -> None:
        super().__init__()
        self._redis: Any = redis
        self._prefix = prefix

    def put(self, kind: str, word: str, body: Json, life: float) -> None:
        try:
            self._redis.set(self._key(kind, word), json.dumps(body), px=int(life * 1000))
        except (RedisError, OSError):
            super().put(kind, word, body, life)

    def take(self, kind: str, word: str) -> Json | None:
        try:
            found = self._redis.getdel(self._key(kind, word))
        except (RedisError, OSError):
            found = None
        return _body(found) if found else super().take(kind, word)

    def see(self, kind: str, word: str) -> Json | None:
        try:
            found = self._redis.get(self._key(kind, word))
        except (RedisError, OSError):
            found = None
        return _body(found) if found else super().see(kind, word)

    def first(self, kind: str, word: str, life: float) -> bool:
        try:
            return bool(self._redis.set(self._key(kind, word), "{}", px=int(life * 1000), nx=True))
        except (RedisError, OSError):
            return super().first(kind, word, life)

    def _key(self, kind: str, word: str) -> str:
        return f"{self._prefix}:{kind}:{word}"


def _body(found: bytes) -> Json:
    return dict(json.loads(found))
