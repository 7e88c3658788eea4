"""Sipuni: events by number, the same fields over HTTP and over its WebSocket."""

from __future__ import annotations

import json
from typing import Any

from sandbox.companies.base import (
    Asked,
    Company,
    Desk,
    Ends,
    Heard,
    Key,
    Keys,
    PhoneCall,
    Push,
    Said,
    Scene,
    Socket,
)
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import e164, hexed

CALL, HANGUP, ANSWER, SECONDARY = "1", "2", "3", "4"
OUTSIDE, INSIDE = "1", "2"
BRANCH = "015856"
WORDS = {CALL: "1 call", HANGUP: "2 hangup", ANSWER: "3 answer", SECONDARY: "4 secondary hangup"}


def call_id(call: PhoneCall) -> str:
    return f"{int(call.started)}.{call.id[-6:]}"


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    lines = call.rings if call.incoming else (call.line,)
    return [_told(CALL, call, line, scene) for line in lines]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_told(ANSWER, call, call.line, scene)]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    leg = {"status": "ANSWER", "transfer_from": call.before}
    return [
        _told(CALL, call, call.line, scene),
        _told(ANSWER, call, call.line, scene),
        _told(SECONDARY, call, call.before, scene, leg),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    line = call.line or next(iter(call.rings), "")
    more = {
        "status": call.disposition,
        "call_start_timestamp": int(call.started),
        "call_answer_timestamp": int(call.answered or 0),
        "call_record_link": f"https://sipuni.com/api/crm/record?id={call_id(call)}&hash=demo"
        if call.answered
        else "",
        "last_called": f"{BRANCH}#{line}" if call.incoming else e164(call.external),
        "treeName": "main",
        "treeNumber": e164(call.did),
    }
    return [_told(HANGUP, call, line, scene, more)]


def _told(event: str, call: PhoneCall, line: str, scene: Scene, more: dict[str, Any] | None = None) -> Push:
    fields = {"event": event} | _parties(call, line, scene) | (more or {})
    if scene.keys["channel"] == "socket":
        return Push(WORDS[event], {"action": "notify", "request": fields}, "json", frame=True)
    if scene.keys["channel"] == "GET":
        return Push(WORDS[event], fields, "query", method="GET")
    return Push(WORDS[event], fields)


def _parties(call: PhoneCall, line: str, scene: Scene) -> dict[str, Any]:
    own = (f"{BRANCH}#{line}", INSIDE, line)
    guest = (e164(call.external), OUTSIDE, e164(call.external))
    source, target = (guest, own) if call.incoming else (own, guest)
    return {
        "call_id": call_id(call),
        "src_num": source[0],
        "src_type": source[1],
        "short_src_num": source[2],
        "dst_num": target[0],
        "dst_type": target[1],
        "short_dst_num": target[2],
        "timestamp": int(scene.now),
        "user_id": BRANCH,
        "is_inner_call": int(call.kind == "internal"),
        "channel": f"SIP/{line}-{hexed(call.id, line)[:8]}",
    }


def hear(text: str, keys: Keys) -> Heard | None:
    try:
        said = json.loads(text)
    except ValueError:
        return Heard()
    if not isinstance(said, dict) or said.get("type") != "auth":
        return Heard()
    body = said.get("body")
    if not isinstance(body, dict) or body.get("key") != keys["key"]:
        return None
    return Heard((json.dumps({"action": "auth", "status": 1}),), login=True)


def rest(asked: Asked, desk: Desk) -> Said | None:
    return sound(desk.call(asked.words.get("id", ""), call_id)) if asked.path == "api/crm/record" else None


COMPANY = Company(
    "sipuni",
    "Sipuni",
    sends=tuple(WORDS.values()),
    ends=Ends(("NOANSWER", "BUSY", "CANCEL", "CONGESTION", "CHANUNAVAIL"), ("ANSWER",), "BUSY"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(Key("channel", "socket", ("socket", "POST", "GET")), Key("key", "sipuni-key-{account}")),
    hosts=("sipuni.com",),
    answer=rest,
    socket=Socket(
        ("sipuni.com:8083",), (), hear, Heard((json.dumps({"action": "auth", "status": 0}),), close=True)
    ),
)
