"""One person in Manage: what is known of them, their file, erasing them, the receipt.

Whose page it is stands in its address sealed, so that no number gets into a log, a history or a bookmark.
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any

from server import audit, days, persons, phones
from server.callbook import masks
from server.db import reading, transaction
from server.models import Account
from server.parts import Parts
from server.persons import Found, Person, Receipt
from server.unfit import Unfit
from server.vault import Unreadable
from server.web.manage_facts import Json, country_of
from server.web.manage_reports_numbers import Numbers
from server.web.manage_room import Form, Said, Typed
from server.web.manage_words import Say

MOST = 50  # rows of each kind on the page; the file has them all
LIVES = 8 * 3600.0
# What the page shows of each table. The others are traces in technical records, told by their count alone.
SHOWN = {
    "guest": ("name", "address", "birthday", "comment"),
    "guest_number": ("number", "at"),
    "guest_place": ("text", "at"),
    "flag": ("at", "kind", "text", "by_name"),
    "call": ("at", "direction", "number", "name", "outcome", "line"),
    "call_note": ("at", "outcome", "text", "by_name"),
    "call_order": ("at", "sum", "by_name"),
    "callback": ("first_at", "number", "calls"),
    "guest_order": ("at", "sum", "address"),
    "online_order": ("at", "number", "sum", "address"),
    "dial": ("at", "number", "line"),
    "never_pop": ("at", "number", "kind"),
}
WORDED = {"direction", "outcome", "kind"}


def seal(parts: Parts, account: Account, number: str) -> str:
    told = {"account": account.id, "number": number, "until": time.time() + LIVES}
    return parts.vault.seal(json.dumps(told))


def opened(parts: Parts, account: Account, sealed: str) -> str:
    """The number. Raises Unfit `person_page` for another account's page, or one that is too old."""
    try:
        told: dict[str, Any] = json.loads(parts.vault.open(sealed))
    except (Unreadable, ValueError):
        raise Unfit("person_page") from None
    if told.get("account") != account.id or told["until"] < time.time():
        raise Unfit("person_page")
    return str(told["number"])


def person(parts: Parts, account: Account, say: Say, sealed: str) -> tuple[str, Json]:
    who, found = _known(parts, account, sealed)
    tables: dict[str, list[Json]] = {}
    for one in _touched(found):
        tables.setdefault(one.held.table, []).extend(one.rows)
    return "person", {
        "path": f"/manage/people/{sealed}",
        "sealed": sealed,
        "number": whole(who.numbers[0], account),
        "others": [whole(one, account) for one in who.numbers[1:]],
        "shared": [whole(one, account) for one in who.shared],
        "names": [masks.words(name, masks.sees_numbers(account)) for name in who.names],
        "at_poster": bool(who.guests),
        "kinds": [_kind(table, tables[table], account, say) for table in SHOWN if table in tables],
        "traces": sum(len(rows) for table, rows in tables.items() if table not in SHOWN),
        "total": _total(found),
        "erased": _erased_before(parts, account, who.numbers[0], say),
    }


def _erased_before(parts: Parts, account: Account, number: str, say: Say) -> list[Json]:
    """Receipts of this very number, for whoever asks whether they were erased."""
    word = persons.digest(parts.settings.persons_key, account.id, number)
    with reading():
        return [receipt_row(one, account, say) for one in persons.receipts(account.id, word)]


def _known(parts: Parts, account: Account, sealed: str) -> tuple[Person, list[Found]]:
    number = opened(parts, account, sealed)
    with reading():
        who = persons.who(account.id, number, country_of(parts, account))
        return who, persons.find(who)


def _touched(found: list[Found]) -> list[Found]:
    """What erasing changes or takes away: the page, its button and the receipt count the same."""
    return [one for one in found if one.held.statement]


def _total(found: list[Found]) -> int:
    return sum(len(one.rows) for one in _touched(found))


