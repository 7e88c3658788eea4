"""Registers that listen, and how those of one account are found."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Generic, Protocol, TypeVar

from server.routing import Audience, Desk


class Seat(Desk, Protocol):
    """A register that listens, here or at another worker (see `server.bus.elsewhere`)."""

    @property
    def account(self) -> int: ...
    @property
    def version(self) -> str: ...
    @property
    def polls(self) -> bool: ...
    @property
    def closed(self) -> int | None: ...


class Others(Protocol):
    """Those who listen at other workers; hears of each of ours that comes `+`, leaves `-` or asks `?`."""

    def of(self, account: int, to: Audience | None = None) -> Iterable[Seat]: ...
    def accounts(self) -> set[int]: ...
    def note(self, way: str, one: Seat) -> None: ...


S = TypeVar("S", bound=Seat)


class Room(Generic[S]):
    """The listeners of one account with sockets, found by their register or by who is logged in there."""

    def __init__(self) -> None:
        self.all: set[S] = set()
        self._registers: dict[int | None, set[S]] = {}
        self._employees: dict[int | None, set[S]] = {}

    def add(self, one: S) -> None:
        self.all.add(one)
        self._registers.setdefault(one.register, set()).add(one)
        self._employees.setdefault(one.employee, set()).add(one)

    def remove(self, one: S) -> None:
        self.all.discard(one)
        for index, key in ((self._registers, one.register), (self._employees, one.employee)):
            there = index.get(key, set())
            there.discard(one)
            if not there:
                index.pop(key, None)

    def of(self, to: Audience | None) -> Iterable[S]:
        """Those whom it may be for; a register with a thousand neighbours is found without asking them all."""
        if to is None or to.spots is None or to.spots:
            return self.all
        found = [self._registers.get(one, ()) for one in to.registers]
        return {*chain(*found, *(self._employees.get(one, ()) for one in to.employees))}
