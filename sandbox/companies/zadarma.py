"""Zadarma and Novofon: signed forms about each extension, REST signed the same way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

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
from sandbox.companies.wire import e164, hexed, local, moment, plus, with_headers

EVENTS = {
    "NOTIFY_START": "notify_start",
    "NOTIFY_INTERNAL": "notify_internal",
    "NOTIFY_ANSWER": "notify_answer",
    "NOTIFY_END": "notify_end",
    "NOTIFY_OUT_START": "notify_out_start",
    "NOTIFY_OUT_END": "notify_out_end",
}
SIGNED = {
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": ("internal", "destination", "call_start"),
    "NOTIFY_OUT_END": ("internal", "destination", "call_start"),
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}
USUAL = ("caller_id", "called_did", "call_start")
STATUS = {"answered": 16, "busy": 17, "cancel": 16, "no answer": 19, "failed": 41}


def signature(text: str, secret: str) -> str:
    """base64 of the hex text, not of the digest."""
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    text = "".join(str(push.fields[name]) for name in SIGNED.get(push.kind, USUAL))
    return with_headers(wire, Signature=signature(text, str(keys["secret"])))


def pbx_id(call: PhoneCall) -> str:
    return f"{'in' if call.incoming else 'out'}_{hexed('zadarma', call.id)}"


def record_id(call: PhoneCall) -> str:
    return f"{int(call.started)}.{call.id[-7:]}"


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        fields = {"internal": call.line, "destination": e164(call.external)}
        return _wanted(scene, _told("NOTIFY_OUT_START", call, fields, "caller_id", e164(call.did)))
    start = replace(_told("NOTIFY_START", call, _parties(call)), heard=named("caller_name"))
    return _wanted(scene, start, *(_rung(call, line) for line in call.rings))


def _rung(call: PhoneCall, line: str) -> Push:
    return _told("NOTIFY_INTERNAL", call, _parties(call), "internal", line)


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    ends = (plus(call.external), call.line) if call.incoming else (e164(call.did), e164(call.external))
    fields = {"caller_id": ends[0], "destination": ends[1]}
    return _wanted(scene, _told("NOTIFY_ANSWER", call, fields, "internal", call.line))


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    """No word for it: another extension rings and answers in the same call."""
    return [*_wanted(scene, _rung(call, call.line)), *answered(call, scene)] if call.incoming else []


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    recorded = bool(call.answered)
    tail = {
        "duration": call.seconds(),
        "disposition": call.disposition,
        "status_code": STATUS.get(str(call.disposition), 16),
        "is_recorded": int(recorded),
        "call_id_with_rec": record_id(call) if recorded else "",
    }
    if call.incoming:
        own = {"internal": call.line} if call.line else {}
        end = _told("NOTIFY_END", call, _parties(call) | own | tail)
    else:
        out = {"internal": call.line, "destination": e164(call.external), "caller_id": e164(call.did)}
        end = _told("NOTIFY_OUT_END", call, out | tail)
    made = {"event": "NOTIFY_RECORD", "call_id_with_rec": record_id(call), "pbx_call_id": pbx_id(call)}
    record = [Push("NOTIFY_RECORD", made, after=1.0)] if recorded else []
    return [*_wanted(scene, end), *record]


def _parties(call: PhoneCall) -> dict[str, Any]:
    return {"caller_id": plus(call.external) or "Anonymous", "called_did": e164(call.did)}


def _told(event: str, call: PhoneCall, fields: dict[str, Any], name: str = "", value: str = "") -> Push:
    """`name` and `value`: one more field at the end."""
    head = {"event": event, "call_start": local(call.started), "pbx_call_id": pbx_id(call)}
    return Push(event, head | fields | ({name: value} if name else {}))


def _wanted(scene: Scene, *pushes: Push) -> list[Push]:
    """Only the events that are switched on."""
    off = str(scene.keys.get("off", "")).split(",")
    return [push for push in pushes if EVENTS.get(push.kind) not in off]


# REST


def authorization(path: str, words: dict[str, str], key: str, secret: str) -> str:
    query = urlencode(sorted(words.items()))
    return f"{key}:{signature(path + query + hashlib.md5(query.encode()).hexdigest(), secret)}"


def admits(asked: Asked, keys: Keys) -> bool:
    if asked.path.startswith("v1/pbx/record/download/"):
        return True
    right = authorization(f"/{asked.path}", asked.words, str(keys["key"]), str(keys["secret"]))
    return asked.headers.get("authorization", "") == right


def rest_of(host: str) -> Callable[[Asked, Desk], Said | None]:
    def rest(asked: Asked, desk: Desk) -> Said | None:
        path = asked.path.removeprefix("v1/").strip("/")
        if path.startswith("pbx/record/download/"):
            return sound(next((call for call in desk.calls if record_id(call) in path), None))
        run = METHODS.get((asked.method, path))
        return run(asked.words, desk, host) if run else None

    return rest


def _ok(**more: Any) -> Said:
    return Said({"status": "success"} | more)


def _error(message: str, status: int = 400) -> Said:
    return Said({"status": "error", "message": message}, status)


def _extensions(words: dict[str, str], desk: Desk, host: str) -> Said:
    return _ok(pbx_id=1234, numbers=[int(line) for line in desk.extensions])


def _settings(words: dict[str, str], desk: Desk, host: str) -> Said:
    off = str(desk.keys.get("off", "")).split(",")
    notifications = {name: str(name not in off).lower() for name in EVENTS.values()}
    return _ok(url=str(desk.keys["hook"]), notifications=notifications)


def _set_url(words: dict[str, str], desk: Desk, host: str) -> Said:
    """Believed only when the address answers with what it was asked."""
    url = words.get("url", "")
    if not desk.check(url):
        return _error("Incorrect answer to zd_echo")
    desk.keep({"hook": url})
    return _ok(url=url)


def _switch(words: dict[str, str], desk: Desk, host: str) -> Said:
    told = {name: words[name] == "true" for name in EVENTS.values() if name in words}
    off = {name for name in str(desk.keys.get("off", "")).split(",") if name} | {
        name for name, on in told.items() if not on
    }
    desk.keep({"off": ",".join(sorted(off - {name for name, on in told.items() if on}))})
    return _ok(notifications={name: str(on).lower() for name, on in told.items()})


def _callback(words: dict[str, str], desk: Desk, host: str) -> Said:
    if not words.get("from") or not words.get("to"):
        return _error("Wrong parameters: from, to")
    desk.dial(words["from"], words["to"])
    return _ok(**{"from": words["from"], "to": words["to"], "time": int(desk.now)})


def _record(words: dict[str, str], desk: Desk, host: str) -> Said:
    wanted = words.get("call_id") or words.get("pbx_call_id")
    found = [call for call in desk.over if call.answered and wanted in (record_id(call), pbx_id(call))]
    if not found:
        return _error("Record not found", 404)
    link = f"https://{host}/v1/pbx/record/download/demo/{record_id(found[0])}.mp3"
    till = local(desk.now + int(words.get("lifetime") or 1800))
    both = {"link": link} if words.get("call_id") else {"links": [link]}
    return _ok(lifetime_till=till, **both)


def _statistics(words: dict[str, str], desk: Desk, host: str) -> Said:
    calls = desk.since(moment(words.get("start", "")), moment(words.get("end", "")) or float("inf"))
    skip, limit = int(words.get("skip") or 0), int(words.get("limit") or 1000)
    rows = [_row(call) for call in reversed(calls)][skip : skip + limit]
    return _ok(start=words.get("start", ""), end=words.get("end", ""), version=2, stats=rows)


def _row(call: PhoneCall) -> dict[str, Any]:
    ends = (call.external, call.line or e164(call.did)) if call.incoming else (call.line, call.external)
    return {
        "call_id": record_id(call),
        "sip": ends[0] if not call.incoming else e164(call.did),
        "callstart": local(call.started),
        "clid": f"{call.said} <{e164(call.external)}>"
        if call.said
        else e164(ends[0])
        if call.incoming
        else call.line,
        "destination": ends[1] if call.incoming else e164(ends[1]),
        "disposition": call.disposition,
        "seconds": call.seconds(),
        "is_recorded": str(bool(call.answered)).lower(),
        "pbx_call_id": pbx_id(call),
    }


METHODS: dict[tuple[str, str], Callable[[dict[str, str], Desk, str], Said]] = {
    ("GET", "pbx/internal"): _extensions,
    ("GET", "pbx/callinfo"): _settings,
    ("POST", "pbx/callinfo/url"): _set_url,
    ("POST", "pbx/callinfo/notifications"): _switch,
    ("GET", "request/callback"): _callback,
    ("GET", "pbx/record/request"): _record,
    ("GET", "statistics/pbx"): _statistics,
    ("GET", "info/timezone"): lambda words, desk, host: _ok(
        unixtime=int(desk.now), datetime=local(desk.now), timezone="UTC+2"
    ),
    ("GET", "info/balance"): lambda words, desk, host: _ok(balance=100, currency="USD"),
}


def company(name: str, title: str, host: str) -> Company:
    return Company(
        name,
        title,
        sends=(*EVENTS, "NOTIFY_RECORD"),
        ends=Ends(("no answer", "busy", "cancel", "failed"), ("answered",), "busy"),
        began=began,
        answered=answered,
        moved=moved,
        ended=ended,
        keys=(Key("key", f"{name}-key-{{account}}"), Key("secret", f"{name}-secret-{{account}}")),
        sign=sign,
        signed_with="secret",
        hosts=(host,),
        admits=admits,
        refusal=_error("Not authorized", 401),
        answer=rest_of(host),
    )


ZADARMA = company("zadarma", "Zadarma", "api.zadarma.com")
NOVOFON = company("novofon", "Novofon", "api.novofon.com")
