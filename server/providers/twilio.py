"""Twilio: it asks us what to do with a call, or tells us what another flow does with it. Everything is signed.

A guest's call is the parent; each phone that it rings is a child with `ParentCallSid`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from server.calls import ANSWER, END, ENDED, IN, RING, CallEvent
from server.facts import silent
from server.phones import digits
from server.providers import checks, forms, values
from server.providers.abilities import Failed, Paste, Talk, post_form
from server.providers.base import (
    CLOUD,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Text,
    Unreadable,
)
from server.providers.twilio_words import (
    AUTH_TOKEN,
    AUTH_TOKEN_HINT,
    AUTH_TOKEN_MUST,
    DIAL,
    DIAL_HINT,
    DIAL_MUST,
    NUMBER,
    NUMBER_HINT,
    NUMBER_MUST,
    SID,
    SID_MUST,
)

API = "https://api.twilio.com/2010-04-01/Accounts/"
EVENTS = "initiated ringing answered completed"
MOST = 10  # phones that one <Dial> may ring
LATE = 300.0  # seconds that a Timestamp may be old

# What our address ends with.
VOICE, LEG, DIALLED, STATUS = "voice", "leg", "end", "status"

# CallStatus of a phone that was rung, and what became of it when it did not talk: `canceled` is also said of the
# phones that were slower than another one.
LEGS = {"ringing": RING, "in-progress": ANSWER, "answered": ANSWER, "completed": END}
SILENT = {"no-answer": "missed", "canceled": ENDED, "busy": "busy", "failed": "failed"}
EARLY = ("queued", "initiated")
# CallStatus of a whole call, and DialCallStatus when our <Dial> is done.
MISSED = {"no-answer": "missed", "canceled": "missed", "busy": "busy", "failed": "failed"}
DIALS = {"completed": "answered", "answered": "answered", **MISSED}

# Hidden callers have the number that spells ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE on a keypad.
HIDDEN = ("266696687", "7378742833", "2562533", "8656696", "86282452253")
TARGET = re.compile(r"^(?:sip:[\w.+-]{1,64}@[\w.-]{1,190}|\+[0-9]{7,15})$", re.IGNORECASE | re.ASCII)
SILENCE = Text('<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")


def account(value: str) -> str:
    cleaned = value.strip()
    if not re.fullmatch(r"AC[0-9a-fA-F]{32}", cleaned):
        raise ValueError
    return cleaned


def targets(value: str) -> str:
    """`sip:kasa1@pechera.sip.twilio.com, +48221234567`: one space between them."""
    found = [part for part in re.split(r"[\s,;]+", value.strip()) if part]
    if len(found) > MOST or not all(TARGET.match(part) for part in found):
        raise ValueError
    return " ".join(found)


class Twilio:
    name = "twilio"
    title = "Twilio"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        token = (AUTH_TOKEN, AUTH_TOKEN_HINT, AUTH_TOKEN_MUST)
        self.fields: tuple[Field, ...] = (
            Field("account_sid", SID, must=SID_MUST, required=True, check=account),
            Field("auth_token", *token, secret=True, required=True, check=checks.key),
            Field("dial", DIAL, DIAL_HINT, DIAL_MUST, check=targets),
            Field("number", NUMBER, NUMBER_HINT, NUMBER_MUST, check=checks.digits(15)),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """HMAC-SHA1 of the address as Twilio was given it and of every parameter, in order of their names."""
        secret, theirs = settings.get("auth_token", ""), delivery.headers.get("x-twilio-signature", "")
        if not secret:
            raise Refused("no auth token is set")
        if not theirs:
            raise Refused("unsigned")
        told = _parameters(delivery)
        ours = [_sign(secret, address + told) for address in _addresses(delivery.url)]
        if not any(hmac.compare_digest(one, theirs.encode("utf-8", "replace")) for one in ours):
            raise Refused("signature")

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = {**forms.query(delivery.query), **forms.body(delivery)}
        sid = values.key(fields.get("CallSid"))
        if not sid:
            raise Unreadable("There is no CallSid in this request; Twilio names the call there.")
        if settings.get("account_sid") and values.text(fields.get("AccountSid")) != settings["account_sid"]:
            raise Foreign("the event is of another account")
        path, at = delivery.path.strip("/").casefold() or VOICE, _told(fields, delivery.at) or delivery.at
        if path == VOICE and not settings.get("dial"):
            raise Unreadable(
                "Nothing says which phones to ring; set them here, or take this address out of Twilio."
            )
        if path == VOICE:
            return [CallEvent(sid, RING, at, **_guest(fields))]
        if path == LEG:
            return [_leg(fields, at)]
        if path == DIALLED:
            return [CallEvent(sid, END, at, outcome=_word(fields, "DialCallStatus", DIALS), **_guest(fields))]
        if path == STATUS:
            return [_status(sid, fields, at)]
        raise Foreign(f"{path[:40]} is not an address that is used here", path[:40])

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """Only a call that comes in is told what to do; to all else we say nothing, which is what Twilio wants."""
        phones = settings.get("dial", "").split()
        if delivery.path.strip("/").casefold() not in ("", VOICE) or not phones:
            return SILENCE
        ours = delivery.url.partition("?")[0]
        return Text(
            _rings(phones, ours.removesuffix(f"/{delivery.path}") if delivery.path else ours), "text/xml"
        )

    def pastes(self, settings: Mapping[str, str], hook_url: str) -> list[Paste]:
        return [
            Paste("A call comes in", f"{hook_url}/{VOICE}"),
            Paste("Call status changes", f"{hook_url}/{STATUS}"),
            Paste("statusCallback", f"{hook_url}/{LEG}"),
        ]

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        """Rings the phone of this line, then joins it with the guest."""
        phones = {values.line(phone): phone for phone in settings.get("dial", "").split()}
        sid, ours = settings.get("account_sid", ""), settings.get("number", "")
        if not (sid and settings.get("auth_token") and ours and line in phones):
            raise Failed("unset", "the account, a number of ours or the phone of this line")
        guest = f"<Number>+{digits(number)}</Number>"
        twiml = f'<Response><Dial callerId="+{ours}">{guest}</Dial></Response>'
        proof = base64.b64encode(f"{sid}:{settings['auth_token']}".encode()).decode()
        wish = {"From": f"+{ours}", "To": phones[line], "Twiml": twiml}
        answer = yield post_form(f"{API}{sid}/Calls.json", wish, {"Authorization": f"Basic {proof}"})
        return values.key(answer.object().get("sid"))


def _leg(fields: dict[str, Any], at: float) -> CallEvent:
    """One phone that a guest's call rings. The guest stands in From also here."""
    key, word = values.key(fields.get("ParentCallSid")), values.text(fields.get("CallStatus")).casefold()
    if not key:
        raise Unreadable(
            "There is no ParentCallSid in this request; this address is for phones that a call rings."
        )
    line = values.line(fields.get("To"))
    guest = _guest(fields) | {"did": ""}
    if word in EARLY:
        raise Foreign("the phone does not ring yet")
    if word in SILENT:
        return silent(key, line, SILENT[word], at, **guest)
    if word not in LEGS:
        raise Foreign(f"{word[:40]} is not a status that is used here", word[:40])
    picked_up = _told(fields, at) if LEGS[word] == ANSWER else None
    outcome = "answered" if LEGS[word] == END else ""
    return CallEvent(key, LEGS[word], at, line=line, outcome=outcome, answered=picked_up, **guest)


