"""Binotel: webhooks in PHP's brackets, a WebSocket, REST 4.0."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sandbox.companies import binotel_bodies as bodies
from sandbox.companies import binotel_rest as api
from sandbox.companies.base import (
    Company,
    Ends,
    Heard,
    Key,
    Keys,
    PhoneCall,
    Push,
    Scene,
    Socket,
    named,
)

COMPLETED_AFTER = 1.0
"""Seconds between the hang-up and the full report."""

HELLO = "Connected to Binotel WebSocket. Please, authorise!"


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    keys = scene.keys
    if keys["channel"] == "socket":
        return [_frame(bodies.call_start(call, keys))]
    asks = bool(keys["settings_first"]) and call.kind != "internal"
    asked = replace(_push(bodies.settings_request(call, keys), keys), heard=named("customerData", "name"))
    return [*([asked] if asks else []), _push(bodies.received(call, keys), keys)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    if scene.keys["channel"] == "socket":
        return [_frame(bodies.call_answer(call))]
    return [_push(bodies.answer(call, scene.keys), scene.keys)]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    """The WebSocket has no frame for it."""
    keys = scene.keys
    return [] if keys["channel"] == "socket" else [_push(bodies.transferred(call, keys), keys)]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    keys = scene.keys
    if keys["channel"] == "socket":
        return [_frame(bodies.call_stop(call))]

    def report(attempt: int) -> Push:
        push = _push(bodies.completed(call, scene, attempt), keys)
        return replace(push, after=COMPLETED_AFTER, insist=report)

    return [_push(bodies.hangup(call), keys), report(1)]


def _push(fields: dict[str, Any], keys: Keys) -> Push:
    return Push(str(fields["requestType"]), fields, str(keys["encoding"]))


def _frame(fields: dict[str, Any]) -> Push:
    return Push(str(fields["eventName"]), fields, "json", frame=True)


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
    admits=lambda asked, keys: asked.path.startswith("records/") or api.admits(asked, keys),
    refusal=api.error(101, "Wrong key or secret"),
    answer=api.rest,
    socket=Socket(("ws.binotel.com:9002",), (HELLO,), hear, Heard(("Authorisation failed",), close=True)),
)
