"""The daily digest: what the telephone earned and lost yesterday, and who still waits. No numbers of guests."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from server import days, figures, reports
from server.alerts import missed, posts, quiet, saying
from server.alerts.looking import DIGEST, MISSED, Reader
from server.alerts.opening import open_of
from server.callbook import masks
from server.db import rows, transaction, write

NEVER = 24
LATE = 12 * 3600.0  # a box that was off in the morning sends it when it is back

DONE = "SELECT 1 FROM alert WHERE account_id = ? AND since >= ? AND kind = 'digest' AND thing = ?"
MARK = """INSERT INTO alert (account_id, kind, thing, since, told_at, over_at, over_told)
    VALUES (?, 'digest', ?, ?, ?, ?, 0)"""
WAIT = "SELECT id FROM callback WHERE account_id = ? AND closed_at IS NULL ORDER BY first_at"
MOST_NAMES = 10
_NUMBER = re.compile(r"(?<!\S)\+?\d*…\d\d(?!\S)")  # masked


def due(reader: Reader, now: float) -> tuple[date, float] | None:
    """The day whose digest is to be sent now (today, on the restaurant's clock) and the hour that it was due at."""
    hour = reader.chosen.digest_at
    if hour == NEVER or reader.account is None:
        return None
    today = datetime.fromtimestamp(now, reader.where).date()
    at = quiet.on(today, hour, reader.where)
    if not at <= now < at + LATE or rows(DONE, reader.account, at - 86400.0, str(days.number(today))):
        return None
    return today, at


def send(reader: Reader, today: date, at: float, now: float) -> int:
    """Once a day: the mark and the messages are one transaction. Returns how many messages."""
    assert reader.account is not None
    listeners = posts.digest_listeners(reader.account, at)
    said = said_of(reader, today, now) if listeners else ("", "")
    with transaction(reader.account):
        if rows(DONE, reader.account, at - 86400.0, str(days.number(today))):
            return 0
        write(MARK, reader.account, str(days.number(today)), now, now, now)
        out = quiet.until(now, reader.where, reader.chosen.quiet_from, reader.chosen.quiet_to)
        return len(posts.tell(listeners, DIGEST, said, out, now))


def said_of(reader: Reader, today: date, now: float) -> tuple[str, str]:
    """The business day that ended last, by the same figures as the reports."""
    assert reader.account is not None
    say, yesterday = reader.say, today - timedelta(days=1)
    figures.refresh(reader.account)
    sums = reports.totals(reports.Scope(reader.account, yesterday, yesterday))
    lines = [
        say("digest.calls", calls=sums.calls, answered=sums.answered, vain=sums.vain),
        say("digest.guests", guests=sums.guests, met=sums.met, lost=sums.lost) if sums.guests else "",
        say("digest.orders", orders=sums.orders, revenue=money(sums.revenue, reader.currency)),
        _waiting(reader),
        *_red(reader, now),
    ]
    title = say("digest.title", day=f"{yesterday:%d.%m.%Y}")
    return f"{reader.title}: {title}", "\n".join(line for line in lines if line)


def _waiting(reader: Reader) -> str:
    """How many, and the names of those who have one; a name is whole or not said."""
    assert reader.account is not None
    waiting = rows(WAIT, reader.account)
    if not waiting:
        return reader.say("digest.nobody")
    known = missed.about(reader, [str(id_) for (id_,) in waiting[:MOST_NAMES]])
    names = [name for one in known.values() if (name := _without_number(one["name"]))]
    said = reader.say("digest.waiting", count=len(waiting))
    if not names:
        return said
    unnamed = len(waiting) - len(names)
    more = f" {reader.say('digest.more', count=unnamed)}" if unnamed else ""
    return f"{said} {', '.join(names)}{more}"


def _without_number(name: str) -> str:
    """Without the number that a company wrote behind it; "" where other digits stand in it or it is cut."""
    name = " ".join(_NUMBER.sub("", masks.words(name, False)).split())
    return "" if name.endswith("…") or any(char.isdigit() for char in name) else name


def _red(reader: Reader, now: float) -> list[str]:
    """What is wrong now, besides guests who wait."""
    found = [one for one in open_of(reader.account).values() if one.kind != MISSED]
    return [
        f"{reader.say('digest.red')} {saying.sentence(reader.say, reader.where, one.kind, one.facts, now)}"
        for one in found
    ]


def money(kopecks: int, currency: str) -> str:
    """`1234567` -> `12 345.67 ₴`; whole sums without their kopecks."""
    whole, rest = divmod(kopecks, 100)
    shown = f"{whole:,}".replace(",", "\u00a0") + (f".{rest:02}" if rest else "")
    return f"{shown}\u00a0{currency}".strip()
