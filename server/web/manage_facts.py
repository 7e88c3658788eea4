"""What several Manage pages say of the same things: countries, moments, numbers, who is there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server.lines import parse
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit

Json = dict[str, Any]
# Ukrainian letters to their places in the alphabet: in Unicode they stand behind (or before) all others.
ALPHABET = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff"})


def country_of(parts: Parts, account: Account) -> str:
    return account.country or parts.settings.default_country


def present(model: Any, account: Account) -> list[Any]:
    """Those that Poster still has, by name."""
    rows = model.select().where(model.account == account, model.gone == False)  # noqa: E712
    return sorted(rows, key=lambda row: row.name.casefold().translate(ALPHABET))


def is_line(value: str) -> bool:
    """Companies may ring lines with letters, which nobody can be given here."""
    try:
        return bool(parse(value))
    except Unfit:
        return False


def moment(at: float, account: Account, seconds: bool = False) -> str:
    """The time as the restaurant's clock shows it; with the day, unless it is today."""
    try:
        zone: Any = ZoneInfo(account.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    then, now = datetime.fromtimestamp(at, zone), datetime.now(zone)
    clock = f"{then:%H:%M:%S}" if seconds else f"{then:%H:%M}"
    return clock if then.date() == now.date() else f"{then:%d.%m} {clock}"
