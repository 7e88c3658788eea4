"""Ringostat: our own template, the moment in the address; nothing is signed and nothing is sent again."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import e164, local, moment

MEDIA = "app.ringostat.com"


def uniqueid(call: PhoneCall) -> str:
    return f"{int(call.started)}.{call.id[-7:]}"


def caller(call: PhoneCall) -> str:
    number = e164(call.external)
    return f'"{call.said}" <{number}>' if call.said else number


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return [_told("out", call, _outgoing(call) | {"employee_number": call.line})]
    first = _told("ring", call, _incoming(call) | {"date": local(call.started)})
    return [
        first,
        *(_told("forward", call, _incoming(call) | {"employee_number": one}) for one in call.rings),
    ]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    """Of an outgoing call they tell only the beginning and the end."""
    if not call.incoming:
        return []
    return [_told("answer", call, _incoming(call) | {"employee_number": call.line})]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return []
    return [_told("forward", call, _incoming(call) | {"employee_number": call.line}), *answered(call, scene)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    parties = _incoming(call) if call.incoming else _outgoing(call)
    own = {"employee_number": call.line, "employee_fio": scene.person(call.line)} if call.line else {}
    return [_told("end" if call.incoming else "out-end", call, parties | own | _result(call))]


def _incoming(call: PhoneCall) -> dict[str, Any]:
    return {"caller": caller(call), "callee": e164(call.did), "type": "in"}


def _outgoing(call: PhoneCall) -> dict[str, Any]:
    return {
        "caller": call.line,
        "callee": e164(call.external),
        "outbound_number": e164(call.did),
        "type": "out",
    }


def _result(call: PhoneCall) -> dict[str, Any]:
    return {
        "status": call.disposition,
        "call_duration": call.waited() + call.seconds(),
        "waiting": call.waited(),
        "dialog": call.seconds(),
        "has_recording": str(int(bool(call.answered))),
        "recording_wav": _link(call),
    }


def _link(call: PhoneCall) -> str:
    return f"https://{MEDIA}/recordings/{uniqueid(call)}.wav?token=demo" if call.answered else ""


def _told(what: str, call: PhoneCall, fields: dict[str, Any]) -> Push:
    return Push(what, {"event": what, "call_id": uniqueid(call)} | fields, "json", path=what)


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    return asked.host == MEDIA or asked.headers.get("auth-key") == keys["auth_key"]


def rest(asked: Asked, desk: Desk) -> Said | None:
    words, path = asked.words, asked.path.strip("/")
    if asked.host == MEDIA:
        key = path.removeprefix("recordings/").removesuffix(".wav")
        return sound(desk.call(key, uniqueid))
    if path == "calls/list":
        return _list(words, desk)
    if (asked.method, path) == ("POST", "callback/outward_call"):
        desk.dial(words.get("extension", ""), words.get("destination", ""))
        return Said({"status": "success"})
    if path in ("sipstatus/online", "sipstatus/speaking"):
        busy = {call.line for call in desk.live}
        lines = (
            desk.extensions if path.endswith("online") else [one for one in desk.extensions if one in busy]
        )
        return Said([{"login": f"{desk.account}_{line}"} for line in lines])
    return None


def _list(words: dict[str, str], desk: Desk) -> Said:
    """The fields that were asked for, with the names of the list."""
    calls = desk.since(moment(words.get("from", "")), moment(words.get("to", "")) or float("inf"))
    wanted = [name for name in words.get("fields", "").split(",") if name]
    rows = [_row(call, desk) for call in calls]
    return Said([{name: row.get(name, "") for name in wanted or row} for row in rows])


def _row(call: PhoneCall, desk: Desk) -> dict[str, Any]:
    ends = (caller(call), e164(call.did)) if call.incoming else (call.line, e164(call.external))
    return {
        "uniqueid": uniqueid(call),
        "calldate": local(call.started),
        "caller": ends[0],
        "caller_number": e164(call.external) if call.incoming else call.line,
        "dst": ends[1],
        "disposition": call.disposition,
        "duration": call.waited() + call.seconds(),
        "billsec": call.seconds(),
        "call_type": call.kind,
        "recording": _link(call),
        "recording_wav": _link(call),
        "employee_number": call.line,
        "employee_fio": desk.people.get(call.line, ""),
    }


COMPANY = Company(
    "ringostat",
    "Ringostat",
    sends=("ring", "forward", "answer", "end", "out", "out-end"),
    ends=Ends(("NO ANSWER", "BUSY", "VOICEMAIL", "FAILED"), ("ANSWERED", "PROPER"), "BUSY"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(Key("auth_key", "ringostat-key-{account}"), Key("project_id", "12345", digits=True)),
    hosts=("api.ringostat.net", MEDIA),
    admits=admits,
    refusal=Said({"status": "error", "message": "Wrong Auth-key"}, 401),
    answer=rest,
)
