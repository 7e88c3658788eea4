"""How the owner wants the card to behave: one table of choices, each with its default and what it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from server.db import rows, transaction
from server.models import Preference
from server.unfit import Unfit

CHOSEN = "SELECT name, value FROM preference WHERE account_id = ?"

ON_RING, ON_ANSWER = "ring", "answer"
COMMENT, ONLINE = "comment", "online"


@dataclass(frozen=True)
class Preferences:
    """`pop`: when a card comes up by itself. `veil`: number and name stay hidden until somebody answers.

    `promise`: minutes that are promised to a guest, plus `promise_each` for each order that is open now.
    `vip_from`: currency units that make a guest a VIP, 0 = nobody. `delivery`: how an address reaches kitchen and
    courier. `booking`: tables can be booked from a call.
    """

    pop: str = ON_RING
    veil: bool = False
    promise: int = 45
    promise_each: int = 0
    vip_from: int = 0
    delivery: str = COMMENT
    booking: bool = True


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError
        return value

    return read


def _whole(most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or int(value) > most:
            raise ValueError
        return int(value)

    return read


def _switch(value: str) -> bool:
    return value in ("1", "on", "true")


READERS: dict[str, Callable[[str], Any]] = {
    "pop": _one_of(ON_RING, ON_ANSWER),
    "veil": _switch,
    "promise": _whole(600),
    "promise_each": _whole(60),
    "vip_from": _whole(100_000_000),
    "delivery": _one_of(COMMENT, ONLINE),
    "booking": _switch,
}
assert list(READERS) == [field.name for field in fields(Preferences)]


def of(account: int) -> Preferences:
    """What the account chose; asked for each snapshot, so in plain SQL."""
    chosen = {name: READERS[name](value) for name, value in rows(CHOSEN, account) if name in READERS}
    return Preferences(**chosen)


def choose(account: int, **values: str) -> None:
    """Keeps all of them or none. Raises Unfit, naming the one that cannot be used."""
    for name, value in values.items():
        try:
            READERS[name](value.strip())
        except ValueError:
            raise Unfit("preference", value=name) from None
    with transaction():
        for name, value in values.items():
            Preference.delete().where(Preference.account == account, Preference.name == name).execute()
            Preference.create(account=account, name=name, value=value.strip())
