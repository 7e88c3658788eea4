"""How the owner wants the card to behave: one table of choices, each with its default and what it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from server import audit, once
from server.db import transaction
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

    `day_starts`: the hour at which a business day begins. `keep_calls` months, `keep_raw` days, `keep_audit` months.
    `open_role`: what somebody may do who opened Manage and typed no code, once there are codes.
    `manager_numbers`: managers see whole numbers.

    `alert_missed`: minutes after which somebody who called in vain and was not called back is told of, `alert_trunk`
    hours without an event in working hours, `alert_register` minutes without a register then; 0 = never.
    `quiet_from`, `quiet_to`: hours between which nothing is sent (equal: none). `digest_at`: the hour of the daily
    digest, 24 = none. `alert_numbers`: whole numbers stand in alerts.
    """

    pop: str = ON_RING
    veil: bool = False
    promise: int = 45
    promise_each: int = 0
    vip_from: int = 0
    delivery: str = COMMENT
    booking: bool = True
    day_starts: int = 0
    keep_calls: int = 12
    keep_raw: int = 30
    keep_audit: int = 24
    open_role: str = "nobody"
    manager_numbers: bool = True
    alert_missed: int = 30
    alert_trunk: int = 6
    alert_register: int = 15
    quiet_from: int = 23
    quiet_to: int = 8
    digest_at: int = 9
    alert_numbers: bool = False


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError
        return value

    return read


def _whole(most: int, least: int = 0) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
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
    "day_starts": _whole(12),
    "keep_calls": _whole(120, least=1),
    "keep_raw": _whole(90, least=1),
    "keep_audit": _whole(120, least=1),
    "open_role": _one_of("nobody", "viewer"),
    "manager_numbers": _switch,
    "alert_missed": _whole(1440),
    "alert_trunk": _whole(168),
    "alert_register": _whole(1440),
    "quiet_from": _whole(23),
    "quiet_to": _whole(23),
    "digest_at": _whole(24),
    "alert_numbers": _switch,
}
assert list(READERS) == [field.name for field in fields(Preferences)]


def of(account: int) -> Preferences:
    """What the account chose; asked for each snapshot, so in plain SQL."""
    chosen = {name: READERS[name](value) for name, value in once.rows(CHOSEN, account) if name in READERS}
    return Preferences(**chosen)


def choose(account: int, **values: str) -> None:
    """Keeps all of them or none. Raises Unfit, naming the one that cannot be used."""
    for name, value in values.items():
        try:
            READERS[name](value.strip())
        except ValueError:
            raise Unfit("preference", value=name) from None
    with transaction(account):
        was = of(account)
        for name, value in values.items():
            audit.note(account, "preference", name, getattr(was, name), READERS[name](value.strip()))
            Preference.delete().where(Preference.account == account, Preference.name == name).execute()
            Preference.create(account=account, name=name, value=value.strip())
