"""What Binotel says of a call: webhooks, their full report, frames of its WebSocket."""

from __future__ import annotations

from typing import Any

from sandbox.companies.base import IN, Keys, PhoneCall, Scene

INCOMING, OUTGOING = 0, 1


def kind_of(call: PhoneCall) -> int:
    return INCOMING if call.kind == IN else OUTGOING


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
