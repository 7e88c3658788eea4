"""The history: who changed what, the newest first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from server import days
from server.acting import CLOCK, NOBODY, OWNER, POSTER, REGISTER, ROLES, TERMINAL
from server.db import rows
from server.models import Account
from server.parts import Parts
from server.providers import PROVIDERS
from server.speech import load
from server.web.manage_facts import Json
from server.web.manage_room import Room
from server.web.manage_words import Say, company, setting_label

SHOWN = 50
PAGE = """SELECT id, at, who, role, what, thing, before, after FROM audit WHERE account_id = ?
    AND (? = '' OR what = ?) AND (? = '' OR role || ':' || who = ?) AND at >= ? AND at < ?
    AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?"""
PLACE = "SELECT at, id FROM audit WHERE account_id = ? AND id = ?"
KINDS = "SELECT DISTINCT what FROM audit WHERE account_id = ?"
ACTORS = (
    "SELECT role, who, max(at) FROM audit WHERE account_id = ? GROUP BY role, who ORDER BY 3 DESC LIMIT 100"
)
EVER = 1e12
NONE = "—"
_DAYS = re.compile(r"(?<![0-9:])[1-7](?=-[1-7] | [0-9]{2}:)")


def history(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    asked = {name: query.get(name, "")[:120] for name in ("what", "who", "first", "last")}
    found = _page(account, asked, query.get("before", ""))
    shown, more = found[:SHOWN], found[SHOWN:]
    older = {**asked, "before": str(shown[-1][0])} if more else None
    return "history", {
        "rows": [_row(one, account, say) for one in shown],
        "kinds": sorted(
            ((what, _kind(what, say)) for (what,) in rows(KINDS, account.id)), key=lambda one: one[1]
        ),
        "actors": [(f"{role}:{who}", _who(role, who, say)) for role, who, _ in rows(ACTORS, account.id)],
        "asked": asked,
        "older": older,
        "later": bool(query.get("before")),
        "keep": {name: value for name, value in asked.items() if value},
    }


def _page(account: Account, asked: Mapping[str, str], before: str) -> list[tuple[Any, ...]]:
    where = days.zone(account.timezone)
    first, last = _day(asked["first"]), _day(asked["last"])
    since = days.start(first, where, 0) if first else 0.0
    until = days.start(last + timedelta(days=1), where, 0) if last else EVER
    known = (
        rows(PLACE, account.id, int(before))
        if before.isascii() and before.isdigit() and len(before) < 16
        else []
    )
    place = known[0] if known else (EVER, 0)
    what, who = asked["what"], asked["who"]
    return rows(PAGE, account.id, what, what, who, who, since, until, *place, SHOWN + 1)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None


def _row(row: tuple[Any, ...], account: Account, say: Say) -> Json:
    _, at, who, role, what, thing, before, after = row
    then = datetime.fromtimestamp(at, days.zone(account.timezone))
    return {
        "at": f"{then:%d.%m.%Y %H:%M}",
        "stamp": then.isoformat(timespec="seconds"),
        "who": _who(role, who, say),
        "text": sentence(say, what, thing, before, after),
    }


def sentence(say: Say, what: str, thing: str, before: str, after: str) -> str:
    """What was changed, in the page's language; a word that has no sentence yet is still told."""
    if what == "preference":
        before, after = _choice(say, thing, before), _choice(say, thing, after)
        thing = _said(say, f"pref.{thing}", thing)
    elif what.startswith("trunk_"):
        after = ", ".join(setting_label(say, thing, name) for name in after.split(", ") if name)
        thing = company(say, thing, PROVIDERS[thing].title if thing in PROVIDERS else thing)
    elif what in VALUES:
        before, after = (VALUES[what](say, one) for one in (before, after))
    try:
        return say(f"audit.{what}", thing=thing or NONE, before=before or NONE, after=after or NONE)
    except (KeyError, IndexError):
        change = f"{before or NONE} → {after or NONE}" if before or after else ""
        return ": ".join(part for part in (" ".join((what, thing)).strip(), change) if part)


def _hours(say: Say, text: str) -> str:
    """`1-5 10:00-22:00` with the days by name."""
    return _DAYS.sub(lambda found: say(f"hours.short_{int(found[0]) - 1}"), text)


def _note(say: Say, text: str) -> str:
    """`order ✎`: what the call was about, and that its words are others now."""
    outcome, _, reworded = text.partition(" ")
    told = "" if outcome == "-" else _said(say, f"call.note_{outcome}", outcome)
    return f"{told or NONE} ({say('history.reworded')})" if reworded else told


VALUES: dict[str, Callable[[Say, str], str]] = {
    "hours": _hours,
    "quiet": lambda say, text: _said(say, f"history.{text.lower()}", text),
    "never_added": lambda say, text: _said(say, f"never.{text}", text),
    "call_note": _note,
    "flag": lambda say, text: _said(say, f"history.flag_{text}", text),
    **dict.fromkeys(
        ("member_added", "member_role", "member_removed"), lambda say, text: _said(say, f"role.{text}", text)
    ),
}


def _choice(say: Say, name: str, value: str) -> str:
    word = {"True": "1", "False": "0"}.get(value, value)
    return _said(say, f"pref.{name}_{word}", word)


def _who(role: str, who: str, say: Say) -> str:
    if role in (TERMINAL, POSTER, CLOCK, NOBODY):
        return say(f"history.{role}")
    if role == REGISTER:
        return say("history.register", name=who) if who else say("history.register_nobody")
    if not who:
        return say("history.owner") if role == OWNER else say(f"history.{NOBODY}")
    return f"{who} ({say(f'role.{role}')})" if role in ROLES else who


def _kind(what: str, say: Say) -> str:
    """What stands in a sentence before its first gap is what the sentence is about."""
    words = load(say("lang"))
    if f"history.kind_{what}" in words:
        return words[f"history.kind_{what}"]
    return words.get(f"audit.{what}", what).split("{")[0].strip(" :,«“„-") or what


def _said(say: Say, key: str, otherwise: str) -> str:
    try:
        return say(key)
    except KeyError:
        return otherwise


ROOM = Room("history", history, OWNER, listed=False, within="access")
