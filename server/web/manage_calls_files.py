"""Keeping what the journal's filter shows as a file."""

from __future__ import annotations

from server import audit
from server.acting import VIEWER
from server.callbook import filters, masks
from server.db import reading, transaction
from server.exporting.jobs import CSV, XLSX
from server.exporting.starting import busy
from server.models import Account
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_facts import country_of
from server.web.manage_room import Form, Said, Typed, forms_for
from server.web.manage_words import Say, unfit

FORMATS = (XLSX, CSV)


def export(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """The answer has an address at which the file is made while it is fetched."""
    format_ = typed.get("format", "") if typed.get("format") in FORMATS else CSV
    try:
        wanted = filters.read(typed)
        with reading():
            filters.meant(wanted, account, masks.sees_numbers(account), country_of(parts, account))
    except Unfit as why:
        return Said("export", unfit(say, why), good=False, mistake=True)
    if busy():
        return Said("export", say("export.busy"), good=False)
    with transaction(account.id):
        audit.note(account.id, "calls_exported", "", "", format_)
    facts = {"format": format_, "wanted": wanted.words(), "lang": say("lang")}
    return Said("export", say("export.begins"), file=parts.downloads.offer(account.id, "calls", facts))


FORMS: dict[str, tuple[str, Form]] = forms_for(VIEWER, {"calls/export": export})
