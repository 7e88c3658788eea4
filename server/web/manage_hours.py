"""The page of the working hours: when each spot works, who covers for it, when the business day begins."""

from __future__ import annotations

import time
from collections.abc import Mapping

from server import covering, hours
from server.acting import MANAGER
from server.models import Account, Register, Spot
from server.parts import Parts
from server.unfit import Unfit
from server.web.manage_asking import id_in
from server.web.manage_choices import choices, saver
from server.web.manage_facts import Json, present
from server.web.manage_room import Form, Room, Said, Typed, forms_for
from server.web.manage_words import Say

SHOWN = ("day_starts",)
WEEK = range(7)


def view(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    spots = {spot.poster_id: spot.name for spot in present(Spot, account)}
    registers = [(one.poster_id, one.name, spots.get(one.spot, "")) for one in present(Register, account)]
    return "hours", {
        "spots": [_spot(account, spot, name, registers, say) for spot, name in spots.items()],
        "days": [say(f"hours.day_{day}") for day in WEEK],
        "zone": account.timezone or "UTC",
        "preferences": choices(SHOWN, account, say),
    }


def _spot(account: Account, spot: int, name: str, registers: list[tuple[int, str, str]], say: Say) -> Json:
    week, covers = hours.week(account.id, spot), covering.of(account.id, spot)
    word = (
        ("hours.open" if hours.works(account.id, spot, time.time()) else "hours.shut")
        if week
        else "hours.always"
    )
    return {
        "id": spot,
        "name": name,
        "now": say(word),
        "set": bool(week),
        "week": [tuple(map(hours.clock, week[day])) if day in week else ("", "") for day in WEEK],
        "registers": [
            {"id": one, "name": title, "spot": its, "covers": one in covers} for one, title, its in registers
        ],
    }


def save(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    spans = [hours.span(typed.get(f"opens.{day}", ""), typed.get(f"closes.{day}", "")) for day in WEEK]
    if typed.get("copy"):
        spans = [spans[0]] * len(spans)
    week = {day: span for day, span in enumerate(spans) if span}
    hours.set_week(account.id, id_in(typed, "spot", "spot_unknown"), week)
    return Said(typed.get("part", ""), say("hours.saved" if week else "hours.saved_always"))


def cover(parts: Parts, account: Account, typed: Typed, say: Say) -> Said:
    """Calls that ring now go by the new choice at once."""
    chosen = [name.removeprefix("register.") for name in typed if name.startswith("register.")]
    if not all(one.isascii() and one.isdigit() and len(one) < 16 for one in chosen):
        raise Unfit("register_unknown")
    registers = {int(one) for one in chosen}
    if covering.choose(account.id, id_in(typed, "spot", "spot_unknown"), registers):
        parts.telling.account_changed(account.id)
    return Said(typed.get("part", ""), say("saved"))


FORMS: dict[str, Form] = {"hours": save, "hours/cover": cover, "hours/choose": saver(SHOWN)}

ROOM = Room("hours", view, MANAGER, forms_for(MANAGER, FORMS), listed=False, within="lines")
