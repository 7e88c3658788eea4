"""What the forms of the Phone page do with a trunk: add, change, pause, remove; what others ask is beside it."""

from __future__ import annotations

from collections.abc import Mapping

from server.acting import OWNER
from server.models import Account
from server.parts import Parts
from server.providers.abilities import Pastes
from server.vault import Unreadable as Sealed
from server.web.manage_asking import give, numbers, part_of, prepare, test, trunk_of
from server.web.manage_facts import Json
from server.web.manage_health import trouble, trunk_states
from server.web.manage_phone import hears, phone
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_sheet import sheet
from server.web.manage_words import Say


def add(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    provider = typed.get("provider", "")
    trunk = parts.trunks.add(account, provider, _settings(parts, provider, typed))
    if isinstance(parts.trunks.providers[provider], Pastes):
        word = "trunk_added_lines"
    else:
        word = "trunk_added" if hears(parts, provider) else "trunk_added_out"
    return Said(part_of(trunk), say(word))


def change(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """What was wrong may be over now; if it is not, it will be said again."""
    trunk = trunk_of(parts, account, typed)
    forget = [name.removeprefix("forget.") for name in typed if name.startswith("forget.")]
    try:
        parts.trunks.update(trunk, _settings(parts, trunk.provider, typed), forget)
    except Sealed:
        return Said(part_of(trunk), trouble(say, trunk.provider, "sealed"), good=False)
    parts.health.well(trunk.id)
    return Said(part_of(trunk), say("saved"))


def remove(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk = trunk_of(parts, account, typed)
    parts.intake.hang_up_all(account.id, trunk.id)
    parts.trunks.remove(trunk)
    return Said("trunks", say("trunk_removed"))


def pause(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk, paused = trunk_of(parts, account, typed), bool(typed.get("paused"))
    parts.trunks.pause(trunk, paused)
    return Said(part_of(trunk), say("paused" if paused else "resumed"))


FORMS: dict[str, Form] = {
    "phone": add,
    "phone/change": change,
    "phone/remove": remove,
    "phone/pause": pause,
    "phone/test": test,
    "phone/prepare": prepare,
    "phone/numbers": numbers,
    "phone/give": give,
}


def _settings(parts: Parts, provider: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What the form's fields of this provider say."""
    names = [field.name for field in parts.trunks.fields(provider)]
    return {name: typed[f"set.{name}"] for name in names if f"set.{name}" in typed}


def _news(parts: Parts, account: Account, say: Say) -> Json:
    return {"trunks": trunk_states(parts, account, say)}


ROOM = Room("phone", phone, OWNER, forms_for(OWNER, FORMS), _news)
SHEET = Room("sheet", sheet, OWNER, listed=False, within="phone")
