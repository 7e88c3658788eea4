"""The cloud PBX by ITooLabs that many operators sell as theirs: Kcell, MegaFon, Gravitel, Moldcell.

One form for everything, `cmd` says what it is. Two secrets: `crm_token` is what the PBX shows to us, `token`
is what we show to the PBX.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from server.calls import ANSWER, END, IN, INTERNAL, MISS, OUT, RING, TRANSFER, CallEvent
from server.phones import SHORTEST, bare, digits
from server.providers import checks, forms, values
from server.providers.abilities import Answer, Ask, Extension, Failed, Talk, post_form
from server.providers.base import (
    CLOUD,
    Delivery,
    Field,
    Foreign,
    KnownGuest,
    Refused,
    Reply,
    Unreadable,
    Words,
)

PATH = "/sys/crm_api.wcgp"

# cmd=event, by its `type`. Each of INCOMING and CANCELLED is of one user; a user is cancelled too when a colleague
# picked up.
EVENTS = {
    "INCOMING": RING,
    "OUTGOING": RING,
    "ACCEPTED": ANSWER,
    "TRANSFERRED": TRANSFER,
    "CANCELLED": MISS,
    "COMPLETED": END,
}
WAYS = {"in": IN, "out": OUT, "INCOMING": IN, "OUTGOING": OUT}
EVENT, HISTORY, CONTACT, RATING = "event", "history", "contact", "rating"

# cmd=history, its `status`; capitals differ between operators.
OUTCOMES = {
    "success": "answered",
    "missed": "missed", "cancel": "missed",
    "busy": "busy",
    "notavailable": "failed", "notallowed": "failed", "notfound": "failed",
}  # fmt: skip

# What stands in `user` without being anybody: a group, and the PBX itself.
NOBODY = re.compile(r"^(?:g_.*|pbx)$", re.IGNORECASE)
STARTED = re.compile(r"^(\d{8}T\d{6})Z$")
CALL_ID = re.compile(r"^[\w.:@-]{1,64}$")

CRM_TOKEN: Words = {
    "en": "Key for your CRM (crm_token)",
    "ua": "Ключ для авторизації у вашій CRM (crm_token)",
    "ru": "Ключ для авторизации в вашей CRM (crm_token)",
    "pl": "Klucz dla Twojego CRM (crm_token)",
}
CRM_TOKEN_HINT: Words = {
    "en": "The same in the PBX’s settings and here. Requests without it are refused.",
    "ua": "Однаковий у налаштуваннях АТС і тут. Запити без нього відхиляються.",
    "ru": "Одинаковый в настройках АТС и здесь. Запросы без него отклоняются.",
    "pl": "Taki sam w ustawieniach centrali i tutaj. Żądania bez niego są odrzucane.",
}
DOMAIN: Words = {
    "en": "Address of the PBX",
    "ua": "Адреса АТС",
    "ru": "Адрес АТС",
    "pl": "Adres centrali",
}
DOMAIN_HINT: Words = {
    "en": "As in the address bar of the cabinet, such as pechera.vpbx.kcell.kz. Needed to call from the register.",
    "ua": "Як в адресному рядку кабінету, наприклад pechera.vpbx.kcell.kz. Потрібна, щоб дзвонити з каси.",
    "ru": "Как в адресной строке кабинета, например pechera.vpbx.kcell.kz. Нужен, чтобы звонить с кассы.",
    "pl": "Jak w pasku adresu panelu, np. pechera.vpbx.kcell.kz. Potrzebny, by dzwonić z kasy.",
}
DOMAIN_MUST: Words = {
    "en": "a host name, such as pechera.vpbx.kcell.kz",
    "ua": "ім’я вузла, наприклад pechera.vpbx.kcell.kz",
    "ru": "имя узла, например pechera.vpbx.kcell.kz",
    "pl": "nazwa hosta, np. pechera.vpbx.kcell.kz",
}
TOKEN: Words = {
    "en": "Key of the PBX (token)",
    "ua": "Ключ для авторизації в АТС (token)",
    "ru": "Ключ для авторизации в АТС (token)",
    "pl": "Klucz centrali (token)",
}
KEY_MUST: Words = {
    "en": "the key as the cabinet shows it, without spaces",
    "ua": "ключ, як його показує кабінет, без пробілів",
    "ru": "ключ, как его показывает кабинет, без пробелов",
    "pl": "klucz taki, jak pokazuje go panel, bez spacji",
}


def domain(value: str) -> str:
    """Operators have domains of their own, so any host; what an address bar shows around it is cut off."""
    return checks.host(re.sub(r"^https?://", "", value.strip().casefold()).split("/")[0])


class ITooLabs:
    name = "itoolabs"
    title = "Kcell, MegaFon, Gravitel (ITooLabs)"
    methods = frozenset({"POST"})
    reach = frozenset({CLOUD})
    tried = False

    def __init__(self) -> None:
        key = checks.key
        self.fields: tuple[Field, ...] = (
            Field("crm_token", CRM_TOKEN, CRM_TOKEN_HINT, KEY_MUST, secret=True, required=True, check=key),
            Field("domain", DOMAIN, DOMAIN_HINT, DOMAIN_MUST, check=domain),
            Field("token", TOKEN, must=KEY_MUST, secret=True, check=key),
        )

    def verify(self, delivery: Delivery, settings: Mapping[str, str]) -> None:
        """In the form or in a header, by operator; whatever is shown must be right."""
        ours = settings.get("crm_token", "").encode()
        shown = [forms.body(delivery).get("crm_token"), delivery.headers.get("x-api-key")]
        theirs = [values.text(one, 600).encode() for one in shown if one is not None]
        if not ours or not theirs:
            raise Refused("no crm_token")
        if not all(hmac.compare_digest(one, ours) for one in theirs):
            raise Refused("crm_token")

    def events(self, delivery: Delivery, settings: Mapping[str, str]) -> list[CallEvent]:
        fields = forms.body(delivery)
        cmd = values.text(fields.get("cmd")).casefold()
        if not cmd:
            raise Unreadable("There is no cmd in this request; it is event, history, contact or rating.")
        if cmd == CONTACT:
            return []
        if cmd == RATING:
            raise Foreign("the rating of a call is not used")
        if cmd not in (EVENT, HISTORY):
            raise Foreign(f"{cmd[:40]} is not a command that is used here", cmd[:40])
        if not values.key(fields.get("callid")):
            raise Unreadable(
                f"There is no callid in this {cmd}; without it nobody knows which call is meant."
            )
        return [_happened(fields, delivery.at) if cmd == EVENT else _over(fields, delivery.at)]

    def reply(self, delivery: Delivery, settings: Mapping[str, str], known: KnownGuest) -> Reply:
        """Nobody is responsible for a guest: the PBX would ring that user first."""
        fields = forms.body(delivery)
        if values.text(fields.get("cmd")).casefold() != CONTACT:
            return {"status": "success"}
        number = values.number(fields.get("phone"))
        name = values.text(((known(number) if number else None) or {}).get("name"))
        return {"contact_name": name, "responsible": ""} if name else {}

    def originate(self, settings: Mapping[str, str], line: str, number: str, mark: str) -> Talk[str]:
        """`phone` without a plus: with one it is refused. The answer may be the bare id of the call."""
        answer = yield _command(settings, cmd="makeCall", phone=digits(number), user=line)
        said = _accepted(answer)
        plain = answer.body.decode("utf-8", "replace").strip(' "\r\n\t')
        told = values.text(said.get("CallID")) if isinstance(said, dict) else plain
        return told if CALL_ID.match(told) and any(char.isdigit() for char in told) else ""

    def extensions(self, settings: Mapping[str, str]) -> Talk[list[Extension]]:
        """Users without an extension are known by their login, as in the events."""
        answer = yield _command(settings, cmd="accounts")
        _accepted(answer)
        users = forms.rows(answer.json())
        found = (Extension(_line(user, "name"), values.text(user.get("realName"))) for user in users)
        return [one for one in found if one.line]


def _happened(fields: dict[str, Any], at: float) -> CallEvent:
    word = values.text(fields.get("type")).upper()
    if word not in EVENTS:
        raise Foreign(f"{word[:40]} is not an event that is used here", word[:40])
    direction = WAYS.get(values.text(fields.get("direction")).casefold(), WAYS.get(word, ""))
    talked = (
        word == "COMPLETED" and direction == IN
    )  # an outgoing call may be completed without anybody there
    outcome = "" if EVENTS[word] != END else "answered" if talked else "unknown"
    line = _line(fields, "user")
    return CallEvent(
        values.key(fields.get("callid")),
        EVENTS[word],
        at,
        outcome=outcome,
        line=line,
        **_parties(fields, direction),
    )


def _over(fields: dict[str, Any], at: float) -> CallEvent:
    """The record of a call. Of one that nobody took, its user is whoever it was meant for: nobody's line."""
    outcome = OUTCOMES.get(values.text(fields.get("status")).casefold().replace(" ", ""), "unknown")
    direction = WAYS.get(values.text(fields.get("type")).casefold(), "")
    line = _line(fields, "user") if outcome == "answered" or direction == OUT else ""
    began = _utc(fields.get("start"), at)
    parties = _parties(fields, direction)
    return CallEvent(
        values.key(fields.get("callid")), END, at, outcome=outcome, line=line, started=began, **parties
    )


