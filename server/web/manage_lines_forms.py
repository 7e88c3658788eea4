"""What the forms of the page of the lines do."""

from __future__ import annotations

from server import phones
from server.background import start
from server.lines import EMPLOYEE, REGISTER, of
from server.models import Account, Register
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_asking import Form, Typed, id_in
from server.web.manage_facts import country_of
from server.web.manage_pages import Said
from server.web.manage_words import Say

COPY_PATIENCE = 2.0  # seconds that a person waits for Poster's copy before "saved" is said without it


def save_lines(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    kind, owner = typed.get("kind", ""), id_in(typed, "id", f"{EMPLOYEE}_unknown")
    if kind == REGISTER:
        parts.lines.set_register(account, owner, typed.get("lines", ""))
        return Said(typed.get("part", ""), say("saved"))
    parts.lines.set_employee(account, owner, typed.get("lines", ""))
    return _copied(parts, account, owner, say, typed.get("part", ""))


def save_did(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """An outside number's spot, or that the number goes off the list."""
    removed = bool(typed.get("remove"))
    spot = None if removed else id_in(typed, "spot", "spot_unknown")
    parts.lines.set_did(account, typed.get("number", ""), spot)
    if typed.get("part") != "did-new":
        return Said(typed.get("part", ""), say("saved"))
    return Said("did-new", say("did_removed") if removed else say("did_saved"))


def give_line(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """One more line for an employee: the cure for a call that came to a line of nobody's."""
    employee = id_in(typed, "id", f"{EMPLOYEE}_unknown")
    parts.lines.set_employee(account, employee, [*of(account.id, EMPLOYEE, employee), typed.get("line", "")])
    return _copied(parts, account, employee, say, "notices")


def ring(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Rings one register and tells in words what came of it."""
    register = Register.get_or_none(
        Register.account == account, Register.poster_id == id_in(typed, "register", "register_unknown")
    )
    if register is None or register.gone:
        raise Unfit("register_unknown")
    number = phones.read(typed.get("from", ""), country_of(parts, account))
    if not number.matchable:
        raise Unfit("number", value=typed.get("from", ""))
    heard = parts.intake.test_ring(account.id, register=register.poster_id, caller=number.e164)
    desks = [desk for desk in parts.hub.present(account.id) if desk.register == register.poster_id]
    if not heard:
        return Said("ring", say("ring_offline", name=register.name), good=False, typed=typed)
    word = "ring_heard" if any(desk.employee for desk in desks) else "ring_nobody"
    return Said("ring", say(word, name=register.name, count=heard), typed=typed)


FORMS: dict[str, Form] = {
    "lines": save_lines, "lines/did": save_did, "lines/give": give_line, "lines/ring": ring,
}  # fmt: skip


def _copied(parts: Parts, account: Account, employee: int, say: Say, part: str) -> Said:
    """Gives Poster its copy and says so. One that takes longer goes on behind the page."""
    try:
        copied = start(parts.lines.write_extras, account.id, employee).result(COPY_PATIENCE)
    except TimeoutError:
        copied = True
    return Said(part, say("saved") if copied else say("saved_here"))
