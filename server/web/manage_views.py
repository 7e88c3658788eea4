"""What the Manage pages show: plain data for the templates, of the one account that the token opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from server import phones
from server.lines import EMPLOYEE, REGISTER, of, parse
from server.models import Account, Did, Employee, Register, Spot, Trunk
from server.oversights import Notice
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_words import Say, company, in_words, label

Json = dict[str, Any]
View = tuple[str, Json]
NAMES_SHOWN = 5
# Ukrainian letters to their places in the alphabet: in Unicode they stand behind (or before) all others.
ALPHABET = str.maketrans({"ґ": "г\uffff", "є": "е\uffff", "і": "и\uffff", "ї": "и\uffff\uffff"})


def lines(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> View:
    country = country_of(parts, account)
    spots = {spot.poster_id: spot.name for spot in _present(Spot, account)}
    return "lines", {
        "notices": [_notice(one, account, say, country) for one in parts.lines.warnings(account)],
        "employees": [_person(account, EMPLOYEE, one) for one in _present(Employee, account)],
        "registers": [
            {**_person(account, REGISTER, one), "spot": spots.get(one.spot, ""), "at": _at(parts, one, say)}
            for one in _present(Register, account)
        ],
        "spots": spots,
        "dids": [_did(one, country) for one in _dids(account)],
        "caller": example_number(country),
    }


def phone(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> View:
    return "phone", {
        "trunks": [_trunk(parts, account, one, say) for one in parts.trunks.of(account)],
        "providers": {
            name: company(say, name, known.title) for name, known in parts.trunks.providers.items()
        },
        "adding": query.get("add", "") if query.get("add", "") in parts.trunks.providers else "",
        "fields": _fields(parts, query.get("add", ""), {}, say),
        "removing": query.get("remove", ""),
    }


VIEWS: dict[str, Callable[[Parts, Account, Say, Mapping[str, str]], View]] = {"lines": lines, "phone": phone}


def trunk_states(parts: Parts, account: Account, say: Say) -> dict[str, Json]:
    """Each trunk's state for the page that waits for the first event: {id: {"state", "text"}}."""
    return {str(one.id): _state(parts, account, one, say) for one in parts.trunks.of(account)}


def country_of(parts: Parts, account: Account) -> str:
    return account.country or parts.settings.default_country


def example_number(country: str) -> str:
    """A number that looks at home in the country, to begin a test ring with."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""


def _present(model: Any, account: Account) -> list[Any]:
    rows = model.select().where(model.account == account, model.gone == False)  # noqa: E712
    return sorted(rows, key=lambda row: row.name.casefold().translate(ALPHABET))


def _person(account: Account, kind: str, row: Employee | Register) -> Json:
    lines = ", ".join(of(account.id, kind, row.poster_id))
    return {"id": row.poster_id, "name": row.name, "role": getattr(row, "role", ""), "lines": lines}


def _at(parts: Parts, register: Register, say: Say) -> Json:
    """Whether the register is there now, and who is logged in."""
    desks = [desk for desk in parts.hub.listeners(register.account_id) if desk.register == register.poster_id]
    if not desks:
        return {"state": "off", "text": say("register_off")}
    ids = [desk.employee for desk in desks if desk.employee]
    people = Employee.select().where(Employee.account == register.account_id, Employee.poster_id.in_(ids))
    names = ", ".join(one.name for one in people)
    return {"state": "on", "text": say("register_on", names=names) if names else say("register_nobody")}


def _dids(account: Account) -> list[Did]:
    return list(Did.select().where(Did.account == account).order_by(Did.number))


def _did(row: Did, country: str) -> Json:
    return {
        "number": row.number,
        "part": f"did-{phones.digits(row.number)}",
        "shown": phones.read(row.number, country).shown or row.number,
        "spot": row.spot,
    }


def _notice(notice: Notice, account: Account, say: Say, country: str) -> Json:
    value = phones.read(notice.value, country).shown if notice.kind == "stray_did" else notice.value
    names = ", ".join(notice.names[:NAMES_SHOWN]) + ("…" if len(notice.names) > NAMES_SHOWN else "")
    at = moment(notice.last_at, account) if notice.last_at else ""
    return {
        "kind": notice.kind,
        "harmless": notice.harmless,
        "value": notice.value,
        "usable": notice.kind == "stray_line" and _is_line(notice.value),
        "owner": notice.owner,
        "text": say(f"notice.{notice.kind}", value=value, names=names, count=notice.count, at=at),
    }


def _is_line(value: str) -> bool:
    """Companies may ring lines with letters, which nobody can be given here."""
    try:
        return bool(parse(value))
    except Unfit:
        return False


def _trunk(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    known = parts.trunks.providers.get(trunk.provider)
    return {
        "id": trunk.id,
        "provider": trunk.provider,
        "title": company(say, trunk.provider, known.title if known else trunk.provider),
        "url": parts.trunks.hook_url(trunk),
        "fields": _fields(parts, trunk.provider, parts.trunks.settings_of(trunk), say),
        **_state(parts, account, trunk, say),
    }


def _fields(parts: Parts, provider: str, settings: Mapping[str, str], say: Say) -> list[Json]:
    """The provider's own fields. Of a secret only whether it is set leaves this function."""
    return [
        {
            "name": field.name,
            "label": label(say, field),
            "hint": in_words(say, field.hint),
            "secret": field.secret,
            "required": field.required,
            "set": bool(settings.get(field.name)),
            "value": "" if field.secret else settings.get(field.name, ""),
        }
        for field in parts.trunks.fields(provider)
    ]


def _state(parts: Parts, account: Account, trunk: Trunk, say: Say) -> Json:
    if trunk.last_at is None:
        return {"state": "waiting", "text": say("trunk_waiting")}
    at = moment(trunk.last_at, account)
    if not trunk.last_did and not trunk.last_from:
        return {"state": "heard", "text": say("trunk_event", at=at)}
    did = (
        phones.read(trunk.last_did, country_of(parts, account)).shown
        or trunk.last_did
        or say("trunk_some_number")
    )
    word = "trunk_call" if trunk.last_from else "trunk_call_withheld"
    return {"state": "heard", "text": say(word, caller=trunk.last_from, did=did, at=at)}


def moment(at: float, account: Account) -> str:
    """The time as the restaurant's clock shows it; with the day, unless it is today."""
    try:
        zone: Any = ZoneInfo(account.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    then, now = datetime.fromtimestamp(at, zone), datetime.now(zone)
    return f"{then:%H:%M}" if then.date() == now.date() else f"{then:%d.%m %H:%M}"
