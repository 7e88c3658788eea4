"""UIS, CoMagic, CallGear: the owner's templates, one address for each event; JSON-RPC for who calls now."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import e164, hexed, local, moment

MEDIA = "app.uiscom.ru"
IN, OUT = "in", "out"


def session(call: PhoneCall) -> int:
    return int(hexed("uis", call.id)[:7], 16)


def employee(line: str) -> int:
    return 1000 + int("".join(char for char in line if char.isdigit()) or 0)


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return [_told("outgoing", call, scene, _who(call.line, scene) | {"direction": OUT})]
    return [_told("incoming", call, scene), *(_rings(call, line, scene) for line in call.rings)]


def _rings(call: PhoneCall, line: str, scene: Scene) -> Push:
    return _told("waiting", call, scene, _who(line, scene) | {"direction": IN, "leg_id": leg(call, line)})


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_told("talk", call, scene, _who(call.line, scene) | {"direction": _way(call)})]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_rings(call, call.line, scene), *answered(call, scene)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    spans = {
        "talk_time_duration": call.seconds(),
        "total_time_duration": call.waited() + call.seconds(),
        "wait_time_duration": call.waited(),
    }
    who = _who(call.line, scene) if call.line else {}
    over = _told("call_finished", call, scene, who | {"direction": _way(call)} | spans)
    if not call.answered:
        staff = {"wait_time_duration": call.waited(), "employee_ids": [employee(line) for line in call.rings]}
        return [_told("lost", call, scene, staff), over] if call.incoming else [over]
    talk = _told(
        "finished", call, scene, who | {"direction": _way(call), "talk_time_duration": call.seconds()}
    )
    record = {"file_link": _link(call), "file_duration": call.seconds()}
    return [talk, over, _told("recording", call, scene, record)]


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


def _mark(call: PhoneCall) -> dict[str, str]:
    """What whoever placed the call by our API wants to see again."""
    return {"external_id": call.notes["external_id"]} if "external_id" in call.notes else {}


def _link(call: PhoneCall) -> str:
    return f"https://{MEDIA}/system/media/talk/{session(call)}/record/" if call.answered else ""


def _told(what: str, call: PhoneCall, scene: Scene, more: dict[str, Any] | None = None) -> Push:
    head = {
        "virtual_phone_number": e164(call.did),
        "notification_time": local(scene.now),
        "contact_phone_number": e164(call.external),
        "contact_full_name": call.said,
        "call_session_id": session(call),
        **_mark(call),
    }
    return Push(what, head | (more or {}), "json", path=what)


# JSON-RPC


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.host == MEDIA:
        return True
    params = _params(asked)
    return bool(params.get("access_token") == keys["token"])


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
    staff = [_who(line, desk) | _leg_now(call, leg(call, line), not call.incoming) for line in lines]
    guest = {"phone_number": e164(call.external)} | _leg_now(call, leg(call, ""), call.incoming)
    return {
        "call_session_id": session(call),
        "direction": _way(call),
        "start_time": local(call.started),
        "virtual_phone_number": e164(call.did),
        "contact_phone_number": e164(call.external),
        "contact_full_name": call.said or None,
        "legs": [guest, *staff],
        **_mark(call),
    }


def _leg_now(call: PhoneCall, number: int, there: bool) -> dict[str, Any]:
    """Whoever began the call talks while the other side still rings."""
    return {"leg_id": number, "state": "Разговор" if call.answered or there else "Дозвон"}


def _start(params: dict[str, Any], desk: Desk) -> dict[str, Any]:
    who = params.get("employee")
    wanted = who if isinstance(who, dict) else {}
    lines = {str(employee(line)): line for line in desk.extensions}
    line = lines.get(
        str(wanted.get("id")), str(wanted.get("phone_number") or next(iter(desk.extensions), ""))
    )
    mark = {"external_id": str(params["external_id"])} if params.get("external_id") else {}
    return {"call_session_id": session(desk.dial(line, str(params.get("contact", "")), **mark))}


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

WRONG = {"code": -32001, "message": "Access token is invalid", "data": {"mnemonic": "access_token_invalid"}}

COMPANY = Company(
    "uis",
    "UIS / CoMagic",
    sends=("incoming", "waiting", "talk", "finished", "call_finished", "lost", "outgoing", "recording"),
    ends=Ends(("lost", "busy"), ("talked",), "busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("token", "uis-token-{account}"),
        Key("employees", ", ".join(f"{employee(str(line))}={line}" for line in range(101, 105))),
        Key("number", "{did}"),
    ),
    hosts=("callapi.uiscom.ru", "callapi.comagic.ru", "dataapi.uiscom.ru", "dataapi.comagic.ru", MEDIA),
    admits=admits,
    refusal=Said({"jsonrpc": "2.0", "id": None, "error": WRONG}),
    answer=rest,
)
