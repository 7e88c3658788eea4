"""Who is told when something is wrong, and the daily digest."""

from __future__ import annotations

import time
from collections.abc import Mapping

from server.acting import OWNER
from server.alerts import posts
from server.alerts.services import FIXED
from server.alerts.targets import Target
from server.db import reading, rows
from server.messages import clean
from server.models import Account
from server.parts import Parts
from server.web.manage_alerts_past import past
from server.web.manage_asking import id_in
from server.web.manage_choices import choices, saver
from server.web.manage_facts import Json, moment
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

SHOWN = (
    "alert_missed",
    "alert_trunk",
    "alert_register",
    "alert_numbers",
    "quiet_from",
    "quiet_to",
    "digest_at",
)
ANY_HOURS = "SELECT 1 FROM spot_hours WHERE account_id = ? LIMIT 1"
APPRISE = "https://github.com/caronc/apprise#supported-notifications"


def alerts(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    targets = parts.alerts.targets
    with reading():
        hours_set = bool(rows(ANY_HOURS, account.id))
        history = past(parts, account, say, time.time())
    return "alerts", {
        "targets": [_shown(one, account, say) for one in targets.of(account.id)],
        "mails": targets.mails,
        "allowed": ", ".join(sorted(targets.allowed - FIXED)),
        "apprise": APPRISE,
        "preferences": choices(SHOWN, account, say),
        "hours_set": hours_set,
        "history": history,
    }


def _shown(one: Target, account: Account, say: Say) -> Json:
    title = say("alerts.telegram") + " " + one.title if one.kind == "telegram" else one.title
    since = " " + say("alerts.since", at=moment(one.problem_at, account)) if one.problem_at else ""
    fresh = say("alerts.unsure") if one.problem else say("alerts.fresh")
    worked = say("alerts.worked", at=moment(one.worked_at, account)) if one.worked_at else fresh
    return {
        "id": one.id, "title": title, "alerts": one.alerts, "digest": one.digest,
        "state": "problem" if one.problem else "heard" if one.worked_at else "paused",
        "text": worked,
        "trouble": say(f"alerts.problem_{one.problem}") + since if one.problem else "",
    }  # fmt: skip


def telegram(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    bot, chat, name = (typed.get(field, "") for field in ("bot", "chat", "name"))
    parts.alerts.targets.add_telegram(account.id, bot, chat, name)
    return Said("targets", say("alerts.added"))


def email(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    parts.alerts.targets.add_email(account.id, typed.get("address", ""), typed.get("name", ""))
    return Said("targets", say("alerts.added"))


def other(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    parts.alerts.targets.add_other(account.id, typed.get("address", ""), typed.get("name", ""))
    return Said("targets", say("alerts.added"))


def choose(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """What a target wants to hear."""
    one = _target(parts, account, typed)
    parts.alerts.targets.choose(account.id, one.id, bool(typed.get("alerts")), bool(typed.get("digest")))
    return Said(_part(one), say("saved"))


def remove(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    parts.alerts.targets.remove(account.id, _target(parts, account, typed).id)
    return Said("targets", say("alerts.removed"))


def test(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Sent while the owner waits, in their restaurant's name."""
    one = _target(parts, account, typed)
    title = f"{clean(account.title or account.name)}: {say('alerts.test_title')}"
    problem = parts.alerts.outbox.test(one, (title, say("alerts.test_text")))
    if problem:
        return Said(_part(one), say(f"alerts.problem_{problem}"), good=False)
    return Said(_part(one), say("alerts.tested"))


def _target(parts: Parts, account: Account, typed: Typed) -> Target:
    return parts.alerts.targets.one(account.id, id_in(typed, "id", "alert_unknown"))


def _part(one: Target) -> str:
    return f"target-{one.id}"


def keep(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    said = saver(SHOWN)(parts, account, typed, say)
    posts.hurry(account.id)
    return said


FORMS: dict[str, Form] = {
    "alerts": keep, "alerts/telegram": telegram, "alerts/email": email, "alerts/other": other,
    "alerts/hears": choose, "alerts/remove": remove, "alerts/test": test,
}  # fmt: skip

ROOM = Room("alerts", alerts, OWNER, forms_for(OWNER, FORMS))
