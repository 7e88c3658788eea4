"""Hours in which nothing is sent, and the hour of the digest, on the restaurant's clock. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

DAY = 86400.0


def is_quiet(at: float, where: tzinfo, begins: int, ends: int) -> bool:
    """Whether `begins` o'clock is past and `ends` is not; the same hour twice: never."""
    hour = datetime.fromtimestamp(at, where).hour
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


def until(at: float, where: tzinfo, begins: int, ends: int) -> float:
    """When a message of this moment may go out: now, or when the quiet hours end.

    An hour that the change of the clock leaves out begins when the clock jumps over it.
    """
    if not is_quiet(at, where, begins, ends):
        return at
    today = datetime.fromtimestamp(at, where).date()
    return next(moment for day in range(3) if (moment := on(today + timedelta(days=day), ends, where)) > at)


def on(day: date, hour: int, where: tzinfo) -> float:
    """The moment at which the clock shows this hour on this day, the first of the two where it does so twice."""
    return datetime.combine(day, time(hour), where).timestamp()
