"""Whether everything works, and the cure where it does not."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from server import acting, doctor, phones
from server.acting import MANAGER, OWNER, VIEWER
from server.callbook import masks
from server.db import reading
from server.doctor import BAD, GOOD, WARN, Finding, blind, box, registers, saying
from server.models import Account
from server.parts import Parts
from server.sightings import HAD
from server.web.manage_facts import Json, country_of, moment
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

# The beginning of a kind -> the page where it is cured, and who may open that.
CURED = {"trunk": ("phone", OWNER), "no_trunk": ("phone", OWNER), "stray": ("lines", MANAGER),
         "left": ("lines", MANAGER), "alerts": ("alerts", OWNER)}  # fmt: skip
MINUTE, HOUR = 60, 3600


def page(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    if parts.probes.told_at(account.id) is None:
        for whom in (account.id, None):
            parts.probes.ask(whom)
    with reading():
        there = registers.of(parts, account.id)
    found = _found(parts, account)
    unseen = blind.unseen(account.id)
    when = _clock(account)
    searched = _searched(parts, account, query.get("number", ""))
    counts = {level: sum(one.level == level for one in found) for level in (BAD, WARN, GOOD)}
    return "doctor", {
        "light": doctor.worst(one.level for one in found),
        "counts": counts,
        "wrong": [_row(say, one, when) for one in found if one.level != GOOD],
        "fine": [_row(say, one, when) for one in found if one.level == GOOD],
        "registers": [_register(say, one, when) for one in there],
        "asked": _asked(parts, account, say),
        "unseen": [_call(parts, account, say, one) for one in (unseen if searched is None else searched)],
        "number": query.get("number", "").strip()[:40],
        "searching": searched is not None,
        "report": saying.report(box.version(), found, there, (one.in_short for one in unseen)),
        "keep": {"number": query["number"]} if query.get("number") else {},
    }


def again(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Asks Poster and the network once more, behind the page."""
    began = [parts.probes.ask(whom) for whom in (account.id, None)]
    busy = parts.probes.asking(account.id) or parts.probes.asking(None)
    return Said("probes", say("doctor.again_said" if any(began) or busy else "doctor.again_soon"))


def _found(parts: Parts, account: Account) -> list[Finding]:
    """The account's own, and what of the box concerns everybody: never what others' notices were refused for."""
    of_box = [one for one in doctor.findings(parts, None) if _concerns(one)]
    both = [*doctor.findings(parts, account.id), *of_box]
    return sorted(both, key=lambda one: doctor.LEVELS.index(one.level))


def _concerns(one: Finding) -> bool:
    return one.kind != "hooks_refused"


def _clock(account: Account) -> Callable[[float], str]:
    return lambda at: moment(at, account)


def _row(say: Say, one: Finding, when: Callable[[float], str]) -> Json:
    room, role = next((cured for kind, cured in CURED.items() if one.kind.startswith(kind)), ("", ""))
    return {
        "kind": one.kind, "level": one.level, "text": saying.sentence(say, one, when),
        "cure": saying.cure(say, one, when), "room": room if room and acting.now().may(role) else "",
    }  # fmt: skip


def _register(say: Say, one: registers.Register, when: Callable[[float], str]) -> Json:
    on = say("doctor.on_polls" if one.polls else "doctor.on")
    states = {"on": on, "off": say("doctor.off", at=when(one.seen_at or 0)), "never": say("doctor.never")}
    level = doctor.worst(finding.level for finding in one.findings)
    return {
        "name": one.name, "spot": one.spot_name, "level": level, "state": states[one.state],
        "who": ", ".join(one.who) or (say("doctor.nobody") if one.state == "on" else ""),
        "speed": one.speed, "version": one.version,
    }  # fmt: skip


def _asked(parts: Parts, account: Account, say: Say) -> str:
    told = [at for at in (parts.probes.told_at(account.id), parts.probes.told_at(None)) if at]
    if parts.probes.asking(account.id) or parts.probes.asking(None) or len(told) < 2:
        return say("doctor.asking")
    return say("doctor.asked", at=_ago(say, time.time() - min(told)))


def _ago(say: Say, seconds: float) -> str:
    if seconds < 2 * MINUTE:
        return say("doctor.ago_s", count=int(seconds))
    if seconds < 2 * HOUR:
        return say("doctor.ago_m", count=int(seconds // MINUTE))
    return say("doctor.ago_h", count=int(seconds // HOUR))


def _searched(parts: Parts, account: Account, text: str) -> list[blind.Seen] | None:
    """By a whole number only: parts of one would tell it to somebody who must not see it."""
    if not text.strip():
        return None
    number = phones.read(text, country_of(parts, account))
    return blind.of_number(account.id, number.e164) if number.matchable else []


def _call(parts: Parts, account: Account, say: Say, one: blind.Seen) -> Json:
    return {
        "id": one.id,
        "at": moment(one.started, account),
        "number": masks.shown(one.number, account) or say("doctor.hidden"),
        "lines": [_line(parts, account, say, line) for line in one.lines],
        "seen": [
            {"name": seen.name or (say("doctor.all") if not seen.register else f"№ {seen.register}"),
             "who": seen.who, "had": seen.verdict in HAD, "took": seen.took,
             "text": say(f"sighting.{seen.verdict}")}
            for seen in one.sightings
        ],
    }  # fmt: skip


def _line(parts: Parts, account: Account, say: Say, line: str) -> str:
    """Whose it is now: a line of somebody who is logged in nowhere is the commonest reason of all."""
    names = ", ".join(owner.name for owner in parts.lines.owners(account, line))
    return say("doctor.line", value=line, names=names) if names else say("doctor.line_nobody", value=line)


FORMS: dict[str, Form] = {"doctor/again": again}
ROOM = Room("doctor", page, VIEWER, forms_for(VIEWER, FORMS))
