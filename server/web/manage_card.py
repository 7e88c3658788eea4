"""The page of the card: how it behaves, how much of Poster it knows, whom it leaves in peace."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from server import callbacks, directory, phones, popping
from server.acting import MANAGER
from server.db import reading, rows
from server.directory import known
from server.models import Account, Employee
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_asking import id_in
from server.web.manage_choices import choices, saver
from server.web.manage_facts import Json, country_of, moment, present
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

MONTH = 30 * 86400.0
DONE = "done"
SHOWN = ("pop", "veil", "promise", "promise_each", "delivery", "booking", "vip_from")
GUESTS = "SELECT count(*) FROM guest WHERE account_id = ?"


def card(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    country = country_of(parts, account)
    return "card", {
        "directory": directory_state(account, say),
        "preferences": choices(SHOWN, account, say),
        "silent": [
            _silent(one, account, country, say)
            for one in popping.silent(account.id)
            if not phones.stands_in(one.number)
        ],
        "kinds": popping.KINDS,
        "employees": [
            {"id": one.poster_id, "name": one.name, "quiet": one.quiet} for one in present(Employee, account)
        ],
        "reveals": [
            {"name": name or say("reveal.somebody"), "count": say("reveal.count", count=count)}
            for _, name, count in popping.reveals(account.id, time.time() - MONTH)
        ],
    }


def directory_state(account: Account, say: Say) -> Json:
    """As a trunk's state on the page of the phone, with a share of a hundred for the bar."""
    now = directory.progress(account.id)
    with reading():
        (guests,) = rows(GUESTS, account.id)[0]
        since = known.read(account.id).orders_from
    read = now["guests_at"] and now["orders_at"]
    state = "problem" if now["problem"] else "heard" if read else "waiting"
    trouble = say(f"directory.{now['problem']}") if now["problem"] else ""
    return {
        "state": state,
        "text": _read_so_far(now, guests, _day(since, account) if since else "", say),
        "trouble": trouble,
        "more": _when_read(now, account, say) if read else "",
        "share": round(100 * min(1.0, now["done"] / now["total"]))
        if now["total"] and now["stage"] != DONE
        else 100,
    }


def _read_so_far(now: Json, guests: int, day: str, say: Say) -> str:
    if not now["stage"]:
        return say("directory.not_begun")
    if now["stage"] == "guests" and not now["guests_at"]:
        word = "directory.guests" if now["total"] else "directory.some_guests"
        return say(word, done=_figure(now["done"], say), total=_figure(now["total"], say))
    word = "directory.known" if day else "directory.known_guests"
    return say(word, guests=_figure(guests, say), day=day)


def _when_read(now: Json, account: Account, say: Say) -> str:
    told = say("directory.read", at=moment(min(now["guests_at"], now["orders_at"]), account))
    return told if now["stage"] == DONE else f"{told} {say('directory.checking')}"


def _figure(number: int, say: Say) -> str:
    """With the language's mark between thousands, at which no line may break."""
    return f"{number:,}".replace(",", "," if say("lang") == "en" else "\u00a0")


def _day(at: float, account: Account) -> str:
    try:
        zone: ZoneInfo | None = ZoneInfo(account.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = None
    return f"{datetime.fromtimestamp(at, zone or UTC):%d.%m.%Y}"


def _silent(one: popping.Silent, account: Account, country: str, say: Say) -> Json:
    by = ", ".join(part for part in (one.by, moment(one.at, account) if one.at else "") if part)
    return {
        "id": _id(one.number),
        "shown": phones.read(one.number, country).masked or one.number,
        "kind": say(f"never.{one.kind}"),
        "by": say("never.learned") if one.learned else by,
    }


def _id(number: str) -> str:
    """Which number is meant, in a page that does not spell it out."""
    return hashlib.sha256(number.encode()).hexdigest()[:16]


def hush(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """One more number that opens no card."""
    number = phones.read(typed.get("number", ""), country_of(parts, account))
    if not number.matchable:
        raise Unfit("number", value=typed.get("number", ""))
    popping.hush(account.id, number.e164, typed.get("kind", ""), (0, ""))
    callbacks.done_with(account.id, number.e164, (0, ""), time.time())
    parts.telling.account_changed(account.id)
    return Said("never", say("never.added"))


def let_pop(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    for one in popping.silent(account.id):
        if _id(one.number) == typed.get("id"):
            popping.let_pop(account.id, one.number, (0, ""))
            parts.telling.account_changed(account.id)
    return Said("never", say("never.undone"))


def quiet(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    employee = id_in(typed, "id", "employee_unknown")
    if employee not in {one.poster_id for one in present(Employee, account)}:
        raise Unfit("employee_unknown")
    popping.set_quiet(account.id, employee, bool(typed.get("quiet")))
    parts.telling.employee_changed(account.id, employee)
    return Said(typed.get("part", ""), say("saved"))


def again(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Everything is read anew, which no guest has to wait for."""
    directory.dirty(account.id, None)
    return Said("directory", say("directory.again_said"))


FORMS: dict[str, Form] = {
    "card": saver(SHOWN), "card/never": hush, "card/pop": let_pop, "card/quiet": quiet, "card/again": again,
}  # fmt: skip


def _news(parts: Parts, account: Account, say: Say) -> Json:
    return {"directory": directory_state(account, say)}


ROOM = Room("card", card, MANAGER, forms_for(MANAGER, FORMS), _news)
