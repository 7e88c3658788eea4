"""The page of the lines: who answers what, what was overlooked, a test ring."""

from __future__ import annotations

from collections.abc import Mapping

import phonenumbers

from server import phones
from server.acting import MANAGER
from server.lines import EMPLOYEE, REGISTER, of
from server.models import Account, Did, Employee, Register, Spot
from server.oversights import Notice
from server.parts import Parts
from server.web.manage_facts import Json, country_of, is_line, moment, present
from server.web.manage_lines_forms import FORMS
from server.web.manage_room import Room, forms_for
from server.web.manage_words import Say

NAMES_SHOWN = 5


def lines(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    country = country_of(parts, account)
    spots = {spot.poster_id: spot.name for spot in present(Spot, account)}
    return "lines", {
        "notices": [_notice(one, account, say, country) for one in parts.lines.warnings(account)],
        "employees": [_person(account, EMPLOYEE, one) for one in present(Employee, account)],
        "registers": [
            {**_person(account, REGISTER, one), "spot": spots.get(one.spot, ""), "at": _at(parts, one, say)}
            for one in present(Register, account)
        ],
        "spots": spots,
        "dids": [_did(one, country) for one in _dids(account)],
        "caller": example_number(country),
    }


def example_number(country: str) -> str:
    """A number that looks at home in the country, to begin a test ring with."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL) if number else ""


def _person(account: Account, kind: str, row: Employee | Register) -> Json:
    lines = ", ".join(of(account.id, kind, row.poster_id))
    return {"id": row.poster_id, "name": row.name, "role": getattr(row, "role", ""), "lines": lines}


def _at(parts: Parts, register: Register, say: Say) -> Json:
    """Whether the register is there now, and who is logged in."""
    desks = [desk for desk in parts.hub.present(register.account_id) if desk.register == register.poster_id]
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
        "usable": notice.kind == "stray_line" and is_line(notice.value),
        "owner": notice.owner,
        "text": say(f"notice.{notice.kind}", value=value, names=names, count=notice.count, at=at),
    }


ROOM = Room("lines", lines, MANAGER, forms_for(MANAGER, FORMS))
