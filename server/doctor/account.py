"""What concerns one account besides its phones and registers: Poster, lines, figures, alerts."""

from __future__ import annotations

import time
from collections.abc import Iterator

from server import oversights, owed
from server.callbook import masks
from server.db import rows
from server.doctor import box
from server.doctor.finding import BAD, GOOD, WARN, Finding
from server.models import BROKEN, Account
from server.parts import Parts
from server.probing import DOWN, NO, PLAN, REFUSED, YES

DAY = 86400.0
TOKEN_LIVES = 730 * DAY
TOKEN_SOON = 30 * DAY
BEHIND = 5000  # calls that wait to be counted
STUCK = 900.0  # seconds that an alert may wait to be sent
NEEDED = ("settings", "access", "clients")
HOOKED = "SELECT max(at) FROM hook WHERE account = ?"
STALE = "SELECT count(*) FROM (SELECT 1 FROM stale_call WHERE account_id = ? LIMIT 100000) AS marked"
POSTS = """SELECT alert_target.title, count(*) FROM alert_post INDEXED BY alert_post_waiting
    JOIN alert_target ON alert_target.id = alert_post.target_id
    WHERE done_at IS NULL AND next_at > 0 AND alert_post.account_id = ? AND alert_post.at < ? AND tries > 0
    GROUP BY target_id, alert_target.title ORDER BY 1"""


def of(parts: Parts, account: int, now: float | None = None) -> Iterator[Finding]:
    """Needs an open connection."""
    row, at = Account.at(account), time.time() if now is None else now
    if row is None or not row.rings:
        yield Finding("not_connected", BAD)
        return
    told = parts.probes.sections(account) or {}
    # What was refused to an older key says nothing of this one.
    stale = (parts.probes.told_at(account) or 0) < (row.connected_at or 0)
    yield from _token(row, at, REFUSED in told.values() and not stale)
    yield from _sections(told)
    yield from _hooks(row, at, f"{parts.settings.public_url}/poster/webhook")
    yield from lines(row)
    if (waiting := rows(STALE, account)[0][0]) > BEHIND:
        yield Finding("figures", WARN, facts={"count": waiting})
    yield from _owed(account)
    for title, count in rows(POSTS, account, at - STUCK):
        yield Finding("alerts_stuck", BAD, title, {"name": title, "count": count})


def _owed(account: int) -> Iterator[Finding]:
    """What Poster did not take at the second attempt either."""
    if debts := [debt for debt in owed.standing(account) if debt.tries > 1]:
        since, again = min(debt.since for debt in debts), min(debt.again for debt in debts)
        facts = {"count": sum(debt.count for debt in debts), "since_at": since, "again_at": again}
        yield Finding("owed", WARN, facts=facts)


def _token(row: Account, now: float, refused: bool) -> Iterator[Finding]:
    if row.state == BROKEN or refused:
        yield Finding("token", BAD, facts={"problem": row.problem or "token"})
        return
    left = (row.connected_at or now) + TOKEN_LIVES - now
    if left < TOKEN_SOON:
        yield Finding("token_aging", WARN, facts={"days": max(0, int(left // DAY))})
    else:
        yield Finding("token_good", GOOD)


def _sections(told: dict[str, str]) -> Iterator[Finding]:
    for section, word in told.items():
        if word == NO:
            yield Finding("access", BAD if section in NEEDED else WARN, section, {"section": section})
        elif word == PLAN:
            yield Finding("plan", WARN, section, {"section": section})
    if told and all(word == DOWN for word in told.values()):
        yield Finding("poster_down", WARN)
    elif told and {*told.values()} == {YES}:
        yield Finding("access_good", GOOD)


def _hooks(row: Account, now: float, url: str) -> Iterator[Finding]:
    """Poster's webhooks are remembered for three days."""
    last = rows(HOOKED, row.name)[0][0]
    if last:
        yield Finding("hooks_good", GOOD, facts={"last_at": last})
    elif now - (row.connected_at or now) > DAY:
        yield Finding("hooks_none", WARN, facts={"hook": url})
    yield from box.refused(now, row.id, row.name)


def lines(row: Account) -> list[Finding]:
    """What the owner overlooked about lines; numbers as whoever looks may see them."""
    found = []
    for one in oversights.notices(row):
        if one.kind in ("no_trunk", "shared", "no_line"):
            continue  # said elsewhere, or no fault
        shown = masks.shown(one.value, row) if one.kind == "stray_did" else one.value
        facts = {"value": shown, "names": ", ".join(one.names), "count": one.count, "last_at": one.last_at}
        found.append(Finding(one.kind, GOOD if one.harmless else WARN, one.value, facts))
    return found or [Finding("lines_good", GOOD)]
