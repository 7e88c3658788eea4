"""Ringostat (Ukraine): webhooks that the owner composes by our template, one address for each moment.

Nothing is signed and nothing is ever sent again: what got lost is repaired from the list of calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.phones import SHORTEST, bare, digits
from server.providers import checks, forms, values
from server.providers.abilities import Answer, Ask, Failed, Paste, Talk, get, post_form
from server.providers.base import CLOUD, Delivery, Field, Foreign, KnownGuest, Reply, Unreadable, Words

API = "https://api.ringostat.net"
DAY = 24 * 3600.0

# The word that ends our address -> what happened. `forward`: it rings at one more place; who takes the call is
# said by `answer`.
MOMENTS = {"ring": RING, "answer": ANSWER, "forward": RING, "end": END, "out": RING, "out-end": END}
TYPES = {"in": IN, "out": OUT, "callback": OUT}

OUTCOMES = {
    "ANSWERED": "answered", "PROPER": "answered",
    "NO ANSWER": "missed",
    "BUSY": "busy",
    "VOICEMAIL": "voicemail",
    "FAILED": "failed",
}  # fmt: skip

# The names that a webhook and the list of calls have for the same thing.
CALL = ("call_id", "uniqueid")
CALLER = ("caller", "caller_number")
CALLEE = ("callee", "dst")
LINE = ("employee_number",)
OURS = ("outbound_number",)
TYPE = ("type", "call_type")
STATUS = ("status", "disposition")
WHOLE = ("call_duration", "duration")
WAITED = ("waiting",)
TALKED = ("dialog", "billsec")
SOUND = ("recording_wav", "recording", "record")
LISTED = (
    "uniqueid,calldate,caller,caller_number,dst,disposition,duration,billsec,call_type,"
    "recording,recording_wav,employee_number"
)
# An id as Asterisk makes it begins with the second in which the call began.
BEGAN = re.compile(r"(?:^|-)(\d{10})\.\d+$")

# Moment -> its name in the cabinet, and our names with Ringostat's parameters.
CABINET = {
    "ring": ("Incoming call: before call", ("call_id", "caller", "callee", "type")),
    "answer": ("Incoming call: when taking the call", ("call_id", "caller", "callee", "type", "employee_number")),
    "forward": ("Incoming call: on location forwarding", ("call_id", "caller", "callee", "type", "employee_number")),
    "end": ("Incoming call: after call", (
        "call_id", "caller", "callee", "type", "employee_number", "status", "call_duration", "waiting", "dialog",
        "recording_wav",
    )),
    "out": ("Outgoing call: before call", ("call_id", "caller", "callee", "outbound_number")),
    "out-end": ("Outgoing call: after call", (
        "call_id", "caller", "callee", "outbound_number", "employee_number", "status", "call_duration", "dialog",
        "recording_wav",
    )),
}  # fmt: skip
THEIR_NAME = {
    "call_id": "uniqueid", "callee": "dst", "type": "call_type", "status": "disposition",
    "call_duration": "duration", "dialog": "billsec",
}  # fmt: skip

AUTH_KEY: Words = {"en": "Auth-key", "ua": "Auth-key", "ru": "Auth-key", "pl": "Auth-key"}
AUTH_KEY_HINT: Words = {
    "en": "From Ringostat: Integration → API. Lets us fetch calls that got lost and dial from the register.",
    "ua": "З Ringostat: Інтеграція → API. Щоб дотягувати загублені дзвінки й дзвонити з каси.",
    "ru": "Из Ringostat: Интеграция → API. Чтобы подтягивать потерянные звонки и звонить с кассы.",
    "pl": "Z Ringostat: Integracja → API. Pozwala uzupełniać zgubione połączenia i dzwonić z kasy.",
}
AUTH_KEY_MUST: Words = {
    "en": "the key as Ringostat shows it, without spaces",
    "ua": "ключ, як його показує Ringostat, без пробілів",
    "ru": "ключ, как его показывает Ringostat, без пробелов",
    "pl": "klucz taki, jak pokazuje go Ringostat, bez spacji",
}
PROJECT: Words = {"en": "Project ID", "ua": "ID проєкту", "ru": "ID проекта", "pl": "ID projektu"}
PROJECT_MUST: Words = {
    "en": "digits only, such as 12345",
    "ua": "лише цифри, наприклад 12345",
    "ru": "только цифры, например 12345",
    "pl": "same cyfry, np. 12345",
}


class Ringostat:
    name = "ringostat"
    title = "Ringostat"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD})
    tried = False
    recording_hosts = frozenset({"ringostat.com", ".ringostat.com"})

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("auth_key", AUTH_KEY, AUTH_KEY_HINT, AUTH_KEY_MUST, secret=True, check=checks.key),
            Field("project_id", PROJECT, must=PROJECT_MUST, check=checks.digits(12)),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: Ringostat signs nothing, the token in the address is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = {**forms.query(delivery.query), **forms.body(delivery)}
        moment = (delivery.path.strip("/") or values.text(fields.get("event"))).casefold()
        if not moment:
            raise Unreadable(
                "The address ends with our token; each moment has its own word after it: /ring, /answer…"
            )
        if moment not in MOMENTS:
            raise Foreign(f"{moment[:40]} is not a moment that is used here", moment[:40])
        return [_event(moment, fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        return {"status": "success"}

    def pastes(self, settings: Mapping[str, str], hook_url: str) -> list[Paste]:
        """The address and the JSON of every moment."""
        found = []
        for moment, (title, names) in CABINET.items():
            wanted = ", ".join(f'"{name}": "{{{{{THEIR_NAME.get(name, name)}}}}}"' for name in names)
            found += [
                Paste(f"{title}: URL", f"{hook_url}/{moment}"),
                Paste(f"{title}: JSON", f"{{{wanted}}}"),
            ]
        return found

    def doubts(self, delivery: Delivery, settings: Mapping[str, str]) -> tuple[str, str] | None:
        fields = {**forms.query(delivery.query), **forms.body(delivery)}
        unfilled = [name for name in fields if values.text(fields[name]).startswith("{{")]
        return ("unfilled", values.text(unfilled[0], 40)) if unfilled else None

    def history(self, settings: Mapping[str, str], since: float, now: float) -> Talk[list[CallEvent]]:
        """A day more on both sides is asked for: the dates are of a zone that only the cabinet knows."""
        if not settings.get("auth_key"):
            return []
        days = {"from": _date(since - DAY), "to": _date(now + DAY)}
        project = {"projectId": settings["project_id"]} if settings.get("project_id") else {}
        asked = {**project, "export_type": "json", **days, "fields": LISTED}
        answer = yield get(f"{API}/calls/list", _head(settings), **asked)
        found = (_listed(row, now) for row in forms.rows(_accepted(answer)))
        return [event for event in found if event and event.at >= since]

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        wish = {"extension": line, "destination": digits(number)}
        answer = yield post_form(f"{API}/callback/outward_call", wish, _head(settings))
        if answer.status >= 400 or answer.body.lstrip()[:1] == b"{":
            _accepted(answer)
        return ""

    def recording(self, settings: Mapping[str, str], key: str, reference: str) -> Talk[Ask]:
        """The address is signed and needs no key; it may have run out."""
        yield from ()
        return get(reference)


def _event(moment: str, fields: dict[str, Any], at: float) -> CallEvent:
    key = values.key(values.first(fields, *CALL))
    if not key:
        raise Unreadable("There is neither call_id nor uniqueid in this request; add one to the webhook.")
    kind = MOMENTS[moment]
    untold = OUT if moment.startswith("out") else "" if moment in ("answer", "forward") else IN
    parties = _parties(fields, untold)
    if kind == RING and parties["caller"] is None and moment != "forward":
        parties["caller"] = ""
    if kind != END:
        return CallEvent(key, kind, at, **parties)
    return CallEvent(key, END, at, outcome=_outcome(fields), recording=_sound(fields), **parties)


def _parties(fields: dict[str, Any], untold: str) -> dict[str, Any]:
    """The guest is who calls, or who is called. A callback rings both; whoever is no extension is the guest."""
    kind = values.text(values.first(fields, *TYPE)).casefold()
    direction = OUT if untold == OUT else TYPES.get(kind, untold)
    first, second = values.first(fields, *CALLER), values.first(fields, *CALLEE)
    swapped = direction == OUT and (kind != "callback" or _extension(first))
    guest, ours = (second, first) if swapped else (first, second)
    own = "" if _extension(ours) else values.number(ours)
    return {
        "direction": direction,
        "caller": None if guest is None else values.number(guest),
        "did": values.number(values.first(fields, *OURS)) or own,
        "line": values.line(values.first(fields, *LINE)) or (values.line(ours) if _extension(ours) else ""),
        "name": "" if direction == OUT else values.name(guest),
    }


def _extension(value: Any) -> bool:
    """`101` or a SIP login such as `pechera_kasa1`: too few digits to be anybody's number."""
    plain = bare(values.text(value))
    return bool(plain) and len(digits(plain)) < SHORTEST


