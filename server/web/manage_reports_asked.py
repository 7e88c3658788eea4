"""Which days, which spot, which hours the owner looks at: read from the page's query, kept in its address."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from server import days, preferences
from server.models import Account, Spot
from server.reports import Scope, previous
from server.web.manage_facts import present

PERIODS = ("today", "yesterday", "7", "30", "90", "month", "last_month")
OWN = "own"
USUAL = "7"
MOST = 366  # days at once


class WrongDays(ValueError):
    """The dates cannot be used; the word says why."""


@dataclass(frozen=True)
class Asked:
    """`mistake` is a word of the i18n files; the usual days are shown then, and what was typed stays typed."""

    period: str
    scope: Scope
    today: date
    spots: Mapping[int, str]
    typed: Mapping[str, str]
    mistake: str = ""

    @property
    def before(self) -> Scope:
        return previous(self.scope)

    @property
    def running(self) -> bool:
        """The last day is not over: its figures still change."""
        return self.scope.last >= self.today

    @property
    def days(self) -> list[date]:
        return [self.scope.first + timedelta(days=past) for past in range(self.scope.length)]

    def keep(self, period: str = "") -> dict[str, str]:
        """The query under which the same is found again; with `period`, the same of other days."""
        keep = {"p": period or self.period}
        if keep["p"] == OWN:
            keep |= {"from": str(self.scope.first), "to": str(self.scope.last)}
        if self.scope.spot is not None:
            keep["spot"] = str(self.scope.spot)
        if self.scope.open_only:
            keep["open"] = "1"
        return keep


def asked(account: Account, query: Mapping[str, str]) -> Asked:
    today = today_of(account)
    spots = {row.poster_id: row.name for row in present(Spot, account)}
    period = query.get("p") if query.get("p") in (*PERIODS, OWN) else USUAL
    typed = {name: query.get(name, "").strip()[:10] for name in ("from", "to")}
    mistake = ""
    try:
        period, (first, last) = _span(period or USUAL, typed, today)
    except WrongDays as wrong:
        mistake, period, (first, last) = str(wrong), USUAL, span(USUAL, today)
    spot = query.get("spot", "")
    chosen = int(spot) if spot.isascii() and spot.isdigit() and int(spot) in (0, *spots) else None
    scope = Scope(account.id, first, last, chosen, query.get("open") == "1")
    shown = typed if mistake else {"from": str(first), "to": str(last)}
    return Asked(period, scope, today, spots, shown, mistake)


def today_of(account: Account) -> date:
    begins = preferences.of(account.id).day_starts
    return days.place(time.time(), days.zone(account.timezone), begins)[0]


def span(period: str, today: date) -> tuple[date, date]:
    """The days that a period has today, which is always its last one unless it is over."""
    first = today.replace(day=1)
    match period:
        case "today":
            return today, today
        case "yesterday":
            return today - timedelta(days=1), today - timedelta(days=1)
        case "month":
            return first, today
        case "last_month":
            return (first - timedelta(days=1)).replace(day=1), first - timedelta(days=1)
    return today - timedelta(days=int(period) - 1), today


def _span(period: str, typed: Mapping[str, str], today: date) -> tuple[str, tuple[date, date]]:
    """Dates that are not the period's were changed by hand: then they are what is wanted.

    The form sends both, so that nobody has to say "my own dates" before typing one. Raises WrongDays.
    """
    its = span(period, today) if period != OWN else None
    if not typed["from"] and not typed["to"] and its:
        return period, its
    try:
        own = date.fromisoformat(typed["from"]), date.fromisoformat(typed["to"])
    except ValueError:
        raise WrongDays("unread") from None
    if own == its:
        return period, own
    return OWN, _sensible(own, today)


def _sensible(own: tuple[date, date], today: date) -> tuple[date, date]:
    first, last = own
    if first > last:
        raise WrongDays("backwards")
    if first > today:
        raise WrongDays("ahead")
    last = min(last, today)
    if (last - first).days >= MOST or first.year < 2000:
        raise WrongDays("many")
    return first, last
