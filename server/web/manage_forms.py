"""What the forms of the Manage pages do: each gets the token's own account and returns what to say."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from server import phones
from server.lines import EMPLOYEE, REGISTER
from server.models import Account, Register
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_pages import Said
from server.web.manage_views import country_of
from server.web.words import Say

COPY_PATIENCE = 2.0  # seconds that a person waits for Poster's copy before "saved" is said without it

Typed = Mapping[str, str]


def save_lines(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    kind, owner = typed.get("kind", ""), _id(typed, "id", f"{EMPLOYEE}_unknown")
    if kind == REGISTER:
        parts.lines.set_register(account, owner, typed.get("lines", ""))
        return Said(f"register-{owner}", say("saved"))
    parts.lines.set_employee(account, owner, typed.get("lines", ""))
    copied = _copied(parts, account, owner)
    return Said(f"employee-{owner}", say("saved") if copied else say("saved_here"))


def save_did(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """An outside number's spot; without a spot the number is taken off the list."""
    spot = _id(typed, "spot", "spot_unknown") if typed.get("spot") else None
    number = parts.lines.set_did(account, typed.get("number", ""), spot)
    part = f"did-{phones.digits(number)}" if typed.get("part") != "did-new" and spot else "did-new"
    return Said(part, say("saved") if spot else say("did_removed"))


def add_trunk(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    provider = typed.get("provider", "")
    trunk = parts.trunks.add(account, provider, _settings(parts, provider, typed))
    return Said(f"trunk-{trunk.id}", say("trunk_added"))


def change_trunk(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    trunk = parts.trunks.one(account, _id(typed, "id", "trunk_unknown"))
    forget = [name.removeprefix("forget.") for name in typed if name.startswith("forget.")]
    parts.trunks.update(trunk, _settings(parts, trunk.provider, typed), forget)
    return Said(f"trunk-{trunk.id}", say("saved"))


def remove_trunk(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    parts.trunks.remove(parts.trunks.one(account, _id(typed, "id", "trunk_unknown")))
    return Said("trunks", say("trunk_removed"))


def ring(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Rings one register and tells in words what came of it."""
    register = Register.get_or_none(
        Register.account == account, Register.poster_id == _id(typed, "register", "register_unknown")
    )
    if register is None or register.gone:
        raise Unfit("register_unknown")
    number = phones.read(typed.get("from", ""), country_of(parts, account))
    if not number.matchable:
        raise Unfit("number", value=typed.get("from", ""))
    heard = parts.intake.test_ring(account.id, register=register.poster_id, caller=number.e164)
    desks = [desk for desk in parts.hub.listeners(account.id) if desk.register == register.poster_id]
    if not heard:
        return Said("ring", say("ring_offline", name=register.name), good=False, typed=typed)
    word = "ring_heard" if any(desk.employee for desk in desks) else "ring_nobody"
    return Said("ring", say(word, name=register.name, count=heard), typed=typed)


Form = Callable[[Parts, Account, Typed, Say], Said]

# What follows /manage/ in a form's address. The word before the slash is the page that is shown afterwards.
FORMS: dict[str, Form] = {
    "lines": save_lines,
    "lines/did": save_did,
    "lines/ring": ring,
    "phone": add_trunk,
    "phone/change": change_trunk,
    "phone/remove": remove_trunk,
}


def _settings(parts: Parts, provider: str, typed: Typed) -> dict[str, str]:
    """What the form's fields of this provider say."""
    names = [field.name for field in parts.trunks.fields(provider)]
    return {name: typed[f"set.{name}"] for name in names if f"set.{name}" in typed}


def _id(typed: Typed, name: str, otherwise: str) -> int:
    text = typed.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise Unfit(otherwise)
    return int(text)


def _copied(parts: Parts, account: Account, employee: int) -> bool:
    """Gives Poster its copy; false when that failed. One that takes longer goes on behind the page."""
    outcome: list[bool] = []
    copying = threading.Thread(
        target=lambda: outcome.append(parts.lines.write_extras(account.id, employee)), daemon=True
    )
    copying.start()
    copying.join(COPY_PATIENCE)
    return not outcome or outcome[0]