def _outcome(fields: dict[str, Any]) -> str:
    word = values.text(values.first(fields, *STATUS)).upper().replace("_", " ")
    return OUTCOMES.get(word.replace("NOANSWER", "NO ANSWER"), "unknown")


def _sound(fields: dict[str, Any]) -> str:
    """Where the recording is; only an address of Ringostat's own is worth keeping."""
    told = values.text(values.first(fields, *SOUND), 1000)
    try:
        parts = urlsplit(told)
        own = f".{parts.hostname or ''}".endswith(".ringostat.com")
    except ValueError:
        return ""
    return told if parts.scheme == "https" and own and len(told) < 1000 else ""


def _listed(row: dict[str, Any], now: float) -> CallEvent | None:
    """A call of the list; one of which nobody knows when it was is left out."""
    key = values.key(values.first(row, *CALL))
    began = values.moment(match[1], now) if (match := BEGAN.search(key)) else None
    if began is None:
        return None
    outcome = _outcome(row)
    whole, waited, talked = (values.span(values.first(row, *names)) for names in (WHOLE, WAITED, TALKED))
    ended = None if whole is None else began + whole
    if waited is None and whole is not None and talked is not None:
        waited = max(0.0, whole - talked)
    answered = began + waited if outcome == "answered" and waited is not None else None
    times = {"started": began, "answered": answered, "ended": ended}
    facts = {"outcome": outcome, "recording": _sound(row), "late": True, **times, **_parties(row, IN)}
    return CallEvent(key, END, ended or began, **facts)


def _accepted(answer: Answer) -> Any:
    found = answer.json()
    if answer.status >= 400 or (
        isinstance(found, dict) and ("error" in found or found.get("status") == "error")
    ):
        raise Failed("refused", values.text(answer.body.decode("utf-8", "replace")))
    return found


def _head(settings: Mapping[str, str]) -> dict[str, str]:
    if not settings.get("auth_key"):
        raise Failed("unset", "Auth-key")
    return {"Auth-key": settings["auth_key"]}


def _date(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S")
