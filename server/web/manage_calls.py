"""The journal of calls: everything that rang, what became of it, and how to find it again."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from server import callbook, figures
from server.acting import VIEWER
from server.callbook import Filter, filters
from server.db import reading
from server.facts import IN, INTERNAL, OUT, OUTCOMES
from server.models import Account, Employee, Spot
from server.parts import Parts
from server.unfit import Unfit
from server.web import manage_call, manage_calls_files
from server.web.manage_calls_rows import rows
from server.web.manage_facts import Json, country_of, moment, present
from server.web.manage_room import Room
from server.web.manage_words import Say, unfit

CHOICES = ("answered", filters.VAIN, *reversed([one for one in OUTCOMES if one != "answered"]))


def calls(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    if not query.get("of"):
        return "calls", journal(parts, account, say, query)
    try:
        return manage_call.call(parts, account, say, query)
    except Unfit as why:
        return "calls", {**journal(parts, account, say, {}), "wrong": unfit(say, why)}


def journal(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> Json:
    """What cannot be looked for is told beside the field and in the rows' place: others would look like found."""
    wrong = ""
    try:
        wanted = filters.read(query)
        page = _page(parts, account, wanted, query)
    except Unfit as why:
        wrong, wanted, page = unfit(say, why), Filter(), callbook.Page([], None, None, [])
    first = "after" not in query and "before" not in query
    keep = wanted.words() | {name: query[name] for name in ("after", "before") if query.get(name)}
    return {
        **_fields(account, wanted, query, say), "wrong": wrong, "keep": keep, "wanted": wanted, "first": first,
        "live": rows(page.live, account, say), "calls": rows(page.rows, account, say),
        "older": _to(wanted, after=page.next), "newer": _to(wanted, before=page.previous),
        "newest": _to(wanted), "reached": moment(page.reached, account) if page.reached else "",
        "refused": bool(wrong), "stamp": callbook.latest(account.id) if first and not wrong else "",
        "formats": manage_calls_files.FORMATS,
    }  # fmt: skip


def _page(parts: Parts, account: Account, wanted: Filter, query: Mapping[str, str]) -> callbook.Page:
    after, before = (_mark(query.get(name, "")) for name in ("after", "before"))
    country = country_of(parts, account)
    figures.catch_up(account.id)
    return callbook.page(account, wanted, after or before, newer=bool(before and not after), country=country)


def _mark(text: str) -> callbook.Mark | None:
    at, _, call = text.partition("_")
    try:
        return (float(at), call) if call else None
    except ValueError:
        return None


def _to(wanted: Filter, **marks: callbook.Mark | None) -> str:
    """What follows the address's question mark on another page; "" when there is none."""
    if marks and not any(marks.values()):
        return ""
    named = {name: f"{mark[0]!r}_{mark[1]}" for name, mark in marks.items() if mark}
    return "&" + urlencode(wanted.words() | named) if wanted or named else ""


def _fields(account: Account, wanted: Filter, query: Mapping[str, str], say: Say) -> Json:
    with reading():
        people = {one.poster_id: one.name for one in present(Employee, account)}
        spots = {one.poster_id: one.name for one in present(Spot, account)}
    said = {"employee": people.get(wanted.employee or 0, ""), "spot": spots.get(wanted.spot or 0, ""),
            "outcome": say(f"call.{wanted.outcome}") if wanted.outcome else "",
            "direction": say(f"call.way_{wanted.direction}") if wanted.direction else ""}  # fmt: skip
    chips = [
        {
            "text": say(f"calls.chip_{name}", value=said.get(name) or value),
            "without": _to(wanted.without(name)),
        }
        for name, value in wanted.words().items()
    ]
    typed = {name: query.get(name, "") for name in ("text", "employee", "line", "outcome", "direction", "spot", "first",
                                                    "last")}  # fmt: skip
    return {"people": people, "spots": spots, "outcomes": CHOICES, "ways": (IN, OUT, INTERNAL), "chips": chips,
            "asked": typed}  # fmt: skip


def _news(parts: Parts, account: Account, say: Say) -> Json:
    with reading():
        return {"stamps": {"journal": callbook.latest(account.id)}}


ROOM = Room("calls", calls, VIEWER, {**manage_call.FORMS, **manage_calls_files.FORMS}, _news)
