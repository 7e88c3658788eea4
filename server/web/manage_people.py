"""People's data: how long it is kept, erasing and handing out what is known of somebody."""

from __future__ import annotations

from collections.abc import Mapping

from server.acting import OWNER
from server.models import Account
from server.parts import Parts
from server.web.manage_facts import Json
from server.web.manage_room import Room
from server.web.manage_words import Say


def people(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    return "people", {}


ROOM = Room("people", people, OWNER)
