"""Who may open Manage and do what, and who changed what."""

from __future__ import annotations

from collections.abc import Mapping

from server.acting import OWNER
from server.models import Account
from server.parts import Parts
from server.web.manage_facts import Json
from server.web.manage_room import Room
from server.web.manage_words import Say


def access(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    return "access", {}


ROOM = Room("access", access, OWNER)
