"""Twilio: signed forms; the call itself, then each leg under it; REST by account and token."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from sandbox.companies.base import Asked, Company, Desk, Ends, Key, Keys, PhoneCall, Push, Said, Scene, Wire
from sandbox.companies.sound import said as sound
from sandbox.companies.wire import hexed, plus, with_headers

VERSION = "2010-04-01"
RINGING, TALKING, OVER = "ringing", "in-progress", "completed"
ACTION = re.compile(r'\baction="([^"]+)"')
LEGS = {RINGING: "leg rings", TALKING: "leg answered"}
ENDS = ("no-answer", "busy", "canceled", "failed")
CALLBACK = re.compile(r'\bstatusCallback="([^"]+)"', re.IGNORECASE)


def sid(kind: str, *parts: str) -> str:
    return kind + hexed("twilio", *parts)[:32]


def root(call: PhoneCall) -> str:
    return sid("CA", call.id)


def leg_sid(call: PhoneCall, line: str) -> str:
    return sid("CA", call.id, line)


def signature(url: str, fields: dict[str, str], token: str) -> str:
    text = url + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def sign(wire: Wire, push: Push, keys: Keys, now: float) -> Wire:
    fields = dict(parse_qsl(wire.body, keep_blank_values=True))
    return with_headers(wire, X_Twilio_Signature=signature(wire.url, fields, str(keys["auth_token"])))


def began(call: PhoneCall, scene: Scene) -> list[Push]:
    """Of calls that go out it tells nothing that it was not asked to tell."""
    if not call.incoming:
        return []
    first = Push("voice", _root(call, scene, RINGING), path="voice", heard=instructions)
    return [first, *(_leg(call, line, scene, RINGING) for line in call.rings)]


def answered(call: PhoneCall, scene: Scene) -> list[Push]:
    if not call.incoming:
        return []
    return [_leg(call, call.line, scene, TALKING), *(_leg(call, one, scene, "canceled") for one in call.lost)]


def moved(call: PhoneCall, scene: Scene) -> list[Push]:
    return [
        _leg(call, call.line, scene, RINGING),
        _leg(call, call.line, scene, TALKING),
        _leg(call, call.before, scene, OVER, CallDuration=str(call.seconds())),
    ]


def ended(call: PhoneCall, scene: Scene) -> list[Push]:
    """The legs, what our `<Dial>` came to, and the call."""
    if not call.incoming:
        return []
    spent = {"CallDuration": str(call.seconds())}
    how = OVER if call.answered else str(call.disposition)
    legs = [_leg(call, line, scene, how, **spent) for line in ([call.line] if call.answered else call.rings)]
    dialled = _root(call, scene, TALKING if call.answered else RINGING) | {
        "DialCallStatus": how,
        "DialCallDuration": str(call.seconds()),
        **({"DialCallSid": leg_sid(call, call.line)} if call.answered else {}),
    }
    whole = _root(call, scene, OVER) | spent
    return [*legs, Push("end", dialled, path="end", to="end"), Push("status", whole, path="status")]


def instructions(reply: str) -> dict[str, str]:
    """Where our TwiML wants to hear of the legs, and of the end."""
    found = {"legs": CALLBACK.search(reply), "end": ACTION.search(reply)}
    return {name: unescape(match[1]) for name, match in found.items() if match}


def _root(call: PhoneCall, scene: Scene, status: str) -> dict[str, str]:
    """A call that our own API placed names the guest in `To`."""
    guest, own = plus(call.external) or "anonymous", plus(call.did)
    ends = (guest, own) if call.incoming else (own, guest)
    return {
        "AccountSid": str(scene.keys["account_sid"]),
        "ApiVersion": VERSION,
        "CallSid": root(call),
        "CallStatus": status,
        "Direction": "inbound" if call.incoming else "outbound-api",
        "From": ends[0],
        "To": ends[1],
        **({"CallerName": call.said} if call.said else {}),
    }


def _leg(call: PhoneCall, line: str, scene: Scene, status: str, **more: str) -> Push:
    fields = _root(call, scene, status) | {
        "CallSid": leg_sid(call, line),
        "ParentCallSid": root(call),
        "Direction": "outbound-dial",
        "To": f"sip:{line}@{scene.account}.sip.twilio.com",
        "Timestamp": format_datetime(datetime.fromtimestamp(scene.now, UTC)),
        "SequenceNumber": str({RINGING: 1, TALKING: 2}.get(status, 3)),
        "CallbackSource": "call-progress-events",
    }
    return Push(LEGS.get(status, "leg over"), fields | more, path="leg", to="legs")


# REST


def admits(asked: Asked, keys: Keys) -> bool:
    given = asked.headers.get("authorization", "").removeprefix("Basic ")
    try:
        return b64decode(given).decode() == f"{keys['account_sid']}:{keys['auth_token']}"
    except ValueError:
        return False


def rest(asked: Asked, desk: Desk) -> Said | None:
    head = f"{VERSION}/Accounts/{desk.keys['account_sid']}"
    what = asked.path.removeprefix(head).strip("/")
    if asked.path == f"{head}.json":
        return Said({"sid": desk.keys["account_sid"], "status": "active", "friendly_name": desk.account})
    if what == "Calls.json":
        return (
            _dial(asked, desk)
            if asked.method == "POST"
            else Said({"calls": [_row(one, desk) for one in desk.over]})
        )
    if what == "Recordings.json":
        return Said({"recordings": [_recording(call) for call in desk.over if call.answered]})
    if what == "IncomingPhoneNumbers.json":
        return Said({"incoming_phone_numbers": []})
    return _one(asked, desk, what)


def _one(asked: Asked, desk: Desk, what: str) -> Said | None:
    kind, _, rest = what.partition("/")
    key = rest.partition(".")[0].partition("/")[0]
    if kind == "Recordings":
        return sound(desk.call(key, lambda call: sid("RE", call.id)))
    call = desk.call(key, root)
    if kind != "Calls" or call is None:
        return Said({"code": 20404, "message": "The requested resource was not found", "status": 404}, 404)
    if rest.endswith("Recordings.json"):
        return Said({"recordings": [_recording(call)] if call.answered else []})
    if asked.method == "POST" and asked.words.get("Status") in ("completed", "canceled"):
        desk.hang_up(call.id)
    return Said(_row(call, desk))


def _dial(asked: Asked, desk: Desk) -> Said:
    """Who is rung first stands in `To`: a SIP address of an extension, or the guest."""
    words = asked.words
    line = re.search(r"sip:([\w-]+)@", words.get("To", ""))
    dialled = re.search(r"<(?:Number|Sip)[^>]*>([^<]+)<", words.get("Twiml", ""))
    number = dialled[1] if line and dialled else words.get("To", "")
    call = desk.dial(line[1] if line else next(iter(desk.extensions), ""), number)
    return Said(_row(call, desk), 201)


def _recording(call: PhoneCall) -> dict[str, Any]:
    return {
        "sid": sid("RE", call.id),
        "call_sid": root(call),
        "duration": str(call.seconds()),
        "status": "completed",
    }


def _row(call: PhoneCall, desk: Desk) -> dict[str, Any]:
    fields = _root(call, desk, OVER if call.answered and call.ended else str(call.disposition or "queued"))
    times = {"start_time": call.started, "end_time": call.ended}
    return {
        "sid": fields["CallSid"],
        "account_sid": fields["AccountSid"],
        "status": fields["CallStatus"],
        "direction": fields["Direction"],
        "from": fields["From"],
        "to": fields["To"],
        "duration": str(call.seconds()),
        **{name: at and format_datetime(datetime.fromtimestamp(at, UTC)) for name, at in times.items()},
    }


COMPANY = Company(
    "twilio",
    "Twilio",
    sends=("voice", *LEGS.values(), "leg over", "end", "status"),
    ends=Ends(ENDS, (OVER,), "busy"),
    began=began,
    answered=answered,
    moved=moved,
    ended=ended,
    keys=(
        Key("account_sid", "AC0000000000000000000000000000{number}"),
        Key("auth_token", "twilio-token-{account}"),
        Key("dial", ", ".join(f"sip:{line}@{{account}}.sip.twilio.com" for line in range(101, 105))),
        Key("number", "{did}"),
    ),
    sign=sign,
    signed_with="auth_token",
    hosts=("api.twilio.com",),
    admits=admits,
    refusal=Said({"code": 20003, "message": "Authenticate", "status": 401}, 401),
    answer=rest,
)
