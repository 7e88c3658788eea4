"""Binotel: webhooks in PHP's brackets, a WebSocket, REST 4.0."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sandbox.companies.base import (
    IN,
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
    named,
)
from sandbox.companies.sound import said as sound

INCOMING, OUTGOING = 0, 1
COMPLETED_AFTER = 1.0
"""Seconds between the hang-up and the full report."""

HELLO = "Connected to Binotel WebSocket. Please, authorise!"


def kind_of(call: PhoneCall) -> int:
    return INCOMING if call.kind == IN else OUTGOING


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    keys = scene.keys
    if keys["channel"] == "socket":
        return [_frame(call_start(call, keys))]
    asks = bool(keys["settings_first"]) and call.kind != "internal"
    asked = replace(_push(settings_request(call, keys), keys), heard=named("customerData", "name"))
    return [*([asked] if asks else []), _push(received(call, keys), keys)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    if scene.keys["channel"] == "socket":
        return [_frame(call_answer(call))]
    return [_push(answer(call, scene.keys), scene.keys)]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    """The WebSocket has no frame for it."""
    keys = scene.keys
    return [] if keys["channel"] == "socket" else [_push(transferred(call, keys), keys)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    keys = scene.keys
    if keys["channel"] == "socket":
        return [_frame(call_stop(call))]

    def report(attempt: int) -> Push:
        push = _push(completed(call, scene, attempt), keys)
        return replace(push, after=COMPLETED_AFTER, insist=report)

    return [_push(hangup(call), keys), report(1)]


def _push(fields: dict[str, Any], keys: Keys) -> Push:
    return Push(str(fields["requestType"]), fields, str(keys["encoding"]))


def _frame(fields: dict[str, Any]) -> Push:
    return Push(str(fields["eventName"]), fields, "json", frame=True)


# Webhooks


def settings_request(call: PhoneCall, keys: Keys) -> dict[str, Any]:
    """Asked before the phones ring. It carries no call id."""
    own = {"pbxNumber": call.did} if call.kind == "in" else {"internalNumber": call.line}
    head = {"requestType": "apiCallSettings", "externalNumber": call.external}
    return head | own | {"companyID": _id(keys), "callType": kind_of(call)}


def received(call: PhoneCall, keys: Keys) -> dict[str, Any]:
    """An incoming call names no extension here: nobody answered yet."""
    tail = {
        "generalCallID": call.id,
        "callType": kind_of(call),
        "companyID": _id(keys),
        "requestType": "receivedTheCall",
        "method": "receivedTheCall",
    }
    if call.incoming:
        legacy = {"didNumber": call.did, "did": call.did, "srcNumber": call.external}
        return legacy | {"externalNumber": call.external, "pbxNumber": call.did} | tail
    out = {"externalNumber": call.external, "internalNumber": call.line}
    return out | tail | {"dstNumber": call.external, "extNumber": call.line}


def answer(call: PhoneCall, keys: Keys) -> dict[str, Any]:
    return {
        "externalNumber": call.external,
        "internalNumber": call.line,
        "generalCallID": call.id,
        "callType": kind_of(call),
        "companyID": _id(keys),
        "requestType": "answeredTheCall",
        "method": "answeredTheCall",
    }


def transferred(call: PhoneCall, keys: Keys) -> dict[str, Any]:
    return {
        "internalNumber": call.line,
        "generalCallID": call.id,
        "companyID": _id(keys),
        "requestType": "transferredTheCall",
    }


def hangup(call: PhoneCall) -> dict[str, Any]:
    """No numbers, no company: only which call it was."""
    return {
        "generalCallID": call.id,
        "billsec": call.seconds(),
        "disposition": call.disposition,
        "requestType": "hangupTheCall",
        "method": "hangupTheCall",
    }


def completed(call: PhoneCall, scene: Scene, attempt: int) -> dict[str, Any]:
    return {
        "requestType": "apiCallCompleted",
        "attemptsCounter": attempt,
        "callDetails": details(call, scene),
        "language": "uk",
    }


def details(call: PhoneCall, scene: Scene) -> dict[str, Any]:
    line = call.line or next(iter(call.rings), "") if call.state == "ended" else call.line
    return {
        "companyID": _id(scene.keys),
        "generalCallID": call.id,
        "callID": call.id,
        "startTime": int(call.started),
        "callType": kind_of(call),
        "internalNumber": line,
        "internalAdditionalData": "",
        "externalNumber": call.external,
        "waitsec": call.waited(),
        "billsec": call.seconds(),
        "disposition": call.disposition or ("ONLINE" if call.answered else "CALLING"),
        "recordingStatus": "uploaded" if call.seconds() else "",
        "isNewCall": 0,
        "whoHungUp": "",
        "customerData": "",
        "employeeData": {"name": scene.people.get(line, ""), "email": ""},
        "pbxNumberData": {"number": call.did, "name": ""},
        "historyData": _history(call, scene, line),
        "linkToCallRecordInMyBusiness": f"https://my.binotel.ua/?module=callDetails&id={call.id}",
    }


def _history(call: PhoneCall, scene: Scene, line: str) -> list[dict[str, Any]]:
    talked = call.lines or [line]
    last = len(talked) - 1
    return [
        {
            "waitsec": call.waited(),
            "billsec": call.seconds() if index == last else 0,
            "disposition": call.disposition if index == last else "TRANSFER",
            "internalNumber": line,
            "internalAdditionalData": "",
            "employeeData": {"name": scene.people.get(line, ""), "email": ""},
        }
        for index, line in enumerate(talked)
    ]


def _id(keys: Keys) -> int:
    return int(keys["company_id"])


# WebSocket


def call_start(call: PhoneCall, keys: Keys) -> dict[str, Any]:
    return {
        "eventName": "callStart",
        "companyID": _id(keys),
        "generalCallID": call.id,
        "startTime": int(call.started),
        "externalNumber": call.external,
        "callType": kind_of(call),
        "pbxNumber": call.did,
        "pbxNumberName": "",
        "internalNumbers": [] if call.incoming else [call.line],
        "isNewCall": 1,
        "customerName": "",
        "customerDescription": "",
        "linkToCrmUrl": "",
        "linkToCrmTitle": "",
    }


def call_answer(call: PhoneCall) -> dict[str, Any]:
    return {
        "eventName": "callAnswer",
        "generalCallID": call.id,
        "answeredAt": int(call.answered or 0),
        "internalNumber": call.line,
        "externalNumber": call.external,
        "callType": kind_of(call),
    }


def call_stop(call: PhoneCall) -> dict[str, Any]:
    return {
        "eventName": "callStop",
        "generalCallID": call.id,
        "stopTime": int(call.ended or 0),
        "billsec": call.seconds(),
        "disposition": call.disposition,
    }


def hear(text: str, keys: Keys) -> Heard | None:
    try:
        said = json.loads(text)
    except ValueError:
        return Heard()
    if not isinstance(said, dict) or said.get("task") != "authLikeService":
        return Heard()
    if (said.get("key"), said.get("secret")) != (keys["ws_key"], keys["ws_secret"]):
        return None
    return Heard(("Authorisation is success", "Your session is ready"), login=True)


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    return (asked.data.get("key"), asked.data.get("secret")) == (keys["api_key"], keys["api_secret"])


def rest(asked: Asked, desk: Desk) -> Said | None:
    """`/api/4.0/<area>/<method>.json`."""
    if asked.path.startswith("records/"):
        return sound(desk.call(asked.path.removeprefix("records/").partition(".")[0]))
    method = asked.path.removeprefix("api/4.0/").removesuffix(".json")
    run = METHODS.get(method)
    return _ok(**run(asked.data, desk)) if run else _error(103, f"There is no method {method[:40]}")


def _ok(**more: Any) -> Said:
    return Said({"status": "success"} | more)


def _error(code: int, message: str) -> Said:
    return Said({"status": "error", "code": code, "message": message})


def _rows(desk: Desk, calls: list[PhoneCall]) -> dict[str, Any]:
    return {"callDetails": {call.id: details(call, desk) for call in calls}}


def _dial(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    call = desk.dial(str(data.get("internalNumber", "")), str(data.get("externalNumber", "")))
    return {"generalCallID": call.id}


def _hang_up(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    desk.hang_up(str(data.get("generalCallID", "")))
    return {}


def _record(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return {"url": f"https://api.binotel.com/records/{data.get('generalCallID', '')}.wav"}


def _calls(incoming: bool) -> Any:
    def since(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
        start = float(data.get("timestamp") or data.get("startTime") or 0)
        stop = float(data.get("stopTime") or "inf")
        return _rows(desk, [call for call in desk.since(start, stop) if call.incoming == incoming])

    return since


def _named(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    wanted = data.get("generalCallID") or []
    named = {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
    return _rows(desk, [call for call in desk.calls if call.id in named])


def _of_numbers(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    numbers = {str(one) for one in data.get("externalNumbers") or []}
    return _rows(desk, [call for call in desk.over if call.external in numbers])


def _lost(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    return _rows(desk, [call for call in desk.over if call.incoming and not call.answered])


def _employees(data: dict[str, Any], desk: Desk) -> dict[str, Any]:
    def row(place: int, line: str) -> dict[str, Any]:
        endpoint = {
            "id": str(place),
            "internalNumber": line,
            "login": f"sip{line}",
            "status": {"status": "online"},
        }
        return {
            "employeeID": str(place),
            "email": f"line{line}@example.com",
            "name": desk.people.get(line, ""),
            "mobileNumber": "",
            "presenceState": "active",
            "role": "employee",
            "department": "",
            "endpointData": endpoint | {"password": "a-sip-password"},
        }

    rows = [row(place, line) for place, line in enumerate(desk.extensions, 1)]
    return {"listOfEmployees": {one["employeeID"]: one for one in rows}}


METHODS: dict[str, Any] = {
    "calls/internal-number-to-external-number": _dial,
    "calls/hangup-call": _hang_up,
    "stats/call-record": _record,
    "stats/all-incoming-calls-since": _calls(True),
    "stats/all-outgoing-calls-since": _calls(False),
    "stats/incoming-calls-for-period": _calls(True),
    "stats/outgoing-calls-for-period": _calls(False),
    "stats/online-calls": lambda data, desk: _rows(desk, desk.live),
    "stats/call-details": _named,
    "stats/history-by-external-number": _of_numbers,
    "stats/list-of-lost-calls-for-today": _lost,
    "settings/list-of-employees": _employees,
}

COMPANY = Company(
    "binotel",
    "Binotel",
    sends=(
        *("receivedTheCall", "answeredTheCall", "transferredTheCall", "hangupTheCall", "apiCallCompleted"),
        *("callStart", "callAnswer", "callStop"),
    ),
    ends=Ends(
        ("NOANSWER", "BUSY", "CANCEL", "CONGESTION", "CHANUNAVAIL", "VM", "VM-SUCCESS"),
        ("ANSWER", "TRANSFER", "ONLINE"),
        "BUSY",
        "TRANSFER",
    ),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("channel", "webhook", ("webhook", "socket")),
        Key("company_id", "12345", digits=True),
        Key("encoding", "form", ("form", "json", "field")),
        Key("settings_first", True),
        Key("api_key", "binotel-key-{account}"),
        Key("api_secret", "binotel-secret-{account}"),
        Key("ws_key", "binotel-ws-key-{account}"),
        Key("ws_secret", "binotel-ws-secret-{account}"),
    ),
    hosts=("api.binotel.com",),
    admits=lambda asked, keys: asked.path.startswith("records/") or admits(asked, keys),
    refusal=_error(101, "Wrong key or secret"),
    answer=rest,
    socket=Socket(("ws.binotel.com:9002",), (HELLO,), hear, Heard(("Authorisation failed",), close=True)),
)
