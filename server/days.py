"""The restaurant's days: its time zone, the hour at which its day begins, over changes of the clock. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> tzinfo:
    """UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def place(at: float, where: tzinfo, begins: int) -> tuple[date, int]:
    """The business day of a moment, and the hour (0-23) on the restaurant's clock.

    Before `begins` o'clock it is still the evening of the day before.
    """
    local = datetime.fromtimestamp(at, where)
    day = local.date()
    return (day - timedelta(days=1) if local.hour < begins else day), local.hour


def start(day: date, where: tzinfo, begins: int) -> float:
    """The moment at which a business day begins; it ends where the next begins, 23 to 25 hours later."""
    return datetime.combine(day, time(begins), where).timestamp()


def number(day: date) -> int:
    """`20261123`: sorts and reads like the day."""
    return day.year * 10000 + day.month * 100 + day.day


def day_of(number: int) -> date:
    return date(number // 10000, number // 100 % 100, number % 100)
