"""The verbs of the registers' door: what they learn and say about guests."""

from __future__ import annotations

import time

from server import directory, flags, kin, phones, places
from server.background import detach
from server.guests import cards
from server.messages import clean
from server.parts import Parts
from server.unfit import Unfit
from server.web.registers_ask import Ask, Json, Verb, refused

LONGEST_TEXT = 400  # of what somebody types; it is cut further where it is kept


def flag(parts: Parts, ask: Ask) -> Json:
    guest = ask.number("guest")
    try:
        flags.put_up(ask.account.id, guest, ask.text("kind", 20), ask.text("text", LONGEST_TEXT), ask.who)
    except Unfit as why:
        return refused(why.word)
    return _flags(parts, ask, guest)


def unflag(parts: Parts, ask: Ask) -> Json:
    guest = ask.number("guest")
    flags.take_down(ask.account.id, guest, ask.number("flag"), ask.who)
    return _flags(parts, ask, guest)


def _flags(parts: Parts, ask: Ask, guest: int) -> Json:
    detach(parts.flag_copies.copy, ask.account.id, guest)
    _tell(parts, ask, guest)
    return {"ok": True, "flags": flags.of_guest(ask.account.id, guest)}


def streets(parts: Parts, ask: Ask) -> Json:
    return {"ok": True, "streets": places.streets.suggest(ask.account.id, ask.text("text", 100))}


def place(parts: Parts, ask: Ask) -> Json:
    account, guest, typed = ask.account, ask.number("guest"), ask.body.get("place")
    if not kin.living(account.id, guest):
        return refused("guest_unknown")
    if not isinstance(typed, dict) or not places.remember(account.id, guest, typed, account.lang):
        return refused("place")
    _tell(parts, ask, guest)
    return {"ok": True, "addresses": places.of(account.id, guest, *kin.own_address(account.id, guest))}


def same(parts: Parts, ask: Ask) -> Json:
    name, address = clean(ask.text("name")), clean(ask.text("address"), places.LONGEST)
    return {"ok": True, "guests": kin.same(ask.account.id, _number(parts, ask), name, address)}


def join(parts: Parts, ask: Ask) -> Json:
    number, guest = _number(parts, ask), ask.number("guest")
    if not number:
        return refused("number")
    try:
        kin.join(ask.account.id, guest, number, ask.who)
    except Unfit as why:
        return refused(why.word)
    return _kin_changed(parts, ask, guest, number)


def part(parts: Parts, ask: Ask) -> Json:
    number, guest = _number(parts, ask), ask.number("guest")
    if not number:
        return refused("number")
    kin.part(ask.account.id, guest, number)
    return _kin_changed(parts, ask, guest, number)


def _kin_changed(parts: Parts, ask: Ask, guest: int, number: str) -> Json:
    _tell(parts, ask, guest, number)
    card = directory.card(ask.account.id, number) or cards.card(cards.UNKNOWN, number)
    return {"ok": True, "guest": {**card, "version": int(time.time() * 1000)}}


def _tell(parts: Parts, ask: Ask, guest: int, *more: str) -> None:
    """Every call of every number of the guest shows what is known now."""
    parts.guests.changed_here(ask.account.id)
    for number in dict.fromkeys([*more, *kin.numbers_of(ask.account.id, guest, "")]):
        parts.telling.guest_changed(ask.account.id, number)


def _number(parts: Parts, ask: Ask) -> str:
    """E.164, "" when nobody can be called by it."""
    country = ask.account.country or parts.settings.default_country
    number = phones.read(ask.text("number", 64), country)
    return number.e164 if number.matchable else ""


VERBS: dict[str, Verb] = {
    "flag": flag, "unflag": unflag, "streets": streets, "place": place, "same": same, "join": join, "part": part,
}  # fmt: skip
