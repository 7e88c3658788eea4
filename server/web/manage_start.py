"""The first steps: from a fresh account to a test ring, one after the other; afterwards a list of what still holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from server.acting import OWNER
from server.models import Account
from server.parts import Parts
from server.providers.abilities import Prepares
from server.web import manage_trunks
from server.web.manage_asking import prepare, trunk_of
from server.web.manage_facts import Json
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_start_lines import lines_step, save
from server.web.manage_start_phone import called, first_call, phone_step
from server.web.manage_start_ring import news, ring, ring_step
from server.web.manage_start_steps import DONE, GOOD, LINES, PHONE, RING, STEPS, shown, steps
from server.web.manage_words import Say

KEPT = ("add", "choose", "wrong", "missed", "trunk", "q")  # of the query, so that a reload finds the same


def start(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    found = steps(parts, account, say)
    wanted = query.get("of") or query.get("step", "")
    left = [step.name for step in found if step.state != GOOD]
    opened = wanted if wanted in (*STEPS, DONE) else next(iter(left), DONE)
    ends = STEPS.index(opened) + 1 if opened in STEPS else len(STEPS)
    return "start", {
        "steps": [shown(step, opened, say) for step in found],
        "opened": opened,
        "done": len(found) - len(left),
        "all_done": not left,
        "next": next(iter(left), DONE) if opened == DONE else next(iter(STEPS[ends:]), DONE),
        "its": _inside(parts, account, say, query, opened),
        "path": f"/manage/start/{opened}",
        "keep": {name: query[name] for name in KEPT if query.get(name)} if wanted else {},
    }


def _inside(parts: Parts, account: Account, say: Say, query: Mapping[str, str], opened: str) -> Json:
    if opened == PHONE:
        return phone_step(parts, account, say, query)
    if opened == LINES:
        return lines_step(parts, account, say)
    return ring_step(parts, account, say, query) if opened == RING else {}


def _add(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """The answer stands at the new connection, with its next step; our address is entered at once where we can."""
    said = manage_trunks.add(parts, account, typed, say)
    if isinstance(parts.trunks.providers[typed["provider"]], Prepares):
        said = prepare(parts, account, {"id": said.part.removeprefix("trunk-")}, say)
    else:
        said = replace(said, text=say("start.added"))
    return replace(said, there="start/phone")


def _change(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    return replace(manage_trunks.change(parts, account, typed, say), there="start/phone")


def _prepare(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    return replace(prepare(parts, account, typed, say), there="start/phone")


def _remove(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Chosen by mistake. One that has heard of calls is removed on the page of the phone, which asks first."""
    if called(trunk_of(parts, account, typed)):
        return Said("start", say("start.remove_there"), good=False, there="start/phone")
    return replace(manage_trunks.remove(parts, account, typed, say), part="start", there="start/phone")


FORMS: dict[str, Form] = {
    "start/add": _add, "start/change": _change, "start/prepare": _prepare, "start/remove": _remove,
    "start/lines": save, "start/ring": ring,
}  # fmt: skip


def _news(parts: Parts, account: Account, say: Say) -> Json:
    trunks = {str(one.id): first_call(parts, account, one, say) for one in parts.trunks.of(account)}
    return {"trunks": trunks, "registers": news(parts, account, say)}


ROOM = Room("start", start, OWNER, forms_for(OWNER, FORMS), _news)
