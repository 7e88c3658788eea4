"""Spots, registers and employees as Poster has them, and the account's own settings."""

from __future__ import annotations

import html
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from server.background import detach
from server.config import ACCOUNT_NAME
from server.db import transaction
from server.models import Account, Employee, Register, Spot
from server.poster.client import Poster
from server.poster.rows import as_dict, dicts, to_int, to_text
from server.poster.trouble import FATAL, NotConnected, PosterError, Trouble

log = logging.getLogger("dzvinok.mirror")

BUDGET = 20.0

# Poster's settings name no country; the money tells it where the install did not.
COUNTRIES = {
    "UAH": "UA", "PLN": "PL", "KZT": "KZ", "UZS": "UZ", "GEL": "GE", "MDL": "MD", "AZN": "AZ", "AMD": "AM",
    "KGS": "KG", "BYN": "BY", "RON": "RO", "CZK": "CZ", "TRY": "TR", "ILS": "IL", "AED": "AE", "MNT": "MN",
}  # fmt: skip

Row = dict[str, Any]
Mirrored = type[Spot] | type[Register] | type[Employee]


class Mirror:
    """`changed(account id)` is called after a refresh that changed something."""

    def __init__(self, poster: Poster, changed: Callable[[int], None]) -> None:
        self._poster = poster
        self._changed = changed
        self._lock = threading.Lock()
        self._busy: dict[int, threading.Lock] = {}
        self._waiting: set[int] = set()

    def refresh(self, account: int, budget: float = BUDGET) -> bool:
        """Reads everything anew; returns whether all of it came. What did not come stays as it was."""
        with self._lock:
            busy = self._busy.setdefault(account, threading.Lock())
        with busy:
            with self._lock:
                self._waiting.discard(account)
            return self._refresh(account, time.monotonic() + budget)

    def soon(self, account: int) -> None:
        """Refreshes in the background. However often it is asked, one refresh at most waits for its turn."""
        with self._lock:
            if account in self._waiting:
                return
            self._waiting.add(account)
        detach(self.refresh, account)

    def _refresh(self, account: int, until: float) -> bool:
        reads: dict[str, Callable[[], Any]] = {
            "settings": lambda: self._get(account, until, "settings.getAllSettings"),
            "spots": lambda: self._get(account, until, "access.getSpots", "spots.getSpots"),
            "registers": lambda: self._get(account, until, "access.getTablets"),
            "employees": lambda: self._get(account, until, "access.getEmployees"),
        }
        found: dict[str, Any] = dict.fromkeys(reads)
        for name, read in reads.items():
            try:
                found[name] = read()
            except Trouble as why:
                log.warning("account %s: %s were not read: %s", account, name, why)
                if isinstance(why, NotConnected) or getattr(why, "code", 0) in FATAL:
                    break
        whole = all(value is not None for value in found.values())
        if _store(account, found, whole):
            self._changed(account)
        return whole

    def _get(self, account: int, until: float, *methods: str) -> Any:
        """The answer of the first method that this account's plan and accesses allow."""
        for method in methods[:-1]:
            try:
                return self._poster.get(account, method, until)
            except PosterError as error:
                if error.code in FATAL:
                    raise
        return self._poster.get(account, methods[-1], until)


def _store(account: int, found: dict[str, Any], whole: bool) -> bool:
    with transaction(account):
        if Account.get_or_none(Account.id == account) is None:
            return False
        changes = [
            _store_settings(account, as_dict(found["settings"])),
            _store_rows(Spot, account, found["spots"], spots),
            _store_rows(Register, account, found["registers"], registers),
            _store_rows(Employee, account, found["employees"], employees),
        ]
        if whole:
            Account.update(mirrored_at=time.time()).where(Account.id == account).execute()
    return any(changes)


def spots(answer: Any) -> Iterable[tuple[int, Row]]:
    for row in dicts(answer):
        yield to_int(row.get("spot_id")), {"name": to_text(row.get("spot_name") or row.get("name"), 200)}


def registers(answer: Any) -> Iterable[tuple[int, Row]]:
    for row in dicts(answer):
        name = to_text(row.get("tablet_name"), 200)
        yield to_int(row.get("tablet_id")), {"name": name, "spot": to_int(row.get("spot_id"))}


def employees(answer: Any) -> Iterable[tuple[int, Row]]:
    for row in dicts(answer):
        name, role = to_text(row.get("name"), 200), to_text(row.get("role_name"), 200)
        yield to_int(row.get("user_id")), {"name": name, "role": role}


def _store_rows(
    table: Mirrored, account: int, answer: Any, read: Callable[[Any], Iterable[tuple[int, Row]]]
) -> bool:
    """Who is not in the answer has left, and keeps their lines in case they return.

    An answer that names nobody at all is no reason to send everybody away: each restaurant has somebody.
    """
    fresh = {poster_id: {**row, "gone": False} for poster_id, row in read(answer) if poster_id}
    if not fresh:
        return False
    kept = {row.poster_id: row for row in table.select().where(table.account == account)}
    changed = False
    for poster_id, row in kept.items():
        facts = fresh.pop(poster_id, {"gone": True})
        if any(getattr(row, name) != value for name, value in facts.items()):
            table.update(**facts).where(table.account == account, table.poster_id == poster_id).execute()
            changed = True
    for poster_id, facts in fresh.items():
        table.create(account=account, poster_id=poster_id, **facts)
    return changed or bool(fresh)


def _store_settings(account: int, settings: Row) -> bool:
    if not settings:
        return False
    row = Account.get_by_id(account)
    facts = {name: value for name, value in _settings(settings, row).items() if value}
    if not any(getattr(row, name) != value for name, value in facts.items()):
        return False
    Account.update(**facts).where(Account.id == account).execute()
    return True


def _settings(settings: Row, row: Account) -> Row:
    money = as_dict(settings.get("currency"))
    iso = to_text(money.get("currency_code_iso"), 8).upper()
    return {
        "name": _free_name(company_name(settings), row),
        "title": to_text(settings.get("company_name"), 200),
        "lang": to_text(settings.get("lang"), 8),
        "timezone": to_text(settings.get("timezones"), 64),
        "currency": _symbol(money.get("currency_symbol")) or iso or to_text(money.get("currency_code"), 8),
        "country": row.country or COUNTRIES.get(iso, ""),
    }


def company_name(settings: Row) -> str:
    """The account's name as its own settings tell it, or ""."""
    name = to_text(settings.get("COMPANY_ID")).casefold()
    return name if ACCOUNT_NAME.fullmatch(name) and not name.isdigit() else ""


def _free_name(name: str, row: Account) -> str:
    """A renamed account gets its new name, unless somebody else still has it here."""
    taken = Account.select().where((Account.name == name) & (Account.id != row.id)).exists()
    return "" if taken else name


def _symbol(value: object) -> str:
    """Poster gives the currency's sign as HTML: `&#8372;`, `<span>…</span>`."""
    return html.unescape(re.sub(r"<[^>]*>", "", to_text(value, 100))).strip()[:8]
