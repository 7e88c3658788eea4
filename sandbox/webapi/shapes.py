"""How Poster writes things down: old rows' "0" texts, kopecks, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.account import Account

SERVER_ZONE = timezone(timedelta(hours=3))
"""Poster's text dates are UTC+3 all year round, wherever the account is."""

KYIV_WINTER = timezone(timedelta(hours=2))


def text(value: str, zeros: bool) -> str:
    return value or ("0" if zeros else "")


def flag(value: bool) -> str:
    return "1" if value else "0"


def zone(account: Account) -> tzinfo:
    try:
        return ZoneInfo(account.timezone)
    except ZoneInfoNotFoundError:  # a box without tzdata
        return KYIV_WINTER


def moment(milliseconds: int, where: tzinfo = SERVER_ZONE) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(where).strftime("%Y-%m-%d %H:%M:%S")


def true(value: object) -> bool:
    """Booleans in queries are words."""
    return str(value).lower() in ("true", "1")
