"""The step of the test ring: which registers are there, ring one, and why a card did not come up."""

from __future__ import annotations

import time
from collections.abc import Mapping

from server import phones, popping, preferences, sightings
from server.db import reading, rows
from server.models import Account, Employee, Register, Spot
from server.parts import Parts
from server.preferences import ON_ANSWER
from server.unfit import Unfit
from server.web.manage_asking import id_in
from server.web.manage_facts import Json, country_of, present
from server.web.manage_lines import example_number
from server.web.manage_room import Said, Typed
from server.web.manage_words import Say

LAST_TEST = """SELECT id, number FROM call WHERE account_id = ? AND started > ? AND test <> 0
    ORDER BY started DESC LIMIT 1"""
FRESH = 900.0  # seconds in which a test ring is the one that is meant


def ring_step(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> Json:
    spots = {spot.poster_id: spot.name for spot in present(Spot, account)}
    registers = [
        {"id": one.poster_id, "name": one.name, "spot": spots.get(one.spot, ""), **there(parts, one, say)}
        for one in present(Register, account)
    ]
    ready = [one for one in registers if one["state"] == "heard"]
    missed = next((one for one in registers if str(one["id"]) == query.get("missed", "")), None)
    return {
        "registers": registers,
        "chosen": (ready or registers or [{"id": 0}])[0]["id"],
        "anybody": any(one["state"] != "problem" for one in registers),
        "caller": example_number(country_of(parts, account)),
        "missed": missed,
        "reasons": reasons(parts, account, missed["id"], say) if missed else [],
    }


def there(parts: Parts, register: Register, say: Say) -> Json:
    """Like a trunk's state, so that the page keeps it fresh the same way."""
    desks = [one for one in parts.hub.present(register.account_id) if one.register == register.poster_id]
    if not desks:
        return {
            "state": "problem",
            "text": say("register_off"),
            "trouble": "",
            "more": say("start.cure_offline"),
        }
    names = _names(register.account_id, [one.employee for one in desks if one.employee])
    if not names:
        return {
            "state": "waiting",
            "text": say("register_nobody"),
            "trouble": "",
            "more": say("start.cure_nobody"),
        }
    return {"state": "heard", "text": say("register_on", names=", ".join(names)), "trouble": "", "more": ""}


def news(parts: Parts, account: Account, say: Say) -> Json:
    return {str(one.poster_id): there(parts, one, say) for one in present(Register, account)}


def ring(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    wanted = id_in(typed, "register", "register_unknown")
    register = next((one for one in present(Register, account) if one.poster_id == wanted), None)
    if register is None:
        raise Unfit("register_unknown")
    number = phones.read(typed.get("from", ""), country_of(parts, account))
    if not number.matchable:
        raise Unfit("number", value=typed.get("from", ""))
    heard = parts.intake.test_ring(account.id, register=register.poster_id, caller=number.e164)
    word = "start.rung" if heard else "ring_offline"
    return Said("ring", say(word, name=register.name), good=bool(heard), typed=typed, there="start/ring")


def reasons(parts: Parts, account: Account, register: int, say: Say) -> list[Json]:
    """Why the last test ring may not have been seen at this register, the likeliest first: {"text", "cure"}."""
    row = Register.get(Register.account == account, Register.poster_id == register)
    now = there(parts, row, say)
    found = [_reason("offline", say)] if now["state"] == "problem" else []
    found += [_reason("nobody", say)] if now["state"] == "waiting" else []
    found += [_reason(word, say) for word in _moods(parts, account, row)]
    if not found:
        found.append(_reason("elsewhere" if _drawn(account, register) else "frozen", say))
    return found


def _reason(word: str, say: Say) -> Json:
    return {"word": word, "text": say(f"start.why_{word}"), "cure": say(f"start.cure_{word}")}


def _moods(parts: Parts, account: Account, register: Register) -> list[str]:
    """What keeps a card from coming up by itself although the register has it."""
    desks = [one for one in parts.hub.present(account.id) if one.register == register.poster_id]
    last = _last(account)
    with reading():
        quiet = any(popping.quiet(account.id, one.employee) for one in desks if one.employee)
        never = popping.never(account.id, last[1])
        on_answer = preferences.of(account.id).pop == ON_ANSWER
    return [word for word, so in (("never", never), ("on_answer", on_answer), ("quiet", quiet)) if so]


def _last(account: Account) -> tuple[str, str]:
    """The test ring that is meant: its id and number, "" if there was none just now."""
    with reading():
        found = rows(LAST_TEST, account.id, time.time() - FRESH)
    return (found[0][0], found[0][1]) if found else ("", "")


def _drawn(account: Account, register: int) -> bool:
    """Whether the register itself said that it had put the card up."""
    with reading():
        seen = sightings.of(account.id, _last(account)[0])
    return any(one.register == register and one.took is not None for one in seen)


def _names(account: int, ids: list[int]) -> list[str]:
    people = Employee.select().where(Employee.account == account, Employee.poster_id.in_(ids))
    return [one.name for one in people] or (["#" + str(ids[0])] if ids else [])
