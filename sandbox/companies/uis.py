"""UIS, CoMagic, CallGear: the owner's templates, one address for each event; JSON-RPC for who calls now."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import (
    Asked,
    Company,
    Desk,
    Ends,
    Key,
    Keys,
    PhoneCall,
    Push,
    Said,
    Scene,
    e164,
    hexed,
    local,
    moment,
)
from sandbox.companies.sound import said as sound

MEDIA = "app.uiscom.ru"
IN, OUT = "in", "out"


def session(call: PhoneCall) -> int:
    return int(hexed("uis", call.id)[:7], 16)


def employee(line: str) -> int:
    return 1000 + int("".join(char for char in line if char.isdigit()) or 0)


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return [_told("outbound", call, scene, _who(call.line, scene) | {"direction": OUT})]
    return [_told("inbound", call, scene), *(_rings(call, line, scene) for line in call.rings)]


def _rings(call: PhoneCall, line: str, scene: Scene) -> Push:
    return _told("waiting", call, scene, _who(line, scene) | {"direction": IN, "leg_id": leg(call, line)})


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_told("talk", call, scene, _who(call.line, scene) | {"direction": _way(call)})]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_rings(call, call.line, scene), *answered(call, scene)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    if call.answered:
        spans = {
            "talk_time_duration": call.seconds(),
            "total_time_duration": call.waited() + call.seconds(),
            "wait_time_duration": call.waited(),
        }
        over = [_told("finished", call, scene, _who(call.line, scene) | {"direction": _way(call)} | spans)]
        record = {"file_link": _link(call), "file_duration": call.seconds()}
        return [*over, _told("recorded", call, scene, record)]
    lost = {"wait_time_duration": call.waited(), "employee_ids": [employee(line) for line in call.rings]}
    if call.incoming:
        return [_told("lost", call, scene, lost)]
    return [
        _told(
            "finished",
            call,
            scene,
            {"direction": OUT, "talk_time_duration": 0, "total_time_duration": call.waited()},
        )
    ]


def _way(call: PhoneCall) -> str:
    return IN if call.incoming else OUT


def leg(call: PhoneCall, line: str) -> int:
    return session(call) % 100000 * 10 + (call.rings.index(line) if line in call.rings else 9)


def _who(line: str, scene: Scene) -> dict[str, Any]:
    return {
        "employee_id": employee(line),
        "employee_full_name": scene.person(line),
        "employee_phone_number": line,
    }


def _link(call: PhoneCall) -> str:
    return f"https://{MEDIA}/system/media/talk/{session(call)}/record/" if call.answered else ""


def _told(what: str, call: PhoneCall, scene: Scene, more: dict[str, Any] | None = None) -> Push:
    head = {
        "virtual_phone_number": e164(call.did),
        "notification_time": local(scene.now),
        "contact_phone_number": e164(call.external),
        "contact_full_name": call.said,
        "call_session_id": session(call),
    }
    return Push(what, head | (more or {}), "json", path=what)


# JSON-RPC


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.host == MEDIA:
        return True
    params = _params(asked)
    if asked.data.get("method") == "login.user":
        return (params.get("login"), params.get("password")) == (keys["login"], keys["password"])
    return bool(params.get("access_token") == keys["access_token"])


def _params(asked: Asked) -> dict[str, Any]:
    params = asked.data.get("params")
    return params if isinstance(params, dict) else {}


def rest(asked: Asked, desk: Desk) -> Said | None:
    if asked.host == MEDIA:
        key = asked.path.removeprefix("system/media/talk/").partition("/")[0]
        return sound(desk.call(key, lambda call: str(session(call))))
    run = METHODS.get(str(asked.data.get("method", "")))
    if run is None:
        error = {"code": -32601, "message": "Method not found"}
        return Said({"jsonrpc": "2.0", "id": asked.data.get("id"), "error": error})
    result = {"data": run(_params(asked), desk), "metadata": {"limits": {"day_remaining": 4000}}}
    return Said({"jsonrpc": "2.0", "id": asked.data.get("id"), "result": result})


def _active(call: PhoneCall, desk: Desk) -> dict[str, Any]:
    lines = (call.line,) if call.line else call.rings
    return {
        "call_session_id": session(call),
        "direction": _way(call),
        "start_time": local(call.started),
        "virtual_phone_number": e164(call.did),
        "contact_phone_number": e164(call.external),
        "contact_full_name": call.said or None,
        "legs": [
            {
                "leg_id": leg(call, line),
                "is_operator": True,
                "state": "Connected" if call.answered else "Ringing",
            }
            | _who(line, desk)
            for line in lines
        ],
    }


def _start(params: dict[str, Any], desk: Desk) -> dict[str, Any]:
    who = params.get("employee")
    wanted = who if isinstance(who, dict) else {}
    lines = {str(employee(line)): line for line in desk.extensions}
    line = lines.get(
        str(wanted.get("id")), str(wanted.get("phone_number") or next(iter(desk.extensions), ""))
    )
    return {"call_session_id": session(desk.dial(line, str(params.get("contact", ""))))}


def _release(params: dict[str, Any], desk: Desk) -> dict[str, Any]:
    call = desk.call(str(params.get("call_session_id", "")), lambda call: str(session(call)))
    if call:
        desk.hang_up(call.id)
    return {"success": call is not None}


def _report(params: dict[str, Any], desk: Desk) -> list[dict[str, Any]]:
    start, end = (moment(str(params.get(name) or "")) for name in ("date_from", "date_till"))
    return [
        {
            "id": session(call),
            "call_session_id": session(call),
            "direction": _way(call),
            "start_time": local(call.started),
            "finish_time": local(call.ended or 0),
            "virtual_phone_number": e164(call.did),
            "contact_phone_number": e164(call.external),
            "is_lost": not call.answered,
            "talk_duration": call.seconds(),
            "wait_duration": call.waited(),
            "total_duration": call.waited() + call.seconds(),
            "employees": [_who(line, desk) for line in call.lines],
            "call_records": [hexed("record", call.id)[:32]] if call.answered else [],
        }
        for call in desk.since(start, end or float("inf"))
    ]


METHODS: dict[str, Any] = {
    "login.user": lambda params, desk: {"access_token": desk.keys["access_token"], "app_id": 1},
    "list.calls": lambda params, desk: [_active(call, desk) for call in desk.live],
    "start.employee_call": _start,
    "release.call": _release,
    "get.calls_report": _report,
    "get.employees": lambda params, desk: [
        {
            "id": employee(line),
            "full_name": desk.people.get(line, ""),
            "extension": {"extension_phone_number": line},
        }
        for line in desk.extensions
    ],
}

COMPANY = Company(
    "uis",
    "UIS / CoMagic",
    sends=("inbound", "waiting", "talk", "finished", "lost", "outbound", "recorded"),
    ends=Ends(("lost", "busy"), ("talked",), "busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("access_token", "uis-token-{account}"),
        Key("login", "{account}"),
        Key("password", "uis-password-{account}"),
    ),
    hosts=("callapi.uiscom.ru", "callapi.comagic.ru", "dataapi.uiscom.ru", "dataapi.comagic.ru", MEDIA),
    admits=admits,
    refusal=Said(
        {"jsonrpc": "2.0", "id": None, "error": {"code": -32001, "message": "Access token is wrong"}}
    ),
    answer=rest,
)
