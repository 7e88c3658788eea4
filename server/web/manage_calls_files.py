"""Keeping what the journal's filter shows as a file."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server import audit, days, figures
from server.acting import VIEWER
from server.callbook import filters, masks
from server.db import database, reading, transaction
from server.downloads import File
from server.exporting.jobs import CSV, XLSX, Job
from server.exporting.starting import busy, start
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_facts import country_of
from server.web.manage_room import Form, Said, Typed, forms_for
from server.web.manage_words import Say, unfit

KIND, FORMATS = "calls", (XLSX, CSV)


def export(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """The answer has an address at which the file is made while it is fetched."""
    format_ = typed.get("format", "") if typed.get("format") in FORMATS else CSV
    try:
        wanted = filters.read(typed)
        _sought(parts, account, wanted)
    except Unfit as why:
        return Said("export", unfit(say, why), good=False, mistake=True)
    if busy():
        return Said("export", say("export.busy"), good=False)
    with transaction():
        audit.note(account.id, "calls_exported", "", "", format_)
    facts = {"format": format_, "wanted": wanted.words(), "lang": say("lang")}
    return Said("export", say("export.begins"), file=parts.downloads.offer(account.id, KIND, facts))


def file(parts: Parts, account: Account, facts: Mapping[str, Any]) -> File:
    """Raises Unfit when too many are being made."""
    figures.refresh(account.id)
    job = Job(
        str(database.database), account.id, facts["format"], facts["lang"], account.timezone,
        masks.sees_numbers(account), _sought(parts, account, filters.read(facts["wanted"])),
    )  # fmt: skip
    today = datetime.fromtimestamp(time.time(), days.zone(account.timezone))
    safe = re.sub(r"[^a-z0-9-]+", "-", account.name.casefold())
    return start(job, f"calls-{safe}-{today:%Y-%m-%d}.{job.format}")


def _sought(parts: Parts, account: Account, wanted: filters.Filter) -> filters.Sought:
    with reading():
        return filters.meant(wanted, account, masks.sees_numbers(account), country_of(parts, account))


FORMS: dict[str, tuple[str, Form]] = forms_for(VIEWER, {"calls/export": export})
