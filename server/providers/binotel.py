"""Binotel (Ukraine): webhooks. Nothing is signed: the secret is the address, and `company_id` if set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from server.calls import ANSWER, END, IN, INTERNAL, MOVED, OUT, RING, TRANSFER, CallEvent
from server.phones import SHORTEST, digits
from server.providers import checks, forms, values
from server.providers.base import CLOUD, Delivery, Field, Foreign, KnownGuest, Reply, Unreadable, Words

PUSHES = {"receivedTheCall": RING, "answeredTheCall": ANSWER, "hangupTheCall": END}
TRANSFERRED = re.compile(r"^transfer", re.IGNORECASE)  # the exact word differs between accounts
COMPLETED = "apiCallCompleted"
LOOKUPS = (
    "apiCallSettings",
    "gettingCallSettings",
)  # "who is this?", asked before anything rings; the old name too

# Their names, the newest first.
DID = ("pbxNumber", "didNumber", "did")
LINE = ("internalNumber", "extNumber")
CALLER = {OUT: ("externalNumber", "dstNumber"), IN: ("externalNumber", "srcNumber"), "": ("externalNumber",)}
DIRECTIONS = {"0": IN, "1": OUT}

OUTCOMES = {
    "ANSWER": "answered", "TRANSFER": "answered", "ONLINE": "answered",
    "NOANSWER": "missed", "CANCEL": "missed",
    "BUSY": "busy",
    "CONGESTION": "failed", "CHANUNAVAIL": "failed",
    "VM": "voicemail", "VM-SUCCESS": "voicemail",
}  # fmt: skip
LEGS = {**OUTCOMES, "TRANSFER": MOVED}

LONGEST_GUEST = {"name": 43, "description": 70}  # what Binotel's phone window shows
SUCCESS = {"status": "success"}

COMPANY_ID: Words = {
    "en": "Company ID (companyID)",
    "ua": "ID компанії (companyID)",
    "ru": "ID компании (companyID)",
    "pl": "ID firmy (companyID)",
}
COMPANY_ID_HINT: Words = {
    "en": "Digits only. When set, events that name another company are ignored. You find it in the company’s cabinet.",
    "ua": "Лише цифри. Якщо вказати, дзвінки інших компаній відкидатимуться. Номер є в кабінеті компанії.",
    "ru": "Только цифры. Если указать, звонки других компаний будут отбрасываться. Номер есть в кабинете компании.",
    "pl": "Tylko cyfry. Jeśli podasz, zdarzenia innych firm będą pomijane. Numer znajdziesz w panelu operatora.",
}
COMPANY_ID_MUST: Words = {
    "en": "the number that Binotel gave your company, digits only, such as 12345",
    "ua": "номер, який Binotel дав вашій компанії, лише цифри, наприклад 12345",
    "ru": "номер, который Binotel дал вашей компании, только цифры, например 12345",
    "pl": "numer, który Binotel nadał Twojej firmie, same cyfry, np. 12345",
}


class Binotel:
    name = "binotel"
    title = "Binotel"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("company_id", COMPANY_ID, COMPANY_ID_HINT, COMPANY_ID_MUST, check=checks.digits(12)),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: Binotel signs nothing and its own addresses drift; the token is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = _read(delivery)
        word = _word(fields)
        if not word:
            raise Unreadable(
                "There is no requestType in this request; Binotel's webhooks name the event there."
            )
        _check_company(fields, settings)
        if word in LOOKUPS:
            return []
        if word == COMPLETED:
            return [_completed(forms.nested(fields.get("callDetails")), delivery.at)]
        kind = TRANSFER if TRANSFERRED.match(word) else PUSHES.get(word)
        if kind is None:
            raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
        return [_pushed(kind, word, fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """A call record must be answered with exactly this, or Binotel sends it again for two days."""
        fields = _read(delivery)
        if _word(fields) not in LOOKUPS:
            return SUCCESS
        direction = DIRECTIONS.get(values.text(fields.get("callType")), IN)
        number = values.number(values.first(fields, *CALLER[direction]))
        guest = known(number) if number else None
        said = {
            name: values.text((guest or {}).get(name), longest) for name, longest in LONGEST_GUEST.items()
        }
        return {"customerData": said} if said["name"] else {}


def _read(delivery: Delivery) -> dict[str, Any]:
    fields = forms.body(delivery)
    if not fields:
        raise Unreadable("The body is empty; Binotel's webhooks carry a form with requestType in it.")
    return fields


def _word(fields: dict[str, Any]) -> str:
    return values.text(values.first(fields, "requestType", "method"))


def _check_company(fields: dict[str, Any], settings: Mapping[str, str]) -> None:
    ours = settings.get("company_id", "")
    record = forms.nested(fields.get("callDetails"))
    theirs = values.text(fields.get("companyID")) or values.text(record.get("companyID"))
    if ours and theirs and ours != theirs:
        raise Foreign("the event is of another company")


def _pushed(kind: str, word: str, fields: dict[str, Any], at: float) -> CallEvent:
    """What happened just now. A hang-up carries no numbers and no direction, only the call's id."""
    parties = _parties(fields, IN if kind == RING and not {"dstNumber", "extNumber"} & fields.keys() else "")
    if kind == RING and parties["caller"] is None:
        parties["caller"] = ""
    outcome = OUTCOMES.get(_disposition(fields), "unknown") if kind == END else ""
    return CallEvent(_key(fields, word), kind, at, outcome=outcome, **parties)


