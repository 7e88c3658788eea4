"""What an owner has set up is read once for a ring, however many of its stops ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from peewee import Model

from server import db

M = TypeVar("M", bound=Model)


class _Memory:
    """Answers by question. What was begun by a ring and goes on after it would see old answers: so it is closed."""

    def __init__(self) -> None:
        self.open = True
        self.answers: dict[Any, Any] = {}


_memory: ContextVar[_Memory | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it `rows` and `first` answer the same question the same way; inside another one it is that one's."""
    outer = _memory.get()
    if outer and outer.open:
        yield
        return
    memory = _Memory()
    token = _memory.set(memory)
    try:
        yield
    finally:
        memory.open = False
        _memory.reset(token)


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    memory = _memory.get()
    if memory is None or not memory.open:
        return db.rows(sql, *values)
    key = (sql, values)
    if key not in memory.answers:
        memory.answers[key] = db.rows(sql, *values)
    found: list[tuple[Any, ...]] = memory.answers[key]
    return found


def first(model: type[M], sql: str, *values: Any) -> M | None:
    memory = _memory.get()
    if memory is None or not memory.open:
        return db.first(model, sql, *values)
    key = (model, sql, values)
    if key not in memory.answers:
        memory.answers[key] = db.first(model, sql, *values)
    found: M | None = memory.answers[key]
    return found