def _status(sid: str, fields: dict[str, Any], at: float) -> CallEvent:
    """The whole call. A flow that picks up by itself completes it too: nobody knows whether a person talked."""
    word = values.text(fields.get("CallStatus")).casefold()
    if values.key(fields.get("ParentCallSid")):
        raise Foreign("a phone that is rung belongs to another address")
    if word == "completed" or word in MISSED:
        return CallEvent(sid, END, at, outcome=_word(fields, "CallStatus", MISSED), **_guest(fields))
    raise Foreign(
        f"{word[:40]} says nothing of a phone of ours", "" if word in (*EARLY, *LEGS) else word[:40]
    )


def _guest(fields: dict[str, Any]) -> dict[str, Any]:
    caller = values.number(values.first(fields, "From"))
    return {
        "direction": IN,
        "caller": "" if digits(caller) in HIDDEN else caller,
        "did": values.number(values.first(fields, "To")),
        "name": values.text(values.first(fields, "CallerName")),
    }


def _word(fields: dict[str, Any], name: str, outcomes: Mapping[str, str]) -> str:
    return outcomes.get(values.text(fields.get(name)).casefold(), "unknown")


def _rings(phones: list[str], ours: str) -> str:
    """Every phone at once; the guest hears ringing until somebody picks up."""
    told = f'statusCallback="{escape(ours)}/{LEG}" statusCallbackEvent="{EVENTS}"'
    nouns = ((("Number" if phone.startswith("+") else "Sip"), escape(phone)) for phone in phones)
    rung = "".join(f"<{noun} {told}>{phone}</{noun}>" for noun, phone in nouns)
    dial = f'<Dial answerOnBridge="true" action="{escape(ours)}/{DIALLED}">{rung}</Dial>'
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{dial}</Response>'


def _parameters(delivery: Delivery) -> str:
    """Each parameter of a form; a JSON body is vouched for by its sum in the address."""
    summed = dict(parse_qsl(delivery.query)).get("bodySHA256", "")
    if summed:
        if not hmac.compare_digest(hashlib.sha256(delivery.body).hexdigest().encode(), summed.encode()):
            raise Refused("signature")
        return ""
    told = parse_qsl(delivery.body.decode("utf-8", "replace"), keep_blank_values=True)
    return "".join(name + value for name, value in sorted(set(told)))


def _addresses(url: str) -> Iterator[str]:
    """As it is, without its port, and with the port that goes without saying: all three are seen."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = {"https": 443, "http": 80}.get(parts.scheme, 443)
    yield url
    for netloc in (host, f"{host}:{port}"):
        yield urlunsplit(parts._replace(netloc=netloc))


def _sign(secret: str, text: str) -> bytes:
    return base64.b64encode(hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha1).digest())


def _told(fields: dict[str, Any], at: float) -> float | None:
    """When it happened, unless our clocks are far from each other."""
    try:
        found = parsedate_to_datetime(values.text(fields.get("Timestamp")))
    except (ValueError, TypeError, OverflowError):
        return None
    return values.stated(values.moment(found.timestamp(), at), at, LATE) if found.tzinfo else None
