"""The verbs of the registers' door: orders that calls bring, online orders, tables."""

from __future__ import annotations

import re
from typing import Any

from server import journal, orders, phones
from server.booking import Table
from server.db import database
from server.online import Wanted
from server.parts import Parts
from server.poster.rows import to_decimal
from server.poster.trouble import Trouble
from server.web.registers_ask import Ask, Json, Verb, refused

MOST_IDS, MOST_LINES = 200, 100
LONGEST_PROMISE = 24 * 60
SUM = re.compile(r"^\d{1,10}(\.\d{1,2})?$", re.ASCII)


def menu(parts: Parts, ask: Ask) -> Json:
    ids = ask.body.get("products")
    wanted = [one for one in ids if type(one) is int and one > 0] if isinstance(ids, list) else []
    database.close()
    try:
        return {"ok": True, "products": parts.menu.products(ask.account.id, wanted[:MOST_IDS], ask.spot)}
    except Trouble:
        return refused("unavailable")


def ordered(parts: Parts, ask: Ask) -> Json:
    order, call = ask.number("order"), ask.text("call", 40)
    if not order:
        return refused("refused")
    if journal.get(ask.account.id, call) is None:
        return refused("call_unknown")
    minutes = _minutes(ask) if "minutes" in ask.body else None
    orders.ordered(ask.account.id, call, order, ask.spot, ask.number("guest"), minutes, ask.who)
    return {"ok": True}


def closed(parts: Parts, ask: Ask) -> Json:
    order = ask.number("order")
    if not order:
        return refused("refused")
    orders.closed(ask.account.id, order, ask.spot, _kopecks(ask.body.get("sum")), ask.number("guest"))
    return {"ok": True}


def online(parts: Parts, ask: Ask) -> Json:
    place, lines = ask.body.get("place"), ask.objects("lines", MOST_LINES + 1)
    if len(lines) > MOST_LINES:
        return refused("refused")
    call, number = _caller(parts, ask)
    wanted = Wanted(
        ask.spot or 0, ask.number("guest"), number, ask.text("name", 200), lines,
        place if isinstance(place, dict) else {}, ask.text("comment"), _minutes(ask),
    )  # fmt: skip
    who = ask.who
    database.close()
    return parts.online.order(ask.account, call, wanted, who)


def tables(parts: Parts, ask: Ask) -> Json:
    database.close()
    return parts.booking.tables(ask.account, _table(ask))


def book(parts: Parts, ask: Ask) -> Json:
    (call, number), who = _caller(parts, ask), ask.who
    database.close()
    return parts.booking.book(
        ask.account, call, _table(ask), ask.number("table"), ask.number("guest"), number,
        ask.text("name", 200), ask.text("comment"), who,
    )  # fmt: skip


def _table(ask: Ask) -> Table:
    at = ask.body.get("at")
    when = float(at) if isinstance(at, int | float) and not isinstance(at, bool) else 0.0
    return Table(ask.spot or 0, when, ask.number("guests"), _minutes(ask))


def _minutes(ask: Ask) -> int:
    return min(ask.number("minutes"), LONGEST_PROMISE)


def _caller(parts: Parts, ask: Ask) -> tuple[str, str]:
    """The call, if it is this account's, and the number: as the register says, else the call's own."""
    call = journal.get(ask.account.id, ask.text("call", 40))
    country = ask.account.country or parts.settings.default_country
    said = (phones.read(text, country) for text in (ask.text("number", 40), call.caller if call else ""))
    return call.id if call else "", next((number.e164 for number in said if number.matchable), "")


def _kopecks(units: Any) -> int | None:
    """`"345.00"` -> 34500; None for what is no sum."""
    return int(to_decimal(units) * 100) if isinstance(units, str) and SUM.match(units) else None


VERBS: dict[str, Verb] = {
    "menu": menu, "ordered": ordered, "closed": closed, "online": online, "tables": tables, "book": book,
}  # fmt: skip
