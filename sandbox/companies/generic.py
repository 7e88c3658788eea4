"""The generic webhook: four words, by GET, as a form or as JSON; signed when there is a secret."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from sandbox.companies.base import OUT, Company, Ends, Key, Keys, PhoneCall, Push, Scene, Wire
from sandbox.companies.wire import with_headers

OUTCOMES = ("missed", "busy", "declined", "failed", "voicemail")


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    lines = call.rings if call.incoming else (call.line,)
    return [_told("ring", call, scene, line=line) for line in lines or ("",)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    return [_told("answer", call, scene, line=call.line)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    if call.answered:
        return [_told("end", call, scene, outcome="answered")]
    return [_told("missed", call, scene, outcome=str(call.disposition))]


def _told(event: str, call: PhoneCall, scene: Scene, **more: str) -> Push:
    ends = (call.external, call.did) if call.kind != OUT else (call.did, call.external)
    fields: dict[str, Any] = {
        "event": event,
        "call": call.id,
        "from": ends[0],
        "to": ends[1],
        "direction": call.kind,
        **({"name": call.said} if call.said else {}),
        **{name: value for name, value in more.items() if value},
    }
    method = str(scene.keys["method"])
    shape = {"GET": "query", "form": "form", "json": "json"}[method]
    return Push(event, fields, shape, method="GET" if method == "GET" else "POST")


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    if not keys["secret"]:
        return wire
    payload = wire.body if wire.method != "GET" else urlsplit(wire.url).query
    stamp = str(int(now))
    ours = hmac.new(str(keys["secret"]).encode(), f"{stamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return with_headers(wire, X_Dzvinok_Time=stamp, X_Dzvinok_Signature=ours)


COMPANY = Company(
    "generic",
    "Generic webhook",
    sends=("ring", "answer", "missed", "end"),
    ends=Ends(OUTCOMES, ("answered",), "busy"),
    began=began,
    answered=answered,
    moved=answered,
    ended=ended,
    keys=(Key("method", "GET", ("GET", "form", "json")), Key("secret", "generic-secret-{account}")),
    sign=sign,
    signed_with="secret",
)
