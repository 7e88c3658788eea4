"""Figures of calls: what the phone earned, what it lost. One room with a page for each question."""

from __future__ import annotations

import time
import zlib
from collections.abc import Mapping
from datetime import timedelta

from server import figures, preferences, reports
from server.acting import VIEWER
from server.db import rows
from server.models import Account
from server.parts import Parts
from server.reports import Scope
from server.web.manage_facts import Json, moment
from server.web.manage_reports_asked import MOST, PERIODS, Asked, asked, today_of
from server.web.manage_reports_files import file
from server.web.manage_reports_look import Look
from server.web.manage_reports_pages import PAGES
from server.web.manage_room import Room, forms_for
from server.web.manage_words import Say

ANY = "SELECT 1 FROM figure WHERE account_id = ? AND by = 'hour' LIMIT 1"


def view(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    page = query["of"] if query["of"] in PAGES else "overview"
    known = mark(account)  # before the sums: what changes in between is news
    look = Look(account, asked(account, query), say)
    now = look.now  # counts what is new first
    empty = not now.calls and not rows(ANY, account.id)
    return "reports", {
        "path": f"/manage/reports/{page}",
        "keep": look.asked.keep(),
        "report": page,
        "pages": list(PAGES),
        "periods": PERIODS,
        "asked": look.asked,
        "days": look.numbers.days(look.asked.scope.first, look.asked.scope.last),
        "before": look.numbers.days(look.asked.before.first, look.asked.before.last),
        "at": moment(time.time(), account),
        "mistake": _mistake(look.asked, say),
        "empty": empty,
        "nothing": not now.calls and not now.placed,
        "blocks": PAGES[page](look) if now.calls or now.placed else [],
        "notes": _notes(look),
        "only": _only(look),
        "begins": look.hour(preferences.of(account.id).day_starts),
        "mark": known,
    }


def _mistake(asked: Asked, say: Say) -> str:
    if not asked.mistake:
        return ""
    return f"{say(f'reports.{asked.mistake}', most=MOST)} {say('reports.shown_usual')}"


def _notes(look: Look) -> list[str]:
    """What the figures do not hold."""
    say, count, left = look.say, look.numbers.count, figures.stale(look.account.id)
    notes = (
        [say("reports.running", hour=look.hour((look.hours * 2)[look.passed]))] if look.asked.running else []
    )
    notes += [say("reports.stale", count=count(left))] if left else []
    return notes + ([say("reports.unclear", count=count(look.now.unclear))] if look.now.unclear else [])


def _only(look: Look) -> str:
    """What is chosen besides days; paper has no fields that show it."""
    scope, say = look.asked.scope, look.say
    chosen = [f"{say('reports.spot')}: {look.spot(scope.spot)}."] if scope.spot is not None else []
    return " ".join([*chosen, *([f"{say('reports.open_only')}."] if scope.open_only else [])])


def mark(account: Account) -> str:
    """Another one when figures of the last days are others: whom nobody answered is waited for two of them."""
    today = today_of(account)
    sums = reports.totals(Scope(account.id, today - timedelta(days=3), today))
    return f"{zlib.crc32(repr((sums, figures.stale(account.id))).encode()):08x}"


def news(parts: Parts, account: Account, say: Say) -> Json:
    return {"mark": mark(account)}


ROOM = Room("reports", view, VIEWER, forms_for(VIEWER, {"reports/file": file}), news)