def _kind(table: str, rows: list[Json], account: Account, say: Say) -> Json:
    columns = [name for name in SHOWN[table] if any(row[name] for row in rows)]
    return {
        "name": say(f"held.{table}"),
        "count": len(rows),
        "more": max(0, len(rows) - MOST),
        "columns": [say(f"column.{name}") for name in columns],
        "rows": [[_cell(name, row[name], account, say) for name in columns] for row in rows[:MOST]],
    }


def _cell(name: str, value: Any, account: Account, say: Say) -> str:
    if value in (None, ""):
        return ""
    if name in ("at", "first_at"):
        return dated(value, account).replace(" ", "\u00a0")
    if name == "sum":
        return Numbers(say, account.currency).money(value)
    if name == "number":
        return whole(value, account) or say("people.withheld")
    return _word(value, say) if name in WORDED else str(value)


def whole(number: str, account: Account) -> str:
    """As who acts may see it; no line breaks within."""
    return masks.shown(number, account).replace(" ", "\u00a0")


def _word(value: str, say: Say) -> str:
    try:
        return say(f"people.word_{value}")
    except KeyError:
        return value


def dated(at: float, account: Account) -> str:
    """With its year: what is kept may be old."""
    return f"{datetime.fromtimestamp(at, days.zone(account.timezone)):%d.%m.%Y %H:%M}"


def find(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    number = phones.read(typed.get("number", ""), country_of(parts, account))
    if not number.matchable:
        raise Unfit("number", value=typed.get("number", "")[:40])
    return Said("find", "", there=f"people/{seal(parts, account, number.e164)}")


def file(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    sealed = typed.get("person", "")
    number = opened(parts, account, sealed)
    with transaction(account.id):
        word = persons.digest(parts.settings.persons_key, account.id, number)
        audit.note(account.id, "person_exported", word[:8])
    address = parts.downloads.offer(account.id, "person", {"number": number})
    return Said("file", say("people.file_ready"), there=f"people/{sealed}", file=address)


def erase(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Only what was shown when it was confirmed: if more is known by now, it is asked again."""
    sealed = typed.get("person", "")
    who, found = _known(parts, account, sealed)
    if str(_total(found)) != typed.get("total"):
        return Said("erase", say("unfit.person_changed"), False, True, there=f"people/{sealed}")
    try:
        country, key = country_of(parts, account), parts.settings.persons_key
        _, given = persons.erase(account.id, who.numbers[0], country, key)
    except Unfit as why:
        return Said("erase", say(f"unfit.{why.word}"), False, True, there=f"people/{sealed}")
    parts.telling.forget(time.time())
    parts.telling.account_changed(account.id)
    for number in who.numbers:
        parts.telling.guest_changed(account.id, number)
    return Said("receipt", say("people.erased"), there=f"people/receipt/{given.id}")


def receipt(account: Account, say: Say, id_: str) -> tuple[str, Json]:
    with reading():
        one = persons.receipt_of(account.id, int(id_) if id_.isdecimal() and len(id_) < 12 else 0)
    named = [
        {"name": say(f"held.{table}"), "count": one.counts[table]} for table in SHOWN if table in one.counts
    ]
    traces = sum(count for table, count in one.counts.items() if table not in SHOWN)
    return "receipt", {
        "path": f"/manage/people/receipt/{one.id}",
        "receipt": receipt_row(one, account, say),
        "counts": named + ([{"name": say("held.trace"), "count": traces}] if traces else []),
    }


def receipt_row(one: Receipt, account: Account, say: Say) -> Json:
    try:
        who = say(f"people.by_{one.who}")
    except KeyError:
        who = one.who
    return {
        "id": one.id, "at": dated(one.at, account), "who": who, "digest": one.digest,
        "numbers": one.numbers, "guests": one.guests, "total": sum(one.counts.values()),
    }  # fmt: skip


PERSON_FORMS: dict[str, Form] = {"people/find": find, "people/file": file, "people/erase": erase}
