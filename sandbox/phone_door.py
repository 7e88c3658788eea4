"""The panel "Phone"."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from sandbox.account import Account
from sandbox.companies import COMPANIES
from sandbox.companies.base import Company, PhoneCall
from sandbox.parts import account_of, body, sandbox
from sandbox.phone_company import PhoneCompany
from sandbox.phone_setup import PhoneError
from sandbox.phone_stories import STORIES

door = Blueprint("phone", __name__, url_prefix="/sandbox/api/phone")


@door.get("")
def panel() -> dict[str, Any]:
    return _panel(account_of(request.args))


def _panel(account: Account) -> dict[str, Any]:
    phone = sandbox().phones[account.name]
    setup, owners = phone.setup, phone.office.owners()
    return {
        "settings": setup.view(),
        "choices": setup.choices(),
        "company": _company(phone, setup.company),
        "companies": [{"name": one.name, "title": one.title} for one in COMPANIES.values()],
        "hooks": {one.name: setup.keys(one)["hook"] for one in COMPANIES.values()},
        "stories": list(STORIES),
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
            for line in phone.office.extensions()
        ],
        "group": phone.office.group(),
        "callers": account.callers,
        "calls": [_call(call) for call in phone.visible()],
        "log": phone.line.rows(),
    }


def _company(phone: PhoneCompany, company: Company) -> dict[str, Any]:
    keys = phone.setup.keys(company)
    secret = {"seed"}  # what a public key is made of
    typed = {key.name: keys[key.name] for key in company.keys if key.kind == "key" and key.name not in secret}
    return {
        "name": company.name,
        "title": company.title,
        "keys": typed,
        "shown": company.shown(keys),
        "fields": [{"name": key.name, "kind": key.kind} for key in company.keys if key.name not in secret],
        "signed": bool(company.signed_with),
        "rest": company.answer is not None,
        "sockets": sandbox().sockets.count(phone.setup.account, company.name) if company.socket else None,
    }


@door.post("/settings")
def settings() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    _phone(account).configure({key: value for key, value in asked.items() if key != "account"})
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
    lines = tuple(str(one)[:20] for one in asked.get("lines") or ())[:20]
    said = str(asked.get("name") or "")
    return {
        "call": _call(_phone(account).ring(external, did, kind, str(asked.get("line") or ""), lines, said))
    }


@door.post("/outgoing")
def outgoing() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    if not asked.get("to"):
        raise PhoneError("Say which number is called.")
    did = next(iter(account.spots.values())).did
    return {"call": _call(_phone(account).ring(str(asked["to"]), did, "out", str(asked.get("line") or "")))}


@door.post("/story")
def story() -> dict[str, Any]:
    asked = body()
    account = account_of(asked)
    did = str(asked.get("did") or next(iter(account.spots.values())).did)
    number = str(asked.get("from") or account.callers[0]["from"])
    played = _phone(account).play(str(asked.get("story") or ""), number, did, bool(asked.get("disturbed")))
    return {"call": _call(played)}


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
    return {"call": _call(_phone(account_of(asked)).miss(_id(asked)))}


@door.post("/busy")
def busy() -> dict[str, Any]:
    asked = body()
    return {"call": _call(_phone(account_of(asked)).busy(_id(asked)))}


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
    ends = COMPANIES[call.company].ends
    return {
        "id": call.id,
        "kind": call.kind,
        "company": COMPANIES[call.company].title,
        "from": call.external,
        "did": call.did,
        "state": call.state,
        "line": call.line or None,
        "rings": list(call.rings),
        "name": call.name,
        "started": call.started,
        "answered": call.answered,
        "ended": call.ended,
        "disposition": call.disposition,
        "ends": {
            "ringing": ends.ringing[1:],
            "answered": [*ends.answered, *filter(None, [ends.transferred])],
        },
    }
