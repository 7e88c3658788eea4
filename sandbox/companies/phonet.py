"""Phonet: one JSON shape for a leg that rings, talks or is over; REST behind a cookie."""

from __future__ import annotations

import json
from typing import Any

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import hexed, plus

DIAL, BRIDGE, HANGUP = "call.dial", "call.bridge", "call.hangup"
INTERNAL, OUTGOING, INCOMING = 1, 2, 4
DISPOSITIONS = {"answered": 0, "no answer": 1, "congested": 2, "error": 3, "busy": 4}
MOST = 50


def uuid(call: PhoneCall) -> str:
    return hexed("phonet", call.id)[:32]


def leg_uuid(call: PhoneCall, line: str) -> str:
    """A call of one line is its leg; in a group, and after a transfer, each leg has an id below the call's."""
    alone = line == (call.lines or call.rings or (line,))[0] and len(call.rings) < 2
    return uuid(call) if alone else hexed("phonet", call.id, line)[:32]


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    lines = call.rings if call.incoming else (call.line,)
    return [_told(DIAL, call, line, scene) for line in lines]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    """The colleagues' legs end in the same moment."""
    over = [_told(HANGUP, call, line, scene, bridged=False) for line in call.lost] if call.incoming else []
    return [_told(BRIDGE, call, call.line, scene), *over]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [
        _told(DIAL, call, call.line, scene, bridged=False),
        _told(BRIDGE, call, call.line, scene),
        _told(HANGUP, call, call.before, scene),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    rung = call.rings if call.incoming else (call.line,)
    return [_told(HANGUP, call, line, scene) for line in ([call.line] if call.answered else rung)]


def _told(event: str, call: PhoneCall, line: str, scene: Scene, bridged: bool = True) -> Push:
    return Push(event, {"event": event} | leg(call, line, scene, bridged), "json")


def leg(call: PhoneCall, line: str, scene: Scene, bridged: bool = True) -> dict[str, Any]:
    own, taken = leg_uuid(call, line), call.taken_by(line)
    late = taken if taken and line != call.lines[0] else call.started
    return {
        "accountDomain": scene.keys["domain"],
        "uuid": own,
        "parentUuid": None if own == uuid(call) else uuid(call),
        "dialAt": int(late),
        "bridgeAt": int(taken) if taken and bridged else None,
        "lgDirection": _way(call),
        "leg": employee(line, scene),
        "leg2": employee(call.external, scene) if call.kind == "internal" else None,
        "otherLegs": [_guest(call)] if call.kind != "internal" else [],
        "trunkNum": plus(call.did),
        "trunkName": "main",
    }


def employee(line: str, scene: Scene) -> dict[str, Any]:
    number = "".join(char for char in line if char.isdigit())
    return {"id": int(number or 0), "type": 1, "ext": line, "displayName": scene.person(line)}


def _way(call: PhoneCall) -> int:
    return {"in": INCOMING, "out": OUTGOING}.get(call.kind, INTERNAL)


def _guest(call: PhoneCall) -> dict[str, Any]:
    return {
        "id": None,
        "name": call.said or None,
        "num": plus(call.external) or None,
        "companyName": None,
        "url": None,
    }


# REST


def session(keys: Keys) -> str:
    """The same for the same key: a restart of the sandbox logs nobody out."""
    return hexed("session", str(keys["key"]), str(keys["domain"])).upper()[:32]


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.host != keys["domain"]:
        return False
    if asked.path == "rest/security/authorize":
        return (asked.data.get("domain"), asked.data.get("apiKey")) == (keys["domain"], keys["key"])
    return asked.path.startswith("rest/public/") or f"JSESSIONID={session(keys)}" in asked.headers.get(
        "cookie", ""
    )


def rest(asked: Asked, desk: Desk) -> Said | None:
    path = asked.path.removeprefix("rest/")
    if path == "security/authorize":
        return Said({}, headers={"Set-Cookie": f"JSESSIONID={session(desk.keys)}; Path=/rest; HttpOnly"})
    if path == "calls/active/v3":
        return Said([_active(call, line, desk) for call in desk.live for line in _legs(call)])
    if path == "users":
        return Said([employee(line, desk) | {"email": f"line{line}@example.com"} for line in desk.extensions])
    if path == "user/makeCall":
        call = desk.dial(str(asked.data.get("legExt", "")), str(asked.data.get("otherLegNum", "")))
        return Said({"uuid": uuid(call)})
    if path in LISTS:
        return Said(_list(asked.words, desk, path))
    return _one_call(path.split("/"), desk)


def _one_call(parts: list[str], desk: Desk) -> Said | None:
    """`calls/active/<uuid>/hangup`, `public/calls/<uuid>/audio`."""
    call = next((one for one in desk.calls if len(parts) > 2 and parts[2] in _uuids(one)), None)
    if parts[:2] == ["calls", "active"] and parts[-1] == "hangup":
        if call is None:
            return Said({"message": "call not found"}, 404)
        desk.hang_up(call.id)
        return Said("", content_type="text/plain")
    return sound(call) if parts[:2] == ["public", "calls"] and parts[-1] == "audio" else None


def _uuids(call: PhoneCall) -> set[str]:
    return {uuid(call), *(leg_uuid(call, line) for line in (*call.rings, *call.lines))}


def _legs(call: PhoneCall) -> tuple[str, ...]:
    return (call.line,) if call.line else call.rings


def _active(call: PhoneCall, line: str, desk: Desk) -> dict[str, Any]:
    return {"lastEvent": BRIDGE if call.answered else DIAL} | leg(call, line, desk)


LISTS = ("calls/company.api", "calls/users.api", "calls/missed.api")


def _list(words: dict[str, str], desk: Desk, path: str) -> list[dict[str, Any]]:
    start, end = float(words.get("timeFrom") or 0) / 1000, float(words.get("timeTo") or "inf") / 1000
    ways = json.loads(words["directions"]) if words.get("directions", "").startswith("[") else []
    found = [
        call
        for call in desk.since(start, end)
        if (not ways or _way(call) in ways) and not (path == "calls/missed.api" and call.answered)
    ]
    limit, offset = min(MOST, int(words.get("limit") or MOST)), int(words.get("offset") or 0)
    return [_row(call, desk) for call in found[offset : offset + limit]]


def _row(call: PhoneCall, desk: Desk) -> dict[str, Any]:
    line = call.line or next(iter(call.rings), "")
    own = leg_uuid(call, line)
    talked = " > ".join(call.lines) if len(call.lines) > 1 else None
    return {
        "uuid": own,
        "parentUuid": None if own == uuid(call) else uuid(call),
        "dialAt": int(call.started * 1000),
        "endAt": int((call.ended or 0) * 1000),
        "lgDirection": _way(call),
        "leg": employee(line, desk),
        "leg2": None,
        "otherLegNum": plus(call.external) or None,
        "otherLegName": call.said or None,
        "billSecs": call.seconds(),
        "duration": call.waited() + call.seconds(),
        "disposition": DISPOSITIONS.get(str(call.disposition), 3),
        "transferHistory": talked,
        "audioRecUrl": f"https://{desk.keys['domain']}/rest/public/calls/{own}/audio"
        if call.answered
        else None,
        "trunk": plus(call.did),
    }


COMPANY = Company(
    "phonet",
    "Phonet",
    sends=(DIAL, BRIDGE, HANGUP),
    ends=Ends(("no answer", "busy", "congested", "error"), ("answered",), "busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(Key("domain", "{account}.phonet.com.ua"), Key("key", "phonet-key-{account}")),
    hosts=("*.phonet.com.ua",),
    admits=admits,
    refusal=Said({"message": "Forbidden"}, 403),
    answer=rest,
)
