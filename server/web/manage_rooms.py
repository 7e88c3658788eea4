"""All Manage pages, in the order of the navigation: one line each."""

from __future__ import annotations

from server.acting import OWNER, Actor
from server.models import Account, Trunk
from server.web import (
    manage_access,
    manage_alerts,
    manage_bulk,
    manage_calls,
    manage_card,
    manage_doctor,
    manage_history,
    manage_hours,
    manage_lines,
    manage_people,
    manage_reports,
    manage_start,
    manage_trunks,
)
from server.web.manage_room import Form, Room

ROOMS: dict[str, Room] = {
    room.name: room
    for room in (
        manage_start.ROOM,
        manage_calls.ROOM,
        manage_reports.ROOM,
        manage_lines.ROOM,
        manage_hours.ROOM,
        manage_bulk.ROOM,
        manage_trunks.ROOM,
        manage_trunks.SHEET,
        manage_card.ROOM,
        manage_alerts.ROOM,
        manage_people.ROOM,
        manage_access.ROOM,
        manage_history.ROOM,
        manage_doctor.ROOM,
    )
}
# What follows /manage/ in a form's address -> who may send it, what it does. The word before the slash is the page
# that is shown afterwards.
FORMS: dict[str, tuple[str, Form]] = {
    verb: form for room in ROOMS.values() for verb, form in room.forms.items()
}


def home(account: Account, actor: Actor) -> str:
    """Where Manage opens: at the first steps until there is a phone."""
    begun = Trunk.select().where(Trunk.account == account).exists()
    return "calls" if begun or not actor.may(OWNER) else "start"
