"""The journal of calls, and the page of each call."""

from __future__ import annotations

from collections.abc import Mapping

from server.acting import VIEWER
from server.models import Account
from server.parts import Parts
from server.web.manage_facts import Json
from server.web.manage_room import Room
from server.web.manage_words import Say


def calls(parts: Parts, account: Account, say: Say, query: Mapping[str, str]) -> tuple[str, Json]:
    return "calls", {}


ROOM = Room("calls", calls, VIEWER)
