"""Registers that stand somewhere and are cleared away afterwards; calls that happened at a time of their own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from server.calls import IN, CallEvent
from server.models import Account
from server.parts import Parts
from tests.wire import Register, Server

GUEST, E164 = "0671112233", "+380671112233"

Desk = Callable[..., Register]


@pytest.fixture
def desk(served: Server) -> Iterator[Desk]:
    """A register that stands at a spot; its socket is closed in the end."""
    opened: list[Register] = []

    def at(register: int, employee: int | None, spot: int = 1, account: str = "pechera") -> Register:
        opened.append(Register(served.url, account, register=register, spot=spot, employee=employee))
        return opened[-1]

    yield at
    for one in opened:
        one.close()


class Line:
    """Calls of the account, told at the time that they happened: `ago` seconds before now."""

    def __init__(self, parts: Parts, account: Account) -> None:
        self.parts, self.account, self.now = parts, account, time.time()

    def tell(self, key: str, kind: str, ago: float, **facts: Any) -> None:
        facts = {"direction": IN, "caller": GUEST, **facts}
        self.parts.intake.take(self.account.id, None, [CallEvent(key, kind, self.now - ago, **facts)])

    def missed(self, key: str, ago: float, outcome: str = "missed", **facts: Any) -> None:
        self.tell(key, "ring", ago, **facts)
        self.tell(key, "end", ago - 20, outcome=outcome, **facts)

    def talked(self, key: str, ago: float, line: str = "101", **facts: Any) -> None:
        self.tell(key, "ring", ago, **facts)
        self.tell(key, "answer", ago - 5, line=line, **facts)
        self.tell(key, "end", ago - 60, outcome="answered", **facts)
