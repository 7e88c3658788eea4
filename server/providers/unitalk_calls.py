"""What UniTalk says of a call, in its events and in its history alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from server.calls import ANSWER, IN, INTERNAL, OUT, RING, CallEvent
from server.phones import SHORTEST, bare, digits
from server.providers import values
from server.providers.base import Unreadable

DIRECTIONS = {"IN": IN, "OUT": OUT, "INNER": INTERNAL}
STATES = {
    "ANSWER": "answered",
    "NOANSWER": "missed",
    "BUSY": "busy", "BUSYOUT": "busy",
    "BLOCKED": "declined",
    "FAIL": "failed", "CHANUNAVAIL": "failed", "NOMONEY": "failed", "WRONGDIR": "failed", "UNREACHABLE": "failed",
    "NOT_EXIST": "failed",
    "DIALING": "unknown",  # it ended while it dialled; nobody says how
}  # fmt: skip

HOST = "api.unitalk.cloud"
SAVED = "db:"  # before the id that a call has once it is in UniTalk's history
OURS = "dzvinok-"  # before our mark in `meta`, which comes back with the events
MOST_LINES = 50


def read(kind: str, call: Mapping[str, Any], at: float) -> list[CallEvent]:
    """One event, or of a call that rings on several lines one for each."""
    key = values.key(call.get("id"))
    if not key:
        raise Unreadable("There is no call.id in this request; nobody knows which call is meant.")
    whole = CallEvent(
        key, kind, at, alias=saved(call.get("dbid")), mark=_mark(call), **_parties(call, kind == RING)
    )
    lines = _lines(call)
    if kind == RING:
        return [replace(whole, line=line) for line in lines or [""]]
    line = lines[0] if len(lines) == 1 else ""
    if kind == ANSWER:
        return [replace(whole, line=line)]
    became = _outcome(call)
    in_vain = () if line or became in ("answered", "unknown") else tuple((one, became) for one in lines)
    return [replace(whole, line=line, outcome=became, legs=in_vain, recording=_link(call))]


def saved(value: Any) -> str:
    """The id that a call has in UniTalk's history."""
    told = values.text(value)
    return values.key(SAVED + told) if told else ""


def _parties(call: Mapping[str, Any], rings: bool) -> dict[str, Any]:
    """`from` calls `to`. Of a call that goes out the guest is whoever is no extension and no number of ours."""
    direction = DIRECTIONS.get(values.text(call.get("direction")).upper(), "")
    own = values.text(call.get("outerNumber"))
    unknown = "" if rings else None
    caller = values.number(call["from"]) if "from" in call else unknown
    if direction == OUT:
        others = [*_to(call), values.text(call.get("from"))]
        outside = (values.number(one) for one in others if one != own and not _inner(one))
        caller = next(filter(None, outside), unknown)
    return {
        "direction": direction,
        "caller": caller,
        "did": "" if any(char.isalpha() for char in own) else values.number(own),  # it may be a site's name
        "group": values.text(call.get("lastGroupName")),
    }


def _lines(call: Mapping[str, Any]) -> list[str]:
    """Which lines of ours take part: those that are called, and of a call that goes out the one that calls."""
    out = values.text(call.get("direction")).upper() == "OUT"
    told = [*_to(call), values.text(call.get("from"))] if out else _to(call)
    return list(dict.fromkeys(line for one in told if _inner(one) and (line := values.line(one))))


def _to(call: Mapping[str, Any]) -> list[str]:
    """A list, a list in PHP's brackets or a single line."""
    told = call.get("to")
    told = list(told.values()) if isinstance(told, dict) else told
    return [values.text(one) for one in (told if isinstance(told, list) else [told])[:MOST_LINES]]


def _inner(value: str) -> bool:
    return 0 < len(digits(bare(value))) < SHORTEST


def _outcome(call: Mapping[str, Any]) -> str:
    return STATES.get(values.text(call.get("state")).upper(), "unknown")


def _link(call: Mapping[str, Any]) -> str:
    """Only an address of UniTalk's own is worth keeping."""
    link = values.text(call.get("link"), 500)
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return link if parts.scheme == "https" and parts.hostname == HOST else ""


def _mark(call: Mapping[str, Any]) -> str:
    meta = values.text(call.get("meta"))
    return meta.removeprefix(OURS) if meta.startswith(OURS) else ""
