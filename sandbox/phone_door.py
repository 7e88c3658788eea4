"""The panel "Phone"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox.account import Account
from sandbox.parts import account_of, body, sandbox
from sandbox.phone_bodies import PhoneCall
from sandbox.phone_company import CHOICES, PhoneCompany, PhoneError

door = Blueprint("phone", __name__, url_prefix="/sandbox/api/phone")


@door.get("")
def panel() -> dict[str, Any]:
    return _panel(account_of(request.args))


def _panel(account: Account) -> dict[str, Any]:
    phone = sandbox().phones[account.name]
    owners = {line: row for row in account.live_employees() for line in lines_of(account, row.id)}
    return {
        "settings": phone.settings,
        "choices": CHOICES,
        "dids": [
            {"number": spot.did, "spot": spot.id, "name": account.word(spot.name)}
            for spot in account.spots.values()
        ],
        "lines": [
            {
                "line": line,
                "name": owners[line].name if line in owners else "",
                "employee": owners[line].id if line in owners else None,
            }
            for line in extensions(account)
        ],
        "callers": account.callers,
        "calls": [_call(call) for call in phone.visible()],
        "log": phone.line.rows(),
    }


def lines_of(account: Account, employee: int) -> list[str]:
    """As the application wrote them into the employee's extras: `101,102`."""
    text = account.read_extras("staff", employee).get("line", "")
    return [part.strip() for part in text.split(",") if part.strip()]


def extensions(account: Account) -> list[str]:
    """The PBX's internal numbers: one for each employee, 101 and up, and a spare."""
    return [str(101 + index) for index in range(len(account.live_employees()) + 1)]


def names(account: Account) -> dict[str, str]:
    return {line: row.name for row in account.live_employees() for line in lines_of(account, row.id)}


@door.post("/settings")
def settings() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    sandbox().phones[account.name].configure({key: value for key, value in asked.items() if key != "account"})
    return _panel(account)


@door.post("/call")
def call() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    kind = str(asked.get("kind") or "in")
    did = str(asked.get("did") or next(iter(account.spots.values())).did)
    external = (
        str(asked.get("from") or "") if kind != "out" else str(asked.get("to") or asked.get("from") or "")
    )
    return {"call": _call(_phone(account).ring(external, did, kind, str(asked.get("line") or "")))}


@door.post("/outgoing")
def outgoing() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    if not asked.get("to"):
        raise PhoneError("Say which number is called.")
    did = next(iter(account.spots.values())).did
    return {"call": _call(_phone(account).ring(str(asked["to"]), did, "out", str(asked.get("line") or "")))}


@door.post("/answer")
def answer() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).answer(_id(asked), str(asked.get("line") or "")))}


@door.post("/transfer")
def transfer() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).transfer(_id(asked), str(asked.get("line") or "")))}


@door.post("/hangup")
def hang_up() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).hang_up(_id(asked), str(asked.get("disposition") or "")))}


@door.post("/miss")
def miss() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).hang_up(_id(asked), "NOANSWER"))}


@door.post("/busy")
def busy() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).hang_up(_id(asked), "BUSY"))}


@door.post("/clear")
def clear() -> dict[str, Any]:
    account = account_of(body())
    _phone(account).line.clear()
    return _panel(account)


def _phone(account: Account) -> PhoneCompany:
    return sandbox().phones[account.name]


def _id(asked: dict[str, Any]) -> str:
    return str(asked.get("call") or "")


def _call(call: PhoneCall) -> dict[str, Any]:
    return {
        "id": call.id,
        "kind": call.kind,
        "from": call.external,
        "did": call.did,
        "state": call.state,
        "line": call.line or None,
        "name": call.name,
        "started": call.started,
        "answered": call.answered,
        "ended": call.ended,
        "disposition": call.disposition,
    }
