"""The page of one call: its story, its sound, and what the owner may do about it."""

from __future__ import annotations

import time
from collections.abc import Mapping

from server import acting, audit, callbacks, flags, kin, notes, phones
from server.acting import MANAGER
from server.callbook import masks
from server.callbook.stories import Back, Guest, Leg, Step, Story, story
from server.db import reading, rows, transaction
from server.messages import clean
from server.models import Account
from server.parts import Parts
from server.providers.abilities import Failed
from server.sightings import HAD, Sighting
from server.unfit import Unfit
from server.web.manage_asking import id_in
from server.web.manage_calls_rows import lasted, row
from server.web.manage_facts import Json, moment
from server.web.manage_health import trouble
from server.web.manage_room import Form, Said, Typed, forms_for
from server.web.manage_words import Say, unfit

LINES = """SELECT DISTINCT line, employee.name FROM line_owner JOIN employee
    ON employee.account_id = line_owner.account_id AND employee.poster_id = line_owner.owner
    WHERE line_owner.account_id = ? AND kind = 'employee' AND employee.gone = 0 ORDER BY employee.name, line"""
PROVIDER = "SELECT provider FROM trunk WHERE account_id = ? ORDER BY id LIMIT 1"


def call(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    told = story(account, query["of"])
    with reading():
        lines = [{"line": line, "name": clean(name)} for line, name in rows(LINES, account.id)]
        written = _written(account, told)
    return "call", {
        "path": f"/manage/calls/{told.row.id}", "one": row(told.row, account, say),
        "steps": [_step(step, account, say) for step in told.steps],
        "legs": [_leg(leg, account, say) for leg in told.legs], "guest": _guest(told.guest, account, say),
        "back": _back(told.back, account, say), "seen": [_seen(one, say) for one in told.sightings],
        "earlier": told.earlier, "later": told.later, "lines": lines, "outcomes": notes.OUTCOMES,
        "kinds": flags.KINDS, "note": told.row.note, "may": acting.now().may(MANAGER),
        "note_masked": told.row.text != clean(written, notes.LONGEST),
        "dials": bool(told.number) and not phones.stands_in(told.number),
        "noted": say("call.noted", who=told.noted[0] or say("call.somebody"), at=moment(told.noted[1], account))
        if told.noted else "",
    }  # fmt: skip


def _step(step: Step, account: Account, say: Say) -> Json:
    who = ", ".join(step.who) or (say("call.line", line=step.line) if step.line else say("call.somebody"))
    return {
        "at": moment(step.at, account, seconds=True) if step.at else "",
        "text": say(f"step.{step.kind}", who=who),
    }


def _leg(leg: Leg, account: Account, say: Say) -> Json:
    rang = f"{moment(leg.rang[0], account, True)} – {moment(leg.rang[1], account, True)}" if leg.rang else ""
    return {"line": leg.line, "who": ", ".join(leg.who), "became": say(f"leg.{leg.became}"), "rang": rang,
            "long": lasted(int(leg.rang[1]) - int(leg.rang[0]), say) if leg.rang else ""}  # fmt: skip


def _guest(guest: Guest | None, account: Account, say: Say) -> Json | None:
    if guest is None:
        return None
    raised = [
        {"id": flag["id"], "kind": flag["kind"], "name": say(f"flag.{flag['kind']}"), "text": flag["text"],
         "by": clean(flag["by"]), "at": moment(flag["at"], account) if flag["at"] else ""}
        for flag in guest.flags
    ]  # fmt: skip
    return {"id": guest.id, "name": guest.name, "numbers": guest.numbers, "flags": raised}


def _back(back: Back | None, account: Account, say: Say) -> Json | None:
    if back is None:
        return None
    first = say("back.waited", at=moment(back.first, account), count=back.calls)
    how = "open" if back.closed is None else back.how
    end = say(f"back.{how}", minutes=back.minutes or 0, who=back.by or say("call.somebody"))
    claimed = say("back.claimed", who=back.claimed_by) if back.claimed_by and back.closed is None else ""
    return {
        "id": back.id,
        "first": first,
        "claimed": claimed,
        "end": end,
        "call": back.call,
        "open": back.closed is None,
    }


def _seen(one: Sighting, say: Say) -> Json:
    return {"name": clean(one.name) or say("call.all_registers"), "who": clean(one.who), "had": one.verdict in HAD,
            "text": say(f"sighting.{one.verdict}"),
            "took": say("call.took", ms=one.took) if one.took is not None else ""}  # fmt: skip


def _shown(account: Account, typed: Typed) -> Story:
    return story(account, typed.get("call", ""))


def _said(told: Story, part: str, text: str, good: bool = True) -> Said:
    return Said(part, text, good=good, there=f"calls/{told.row.id}")


def note(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """What the call was about; an empty note takes away what was there."""
    told, outcome = _shown(account, typed), typed.get("outcome", "")
    text = clean(typed.get("text", ""), notes.LONGEST)
    if outcome not in notes.OUTCOMES:
        raise Unfit("kind", value=outcome)
    with transaction(account.id):
        before = _written(account, told)
        kept = _kept(before, told.row.text, text)
        notes.keep(account.id, told.row.id, outcome, kept, (0, acting.now().name))
        reworded = " ✎" if kept != before else ""  # that the words are others; never the words
        after = f"{outcome or '-'}{reworded}"
        audit.note(account.id, "call_note", masks.masked(told.number), told.row.note or "-", after)
    with reading():
        parts.telling.noted(account.id, told.row.id)
    return _said(told, "note", say("saved"))


def _written(account: Account, told: Story) -> str:
    return notes.of_calls(account.id, [told.row.id]).get(told.row.id, ("", ""))[1]


def _kept(before: str, shown: str, typed: str) -> str:
    """Whoever sees the numbers in a note in part only adds to its words: those that they see would wipe them out."""
    if typed == shown:
        return before
    if shown == clean(before, notes.LONGEST):
        return typed
    added = typed.removeprefix(shown)
    kept = before + added if added != typed else f"{before} {added}".strip()
    if len(kept) > notes.LONGEST:
        raise Unfit("text_long", most=max(0, notes.LONGEST - len(before) - 1))
    return kept


def flag(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    told = _shown(account, typed)
    if told.guest is None:
        raise Unfit("guest_unknown")
    kind = typed.get("kind", "")
    flags.put_up(account.id, told.guest.id, kind, typed.get("text", ""), (0, acting.now().name))
    _tell(parts, account, told)
    return _said(told, "flags", say("flags.added"))


def unflag(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    told = _shown(account, typed)
    if told.guest is None:
        raise Unfit("guest_unknown")
    flags.take_down(account.id, told.guest.id, id_in(typed, "flag", "kind"), (0, acting.now().name))
    _tell(parts, account, told)
    return _said(told, "flags", say("flags.removed"))


def _tell(parts: Parts, account: Account, told: Story) -> None:
    """Every call of every number of the guest shows what is known now."""
    parts.guests.changed_here(account.id)
    with reading():
        others = kin.numbers_of(account.id, told.guest.id, told.number) if told.guest else []
    for number in (told.number, *others):
        parts.telling.guest_changed(account.id, number)


def back(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Rings the chosen line, then the guest; who may not see the number may call it all the same."""
    told, line = _shown(account, typed), typed.get("line", "")
    with reading():
        known = {one for one, _ in rows(LINES, account.id)}
    if line not in known:
        raise Unfit("line_unknown", value=line)
    try:
        parts.calling.dial(account, line, told.number)
    except Failed as why:
        with reading():
            provider = rows(PROVIDER, account.id)
        return _said(
            told, "back", trouble(say, provider[0][0] if provider else "", why.word, why.detail), False
        )
    with transaction(account.id):
        audit.note(account.id, "call_back", masks.masked(told.number), "", line)
    return _said(told, "back", say("back.rings", line=line))


def settled(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Nobody needs to call back any more."""
    told = _shown(account, typed)
    if told.back and told.back.closed is None:
        with transaction(account.id):
            callbacks.done(account.id, told.back.id, (0, acting.now().name), time.time())
            audit.note(account.id, "call_settled", masks.masked(told.number))
        parts.telling.missed_changed(account.id)
    return _said(told, "waiting", say("back.settled"))


def _here(form: Form) -> Form:
    """A mistake is told on the call's own page, beside its field."""

    def told(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
        try:
            return form(parts, account, typed, say)
        except Unfit as why:
            there, part = f"calls/{typed.get('call', '')}", typed.get("part", "")
            return Said(part, unfit(say, why), good=False, mistake=True, typed=typed, there=there)

    return told


VERBS = {"note": note, "flag": flag, "unflag": unflag, "back": back, "settled": settled}
FORMS = forms_for(MANAGER, {f"calls/{verb}": _here(form) for verb, form in VERBS.items()})
