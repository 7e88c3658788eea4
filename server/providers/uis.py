"""UIS, CoMagic, CallGear: notifications that the owner composes by our template, and a list of calls to ask for.

Nothing is signed. Employees are known by an id that is no extension: the owner says whose line it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from server.calls import ANSWER, END, IN, OUT, RING, CallEvent
from server.phones import digits
from server.providers import checks, forms, values
from server.providers.abilities import Failed, Paste, Step, Talk, post_json
from server.providers.base import CLOUD, Delivery, Field, Foreign, KnownGuest, Reply, Unreadable
from server.providers.base import OUT as REACHES_OUT
from server.providers.uis_words import (
    EMPLOYEES,
    EMPLOYEES_HINT,
    EMPLOYEES_MUST,
    HOST,
    NUMBER,
    NUMBER_HINT,
    NUMBER_MUST,
    TOKEN,
    TOKEN_HINT,
    TOKEN_MUST,
)

HOSTS = ("callapi.uiscom.ru", "callapi.comagic.ru")
EVERY = 5.0  # seconds between two looks: questions are counted, by the minute and by the day
MARK = "dzvinok-"  # before our mark in `external_id`: other programs count their calls too

# The word that ends our address -> what happened.
EVENTS = {
    "incoming": RING,
    "waiting": RING,
    "talk": ANSWER,
    "call_finished": END,
    "lost": END,
    "outgoing": RING,
}
# A finished talk is no finished call, it may be passed on; nothing says on which hosts recordings are kept.
UNUSED = ("finished", "recording")
WAYS = {"in": IN, "out": OUT, "incoming": IN, "lost": IN, "outgoing": OUT}

# The state of a leg in the list of calls. What is in neither says nothing of our phones.
RINGS = ("дозвон",)
TALKS = ("разговор", "на удержании", "перевод вызова", "отправка dtmf")

# Event -> its name in the cabinet, and its variables.
WHO = ("call_session_id", "virtual_phone_number", "contact_phone_number", "contact_full_name")
STAFF = ("employee_id", "employee_full_name", "direction", "external_id")
TEMPLATES = {
    "incoming": ("Inbound call", WHO),
    "waiting": ("Waiting for the answer", (*WHO, *STAFF)),
    "talk": ("Talk started", (*WHO, *STAFF)),
    "call_finished": ("Call finished", (*WHO, *STAFF, "talk_time_duration")),
    "lost": ("Lost call", WHO),
    "outgoing": ("Outbound call", (*WHO, *STAFF, "employee_phone_number")),
}

ERRORS = {
    "access_token_invalid": "login", "access_token_expired": "login", "access_token_blocked": "login",
    "auth_error": "login",
    "ip_not_whitelisted": "rights", "access_denied": "rights",
    "limit_exceeded": "busy",
}  # fmt: skip


def pairs(value: str) -> str:
    """`25 = 101, 26=102` -> `25=101 26=102`."""
    found = re.sub(r"\s*=\s*", "=", value.strip())
    parts = [part for part in re.split(r"[\s,;]+", found) if part]
    if not all(re.fullmatch(r"[0-9]{1,12}=[\w.+*#-]{1,32}", part) for part in parts):
        raise ValueError
    return " ".join(parts)


class Uis:
    name = "uis"
    title = "UIS, CoMagic, CallGear"
    methods = frozenset({"GET", "POST"})
    reach = frozenset({CLOUD, REACHES_OUT})
    tried = False

    def __init__(self) -> None:
        self.fields: tuple[Field, ...] = (
            Field("employees", EMPLOYEES, EMPLOYEES_HINT, EMPLOYEES_MUST, check=pairs),
            Field("token", TOKEN, TOKEN_HINT, TOKEN_MUST, secret=True, check=checks.key),
            Field("host", HOST, check=checks.one_of(*HOSTS), choices=HOSTS),
            Field("number", NUMBER, NUMBER_HINT, NUMBER_MUST, check=checks.digits(15)),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """Nothing to check: UIS signs nothing, the token in the address is the proof."""

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        word = delivery.path.strip("/").casefold()
        if word in UNUSED:
            raise Foreign(f"{word} is not used")
        if not word:
            raise Unreadable("The address ends with our token; each notification has its own word after it.")
        if word not in EVENTS:
            raise Foreign(f"{word[:40]} is not a notification that is used here", word[:40])
        fields = {**forms.query(delivery.query), **forms.body(delivery)}
        if not values.key(values.first(fields, "call_session_id")):
            raise Unreadable("There is no call_session_id in this request; add it to the template.")
        return [_event(word, fields, settings, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        return {"status": "success"}

    def pastes(self, settings: Mapping[str, str], hook_url: str) -> list[Paste]:
        """UIS puts the quotes around a value itself."""
        found = []
        for word, (title, names) in TEMPLATES.items():
            body = ",\n".join(f'  "{name}": {{{{{name}}}}}' for name in names)
            found += [
                Paste(f"{title}: URL", f"{hook_url}/{word}"),
                Paste(f"{title}: JSON", f"{{\n{body}\n}}"),
            ]
        return found

    def look_every(self, settings: Mapping[str, str]) -> float:
        return EVERY if settings.get("token") else 0.0

    def look(self, settings: Mapping[str, str], now: float) -> Talk[Step]:
        if not settings.get("token"):
            return Step()
        calls = forms.rows((yield from _ask(settings, "list.calls", {})))
        told = [(values.key(call.get("call_session_id")), call) for call in calls]
        events = tuple(event for key, call in told if key for event in _now(key, call, settings, now))
        return Step(events=events, live=frozenset(key for key, _ in told if key), ready=True)

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        ids = {whose: its for its, whose in _employees(settings).items()}
        if line not in ids or not settings.get("number"):
            raise Failed("unset", "which employee has this line, or which number of ours is shown")
        wish = {
            "first_call": "employee", "direction": "out", "virtual_phone_number": settings["number"],
            "contact": digits(number), "employee": {"id": int(ids[line])}, "external_id": MARK + mark,
        }  # fmt: skip
        said = yield from _ask(settings, "start.employee_call", wish)
        return values.key(forms.nested(said).get("call_session_id"))

    def hang_up(self, settings: Mapping[str, str], key: str) -> Talk[None]:
        if not (key.isascii() and key.isdigit()):
            raise Failed("refused", "UIS does not know this call by a number")
        yield from _ask(settings, "release.call", {"call_session_id": int(key)})


def _event(word: str, fields: dict[str, Any], settings: Mapping[str, str], at: float) -> CallEvent:
    kind = EVENTS[word]
    direction = WAYS.get(word) or WAYS.get(values.text(fields.get("direction")).casefold(), "")
    guest = values.first(fields, "contact_phone_number")
    caller = "" if guest is None and word == "incoming" else None if guest is None else values.number(guest)
    talked = values.span(fields.get("talk_time_duration"))
    outcome = "missed" if word == "lost" else "" if kind != END else "unknown"
    if word == "call_finished" and talked is not None:
        outcome = "answered" if talked > 0 else "missed"
    knows = kind != END or direction == OUT or outcome == "answered"  # of a missed call it is anybody
    line = _line(fields, settings) if knows else ""
    return CallEvent(
        values.key(fields.get("call_session_id")), kind, at, outcome=outcome, direction=direction, caller=caller,
        line=line, did=values.number(values.first(fields, "virtual_phone_number")),
        name=values.text(values.first(fields, "contact_full_name")), mark=_mark(fields),
    )  # fmt: skip


def _now(key: str, call: dict[str, Any], settings: Mapping[str, str], now: float) -> list[CallEvent]:
    """A call of the list, as what must have happened: its phones ring, or somebody talks."""
    direction = WAYS.get(values.text(call.get("direction")), "")
    parties: dict[str, Any] = {
        "direction": direction,
        "caller": values.number(call.get("contact_phone_number")),
        "did": values.number(call.get("virtual_phone_number")),
        "mark": _mark(call),
    }
    legs = forms.rows(call.get("legs"))
    staff = [leg for leg in legs if values.text(leg.get("employee_id"))]
    there = direction != OUT or any(_state(leg) in TALKS for leg in legs if leg not in staff)
    found = [
        CallEvent(key, RING, now, line=_line(leg, settings), **parties)
        for leg in staff
        if _state(leg) in RINGS
    ]
    talks = [leg for leg in staff if _state(leg) in TALKS]
    kind = ANSWER if there else RING
    found += [CallEvent(key, kind, now, line=_line(leg, settings), **parties) for leg in talks]
    return found or [CallEvent(key, RING, now, **parties)]


def _state(leg: dict[str, Any]) -> str:
    return values.text(leg.get("state")).casefold()


def _line(fields: dict[str, Any], settings: Mapping[str, str]) -> str:
    """Whose line an employee's is, by the owner's list; or an employee who is named like his extension."""
    known = _employees(settings).get(values.text(fields.get("employee_id")), "")
    named = values.line(values.first(fields, "employee_full_name"))
    return known or named or values.line(values.first(fields, "employee_phone_number"))


def _employees(settings: Mapping[str, str]) -> dict[str, str]:
    told = (pair.partition("=") for pair in settings.get("employees", "").split())
    return {its: line for its, _, line in told}


def _mark(fields: dict[str, Any]) -> str:
    told = values.text(fields.get("external_id"))
    return told.removeprefix(MARK) if told.startswith(MARK) else ""


def _ask(settings: Mapping[str, str], method: str, params: dict[str, Any]) -> Talk[Any]:
    """The `data` of what is answered."""
    if not settings.get("token"):
        raise Failed("unset", "access token")
    whole = {"access_token": settings["token"], **params}
    url = f"https://{settings.get('host') or HOSTS[0]}/v4.0"
    answer = yield post_json(url, {"jsonrpc": "2.0", "id": "1", "method": method, "params": whole})
    said = forms.nested(answer.json())
    if "error" in said or "result" not in said:
        error = forms.nested(said.get("error"))
        mnemonic = values.text(forms.nested(error.get("data")).get("mnemonic"))
        raise Failed(ERRORS.get(mnemonic, "refused"), mnemonic or values.text(error.get("message")))
    return forms.nested(said["result"]).get("data")
