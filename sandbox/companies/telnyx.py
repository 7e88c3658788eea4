"""Telnyx: JSON signed with Ed25519; every leg has ids of its own under one call_session_id."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene, Wire
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import hexed, iso, plus, with_headers

INITIATED, ANSWERED, BRIDGED, HANGUP = "call.initiated", "call.answered", "call.bridged", "call.hangup"
SAVED = "call.recording.saved"
GUEST = "guest"
"""The leg to the guest, of a call that goes out."""

MEDIA = "api.telnyx.com"


def private_key(keys: Keys) -> Ed25519PrivateKey:
    """Made of a seed, so that it is the same after a restart."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(str(keys["seed"]).encode()).digest())


def public_key(keys: Keys) -> str:
    raw = private_key(keys).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b64encode(raw).decode()


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    stamp = str(int(now))
    mark = b64encode(private_key(keys).sign(f"{stamp}|{wire.body}".encode())).decode()
    return with_headers(wire, telnyx_signature_ed25519=mark, telnyx_timestamp=stamp)


def _uuid(*parts: str) -> str:
    return str(UUID(hexed("telnyx", *parts)[:32]))


def session(call: PhoneCall) -> str:
    return _uuid(call.id)


def control(call: PhoneCall, line: str = "") -> str:
    return f"v3:{hexed('control', call.id, line)}"


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    """The call comes in, from a guest or from a phone of ours; then the application's own legs."""
    legs = call.rings if call.incoming else (GUEST,)
    first = _told(INITIATED, call, "", scene, state="parked")
    return [first, *(_told(INITIATED, call, line, scene, state="bridging") for line in legs)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    leg = call.line if call.incoming else GUEST
    over = [_hangup(call, line, scene, "originator_cancel", "caller") for line in call.lost]
    talk = [_told(event, call, one, scene) for event in (ANSWERED, BRIDGED) for one in (leg, "")]
    return [*talk, *(over if call.incoming else [])]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [
        _told(INITIATED, call, call.line, scene, state="bridging"),
        _told(ANSWERED, call, call.line, scene),
        _told(BRIDGED, call, call.line, scene),
        _hangup(call, call.before, scene, "normal_clearing", "callee"),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    legs = ([call.line] if call.answered else list(call.rings)) if call.incoming else [GUEST]
    over = [_hangup(call, line, scene, str(call.disposition), "caller") for line in [*legs, ""]]
    if not call.answered:
        return over
    saved = _told(SAVED, call, "", scene, recording_urls={"wav": _link(call)}, channels="single")
    return [*over, saved]


def _link(call: PhoneCall) -> str:
    return f"https://{MEDIA}/v2/recordings/{session(call)}.wav"


def _hangup(call: PhoneCall, line: str, scene: Scene, cause: str, source: str) -> Push:
    times = {"start_time": iso(call.started), "end_time": iso(scene.now)}
    return _told(
        HANGUP, call, line, scene, hangup_cause=cause, hangup_source=source, sip_hangup_cause="200", **times
    )


def _told(event: str, call: PhoneCall, line: str, scene: Scene, **more: Any) -> Push:
    payload = {
        "call_control_id": control(call, line),
        "call_leg_id": _uuid(call.id, line or "outside"),
        "call_session_id": session(call),
        "connection_id": str(scene.keys["connection_id"]),
        "client_state": None,
        "from": _ends(call, line, scene)[0],
        "to": _ends(call, line, scene)[1],
        "direction": "outgoing" if line else "incoming",
        **({"caller_id_name": call.said} if call.said else {}),
        **more,
    }
    data = {
        "record_type": "event",
        "event_type": event,
        "id": _uuid(call.id, line, event, str(scene.now)),
        "occurred_at": iso(scene.now),
        "payload": payload,
    }
    meta = {"attempt": 1, "delivered_to": str(scene.keys["hook"])}
    return Push(event, {"data": data, "meta": meta}, "json")


def _ends(call: PhoneCall, line: str, scene: Scene) -> tuple[str, str]:
    guest, own = plus(call.external) or "anonymous", plus(call.did)
    if not call.incoming:
        return (own if line else call.line), guest
    return guest, f"sip:{line}@{scene.account}.sip.telnyx.com" if line else own


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    return (
        asked.path.startswith("v2/recordings/")
        or asked.headers.get("authorization") == f"Bearer {keys['api_key']}"
    )


def rest(asked: Asked, desk: Desk) -> Said | None:
    parts = asked.path.removeprefix("v2/").split("/")
    if parts[0] == "recordings" and len(parts) > 1:
        return sound(desk.call(parts[1].removesuffix(".wav"), session))
    if parts == ["public_key"]:
        return Said({"data": {"record_type": "public_key", "public": public_key(desk.keys)}})
    if parts == ["calls"] and asked.method == "POST":
        return _dial(asked, desk)
    if parts[0] == "calls" and parts[-1] == "hangup":
        return _hang_up(parts[1], desk)
    if parts[0] == "connections" or parts == ["phone_numbers"]:
        return Said({"data": []})
    return None


def _dial(asked: Asked, desk: Desk) -> Said:
    line = str(asked.data.get("line") or next(iter(desk.extensions), ""))
    call = desk.dial(line, str(asked.data.get("to", "")))
    ids = {"call_control_id": control(call), "call_session_id": session(call)}
    return Said(
        {"data": ids | {"record_type": "call", "call_leg_id": _uuid(call.id, "outside"), "is_alive": True}}
    )


def _hang_up(key: str, desk: Desk) -> Said:
    call = desk.call(key, control) or desk.call(key, session)
    if call is None:
        return Said({"errors": [{"code": "90018", "title": "Call has already ended"}]}, 422)
    desk.hang_up(call.id)
    return Said({"data": {"result": "ok"}})


COMPANY = Company(
    "telnyx",
    "Telnyx",
    sends=(INITIATED, ANSWERED, BRIDGED, HANGUP, SAVED),
    ends=Ends(
        ("timeout", "no_answer", "user_busy", "call_rejected", "originator_cancel"),
        ("normal_clearing",),
        "user_busy",
    ),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("api_key", "telnyx-key-{account}"),
        Key("connection_id", "1494404757140276705", digits=True),
        Key("seed", "telnyx-seed-{account}"),
    ),
    sign=sign,
    signed_with="seed",
    shown=lambda keys: {"public_key": public_key(keys)},
    hosts=("api.telnyx.com",),
    admits=admits,
    refusal=Said({"errors": [{"code": "10009", "title": "Authentication failed"}]}, 401),
    answer=rest,
)
