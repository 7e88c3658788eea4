"""Sipuni's events. One call has one `call_id` and an event for each of its legs, so most name two parties of a leg."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from server.calls import ANSWER, END, IN, INTERNAL, OUT, RING, CallEvent
from server.facts import silent
from server.legs import MOVED
from server.phones import SHORTEST, bare, digits
from server.providers import values
from server.providers.base import Foreign, Unreadable

# A leg that is over is no end: the call goes on.
CALL, HANGUP, TAKEN, LEG_OVER = "1", "2", "3", "4"
EVENTS = {CALL: RING, HANGUP: END, TAKEN: ANSWER, LEG_OVER: RING}
OUTCOMES = {
    "ANSWER": "answered",
    "NOANSWER": "missed", "CANCEL": "missed",
    "BUSY": "busy",
    "CONGESTION": "failed", "CHANUNAVAIL": "failed",
}  # fmt: skip
INSIDE = "2"  # of src_type and dst_type; Sipuni's own comments contradict each other, so digits decide first

LATEST = 24 * 3600.0  # a `timestamp` older than this is not when it happened
HOSTS = frozenset({"sipuni.com", ".sipuni.com"})


def event(fields: dict[str, Any], now: float) -> CallEvent:
    word = values.text(fields.get("event"), 40)
    if not word:
        raise Foreign("there is no event in this request; it is taken for a test of the address")
    if word not in EVENTS:
        raise Foreign(f"{word} is not an event that is used here", f"event {word}")
    key = values.key(fields.get("call_id"))
    if not key:
        raise Unreadable("There is no call_id in this event; without it nobody knows which call is meant.")
    who = _parties(fields, word)
    told = values.stated(values.moment(fields.get("timestamp"), now), now, LATEST)
    at = told or now
    if word == LEG_OVER:
        return _leg_over(key, fields, at, who)
    more = _over(fields, now) if word == HANGUP else {"answered": told} if word == TAKEN else {}
    return CallEvent(key, EVENTS[word], at, **{**who, **more})


def _parties(fields: dict[str, Any], word: str) -> dict[str, Any]:
    """Whoever has an extension is ours. Two extensions are a leg of any call, so only its end tells them apart."""
    source, target = _extension(fields, "src"), _extension(fields, "dst")
    has_target = bool(values.text(fields.get("dst_num")))
    told = fields.get("src_num")
    if source and target:
        inside = word == HANGUP and not values.text(fields.get("transfer_from"))
        return {"direction": INTERNAL, "caller": source} if inside else {}
    if source:
        return {"direction": OUT, "caller": _outside(fields, "dst"), "line": source} if has_target else {}
    if told is None and word != CALL:
        return {"line": target}
    did = "" if target else _outside(fields, "dst")
    return {"direction": IN, "caller": _outside(fields, "src"), "did": did, "line": target}


def _extension(fields: dict[str, Any], side: str) -> str:
    """`015856#101`, `015856101` beside the user 015856, or 101 by itself; "" for a number outside."""
    whole = values.text(fields.get(f"{side}_num")).removeprefix("+")
    short = values.line(fields.get(f"short_{side}_num")) or whole.partition("#")[2]
    user = values.text(fields.get("user_id"))
    if not short and user and whole.startswith(user) and _type(fields, side) == INSIDE:
        short = whole.removeprefix(user)
    found = short or whole
    return found if found.isascii() and found.isdigit() and len(found) < SHORTEST else ""


def _type(fields: dict[str, Any], side: str) -> str:
    return values.text(fields.get(f"{side}_type"))


def _outside(fields: dict[str, Any], side: str) -> str:
    """A number of ours may have Sipuni's own mark behind it: `77071234567_id244276`."""
    found = values.number(values.text(fields.get(f"{side}_num")).partition("_")[0])
    return found if len(digits(bare(found))) >= SHORTEST else ""


def _over(fields: dict[str, Any], now: float) -> dict[str, Any]:
    """The end of the whole call. An answer's time is believed only of a call that was answered."""
    outcome = OUTCOMES.get(values.text(fields.get("status")).upper(), "unknown")
    times = [values.moment(fields.get(name), now) for name in
             ("call_start_timestamp", "call_answer_timestamp", "timestamp")]  # fmt: skip
    started, answered, ended = times
    is_answered = outcome == "answered" and answered and started and answered >= started
    legs = _talked(fields) if outcome == "answered" else ()
    return {
        "outcome": outcome,
        "started": started,
        "answered": answered if is_answered else None,
        "ended": ended,
        "legs": legs,
        "recording": _sound(fields.get("call_record_link")) if outcome == "answered" else "",
    }


def _talked(fields: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Who passed the call on, and who was called last and so has talked last."""
    last, before = (_short(fields.get(name), fields) for name in ("last_called", "transfer_from"))
    passed = ((before, MOVED),) if before and last and before != last else ()
    return (*passed, (last, "answered")) if last else ()


def _leg_over(key: str, fields: dict[str, Any], at: float, who: dict[str, Any]) -> CallEvent:
    """One phone rang in vain, or had the call before another, which is no news."""
    outcome = OUTCOMES.get(values.text(fields.get("status")).upper(), "")
    line = _extension(fields, "dst") or _extension(fields, "src")
    in_vain = outcome not in ("", "answered")
    who = {name: its for name, its in who.items() if name != "line"}
    return silent(key, line if in_vain else "", outcome, at, **who)


def _short(value: Any, fields: dict[str, Any]) -> str:
    """One extension; of several that were called at once nobody knows which."""
    return _extension({"it_num": value, "it_type": INSIDE, "user_id": fields.get("user_id")}, "it")


def _sound(value: Any) -> str:
    link = values.text(value, 1000)
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    host = (parts.hostname or "").casefold()
    ours = host in HOSTS or any(host.endswith(one) for one in HOSTS if one.startswith("."))
    return link if parts.scheme == "https" and ours else ""
