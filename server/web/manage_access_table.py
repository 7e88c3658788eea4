"""Which role may do what: read off the pages themselves, so that it cannot be wrong."""

from __future__ import annotations

from server.acting import MANAGER, OWNER, VIEWER, Actor
from server.web.manage_facts import Json
from server.web.manage_room import Room
from server.web.manage_words import Say

COLUMNS = (VIEWER, MANAGER, OWNER)


def table(say: Say) -> Json:
    from server.web.manage_rooms import ROOMS

    rows = [_row(one, list(ROOMS.values()), say) for one in ROOMS.values() if one.listed]
    return {"columns": [say(f"role.{role}") for role in COLUMNS], "rows": rows}


def _row(room: Room, rooms: list[Room], say: Say) -> Json:
    """With the pages that belong to it."""
    family = [one for one in rooms if room.name in (one.name, one.within)]
    cells = [_word(Actor(role), room, family) for role in COLUMNS]
    return {
        "name": say(f"nav.{room.name}"),
        "cells": [{"word": word, "text": say(f"may.{word}")} for word in cells],
    }


def _word(actor: Actor, room: Room, family: list[Room]) -> str:
    if not actor.may(room.role):
        return "nothing"
    asked = [role for one in family for role, _ in one.forms.values()]
    allowed = [actor.may(role) for role in asked]
    pages = all(actor.may(one.role) for one in family)
    if all(allowed) and pages:
        return "everything" if asked else "see"
    return "some" if any(allowed) else "see"
