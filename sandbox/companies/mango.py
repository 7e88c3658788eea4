"""Mango Office: signed JSON in a form, every leg by itself under one entry_id, a summary at the end."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene, Wire
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import FORM, e164, hexed

APPEARED, CONNECTED, DISCONNECTED = "Appeared", "Connected", "Disconnected"
SEQ = {APPEARED: 1, CONNECTED: 2, DISCONNECTED: 3}
REASONS = {"answered": 1110, "no answer": 1122, "busy": 1121, "refused": 1123, "caller hung up": 1120}
ELSEWHERE = 1131


def signature(keys: Keys, text: str) -> str:
    return hashlib.sha256(f"{keys['api_key']}{text}{keys['api_salt']}".encode()).hexdigest()


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    words = {"vpbx_api_key": keys["api_key"], "sign": signature(keys, wire.body), "json": wire.body}
    return replace(wire, body=urlencode(words), headers=wire.headers | {"Content-Type": FORM})


def _short(*parts: str) -> str:
    return base64.b64encode(hexed("mango", *parts)[:9].encode()).decode().rstrip("=")


def entry_id(call: PhoneCall) -> str:
    return _short(call.id)


def leg_id(call: PhoneCall, line: str) -> str:
    return _short(call.id, line)


def recording_id(call: PhoneCall) -> str:
    return _short("record", call.id)


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    """A hint from the greeting, then each phone that rings."""
    if not call.incoming:
        return [_leg(APPEARED, call, call.line, scene)]
    greeting = _call(APPEARED, call, "ivr", scene, {"location": "ivr"}, _outside(call), {})
    return [greeting, *(_leg(APPEARED, call, line, scene) for line in call.rings)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    over = [_leg(DISCONNECTED, call, line, scene, disconnect_reason=ELSEWHERE) for line in call.lost]
    return [_leg(CONNECTED, call, call.line, scene), *(over if call.incoming else [])]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    """A blind transfer: a new leg, taken from the one that is over."""
    first = leg_id(call, call.before)
    came = {"taken_from_call_id": first, "was_transferred": True}
    return [
        _leg(DISCONNECTED, call, call.before, scene, transfer="blind", disconnect_reason=REASONS["answered"]),
        _leg(APPEARED, call, call.line, scene, came),
        _leg(CONNECTED, call, call.line, scene, came),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    rung = [call.line] if call.answered or not call.incoming else call.rings
    reason = REASONS.get(str(call.disposition), 1122)
    legs = [_leg(DISCONNECTED, call, line, scene, disconnect_reason=reason) for line in rung]
    return [*legs, Push("summary", summary(call), "json", path="events/summary"), *_recorded(call, scene)]


def _leg(
    state: str, call: PhoneCall, line: str, scene: Scene, came: dict[str, Any] | None = None, **more: Any
) -> Push:
    if call.incoming:
        ends = (_outside(call) | (came or {}), {"extension": line})
    else:
        ends = ({"extension": line}, {"number": e164(call.external)} | (came or {}))
    return _call(state, call, line, scene, {"location": "abonent"}, *ends, **more)


def _call(
    state: str,
    call: PhoneCall,
    leg: str,
    scene: Scene,
    where: dict[str, Any],
    source: dict[str, Any],
    target: dict[str, Any],
    **more: Any,
) -> Push:
    fields = {
        "entry_id": entry_id(call),
        "call_id": leg_id(call, leg),
        "timestamp": int(scene.now),
        "seq": SEQ[state],
        "call_state": state,
        **where,
        "from": source,
        "to": target | {"line_number": e164(call.did)},
        **more,
    }
    return Push(state, fields, "json", path="events/call")


def _outside(call: PhoneCall) -> dict[str, Any]:
    return {"number": e164(call.external)}


def summary(call: PhoneCall) -> dict[str, Any]:
    """`to` is who answered, or the first who missed."""
    line = call.line or next(iter(call.rings), "")
    own, guest = {"extension": line, "number": f"sip:line{line}@pechera.mangosip.ru"}, _outside(call)
    return {
        "entry_id": entry_id(call),
        "call_direction": {"in": 1, "out": 2}.get(call.kind, 0),
        "from": guest if call.incoming else own,
        "to": own if call.incoming else guest,
        "line_number": e164(call.did),
        "create_time": int(call.started),
        "forward_time": int(call.started),
        "talk_time": int(call.answered or 0),
        "end_time": int(call.ended or 0),
        "entry_result": int(bool(call.answered)),
        "disconnect_reason": REASONS.get(str(call.disposition), 1122),
    }


def _recorded(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.answered:
        return []
    fields = {
        "entry_id": entry_id(call),
        "product_id": "400001",
        "user_id": call.line,
        "recording_id": recording_id(call),
        "timestamp": int(scene.now),
    }
    return [Push("record/added", fields, "json", path="events/record/added", after=1.0)]


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.path.startswith("records/"):
        return True
    words = dict(parse_qsl(asked.body, keep_blank_values=True))
    right = signature(keys, words.get("json", ""))
    return (words.get("vpbx_api_key"), words.get("sign")) == (keys["api_key"], right)


def rest(asked: Asked, desk: Desk) -> Said | None:
    path = asked.path.removeprefix("vpbx/")
    if path.startswith("records/"):
        return sound(desk.call(path.removeprefix("records/"), recording_id))
    try:
        data = json.loads(asked.words.get("json", "{}"))
    except ValueError:
        return Said({"code": 3100, "message": "Wrong JSON"}, 400)
    run = METHODS.get(path)
    return run(data, desk) if run else None


def _callback(data: dict[str, Any], desk: Desk) -> Said:
    source = data.get("from")
    line = str(source.get("extension", "")) if isinstance(source, dict) else ""
    desk.dial(line, str(data.get("to_number", "")))
    return Said({"result": 1000, "command_id": data.get("command_id", "")})


def _hang_up(data: dict[str, Any], desk: Desk) -> Said:
    legs = {leg_id(call, line): call for call in desk.live for line in (*call.rings, *call.lines, call.line)}
    call = legs.get(str(data.get("call_id", "")))
    if call is None:
        return Said({"result": 3320, "command_id": data.get("command_id", "")})
    desk.hang_up(call.id)
    return Said({"result": 1000, "command_id": data.get("command_id", "")})


def _recording(data: dict[str, Any], desk: Desk) -> Said:
    """A link that is good once."""
    link = f"https://app.mango-office.ru/records/{data.get('recording_id', '')}"
    return Said("", 302, {"Location": link}, "text/plain")


def _users(data: dict[str, Any], desk: Desk) -> Said:
    def user(line: str) -> dict[str, Any]:
        telephony = {
            "extension": line,
            "numbers": [{"number": f"sip:line{line}@pechera.mangosip.ru", "protocol": "sip"}],
        }
        return {"general": {"name": desk.people.get(line, ""), "email": ""}, "telephony": telephony}

    return Said({"users": [user(line) for line in desk.extensions]})


METHODS = {
    "commands/callback": _callback,
    "commands/call/hangup": _hang_up,
    "queries/recording/post": _recording,
    "config/users/request": _users,
}

COMPANY = Company(
    "mango",
    "Mango Office",
    sends=(APPEARED, CONNECTED, DISCONNECTED, "summary", "record/added"),
    ends=Ends(("no answer", "busy", "refused", "caller hung up"), ("answered",), "busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(Key("api_key", "mango-key-{account}"), Key("api_salt", "mango-salt-{account}")),
    sign=sign,
    signed_with="api_salt",
    hosts=("app.mango-office.ru",),
    admits=admits,
    refusal=Said({"code": 401, "message": "Wrong sign"}, 401),
    answer=rest,
)
