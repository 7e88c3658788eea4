"""ITooLabs' PBX (Kcell, MegaFon, Gravitel): one form address, told by `cmd`; each user's phone by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
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
    Wire,
    named,
)
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import e164, hexed

TYPES = ("INCOMING", "ACCEPTED", "COMPLETED", "CANCELLED", "OUTGOING", "TRANSFERRED")
API = "sys/crm_api.wcgp"
RECORDS = "sys/records/"


def callid(call: PhoneCall) -> str:
    return str(int(hexed("itoolabs", call.id)[:9], 16))


def login(line: str) -> str:
    return f"kasa{line}"


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return [_event("OUTGOING", call, call.line)]
    fields = {
        "cmd": "contact",
        "phone": e164(call.external),
        "diversion": e164(call.did),
        "callid": callid(call),
    }
    asked = Push("contact", fields, heard=named("contact_name"))
    return [asked, *(_event("INCOMING", call, line) for line in call.rings)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    over = [_event("CANCELLED", call, line) for line in call.lost] if call.incoming else []
    return [_event("ACCEPTED", call, call.line), *over]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_event("TRANSFERRED", call, call.line), _event("ACCEPTED", call, call.line)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    rung = call.rings if call.incoming else (call.line,)
    last = (
        [_event("COMPLETED", call, call.line)]
        if call.answered
        else [_event("CANCELLED", call, line) for line in rung]
    )
    return [*last, replace(Push("history", {"cmd": "history"} | record(call, scene)), after=1.0)]


def _event(kind: str, call: PhoneCall, line: str) -> Push:
    fields = {
        "cmd": "event",
        "type": kind,
        "phone": e164(call.external),
        "diversion": e164(call.did),
        "user": login(line),
        **({"groupRealName": "Kasa"} if len(call.rings) > 1 else {}),
        "ext": line,
        "telnum": "",
        "direction": "in" if call.incoming else "out",
        "callid": callid(call),
    }
    return Push(kind, fields)


def record(call: PhoneCall, scene: Scene) -> dict[str, Any]:
    line = call.line or next(iter(call.rings), "")
    return {
        "type": "in" if call.incoming else "out",
        "user": login(line),
        "ext": line,
        "phone": e164(call.external),
        "diversion": e164(call.did),
        "start": _stamp(call.started),
        "duration": call.seconds(),
        "callid": callid(call),
        "link": _link(call, scene.keys),
        "status": call.disposition,
    }


def _link(call: PhoneCall, keys: Keys) -> str:
    return f"https://{keys['domain']}/{RECORDS}{callid(call)}.mp3" if call.answered else ""


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y%m%dT%H%M%SZ")


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    """Nothing is signed: a word that both sides know stands last in the form."""
    return replace(wire, body=f"{wire.body}&crm_token={keys['crm_token']}")


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.host != keys["domain"]:
        return False
    return asked.path.startswith(RECORDS) or asked.words.get("token") == keys["token"]


def rest(asked: Asked, desk: Desk) -> Said | None:
    words = asked.words
    if asked.path.startswith(RECORDS):
        return sound(desk.call(asked.path.removeprefix(RECORDS).removesuffix(".mp3"), callid))
    if asked.path != API:
        return None
    if words.get("cmd") == "makeCall":
        call = desk.dial(words.get("user", "").removeprefix("kasa"), words.get("phone", ""))
        return Said(callid(call), content_type="text/plain")
    if words.get("cmd") == "history":
        return Said("".join(_csv(call, desk) for call in desk.over), content_type="text/csv; charset=utf-8")
    if words.get("cmd") == "accounts":
        return Said([_account(line, desk) for line in desk.extensions])
    return Said({"error": "Invalid parameters"}, 400)


def _csv(call: PhoneCall, desk: Desk) -> str:
    """UID, type, client, account, via, start, wait, duration, record."""
    kind = "missed" if call.incoming and not call.answered else "in" if call.incoming else "out"
    line = call.line or next(iter(call.rings), "")
    cells = (
        *(callid(call), kind, e164(call.external), login(line), e164(call.did), _stamp(call.started)),
        *(str(call.waited()), str(call.seconds()), _link(call, desk.keys)),
    )
    return ",".join(cells) + "\r\n"


def _account(line: str, desk: Desk) -> dict[str, Any]:
    return {"name": login(line), "realName": desk.people.get(line, ""), "ext": line, "telnum": ""}


COMPANY = Company(
    "itoolabs",
    "ITooLabs (Kcell, MegaFon, Gravitel)",
    sends=("contact", *TYPES, "history"),
    ends=Ends(("missed", "Busy", "NotAvailable", "NotAllowed"), ("Success",), "Busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("domain", "{account}.megapbx.ru"),
        Key("token", "itoolabs-key-{account}"),
        Key("crm_token", "itoolabs-crm-{account}"),
    ),
    sign=sign,
    signed_with="crm_token",
    hosts=("*.megapbx.ru", "*.kcell.kz", "*.gravitel.ru"),
    admits=admits,
    refusal=Said({"error": "Invalid token"}, 401),
    answer=rest,
)
