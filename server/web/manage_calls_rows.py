"""A row of the journal in the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from server import days, phones
from server.callbook import Row
from server.callbook.reading import Ordered
from server.models import Account
from server.web.manage_facts import Json, moment
from server.web.manage_reports_numbers import Numbers
from server.web.manage_words import Say

# What stands before the words, so that colour alone tells nothing.
SHAPES = {"answered": "✓", "ringing": "◉", "talking": "●", "missed": "✕", "declined": "⊘", "busy": "▬", "failed": "!",
          "voicemail": "⌨", "unknown": "?"}  # fmt: skip
GOOD, GOING = ("answered",), ("ringing", "talking")


def rows(found: Iterable[Row], account: Account, say: Say) -> list[Json]:
    return [row(one, account, say) for one in found]


def row(one: Row, account: Account, say: Say) -> Json:
    at = datetime.fromtimestamp(one.started, days.zone(account.timezone))
    return {
        "id": one.id, "at": moment(one.started, account), "iso": at.isoformat(timespec="seconds"),
        "direction": one.direction, "way": say(f"call.way_{one.direction or 'unknown'}"),
        "became": one.became, "outcome": outcome(one, say), "shape": SHAPES.get(one.became, "?"),
        "tone": "good" if one.became in GOOD else "going" if one.became in GOING else "vain",
        "name": one.name, "number": one.shown or say("call.erased" if one.erased else "call.hidden"),
        "did": phones.read(one.did, account.country).shown,
        "spot": one.spot, "line": one.line, "by": one.by, "waited": lasted(one.waited, say),
        "talked": lasted(one.talked, say), "orders": [order(each, account, say) for each in one.orders],
        "note": say(f"call.note_{one.note}") if one.note else "", "text": one.text, "hears": one.hears,
        "late": one.late, "test": one.test, "held": one.held,
    }  # fmt: skip


def outcome(one: Row, say: Say) -> str:
    """Of a call of ours that nobody took, it is the guest who did not answer."""
    if one.direction == "out" and one.became == "missed":
        return say("call.unanswered")
    return say(f"call.{one.became}")


def lasted(seconds: int | None, say: Say) -> str:
    """`0:07`, `1:02:05`; "" when nobody knows."""
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def order(one: Ordered, account: Account, say: Say) -> str:
    named = say("call.order", id=one.id) if one.id else say("call.order_new")
    if one.sum is not None:
        return f"{named} · {Numbers(say, account.currency).money(one.sum)}"
    return f"{named} · {say('call.order_gone' if one.closed else 'call.order_open')}"
