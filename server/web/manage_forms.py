"""What the forms of the Manage pages do: each gets the token's own account and returns what to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server import phones
from server.background import start
from server.lines import EMPLOYEE, REGISTER, of
from server.models import Account, Register
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_pages import Said
from server.web.manage_views import country_of
from server.web.manage_words import Say

COPY_PATIENCE = 2.0  # seconds that a person waits for Poster's copy before "saved" is said without it

Typed = Mapping[str, str]


def save_lines(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    kind, owner = typed.get("kind", ""), _id(typed, "id", f"{EMPLOYEE}_unknown")
    if kind == REGISTER:
        parts.lines.set_register(account, owner, typed.get("lines", ""))
        return Said(typed.get("part", ""), say("saved"))
    parts.lines.set_employee(account, owner, typed.get("lines", ""))
    return _copied(parts, account, owner, say, typed.get("part", ""))


def save_did(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """An outside number's spot, or that the number goes off the list."""
    removed = bool(typed.get("remove"))
    spot = None if removed else _id(typed, "spot", "spot_unknown")
    parts.lines.set_did(account, typed.get("number", ""), spot)
    if typed.get("part") != "did-new":
        return Said(typed.get("part", ""), say("saved"))
    return Said("did-new", say("did_removed") if removed else say("did_saved"))


def give_line(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """One more line for an employee: the cure for a call that came to a line of nobody's."""
    employee = _id(typed, "id", f"{EMPLOYEE}_unknown")
    parts.lines.set_employee(account, employee, [*of(account.id, EMPLOYEE, employee), typed.get("line", "")])
    return _copied(parts, account, employee, say, "notices")


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
    "lines/give": give_line,
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


def _copied(parts: Parts, account: Account, employee: int, say: Say, part: str) -> Said:
    """Gives Poster its copy and says so. One that takes longer goes on behind the page."""
    try:
        copied = start(parts.lines.write_extras, account.id, employee).result(COPY_PATIENCE)
    except TimeoutError:
        copied = True
    return Said(part, say("saved") if copied else say("saved_here"))