def _parties(fields: dict[str, Any], direction: str) -> dict[str, Any]:
    told = values.first(fields, "phone")
    caller = values.number(told)
    if direction == IN and 0 < len(digits(bare(caller))) < SHORTEST:
        direction = INTERNAL
    ours = "telnum" if direction == OUT else "diversion"
    guest = caller if told is not None or direction == IN else None
    return {"direction": direction, "caller": guest, "did": values.number(values.first(fields, ours))}


def _line(fields: dict[str, Any], login: str) -> str:
    user = values.line(fields.get(login))
    return values.line(fields.get("ext")) or ("" if NOBODY.match(user) else user)


def _utc(value: Any, now: float) -> float | None:
    match = STARTED.match(values.text(value))
    try:
        found = datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None
    return values.moment(found.timestamp(), now) if found else None


def _command(settings: Mapping[str, str], **fields: str) -> Ask:
    if not settings.get("domain") or not settings.get("token"):
        raise Failed("unset", "the PBX's address or its key")
    return post_form(f"https://{settings['domain']}{PATH}", {**fields, "token": settings["token"]})


def _accepted(answer: Answer) -> Any:
    """An error is an object that says so; anything else may be no JSON at all."""
    if answer.status < 400 and answer.body.lstrip()[:1] not in (b"{", b"["):
        return None
    said = answer.json()
    if answer.status >= 400 or (isinstance(said, dict) and "error" in said):
        why = values.text(said.get("error")) if isinstance(said, dict) else ""
        raise Failed("refused", why or f"HTTP {answer.status}")
    return said
