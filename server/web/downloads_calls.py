"""The file of what the journal's filter shows, made while it is fetched."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from server import aside, days, figures
from server.callbook import filters, masks
from server.db import reading
from server.downloads import File
from server.exporting.jobs import Job
from server.exporting.starting import start
from server.models import Account
from server.parts import Parts


def calls(parts: Parts, account: Account, facts: Mapping[str, Any]) -> File:
    """Raises Unfit when too many are being made."""
    figures.refresh(account.id)
    with reading():
        sees, country = masks.sees_numbers(account), account.country or parts.settings.default_country
        sought = filters.meant(filters.read(facts["wanted"]), account, sees, country)
    job = Job(aside.place(), account.id, facts["format"], facts["lang"], account.timezone, sees, sought)
    today = datetime.fromtimestamp(time.time(), days.zone(account.timezone))
    safe = re.sub(r"[^a-z0-9-]+", "-", account.name.casefold())
    return start(job, f"calls-{safe}-{today:%Y-%m-%d}.{job.format}")
