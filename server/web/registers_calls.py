"""The verbs of the registers' door: call-backs, notes, numbers that never pop up."""

from __future__ import annotations

import time

from server import callbacks, handing, journal, notes, phones, popping
from server.hub import Poller
from server.messages import clean
from server.parts import Parts
from server.web.registers_ask import Ask, Json, Verb, refused

OK: Json = {"ok": True}


def claim(parts: Parts, ask: Ask) -> Json:
    return _taken(parts, ask, callbacks.claim)


def release(parts: Parts, ask: Ask) -> Json:
    return _taken(parts, ask, callbacks.release)


def _taken(parts: Parts, ask: Ask, take: callbacks.Taking) -> Json:
    try:
        holder = take(ask.account.id, ask.number("id"), _who(ask), time.time())
    except LookupError:
        return refused("gone")
    if holder is not None:
        return refused("claimed", by=holder)
    parts.telling.missed_changed(ask.account.id)
    return OK


def done(parts: Parts, ask: Ask) -> Json:
    if not callbacks.done(ask.account.id, ask.number("id"), _who(ask), time.time()):
        return refused("gone")
    parts.telling.missed_changed(ask.account.id)
    return OK


def note(parts: Parts, ask: Ask) -> Json:
    outcome, text = ask.text("outcome"), clean(ask.text("text"), notes.LONGEST)
    if outcome not in notes.OUTCOMES:
        return refused("outcome")
    if not notes.keep(ask.account.id, ask.text("call", 40), outcome, text, ask.who):
        return refused("call_unknown")
    parts.telling.noted(ask.account.id, ask.text("call", 40))
    return OK


def never(parts: Parts, ask: Ask) -> Json:
    account = ask.account
    number = phones.read(ask.text("number"), parts.telling.showing.country(account.id))
    if not number.matchable:
        return refused("number")
    if ask.yes("on"):
        popping.hush(account.id, number.e164, ask.text("kind"), ask.who)
        callbacks.done_with(account.id, number.e164, _who(ask), time.time())
    else:
        popping.let_pop(account.id, number.e164, ask.who)
    parts.telling.account_changed(account.id)
    return OK


def quiet(parts: Parts, ask: Ask) -> Json:
    """For whoever is logged in, at every register where they are."""
    if not ask.who[0]:
        return refused("employee")
    popping.set_quiet(ask.account.id, ask.who[0], ask.yes("on"))
    parts.telling.employee_changed(ask.account.id, ask.who[0])
    return OK


def reveal(parts: Parts, ask: Ask) -> Json:
    call = journal.get(ask.account.id, ask.text("call", 40))
    shown = parts.telling.reveal(call, _desk(ask), ask.who) if call else None
    return {**OK, **shown} if shown else refused("call_unknown")


def handover(parts: Parts, ask: Ask) -> Json:
    now = time.time()
    return {
        **OK,
        "missed": parts.telling.missed(_desk(ask)),
        "promises": handing.promises(ask.account.id, ask.spot, now),
        "flags": handing.raised(ask.account.id, now),
    }


def _desk(ask: Ask) -> Poller:
    return Poller(ask.account.id, ask.register, ask.spot, ask.employee)


def _who(ask: Ask) -> tuple[int, str]:
    """Who takes a call-back on: somebody whose name Poster has not told us yet is somebody nevertheless."""
    return ask.employee or 0, ask.who[1]


VERBS: dict[str, Verb] = {
    "claim": claim, "release": release, "done": done, "note": note, "never": never, "quiet": quiet,
    "reveal": reveal, "handover": handover,
}  # fmt: skip
