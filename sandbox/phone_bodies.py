"""What Binotel sends about a call, and the three ways in which it may be written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.forms import deflate

INCOMING, OUTGOING = 0, 1
FORM = "application/x-www-form-urlencoded"

ANSWERED = ("ANSWER", "TRANSFER", "ONLINE")
DISPOSITIONS = (
    "ANSWER",
    "BUSY",
    "NOANSWER",
    "CANCEL",
    "CONGESTION",
    "CHANUNAVAIL",
    "VM",
    "VM-SUCCESS",
    "TRANSFER",
    "ONLINE",
)


@dataclass
class PhoneCall:
    """`kind`: in, out or internal. For an internal call `external` is the other extension."""

    id: str
    kind: str
    external: str
    did: str
    started: float
    line: str = ""
    state: str = "ringing"
    name: str = ""
    """What our server answered to apiCallSettings: shown on the desk phone."""
    answered: float | None = None
    ended: float | None = None
    disposition: str | None = None
    lines: list[str] = field(default_factory=list)
    """Everyone who talked, in order."""

    @property
    def type(self) -> int:
        return INCOMING if self.kind == "in" else OUTGOING

    def seconds(self) -> int:
        return int(self.ended - self.answered) if self.answered and self.ended else 0


def settings_request(call: PhoneCall, company: int) -> dict[str, Any]:
    """Asked before the phones ring. It carries no call id."""
    own = {"pbxNumber": call.did} if call.kind == "in" else {"internalNumber": call.line}
    head = {"requestType": "apiCallSettings", "externalNumber": call.external}
    return head | own | {"companyID": company, "callType": call.type}


def received(call: PhoneCall, company: int) -> dict[str, Any]:
    """An incoming call names no extension here: nobody answered yet."""
    tail = {
        "generalCallID": call.id,
        "callType": call.type,
        "companyID": company,
        "requestType": "receivedTheCall",
        "method": "receivedTheCall",
    }
    if call.kind == "in":
        legacy = {"didNumber": call.did, "did": call.did, "srcNumber": call.external}
        return legacy | {"externalNumber": call.external, "pbxNumber": call.did} | tail
    out = {"externalNumber": call.external, "internalNumber": call.line}
    return out | tail | {"dstNumber": call.external, "extNumber": call.line}


def answered(call: PhoneCall, company: int) -> dict[str, Any]:
    return {
        "externalNumber": call.external,
        "internalNumber": call.line,
        "generalCallID": call.id,
        "callType": call.type,
        "companyID": company,
        "requestType": "answeredTheCall",
        "method": "answeredTheCall",
    }


def transferred(call: PhoneCall, company: int) -> dict[str, Any]:
    return {
        "internalNumber": call.line,
        "generalCallID": call.id,
        "companyID": company,
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


def completed(call: PhoneCall, company: int, names: dict[str, str], attempt: int) -> dict[str, Any]:
    waited = int((call.answered or call.ended or call.started) - call.started)
    details = {
        "companyID": company,
        "generalCallID": call.id,
        "callID": call.id,
        "startTime": int(call.started),
        "callType": call.type,
        "internalNumber": call.line,
        "internalAdditionalData": "",
        "externalNumber": call.external,
        "waitsec": waited,
        "billsec": call.seconds(),
        "disposition": call.disposition,
        "recordingStatus": "uploaded" if call.seconds() else "",
        "isNewCall": 0,
        "whoHungUp": "",
        "customerData": "",
        "employeeData": {"name": names.get(call.line, ""), "email": ""},
        "pbxNumberData": {"number": call.did, "name": ""},
        "historyData": _history(call, names, waited),
        "linkToCallRecordInMyBusiness": f"https://my.binotel.ua/?module=callDetails&id={call.id}",
    }
    return {
        "requestType": "apiCallCompleted",
        "attemptsCounter": attempt,
        "callDetails": details,
        "language": "uk",
    }


def _history(call: PhoneCall, names: dict[str, str], waited: int) -> list[dict[str, Any]]:
    talked = call.lines or [call.line]
    last = len(talked) - 1
    return [
        {
            "waitsec": waited,
            "billsec": call.seconds() if index == last else 0,
            "disposition": call.disposition if index == last else "TRANSFER",
            "internalNumber": line,
            "internalAdditionalData": "",
            "employeeData": {"name": names.get(line, ""), "email": ""},
        }
        for index, line in enumerate(talked)
    ]


def spelled(fields: dict[str, Any], encoding: str) -> tuple[str, str]:
    """(content type, text) in one of `form`, `json`, `field` (nested data as one JSON text inside a form)."""
    if encoding == "json":
        return "application/json", json.dumps(fields, ensure_ascii=False)
    if encoding == "field":
        nested = {
            key: json.dumps(value, ensure_ascii=False)
            for key, value in fields.items()
            if isinstance(value, dict)
        }
        return FORM, deflate(fields | nested)
    return FORM, deflate(fields)
