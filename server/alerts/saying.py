"""Alerts in words: of the account's language for messages, of the page's for its history."""

from __future__ import annotations

from datetime import datetime, tzinfo

from server.alerts.looking import (
    BOX,
    MISSED,
    REGISTER_GONE,
    TOKEN_EXPIRES,
    TOKEN_REFUSED,
    TRUNK_LOST,
    TRUNK_SILENT,
    TRUNK_TROUBLE,
    Json,
)
from server.alerts.names import defused
from server.messages import clean
from server.providers import PROVIDERS
from server.speech import Say


def sentence(say: Say, where: tzinfo, kind: str, facts: Json, now: float) -> str:
    """What is wrong, and its cure."""
    if kind == MISSED:
        word = "alert.missed_again" if facts["calls"] > 1 else "alert.missed"
        waits = span(say, now - facts["first"])
        at = moment(facts["first"], where, now)
        return _stopped(say(word, who=who(say, facts), calls=facts["calls"], at=at, span=waits))
    if kind == TRUNK_SILENT:
        at = moment(facts["at"], where, now)
        return say("alert.trunk_silent", name=company(say, facts), at=at, hours=facts["hours"])
    if kind == TRUNK_TROUBLE:
        return f"{company(say, facts)}: {say('trouble.' + facts['trouble'], detail='')}"
    if kind == TOKEN_EXPIRES:
        return say("alert.token_expires", day=f"{datetime.fromtimestamp(facts['ends'], where):%d.%m.%Y}")
    if kind == TOKEN_REFUSED:
        return say("alert.token_refused")
    if kind == TRUNK_LOST:
        return say("alert.trunk_connecting", name=company(say, facts))
    if kind == REGISTER_GONE:
        return say("alert.register_gone", name=_place(facts), at=moment(facts["at"], where, now))
    return box(say, where, facts, now) if kind == BOX else kind


def over(say: Say, kind: str, facts: Json, lasted: float) -> str:
    """That it is well again, and after how long."""
    return _stopped(_over(say, kind, facts, span(say, lasted)))


def _stopped(text: str) -> str:
    """`2 дн.` at the end of a sentence is its full stop, too."""
    return text[:-1] if text.endswith("..") else text


def _over(say: Say, kind: str, facts: Json, after: str) -> str:
    if kind == MISSED:
        return say(f"alert.missed_{facts['how']}", who=who(say, facts), span=after)
    if kind in (TRUNK_SILENT, TRUNK_TROUBLE, TRUNK_LOST):
        return say(f"alert.{kind}_over", name=company(say, facts), span=after)
    if kind == BOX:
        return say("alert.box_over", what=_told(say, f"doctor.{facts['what']}", facts), span=after)
    return say(f"alert.{kind}_over", name=_place(facts), span=after)


def box(say: Say, where: tzinfo, facts: Json, now: float) -> str:
    """The doctor's words, with his cure."""
    shown = {
        name: moment(value, where, now) if name.endswith("_at") and value else value
        for name, value in facts.items()
    }
    told = (_told(say, f"{word}.{facts['what']}", shown) for word in ("doctor", "cure"))
    return " ".join(part for part in told if part)


def _told(say: Say, word: str, facts: Json) -> str:
    try:
        return say(word, **facts)
    except KeyError:
        return ""


def _place(facts: Json) -> str:
    return ", ".join(defused(part) for part in (facts.get("name", ""), facts.get("spot", "")) if part)


def who(say: Say, facts: Json) -> str:
    """`Olena Koval (VIP) +380…33`: a name is hostile text; `missed` has cleaned and defused it."""
    name = facts["name"] or say("alert.guest")
    raised = ", ".join(say(f"alert.flag_{kind}") for kind in facts["flags"])
    return " ".join(part for part in (name, f"({raised})" if raised else "", facts["number"]) if part)


def company(say: Say, facts: Json) -> str:
    provider = facts["name"]
    try:
        return say(f"provider.{provider}")
    except KeyError:
        return PROVIDERS[provider].title if provider in PROVIDERS else clean(provider)


def moment(at: float, where: tzinfo, now: float) -> str:
    """The clock's time; with the day, unless it is today."""
    then, today = datetime.fromtimestamp(at, where), datetime.fromtimestamp(now, where)
    return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%d.%m %H:%M}"


def span(say: Say, seconds: float) -> str:
    """`40 min`, `2 h 05 min`, `3 d`."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return say("alert.minutes", minutes=minutes)
    if minutes < 48 * 60:
        return say("alert.hours", hours=minutes // 60, minutes=f"{minutes % 60:02}")
    return say("alert.days", days=minutes // 1440)