def _completed(record: dict[str, Any], at: float) -> CallEvent:
    """The record of a call that is over: knows everything, and may be all that we ever hear of the call."""
    outcome = OUTCOMES.get(_disposition(record), "unknown")
    parties = _parties(record, "")
    line = parties["line"]
    legs = _legs(record, line)
    started = values.moment(record.get("startTime"), at)
    picked_up = _after(started, record, "waitsec")
    ended = _after(picked_up, record, "billsec")
    return CallEvent(
        _key(record, COMPLETED),
        END,
        at if ended is None else min(at, ended),
        outcome=outcome,
        started=started,
        answered=picked_up if outcome == "answered" else None,
        ended=ended,
        legs=legs,
        **parties | {"line": line if not legs or line in dict(legs) else ""},
    )


def _key(fields: dict[str, Any], word: str) -> str:
    key = values.key(fields.get("generalCallID"))
    if not key:
        raise Unreadable(
            f"There is no generalCallID in this {word[:40]}; without it nobody knows which call is meant."
        )
    return key


def _parties(fields: dict[str, Any], untold: str) -> dict[str, Any]:
    """Who calls whom. An employee's own number on both ends is a call inside the house."""
    direction = DIRECTIONS.get(values.text(fields.get("callType")), untold)
    told = values.first(fields, *CALLER[direction])
    caller = None if told is None else values.number(told)
    own = forms.nested(fields.get("pbxNumberData")).get("number")
    did = values.number(own) or values.number(values.first(fields, *DID))
    line = values.line(values.first(fields, *LINE))
    if line and line == caller:
        direction = INTERNAL if len(digits(line)) < SHORTEST else direction
        line = ""
    return {"direction": direction, "caller": caller, "did": did, "line": line, "name": values.name(told)}


def _disposition(fields: dict[str, Any]) -> str:
    return values.text(fields.get("disposition")).upper()


def _after(start: float | None, record: dict[str, Any], name: str) -> float | None:
    span = values.span(record.get(name))
    return None if start is None or span is None else start + span


def _legs(record: dict[str, Any], line: str) -> tuple[tuple[str, str], ...]:
    """Each line that rang or talked, in that order; the record's own line when there is no history."""
    history = forms.rows(record.get("historyData"))[:50]
    told = [(values.line(leg.get("internalNumber")), LEGS.get(_disposition(leg), "")) for leg in history]
    told = told or [(line, LEGS.get(_disposition(record), ""))]
    return tuple((rung, became) for rung, became in told if rung and became)
